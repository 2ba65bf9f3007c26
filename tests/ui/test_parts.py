"""The parts of the window one by one."""

import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, QProcess, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from desktop_app.core.conversation import Conversation
from desktop_app.core.sampling import PARAMETERS, SamplingSettings, changed
from desktop_app.core.search import SearchHit
from desktop_app.services import events
from desktop_app.ui.lists.conversation_list import ConversationList
from desktop_app.ui.lists.conversation_rows import ConversationRow, Heading, Section, rows_of
from desktop_app.ui.model_drop import ModelDrop
from desktop_app.ui.sampling_panel import SLIDER_STEPS, SamplingPanel, from_slider, to_slider
from desktop_app.ui.single_instance import SingleInstance
from desktop_app.ui.theme import DARK, LIGHT, Palette, ThemeManager
from tests.helpers.window import OpenWindow

Open = Callable[..., OpenWindow]
TEXTS = ("text", "secondary", "hint", "accent", "good", "caution", "bad", "note")
GROUNDS = ("ground", "side", "card", "bubble", "code", "field", "hover", "accent_tint")


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb`` (WCAG 2.2)."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_can_be_read_on_every_ground(palette: Palette) -> None:
    failing = [
        (text, ground, round(contrast(getattr(palette, text), getattr(palette, ground)), 2))
        for text, ground in product(("text", "secondary"), GROUNDS)
        if contrast(getattr(palette, text), getattr(palette, ground)) < 4.5
    ]
    failing += [
        (text, ground, round(contrast(getattr(palette, text), getattr(palette, ground)), 2))
        for text, ground in product(TEXTS, ("ground", "side", "card"))
        if contrast(getattr(palette, text), getattr(palette, ground)) < 4.5
    ]
    assert failing == []
    assert contrast(palette.on_accent, palette.accent) >= 4.5
    assert contrast(palette.ground, palette.text) >= 4.5
    assert contrast(palette.hint, palette.field) >= 4.5


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda one: one.key)
def test_slider_reaches_every_bound_and_comes_back(parameter: object) -> None:
    assert from_slider(parameter, 0) == parameter.minimum
    assert from_slider(parameter, SLIDER_STEPS) == pytest.approx(parameter.maximum)
    for value in (parameter.minimum, parameter.default, parameter.maximum):
        back = from_slider(parameter, to_slider(parameter, value))
        tolerance = (parameter.maximum - parameter.minimum) / 100
        assert back == pytest.approx(value, abs=max(parameter.step, tolerance))


def test_sampling_panel_shows_and_tells(qtbot: QtBot) -> None:
    panel = SamplingPanel(ThemeManager("light"))
    qtbot.addWidget(panel)
    wanted = changed(SamplingSettings(), temperature=1.35, top_k=7, seed=42, max_tokens=128, stop=["END", "\\n"])
    with qtbot.assertNotEmitted(panel.edited):
        panel.set_settings(wanted)
    assert panel.settings == wanted
    with qtbot.waitSignal(panel.edited):
        panel.control("temperature").number.setValue(0.25)
    assert panel.settings == changed(wanted, temperature=0.25)
    with qtbot.waitSignal(panel.edited):
        panel.control("top_k").reset()
    assert panel.settings.top_k == SamplingSettings().top_k


def conversation(number: int, age: timedelta, *, pinned: bool = False) -> Conversation:
    """Return a conversation of an age."""
    when = (datetime.now().astimezone() - age).timestamp()
    return Conversation(id=number, title=f"Conversation {number}", created_at=when, updated_at=when, pinned=pinned)


