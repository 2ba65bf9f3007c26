"""The transcript with real widgets: what is laid out, scrolled, streamed, pressed, selected and edited."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QAccessible, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop_app.core.conversation import FinishReason, MessageState, Role
from desktop_app.ui.theme import ThemeManager, load_fonts
from desktop_app.ui.transcript import TranscriptItem, TranscriptView
from desktop_app.ui.transcript.area import Area
from desktop_app.ui.transcript.boxes import TextBox
from desktop_app.ui.transcript.code_box import CodeBox
from desktop_app.ui.transcript.column import Anchor

FONTS = Path(__file__).parents[2] / "resources" / "fonts"
CODE = "```python\nfor piece in pieces:\n    print(piece)\n```"


class CountingView(TranscriptView):
    """Counts how often it lays out."""

    layouts = 0

    def refresh(self, anchor: Anchor | None = None) -> None:
        self.layouts += 1
        super().refresh(anchor)


@pytest.fixture
def themes(qapp: QApplication) -> ThemeManager:
    load_fonts(FONTS)
    return ThemeManager("light")


@pytest.fixture
def view(qtbot: QtBot, themes: ThemeManager) -> Iterator[CountingView]:
    made = CountingView(themes)
    qtbot.addWidget(made)
    made.resize(720, 640)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.set_branch([])


@pytest.fixture
def window(qtbot: QtBot, view: CountingView) -> Iterator[QWidget]:
    """Put the transcript between other things that take the keyboard, as in the window."""
    made = QWidget()
    qtbot.addWidget(made)
    layout = QVBoxLayout(made)
    layout.addWidget(QPushButton("Sidebar"))
    layout.addWidget(view)
    layout.addWidget(QLineEdit())
    layout.addWidget(QPushButton("Inspector"))
    made.resize(720, 640)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    view.set_branch([])
    view.setParent(None)


def user(number: int, content: str = "A question?") -> TranscriptItem:
    return TranscriptItem(number, Role.USER, content)


def reply(number: int, content: str = "An answer.", **others: object) -> TranscriptItem:
    return replace(TranscriptItem(number, Role.ASSISTANT, content), **others)


def long_branch(messages: int) -> list[TranscriptItem]:
    text = "A **paragraph** with enough words to be wrapped onto a second line of the column, as most of them are.\n\n"
    return [
        user(number, f"Question {number}")
        if number % 2
        else reply(number, f"Reply {number}\n\n{text * (number % 7)}{CODE}")
        for number in range(1, messages + 1)
    ]


def settle(qtbot: QtBot, view: TranscriptView) -> None:
    """Wait until nothing is left to lay out or to colour."""
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in view.findChildren(QTimer)))


def button(view: TranscriptView, message_id: int, name: str) -> QToolButton:
    found = [
        b for b in view.widgets[message_id].findChildren(QToolButton) if b.accessibleName() == name and b.isVisible()
    ]
    assert len(found) == 1, [b.accessibleName() for b in view.widgets[message_id].findChildren(QToolButton)]
    return found[0]


def names(view: TranscriptView, message_id: int) -> list[str]:
    return [b.accessibleName() for b in view.widgets[message_id].findChildren(QToolButton) if b.isVisible()]


def point_of(view: TranscriptView, message_id: int, text: str, offset: int = 0) -> QPoint:
    """Return where a text of a message stands in the viewport."""
    number = view.column.number_of(message_id)
    assert number is not None
    area = view.column.area(number)
    for place, _, box, top in area.boxes(0, area.height):
        if isinstance(box, TextBox) and text in box.leaf.text:
            start = len(box.leaf.text[: box.leaf.text.index(text)].encode("utf-16-le")) // 2 + offset
            (rect,) = box.leaf.rectangles([(start, start + 1)])
            x = (view.viewport().width() - view.column.width) // 2 + place.x + box.indent + rect.left() + 1
            y = view.column.tops[number] - view.verticalScrollBar().value() + top + rect.center().y()
            return QPointF(x, y).toPoint()
    raise AssertionError(text)


# What is laid out.


def test_only_visible_messages_have_widgets(view: CountingView) -> None:
    view.set_branch(long_branch(500))
    assert len(view.widgets) < 12
    assert 500 in view.widgets
    view.verticalScrollBar().setValue(0)
    assert len(view.widgets) < 12
    assert 1 in view.widgets
    assert len(list(view.column.known_areas())) < 40


def test_another_conversation_opens_at_its_end(view: CountingView) -> None:
    view.set_branch(long_branch(60))
    bar = view.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    view.verticalScrollBar().setValue(0)
    view.set_branch([replace(item, message_id=item.message_id + 1000) for item in long_branch(40)])
    assert bar.value() == bar.maximum() > 0


def test_nothing_runs_at_rest(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch(long_branch(30))
    settle(qtbot, view)
    before = view.layouts
    QApplication.processEvents()
    assert view.layouts == before


def test_scrolling_up_through_guessed_heights_never_jumps(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch(long_branch(80))
    bar = view.verticalScrollBar()
    while bar.value() > 0:
        anchor = view.anchor()
        assert anchor is not None
        before = anchor.offset
        view.verticalScrollBar().setValue(max(0, bar.value() - 40))
        top = view.column.top_for(replace(anchor, offset=0.0))
        assert top is not None
        moved = top - bar.value() - before
        assert moved == pytest.approx(40, abs=1.5) or bar.value() == 0
    assert view.column.tops[0] == 24


def test_a_very_long_reply_is_read_in_slices_and_ends_at_its_end(qtbot: QtBot, view: CountingView) -> None:
    text = "\n\n".join(f"Paragraph {number} with some words." for number in range(3000)) + "\n\nThe very end."
    view.set_branch([reply(1, text)])
    settle(qtbot, view)
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    area = view.column.area(0)
    assert area.flow.is_read
    assert area.flow.boxes[-1].leaf_texts[0] == "The very end."
    assert sum(box.is_exact for box in area.flow.boxes if isinstance(box, TextBox)) < 400


def test_a_hostile_line_of_ten_megabytes_is_shown(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch([reply(1, "x" * 10_000_000)])
    assert view.widgets[1].isVisible()
    view.set_branch([])
    assert not view.widgets


# Streaming.


def test_text_that_arrives_within_a_frame_is_laid_out_once(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch([user(1), reply(2, "", state=MessageState.STREAMING)])
    settle(qtbot, view)
    before = view.layouts
    for word in ("several ", "words ", "at ", "once"):
        view.append_text(2, word)
    settle(qtbot, view)
    assert view.layouts == before + 1
    assert view.items[1].content == "several words at once"
    assert view.column.area(1).flow.boxes[0].leaf_texts[0] == "several words at once"


def test_finished_blocks_keep_their_layout_while_more_arrives(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch([reply(1, "# Title\n\nFirst paragraph.\n\nSecond", state=MessageState.STREAMING)])
    boxes = list(view.column.area(0).flow.boxes)
    view.append_text(1, " grows.\n\nThird")
    settle(qtbot, view)
    after = view.column.area(0).flow.boxes
    assert after[:2] == boxes[:2]
    assert after[2] is not boxes[2]


def test_it_follows_the_end_only_from_the_end(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch([*long_branch(40), reply(41, "", state=MessageState.STREAMING)])
    settle(qtbot, view)
    bar = view.verticalScrollBar()
    for _ in range(20):
        view.append_text(41, "One more line of text.\n\n")
        settle(qtbot, view)
        assert bar.value() == bar.maximum()
    bar.setValue(bar.maximum() - 200)
    value = bar.value()
    for _ in range(5):
        view.append_text(41, "One more line of text.\n\n")
        settle(qtbot, view)
    assert bar.value() == value < bar.maximum() - 200
    bar.setValue(bar.maximum())
    view.append_text(41, "\n\nAnd more.\n\nAnd more.")
    settle(qtbot, view)
    assert bar.value() == bar.maximum()


def test_a_new_question_brings_the_end_to_view(view: CountingView) -> None:
    branch = long_branch(41)
    view.set_branch(branch[:40])
    view.verticalScrollBar().setValue(100)
    view.set_branch(branch)
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()


def test_a_streamed_reply_ends_as_the_same_text_shown_at_once(qtbot: QtBot, view: CountingView) -> None:
    text = long_branch(6)[5].content
    view.set_branch([reply(1, "", state=MessageState.STREAMING)])
    for position in range(0, len(text), 7):
        view.append_text(1, text[position : position + 7])
        view.refresh()
    view.update_message(reply(1, text))
    settle(qtbot, view)
    streamed = view.grab().toImage()
    view.set_branch([])
    view.set_branch([reply(1, text)])
    settle(qtbot, view)
    assert view.grab().toImage() == streamed


def test_drawing_only_what_changed_leaves_no_trace(qtbot: QtBot, view: CountingView) -> None:
    text = f"# T\n\nA paragraph of `code`.\n\n- a\n- b\n\n{CODE}\n\n| a | b |\n|---|---|\n| c | d |\n\nEnd."
    view.set_branch([reply(1, "", state=MessageState.STREAMING)])
    for position in range(0, len(text), 3):
        view.append_text(1, text[position : position + 3])
        view.refresh()
        QApplication.processEvents()
    settle(qtbot, view)
    QApplication.processEvents()
    shown = view.screen().grabWindow(view.winId()).toImage().convertToFormat(view.grab().toImage().format())
    assert shown == view.grab().toImage()


# Actions.


def test_the_last_reply_always_shows_its_actions_and_others_on_hover(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch([user(1), reply(2), user(3), reply(4)])
    assert names(view, 4) == ["Copy", "Regenerate", "Delete"]
    assert names(view, 2) == []
    height = view.widgets[2].height()
    qtbot.mouseMove(view.widgets[2], QPoint(100, 10))
    QApplication.sendEvent(view.widgets[2], enter_event())
    assert names(view, 2) == ["Copy", "Regenerate", "Delete"]
    assert view.widgets[2].height() == height
    QApplication.sendEvent(view.widgets[1], enter_event())
    assert names(view, 1) == ["Copy", "Edit", "Delete"]


def enter_event() -> object:
    from PySide6.QtGui import QEnterEvent

    return QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5))


@pytest.mark.parametrize(
    ("others", "offered"),
    [
        ({}, False),
        ({"finish_reason": FinishReason.STOP}, False),
        ({"finish_reason": FinishReason.LENGTH}, True),
        ({"finish_reason": FinishReason.CANCELLED}, True),
        ({"finish_reason": FinishReason.CONTEXT_FULL}, True),
        ({"state": MessageState.INTERRUPTED}, True),
        ({"state": MessageState.FAILED, "error": "It failed."}, True),
    ],
)
def test_continue_is_offered_for_a_cut_reply(view: CountingView, others: dict[str, object], offered: bool) -> None:
    view.set_branch([user(1), reply(2, **others)])
    assert ("Continue" in names(view, 2)) is offered


@pytest.mark.parametrize(
    ("name", "signal", "arguments"),
    [
        ("Regenerate", "regenerate_requested", [2]),
        ("Continue", "continue_requested", [2]),
        ("Delete", "delete_requested", [2]),
        ("Show the previous version", "sibling_requested", [2, -1]),
        ("Show the next version", "sibling_requested", [2, 1]),
    ],
)
def test_actions_ask(qtbot: QtBot, view: CountingView, name: str, signal: str, arguments: list[int]) -> None:
    view.set_branch([user(1), reply(2, finish_reason=FinishReason.LENGTH, sibling_index=1, sibling_count=3)])
    with qtbot.waitSignal(getattr(view, signal)) as blocker:
        qtbot.mouseClick(button(view, 2, name), Qt.MouseButton.LeftButton)
    assert blocker.args == arguments


def test_the_first_and_last_sibling_have_nowhere_to_go(view: CountingView) -> None:
    view.set_branch([reply(1, sibling_index=0, sibling_count=2)])
    assert not button(view, 1, "Show the previous version").isEnabled()
    assert button(view, 1, "Show the next version").isEnabled()


def test_copy_takes_the_source_and_the_code(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch([user(1), reply(2, f"Some *text*.\n\n{CODE}")])
    buttons = [b for b in view.widgets[2].findChildren(QToolButton) if b.accessibleName() == "Copy" and b.isVisible()]
    copies = {b.toolTip(): b for b in buttons}
    with qtbot.waitSignal(view.copied):
        qtbot.mouseClick(copies["Copy this reply as Markdown"], Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == f"Some *text*.\n\n{CODE}"
    qtbot.mouseClick(copies["Copy this code"], Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "for piece in pieces:\n    print(piece)"


def test_a_streaming_reply_has_no_actions_and_nothing_jumps_at_its_end(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch([user(1), reply(2, "Text", state=MessageState.STREAMING)])
    assert names(view, 2) == []
    height = view.widgets[2].height()
    view.update_message(reply(2, "Text", statistics=("11.4 tok/s",)))
    settle(qtbot, view)
    assert names(view, 2) == ["Copy", "Regenerate", "Delete"]
    assert view.widgets[2].height() == height


def test_a_failed_reply_says_why_and_offers_to_reload(qtbot: QtBot, view: CountingView) -> None:
    view.set_model_troubled(True)
    view.set_branch([user(1), reply(2, "Part", state=MessageState.FAILED, error="The model ran out of memory.")])
    with qtbot.waitSignal(view.reload_requested):
        qtbot.mouseClick(button(view, 2, "Reload the model"), Qt.MouseButton.LeftButton)


def test_reloading_is_offered_under_the_last_reply_while_the_model_is_troubled(
    qtbot: QtBot, view: CountingView
) -> None:
    failed = reply(2, "Part", state=MessageState.FAILED, error="The model ran out of memory.")
    view.set_branch([user(1), failed])
    assert "Reload the model" not in names(view, 2)
    height = view.widgets[2].height()
    view.set_model_troubled(True)
    settle(qtbot, view)
    assert "Reload the model" in names(view, 2)
    assert view.widgets[2].height() > height
    view.set_branch([user(1), failed, user(3), replace(failed, message_id=4)])
    assert "Reload the model" not in names(view, 2)
    assert "Reload the model" in names(view, 4)
    tops = list(view.column.tops)
    assert view.widgets[2].height() <= height
    view.set_model_troubled(False)
    settle(qtbot, view)
    assert "Reload the model" not in names(view, 4)
    assert view.column.tops == tops
    view.set_model_troubled(True)
    view.set_branch([user(1), failed, user(3), reply(4)])
    settle(qtbot, view)
    assert "Reload the model" not in names(view, 4)


def test_reasoning_is_folded_and_opens(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch([user(1), reply(2, "Answer", reasoning="Step *one*.\n\nStep two.", reasoning_seconds=3.2)])
    height = view.widgets[2].height()
    fold = button(view, 2, "Thought for 3 s")
    qtbot.mouseClick(fold, Qt.MouseButton.LeftButton)
    assert view.widgets[2].height() > height + 40
    assert button(view, 2, "Thought for 3 s").isChecked()
    view.select_all()
    assert view.selected_text() == "A question?\n\nStep one.\n\nStep two.\n\nAnswer"
    qtbot.mouseClick(fold, Qt.MouseButton.LeftButton)
    assert view.widgets[2].height() == height


def test_reasoning_streams_before_the_answer(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch([reply(1, "", state=MessageState.STREAMING)])
    view.append_text(1, "", "I think")
    settle(qtbot, view)
    assert button(view, 1, "Thinking…").isVisible()
    qtbot.mouseClick(button(view, 1, "Thinking…"), Qt.MouseButton.LeftButton)
    view.append_text(1, "", " more")
    settle(qtbot, view)
    assert view.column.area(0).thoughts.boxes[0].leaf_texts[0] == "I think more"


def test_the_line_of_dropped_messages_moves(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch([user(1), reply(2), user(3), reply(4)])
    heights = list(view.column.heights)
    view.set_kept_from(3)
    settle(qtbot, view)
    assert view.column.heights[2] == heights[2] + 44
    view.set_kept_from(None)
    settle(qtbot, view)
    assert view.column.heights == heights


# Editing.


def editor_of(view: TranscriptView, message_id: int) -> QPlainTextEdit:
    return view.widgets[message_id].findChild(QPlainTextEdit)


def test_editing_in_the_bubble_sends_on_enter(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch([user(1, "Old"), reply(2)])
    view.begin_edit(1)
    editor = editor_of(view, 1)
    assert editor.toPlainText() == "Old"
    qtbot.keyClicks(editor, " and new")
    qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(editor, "line")
    with qtbot.waitSignal(view.edit_submitted) as blocker, qtbot.waitSignal(view.edit_ended):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert blocker.args == [1, "Old and new\nline"]
    settle(qtbot, view)
    assert view.widgets[1].editor is None


def test_escape_leaves_the_message_as_it_was(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch([user(1, "Old"), reply(2)])
    height = view.widgets[1].height()
    view.begin_edit(1)
    qtbot.keyClicks(editor_of(view, 1), " new")
    with qtbot.waitSignal(view.edit_ended), qtbot.assertNotEmitted(view.edit_submitted):
        qtbot.keyClick(editor_of(view, 1), Qt.Key.Key_Escape)
    settle(qtbot, view)
    assert view.widgets[1].height() == height
    assert view.column.area(0).flow.source == "Old"


@pytest.mark.parametrize("on_button", [False, True])
def test_escape_ends_the_edit_before_a_shortcut_of_the_window_takes_it(
    qtbot: QtBot, window: QWidget, view: CountingView, on_button: bool
) -> None:
    shortcut = QShortcut(QKeySequence("Escape"), window)
    view.set_branch([user(1, "Old"), reply(2)])
    view.begin_edit(1)
    if on_button:
        button(view, 1, "Cancel").setFocus()
    focus = QApplication.focusWidget()
    with qtbot.waitSignal(view.edit_ended, timeout=1000), qtbot.assertNotEmitted(shortcut.activated):
        qtbot.keyClick(focus, Qt.Key.Key_Escape)
    assert view.edited is None
    view.setFocus()
    with qtbot.waitSignal(shortcut.activated, timeout=1000):
        qtbot.keyClick(view, Qt.Key.Key_Escape)


def test_escape_clears_the_selection_before_a_shortcut_of_the_window_takes_it(
    qtbot: QtBot, window: QWidget, view: CountingView
) -> None:
    shortcut = QShortcut(QKeySequence("Escape"), window)
    view.set_branch([user(1), reply(2)])
    view.setFocus()
    view.select_all()
    with qtbot.assertNotEmitted(shortcut.activated):
        qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.selected_text() == ""
    with qtbot.waitSignal(shortcut.activated, timeout=1000):
        qtbot.keyClick(view, Qt.Key.Key_Escape)


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_after_an_edit_the_keyboard_is_free_and_nothing_scrolls(
    qtbot: QtBot, window: QWidget, view: CountingView, key: Qt.Key
) -> None:
    view.set_branch(long_branch(20))
    view.begin_edit(9)
    settle(qtbot, view)
    place = view.widgets[9].y()
    field = window.findChild(QLineEdit)
    view.edit_ended.connect(field.setFocus)
    visited: list[QWidget | None] = []
    QApplication.instance().focusChanged.connect(lambda _, now: visited.append(now))
    qtbot.keyClicks(editor_of(view, 9), "!")
    qtbot.keyClick(editor_of(view, 9), key)
    settle(qtbot, view)
    assert QApplication.focusWidget() is field
    assert all(widget is None or widget is field for widget in visited)
    assert view.widgets[9].y() == place


def test_what_is_typed_into_the_transcript_is_handed_on(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch(long_branch(20))
    view.verticalScrollBar().setValue(0)
    typed: list[str] = []
    view.typed.connect(typed.append)
    qtbot.keyClicks(view, "hÉ?")
    for modifier in ("ControlModifier", "AltModifier", "MetaModifier"):
        qtbot.keyClick(view, Qt.Key.Key_K, Qt.KeyboardModifier[modifier])
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Backspace, Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Space):
        qtbot.keyClick(view, key)
    assert typed == ["h", "É", "?"]
    assert view.verticalScrollBar().value() > 200
    view.widgets[next(iter(view.widgets))].setFocus()
    qtbot.keyClicks(QApplication.focusWidget() or view, "x")
    assert typed[3:] == ["x"]


def test_the_key_that_sends_is_that_of_the_settings(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch([user(1, "Old"), reply(2)])
    view.set_send_key("ctrl_enter")
    view.begin_edit(1)
    editor = editor_of(view, 1)
    assert "Ctrl Enter sends" in editor.accessibleDescription()
    with qtbot.assertNotEmitted(view.edit_submitted):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
        qtbot.keyClick(editor, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
        qtbot.keyClicks(editor, "new")
    with qtbot.waitSignal(view.edit_submitted) as blocker:
        qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert blocker.args == [1, "Old\n\nnew"]
    view.begin_edit(1)
    view.set_send_key("enter")
    editor = view.widgets[1].editor.findChild(QPlainTextEdit)
    assert editor.accessibleDescription().startswith("Enter sends")
    qtbot.keyClicks(editor, "er")
    with qtbot.waitSignal(view.edit_submitted):
        qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    view.begin_edit(1, "Wholly new")
    with qtbot.waitSignal(view.edit_submitted):
        qtbot.keyClick(view.widgets[1].editor.findChild(QPlainTextEdit), Qt.Key.Key_Enter)


def test_an_unchanged_message_is_not_sent_again(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch([user(1, "Old\n"), reply(2)])
    view.begin_edit(1)
    editor = editor_of(view, 1)
    qtbot.keyClicks(editor, " ")
    with qtbot.assertNotEmitted(view.edit_submitted), qtbot.waitSignal(view.edit_ended):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert view.edited is None


def test_the_editor_grows_with_its_text(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch([user(1, "Old"), reply(2)])
    view.begin_edit(1)
    height = view.widgets[1].height()
    for _ in range(4):
        qtbot.keyClick(editor_of(view, 1), Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert view.widgets[1].height() > height + 60
    assert view.widgets[2].y() >= view.widgets[1].geometry().bottom()


def test_an_empty_message_is_not_sent_and_replies_are_not_edited(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch([user(1, "Old"), reply(2)])
    view.begin_edit(2)
    assert view.widgets[2].editor is None
    view.begin_edit(1)
    editor_of(view, 1).setPlainText("  \n")
    with qtbot.assertNotEmitted(view.edit_submitted):
        qtbot.keyClick(editor_of(view, 1), Qt.Key.Key_Return)


def test_a_message_out_of_sight_is_brought_to_view_to_be_edited(view: CountingView) -> None:
    view.set_branch(long_branch(60))
    view.begin_edit(1)
    assert view.widgets[1].editor is not None
    assert 0 <= view.widgets[1].y() < 100


# Selection, links, keys.


def drag(qtbot: QtBot, view: TranscriptView, start: QPoint, end: QPoint) -> None:
    viewport = view.viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(viewport, (start + end) / 2)
    qtbot.mouseMove(viewport, end)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end)


def test_selecting_inside_a_message(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch([user(1), reply(2, "Plain **bold 😀 text** end.")])
    drag(qtbot, view, point_of(view, 2, "bold"), point_of(view, 2, "text"))
    assert view.selected_text() == "bold 😀 "
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "bold 😀 "


def test_selecting_across_messages_in_both_directions(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch([user(1, "First question"), reply(2, "- one\n- two"), user(3, "Second question")])
    start, end = point_of(view, 1, "question"), point_of(view, 3, "question")
    for one, other in ((start, end), (end, start)):
        drag(qtbot, view, one, other)
        assert view.selected_text() == "question\n\n• one\n• two\n\nSecond "


def test_double_click_selects_a_word(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch([reply(1, "Some words, here.")])
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point_of(view, 1, "words", 2))
    assert view.selected_text() == "words"


def test_select_all_takes_messages_that_were_never_seen(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch(long_branch(100))
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    text = view.selected_text()
    assert text.startswith("Question 1\n\nReply 2\n\nA paragraph with")
    assert text.count("Question") == 50
    assert text.endswith("    print(piece)")


def test_tables_are_copied_in_cells(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch([reply(1, "| a | b |\n|---|---|\n| c | d |")])
    view.select_all()
    assert view.selected_text() == "a\tb\nc\td"


def test_a_click_on_a_link_tells_its_address(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch([reply(1, "See [the page](https://example.org/x) and [bad](javascript:alert(1)).")])
    qtbot.mouseMove(view.viewport(), point_of(view, 1, "page"))
    assert view.viewport().cursor().shape() is Qt.CursorShape.PointingHandCursor
    with qtbot.waitSignal(view.link_activated) as blocker:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point_of(view, 1, "page"))
    assert blocker.args == ["https://example.org/x"]
    with qtbot.assertNotEmitted(view.link_activated):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point_of(view, 1, "bad"))
        drag(qtbot, view, point_of(view, 1, "the page"), point_of(view, 1, "page", 3))


def test_the_mouse_reaches_the_transcript_through_the_message(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch([reply(1, "See [the page](mailto:a@b.org) and more words.")])
    widget = view.widgets[1]
    point = widget.mapFrom(view.viewport(), point_of(view, 1, "page"))
    with qtbot.waitSignal(view.link_activated) as blocker:
        qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=point)
    assert blocker.args == ["mailto:a@b.org"]
    qtbot.mousePress(widget, Qt.MouseButton.LeftButton, pos=widget.mapFrom(view.viewport(), point_of(view, 1, "and")))
    qtbot.mouseMove(widget, widget.mapFrom(view.viewport(), point_of(view, 1, "words")))
    qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=QPoint(0, 0))
    assert view.selected_text() == "and more "


def test_dragging_below_the_edge_scrolls_and_selects_on(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch(long_branch(60))
    view.verticalScrollBar().setValue(0)
    widget = view.widgets[1]
    qtbot.mousePress(
        widget, Qt.MouseButton.LeftButton, pos=widget.mapFrom(view.viewport(), point_of(view, 1, "Question"))
    )
    qtbot.mouseMove(widget, QPoint(100, view.viewport().height() + 60))
    qtbot.waitUntil(lambda: view.verticalScrollBar().value() > 1500)
    assert view.widgets[1] is widget
    qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=QPoint(100, 0))
    assert view.selected_text().startswith("Question 1\n\nReply 2")
    settle(qtbot, view)


def test_what_is_out_of_sight_keeps_no_layouts(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch(long_branch(60))
    bar = view.verticalScrollBar()
    for value in range(bar.maximum(), 0, -400):
        bar.setValue(value)
    bar.setValue(0)
    settle(qtbot, view)
    far = [area for number, area in view.column.known_areas() if number > 30]
    assert len(far) > 20
    kept = [box for area in far for box in area.flow.boxes if isinstance(box, TextBox) and box.leaf.is_laid_out]
    assert kept == []
    point = point_of(view, 1, "Question")
    assert point.y() > 0


def test_keys_scroll(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch(long_branch(60))
    bar = view.verticalScrollBar()
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert bar.value() == 0
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    assert bar.value() >= view.viewport().height() - 60
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert bar.value() < bar.maximum()


def test_tab_walks_through_messages_and_their_actions(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch([user(1), reply(2, CODE), user(3), reply(4)])
    view.verticalScrollBar().setValue(0)
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    visited: list[str] = []
    for _ in range(30):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        if focus is view:
            break
        visited.append(focus.accessibleName())
    assert visited[:5] == ["You", "Copy", "Edit", "Delete", "Reply"]
    assert visited.count("You") == 2
    assert visited.count("Reply") == 2
    assert visited[-3:] == ["Copy", "Regenerate", "Delete"]


def test_tab_goes_on_to_messages_out_of_sight(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch(long_branch(40))
    view.verticalScrollBar().setValue(0)
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    for _ in range(60):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    seen = [
        view.column.number_of(message_id) for message_id, widget in view.widgets.items() if widget.has_focus_within()
    ]
    assert seen
    assert (seen[0] or 0) > 6
    assert view.verticalScrollBar().value() > 0


def tab_through(qtbot: QtBot, start: QWidget) -> list[QWidget]:
    """Return what Tab visits until it is back."""
    start.setFocus()
    qtbot.waitUntil(start.hasFocus)
    visited: list[QWidget] = [start]
    for _ in range(60):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        if QApplication.focusWidget() is start:
            return visited
        visited.append(QApplication.focusWidget())
    raise AssertionError([widget.accessibleName() for widget in visited])


def test_tab_reaches_everything_after_the_first_reply(qtbot: QtBot, window: QWidget, view: CountingView) -> None:
    view.set_branch([user(1), reply(2, "", state=MessageState.STREAMING)])
    settle(qtbot, view)
    view.append_text(2, f"An answer.\n\n{CODE}")
    settle(qtbot, view)
    view.update_message(reply(2, f"An answer.\n\n{CODE}"))
    settle(qtbot, view)
    QApplication.sendEvent(view.widgets[1], enter_event())
    assert names(view, 1) == ["Copy", "Edit", "Delete"]
    visited = tab_through(qtbot, window.findChild(QLineEdit))
    shown = [widget.text() if isinstance(widget, QPushButton) else widget.accessibleName() for widget in visited]
    messages = ["You", "Copy", "Edit", "Delete", "Reply", "Copy", "Copy", "Regenerate", "Delete"]
    assert shown == ["", "Inspector", "Sidebar", "Conversation", *messages]


def test_tab_goes_from_the_editor_to_its_buttons(qtbot: QtBot, window: QWidget, view: CountingView) -> None:
    view.set_branch([user(1), reply(2)])
    view.begin_edit(1)
    qtbot.waitUntil(editor_of(view, 1).hasFocus)
    view.refresh()
    shown = []
    for _ in range(3):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        shown.append(QApplication.focusWidget().accessibleName())
    assert shown == ["Cancel", "Send", "Reply"]


def test_a_button_leads_back_to_the_end(qtbot: QtBot, window: QWidget, view: CountingView) -> None:
    def shown() -> list[QToolButton]:
        return [b for b in view.findChildren(QToolButton) if b.accessibleName() == "To the end" and b.isVisible()]

    view.set_branch([user(1), reply(2)])
    assert shown() == []
    branch = [*long_branch(40), reply(41, "", state=MessageState.STREAMING)]
    view.set_branch(branch)
    assert shown() == []
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() - 200)
    (made,) = shown()
    place = made.geometry()
    assert view.viewport().geometry().contains(place)
    assert place.right() > view.viewport().width() - 40
    assert view.childAt(place.center()) is made
    settle(qtbot, view)
    before = view.layouts
    QApplication.processEvents()
    assert view.layouts == before
    view.append_text(41, "More.\n\nMore.")
    settle(qtbot, view)
    assert bar.value() < bar.maximum() - 200
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
    assert bar.value() == bar.maximum()
    assert shown() == []
    view.append_text(41, "\n\nAnd more.\n\nMore.")
    settle(qtbot, view)
    assert bar.value() == bar.maximum()
    bar.setValue(0)
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is made
    qtbot.keyClick(made, Qt.Key.Key_Space)
    assert bar.value() == bar.maximum()
    assert view.hasFocus()
    bar.setValue(0)
    view.set_branch([])
    assert shown() == []


def test_screen_readers_are_told_who_speaks_and_what(view: CountingView) -> None:
    view.set_branch([user(1, "Hello"), reply(2, "Good day")])
    told = []
    for message_id in (1, 2):
        interface = QAccessible.queryAccessibleInterface(view.widgets[message_id])
        told.append((interface.text(QAccessible.Text.Name), interface.text(QAccessible.Text.Description)))
    assert told == [("You", "Hello"), ("Reply", "Good day")]
    assert view.accessibleName() == "Conversation"
    for made in view.findChildren(QToolButton):
        assert made.accessibleName()


# Appearance.


def everything() -> list[TranscriptItem]:
    wide = "| " + " | ".join(f"a rather long heading {n}" for n in range(9)) + " |\n" + "|---" * 9 + "|\n"
    return [
        user(1, "Words " * 40),
        reply(
            2, f"# H\n\n- a\n  - b\n\n> q\n\n{wide}\n\n```text\n{'long ' * 60}\n```\n\n" + "word" * 60, reasoning="r"
        ),
        reply(3, "Part", state=MessageState.FAILED, error="A rather long sentence about what happened. " * 3),
        reply(4, "End", statistics=("11.4 tok/s", "first token 0.3 s", "1,204 cached"), sibling_count=3),
    ]


@pytest.mark.parametrize("zoom", [0.8, 1.0, 2.0])
@pytest.mark.parametrize("width", [400, 720, 1400])
def test_it_fits_any_width_and_zoom(
    qtbot: QtBot, view: CountingView, themes: ThemeManager, width: int, zoom: float
) -> None:
    view.resize(width, 600)
    themes.set_zoom(zoom)
    view.set_branch(everything())
    settle(qtbot, view)
    assert view.column.width <= round(640 * zoom)
    assert view.column.width <= view.viewport().width() - 40
    for number in range(4):
        view.scroll_to_message(number + 1)
        settle(qtbot, view)
        area = view.column.area(number)
        for place, _, box, _ in area.boxes(0, area.height):
            box.lay_out()
            assert place.x + box.indent + box.width <= view.column.width + 1
        for made in view.widgets[number + 1].findChildren(QToolButton):
            if made.isVisible():
                inside = made.mapTo(view.widgets[number + 1], made.rect().bottomRight())
                assert inside.x() <= view.widgets[number + 1].width()
                assert inside.y() <= view.widgets[number + 1].height()


def test_wide_code_and_tables_scroll_sideways(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch(everything()[1:2])
    settle(qtbot, view)
    bars = [bar for bar in view.widgets[2].findChildren(QScrollBar) if bar.isVisible()]
    assert len(bars) == 2
    for bar in bars:
        bar.setValue(bar.maximum())
    assert sorted(
        box.scroll_x > 0 for _, _, box, _ in view.column.area(0).boxes(0, 9999) if hasattr(box, "scroll_x")
    ) == [True, True]


def test_long_code_lines_can_be_wrapped(qtbot: QtBot, view: CountingView) -> None:
    view.set_branch([reply(1, "```\n" + "word " * 60 + "\nshort\ttab\n" + "é" * 200 + "\n```")])
    (box,) = [box for _, _, box, _ in view.column.area(0).boxes(0, 9999) if isinstance(box, CodeBox)]
    height = box.height
    view.set_code_wrap(True)
    (wrapped,) = [box for _, _, box, _ in view.column.area(0).boxes(0, 9999) if isinstance(box, CodeBox)]
    wrapped.lay_out()
    assert wrapped.scroll_range == 0
    assert wrapped.height > height + 60
    view.select_all()
    assert view.selected_text().split("\n")[1] == "short\ttab"


def test_another_theme_repaints_everything(qtbot: QtBot, view: CountingView, themes: ThemeManager) -> None:
    view.set_branch(everything())
    settle(qtbot, view)
    light = view.grab().toImage()
    themes.set_scheme("dark")
    settle(qtbot, view)
    dark = view.grab().toImage()
    assert light.pixelColor(2, 2).name() == "#fbfaf8"
    assert dark.pixelColor(2, 2).name() == "#1b1a18"
    themes.set_scheme("light")
    settle(qtbot, view)
    assert view.grab().toImage() == light


def test_right_to_left_text_stands_at_the_right(view: CountingView) -> None:
    view.set_branch([reply(1, "שלום עולם"), reply(2, "left")])
    for number, side in ((0, "right"), (1, "left")):
        area: Area = view.column.area(number)
        box = area.flow.boxes[0]
        assert isinstance(box, TextBox)
        (rect,) = box.leaf.rectangles([(0, box.leaf.length)])
        assert (rect.right() > 600) is (side == "right")


def test_each_paragraph_of_a_message_has_its_own_direction(qtbot: QtBot, view: CountingView) -> None:
    text = "A long English sentence first\n\nשלום עולם\n123\nand back"
    view.set_branch([user(1, text)])
    area = view.column.area(0)
    boxes = [box for box in area.flow.boxes if isinstance(box, TextBox)]
    assert [box.leaf.text for box in boxes] == ["A long English sentence first\n", "שלום עולם\n123", "and back"]
    (hebrew,) = boxes[1].leaf.rectangles([(0, 9)])
    (english,) = boxes[2].leaf.rectangles([(0, 8)])
    assert hebrew.right() == pytest.approx(area.flow.width, abs=1)
    assert english.left() == 0
    assert area.flow.height == 5 * view.column.style.body.line_height
    view.select_all()
    assert view.selected_text() == text
    view.set_branch([user(1, "שלום\nעולם")])
    assert len(view.column.area(0).flow.boxes) == 1


def test_inline_code_stands_apart_from_what_is_around_it(view: CountingView) -> None:
    view.set_branch([reply(1, "The `code` number, `é` and `xy` `z`.")])
    box = view.column.area(0).flow.boxes[0]
    assert isinstance(box, TextBox)
    leaf = box.leaf
    grounds = leaf.code_grounds()
    assert len(grounds) == 4
    for word, ground in zip(("code", "é", "xy", "z"), grounds, strict=True):
        start = leaf.text.index(f" {word}") + 1
        before, inside = leaf.rectangles([(start - 2, start - 1)])[0], leaf.rectangles([(start, start + 1)])[0]
        gap_before = ground.left() - before.right()
        assert gap_before >= 4
        assert inside.left() - ground.left() >= 2
    for word, ground in (("number", grounds[0]), ("and", grounds[1])):
        start = leaf.text.index(word)
        assert leaf.rectangles([(start, start + 1)])[0].left() - ground.right() >= 4
    assert grounds[3].left() - grounds[2].right() >= 4


def test_right_to_left_lists_are_indented_at_the_right(view: CountingView) -> None:
    view.set_branch([reply(1, "- שלום\n- left")])
    right, left = view.column.area(0).flow.boxes
    assert (right.left, left.left) == (0, 24)
    assert right.width == left.width == view.column.width - 24


def test_an_item_can_change_in_every_way(qtbot: QtBot, view: CountingView) -> None:
    variants: list[Callable[[TranscriptItem], TranscriptItem]] = [
        lambda item: replace(item, content="Wholly other text"),
        lambda item: replace(item, content=""),
        lambda item: replace(item, content="Continued", state=MessageState.STREAMING),
        lambda item: replace(item, content="Continued and done", state=MessageState.COMPLETE),
        lambda item: replace(item, reasoning="late"),
        lambda item: replace(item, sibling_count=5),
    ]
    item = reply(2, "Text")
    view.set_branch([user(1), item])
    for change in variants:
        item = change(item)
        view.update_message(item)
        settle(qtbot, view)
        assert view.items[1] == item
        shown = "".join(text for box in view.column.area(1).flow.boxes for text in box.leaf_texts)
        assert shown == item.content
