"""Discover: found offline and online, opened, read, and downloaded, by mouse and by keys, in any room."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QLocale, QPoint, QPointF, QRect, Qt, QTimer, QUrl, Slot
from PySide6.QtCore import QObject as QtObject
from PySide6.QtGui import QDesktopServices, QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop_app.core.downloads import Download, DownloadFile, DownloadState
from desktop_app.core.errors import Problem
from desktop_app.core.hub import (
    CatalogueEntry,
    Choice,
    HubDetails,
    HubFile,
    HubModel,
    HubQuery,
    Sort,
    Task,
    Verdict,
    choices_of,
)
from desktop_app.core.model import ShelfModel
from desktop_app.library.catalogue import read_catalogue
from desktop_app.services.download_events import DownloadsListed
from desktop_app.services.events import ComputerDescribed, Event, ModelsListed, Noticed
from desktop_app.services.hub_events import (
    CatalogueListed,
    HubModelOpened,
    HubSearched,
    OnlineChanged,
    SearchStarted,
    TokenKept,
)
from desktop_app.system.hardware import Hardware
from desktop_app.system.paths import resources_dir
from desktop_app.ui.bridge import Bridge
from desktop_app.ui.models import model_facts as facts
from desktop_app.ui.models.badges import role_of
from desktop_app.ui.models.card_text import card_markdown, teaser
from desktop_app.ui.models.choice_rows import ChoiceRow, Standing, rows_of, standing_rows
from desktop_app.ui.models.discover_section import DiscoverSection
from desktop_app.ui.models.facts_list import linked_text
from desktop_app.ui.models.result_rows import family_of, fitting_families, result_of
from desktop_app.ui.style import style_sheet
from desktop_app.ui.theme import DARK, LIGHT, Palette, ThemeManager, load_fonts, tint
from tests.helpers.hub_desk import HubDesk, hub_desk, put
from tests.helpers.loopback_hub import LoopbackHub
from tests.ui.test_large_text import SIZES, cut, settle

GB = 10**9
HERE = Hardware("Debian", "x86_64", "a processor", 8, 16, 16 * GB, 9 * GB)
CATALOGUE = read_catalogue(resources_dir() / "catalogue.toml")
TIMEOUT = Problem("hub_timeout", "huggingface.co did not answer in time.", action="Check your connection.")
OFFLINE = Problem("hub_offline", "Causerie is offline.")
GATED = Problem("hub_gated", "It is only given to who accepts its terms.")
CARD = """# Tiny

<p align="center"><img src="https://tracker.test/pixel.png"></p>

Tiny is a small model that was made to be looked at in a test, and it does that rather well.