def test_sections_by_date() -> None:
    today = date.today()
    ages = [timedelta(0), timedelta(days=1), timedelta(days=3), timedelta(days=20), timedelta(days=400)]
    listed = [conversation(number, age) for number, age in enumerate(ages, start=1)]
    rows = rows_of([*listed, conversation(9, timedelta(days=90), pinned=True)], today)
    sections = [row.section for row in rows if isinstance(row, Heading)]
    assert sections == [
        Section.PINNED,
        Section.TODAY,
        Section.YESTERDAY,
        Section.WEEK,
        Section.MONTH,
        Section.OLDER,
    ]
    ids = [row.conversation.id for row in rows if isinstance(row, ConversationRow)]
    assert ids == [9, 1, 2, 3, 4, 5]


def test_conversation_list_is_a_sound_model(qtmodeltester: ModelTester) -> None:
    renamed: list[tuple[int, str]] = []
    model = ConversationList(lambda one, title: renamed.append((one, title)))
    qtmodeltester.check(model)
    model.set_conversations(tuple(conversation(number, timedelta(days=number)) for number in range(40)))
    model.put(conversation(41, timedelta(0)))
    model.remove(3)
    model.set_hits((SearchHit(1, 2, "Title", "a snippet", None, 0.0),))
    assert model.rowCount() == 1
    model.set_hits(None)
    index = model.index(model.row_of(5))
    assert model.setData(index, "  New title ")
    assert not model.setData(index, "   ")
    assert renamed == [(5, "New title")]


def test_second_start_raises_the_first(qtbot: QtBot, tmp_path: Path) -> None:
    first = SingleInstance(tmp_path / "lock", f"causerie-test-{tmp_path.name}")
    assert first.claim()
    first.listen()
    code = (
        "import sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication;"
        "from desktop_app.ui.single_instance import SingleInstance;"
        "application = QCoreApplication([]);"
        f"other = SingleInstance(Path({str(tmp_path / 'lock')!r}), 'causerie-test-{tmp_path.name}');"
        "sys.exit(5 if other.claim() else 0 if other.ask_other('/some/model é.gguf') else 6)"
    )
    process = QProcess()
    heard: list[str] = []
    first.raise_requested.connect(heard.append)
    with qtbot.waitSignals([first.raise_requested, process.finished], timeout=20_000):
        process.start(sys.executable, ["-c", code])
    assert process.exitCode() == 0, bytes(process.readAllStandardError().data()).decode()
    assert heard == ["/some/model é.gguf"]
    first.release()
    again = SingleInstance(tmp_path / "lock", f"causerie-test-{tmp_path.name}")
    assert again.claim()
    again.release()


def test_everything_has_a_name(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    one.ask("```python\nprint(1)\n```")
    for page in ("settings", "models", "trash", ""):
        one.window.show_page(page)
        nameless = [describe(widget) for widget in interactive(one.window) if not name_of(widget)]
        assert nameless == [], page


def interactive(window: QWidget) -> list[QWidget]:
    """Return the visible widgets that take input."""
    kinds = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QLineEdit, QPlainTextEdit)
    found = [widget for kind in kinds for widget in window.findChildren(kind) if widget.isVisible()]
    inner = [widget for widget in found if isinstance(widget.parent(), QAbstractSpinBox)]
    bars = [widget for widget in found if widget.metaObject().className() == "QScrollBar"]
    clear = [widget for widget in found if isinstance(widget.parent(), QLineEdit)]
    return [widget for widget in found if widget not in inner + bars + clear]


def name_of(widget: QWidget) -> str:
    """Return what a screen reader says first."""
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")


def describe(widget: QWidget) -> str:
    """Return enough to find a widget in the code."""
    parent = widget.parent()
    return f"{type(widget).__name__} {widget.objectName()} in {type(parent).__name__}"


