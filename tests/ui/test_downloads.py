"""The downloads section: what it tells, what it asks for, and that neither keyboard nor reader loses its place."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QObject, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QProgressBar, QPushButton, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.core.downloads import Download, DownloadFile, DownloadState
from desktop_app.core.errors import Problem
from desktop_app.services.download_events import DownloadFailed, DownloadFinished, DownloadsListed
from desktop_app.services.hub_events import OnlineChanged
from desktop_app.system.paths import resources_dir
from desktop_app.ui.bridge import Bridge
from desktop_app.ui.figures import part_text, rate_text, size_text, time_left_text
from desktop_app.ui.models.download_card import DownloadCard
from desktop_app.ui.models.download_texts import facts_text, problem_text, queue_text, room_text, spoken_text
from desktop_app.ui.models.downloads_section import DownloadsSection, free_at
from desktop_app.ui.models.flow_layout import FlowLayout
from desktop_app.ui.models.text_line import TextLine
from desktop_app.ui.notices import Notice, NoticeBar, download_failed, download_finished
from desktop_app.ui.style import style_sheet
from desktop_app.ui.theme import ThemeManager, load_fonts
from tests.helpers.hub_desk import HubDesk, hub_desk, put
from tests.helpers.loopback_hub import LoopbackHub
from tests.ui.test_large_text import cut, settle

QUEUED, RUNNING, CHECKING = DownloadState.QUEUED, DownloadState.RUNNING, DownloadState.CHECKING
WAITING, PAUSED, FAILED, DONE = (
    DownloadState.WAITING,
    DownloadState.PAUSED,
    DownloadState.FAILED,
    DownloadState.DONE,
)
GB, MB = 10**9, 10**6
FULL = Problem("transfer_no_space", "The drive is full.", "", "Make room, and try again.")
GATED = Problem("hub_gated", "It is only given to who accepts its terms.", "", "Accept them, then enter a token.")
AWAY = Problem("hub_unreachable", "huggingface.co cannot be reached.", "", "Check your connection.")
OFFLINE = Problem("hub_offline", "Causerie is offline.", "", "Allow connections.")
OTHER = Problem("download_elsewhere", "Another Causerie is downloading it.", "", "Pause or cancel it there.")
SPACE = "\N{NO-BREAK SPACE}"


def download(number: int, state: DownloadState = QUEUED, done: float = 0, **values: object) -> Download:
    """Return a download of 2.5 GB; ``done`` in GB."""
    name = f"Model {number}"
    file = DownloadFile(f"Model-{number}-Q4_K_M.gguf", int(2.5 * GB), "a" * 64)
    whole = Download(number, f"maker/Model-{number}", "c" * 40, name, "Q4_K_M", (file,), state, int(done * GB))
    return replace(whole, **values)  # type: ignore[arg-type]


def plain(text: str) -> str:
    """Return a text with usual spaces."""
    return text.replace(SPACE, " ")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Write numbers as in English."""
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def themes(qapp: QApplication) -> ThemeManager:
    """Return the light theme."""
    load_fonts(resources_dir() / "fonts")
    return ThemeManager("light")


class Shown:
    """A section on view in a window of its own, and what it has asked and told."""

    def __init__(self, bot: QtBot, themes: ThemeManager, width: int = 1024, height: int = 800) -> None:
        self.window = QWidget()
        self.window.setObjectName("page")
        self.window.setStyleSheet(style_sheet(themes.theme, resources_dir() / "icons"))
        self.section = DownloadsSection(themes)
        self.asked: list[object] = []
        self.counts: list[int] = []
        self.section.asked.connect(self.asked.append)
        self.section.count_changed.connect(self.counts.append)
        QVBoxLayout(self.window).addWidget(self.section)
        self.window.resize(width, height)
        bot.addWidget(self.window)
        with bot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()

    def hear(self, *downloads: Download) -> tuple[DownloadCard, ...]:
        """Tell of a queue; returns its cards."""
        self.section.hear(DownloadsListed(downloads))
        settle()
        return self.section.cards

    def measured(self, free: int) -> None:
        """Have the drive measured."""
        from desktop_app.ui.models import downloads_section

        self.section._on_answer(downloads_section._RoomMeasured(free))


