"""A model's page: its files and its card under one line with its name, or why there is nothing to show yet."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core.downloads import Download
from desktop_app.core.errors import Problem
from desktop_app.core.hub import Choice, HubDetails
from desktop_app.core.model import ShelfModel
from desktop_app.services.host import Services
from desktop_app.ui.fields import ElidedLabel
from desktop_app.ui.figures import as_tooltip, grouped
from desktop_app.ui.models import model_facts as facts
from desktop_app.ui.models.card_view import CardView
from desktop_app.ui.models.details_page import DetailsPage
from desktop_app.ui.models.result_rows import Result
from desktop_app.ui.models.row_painting import joined
from desktop_app.ui.models.state_panel import StatePanel
from desktop_app.ui.theme import Theme, ThemeManager
from desktop_app.ui.transcript.editor import takes_escape

HUB = "https://huggingface.co"
WIDE = 640


class DetailsView(QWidget):
    """A model's page.

    Signals:
        asked(action): a callable that takes the services.
        back_requested, go_online_requested, downloads_requested: their button was pressed.
        link_activated(str): an address is to be shown, and opened in the browser.
    """

    asked = Signal(object)
    back_requested = Signal()
    go_online_requested = Signal()
    downloads_requested = Signal()
    link_activated = Signal(str)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._result: Result | None = None
        self._details: HubDetails | None = None
        self._online = False
        self._back = QPushButton(self.tr("‹ Discover"))
        self._back.setToolTip(self.tr("Back to the list (Esc)"))
        self._back.clicked.connect(self.back_requested)
        self.name = ElidedLabel()
        self.name.setObjectName("title")
        self.name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._about = ElidedLabel()
        self._about.setObjectName("secondary")
        self.switch = QPushButton()
        self.switch.clicked.connect(self._on_switch)
        self.state = StatePanel(themes)
        self.page = DetailsPage(themes)
        self.card = CardView(themes)
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    @property
    def repo(self) -> str:
        """The model on view; empty without one."""
        return self._result.repo if self._result is not None else ""

    @property
    def details(self) -> HubDetails | None:
        """What is known of the model on view; None until the Hub has told."""
        return self._details

    def open(self, result: Result) -> None:
        """Open a model's page; without connections it says how to get them."""
        self._result = result
        self._details = None
        self._name(result.name, joined(result.maker, result.licence))
        self._set_switch(shown=False)
        self._ask()  # offline too: what was opened before is still known

    def set_online(self, online: bool) -> None:
        """Take over whether connections are allowed; what could not be opened without them is opened now."""
        waited = online and not self._online and self._result is not None and self._details is None
        self._online = online
        if waited and self.isVisible():
            self._ask()

    def show_opened(self, repo: str, details: HubDetails | None, problem: Problem | None) -> None:
        """Show what the Hub tells of a model, or why it tells nothing; another model's answer comes too late."""
        if self._result is None or repo != self._result.repo:
            return
        if details is not None:
            self._show_details(self._result, details)
        elif problem is not None and (self._details is None or problem.code == "hub_gated"):
            self._show_problem(problem)

    def show_token(self, *, kept: bool, name: str, problem: Problem | None) -> None:
        """Say what became of a token; with a new one the page is asked for again."""
        self.page.terms.show_answer(kept=kept, name=name, problem=problem)
        repo = self.repo
        if problem is None and repo and self._online:
            self.asked.emit(lambda services: services.discover.open(repo))

    def focus_first(self) -> None:
        """Put the keyboard on what a person most likely wants here."""
        if self._stack.currentWidget() is self.page:
            self.page.focus_first()
        else:
            (self.state.buttons or (self._back,))[0].setFocus(Qt.FocusReason.TabFocusReason)

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._bar.setFixedHeight(theme.px(48))
        self._row.setContentsMargins(theme.px(8), 0, theme.px(8), 0)
        self._row.setSpacing(theme.px(10))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Move the facts onto the page where the line above it has no room."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Take Esc before the window's shortcuts do: it leads back to the list."""
        return takes_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.back_requested.emit()
        else:
            super().keyPressEvent(event)

    # What it shows

    def _ask(self) -> None:
        repo = self.repo
        if self._online:
            self.state.say(self.tr("Asking the Hub for its files…"), self._sentence)
            self._stack.setCurrentWidget(self.state)
        else:
            self._say_offline()
        self.asked.emit(lambda services: services.discover.open(repo))

    def _say_offline(self) -> None:
        self.state.say(
            self.tr("Its files are listed by the Hub, and Causerie is offline"),
            facts.going_online_text(),
            (self.tr("Go online"), self.go_online_requested.emit),
        )
        self._stack.setCurrentWidget(self.state)

    def _show_details(self, result: Result, details: HubDetails) -> None:
        again = self._details is not None
        self._details = details
        model = details.model
        about = joined(
            model.author,
            facts.licence_text(model.licence),
            self.tr("{n} parameters").replace("{n}", facts.parameters_text(details.parameters))
            if details.parameters
            else "",
            self.tr("{n} tokens of context").replace("{n}", grouped(details.context_length))
            if details.context_length
            else "",
        )
        self._name(model.name, about)
        hub = details.terms_url.removesuffix(f"/{model.repo}") or HUB
        self.page.show_details(details, about, result.sentence, hub)
        self.card.show_card(details.card)
        if again and self._stack.currentWidget() is self.card:
            return
        self._show(self.page)
        if not again and self.isVisible() and self._has_keyboard():
            self.page.focus_first()

    def _show_problem(self, problem: Problem) -> None:
        if problem.code == "hub_gated":
            self.page.show_locked(f"{HUB}/{self.repo}")
            self._stack.setCurrentWidget(self.page)
            return
        if problem.code == "hub_offline":
            self._say_offline()
            return
        text = " ".join(part for part in (problem.kept, problem.action) if part)
        self.state.say(problem.sentence, text, (self.tr("Try again"), self._ask), self._hub_action())
        self._stack.setCurrentWidget(self.state)

    def _hub_action(self) -> tuple[str, Callable[[], object]]:
        address = f"{HUB}/{self.repo}"
        return self.tr("Its page in the browser…"), lambda: self.link_activated.emit(address)

    @property
    def _sentence(self) -> str:
        return self._result.sentence if self._result is not None else ""

    def _name(self, name: str, about: str) -> None:
        self.name.setText(name)
        self.name.setToolTip(as_tooltip(self.repo))
        self._about.setText(about)
        self._about.setToolTip(as_tooltip(about))
        self.setAccessibleName(name)
        self._fit()

    def _has_keyboard(self) -> bool:
        focus = self.window().focusWidget()
        return focus is None or focus is self or self.isAncestorOf(focus)

    def _fit(self) -> None:
        wide = self.width() >= self._themes.theme.px(WIDE)
        beside = self._back.sizeHint().width() + self.switch.sizeHint().width() + 6 * self._row.spacing()
        named = self.name.sizeHint().width() <= self.width() - beside
        self.name.setVisible(named)
        self._about.setVisible(wide)
        self._filler.setVisible(not wide)
        self.page.show_heading("" if named else self.name.text(), about=not wide)

    # Between the files and the card

    def _show(self, widget: QWidget) -> None:
        self._stack.setCurrentWidget(widget)
        self._set_switch(shown=bool(self._details and self._details.card))

    def _set_switch(self, *, shown: bool) -> None:
        on_card = self._stack.currentWidget() is self.card
        self.switch.setText(self.tr("Files ›") if on_card else self.tr("Card ›"))
        tip = self.tr("What can be downloaded") if on_card else self.tr("What its maker says of the model")
        self.switch.setToolTip(tip)
        self.switch.setVisible(shown)

    def _on_switch(self) -> None:
        self._show(self.page if self._stack.currentWidget() is self.card else self.card)

    def _on_card_requested(self) -> None:
        self._show(self.card)
        self.card.setFocus(Qt.FocusReason.OtherFocusReason)

    # What is wanted

    def _on_wanted(self, choice: Choice) -> None:
        details = self._details
        if details is None:
            return
        title = details.model.name

        def add(services: Services) -> object:
            return services.downloads.add(details, choice, title)

        self.asked.emit(add)

    def _on_token(self, token: str) -> None:
        self.asked.emit(lambda services: services.discover.save_token(token))

    # How it is made

    def show_downloads(self, downloads: tuple[Download, ...]) -> None:
        """Take over the queue."""
        self.page.show_downloads(downloads)

    def show_shelf(self, models: tuple[ShelfModel, ...]) -> None:
        """Take over what is on this computer."""
        self.page.show_shelf(models)

    def _connect(self) -> None:
        self.page.wanted.connect(self._on_wanted)
        self.page.coming_chosen.connect(self.downloads_requested)
        self.page.card_requested.connect(self._on_card_requested)
        self.page.token_given.connect(self._on_token)
        self.page.link_activated.connect(self.link_activated)
        self.card.link_activated.connect(self.link_activated)

    def _lay_out(self) -> None:
        self._filler = QWidget()
        self._bar = QWidget()
        self._bar.setObjectName("header")
        self._bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._row = QHBoxLayout(self._bar)
        self._row.addWidget(self._back)
        self._row.addWidget(self.name)
        self._row.addWidget(self._about, 1)
        self._row.addWidget(self._filler, 1)
        self._row.addWidget(self.switch)
        for page in (self.state, self.page, self.card):
            self._stack.addWidget(page)
        # A page that is not on view would keep a small window from being small.
        self._stack.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._bar)
        layout.addWidget(self._stack, 1)
