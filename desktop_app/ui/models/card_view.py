"""A model's card: Markdown drawn like a reply in the transcript. Nothing remote is ever loaded."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop_app.core.conversation import Role
from desktop_app.ui.models.card_text import card_markdown
from desktop_app.ui.theme import Theme, ThemeManager
from desktop_app.ui.transcript.area import Area
from desktop_app.ui.transcript.column import Anchor
from desktop_app.ui.transcript.item import TranscriptItem
from desktop_app.ui.transcript.message_widget import MessageWidget
from desktop_app.ui.transcript.style import TranscriptStyle
from desktop_app.ui.transcript.view import TranscriptView


class CardWidget(MessageWidget):
    """The card in the place of a message: it can be read and copied, and nothing else be done with it."""

    def place_actions(self) -> None:
        """Have none."""

    def _name(self) -> None:
        super()._name()
        self.setAccessibleName(QCoreApplication.translate("CardView", "Card of the model"))


class CardView(TranscriptView):
    """Shows a card from its beginning.

    Links are told by ``link_activated``; pictures are their descriptions, and HTML is what it means in Markdown.
    """

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(themes, parent)
        self.setObjectName("modelCard")
        self.setAccessibleName(QCoreApplication.translate("CardView", "Card of the model"))
        self._shown = 0
        self.set_theme(themes.theme)

    def show_card(self, card: str) -> None:
        """Show a card, from its beginning."""
        self._shown += 1
        self.set_branch((TranscriptItem(self._shown, Role.ASSISTANT, card_markdown(card)),))
        self.scroll_to(Anchor(self._shown, -1, 0, self.column.style.px(24)))

    def set_theme(self, theme: Theme) -> None:
        """Take another theme. Long lines of code are wrapped: cards hold commands, not programs."""
        self.set_style(TranscriptStyle(theme, wraps_code=True))

    def refresh(self, anchor: Anchor | None = None) -> None:
        """Lay out what is on view, which never moves: a card does not grow at its end."""
        self._is_stuck = False
        super().refresh(anchor)

    def scroll_to_end(self) -> None:
        """Bring the end of the card to view."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _made_widget(self, area: Area) -> MessageWidget:
        widget = CardWidget(area, self.viewport())
        message_id = area.item.message_id
        self.widgets[message_id] = widget
        widget.focused.connect(lambda: self._on_focused(message_id))
        widget.pointed_at.connect(self._order_focus)
        self.connect_widget(widget)
        widget.show()
        return widget

    def _place_end_button(self) -> None:
        """Have none: the end of a card is nothing to go back to."""
        self._end_button.hide()
