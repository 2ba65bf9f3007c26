"""The windows about the network: every connection is listed, and a token goes to the keyring or lasts for this run."""

import time
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail
from PySide6.QtCore import QItemSelectionModel, QLocale, QRect, Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QMessageBox, QPushButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from desktop_app.core.errors import Problem
from desktop_app.library.connections import Connection
from desktop_app.services.events import Event
from desktop_app.services.hub_events import ConnectionsListed, OnlineChanged, TokenKept
from desktop_app.system.paths import resources_dir
from desktop_app.system.settings import Settings
from desktop_app.ui.bridge import Bridge
from desktop_app.ui.connections_dialog import ConnectionsDialog
from desktop_app.ui.lists.connection_list import Column, ConnectionList
from desktop_app.ui.network_windows import NetworkWindows
from desktop_app.ui.settings_page import SettingsPage
from desktop_app.ui.style import style_sheet
from desktop_app.ui.theme import DARK, LIGHT, ThemeManager, load_fonts
from desktop_app.ui.token_dialog import TokenDialog
from tests.helpers.hub_desk import hub_desk, put
from tests.helpers.loopback_hub import LoopbackHub
from tests.ui.test_large_text import cut, settle

TOKEN = "hf_" + "a" * 30


def connection(number: int, **values: object) -> Connection:
    """Return a connection that began so many seconds ago."""
    facts = {"host": "hub.test", "purpose": "search", "sent": 400, "received": 52_000, "status": 200, "error": ""}
    return Connection(time=float(int(time.time()) - number), **{**facts, **values})  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Write numbers as in English."""
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


class Shown:
    """A window with the windows about the network, and what they have asked."""

    def __init__(self, bot: QtBot, scheme: str = "light", zoom: float = 1.0) -> None:
        load_fonts(resources_dir() / "fonts")
        themes = ThemeManager(scheme, zoom)
        self.window = QMainWindow()
        self.window.setStyleSheet(style_sheet(themes.theme, resources_dir() / "icons"))
        bot.addWidget(self.window)
        self.windows = NetworkWindows(themes, self.window)
        self.asked: list[object] = []
        self.windows.asked.connect(self.asked.append)
        with bot.waitExposed(self.window):
            self.window.show()

    def connections(self, *connections: Connection, online: bool = True) -> ConnectionsDialog:
        """Show the connections; the newest last."""
        self.windows.show_connections()
        dialog = self.windows.connections
        assert dialog is not None
        dialog.hear(ConnectionsListed(connections, online))
        settle()
        return dialog

    def token(self, endpoint: str = "") -> TokenDialog:
        """Ask for the token."""
        self.windows.ask_token(endpoint)
        assert self.windows.token is not None
        return self.windows.token


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    """Return the windows about the network."""
    return Shown(qtbot)


def rows(dialog: ConnectionsDialog) -> list[list[str]]:
    """Return what the table shows."""
    model = dialog.shown_rows
    return [
        [str(model.index(row, column).data()).replace("\N{NO-BREAK SPACE}", " ") for column in Column]
        for row in range(model.rowCount())
    ]


# The connections


def test_the_list_is_a_sound_model(qtmodeltester: ModelTester) -> None:
    model = ConnectionList()
    qtmodeltester.check(model)
    model.show_connections([connection(number) for number in range(30, 0, -1)])
    model.show_connections([connection(number) for number in range(28, -3, -1)])  # two have gone, three have come
    assert model.rowCount() == 31
    model.show_connections([connection(500)])
    assert model.rowCount() == 1
    model.show_connections([])
    assert model.rowCount() == 0


def test_connections_are_told_in_full(shown: Shown) -> None:
    dialog = shown.connections(
        connection(90_000_000),
        connection(300, status=0),
        connection(20, host="cdn.test", purpose="download", received=2_490_000_000, status=206),
        connection(10, received=0, status=0, error="ConnectTimeout"),
        connection(5, received=0, status=403),
        connection(0, received=0, status=0),
    )
    told = rows(dialog)
    assert [row[1:] for row in told] == [
        ["hub.test", "search", "0 bytes", "400 bytes", "under way"],
        ["hub.test", "search", "0 bytes", "400 bytes", "403"],
        ["hub.test", "search", "0 bytes", "400 bytes", "ConnectTimeout"],
        ["cdn.test", "download", "2.5 GB", "400 bytes", "206"],
        ["hub.test", "search", "52.0 kB", "400 bytes", "no answer"],
        ["hub.test", "search", "52.0 kB", "400 bytes", "200"],
    ]
    assert "/" in told[-1][0]  # of another day
    assert dialog.state_text == "6 connections · 2.5\N{NO-BREAK SPACE}GB received · Connections to the Hub are allowed."
    dialog.hear(OnlineChanged(online=False))
    assert "offline" in dialog.state_text


def test_none_is_said_and_so_is_a_filter_that_finds_none(shown: Shown, qtbot: QtBot) -> None:
    dialog = shown.connections(online=False)
    assert dialog.state_text.startswith("Causerie has opened no connection.")
    assert not dialog.copy_button.isEnabled()
    dialog.hear(ConnectionsListed((connection(2), connection(1, host="cdn.test")), True))
    assert "no connection" not in dialog.state_text
    qtbot.keyClicks(dialog.filter, "cdn")
    assert [row[1] for row in rows(dialog)] == ["cdn.test"]
    assert dialog.state_text.startswith("1 connection ·")
    qtbot.keyClicks(dialog.filter, "xyz")
    assert dialog.state_text.startswith("No connection has this in it.")


def test_new_connections_leave_the_selection_alone(shown: Shown) -> None:
    old = [connection(3), connection(2), connection(1, status=0)]
    dialog = shown.connections(*old)
    row = dialog.shown_rows.index(1, 0)
    flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    dialog.table.selectionModel().setCurrentIndex(row, flags)
    dialog.hear(ConnectionsListed((*old[1:-1], connection(1, status=200), connection(0)), True))
    chosen = dialog.table.selectionModel().selectedRows()
    assert [index.row() for index in chosen] == [2]
    assert [row[Column.STATUS] for row in rows(dialog)] == ["200", "200", "200"]


def test_copying_takes_the_chosen_lines_or_all(shown: Shown, qtbot: QtBot) -> None:
    dialog = shown.connections(connection(2), connection(1, host="cdn.test", error="a\tb\nc"))
    dialog.copy_button.click()
    lines = QApplication.clipboard().text().splitlines()
    assert [line.split("\t")[1] for line in lines[1:]] == ["cdn.test", "hub.test"]
    assert [len(line.split("\t")) for line in lines] == [6, 6, 6]
    dialog.table.selectRow(1)
    dialog.table.setFocus()
    qtbot.keyClick(dialog.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert [line.split("\t")[1] for line in QApplication.clipboard().text().splitlines()[1:]] == ["hub.test"]


def test_sorting_by_what_was_received(shown: Shown) -> None:
    dialog = shown.connections(connection(3, received=9), connection(2, received=100), connection(1, received=20))
    dialog.table.sortByColumn(Column.RECEIVED, Qt.SortOrder.DescendingOrder)
    assert [row[Column.RECEIVED] for row in rows(dialog)] == ["100 bytes", "20 bytes", "9 bytes"]
    heading = dialog.shown_rows.headerData(Column.RECEIVED, Qt.Orientation.Horizontal)
    assert heading == "Received ↓"


def test_a_thousand_are_shown_at_once(shown: Shown) -> None:
    many = [connection(number) for number in range(1000, 0, -1)]
    dialog = shown.connections(*many)
    begin = time.thread_time()
    dialog.hear(ConnectionsListed((*many[1:], connection(0)), True))
    assert time.thread_time() - begin < 0.05
    assert dialog.shown_rows.rowCount() == 1000


@pytest.mark.parametrize(("scheme", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_failures_have_their_colour(qtbot: QtBot, scheme: str, palette: object) -> None:
    dialog = Shown(qtbot, scheme).connections(connection(1, error="refused"))
    image = dialog.table.viewport().grab().toImage()
    bad = QColor(palette.bad)  # type: ignore[attr-defined]

    def near(x: int, y: int) -> bool:
        one = image.pixelColor(x, y)
        return all(abs(a - b) < 40 for a, b in zip(one.getRgb()[:3], bad.getRgb()[:3], strict=True))

    assert any(near(x, y) for x in range(image.width()) for y in range(min(image.height(), 40)))


def test_connections_are_heard_from_the_services_while_it_is_open(shown: Shown, qtbot: QtBot, tmp_path: Path) -> None:
    put(tmp_path / "hub", "acme/One-1B-GGUF", "One-1B-Q4_0.gguf", 1000)
    with LoopbackHub(tmp_path / "hub") as hub, hub_desk(hub, tmp_path / "profile") as desk:
        bridge = Bridge()
        bridge.published.connect(shown.windows.hear)
        desk.heard.watch = bridge.publish
        shown.windows.asked.connect(lambda act: desk.loop.post(lambda: act(desk)))
        shown.windows.show_connections()
        dialog = shown.windows.connections
        assert dialog is not None
        qtbot.waitUntil(lambda: dialog.state_text.startswith("Causerie has opened no connection."))
        desk.ask(desk.discover.open, "acme/One-1B-GGUF")
        qtbot.waitUntil(lambda: any(row[Column.STATUS] == "200" for row in rows(dialog)))
        assert {row[Column.HOST] for row in rows(dialog)} == {"127.0.0.1"}
        dialog.close_button.click()
        assert not dialog.isVisible()
        desk.heard.forget()
        before = rows(dialog)
        desk.ask(desk.discover.open, "acme/One-1B-GGUF", anew=True)
        qtbot.waitUntil(lambda: "HubModelOpened" in desk.heard.kinds())
        assert desk.heard.of(ConnectionsListed) == []
        assert rows(dialog) == before
        shown.windows.show_connections()
        again = shown.windows.connections
        assert again is not None
        qtbot.waitUntil(lambda: len(rows(again)) > len(before))
        qtbot.keyClick(again, Qt.Key.Key_Escape)
        assert not again.isVisible()


# The token


@pytest.fixture
def _no_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    yield
    keyring.set_keyring(before)


def state(dialog: TokenDialog) -> str:
    """Return what is said of the last thing asked."""
    settle()
    return dialog.state_text


def enter(dialog: TokenDialog, text: str) -> None:
    """Paste a token and save it."""
    dialog.field.setText(text)
    dialog.save_button.click()


def test_a_token_is_not_shown(shown: Shown, qtbot: QtBot) -> None:
    dialog = shown.token()
    qtbot.waitUntil(dialog.field.hasFocus)
    assert dialog.field.echoMode() is QLineEdit.EchoMode.Password
    assert not dialog.save_button.isEnabled()
    dialog.see_button.click()
    assert dialog.field.echoMode() is QLineEdit.EchoMode.Normal
    dialog.see_button.click()
    assert dialog.field.echoMode() is QLineEdit.EchoMode.Password
    assert dialog.address == "https://huggingface.co/settings/tokens"
    dialog.close_button.click()
    assert shown.token("https://mirror.test/").address == "https://mirror.test/settings/tokens"


@pytest.mark.parametrize(
    ("event", "words", "emptied"),
    [
        (TokenKept(True, "ada"), "The token is saved in your keyring. It belongs to ada.", True),
        (TokenKept(True, ""), "The token is saved in your keyring.", True),
        (TokenKept(False, "ada"), "kept for this run only", True),
        (TokenKept(False, "", Problem("hub_token", "It is not accepted.")), "It is not accepted.", False),
    ],
    ids=["kept", "offline", "no keyring", "refused"],
)
def test_it_says_how_it_went(shown: Shown, event: Event, words: str, emptied: bool) -> None:
    dialog = shown.token()
    enter(dialog, f"  {TOKEN}\n")
    assert len(shown.asked) == 1
    assert state(dialog) == "Saving…"
    assert not dialog.save_button.isEnabled()
    assert not dialog.forget_button.isEnabled()
    shown.windows.hear(event)
    assert words in state(dialog)
    assert dialog.field.text().strip() == ("" if emptied else TOKEN)
    assert dialog.field.hasFocus() is not emptied
    assert dialog.forget_button.isEnabled()


@pytest.mark.parametrize("text", ["hf_a b", "hf_é", "hf_a\x07"])
def test_what_cannot_be_a_token_is_not_sent(shown: Shown, text: str) -> None:
    dialog = shown.token()
    enter(dialog, text)
    assert shown.asked == []
    assert "only plain letters" in state(dialog)
    dialog.field.setText("hf_a")
    assert state(dialog) == ""


@pytest.mark.parametrize(("kept", "words"), [(True, "The token is forgotten."), (False, "did not delete it")])
def test_forgetting(shown: Shown, kept: bool, words: str) -> None:
    dialog = shown.token()
    dialog.forget_button.click()
    assert len(shown.asked) == 1
    shown.windows.hear(TokenKept(kept, ""))
    assert words in state(dialog)


def test_the_address_is_shown_before_the_browser_opens(shown: Shown) -> None:
    dialog = shown.token()
    seen: list[str] = []

    def refuse() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        seen.append(box.informativeText())
        box.reject()

    QTimer.singleShot(0, refuse)
    dialog.link.click()
    assert seen == [dialog.address]


@pytest.mark.usefixtures("_no_keyring")
def test_a_token_reaches_the_services(shown: Shown, qtbot: QtBot, tmp_path: Path) -> None:
    with LoopbackHub(tmp_path / "hub") as hub, hub_desk(hub, tmp_path / "profile", online=False) as desk:
        bridge = Bridge()
        bridge.published.connect(shown.windows.hear)
        desk.heard.watch = bridge.publish
        shown.windows.asked.connect(lambda act: desk.loop.post(lambda: act(desk)))
        dialog = shown.token(hub.endpoint)
        enter(dialog, TOKEN)
        qtbot.waitUntil(lambda: "for this run only" in dialog.state_text)
        assert desk.session.options.token == TOKEN
        dialog.forget_button.click()
        qtbot.waitUntil(lambda: dialog.state_text == "The token is forgotten.")
        assert desk.session.options.token == ""
    assert isinstance(keyring.get_keyring(), KeyringBackend)


# Both


@pytest.mark.parametrize("room", [(1280, 800), (800, 600), (430, 400)], ids=str)
@pytest.mark.parametrize("zoom", [1.0, 2.0])
def test_they_fit_the_screen(qtbot: QtBot, room: tuple[int, int], zoom: float) -> None:
    one = Shown(qtbot, zoom=zoom)
    connections = one.connections(*(connection(number) for number in range(40, 0, -1)))
    token = one.token()
    enter(token, TOKEN)
    one.windows.hear(TokenKept(False, ""))
    for dialog in (connections, token):
        assert dialog.screen().availableGeometry().contains(dialog.frameGeometry())
        dialog.fit_into(QRect(0, 0, *room))
        settle()
        assert dialog.width() <= room[0]
        assert dialog.height() <= room[1]
        assert cut(dialog) == []
        for button in dialog.findChildren(QPushButton):
            assert button.accessibleName() or button.text()
    assert connections.table.height() >= 100


def test_one_window_of_each(shown: Shown) -> None:
    first = shown.connections()
    assert shown.connections() is first
    token = shown.token()
    assert shown.token() is token
    token.reject()
    assert shown.token() is not token


def test_the_settings_lead_to_them(qtbot: QtBot, tmp_path: Path) -> None:
    load_fonts(resources_dir() / "fonts")
    page = SettingsPage(ThemeManager("light"), Settings(tmp_path / "settings.json"), lambda problem: None)
    qtbot.addWidget(page)
    qtbot.waitUntil(lambda: hasattr(page, "token_button"))
    assert page.token_button.accessibleName() == "Token of the Hub: Enter or forget…"
    with qtbot.waitSignal(page.token_requested):
        page.token_button.click()
    with qtbot.waitSignal(page.connections_requested):
        page.connections_button.click()