@pytest.fixture
def shown(qtbot: QtBot, themes: ThemeManager) -> Shown:
    """Return a section on view."""
    return Shown(qtbot, themes)


# What it tells


def test_figures_are_short_and_exact() -> None:
    assert [plain(part_text(*one)) for one in ((0, 2500 * MB), (1600 * MB, 2500 * MB), (36 * MB, 2500 * MB))] == [
        "0 of 2.5 GB",
        "1.6 of 2.5 GB",
        "36.0 MB of 2.5 GB",
    ]
    speeds = (999, 999_999, 9.44 * MB, 18.4 * MB, 1.23 * GB)
    assert [plain(rate_text(speed)) for speed in speeds] == [
        "999 bytes/s",
        "1.0 MB/s",
        "9.4 MB/s",
        "18 MB/s",
        "1.2 GB/s",
    ]
    assert [plain(size_text(size)) for size in (212 * GB, 4_940 * MB, 99_960 * MB)] == ["212 GB", "4.9 GB", "100 GB"]
    times = (0.2, 9.6, 12, 52, 57, 58, 100, 3570, 4800, 86_400, 300_000)
    assert [plain(time_left_text(seconds)) for seconds in times] == [
        "1 s",
        "10 s",
        "10 s",
        "50 s",
        "55 s",
        "1 min",
        "2 min",
        "1 h",
        "1 h 20 min",
        "24 h",
        "3 days",
    ]


@pytest.mark.parametrize(
    ("one", "facts"),
    [
        (download(1), "Waiting for its turn · 2.5 GB"),
        (download(1, QUEUED, 0.4), "Waiting for its turn · 400 MB of 2.5 GB"),
        (download(1, RUNNING, 1.6, speed=18e6, seconds_left=50.0), "1.6 of 2.5 GB · 18 MB/s · 50 s left"),
        (download(1, RUNNING, 1.6), "1.6 of 2.5 GB"),
        (download(1, CHECKING, 1.6, checked=800 * MB), "Checking what is here already · 800 MB"),
        (download(1, WAITING, 1.6, problem=AWAY), "Waiting for the network · 1.6 of 2.5 GB"),
        (download(1, WAITING, 1.6, problem=OTHER), "Waiting · 1.6 of 2.5 GB"),
        (download(1, PAUSED, 1.6), "Paused · 1.6 of 2.5 GB"),
        (download(1, FAILED, 1.6, problem=FULL), "Stopped · 1.6 of 2.5 GB"),
        (download(1, DONE, 2.5), "2.5 GB · complete and checked"),
    ],
    ids=lambda value: "" if isinstance(value, str) else value.state.value,
)
def test_each_state_says_how_far_it_is(one: Download, facts: str) -> None:
    assert plain(facts_text(one)) == facts


def test_the_end_is_told_with_its_time_and_another_day_with_its_date() -> None:
    now = time.time()
    assert "/" not in facts_text(download(1, DONE, 2.5, finished_at=now))
    assert "/" in facts_text(download(1, DONE, 2.5, finished_at=now - 2 * 86_400))


def test_troubles_are_told_with_what_was_kept() -> None:
    told = plain(problem_text(download(1, FAILED, 1.6, problem=FULL)))
    assert told == "The drive is full. The 1.6 GB that have arrived are kept. Make room, and try again."
    assert problem_text(download(1, FAILED, problem=FULL)) == "The drive is full. Make room, and try again."
    assert problem_text(download(1, WAITING, 1, problem=AWAY)) == f"{AWAY.sentence} It goes on by itself."
    assert problem_text(download(1, WAITING, 1, problem=OTHER)) == str(OTHER)
    assert problem_text(download(1, WAITING, 1, problem=OFFLINE)) == OFFLINE.sentence
    assert problem_text(download(1, RUNNING, 1)) == ""
    assert spoken_text(download(1, RUNNING, 1)).startswith("Downloading · ")
    assert spoken_text(download(1, PAUSED, 1)).count("Paused") == 1


