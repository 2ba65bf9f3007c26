"""What is on its way: the queue of downloads, with what it still needs and what the drive has free."""

import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from desktop_app.core.downloads import Download, DownloadState
from desktop_app.services.download_events import DownloadsListed
from desktop_app.services.events import Event
from desktop_app.services.host import Services
from desktop_app.services.hub_events import OnlineChanged
from desktop_app.ui.bridge import Bridge
from desktop_app.ui.dialogs import scrolled
from desktop_app.ui.links import open_link
from desktop_app.ui.models.download_card import DownloadCard
from desktop_app.ui.models.downloads_header import DownloadsHeader
from desktop_app.ui.models.no_downloads import NoDownloads
from desktop_app.ui.theme import Theme, ThemeManager

MEASURE = 920
SCROLL_BAR = 12  # as the style sheet has it
ROOM_SECONDS = 5.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _RoomMeasured(Event):
    """What is free on the drive of the shelf, in bytes."""

    free: int


@dataclass(frozen=True)
class _PathFound(Event):
    """Where the file of a finished download lies."""

    path: str


class DownloadsSection(QWidget):
    """The queue of downloads.

    Signals:
        asked(callable): something for the services to do, called with ``Services``.
        count_changed(int): how many downloads are not done.
        chat_requested(path): the person wants to talk with a model that has arrived.
        discover_requested: the person wants to find one.
        limit_changed(int): the speed limit in MB/s, 0 for none.
        token_requested: a download needs a token of the Hub.
    """

    asked = Signal(object)
    count_changed = Signal(int)
    chat_requested = Signal(str)
    discover_requested = Signal()
    limit_changed = Signal(int)
    token_requested = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._downloads: tuple[Download, ...] = ()
        self._shown: tuple[Download, ...] = ()
        self._cards: dict[int, DownloadCard] = {}
        self._count = 0
        self._offline = False
        self._free: int | None = None
        self._measured_at = float("-inf")
        self._answers = Bridge(self)  # from the services' thread to the window's
        self._answers.published.connect(self._on_answer)
        self.header = DownloadsHeader(themes)
        self.header.pause_all_requested.connect(partial(self._ask, lambda services: services.downloads.pause_all()))
        self.header.resume_all_requested.connect(partial(self._ask, lambda services: services.downloads.resume_all()))
        self.header.clear_requested.connect(partial(self._ask, lambda services: services.downloads.clear_done()))
        self.header.limit_changed.connect(self.limit_changed)
        self.empty = NoDownloads(themes)
        self.empty.discover_requested.connect(self.discover_requested)
        self._scroll = scrolled(self._made_queue())
        self._scroll.verticalScrollBar().rangeChanged.connect(self._fit)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._scroll)
        self._stack.addWidget(scrolled(self.empty))
        self.setAccessibleName(self.tr("Downloads"))
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)
        self._refresh()

    @property
    def cards(self) -> tuple[DownloadCard, ...]:
        """The cards in the queue's order."""
        return tuple(self._cards[one.id] for one in self._shown)

    def hear(self, event: Event) -> None:
        """Take over what the services tell; what is not on view is only noted."""
        match event:
            case DownloadsListed():
                self._downloads = event.downloads
                self._tell_count()
                if self.isVisible():
                    self._refresh()
            case OnlineChanged():
                self._offline = not event.online
                self._show_header()
            case _:
                return

    def shown(self) -> None:
        """Look anew: the section comes into view."""
        self._measured_at = float("-inf")
        self._ask(lambda services: services.downloads.list())
        self._refresh()

    def show_limit(self, megabytes_per_second: int) -> None:
        """Show the speed limit of the settings."""
        self.header.show_limit(megabytes_per_second)

    def focus_download(self, download_id: int) -> None:
        """Put the focus on a download, if it is there."""
        self._refresh()
        card = self._cards.get(download_id)
        if card is not None:
            self._focus(card)

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._list.setSpacing(theme.px(12))
        self._column.setSpacing(theme.px(16))
        self._holder.setMaximumWidth(theme.px(MEASURE))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the room of a narrow page to what is on it."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what has been heard meanwhile."""
        super().showEvent(event)
        self._refresh()

    def _made_queue(self) -> QWidget:
        self._list = QVBoxLayout()
        self._holder = QWidget()
        self._column = QVBoxLayout(self._holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.header)
        self._column.addLayout(self._list)
        self._column.addStretch(1)
        content = QWidget()
        content.setObjectName("scrolled")
        self._outer = QHBoxLayout(content)
        self._outer.addStretch(1)
        self._outer.addWidget(self._holder, 100)
        self._outer.addStretch(1)
        return content

    def _made_card(self, download: Download) -> DownloadCard:
        card = DownloadCard(self._themes, download)
        number = download.id
        card.pause_requested.connect(partial(self._ask, lambda services: services.downloads.pause(number)))
        card.resume_requested.connect(partial(self._ask, lambda services: services.downloads.resume(number)))
        card.cancel_requested.connect(partial(self._ask, lambda services: services.downloads.cancel(number)))
        card.move_requested.connect(lambda step: self._ask(lambda services: services.downloads.move(number, step)))
        card.chat_requested.connect(self._find_path)
        card.terms_requested.connect(partial(open_link, self))
        card.token_requested.connect(self.token_requested)
        card.stepped.connect(partial(self._step, card))
        return card

    # Asking

    def _ask(self, act: Callable[[Services], object]) -> None:
        self.asked.emit(act)

    def _find_path(self, download: Download) -> None:
        publish = self._answers.publish
        self._ask(lambda services: publish(_PathFound(services.downloads.path_of(download))))

    def _measure(self) -> None:
        """Have the drive's room measured, on the services' thread: a drive that sleeps must not hold up the window."""
        now = time.monotonic()
        if not self._downloads or now - self._measured_at < ROOM_SECONDS:
            return
        self._measured_at = now
        one, publish = self._downloads[0], self._answers.publish

        def measure(services: Services) -> None:
            free = free_at(Path(services.downloads.path_of(one)))
            if free is not None:
                publish(_RoomMeasured(free))

        self._ask(measure)

    def _on_answer(self, event: Event) -> None:
        match event:
            case _RoomMeasured():
                self._free = event.free
                self._show_header()
            case _PathFound():
                self.chat_requested.emit(event.path)
            case _:
                return

    # Showing

    def _tell_count(self) -> None:
        count = sum(one.state is not DownloadState.DONE for one in self._downloads)
        if count != self._count:
            self._count = count
            self.count_changed.emit(count)

    def _refresh(self) -> None:
        """Show the queue as it was last told of."""
        before, after = [one.id for one in self._shown], [one.id for one in self._downloads]
        self._shown = self._downloads
        if before != after:
            begins = self.empty.discover_button.hasFocus()
            self._stack.setCurrentIndex(0)
            self._arrange(before, after)
            if begins:
                self._focus(self.cards[0])
        self._stack.setCurrentIndex(0 if after else 1)
        unfinished = [one.id for one in self._shown if one.state is not DownloadState.DONE]
        first, last = (unfinished[0], unfinished[-1]) if unfinished else (0, 0)
        for one in self._shown:
            self._cards[one.id].show_download(one, first=one.id == first, last=one.id == last)
        self._show_header()
        if self.isVisible():
            self._measure()

    def _show_header(self) -> None:
        self.header.show_queue(self._downloads, self._free, offline=self._offline)

    def _arrange(self, before: list[int], after: list[int]) -> None:
        """Make the cards that are new, let go of those that are gone, and put all in order."""
        focused = QApplication.focusWidget()
        place = next((at for at, one in enumerate(before) if _holds(self._cards[one], focused)), None)
        gone = [self._cards.pop(one) for one in before if one not in after]
        for number, one in enumerate(self._shown):
            if one.id not in self._cards:
                self._cards[one.id] = self._made_card(one)
            if self._list.indexOf(self._cards[one.id]) != number:
                self._list.removeWidget(self._cards[one.id])
                self._list.insertWidget(number, self._cards[one.id])
        self._order_focus()
        if place is not None:
            self._keep_focus(before[place], place)
        for card in gone:
            self._list.removeWidget(card)
            card.hide()
            card.deleteLater()

    def _keep_focus(self, held: int, place: int) -> None:
        """Keep the card on view that has the focus; when it is gone, give the focus to the one in its place."""
        if held in self._cards:
            self._scroll.ensureWidgetVisible(self._cards[held])
        elif self._shown:
            self._focus(self._cards[self._shown[min(place, len(self._shown) - 1)].id])
        else:
            self._stack.setCurrentIndex(1)
            self.empty.discover_button.setFocus()

    def _order_focus(self) -> None:
        """Let Tab go through the cards in the order in which they stand."""
        stops = self.header.focus_stops()
        for one in self._shown:
            stops += self._cards[one.id].focus_stops()
        for one_stop, next_stop in pairwise(stops):
            QWidget.setTabOrder(one_stop, next_stop)

    def _step(self, card: DownloadCard, step: int) -> None:
        """Go from a card to the next one or the one before."""
        cards = self.cards
        wanted = cards.index(card) + step
        if 0 <= wanted < len(cards):
            self._focus(cards[wanted])

    def _focus(self, card: DownloadCard) -> None:
        card.setFocus()
        self._scroll.ensureWidgetVisible(card)

    def _fit(self) -> None:
        theme = self._themes.theme
        beside, above = min(theme.px(32), self.width() // 20), theme.px(16)
        # The scroll bar takes its room from the margin: the column stays below what stands above the section.
        bar = theme.px(SCROLL_BAR) if self._scroll.verticalScrollBar().maximum() else 0
        self._outer.setContentsMargins(beside, above, max(0, beside - bar), theme.px(24))
        self.header.fit(self.width() - beside - max(beside, bar))


def free_at(path: Path) -> int | None:
    """Return the bytes that are free on the drive where a path lies, or will lie; None when it cannot be told."""
    try:
        while not path.exists() and path != path.parent:
            path = path.parent
        return shutil.disk_usage(path).free
    except OSError as error:  # a drive that has just gone; downloads tell of it themselves
        _log.info("no free space could be measured: %s", error)
        return None


def _holds(card: DownloadCard, widget: QWidget | None) -> bool:
    return widget is not None and (widget is card or card.isAncestorOf(widget))
