"""What stands above the catalogue while nothing is sent to anyone: what going online means, and the button for it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop_app.ui.models.model_facts import going_online_text
from desktop_app.ui.models.offer_card import SideCard
from desktop_app.ui.theme import Theme, ThemeManager


class OfflineCard(SideCard):
    """Offers to go online.

    Signals:
        go_online_requested: connections are to be allowed.
    """

    go_online_requested = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(themes, parent)
        self.heading.setText(self.tr("Causerie is offline"))
        self.sentence.setText(going_online_text())
        self.button = QPushButton(self.tr("Go online"))
        self.button.setObjectName("primary")
        self.button.clicked.connect(self.go_online_requested)
        self.row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


class OfflinePlace(QWidget):
    """Where the card stands, with free room below it that goes when the card does."""

    def __init__(self, themes: ThemeManager, card: OfflineCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.addWidget(card)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._column.setContentsMargins(0, 0, 0, theme.px(8))
