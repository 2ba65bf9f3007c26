"""What else is known of a model: what it was made from, in which languages, and how open it is."""

import re
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.core.hub import HubDetails
from desktop_app.ui.figures import grouped
from desktop_app.ui.models import model_facts as facts
from desktop_app.ui.theme import Theme, ThemeManager

MOST_LANGUAGES = 14
BESIDE_FROM = 340
_ADDRESS = re.compile(r"https?://[^\s,<>\"']+")
_LONG = re.compile(r"\S{16,}")
_BREAKS = re.compile(r"(?<=[/_.-])(?=\w)|(?<=\w{20})(?=\w)")


class FactsList(QWidget):
    """Facts with what they are about; addresses can be followed.

    Signals:
        link_activated(str): an address.
    """

    link_activated = Signal(str)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    def show_details(self, details: HubDetails, hub: str) -> None:
        """Show what is known.

        Args:
            details: of a model.
            hub: the address of the Hub's website.
        """
        self._empty()
        self._add_section(self.tr("About this model"), self._about(details, hub))
        open_facts = [(self._openness_name(key), text) for key, text in details.openness if text]
        self._add_section(self.tr("How open it is, as its card states"), open_facts)
        if not open_facts:
            nothing = QLabel(self.tr("The card states nothing of its data, its code or how its weights may be used."))
            nothing.setObjectName("secondary")
            nothing.setWordWrap(True)
            self._column.addWidget(nothing)

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._column.setSpacing(theme.px(10))

    def _about(self, details: HubDetails, hub: str) -> list[tuple[str, str]]:
        model = details.model
        names = facts.language_names()
        languages = [names.get(code, code) for code in model.languages[:MOST_LANGUAGES]]
        if len(model.languages) > MOST_LANGUAGES:
            rest = str(len(model.languages) - MOST_LANGUAGES)
            languages.append(self.tr("{n} more").replace("{n}", rest))
        popular = self.tr("{n} downloads in the last 30 days, {likes} likes")
        popular = popular.replace("{n}", grouped(model.downloads)).replace("{likes}", grouped(model.likes))
        template = {
            True: self.tr("yes: it was made to chat"),
            False: self.tr("no: it continues texts rather than answering"),
        }
        made = [
            (self.tr("On the Hub"), f"{hub}/{model.repo}"),
            (self.tr("Made from"), ", ".join(f"{hub}/{one}" for one in details.base_models)),
            (self.tr("Languages"), ", ".join(languages)),
            (self.tr("Architecture"), details.architecture),
            (
                self.tr("Chat template"),
                template.get(details.has_template, "") if details.has_template is not None else "",
            ),
            (self.tr("Used by others"), popular),
            (self.tr("Updated"), self._updated(details)),
        ]
        return [(name, text) for name, text in made if text]

    def _updated(self, details: HubDetails) -> str:
        date = facts.date_text(details.model.modified)
        text = self.tr("{date}; everything here is as of commit {commit}")
        return text.replace("{date}", date).replace("{commit}", details.commit[:7])

    def _openness_name(self, key: str) -> str:
        names = {
            "weights": self.tr("Weights"),
            "data": self.tr("Data"),
            "paper": self.tr("Paper"),
            "code": self.tr("Code"),
        }
        return names.get(key, key)

    def _add_section(self, title: str, rows: list[tuple[str, str]]) -> None:
        heading = QLabel(title)
        heading.setObjectName("section")
        heading.setWordWrap(True)
        if self._column.count():
            self._column.addSpacing(self._themes.theme.px(8))
        self._column.addWidget(heading)
        grid = FactsGrid(self._themes)
        for name, text in rows:
            grid.add(name, self._made_value(name, text))
        self._column.addWidget(grid)

    def _made_value(self, name: str, text: str) -> QLabel:
        value = QLabel(linked_text(text))
        value.setObjectName("fact")
        value.setTextFormat(Qt.TextFormat.RichText)
        value.setWordWrap(True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        value.setOpenExternalLinks(False)
        value.linkActivated.connect(self.link_activated)
        value.setAccessibleName(f"{name}: {text}")
        if not _ADDRESS.search(text):
            value.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return value

    def _empty(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()


class FactsGrid(QWidget):
    """Names with their values beside them, or below them where there is no room."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._pairs: list[tuple[QLabel, QLabel]] = []
        self._is_wide: bool | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    def add(self, name: str, value: QLabel) -> None:
        """Add a value under a name."""
        label = QLabel(name)
        label.setObjectName("secondary")
        label.setWordWrap(True)
        self._pairs.append((label, value))
        self._is_wide = None
        self._place()

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._grid.setHorizontalSpacing(theme.px(16))
        self._grid.setVerticalSpacing(theme.px(6))
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the values beside their names or below them."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        wide = self.width() >= self._themes.theme.px(BESIDE_FROM)
        # One width for all lists of the page, so that what stands below one another is aligned.
        self._grid.setColumnMinimumWidth(0, self._themes.theme.px(112) if wide else 0)
        if wide == self._is_wide:
            return
        self._is_wide = wide
        for number, (label, value) in enumerate(self._pairs):
            self._grid.removeWidget(label)
            self._grid.removeWidget(value)
            if wide:
                self._grid.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
                self._grid.addWidget(value, number, 1)
            else:
                self._grid.addWidget(label, 2 * number, 0, 1, 2)
                self._grid.addWidget(value, 2 * number + 1, 0, 1, 2)
        self._grid.setColumnStretch(1, 1)


def linked_text(text: str) -> str:
    """Return a plain text as rich text, its web addresses as links that show where they lead, breakable anywhere."""
    pieces: list[str] = []
    position = 0
    for match in _ADDRESS.finditer(text):
        pieces.append(_breakable(text[position : match.start()]))
        shown = _breakable(match.group().partition("://")[2])
        pieces.append(f'<a href="{escape(match.group())}">{shown}</a>')
        position = match.end()
    return "".join((*pieces, _breakable(text[position:])))


def _breakable(text: str) -> str:
    """Escape a text, and let names too long for a narrow line break at their joints."""
    return escape(_LONG.sub(lambda match: _BREAKS.sub("\u200b", match.group()), text))
