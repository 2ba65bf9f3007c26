"""A model's files on one page: what to take, all there is to choose from, and what is known of the model."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.core.downloads import Download
from desktop_app.core.hub import Choice, HubDetails
from desktop_app.core.model import ShelfModel
from desktop_app.ui.figures import size_text
from desktop_app.ui.models.card_text import teaser
from desktop_app.ui.models.choice_painting import ChoiceHeader
from desktop_app.ui.models.choice_rows import ChoiceRow, common_projector, rows_of, standing_rows
from desktop_app.ui.models.choice_view import ChoiceView
from desktop_app.ui.models.facts_list import FactsList
from desktop_app.ui.models.measured_scroll import MeasuredScroll
from desktop_app.ui.models.offer_card import OfferCard
from desktop_app.ui.models.terms_box import TermsBox
from desktop_app.ui.theme import Theme, ThemeManager

READABLE = 680


class DetailsPage(MeasuredScroll):
    """What there is of a model.

    Signals:
        wanted(Choice), coming_chosen: a download is to begin, or to be shown.
        card_requested: the whole card is to be shown.
        link_activated(str): an address.
        token_given(str): a token is to be kept.
    """

    wanted = Signal(object)
    coming_chosen = Signal()
    card_requested = Signal()
    link_activated = Signal(str)
    token_given = Signal(str)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(themes, 20, 24, parent)
        self._rows: list[ChoiceRow] = []
        self._repo = ""
        self._memory = 0
        self._bandwidth = 0.0
        self._shown: tuple[list[ChoiceRow], int] | None = None
        self._details: HubDetails | None = None
        self._asked: set[str] = set()
        self._downloads: tuple[Download, ...] = ()
        self._shelf: tuple[ShelfModel, ...] = ()
        self.name = QLabel()
        self.name.setObjectName("title")
        self.about = QLabel()
        self.about.setObjectName("secondary")
        self.teaser = QLabel()
        self.terms = TermsBox(themes)
        self.offer = OfferCard(themes)
        self.header = ChoiceHeader(themes)
        self.choices = ChoiceView(themes)
        self.facts = FactsList(themes)
        self._note = QLabel()
        self._note.setObjectName("hint")
        self._read = QPushButton(self.tr("Read the card ›"))
        self._read.setObjectName("link")
        for label in (self.name, self.about, self.teaser, self._note):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._lay_out()
        self._connect()
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    def show_details(self, details: HubDetails, about: str, sentence: str, hub: str) -> None:
        """Show a model.

        Args:
            details: of the model.
            about: its facts in one line, for where the line above the page has no room for them.
            sentence: what the catalogue says of it; empty when it says nothing.
            hub: the address of the Hub's website.
        """
        self._details = details
        self._repo = details.model.repo
        self._asked.clear()
        self.about.setText(about)
        words = sentence or teaser(details.card)
        self.teaser.setText(words)
        self.teaser.setVisible(bool(words))
        self._read.setVisible(bool(details.card))
        for widget in (self.offer, self.facts):
            widget.show()
        self.terms.setVisible(bool(details.terms_url))
        if details.terms_url:
            self.terms.ask(details.terms_url, by_hand=details.model.gated == "manual")
        self.facts.show_details(details, hub)
        self._note.setText(self._note_text(details))
        self._make_rows()
        self.verticalScrollBar().setValue(0)

    def show_locked(self, address: str) -> None:
        """Show only how a model can be reached that tells nothing before its terms are accepted."""
        self._details = None
        for widget in (self.teaser, self._read, self.offer, self.facts):
            widget.hide()
        self.terms.show()
        self.terms.ask(address, by_hand=False)
        self._make_rows()

    def set_memory(self, memory_total: int) -> None:
        """Take over the memory of this computer, in bytes."""
        if memory_total != self._memory:
            self._memory = memory_total
            self._make_rows()

    def set_bandwidth(self, bandwidth: float) -> None:
        """Take over how fast this computer reads its memory, in bytes per second."""
        if bandwidth != self._bandwidth:
            self._bandwidth = bandwidth
            self._make_rows()

    def show_heading(self, name: str, *, about: bool) -> None:
        """Show what has no room in the line above the page: the model's name, unless it is empty, and its facts."""
        self.name.setText(name)
        self.name.setVisible(bool(name))
        self.about.setVisible(about)

    def show_downloads(self, downloads: tuple[Download, ...]) -> None:
        """Take over the queue."""
        self._downloads = downloads
        self._asked -= {one.files[0].path for one in downloads if one.repo == self._repo and one.files}
        self._show_standing()

    def show_shelf(self, models: tuple[ShelfModel, ...]) -> None:
        """Take over what is on this computer."""
        self._shelf = models
        self._show_standing()

    def forget_asked(self) -> None:
        """Forget what was asked for and is not in the queue: it was refused."""
        self._asked.clear()
        self._show_standing()

    def focus_first(self) -> None:
        """Put the keyboard on what a person most likely wants."""
        usable = self.offer.button.isVisible() and self.offer.button.isEnabled()
        target = self.terms.field if self._details is None else self.offer.button if usable else self.choices
        target.setFocus(Qt.FocusReason.TabFocusReason)

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self.column.setSpacing(theme.px(16))
        self._words.setSpacing(theme.px(6))
        for label in (self.teaser, self._note):
            label.setMaximumWidth(theme.px(READABLE))

    def _note_text(self, details: HubDetails) -> str:
        note = self.tr(
            "Bits are for each weight of the model: with fewer, the file is smaller and the answers are coarser. "
            "Whether it fits is a rule of thumb: a file may take two thirds of the memory. "
            "The speed is predicted from how fast this computer reads its memory (± 30 %)."
        )
        projector = common_projector(details.choices)
        if projector is None:
            return note
        pictures = self.tr("Each of them sees pictures, + {size}.")
        return f"{pictures.replace('{size}', size_text(projector.size))} {note}"

    def _make_rows(self) -> None:
        self._rows = rows_of(self._details, self._memory, self._bandwidth) if self._details is not None else []
        self._show_standing()

    def _show_standing(self) -> None:
        rows = standing_rows(self._rows, self._repo, self._downloads, self._shelf, self._asked)
        if (rows, self._memory) == self._shown:
            return  # the queue tells five times a second
        self._shown = (rows, self._memory)
        self.choices.show_rows(rows)
        self.header.follow(self.choices.delegate)
        for widget in (self.header, self.choices, self._note):
            widget.setVisible(bool(rows))
        self.offer.show_rows(tuple(rows), self._memory)

    def _on_wanted(self, choice: Choice) -> None:
        self._asked.add(choice.files[0].path)
        self._show_standing()
        self.wanted.emit(choice)

    def _on_row_shown(self, place: QRect) -> None:
        middle = self.choices.mapTo(self.content, place.center())
        self.ensureVisible(middle.x(), middle.y(), 0, place.height())

    def _lay_out(self) -> None:
        table = QVBoxLayout()
        table.setSpacing(0)
        table.addWidget(self.header)
        table.addWidget(self.choices)
        words = QVBoxLayout()
        words.addWidget(self.name)
        words.addWidget(self.about)
        words.addLayout(_narrowed(self.teaser))
        words.addWidget(self._read, 0, Qt.AlignmentFlag.AlignLeft)
        self._words = words
        self.column.addLayout(words)
        self.column.addWidget(self.terms)
        self.column.addWidget(self.offer)
        self.column.addLayout(table)
        self.column.addLayout(_narrowed(self._note))
        self.column.addWidget(self.facts)
        self.column.addStretch()

    def _connect(self) -> None:
        for source in (self.offer, self.choices):
            source.wanted.connect(self._on_wanted)
            source.coming_chosen.connect(self.coming_chosen)
        self.choices.row_shown.connect(self._on_row_shown)
        self.terms.terms_requested.connect(self.link_activated)
        self.terms.token_given.connect(self.token_given)
        self.facts.link_activated.connect(self.link_activated)
        self._read.clicked.connect(self.card_requested)


def _narrowed(label: QLabel) -> QHBoxLayout:
    """Return a row that lets a label be as narrow as its maximum: a column would ask it for too few lines."""
    row = QHBoxLayout()
    row.addWidget(label, 100)
    row.addStretch(1)
    return row