def test_the_queue_as_a_whole() -> None:
    running = [download(number, RUNNING, 1, speed=9e6) for number in (1, 2)]
    assert plain(queue_text(tuple(running))) == "3.0 GB still to come · 18 MB/s"
    assert plain(queue_text((download(1, PAUSED, 1),))) == "1.5 GB still to come · nothing is on its way"
    assert queue_text((download(1, DONE, 2.5),)) == "Everything has arrived"
    assert queue_text((download(1, FAILED, 1, problem=FULL),)) == "Nothing is on its way"
    assert plain(room_text((download(1),), 212 * GB)[0]) == "212 GB free on the drive"
    text, enough = room_text((download(1),), 2 * GB)
    assert not enough
    assert plain(text) == "Only 2.0 GB are free on the drive: 500 MB too little for all of this."


# What is on view


def test_cards_stand_in_the_order_of_the_queue(shown: Shown, qtbot: QtBot) -> None:
    cards = shown.hear(download(3, RUNNING, 1), download(1), download(2, DONE, 2.5))
    assert [card.download.id for card in cards] == [3, 1, 2]
    tops = [card.mapTo(shown.window, card.rect().topLeft()).y() for card in cards]
    assert tops == sorted(tops)
    assert shown.counts == [2]
    again = shown.hear(download(1), download(3, RUNNING, 1), download(2, DONE, 2.5))
    assert again == (cards[1], cards[0], cards[2])
    assert cards[1].y() < cards[0].y() < cards[2].y()
    shown.hear(download(2, DONE, 2.5))
    assert shown.counts == [2, 0]
    qtbot.waitUntil(lambda: len(shown.section.findChildren(DownloadCard)) == 1)


def test_buttons_follow_the_state(shown: Shown) -> None:
    cards = shown.hear(
        download(1, RUNNING, 1),
        download(2, PAUSED, 1),
        download(3, FAILED, 1, problem=FULL),
        download(4, FAILED, problem=GATED, endpoint="https://hub.test"),
        download(5, WAITING, 1, problem=OTHER),
        download(6, DONE, 2.5),
    )
    texts = [[one.text() for one in card.controls.buttons if one.isVisible()] for card in cards]
    assert texts == [
        ["Pause", "Cancel", "↑", "↓"],
        ["Resume", "Cancel", "↑", "↓"],
        ["Try again", "Cancel", "↑", "↓"],
        ["Try again", "Show the terms…", "Enter a token…", "Cancel", "↑", "↓"],
        ["↑", "↓"],
        ["Chat now", "Remove from the list"],
    ]
    assert [card.controls.up.isEnabled() for card in cards[:5]] == [False, True, True, True, True]
    assert [card.controls.down.isEnabled() for card in cards[:5]] == [True, True, True, True, False]
    assert [card.bar.isVisible() for card in cards] == [True, True, True, False, True, False]
    (only,) = shown.hear(download(1, RUNNING, 1))
    assert not only.controls.up.isVisible()
    assert only.bar.value() == 400


def test_the_header_offers_what_can_be_done(shown: Shown) -> None:
    header = shown.section.header
    shown.hear(download(1, RUNNING, 1))
    assert [header.pause_all.isVisible(), header.resume_all.isVisible(), header.clear_done.isVisible()] == [1, 0, 0]
    header.pause_all.setFocus()
    shown.hear(download(1, PAUSED, 1), download(2, DONE, 2.5))
    assert [header.pause_all.isVisible(), header.resume_all.isVisible(), header.clear_done.isVisible()] == [0, 1, 1]
    assert header.resume_all.hasFocus()
    assert "free" not in header.summary
    shown.measured(212 * GB)
    assert "212" in header.summary
    shown.section.hear(OnlineChanged(online=False))
    assert "offline" in header.summary
    shown.section.hear(OnlineChanged(online=True))
    assert "offline" not in header.summary


def test_without_downloads_it_teaches(shown: Shown, qtbot: QtBot) -> None:
    assert shown.section.empty.isVisible()
    assert not shown.section.header.isVisible()
    with qtbot.waitSignal(shown.section.discover_requested):
        shown.section.empty.discover_button.click()
    shown.section.empty.discover_button.setFocus()
    (card,) = shown.hear(download(1))
    assert not shown.section.empty.isVisible()
    assert card.hasFocus()
    shown.hear()
    assert shown.section.empty.isVisible()