def test_tab_reaches_composer_inspector_and_sidebar(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    reached: set[str] = set()
    start = widget = one.window.chat.composer.input
    for _ in range(200):
        widget = widget.nextInFocusChain()
        if widget is start:
            break
        reached.add(widget.objectName() or type(widget).__name__)
    assert {"search", "newConversation", "chip", "number", "sideButton"} <= reached


def test_settings_apply_at_once_and_are_kept(opened: Open, profile: Path) -> None:
    one = opened()
    one.wait_ready()
    one.window.show_page("settings")
    one.window.set_setting("theme", "dark")
    assert one.themes.theme.palette is DARK
    one.window.set_setting("zoom", 150)
    assert one.themes.theme.zoom == 1.5
    one.window.set_setting("system_prompt", "Answer briefly.")
    one.window.new_conversation()
    assert one.window.inspector.system_prompt == "Answer briefly."
    assert one.ask("hello").message.system_prompt == "Answer briefly."
    one.close()
    again = opened(theme="dark")
    assert again.themes.theme.zoom == 1.5
    assert again.window.inspector.system_prompt == "Answer briefly."


def test_columns_fold_away_when_narrow(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    window = one.window
    window.resize(1280, 800)
    one.wait_for(lambda: window.inspector.isVisible() and window.sidebar.isVisible())
    window.resize(800, 600)
    one.wait_for(lambda: not window.inspector.isVisible() and window.sidebar.isVisible())
    window.resize(430, 500)
    one.wait_for(lambda: not window.sidebar.isVisible() and window.chat.header.sidebar_button.isVisible())
    window.resize(1280, 800)
    one.wait_for(lambda: window.inspector.isVisible() and window.sidebar.isVisible())


def test_context_meter_counts_what_is_typed(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    one.ask("hello there")
    one.forget()
    one.window.chat.composer.set_text("one two three four")
    counted = one.wait_event(events.TokensCounted, lambda event: event.count.draft >= 4)
    assert counted.count.total <= counted.count.context_length
    assert one.window.chat.composer.count.text().startswith(str(counted.count.draft))


def test_dropped_model_is_loaded(opened: Open, tmp_path: Path) -> None:
    one = opened()
    one.wait_ready()
    one.forget()
    for name, accepted in (("notes.txt", False), ("some model.GGUF", True)):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
        drop = QDropEvent(
            QPointF(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
        drop.ignore()
        one.window.findChild(ModelDrop).eventFilter(one.window, drop)
        assert drop.isAccepted() == accepted
    loaded = one.wait_event(events.ModelChanged, lambda event: event.state is events.ModelState.READY)
    assert loaded.path == str(tmp_path / "some model.GGUF")


def test_only_a_model_that_loads_is_loaded_at_the_next_start(opened: Open, tmp_path: Path) -> None:
    one = opened()
    one.wait_ready()
    one.forget()
    one.window.load_file("/nowhere/missing.gguf")
    one.wait_event(events.ModelChanged, lambda event: event.state is events.ModelState.FAILED)
    assert one.settings["model"] == ""
    one.window.load_file(str(tmp_path / "other.gguf"))
    one.wait_ready()
    assert one.settings["model"] == str(tmp_path / "other.gguf")


HOSTILE = '<img src="/tmp/x.png"><h1>Big</h1> <b>bold</b>'


def test_texts_of_people_and_models_are_never_markup(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    reply = one.ask(f"say {HOSTILE}").message
    one.window.chat.delete_requested.emit(reply.id)
    one.wait_event(events.BranchTrashed)
    one.window.delete_conversation(reply.conversation_id)
    one.wait_event(events.ConversationTrashed)
    one.window.restore_conversation(reply.conversation_id)
    one.wait_for(lambda: one.window.chat.conversation is not None)
    one.window.show_page("trash")
    one.wait_event(events.TrashListed)
    one.forget()
    one.window.load_file(f"/nowhere/{HOSTILE.replace('/', '∕')}.gguf")
    one.wait_ready()
    one.window.show_page("models")
    one.wait_event(events.ModelsListed)
    shown = [label for label in one.window.findChildren(QLabel) if "<img" in label.text()]
    assert shown
    assert [label.text() for label in shown if label.textFormat() is not Qt.TextFormat.PlainText] == []
    rows = range(one.window.sidebar.list.rowCount())
    tips = [one.window.sidebar.list.index(row).data(Qt.ItemDataRole.ToolTipRole) for row in rows]
    tips += [widget.toolTip() for widget in one.window.findChildren(QWidget)]
    assert [tip for tip in tips if tip and "<img" in tip] == []


def test_esc_in_the_search_box_empties_it(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    one.window.activateWindow()
    one.window.sidebar.focus_search()
    one.window.sidebar.search("hello")
    field = one.window.sidebar.findChild(QLineEdit, "search")
    one.wait_for(field.hasFocus)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert one.window.sidebar.query == ""


def test_composer_grows_with_what_is_pasted(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    composer = one.window.chat.composer
    before = composer.input.height()
    QApplication.clipboard().setText("a long paragraph of words " * 300)
    composer.input.paste()
    one.wait_for(lambda: composer.input.height() > 4 * before)
    assert composer.input.horizontalScrollBar().maximum() == 0 or not composer.input.horizontalScrollBar().isVisible()
    composer.input.clear()
    one.wait_for(lambda: composer.input.height() == before)


def test_fields_leave_files_to_the_window(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    one.window.show_page("settings")
    one.window.show_page("")
    fields = [*one.window.findChildren(QPlainTextEdit), *one.window.findChildren(QLineEdit)]
    assert [describe(field) for field in fields if field.acceptDrops()] == []


def test_trouble_is_told_wherever_one_is(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    one.ask("abort")
    one.wait_event(events.ModelChanged, lambda event: event.state is events.ModelState.CRASHED)
    one.forget()
    one.window.load_file("/nowhere/missing.gguf")
    failed = one.wait_event(events.ModelChanged, lambda event: event.state is events.ModelState.FAILED)
    assert one.window.chat.banner_text == str(failed.problem), "another trouble than the reply tells of"
    one.window.show_page("models")
    one.forget()
    one.window.load_file("/nowhere/denied.gguf")
    failed = one.wait_event(events.ModelChanged, lambda event: event.state is events.ModelState.FAILED)
    one.wait_for(
        lambda: one.window.notices.notice is not None and one.window.notices.notice.text == str(failed.problem)
    )


def test_a_stopped_load_is_no_error(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    one.forget()
    one.window.load_file("/nowhere/slow.gguf")
    one.wait_event(events.ModelChanged, lambda event: event.state is events.ModelState.LOADING)
    one.window.chat.header.cancel_load_requested.emit()
    one.wait_event(events.ModelChanged, lambda event: event.state is events.ModelState.NONE)
    assert one.window.chat.banner_text == ""


def test_renaming_survives_a_reply_that_ends(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    one.ask("first")
    first = one.window.chat.conversation.id
    one.window.new_conversation()
    one.forget()
    one.window.send("slow 25")
    one.wait_event(events.ReplyGrew)
    view = one.window.sidebar.view
    view.setCurrentIndex(one.window.sidebar.list.index(one.window.sidebar.list.row_of(first)))
    view.setFocus()
    one.window.sidebar.rename_current()
    one.wait_for(lambda: view.editor() is not None)
    editor = view.editor()
    editor.setText("kept")
    one.wait_event(events.ReplyEnded)
    one.bot.wait(50)
    assert view.editor() is editor
    QTest.keyClick(editor, Qt.Key.Key_Return)
    one.wait_for(lambda: one.window.sidebar.list.conversation(first).title == "kept")


def test_context_figures_add_up(opened: Open) -> None:
    one = opened(backend="desktop_app.inference.llama_backend")
    one.wait_ready()
    one.window.inspector.system_prompt_changed.emit("Be brief.")
    one.ask("What is a token?")
    one.forget()
    one.window.chat.composer.set_text("And a tokenizer?")
    count = one.wait_event(events.TokensCounted, lambda event: event.count.draft > 0).count
    assert count.system_prompt + count.conversation + count.draft == count.total
