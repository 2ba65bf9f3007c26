"""The models page: what the Hub offers, what is on this computer, and what is on its way."""

from collections.abc import Callable
from typing import Protocol, cast

from PySide6.QtCore import QLocale, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.downloads import DownloadState
from desktop_app.services.download_events import DownloadsListed
from desktop_app.services.events import ComputerDescribed, Event, ModelChanged, ModelsListed
from desktop_app.services.hub_events import BandwidthMeasured, CatalogueListed, OnlineChanged
from desktop_app.ui.fields import ChoiceField
from desktop_app.ui.models import DISCOVER, DOWNLOADS, SECTIONS, SHELF
from desktop_app.ui.theme import Theme, ThemeManager

MEASURE = 920
# A page of fewer pixels has no line to spare for its title: the row of sections says where one is.
TITLED_FROM = 480

# What goes on being so after it has been told: a section that is made later hears it then.
_LASTING = (
    BandwidthMeasured,
    CatalogueListed,
    ComputerDescribed,
    DownloadsListed,
    ModelChanged,
    ModelsListed,
    OnlineChanged,
)


class Section(Protocol):
    """What a section of the page can do besides being a widget with a signal ``asked``."""

    def hear(self, event: Event) -> None:
        """Take over what the services tell."""

    def shown(self) -> None:
        """Come into view."""


