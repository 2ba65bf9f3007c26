"""Discover: models to be found in the catalogue or on the Hub, each with a page of its own."""

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core.hub import HubQuery
from desktop_app.services.download_events import DownloadFailed, DownloadsListed
from desktop_app.services.events import ComputerDescribed, Event, ModelsListed, Noticed
from desktop_app.services.host import Services
from desktop_app.services.hub_events import (
    BandwidthMeasured,
    CatalogueListed,
    HubModelOpened,
    HubSearched,
    OnlineChanged,
    SearchStarted,
    TokenKept,
)
from desktop_app.ui.fields import ElidedLabel
from desktop_app.ui.links import open_link
from desktop_app.ui.models.browse_texts import Found
from desktop_app.ui.models.browse_view import BrowseView
from desktop_app.ui.models.details_view import DetailsView
from desktop_app.ui.models.discover_style import discover_sheet
from desktop_app.ui.models.result_rows import Result
from desktop_app.ui.theme import Theme, ThemeManager


class OnlineDot(QWidget):
    """A dot: full while connections are allowed, a ring while they are not."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._online = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        themes.changed.connect(lambda _theme: self.updateGeometry())

    def set_online(self, online: bool) -> None:
        """Be full or a ring."""
        self._online = online
        self.update()

    def sizeHint(self) -> QSize:
        """Return the dot's size."""
        side = self._themes.theme.px(8)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dot."""
        palette = self._themes.theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._online:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.note))
            painter.drawEllipse(self.rect())
            return
        width = self._themes.theme.zoom * 1.5
        painter.setPen(QPen(QColor(palette.hint), width))
        half = width / 2
        painter.drawEllipse(self.rect().toRectF().adjusted(half, half, -half, -half))


class StatusLine(QWidget):
    """The line at the foot: whether connections are allowed, and the way to the log of all that were made.

    Signals:
        log_requested: the log is to be shown.
    """

    log_requested = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("foot")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._dot = OnlineDot(themes)
        self._text = ElidedLabel()
        self._text.setObjectName("secondary")
        log = QPushButton(self.tr("log ›"))
        log.setObjectName("link")
        log.setToolTip(self.tr("Every connection that Causerie has made"))
        log.setAccessibleName(self.tr("Log of connections"))
        log.clicked.connect(self.log_requested)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._dot)
        self._row.addWidget(self._text, 1)
        self._row.addWidget(log)
        self.set_online(False)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    @property
    def said(self) -> str:
        """What is said."""
        return self._text.text()

    def set_online(self, online: bool) -> None:
        """Say whether connections are allowed."""
        self._dot.set_online(online)
        text = self.tr("Online for Discover") if online else self.tr("Offline: nothing is sent to anyone")
        self._text.setText(text)
        self._text.setToolTip(text)

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._row.setContentsMargins(theme.px(16), 0, theme.px(16), 0)
        self._row.setSpacing(theme.px(8))
        self.setFixedHeight(theme.px(32))


class DiscoverSection(QWidget):
    """The section of the models page in which models are found.

    Signals:
        asked(action): a callable that takes the services.
        go_online_requested: connections are to be allowed.
        downloads_requested, connections_requested: the downloads, or the log of connections, are to be shown.
    """

    asked = Signal(object)
    go_online_requested = Signal()
    downloads_requested = Signal()
    connections_requested = Signal()

    def __init__(self, themes: ThemeManager, language: str, parent: QWidget | None = None) -> None:
        """Make the section.

        Args:
            themes: colours and sizes.
            language: of the window, such as ``"fr"``: the catalogue's sentences are in it.
            parent: as Qt has it.
        """
        super().__init__(parent)
        self._was_shown = False
        self._online = False
        self.browse = BrowseView(themes, language)
        self.details = DetailsView(themes)
        self.status = StatusLine(themes)
        self._stack = QStackedWidget()
        self._stack.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._stack.addWidget(self.browse)
        self._stack.addWidget(self.details)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.status)
        self._connect()
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    @property
    def on_details(self) -> bool:
        """Whether a model's page is on view."""
        return self._stack.currentWidget() is self.details

    def shown(self) -> None:
        """Come into view: the first time, what can be told without the network is asked for."""
        if self._was_shown:
            return
        self._was_shown = True
        self.asked.emit(_first_look)

    def hear(self, event: Event) -> None:
        """Take over what the services tell."""
        match event:
            case OnlineChanged():
                self._set_online(event.online)
            case CatalogueListed():
                self.browse.show_catalogue(event.entries, event.day)
            case SearchStarted():
                self.browse.show_started(event.query)
            case HubSearched():
                self.browse.show_found(Found(event.query, event.models, event.more, event.problem))
            case HubModelOpened():
                self.details.show_opened(event.repo, event.details, event.problem)
            case TokenKept():
                self.details.show_token(kept=event.kept, name=event.name, problem=event.problem)
            case _:
                self._hear_of_this_computer(event)

    def apply_theme(self, theme: Theme) -> None:
        """Take over colours and sizes."""
        self.setStyleSheet(discover_sheet(theme))

    def _hear_of_this_computer(self, event: Event) -> None:
        match event:
            case DownloadsListed():
                self.details.show_downloads(event.downloads)
            case ModelsListed():
                self.details.show_shelf(event.models)
            case ComputerDescribed():
                self.browse.set_memory(event.hardware.memory_total)
                self.details.page.set_memory(event.hardware.memory_total)
            case BandwidthMeasured():
                self.details.page.set_bandwidth(event.bandwidth)
            case Noticed() | DownloadFailed():
                self.details.page.forget_asked()

    def _set_online(self, online: bool) -> None:
        if online == self._online:
            return
        self._online = online
        self.status.set_online(online)
        self.browse.set_online(online)
        self.details.set_online(online)

    def _open(self, result: Result) -> None:
        self._stack.setCurrentWidget(self.details)
        self.details.open(result)
        self.details.focus_first()

    def _back(self) -> None:
        self._stack.setCurrentWidget(self.browse)
        self.browse.focus_list()

    def _search(self, query: HubQuery) -> None:
        self.asked.emit(lambda services: services.discover.search(query))

    def _connect(self) -> None:
        self.browse.search_wanted.connect(self._search)
        self.browse.more_wanted.connect(lambda: self.asked.emit(lambda services: services.discover.more()))
        self.browse.opened.connect(self._open)
        self.browse.go_online_requested.connect(self.go_online_requested)
        self.details.asked.connect(self.asked)
        self.details.back_requested.connect(self._back)
        self.details.go_online_requested.connect(self.go_online_requested)
        self.details.downloads_requested.connect(self.downloads_requested)
        self.details.link_activated.connect(partial(open_link, self))
        self.status.log_requested.connect(self.connections_requested)


def _first_look(services: Services) -> None:
    """Have the catalogue told, and what is on its way."""
    services.discover.catalogue()
    services.downloads.list()
