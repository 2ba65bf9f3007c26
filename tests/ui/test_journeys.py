"""What a person does with the window, from the keyboard to SQLite and back, on the real process path."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from desktop_app.core.conversation import FinishReason, MessageState, Role
from desktop_app.core.sampling import changed
from desktop_app.services import events
from desktop_app.system.paths import starter_model
from desktop_app.ui.lists.conversation_list import ROW_ROLE
from desktop_app.ui.lists.conversation_rows import ConversationRow, HitRow
from tests.helpers.window import OpenWindow

LLAMA = "desktop_app.inference.llama_backend"
Open = Callable[..., OpenWindow]


def press(one: OpenWindow, keys: str) -> None:
    """Press a key on whatever has the focus, as a keyboard does."""
    one.window.activateWindow()
    one.wait_for(lambda: QApplication.focusWidget() is not None)
    QTest.keySequence(QApplication.focusWidget(), QKeySequence(keys))


def type_text(one: OpenWindow, text: str) -> None:
    """Type into whatever has the focus."""
    one.window.activateWindow()
    one.wait_for(lambda: QApplication.focusWidget() is not None)
    QTest.keyClicks(QApplication.focusWidget(), text)


def titles(one: OpenWindow) -> list[str]:
    """Return the titles in the sidebar."""
    rows = [one.window.sidebar.list.index(row).data(ROW_ROLE) for row in range(one.window.sidebar.list.rowCount())]
    return [row.conversation.title for row in rows if isinstance(row, ConversationRow)]


def contents(one: OpenWindow) -> list[str]:
    """Return the texts of the branch on view."""
    return [message.content for message in one.window.chat.messages]


@pytest.mark.timeout(180)
def test_first_conversation_with_the_starter_model(opened: Open) -> None:
    """Type, read, stop, edit, branch, steer, close, come back: llama.cpp and SQLite, nothing faked."""
    assert starter_model().is_file()
    one = opened(backend=LLAMA)
    assert QApplication.focusWidget() is one.window.chat.composer.input or one.window.isActiveWindow() is False
    one.wait_ready()
    one.window.chat.composer.input.setFocus()
    one.forget()
    type_text(one, "What is a token?")
    press(one, "Return")
    first = one.wait_event(events.ReplyEnded).message
    assert first.finish_reason is FinishReason.STOP
    assert first.content
    assert first.statistics.completion_tokens > 0
    assert first.statistics.cached_tokens + first.statistics.evaluated_tokens == first.statistics.prompt_tokens

    # The next turn computes only what is new.
    second = one.ask("What is a tokenizer?").message
    assert second.statistics.cached_tokens >= first.statistics.prompt_tokens

    # The system prompt and a sampling setting take effect on the next message.
    one.window.inspector.system_prompt_changed.emit("Répondez toujours en français.")
    one.window.inspector.sampling_changed.emit(changed(one.window.inspector.sampling, temperature=0.0, max_tokens=5))
    third = one.ask("What is a token?").message
    assert third.system_prompt == "Répondez toujours en français."
    assert third.sampling.temperature == 0.0
    assert third.finish_reason is FinishReason.LENGTH
    assert third.statistics.completion_tokens == 5

    # Continue the cut reply; edit the first question; move between the branches.
    one.forget()
    press(one, "Ctrl+Shift+Return")
    continued = one.wait_event(events.ReplyEnded).message
    assert continued.id == third.id
    assert continued.content.startswith(third.content)
    question = one.window.chat.messages[0]
    one.forget()
    one.window.chat.transcript.begin_edit(question.id)
    editor = next(child for child in one.window.chat.transcript.findChildren(QPlainTextEdit) if child.isVisible())
    editor.setPlainText("Qu'est-ce qu'un token ?")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    one.wait_event(events.ReplyEnded)
    assert contents(one)[0] == "Qu'est-ce qu'un token ?"
    assert len(one.window.chat.messages) == 2
    edited = contents(one)
    press(one, "Alt+Left")
    one.wait_for(lambda: contents(one)[0] == "What is a token?")
    press(one, "Alt+Right")
    one.wait_for(lambda: contents(one) == edited)

    # Close, open again: everything is there.
    one.close()
    again = opened(backend=LLAMA)
    again.wait_for(lambda: titles(again) == ["What is a token?"])
    again.window.open_conversation(question.conversation_id)
    again.wait_for(lambda: contents(again) == edited)
    assert again.window.inspector.system_prompt == "Répondez toujours en français."
    assert again.window.inspector.sampling.max_tokens == 5


def test_stop_keeps_what_was_written(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    one.forget()
    one.window.send("slow 500")
    one.wait_event(events.ReplyGrew, lambda event: event.tokens >= 3)
    press(one, "Escape")
    ended = one.wait_event(events.ReplyEnded)
    assert ended.message.finish_reason is FinishReason.CANCELLED
    assert ended.message.content.startswith("word1 word2 word3")
    assert not one.window.chat.streaming
    assert one.window.chat.composer.button.text() == "Send"


def test_keys_of_the_composer(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    composer = one.window.chat.composer
    composer.input.setFocus()
    type_text(one, "one")
    press(one, "Shift+Return")
    type_text(one, "two")
    assert composer.text == "one\ntwo"
    one.forget()
    press(one, "Return")
    one.wait_event(events.ReplyEnded)
    assert contents(one)[0] == "one\ntwo"
    assert composer.text == ""
    press(one, "Return")
    assert len(one.window.chat.messages) == 2, "an empty message is not sent"
    press(one, "Up")
    editors = [child for child in one.window.chat.transcript.findChildren(QPlainTextEdit) if child.isVisible()]
    assert [editor.toPlainText() for editor in editors] == ["one\ntwo"]


def test_ctrl_enter_sends_when_chosen(opened: Open) -> None:
    one = opened(send_key="ctrl_enter")
    one.wait_ready()
    one.window.chat.composer.input.setFocus()
    type_text(one, "hello")
    press(one, "Return")
    assert one.window.chat.composer.text == "hello\n"
    one.forget()
    press(one, "Ctrl+Return")
    one.wait_event(events.ReplyEnded)
    assert one.window.chat.messages[0].role is Role.USER


@pytest.mark.parametrize("fault", ["abort", "segfault", "oom", "exit 3"])
def test_engine_fault_keeps_the_reply_and_reloads(opened: Open, fault: str) -> None:
    one = opened()
    one.wait_ready()
    ended = one.ask(fault)
    assert ended.message.state is MessageState.FAILED
    assert ended.message.content.startswith("One two three")
    assert ended.message.error
    crashed = one.wait_event(events.ModelChanged, lambda event: event.state is events.ModelState.CRASHED)
    assert crashed.problem is not None
    one.forget()
    press(one, "F5")
    one.wait_ready()
    assert one.ask("hello").message.content.strip() == "You said: hello"
    assert "One two three" in contents(one)[1]


def test_model_that_cannot_be_loaded(opened: Open, tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"this is not a model at all")
    one = opened(backend=LLAMA, model=str(broken))
    failed = one.wait_event(events.ModelChanged, lambda event: event.state is events.ModelState.FAILED)
    assert "broken" in str(failed.problem)
    assert one.window.chat.banner_text == str(failed.problem)
    one.forget()
    one.window.load_file(str(starter_model()))
    one.wait_ready()
    assert one.window.chat.banner_text == ""


def test_delete_undo_and_trash(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    one.ask("the first")
    one.window.new_conversation()
    one.ask("the second")
    one.wait_for(lambda: titles(one) == ["the second", "the first"])
    one.window.sidebar.view.setFocus()
    press(one, "Delete")
    one.wait_for(lambda: titles(one) == ["the first"])
    assert one.window.chat.conversation is None
    assert "the second" in one.window.notices.notice.text
    press(one, "Ctrl+Z")
    one.wait_for(lambda: titles(one) == ["the second", "the first"])
    one.wait_for(lambda: contents(one)[:1] == ["the second"])


def test_branch_deleted_and_brought_back(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    one.ask("first")
    reply = one.ask("second").message
    before = contents(one)
    one.window.chat.delete_requested.emit(reply.parent_id)
    one.wait_for(lambda: len(one.window.chat.messages) == 2)
    one.window.notices.notice.act()
    one.wait_for(lambda: contents(one) == before)


def test_rename(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    one.ask("hello")
    press(one, "F2")
    one.wait_for(lambda: one.window.sidebar.view.editor() is not None)
    editor = one.window.sidebar.view.editor()
    editor.setText("Another title")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    one.wait_for(lambda: titles(one) == ["Another title"])
    assert one.window.windowTitle() == "Another title — Causerie"


def test_search_opens_at_the_message(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    one.ask("about the garden")
    target = one.ask("the théâtre at nine").message.parent_id
    one.ask("something else")
    one.window.new_conversation()
    press(one, "Ctrl+F")
    type_text(one, "theatre")
    view = one.window.sidebar.view
    one.wait_for(lambda: isinstance(view.model().index(0, 0).data(ROW_ROLE), HitRow))
    press(one, "Down")
    press(one, "Return")
    shown = one.wait_event(events.BranchShown, lambda event: event.reason == "opened")
    assert shown.target_id in (target, target + 1)
    one.wait_for(lambda: len(one.window.chat.messages) == 6)


def test_one_reply_streams_while_another_conversation_is_read(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    one.ask("other")
    other = one.window.chat.conversation.id
    one.window.new_conversation()
    one.forget()
    one.window.send("slow 40")
    one.wait_event(events.ReplyGrew)
    streaming = one.window.chat.conversation.id
    one.window.open_conversation(other)
    one.wait_for(lambda: contents(one)[0] == "other")
    ended = one.wait_event(events.ReplyEnded)
    assert contents(one)[0] == "other"
    one.window.open_conversation(streaming)
    one.wait_for(lambda: contents(one)[-1] == ended.message.content)


def test_drafts_stay_with_their_conversations(opened: Open) -> None:
    one = opened()
    one.wait_ready()
    one.ask("first")
    first = one.window.chat.conversation.id
    one.window.chat.composer.set_text("half a thought")
    one.window.new_conversation()
    assert one.window.chat.composer.text == ""
    one.window.open_conversation(first)
    one.wait_for(lambda: one.window.chat.composer.text == "half a thought")


def test_rejected_message_comes_back(opened: Open, profile: Path) -> None:
    one = opened()
    one.wait_ready()
    one.ask("first")
    conversation = one.window.chat.conversation.id
    one.forget()
    one.window.send("slow 40")
    one.wait_event(events.ReplyGrew)
    one.host.do(lambda services: services.chat.send(conversation, "too early"))
    one.wait_event(events.SendRejected)
    one.wait_for(lambda: one.window.chat.composer.text == "too early")
    one.wait_event(events.ReplyEnded)


def test_database_of_a_newer_version_is_left_alone(opened: Open, profile: Path) -> None:
    import sqlite3

    one = opened()
    one.wait_ready()
    one.ask("hello")
    one.close()
    with sqlite3.connect(profile / "causerie.sqlite3") as database:
        database.execute("PRAGMA user_version = 999")
    database.close()
    before = (profile / "causerie.sqlite3").read_bytes()
    again = opened()
    unavailable = again.wait_event(events.StorageUnavailable)
    assert unavailable.problem.code == "database_newer"
    assert not again.window.chat.composer.isEnabled()
    again.close()
    assert (profile / "causerie.sqlite3").read_bytes() == before