def test_the_limit_is_bound(shown: Shown, qtbot: QtBot) -> None:
    shown.hear(download(1))
    limits: list[int] = []
    shown.section.limit_changed.connect(limits.append)
    shown.section.show_limit(12)
    assert limits == []
    assert shown.section.header.limit.text() == "12 MB/s"
    shown.section.header.limit.setFocus()
    qtbot.keyClick(shown.section.header.limit, Qt.Key.Key_Up)
    assert limits == [13]
    shown.section.show_limit(5)
    assert shown.section.header.limit.value() == 13  # the person is in the field
    shown.section.header.pause_all.setFocus()
    shown.section.show_limit(0)
    assert shown.section.header.limit.text() == "None"


def test_what_is_hidden_is_shown_when_it_comes_into_view(shown: Shown) -> None:
    (card,) = shown.hear(download(1, RUNNING, 1))
    shown.window.hide()
    shown.section.hear(DownloadsListed((download(1, RUNNING, 2), download(2))))
    assert shown.counts == [1, 2]
    assert plain(card.facts) == "1.0 of 2.5 GB"
    shown.window.show()
    assert plain(card.facts) == "2.0 of 2.5 GB"
    assert len(shown.section.cards) == 2


# Five times a second


def test_updates_rebuild_nothing_and_keep_the_focus(shown: Shown) -> None:
    cards = shown.hear(*(download(number, RUNNING, 1, speed=9e6) for number in range(1, 21)))
    widgets = set(map(id, shown.section.findChildren(QWidget)))
    button = cards[7].controls.cancel
    button.setFocus()
    for step in range(1, 20):
        shown.hear(
            *(download(number, RUNNING, 1 + step * 0.05, speed=9e6, seconds_left=90.0) for number in range(1, 21))
        )
    assert button.hasFocus()
    assert set(map(id, shown.section.findChildren(QWidget))) == widgets
    assert shown.section.cards == cards
    assert plain(cards[7].facts) == "1.9 of 2.5 GB · 9.0 MB/s · 2 min left"
    assert cards[7].bar.value() == 780


