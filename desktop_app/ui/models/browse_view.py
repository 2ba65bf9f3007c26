"""Where models are looked for: the search field, the filters, and the list of what was found."""

from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.errors import Problem
from desktop_app.core.hub import CatalogueEntry, HubQuery
from desktop_app.ui.models.browse_texts import Found, summary_text
from desktop_app.ui.models.discover_filters import FilterBar
from desktop_app.ui.models.flow_layout import FlowLayout
from desktop_app.ui.models.measured_scroll import MeasuredScroll
from desktop_app.ui.models.model_facts import day_text
from desktop_app.ui.models.offline_card import OfflineCard, OfflinePlace
from desktop_app.ui.models.result_painting import COLUMNS_FROM, ResultHeader, columns_of
from desktop_app.ui.models.result_rows import family_of, fitting_families, result_of
from desktop_app.ui.models.result_view import ResultView
from desktop_app.ui.models.state_panel import StatePanel
from desktop_app.ui.theme import Theme, ThemeManager

SEARCH_DELAY = 350
# Lower than this (at a zoom of 1), the filters fold away so that the list keeps some room.
FILTERS_FROM = 520
LEAST_LIST = 200


class BrowseView(QWidget):
    """Looks for models, in the catalogue or on the Hub.

    Signals:
        search_wanted(HubQuery): the Hub is to be searched.
        more_wanted: the end of what a search brought has come into view.
        opened(Result): a model's page is wanted.
        go_online_requested: the button of that name was pressed.
    """

    search_wanted = Signal(object)
    more_wanted = Signal()
    opened = Signal(object)
    go_online_requested = Signal()

    def __init__(self, themes: ThemeManager, language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._language = language
        self._online = False
        self._memory = 0
        self._entries: tuple[CatalogueEntry, ...] = ()
        self._day = ""
        self._asked: HubQuery | None = None  # of the Hub, last
        self._found: Found | None = None
        self._waits = self._wants_more = False
        self._timer = QTimer(self, singleShot=True, interval=SEARCH_DELAY)
        self._timer.timeout.connect(self._apply)
        self.offline_card = OfflineCard(themes)
        self._offline_place = OfflinePlace(themes, self.offline_card)
        self._scroll = MeasuredScroll(themes, 8, 4)
        self.search = QLineEdit()
        self.search.setObjectName("search")
        self.search.installEventFilter(self)
        self.catalogue_button = _made_source(self.tr("Worth knowing"), self.tr("Models that we picked by hand"))
        self.hub_button = _made_source(self.tr("On the Hub"), self.tr("All models of the Hugging Face Hub"))
        self.filters = FilterBar(themes, language)
        self.fold = QPushButton()
        self.fold.setObjectName("pill")
        self.fold.setCheckable(True)
        self.summary = QLabel()
        self.summary.setObjectName("hint")
        self.view = ResultView(themes)
        self.again = QPushButton(self.tr("Try again"))
        self.again.setObjectName("link")
        self.again.hide()
        self.header = ResultHeader(themes, lambda: self.view.viewport().width())
        self.state = StatePanel(themes)
        self._stack = QStackedWidget()
        self._lay_out()
        self._order_keys()
        self._connect()
        self._show_source(self.catalogue_button)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    @property
    def on_hub(self) -> bool:
        """Whether the Hub is searched, not the catalogue."""
        return self.hub_button.isChecked()

    # What it is told

    def set_online(self, online: bool) -> None:
        """Take over whether connections are allowed; with them, the Hub is searched."""
        if online == self._online:
            return
        self._online = online
        held = self.offline_card.isAncestorOf(self.window().focusWidget() or self)
        self._show_source(self.hub_button if online else self.catalogue_button)
        if held:
            self.search.setFocus()
        if self._found is None or self._found.problem is not None:
            self._asked = None  # what could not be told offline is asked again
        self._apply()

    def set_memory(self, memory_total: int) -> None:
        """Take over the memory of this computer, in bytes."""
        if memory_total != self._memory:
            self._memory = memory_total
            self._show()

    def show_catalogue(self, entries: tuple[CatalogueEntry, ...], day: str) -> None:
        """Take over the catalogue."""
        self._entries, self._day = entries, day
        self._show()

    def show_started(self, query: HubQuery) -> None:
        """Take over that the Hub is being searched."""
        if query == self._asked:
            self._waits = True
            self._show()

    def show_found(self, found: Found) -> None:
        """Take over what a search has brought; that of an earlier search comes too late."""
        if found.query == self._asked:
            self._waits = False
            self._wants_more = False
            self._found = found
            self._show()
            said = self.summary.text() or self.state.said
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))

    def focus_list(self) -> None:
        """Put the keyboard on the list, where it was."""
        if self._stack.currentWidget() is self.state:
            self.search.setFocus()
        else:
            self.view.focus_first()

    # What it shows

    def _show(self) -> None:
        if self.on_hub:
            self._show_hub()
        else:
            self._show_catalogue()
        self._fit_line()
        failed = self.on_hub and not self._waits and self._found is not None and self._found.problem is not None
        self.again.setVisible(failed and self._stack.currentWidget() is self.view)
        count = self.filters.count
        self.fold.setText(self.tr("Filters ({n})").replace("{n}", str(count)) if count else self.tr("Filters"))

    def _show_catalogue(self) -> None:
        query = self.filters.query(self.search.text())
        entries = fitting_families(self._entries, query, self._memory)
        self.view.show_results(tuple(family_of(one, self._language, self._memory) for one in entries))
        self.view.set_faded(False)
        if entries or not self._entries:
            text = self.tr("{n} families of models, picked by hand on {date}.")
            shown = text.replace("{n}", str(len(entries))).replace("{date}", day_text(self._day))
            self._show_in_stack(self.view)
            self.summary.setText(shown if self._entries else "")
            return
        self.summary.setText("")
        if self._online:
            self._say_nothing(self.tr("None of the models picked by hand is like that."))
        else:
            self._say_nothing(self.tr("None of the models picked by hand is like that. On the Hub there are more."))

    def _show_hub(self) -> None:
        found = self._found
        models = found.models if found is not None else ()
        if not models and (self._waits or found is None):
            self.summary.setText("")
            self.state.say(self.tr("Searching the Hub…"))
            self._show_in_stack(self.state)
            return
        if found is not None and not self._waits:
            if found.problem is not None and not models:
                self._say_problem(found.problem)
                return
            if not models:
                self.summary.setText("")
                self._say_nothing(self.tr("No model on the Hub is like that."))
                return
        self.view.show_results(tuple(result_of(one, self._memory) for one in models))
        self.view.set_faded(self._waits)
        self._show_in_stack(self.view)
        self.summary.setText(summary_text(found, waits=self._waits, comes=self._wants_more))

    def _say_nothing(self, text: str) -> None:
        clear = (self.tr("Clear the search"), self._clear)
        if not self.on_hub and self._online:
            self.state.say(self.tr("Nothing found"), text, (self.tr("Search the Hub"), self._search_hub), clear)
        else:
            self.state.say(self.tr("Nothing found"), text, clear)
        self._show_in_stack(self.state)

    def _say_problem(self, problem: Problem) -> None:
        self.summary.setText("")
        text = " ".join(part for part in (problem.kept, problem.action) if part)
        self.state.say(problem.sentence, text, (self.tr("Try again"), self._ask))
        self._show_in_stack(self.state)

    def _show_source(self, button: QPushButton) -> None:
        button.setChecked(True)
        self.filters.show_hub(self.on_hub)
        self._offline_place.setVisible(not self._online)
        for one in (self.catalogue_button, self.hub_button):
            one.setVisible(self._online)
            # One stop for Tab, as Qt has it once the group has had the keyboard; the arrow keys change between them.
            one.setFocusPolicy(Qt.FocusPolicy.StrongFocus if one is button else Qt.FocusPolicy.ClickFocus)
        self._fit()
        hint = self.tr("Search the Hub") if self.on_hub else self.tr("Search these models")
        self.search.setPlaceholderText(hint)
        self.search.setAccessibleName(hint)
        name = self.tr("Models on the Hub") if self.on_hub else self.tr("Models worth knowing")
        self.view.setAccessibleName(name)

    # What a person does

    def _apply(self) -> None:
        """Look for what is asked for now."""
        self._timer.stop()
        if self.on_hub and self.filters.query(self.search.text()) != self._asked:
            self._ask()
        else:
            self._show()

    def _ask(self) -> None:
        self._asked = self.filters.query(self.search.text())
        self._waits = True
        self._wants_more = False
        self.search_wanted.emit(self._asked)
        self._show()

    def _on_end_reached(self) -> None:
        found = self._found
        # A page that failed is asked for again when the person asks, not whenever the list is at its end.
        if self.on_hub and found is not None and found.more and found.problem is None and not self._waits:
            self._ask_more()

    def _ask_more(self) -> None:
        if not self._wants_more:
            self._wants_more = True
            self.again.hide()
            self.summary.setText(summary_text(self._found, waits=False, comes=True))
            self.more_wanted.emit()

    def _on_source(self) -> None:
        self._show_source(self.hub_button if self.on_hub else self.catalogue_button)
        self._apply()

    def _search_hub(self) -> None:
        self._show_source(self.hub_button)
        self.search.setFocus()
        self._apply()

    def _clear(self) -> None:
        self.search.clear()
        self.filters.clear()
        self.search.setFocus()
        self._apply()

    def _on_search_from_list(self, text: str) -> None:
        self.search.setFocus(Qt.FocusReason.BacktabFocusReason if not text else Qt.FocusReason.OtherFocusReason)
        if text:
            self.search.setCursorPosition(len(self.search.text()))
            self.search.insert(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter searches at once, Down leads to the list, Esc empties the field."""
        if watched is not self.search or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        escapes = event.key() == Qt.Key.Key_Escape and bool(self.search.text())
        if event.type() == QEvent.Type.ShortcutOverride and escapes:
            event.accept()  # before the window's own Esc
            return True
        if event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._apply()
                return True
            if event.key() == Qt.Key.Key_Down and self.view.list.rowCount():
                self.focus_list()
                return True
            if escapes:
                self.search.clear()
                return True
        return super().eventFilter(watched, event)

    # How it is made

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold and turn what has no room."""
        super().resizeEvent(event)
        self._fit()

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._scroll.column.setSpacing(theme.px(8))
        self._top.setSpacing(theme.px(8))
        self._sources.setSpacing(theme.px(4))
        self._tail.setSpacing(theme.px(12))
        self._fit()

    def _fit(self) -> None:
        theme = self._themes.theme
        wide = self.width() >= theme.px(COLUMNS_FROM)
        self._top.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        roomy = wide and self.height() >= theme.px(FILTERS_FROM)
        self.fold.setVisible(not roomy)
        self._sources_holder.setVisible(self._online or not roomy)
        self.filters.setVisible(roomy or self.fold.isChecked())
        least = min(theme.px(LEAST_LIST), max(theme.px(80), self.height() - theme.px(24)))
        self._stack.setMinimumHeight(least)
        self._fit_line()

    def _fit_line(self) -> None:
        listed = self.on_hub and self._stack.currentWidget() is self.view
        theme = self._themes.theme
        self.header.setVisible(listed and columns_of(self.view.width(), theme) is not None)
        beside = self._tail.sizeHint().width() + theme.px(160) <= self.view.width()
        self._line.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    def _show_in_stack(self, widget: QWidget) -> None:
        """Show the list, or what is said instead; the keyboard never stays on what is hidden."""
        held = self.view.hasFocus() or self.state.has_keyboard
        if held and widget is not self._stack.currentWidget():
            self.search.setFocus()
        self._stack.setCurrentWidget(widget)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._timer.start)
        self._group.buttonClicked.connect(self._on_source)
        self.filters.changed.connect(self._apply)
        self.offline_card.go_online_requested.connect(self.go_online_requested)
        self.fold.toggled.connect(self._fit)
        self.view.chosen.connect(self.opened)
        self.again.clicked.connect(self._ask_more)
        self.view.end_reached.connect(self._on_end_reached)
        self.view.search_wanted.connect(self._on_search_from_list)
        self.view.verticalScrollBar().rangeChanged.connect(lambda: self.header.update())

    def _order_keys(self) -> None:
        """Let Tab follow what is read."""
        chain: list[QWidget] = [self.search, self.catalogue_button, self.hub_button, self.fold, *self.filters.fields]
        for one, following in pairwise((*chain, self.again, self.filters.clear_button, self.filters.sort, self.view)):
            QWidget.setTabOrder(one, following)

    def _lay_out(self) -> None:
        self._group = QButtonGroup(self)
        self._sources_holder = QWidget()
        self._sources = FlowLayout(self._sources_holder)
        for button in (self.catalogue_button, self.hub_button):
            self._group.addButton(button)
            self._sources.addWidget(button)
        self._sources.addWidget(self.fold)
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.addWidget(self.search, 1)
        self._top.addWidget(self._sources_holder, 0, Qt.AlignmentFlag.AlignVCenter)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.state)
        self.summary.setWordWrap(True)
        tail = QWidget()
        self._tail = FlowLayout(tail)
        for widget in (self.again, self.filters.clear_button, self.filters.sort):
            self._tail.addWidget(widget)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.addWidget(self.summary, 1)
        self._line.addWidget(tail, 0, Qt.AlignmentFlag.AlignVCenter)
        listed = QVBoxLayout()
        listed.setSpacing(0)
        listed.addWidget(self.header)
        listed.addWidget(self._stack, 1)
        column = self._scroll.column
        column.addWidget(self._offline_place)
        column.addLayout(self._top)
        column.addWidget(self.filters)
        column.addLayout(self._line)
        column.addLayout(listed, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)


def _made_source(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName("segment")
    button.setCheckable(True)
    button.setToolTip(tip)
    return button