class SectionRow(QWidget):
    """The names of the sections in a row, or as a field to choose from where the row has no room.

    Signals:
        chosen(name): the person wants a section.
    """

    chosen = Signal(str)

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        self._texts = {
            DISCOVER: self.tr("Discover"),
            SHELF: self.tr("On this computer"),
            DOWNLOADS: self.tr("Downloads"),
        }
        tips = {
            DISCOVER: self.tr("Find models on the Hub (Ctrl+1)"),
            SHELF: self.tr("The models that are here (Ctrl+2)"),
            DOWNLOADS: self.tr("What is on its way (Ctrl+3)"),
        }
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QPushButton] = {}
        self.choice = ChoiceField()
        self.choice.setAccessibleName(self.tr("Section of the models page"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        for name, text in self._texts.items():
            button = QPushButton(text)
            button.setObjectName("segment")
            button.setCheckable(True)
            button.setToolTip(tips[name])
            button.clicked.connect(lambda _checked, name=name: self.chosen.emit(name))
            self._group.addButton(button)
            self._row.addWidget(button)
            self.buttons[name] = button
            self.choice.addItem(text, name)
        self._row.addWidget(self.choice, 1)
        self._row.addStretch()
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)  # else the names would keep the page from being narrow
        self.setSizePolicy(policy)
        self.choice.activated.connect(lambda _index: self.chosen.emit(self.choice.currentData()))
        self.choice.hide()
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    def mark(self, name: str) -> None:
        """Mark the section on view."""
        self.buttons[name].setChecked(True)
        with QSignalBlocker(self.choice):
            self.choice.setCurrentIndex(SECTIONS.index(name))

    def set_count(self, count: int) -> None:
        """Show how many downloads are not done."""
        text = self._texts[DOWNLOADS] + (f" ({count})" if count else "")
        self.buttons[DOWNLOADS].setText(text)
        self.choice.setItemText(SECTIONS.index(DOWNLOADS), text)
        self._fit()

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._row.setSpacing(theme.px(4))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Change between the row and the field."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        wanted = sum(button.sizeHint().width() + self._row.spacing() for button in self.buttons.values())
        roomy = wanted <= self.width()
        held = any(button.hasFocus() for button in self.buttons.values()) or self.choice.hasFocus()
        if self.choice.isHidden() == roomy:
            return
        for button in self.buttons.values():
            button.setVisible(roomy)
        self.choice.setVisible(not roomy)
        if held:
            checked = self._group.checkedButton()
            (checked if roomy and checked is not None else self.choice).setFocus()


class ModelsPage(QWidget):
    """The page. Its sections are made when they are first shown.

    Signals:
        closed: the person wants to go back to the conversation;
        asked(callable): something for the services to do, called with ``Services``;
        load_requested(ShelfModel), cancel_load_requested; file_chosen(path): load a file from anywhere;
        chat_requested(path): load it and go to the conversation;
        limit_changed(int): the downloads' speed limit in MB/s; online_requested: connections are to be allowed;
        connections_requested, token_requested: the windows about the network are to be shown.
    """

    closed = Signal()
    asked = Signal(object)
    load_requested = Signal(object)
    cancel_load_requested = Signal()
    file_chosen = Signal(str)
    chat_requested = Signal(str)
    limit_changed = Signal(int)
    online_requested = Signal()
    connections_requested = Signal()
    token_requested = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._themes = themes
        self._sections: dict[str, QWidget] = {}
        self._lasting: dict[type[Event], Event] = {}
        self._limit: int | None = None
        self._current = ""
        self.back_button = QPushButton(self.tr("‹ Conversation"))
        self.back_button.setToolTip(self.tr("Back to the conversation (Esc)"))
        self.back_button.clicked.connect(self.closed)
        self._title = QLabel(self.tr("Models"))
        self._title.setObjectName("pageTitle")
        self.setAccessibleName(self._title.text())
        self.row = SectionRow(themes)
        self.row.chosen.connect(self.show_section)
        self._stack = QStackedWidget()
        self._lay_out()
        for number, name in enumerate(SECTIONS, start=1):
            keys = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            keys.activated.connect(lambda name=name: self.show_section(name))
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    @property
    def current(self) -> str:
        """The name of the section on view; empty before any was shown."""
        return self._current

    def section(self, name: str) -> QWidget:
        """Return a section; it is made if need be."""
        return self._sections.get(name) or self._made(name)

    def show_section(self, name: str = "") -> None:
        """Show a section by name; an empty name shows the one that was on view last.

        One that is still to be made is shown in a later turn of the event loop: all at once takes 60 ms and more.
        """
        name = name or self._current or SHELF
        self._current = name
        self.row.mark(name)
        if name in self._sections:
            self._present(name)
        else:
            QTimer.singleShot(0, self, lambda: self._prepare(name))

    def hear(self, event: Event) -> None:
        """Hand on what the services tell."""
        if isinstance(event, _LASTING):
            self._lasting[type(event)] = event
        if isinstance(event, DownloadsListed):
            self.row.set_count(sum(one.state is not DownloadState.DONE for one in event.downloads))
        for section in tuple(self._sections.values()):
            cast("Section", section).hear(event)

    def show_limit(self, megabytes_per_second: int) -> None:
        """Show the speed limit of the settings."""
        self._limit = megabytes_per_second
        section = self._sections.get(DOWNLOADS)
        if section is not None:
            cast("_Limited", section).show_limit(megabytes_per_second)

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._column.setMaximumWidth(theme.px(MEASURE))
        self._head.setSpacing(theme.px(8))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the room of a small page to what is on it."""
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        self._top = QHBoxLayout()
        self._top.addWidget(self.back_button)
        self._top.addStretch()
        self._column = QWidget()
        self._head = QVBoxLayout(self._column)
        self._head.setContentsMargins(0, 0, 0, 0)
        self._head.addWidget(self._title)
        self._head.addWidget(self.row)
        self._outer = QHBoxLayout()
        self._outer.addStretch(1)
        self._outer.addWidget(self._column, 100)
        self._outer.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._top)
        layout.addLayout(self._outer)
        layout.addWidget(self._stack, 1)

    def _fit(self) -> None:
        theme = self._themes.theme
        beside = min(theme.px(32), self.width() // 20)
        self._top.setContentsMargins(min(theme.px(12), beside), theme.px(10), beside, 0)
        self._outer.setContentsMargins(beside, theme.px(8), beside, theme.px(8))
        self._title.setVisible(self.height() >= theme.px(TITLED_FROM))

    def _prepare(self, name: str) -> None:
        """Make a section, and show it in the turn after."""
        if name == self._current:
            self.section(name)
            QTimer.singleShot(0, self, lambda: self._present(name))

    def _present(self, name: str) -> None:
        if name == self._current:
            section = self.section(name)
            self._stack.setCurrentWidget(section)
            cast("Section", section).shown()

    def _made(self, name: str) -> QWidget:
        make: dict[str, Callable[[], QWidget]] = {
            DISCOVER: self._made_discover,
            SHELF: self._made_shelf,
            DOWNLOADS: self._made_downloads,
        }
        section = self._sections[name] = make[name]()
        self._stack.addWidget(section)
        for event in tuple(self._lasting.values()):
            cast("Section", section).hear(event)
        return section

    def _made_discover(self) -> QWidget:
        from desktop_app.ui.models.discover_section import DiscoverSection

        section = DiscoverSection(self._themes, QLocale().name().partition("_")[0])
        section.asked.connect(self.asked)
        section.go_online_requested.connect(self.online_requested)
        section.downloads_requested.connect(lambda: self.show_section(DOWNLOADS))
        section.connections_requested.connect(self.connections_requested)
        return section

    def _made_shelf(self) -> QWidget:
        from desktop_app.ui.models.shelf_section import ShelfSection

        section = ShelfSection(self._themes)
        section.asked.connect(self.asked)
        section.load_requested.connect(self.load_requested)
        section.cancel_load_requested.connect(self.cancel_load_requested)
        section.file_chosen.connect(self.file_chosen)
        section.discover_requested.connect(lambda: self.show_section(DISCOVER))
        return section

    def _made_downloads(self) -> QWidget:
        from desktop_app.ui.models.downloads_section import DownloadsSection

        section = DownloadsSection(self._themes)
        section.asked.connect(self.asked)
        section.chat_requested.connect(self.chat_requested)
        section.discover_requested.connect(lambda: self.show_section(DISCOVER))
        section.limit_changed.connect(self.limit_changed)
        section.token_requested.connect(self.token_requested)
        if self._limit is not None:
            section.show_limit(self._limit)
        return section


class _Limited(Protocol):
    def show_limit(self, megabytes_per_second: int) -> None: ...