def test_an_update_of_twenty_takes_less_than_two_milliseconds(shown: Shown) -> None:
    shown.hear(*(download(number, RUNNING, 1, speed=9e6) for number in range(1, 21)))
    spent = []
    for step in range(1, 40):
        event = DownloadsListed(
            tuple(download(number, RUNNING, 1 + step * 0.03, speed=9e6 + step * 1e5) for number in range(1, 21))
        )
        begin = time.thread_time()
        shown.section.hear(event)
        QApplication.processEvents()
        spent.append(time.thread_time() - begin)
    # Processor time, and of that the best tenth: others work on the same processor.
    assert sorted(spent)[len(spent) // 10] < 0.002


def test_the_focus_goes_to_what_takes_the_place(shown: Shown) -> None:
    cards = shown.hear(download(1, RUNNING, 1), download(2), download(3))
    cards[0].controls.main.setFocus()
    shown.hear(download(1, DONE, 2.5), download(2), download(3))
    assert cards[0].hasFocus()  # the button is gone, the place is not
    cards[1].controls.down.setFocus()
    shown.hear(download(1, DONE, 2.5), download(3), download(2))
    assert cards[1].controls.up.hasFocus()  # it is at the end now
    shown.hear(download(1, DONE, 2.5), download(3))
    assert cards[2].hasFocus()
    shown.hear()
    assert shown.section.empty.discover_button.hasFocus()


def test_tab_goes_through_everything_as_it_stands(shown: Shown) -> None:
    shown.hear(download(1, RUNNING, 1), download(2, PAUSED, 1), download(3, DONE, 2.5))
    cards = shown.hear(download(2, PAUSED, 1), download(1, RUNNING, 1), download(3, DONE, 2.5))
    expected = [one for one in shown.section.header.focus_stops() if one.isVisible()]
    for card in cards:
        expected += [one for one in card.focus_stops() if one.isVisible() and one.isEnabled()]
    expected[0].setFocus()
    seen = [QApplication.focusWidget()]
    for _ in expected[1:]:
        QTest.keyClick(seen[-1], Qt.Key.Key_Tab)
        seen.append(QApplication.focusWidget())
    assert seen == expected


def test_everything_has_a_name(shown: Shown) -> None:
    shown.hear(download(1, RUNNING, 1), download(2, FAILED, problem=GATED, endpoint="https://hub.test"))
    reached = (QPushButton, QProgressBar, QSpinBox, DownloadCard)
    for widget in [one for kind in reached for one in shown.section.findChildren(kind)]:
        assert widget.accessibleName() or (isinstance(widget, QPushButton) and len(widget.text()) > 1)
    (card, _) = shown.section.cards
    assert card.accessibleName() == "Model 1 · Q4_K_M"
    assert card.controls.main.accessibleName() == "Pause Model 1 · Q4_K_M"
    shown.hear(download(1, RUNNING, 2), download(2, FAILED, problem=GATED, endpoint="https://hub.test"))
    shown.section.header.pause_all.setFocus()
    card.setFocus()
    assert plain(card.accessibleDescription()) == "Downloading · 2.0 of 2.5 GB"


# Cancelling


def test_cancelling_asks_once_when_there_is_something_to_lose(shown: Shown) -> None:
    (card,) = shown.hear(download(1, RUNNING, 1.6))
    cancelled: list[int] = []
    card.cancel_requested.connect(lambda: cancelled.append(1))
    card.controls.cancel.click()
    assert card.asking
    assert plain(card.question.asked) == "Delete the 1.6 GB that are here?"
    assert card.question.keep.hasFocus()
    shown.hear(download(1, RUNNING, 1.8))
    assert plain(card.question.asked) == "Delete the 1.8 GB that are here?"
    QTest.keyClick(card.question.keep, Qt.Key.Key_Escape)
    assert not card.asking
    assert card.hasFocus()
    assert cancelled == []
    QTest.keyClick(card, Qt.Key.Key_Delete)
    card.question.delete.click()
    assert cancelled == [1]
    assert not card.asking


def test_a_question_is_withdrawn_when_the_download_ends(shown: Shown) -> None:
    (card,) = shown.hear(download(1, RUNNING, 2.4))
    card.controls.cancel.click()
    shown.hear(download(1, DONE, 2.5))
    assert not card.asking
    assert card.controls.chat.isVisible()
    assert card.hasFocus()


@pytest.mark.parametrize("one", [download(1), download(1, DONE, 2.5)], ids=["nothing yet", "done"])
def test_with_nothing_to_lose_nothing_is_asked(shown: Shown, qtbot: QtBot, one: Download) -> None:
    (card,) = shown.hear(one)
    with qtbot.waitSignal(card.cancel_requested):
        card.controls.cancel.click()
    assert not card.asking


# The keyboard


def test_keys_on_a_card(shown: Shown, qtbot: QtBot) -> None:
    cards = shown.hear(download(1, RUNNING, 1), download(2, PAUSED, 1))
    cards[0].setFocus()
    with qtbot.waitSignal(cards[0].pause_requested):
        qtbot.keyClick(cards[0], Qt.Key.Key_Space)
    with qtbot.waitSignal(cards[0].move_requested) as moved:
        qtbot.keyClick(cards[0], Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert moved.args == [1]
    with qtbot.assertNotEmitted(cards[0].move_requested):
        qtbot.keyClick(cards[0], Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(cards[0], Qt.Key.Key_Down)
    assert cards[1].hasFocus()
    with qtbot.waitSignal(cards[1].resume_requested):
        qtbot.keyClick(cards[1], Qt.Key.Key_Return)
    qtbot.keyClick(cards[1], Qt.Key.Key_Up)
    assert cards[0].hasFocus()
    shown.section.focus_download(2)
    assert cards[1].hasFocus()


# With the services


class Wired:
    """A section that asks real services and hears them."""

    def __init__(self, shown: Shown, desk: HubDesk) -> None:
        self.desk = desk
        self.section = shown.section
        self._bridge = Bridge()
        self._bridge.published.connect(self.section.hear)
        desk.heard.watch = self._bridge.publish
        self.section.asked.connect(lambda act: desk.loop.post(lambda: act(desk)))


ONE = "acme/One-1B-GGUF"


@pytest.fixture
def wired(shown: Shown, tmp_path: Path) -> Iterator[Wired]:
    """Return a section on services of a Hub with a repository of two files, offline."""
    root = tmp_path / "hub"
    put(root, ONE, "One-1B-Q4_0.gguf", 300_000)
    put(root, ONE, "One-1B-Q8_0.gguf", 400_000)
    with LoopbackHub(root) as hub, hub_desk(hub, tmp_path / "profile", online=False) as desk:
        yield Wired(shown, desk)


def states(section: DownloadsSection) -> list[tuple[str, DownloadState]]:
    """Return quantization and state of each card."""
    return [(card.download.quantization, card.download.state) for card in section.cards]


def test_what_is_asked_is_done(wired: Wired, qtbot: QtBot) -> None:
    section, header = wired.section, wired.section.header
    for choice in ("Q4_0", "Q8_0"):
        wired.desk.add(ONE, choice)

    def wait(*expected: tuple[str, DownloadState]) -> None:
        qtbot.waitUntil(lambda: states(section) == list(expected))

    wait(("Q4_0", WAITING), ("Q8_0", WAITING))
    section.cards[0].controls.down.click()
    wait(("Q8_0", WAITING), ("Q4_0", WAITING))
    section.cards[0].controls.main.click()
    wait(("Q8_0", PAUSED), ("Q4_0", WAITING))
    header.pause_all.click()
    wait(("Q8_0", PAUSED), ("Q4_0", PAUSED))
    section.cards[1].controls.main.click()
    wait(("Q8_0", PAUSED), ("Q4_0", WAITING))
    header.resume_all.click()
    wait(("Q8_0", WAITING), ("Q4_0", WAITING))
    section.cards[0].controls.cancel.click()  # nothing of it is there
    wait(("Q4_0", WAITING))
    section.shown()
    qtbot.waitUntil(lambda: "free on the drive" in plain(header.summary))


def test_a_model_that_has_arrived_can_be_talked_with(wired: Wired, qtbot: QtBot) -> None:
    wired.desk.configure(online=True)
    added = wired.desk.add(ONE, "Q4_0")
    finished = wired.desk.finished(added.id)
    qtbot.waitUntil(lambda: states(wired.section) == [("Q4_0", DONE)])
    with qtbot.waitSignal(wired.section.chat_requested) as asked:
        wired.section.cards[0].controls.chat.click()
    assert asked.args == [finished.path]
    wired.section.cards[0].controls.cancel.click()
    qtbot.waitUntil(lambda: wired.section.cards == ())
    assert Path(finished.path).exists()  # out of the list only


def test_finished_downloads_are_cleared(wired: Wired, qtbot: QtBot) -> None:
    wired.desk.configure(online=True)
    wired.desk.add(ONE, "Q4_0")
    qtbot.waitUntil(lambda: states(wired.section) == [("Q4_0", DONE)])
    wired.section.header.clear_done.click()
    qtbot.waitUntil(wired.section.empty.isVisible)


def test_room_is_measured_where_a_file_will_lie(tmp_path: Path) -> None:
    free = free_at(tmp_path / "not" / "yet" / "there.gguf")
    assert free is not None
    assert free > 0


class Browser(QObject):
    """Takes addresses in the place of the browser."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, address: QUrl) -> None:
        """Note an address."""
        self.opened.append(address.toString())


@pytest.mark.parametrize(("button", "opened"), [("Open", ["https://hub.test/maker/Model-1"]), ("Cancel", [])])
def test_terms_are_shown_in_the_browser_after_their_address(
    shown: Shown, qtbot: QtBot, button: str, opened: list[str]
) -> None:
    (card,) = shown.hear(download(1, FAILED, problem=GATED, endpoint="https://hub.test"))
    browser = Browser()
    QDesktopServices.setUrlHandler("https", browser, "open")
    seen: list[str] = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        seen.append(box.informativeText())
        next(one for one in box.buttons() if one.text() == button).click()

    try:
        QTimer.singleShot(0, answer)
        card.controls.terms.click()
    finally:
        QDesktopServices.unsetUrlHandler("https")
    assert seen == ["https://hub.test/maker/Model-1"]
    assert browser.opened == opened
    with qtbot.waitSignal(shown.section.token_requested):
        card.controls.token.click()


# Notices


def test_notices_of_an_end(qtbot: QtBot, themes: ThemeManager) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    bar = NoticeBar(themes, window, lambda: 0)
    window.show()
    done: list[str] = []
    finished = DownloadFinished(download(1, DONE, 2.5), "/models/one.gguf")
    failed = DownloadFailed(download(2, FAILED, 1, problem=FULL), FULL)
    notices: tuple[Notice, ...] = (
        download_finished(finished.download.label, lambda: done.append(finished.path)),
        download_failed(failed.download.label, failed.problem.sentence, lambda: done.append("shown")),
    )
    texts = []
    for notice, action in zip(notices, ("Chat now", "Show"), strict=True):
        bar.show_notice(notice)
        texts.append(notice.text)
        assert notice.stays
        next(one for one in bar.findChildren(QPushButton) if one.text() == action).click()
    assert texts == [
        "Model 1 · Q4_K_M is here, complete and checked.",
        "The download of Model 2 · Q4_K_M has stopped. The drive is full.",
    ]
    assert done == ["/models/one.gguf", "shown"]


# In any size


@pytest.mark.parametrize(
    ("zoom", "width", "height"), [(1.0, 1024, 800), (2.0, 1280, 800), (1.0, 430, 400), (2.0, 430, 400)]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_cut(qtbot: QtBot, scheme: str, zoom: float, width: int, height: int) -> None:
    load_fonts(resources_dir() / "fonts")
    one = Shown(qtbot, ThemeManager(scheme, zoom), width, height)
    settle()
    assert cut(one.window) == []
    cards = one.hear(
        download(1, RUNNING, 1.6, speed=18e6, seconds_left=50.0),
        download(
            2, WAITING, 1, problem=AWAY, title="A-name-without-a-single-space-that-is-as-long-as-some-are-on-the-Hub"
        ),
        download(3, FAILED, problem=GATED, endpoint="https://hub.test"),
        download(4, PAUSED, 1),
        download(5, DONE, 2.5),
    )
    one.measured(9 * MB)
    one.section.hear(OnlineChanged(online=False))
    cards[0].controls.cancel.click()
    settle()
    assert cut(one.window) == []
    assert all(card.height() >= card.heightForWidth(card.width()) for card in cards)
    one.section.focus_download(5)
    settle()
    place = cards[4].visibleRegion().boundingRect()
    assert place.height() == min(cards[4].height(), place.height())
    assert not place.isEmpty()


def test_a_long_word_breaks_and_short_texts_stay_on_their_line(qtbot: QtBot, themes: ThemeManager) -> None:
    line = TextLine(themes, "text")
    qtbot.addWidget(line)
    line.set_text("word " * 3)
    one_line = line.heightForWidth(1000)
    assert line.heightForWidth(line.sizeHint().width()) == one_line
    line.set_text("w" * 200)
    assert line.heightForWidth(200) > 5 * one_line
    assert line.accessibleName() == "w" * 200


@pytest.mark.parametrize("right", [False, True])
def test_buttons_flow_into_further_lines(qtbot: QtBot, right: bool) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder, right=right)
    flow.setSpacing(4)
    buttons = [QPushButton("Button") for _ in range(3)]
    for button in buttons:
        flow.addWidget(button)
    wide, tall = buttons[0].sizeHint().width(), buttons[0].sizeHint().height()
    holder.resize(2 * wide + 10, 3 * tall)
    holder.show()
    assert flow.heightForWidth(holder.width()) == 2 * tall + 4
    assert [button.y() for button in buttons] == [0, 0, tall + 4]
    assert buttons[2].x() == (holder.width() - wide if right else 0)
    buttons[0].hide()
    settle()
    assert [button.y() for button in buttons[1:]] == [0, 0]