See [the paper](https://example.org/paper) for more.
"""


def plain(text: str) -> str:
    """Return a text with usual spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\u200b", "")


def models(count: int, first: int = 0) -> tuple[HubModel, ...]:
    """Return models as a search shows them."""
    sizes = (1, 8, 14, 70)
    return tuple(
        HubModel(
            f"maker/Model-{number}-{sizes[number % 4]}B-GGUF",
            downloads=10_000 - number,
            modified=1.7e9,
            licence="apache-2.0",
            parameters=sizes[number % 4] * GB,
        )
        for number in range(first, first + count)
    )


def hub_file(path: str, gigabytes: float) -> HubFile:
    """Return a file of a repository."""
    return HubFile(path, int(gigabytes * GB), path.encode().hex().ljust(64, "0")[-64:])


QUANTIZATIONS = (("Q8_0", 8.7), ("Q6_K", 6.7), ("Q4_K_M", 5.0), ("Q2_K", 3.3))
SHARDS = tuple(hub_file(f"Tiny-BF16-0000{number}-of-00002.gguf", 8.2) for number in (1, 2))
FILES = (*SHARDS, *(hub_file(f"Tiny-{name}.gguf", size) for name, size in QUANTIZATIONS))


def details(repo: str = "maker/Model-0-1B-GGUF", *files: HubFile, **values: Any) -> HubDetails:
    """Return what the Hub tells of a model."""
    model = HubModel(repo, 1234, 56, 1.7e9, values.pop("gated", ""), "apache-2.0", "chat", ("en", "fr"), 8 * GB)
    made = HubDetails(model, "c" * 40, choices_of(files or FILES), CARD, "llama", 40_960, 8_200_000_000)
    return replace(made, **values)


def download(choice: Choice, state: DownloadState, done: float = 0, **values: Any) -> Download:
    """Return a download of a choice."""
    files = tuple(DownloadFile(one.path, one.size, one.sha256) for one in choice.files)
    whole = Download(1, "maker/Model-0-1B-GGUF", "c" * 40, "Tiny", choice.quantization, files, state, int(done * GB))
    return replace(whole, **values)


class Asked:
    """Services that only note what they are asked for."""

    def __init__(self, calls: list[tuple[Any, ...]], path: str = "") -> None:
        self._calls, self._path = calls, path

    def __getattr__(self, name: str) -> "Asked":
        return Asked(self._calls, f"{self._path}.{name}".lstrip("."))

    def __call__(self, *arguments: Any, **_named: Any) -> None:
        self._calls.append((self._path, *arguments))


class Shown:
    """A section on view, and what it asked for."""

    def __init__(self, bot: QtBot, *, zoom: float = 1.0, width: int = 1024, height: int = 760, language: str = "en"):
        load_fonts(resources_dir() / "fonts")
        self.themes = ThemeManager("light", zoom)
        QApplication.setFont(self.themes.theme.text_font(14))
        self.window = QWidget()
        self.window.setObjectName("page")
        self.window.setStyleSheet(style_sheet(self.themes.theme, resources_dir() / "icons"))
        self.section = DiscoverSection(self.themes, language)
        self.browse, self.details = self.section.browse, self.section.details
        self.calls: list[tuple[Any, ...]] = []
        self.section.asked.connect(lambda action: action(Asked(self.calls)))
        layout = QVBoxLayout(self.window)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.section)
        self.window.resize(width, height)
        bot.addWidget(self.window)
        with bot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        self.bot = bot
        self.section.shown()
        self.hear(ComputerDescribed(HERE), CatalogueListed(CATALOGUE.entries, CATALOGUE.day))

    def hear(self, *events: Event) -> None:
        """Tell of events."""
        for event in events:
            self.section.hear(event)
        settle()

    def called(self, name: str) -> list[tuple[Any, ...]]:
        """Return the arguments of the calls of a name, and forget all calls."""
        found = [call[1:] for call in self.calls if call[0] == name]
        self.calls.clear()
        return found

    def found(self, found: tuple[HubModel, ...], *, more: bool = False, problem: Problem | None = None) -> HubQuery:
        """Answer the latest search."""
        queries = [call[1] for call in self.calls if call[0] == "discover.search"]
        if queries:
            self.query: HubQuery = queries[-1]
        self.calls.clear()
        self.hear(SearchStarted(self.query), HubSearched(self.query, found, more, problem))
        return self.query

    def online(self, count: int = 3, *, more: bool = False) -> None:
        """Go online and find some models."""
        self.hear(OnlineChanged(True))
        self.found(models(count), more=more)

    @property
    def names(self) -> list[str]:
        """What is listed."""
        return [one.name for one in self.browse.view.list.results]

    def open(self, row: int = 0) -> None:
        """Open a model with the keyboard."""
        view = self.browse.view
        view.setFocus()
        view.setCurrentIndex(view.list.index(row))
        QTest.keyClick(view, Qt.Key.Key_Return)
        settle()

    def open_details(self, made: HubDetails | None = None) -> HubDetails:
        """Go online and open a page that the Hub tells of."""
        self.online()
        self.open()
        made = made or details()
        self.hear(HubModelOpened("maker/Model-0-1B-GGUF", made))
        self.calls.clear()
        return made


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Write numbers as in English."""
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    """Return a section on view."""
    return Shown(qtbot)


# Offline


def test_offline_it_says_what_is_sent_to_whom_and_asks_for_nothing(shown: Shown) -> None:
    assert {call[0].partition(".")[0] for call in shown.calls} == {"discover", "downloads"}
    assert not [call for call in shown.calls if call[0] in ("discover.search", "discover.open")]
    card = shown.browse.offline_card
    assert card.isVisible()
    assert "huggingface.co" in card.sentence.text()
    assert "internet address" in card.sentence.text()
    assert shown.section.status.said.startswith("Offline")
    with shown.bot.waitSignal(shown.section.go_online_requested):
        card.button.click()
    assert len(shown.names) == len(CATALOGUE.entries)
    assert "21 November 2026" in shown.browse.summary.text()


def test_what_is_asked_at_first_is_asked_once(shown: Shown) -> None:
    first = list(shown.calls)
    shown.section.shown()
    assert shown.calls == first
    assert ("discover.catalogue",) in first


def test_the_catalogue_speaks_the_windows_language(qtbot: QtBot) -> None:
    french = Shown(qtbot, language="fr")
    shown_sentences = {one.sentence for one in french.browse.view.list.results}
    assert shown_sentences == {entry.sentences["fr"] for entry in CATALOGUE.entries}
    other = Shown(qtbot, language="de")
    assert other.browse.view.list.results[0].sentence == CATALOGUE.entries[0].sentences["en"]


def test_the_catalogue_is_searched_and_filtered_without_a_connection(shown: Shown) -> None:
    shown.calls.clear()
    browse = shown.browse
    QTest.keyClicks(browse.search, "french")
    QTest.keyClick(browse.search, Qt.Key.Key_Return)
    assert 0 < len(shown.names) < 10
    browse.search.clear()
    browse.filters.task.choose(Task.CODE)
    assert all("Code" in one.task for one in browse.view.list.results)
    assert shown.names
    browse.filters.least.choose(70.0)
    assert browse.state.isVisible()
    assert "On the Hub there are more" in browse.state.said
    browse.state.buttons[0].click()
    QTest.keyClick(browse.search, Qt.Key.Key_Return)
    assert len(shown.names) == len(CATALOGUE.entries)
    assert browse.filters.count == 0
    assert shown.calls == []


def test_a_family_is_only_meant_when_everything_fits() -> None:
    small = CatalogueEntry("a/b", "Small", "Maker", "mit", (1.0, 30.0), Task.CHAT, ("en",), {"en": "It is small."})
    wanted = [
        (HubQuery(), True),
        (HubQuery(text="MAKER small"), True),
        (HubQuery(text="small unknown"), False),
        (HubQuery(licence="mit"), True),
        (HubQuery(licence="apache-2.0"), False),
        (HubQuery(language="fr"), False),
        (HubQuery(task=Task.VISION), False),
        (HubQuery(parameters_from=2, parameters_to=20), False),
        (HubQuery(parameters_from=20), True),
        (HubQuery(parameters_from=20, fits=True), False),  # the 30 B does not fit
        (HubQuery(fits=True), True),
    ]
    assert [bool(fitting_families((small,), query, 16 * GB)) for query, _ in wanted] == [one for _, one in wanted]


def test_a_family_opened_offline_is_opened_by_going_online(shown: Shown) -> None:
    shown.open()
    assert shown.section.on_details
    repo = CATALOGUE.entries[0].repo
    assert shown.called("discover.open") == [(repo,)]  # it may be known from before
    shown.hear(HubModelOpened(repo, None, OFFLINE))
    assert "offline" in shown.details.state.said
    assert "huggingface.co" in shown.details.state.said
    with shown.bot.waitSignal(shown.section.go_online_requested):
        shown.details.state.buttons[0].click()
    shown.hear(OnlineChanged(True))
    assert shown.called("discover.open") == [(repo,)]
    shown.hear(HubModelOpened(repo, details(repo)))
    assert shown.details.page.isVisible()
    assert shown.details.page.teaser.text() == CATALOGUE.entries[0].sentences["en"]


# Online


def test_online_the_hub_is_searched(shown: Shown) -> None:
    shown.calls.clear()
    shown.hear(OnlineChanged(True))
    assert not shown.browse.offline_card.isVisible()
    assert shown.section.status.said == "Online for Discover"
    assert "Searching" in shown.browse.state.said
    assert shown.found(models(4)) == HubQuery()
    assert shown.names == [one.name for one in models(4)]
    assert [one.verdict for one in shown.browse.view.list.results] == [
        Verdict.FITS,
        Verdict.FITS,
        Verdict.FITS,
        Verdict.TOO_LARGE,
    ]
    shown.browse.catalogue_button.click()
    assert len(shown.names) == len(CATALOGUE.entries)
    shown.browse.hub_button.click()
    assert shown.called("discover.search") == []  # what was found is still known
    assert len(shown.names) == 4


def test_typing_waits_a_moment_and_enter_does_not(shown: Shown, qtbot: QtBot) -> None:
    shown.online()
    QTest.keyClicks(shown.browse.search, "qwen")
    assert shown.called("discover.search") == []
    qtbot.waitUntil(lambda: bool(shown.calls))
    assert shown.called("discover.search") == [(HubQuery(text="qwen"),)]
    QTest.keyClicks(shown.browse.search, " 3")
    QTest.keyClick(shown.browse.search, Qt.Key.Key_Return)
    assert shown.called("discover.search") == [(HubQuery(text="qwen 3"),)]
    QTest.keyClick(shown.browse.search, Qt.Key.Key_Return)
    assert shown.called("discover.search") == []


def test_filters_and_order_are_part_of_the_search(shown: Shown) -> None:
    shown.online()
    filters = shown.browse.filters
    filters.sort.choose(Sort.LIKES)
    filters.fits.click()
    filters.task.choose(Task.VISION)
    filters.least.choose(4.0)
    filters.most.choose(14.0)
    filters.licence.choose("mit")
    filters.language.choose("fr")
    filters.gated.choose(False)
    wanted = HubQuery("", "", Sort.LIKES, Task.VISION, 4.0, 14.0, "mit", "fr", False, True)
    assert shown.found(()) == wanted
    assert isinstance(shown.query.sort, Sort)
    assert isinstance(shown.query.task, Task)
    assert filters.count == 7
    filters.most.choose(1.0)  # less than the least, which gives way
    assert shown.called("discover.search")[-1][0].parameters_from == 0
    assert filters.clear_button.isVisible()
    filters.clear_button.click()
    assert shown.called("discover.search") == [(HubQuery(sort=Sort.LIKES),)]
    assert not filters.clear_button.isVisible()


def test_what_comes_late_is_not_shown(shown: Shown) -> None:
    shown.online()
    QTest.keyClicks(shown.browse.search, "new")
    QTest.keyClick(shown.browse.search, Qt.Key.Key_Return)
    shown.hear(HubSearched(HubQuery(), models(9), more=False))
    assert len(shown.names) == 3
    assert shown.browse.summary.text() == "Searching the Hub…"
    shown.found(models(2))
    assert len(shown.names) == 2
    assert shown.browse.summary.text() == "2 models."


def test_the_end_of_the_list_brings_more_once(shown: Shown) -> None:
    shown.online(30, more=True)
    assert shown.called("discover.more") == []
    bar = shown.browse.view.verticalScrollBar()
    bar.setValue(bar.maximum())
    bar.setValue(bar.maximum() - 1)
    bar.setValue(bar.maximum())
    assert shown.called("discover.more") == [()]
    place = bar.value()
    shown.found(models(60), more=True)
    assert bar.value() == place  # what is read stays where it is
    assert shown.called("discover.more") == []
    bar.setValue(bar.maximum())
    assert shown.called("discover.more") == [()]
    shown.found(models(60), more=True, problem=TIMEOUT)
    assert len(shown.names) == 60
    assert TIMEOUT.sentence in shown.browse.summary.text()
    bar.setValue(0)
    bar.setValue(bar.maximum())
    assert shown.called("discover.more") == []  # not again and again by itself
    shown.browse.again.click()
    assert shown.called("discover.more") == [()]
    shown.found(models(70))
    assert not shown.browse.again.isVisible()
    assert shown.browse.summary.text() == "70 models."


def test_a_list_that_does_not_fill_the_view_brings_more(shown: Shown) -> None:
    shown.online(2, more=True)
    assert shown.called("discover.more") == [()]


def test_an_error_is_a_sentence_with_a_way_out(shown: Shown) -> None:
    shown.hear(OnlineChanged(True))
    shown.found((), problem=TIMEOUT)
    assert shown.browse.state.said == f"{TIMEOUT.sentence}\n{TIMEOUT.action}"
    button = shown.browse.state.buttons[0]
    button.setFocus()
    button.click()
    assert shown.found(models(1)) == HubQuery()
    assert shown.names == ["Model-0-1B"]
    assert shown.browse.isAncestorOf(QApplication.focusWidget())


def test_nothing_found_offers_to_clear(shown: Shown) -> None:
    shown.online()
    QTest.keyClicks(shown.browse.search, "zzz")
    QTest.keyClick(shown.browse.search, Qt.Key.Key_Return)
    shown.found(())
    assert "Nothing found" in shown.browse.state.said
    shown.browse.state.buttons[0].click()
    assert shown.called("discover.search") == [(HubQuery(),)]


def test_what_failed_offline_is_asked_again_online(shown: Shown) -> None:
    shown.hear(OnlineChanged(True))
    shown.found((), problem=OFFLINE)
    shown.hear(OnlineChanged(False))
    shown.calls.clear()
    shown.hear(OnlineChanged(True))
    assert shown.called("discover.search") == [(HubQuery(),)]


def test_a_thousand_results_are_listed_at_once(shown: Shown) -> None:
    shown.hear(OnlineChanged(True))
    shown.found(models(1000))
    view = shown.browse.view
    assert view.list.rowCount() == 1000
    assert view.uniformItemSizes()
    assert view.visualRect(view.list.index(999)).top() > 1000 * 40


# With the keyboard


def test_keys_lead_from_the_field_into_the_list_and_back(shown: Shown) -> None:
    shown.online()
    browse = shown.browse
    browse.search.setFocus()
    QTest.keyClick(browse.search, Qt.Key.Key_Down)
    assert browse.view.hasFocus()
    assert browse.view.currentIndex().row() == 0
    QTest.keyClick(browse.view, Qt.Key.Key_Down)
    assert browse.view.currentIndex().row() == 1
    QTest.keyClick(browse.view, Qt.Key.Key_Return)
    assert shown.called("discover.open") == [("maker/Model-1-8B-GGUF",)]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not shown.section.on_details
    assert browse.view.hasFocus()
    assert browse.view.currentIndex().row() == 1
    QTest.keyClick(browse.view, Qt.Key.Key_Up)
    QTest.keyClick(browse.view, Qt.Key.Key_Up)
    assert browse.search.hasFocus()
    QTest.keyClick(browse.search, Qt.Key.Key_Down)
    QTest.keyClick(browse.view, Qt.Key.Key_Q)
    assert browse.search.hasFocus()
    assert browse.search.text() == "q"
    QTest.keyClick(browse.search, Qt.Key.Key_Escape)
    assert browse.search.text() == ""


def test_tab_follows_what_is_read(shown: Shown) -> None:
    shown.online()
    shown.browse.search.setFocus()
    seen: list[QWidget] = []
    while QApplication.focusWidget() is not shown.browse.view:
        seen.append(QApplication.focusWidget())
        QTest.keyClick(seen[-1], Qt.Key.Key_Tab)
        assert len(seen) < 20
    filters = shown.browse.filters
    assert seen == [shown.browse.search, shown.browse.hub_button, *filters.fields, filters.sort]


def test_everything_has_a_name(shown: Shown) -> None:
    shown.open_details(details(terms_url="https://huggingface.co/maker/Model-0-1B-GGUF", gated="auto"))
    for widget in shown.section.findChildren(QWidget):
        is_popup = widget.window() is not shown.window
        if (
            is_popup
            or widget.isHidden()
            or widget.focusPolicy() is Qt.FocusPolicy.NoFocus
            or isinstance(widget, QScrollArea)
        ):
            continue
        own_text = widget.text() if isinstance(widget, QPushButton | QLabel) else ""
        assert widget.accessibleName() or own_text, widget
    index = shown.details.page.choices.list.index(3)
    spoken = plain(index.data(Qt.ItemDataRole.AccessibleTextRole))
    assert spoken == "Q4_K_M, recommended, 5.0 GB, 4.9 bits per weight, Fits, Enter downloads it"
    row = plain(shown.browse.view.list.index(0).data(Qt.ItemDataRole.AccessibleTextRole))
    assert row.startswith("Model-0-1B, maker, 1 B parameters, Apache-2.0, 10 k downloads, updated ")


# A model's page


def test_a_page_says_what_to_take_and_why(shown: Shown) -> None:
    shown.open_details()
    page = shown.details.page
    assert shown.details.name.text() == "Model-0-1B"
    assert plain(page.offer.heading.text()) == "Q4_K_M, 5.0 GB: the best that fits"
    assert "10.7 GB" in plain(page.offer.sentence.text())  # two thirds of 16 GB
    rows = page.choices.list.rows
    assert [(row.label, plain(row.size), row.bits, row.verdict_text) for row in rows] == [
        ("BF16", "16.4 GB", "16.0", "Too large"),
        ("Q8_0", "8.7 GB", "8.5", "Fits"),
        ("Q6_K", "6.7 GB", "6.5", "Fits"),
        ("Q4_K_M", "5.0 GB", "4.9", "Fits"),
        ("Q2_K", "3.3 GB", "3.2", "Fits"),
    ]
    assert rows[0].note == "2 files"
    assert [row.best for row in rows] == [False, False, False, True, False]
    assert page.teaser.text().startswith("Tiny is a small model")
    assert page.choices.height() == page.choices.sizeHint().height()
    assert not page.terms.isVisible()


def test_a_projector_is_noted_once_or_where_it_belongs() -> None:
    eye = hub_file("mmproj-F16.gguf", 0.8)
    assert {row.note for row in rows_of(details("a/b", *FILES, eye), 16 * GB)} == {"2 files", ""}
    apart = (hub_file("x/A-Q4_0.gguf", 2), hub_file("x/mmproj-F16.gguf", 0.8), hub_file("y/B-Q4_0.gguf", 1))
    assert [plain(row.note) for row in rows_of(details("a/b", *apart), 16 * GB)] == ["sees pictures, + 800 MB", ""]


def test_the_projector_of_all_is_told_above_and_below_the_table(shown: Shown) -> None:
    shown.open_details(details("maker/Model-0-1B-GGUF", *FILES, hub_file("mmproj-F16.gguf", 0.8)))
    told = [plain(label.text()) for label in shown.details.page.findChildren(QLabel) if "pictures" in label.text()]
    assert len(told) == 2
    assert all("800 MB" in text for text in told)


def test_a_computer_too_small_is_told_so(shown: Shown) -> None:
    shown.open_details()
    shown.hear(ComputerDescribed(replace(HERE, memory_total=3 * GB)))
    offer = shown.details.page.offer
    assert offer.heading.text() == "Too large for this computer"
    assert "Q2_K" in offer.sentence.text()
    assert not offer.button.isVisible()
    shown.hear(ComputerDescribed(replace(HERE, memory_total=4 * GB)))
    assert plain(offer.heading.text()) == "Q2_K, 3.3 GB: barely fits"
    assert offer.button.isVisible()


def test_a_repository_without_models_says_so(shown: Shown) -> None:
    empty = replace(details(), choices=(), card="")
    shown.open_details(empty)
    assert shown.details.page.offer.heading.text() == "Nothing to download"
    assert not shown.details.page.choices.isVisible()
    assert not shown.details.switch.isVisible()


@pytest.mark.parametrize("way", ["offer", "offer by enter", "arrow", "enter"])
def test_a_download_is_asked_for_once(shown: Shown, way: str) -> None:
    made = shown.open_details()
    page = shown.details.page
    row = 3 if way.startswith("offer") else 1
    choice = made.choices[row]
    view = page.choices
    if way == "offer":
        page.offer.button.click()
    elif way == "offer by enter":
        held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", True)
        QApplication.sendEvent(page.offer.button, held)
        assert shown.calls == []
        QTest.keyClick(page.offer.button, Qt.Key.Key_Return)
    elif way == "arrow":
        place = view.delegate.state_place(view.visualRect(view.list.index(row)), view.list.rows[row])
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(100, place.center().y()))
        assert shown.calls == []  # elsewhere a click only chooses
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place.center())
    else:
        view.setFocus()
        assert view.currentIndex().row() == 3
        view.setCurrentIndex(view.list.index(row))
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert shown.called("downloads.add") == [(made, choice, "Model-0-1B")]
    assert view.list.rows[row].state == "in the queue"
    asked: list[bool] = []
    shown.section.downloads_requested.connect(lambda: asked.append(True))
    view.activate(view.list.index(row))
    assert shown.calls == []
    assert asked == [True]


def test_the_second_half_of_a_double_click_downloads_nothing(shown: Shown) -> None:
    shown.open_details()
    page, view = shown.details.page, shown.details.page.choices
    arrow = view.delegate.state_place(view.visualRect(view.list.index(1)), view.list.rows[1])
    for widget, point in ((view.viewport(), arrow.center()), (page.offer.button, page.offer.button.rect().center())):
        for kind in (QEvent.Type.MouseButtonDblClick, QEvent.Type.MouseButtonRelease):
            place = QPointF(widget.mapToGlobal(point))
            left = Qt.MouseButton.LeftButton
            event = QMouseEvent(kind, QPointF(point), place, left, left, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(widget, event)
    assert shown.calls == []


def test_rows_follow_the_queue_and_the_shelf(shown: Shown) -> None:
    made = shown.open_details()
    page = shown.details.page
    eight, six, four, two = made.choices[1:]

    def states() -> list[str]:
        return [plain(row.state) for row in page.choices.list.rows]

    shown.hear(
        DownloadsListed(
            (
                download(eight, DownloadState.RUNNING, 1.05),
                download(six, DownloadState.PAUSED, 3.35),
                download(four, DownloadState.FAILED, problem=TIMEOUT),
                download(two, DownloadState.DONE),
            )
        )
    )
    assert states() == ["", "12 %", "paused, 50 %", "stopped by an error", "on the shelf"]
    assert page.offer.button.text() == "Try again"
    assert TIMEOUT.sentence in page.offer.sentence.text()
    shown.hear(DownloadsListed((download(four, DownloadState.RUNNING, 2.5),)))
    assert states() == ["", "", "", "50 %", ""]
    assert page.offer.button.text() == "50 %"
    shown.hear(DownloadsListed(()))
    known = ShelfModel("/models/x.gguf", "x", "Q8_0", 1, sha256=eight.files[0].sha256)
    alike = ShelfModel("/models/Tiny-Q4_K_M.gguf", "Tiny", "Q4_K_M", four.size)
    other = ShelfModel("/models/Tiny-Q6_K.gguf", "Tiny", "Q6_K", six.size, sha256="f" * 64)
    shown.hear(ModelsListed((known, alike, other)))
    assert states() == ["", "on the shelf", "", "on the shelf", ""]
    assert not page.offer.button.isEnabled()
    page.choices.activate(page.choices.list.index(1))
    assert shown.calls == []


def test_what_was_refused_can_be_asked_for_again(shown: Shown) -> None:
    shown.open_details()
    page = shown.details.page
    page.offer.button.click()
    assert page.offer.button.text() == "In the queue"
    shown.hear(Noticed(Problem("transfer_no_space", "The drive is full.")))
    assert page.offer.button.text() == "Download"


def test_updates_of_the_queue_keep_the_place_of_the_keyboard(shown: Shown) -> None:
    made = shown.open_details()
    view = shown.details.page.choices
    view.setFocus()
    view.setCurrentIndex(view.list.index(2))
    for step in range(5):
        shown.hear(DownloadsListed((download(made.choices[1], DownloadState.RUNNING, step),)))
    assert view.hasFocus()
    assert view.currentIndex().row() == 2


def test_the_keyboard_brings_its_row_on_view(qtbot: QtBot) -> None:
    shown = Shown(qtbot, width=430, height=400)
    shown.open_details()
    page = shown.details.page
    page.choices.setFocus()
    for _ in range(5):
        QTest.keyClick(page.choices, Qt.Key.Key_Down)
    settle()
    row = page.choices.visualRect(page.choices.currentIndex())
    place = QRect(page.choices.mapTo(page.viewport(), row.topLeft()), row.size())
    assert page.viewport().rect().contains(place)


def test_why_a_page_cannot_be_shown(shown: Shown) -> None:
    shown.online()
    shown.open()
    repo = "maker/Model-0-1B-GGUF"
    assert shown.called("discover.open") == [(repo,)]
    shown.hear(HubModelOpened("other/model", None, TIMEOUT))
    assert "Asking" in shown.details.state.said
    shown.hear(HubModelOpened(repo, None, TIMEOUT))
    assert shown.details.state.said == f"{TIMEOUT.sentence}\n{TIMEOUT.action}"
    shown.details.state.buttons[0].click()
    assert shown.called("discover.open") == [(repo,)]
    shown.hear(HubModelOpened(repo, None, GATED))
    assert shown.details.page.terms.isVisible()
    assert not shown.details.page.offer.isVisible()
    shown.hear(HubModelOpened(repo, details()))
    assert shown.details.page.offer.isVisible()
    assert not shown.details.page.terms.isVisible()


def test_a_gated_model_leads_to_its_terms_and_takes_a_token(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    address = "https://huggingface.co/maker/Model-0-1B-GGUF"
    shown.open_details(details(terms_url=address, gated="manual"))
    terms = shown.details.page.terms
    assert any("by hand" in label.text() for label in terms.findChildren(QLabel))
    opened, said = followed(monkeypatch, shown, lambda: terms.findChildren(QPushButton)[0].click())
    assert address in said
    assert opened == [address]
    keep = terms.findChildren(QPushButton)[1]
    assert not keep.isEnabled()
    assert terms.field.echoMode() is QLineEdit.EchoMode.Password
    QTest.keyClicks(terms.field, " hf_secret ")
    keep.click()
    assert shown.called("discover.save_token") == [("hf_secret",)]
    shown.hear(TokenKept(kept=False, name="", problem=Problem("hub_token", "The Hub does not know it.")))
    assert terms.answer == "The Hub does not know it."
    assert terms.field.text()
    shown.hear(TokenKept(kept=False, name="ada"))
    assert "ada" in terms.answer
    assert "forgotten when Causerie ends" in terms.answer
    assert terms.field.text() == ""
    assert shown.called("discover.open") == [("maker/Model-0-1B-GGUF",)]


def followed(monkeypatch: pytest.MonkeyPatch, shown: Shown, act: Callable[[], object]) -> tuple[list[str], list[str]]:
    """Do something that asks whether an address may be opened, agree, and return what is opened and what was asked."""
    said: list[str] = []

    class Browser(QtObject):
        def __init__(self) -> None:
            super().__init__()
            self.opened: list[str] = []

        @Slot(QUrl)
        def open(self, url: QUrl) -> None:
            self.opened.append(url.toString())

    browser = Browser()

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        said.extend((box.text(), box.informativeText()))
        box.buttons()[0].click()

    QDesktopServices.setUrlHandler("https", browser, "open")
    try:
        QTimer.singleShot(0, answer)
        act()
        settle()
    finally:
        QDesktopServices.unsetUrlHandler("https")
    return browser.opened, said


def test_facts_are_told_with_where_they_come_from(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    shown.open_details(
        details(
            base_models=("maker/Base",),
            openness=(("weights", "mit"), ("data", "a/b, c/d"), ("code", "https://example.org/code")),
            has_template=False,
        )
    )
    listed = shown.details.page.facts
    told = {label.accessibleName() for label in listed.findChildren(QLabel) if label.accessibleName()}
    assert {
        "On the Hub: https://huggingface.co/maker/Model-0-1B-GGUF",
        "Made from: https://huggingface.co/maker/Base",
        "Languages: English, French",
        "Architecture: llama",
        "Chat template: no: it continues texts rather than answering",
        "Data: a/b, c/d",
        "Code: https://example.org/code",
    } <= told
    opened, said = followed(monkeypatch, shown, lambda: listed.link_activated.emit("https://example.org/code"))
    assert "https://example.org/code" in said
    assert opened == ["https://example.org/code"]
    shown.hear(HubModelOpened("maker/Model-0-1B-GGUF", details()))
    assert any("states nothing" in label.text() for label in listed.findChildren(QLabel) if label.isVisible())


def test_texts_of_strangers_are_never_markup() -> None:
    shown_text = linked_text('<img src="file:///x"> & https://example.org/a?b=1&c="d" end')
    assert "<img" not in shown_text
    assert 'href="https://example.org/a?b=1&amp;c="' in shown_text
    result = result_of(HubModel("a/<b>x</b>", licence="<i>"), 0)
    assert result.verdict_text == ""
    assert result.parameters == "–"


# The card


def test_the_card_is_read_on_a_page_of_its_own(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    shown.open_details()
    shown.details.switch.click()
    settle()
    card = shown.details.card
    assert card.isVisible()
    assert card.verticalScrollBar().value() == 0
    (widget,) = card.widgets.values()
    assert not [button for button in widget.findChildren(QPushButton) if button.isVisible()]
    assert card.accessibleName() == "Card of the model"
    assert "https://example.org/paper" in widget.area.flow.links()
    card.select_all()
    text = card.selected_text()
    assert "Tiny is a small model" in text
    assert "tracker.test" not in text
    opened, said = followed(monkeypatch, shown, lambda: card.link_activated.emit("https://example.org/paper"))
    assert opened == ["https://example.org/paper"]
    assert "https://example.org/paper" in said
    shown.details.switch.click()
    assert shown.details.page.isVisible()


def test_a_long_card_begins_at_its_beginning_in_any_size(qtbot: QtBot) -> None:
    shown = Shown(qtbot, width=430, height=400)
    shown.open_details(details(card="# First\n\n" + "Words that go on and on. " * 3000))
    shown.details.switch.click()
    settle()
    bar = shown.details.card.verticalScrollBar()
    assert bar.value() == 0
    assert bar.maximum() > 1000
    shown.window.resize(900, 700)
    settle()
    assert bar.value() == 0
    QTest.keyClick(shown.details.card, Qt.Key.Key_End)
    settle()
    assert bar.value() > bar.maximum() - 400


@pytest.mark.parametrize(
    ("source", "shown_as"),
    [
        ("plain *text*", "plain *text*"),
        ("<h2>Title</h2>text", "## Title\n\ntext"),
        ("<b> bold </b> and <i>x</i>", "**bold** and *x*"),
        ("<b></b><strong><img src=x></strong>text", "text"),
        ("**a** **b**", "**a** **b**"),
        ("one<br/>two", "one\ntwo"),
        ('<a href="https://x.test/a?b=1&amp;c=2">here</a>', "[here](https://x.test/a?b=1&c=2)"),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ('<a href="https://x.test/) [evil](https://y.test">here</a>', "here"),
        ("<a><a href='https://x.test'>in</a></a>out", "[in](https://x.test)out"),
        ("</a></b></table>text", "text"),
        ("![logo.png](https://x.test/logo.png)text", "text"),
        ("![a chart of scores](https://x.test/c.png)", "a chart of scores"),
        ("[![badge](https://x.test/b.svg)](https://y.test) text", "text"),
        ("<script>alert(1)</script>a<style>p {}</style>b<!-- c -->d", "abd"),
        ("<iframe src='https://x.test'></iframe>text<script>never closed", "text"),
        ("see [the paper][1].\n\n[1]: https://x.test/p 'Title'\n", "see [the paper](https://x.test/p)."),
        ("```html\n<b>code</b>\n```\n<b>text</b>", "```html\n<b>code</b>\n```\n**text**"),
        ("a `<b>` tag", "a `<b>` tag"),
        ("<div>\n    <p>indented</p>\n</div>", "indented"),
        ("2 < 3 and 4 > 3", "2 < 3 and 4 > 3"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
    ],
)
def test_html_becomes_what_it_means(source: str, shown_as: str) -> None:
    made = card_markdown(source)
    assert re.sub(r"\s*\n\s*", "\n", made).strip() == re.sub(r"\s*\n\s*", "\n", shown_as)


def test_hostile_cards_are_read_in_no_time() -> None:
    size = 200_000
    for piece in ("<a ", '<a "', "<script ", "![](", "[a]: http://x\n", "<b>x ", "```\n", "\n ", "<!--", "[ ]("):
        card_markdown(piece * (size // len(piece)))
    assert len(card_markdown("x" * 2 * size)) == size


def test_a_teaser_is_the_first_paragraph_that_says_something() -> None:
    assert teaser(CARD).startswith("Tiny is a small model")
    assert teaser("# Only a title\n\nshort") == ""
    assert teaser("[A link that is long enough to be a sentence of its own, but no text](https://x.test)") == ""
    long = teaser("word " * 200)
    assert len(long) < 330
    assert long.endswith("word…")


# In any room


@pytest.mark.parametrize(("zoom", "width", "height"), SIZES)
def test_nothing_is_cut(qtbot: QtBot, zoom: int, width: int, height: int) -> None:
    shown = Shown(qtbot, zoom=zoom / 100, width=width, height=height)
    assert (shown.window.width(), shown.window.height()) == (width, height)
    assert cut(shown.section) == []
    shown.online(30, more=True)
    assert cut(shown.section) == []
    if shown.browse.fold.isVisible():
        shown.browse.fold.click()
    shown.browse.filters.fits.click()
    shown.found(models(3))
    assert cut(shown.section) == []
    shown.open()
    full = details(terms_url="https://huggingface.co/maker/x", gated="manual", openness=(("weights", "x" * 200),))
    shown.hear(HubModelOpened("maker/Model-0-1B-GGUF", full))
    assert shown.details.page.isVisible()
    assert cut(shown.details.page) == []
    assert (shown.window.width(), shown.window.height()) == (width, height)


def test_filters_fold_where_there_is_little_room(qtbot: QtBot) -> None:
    shown = Shown(qtbot, width=430, height=400)
    browse = shown.browse
    assert not browse.filters.isVisible()
    browse.fold.click()
    assert browse.filters.isVisible()
    browse.filters.task.choose(Task.CODE)
    assert browse.fold.text() == "Filters (1)"
    shown.window.resize(1000, 760)
    settle()
    assert browse.filters.isVisible()
    assert not browse.fold.isVisible()


def test_it_follows_the_theme(shown: Shown) -> None:
    shown.open_details()
    heights = (shown.details.page.choices.height(), shown.section.status.height())
    shown.themes.set_zoom(2.0)
    shown.themes.set_scheme("dark")
    settle()
    # Wider letters leave no room for columns: each row has two lines of the double height.
    assert shown.details.page.choices.height() > 2 * heights[0]
    assert shown.section.status.height() == 2 * heights[1]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2)."""

    def luminance(colour: str) -> float:
        parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
        red, green, blue = ((part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4) for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_words_stand_out(palette: Palette) -> None:
    for one in Verdict:
        assert contrast(getattr(palette, role_of(one)), tint(palette, role_of(one))) >= 4.5
    for role in ("good", "bad", "secondary", "text"):  # on the row that is recommended
        assert contrast(getattr(palette, role), palette.accent_tint) >= 4.5


# Words


def test_sizes_and_counts_in_words() -> None:
    assert [plain(facts.parameters_text(number)) for number in (0, 360 * 10**6, 10**9, 8_190_735_360, 120 * GB)] == [
        "–",
        "360 M",
        "1 B",
        "8.2 B",
        "120 B",
    ]
    counts = (0, 999, 1000, 12_345, 617_000, 999_600, 1_234_567)
    assert [plain(facts.count_text(count)) for count in counts] == [
        "0",
        "999",
        "1 k",
        "12.3 k",
        "617 k",
        "1 M",
        "1.2 M",
    ]
    assert facts.bits_text(5 * GB, 0) == "–"
    assert facts.licence_text("cc-by-nc-4.0") == "CC BY-NC 4.0"
    assert facts.licence_text("something-own") == "something-own"
    assert facts.day_text("not a day") == "not a day"
    assert plain(facts.sizes_text((0.6, 32.0))) == "600 M to 32 B"


def test_a_family_fits_up_to_its_largest_member_that_does() -> None:
    family = CatalogueEntry("a/b", "F", "M", "mit", (4.0, 14.0, 70.0), Task.CHAT, ("en",), {"en": "Good."})
    texts = {memory: plain(family_of(family, "en", memory * GB).verdict_text) for memory in (2, 3, 16, 128)}
    assert texts == {2: "Too large", 3: "Barely fits", 16: "Fits up to 14 B", 128: "Fits"}
    assert family_of(family, "en", 0).verdict is Verdict.UNKNOWN


def test_a_checked_or_waiting_download_is_coming() -> None:
    (row, *_) = rows_of(details(), 16 * GB)

    def standing(state: DownloadState) -> ChoiceRow:
        queue = [download(row.choice, state)]
        return standing_rows([row], "maker/Model-0-1B-GGUF", queue, ())[0]

    assert standing(DownloadState.CHECKING).state == "being checked"
    assert standing(DownloadState.WAITING).state == "waiting for the network"
    assert standing(DownloadState.QUEUED).standing is Standing.COMING
    assert standing_rows([row], "other/repo", [download(row.choice, DownloadState.DONE)], ())[0].state == ""


# With real services and a Hub on the loopback


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[HubDesk]:
    """Return services whose Hub has one model in two quantizations; they are offline."""
    root = tmp_path / "hub"
    for quantization, size in (("Q4_K_M", 300_000), ("Q8_0", 500_000)):
        put(root, "maker/Small-1B-GGUF", f"Small-1B-{quantization}.gguf", size, downloads=77)
    (root / "maker/Small-1B-GGUF/README.md").write_text(f"---\nlicense: mit\n---\n{CARD}")
    with LoopbackHub(root) as hub, hub_desk(hub, tmp_path, online=False) as one:
        yield one


def test_from_nothing_to_a_model_on_the_shelf(desk: HubDesk, qtbot: QtBot) -> None:
    shown = Shown(qtbot)
    bridge = Bridge()
    bridge.published.connect(shown.section.hear)
    desk.heard.watch = bridge.publish
    services = SimpleNamespace(discover=desk.discover, downloads=desk.downloads)
    shown.section.asked.disconnect()
    shown.section.asked.connect(lambda action: desk.loop.post(lambda: action(services)))
    shown.section.go_online_requested.connect(lambda: desk.configure(online=True))
    QTest.keyClick(shown.browse.search, Qt.Key.Key_Down)
    assert desk.hub.asked() == []
    shown.browse.offline_card.button.click()
    qtbot.waitUntil(lambda: shown.names == ["Small-1B"])
    shown.open()
    page = shown.details.page
    qtbot.waitUntil(lambda: page.isVisible() and page.offer.button.isVisible())
    assert page.teaser.text().startswith("Tiny is a small model")
    assert page.offer.heading.text().startswith("Q4_K_M")
    page.offer.button.click()
    qtbot.waitUntil(lambda: page.offer.button.text() == "On the shelf", timeout=20_000)
    (kept,) = desk.shelf.rglob("*.gguf")
    assert kept.stat().st_size == 300_000
    assert {fields["path"].partition("?")[0] for fields in desk.hub.asked("pixel")} == set()
