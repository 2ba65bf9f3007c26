"""Conversations and messages: what is written is what is found."""

from pathlib import Path

import pytest

from desktop_app.core.conversation import FinishReason, Message, MessageState, Role, Statistics
from desktop_app.core.errors import UsageError
from desktop_app.core.sampling import SamplingSettings
from desktop_app.storage.conversations import Conversations
from desktop_app.storage.database import Database
from tests.helpers.stores import open_in, store_of

SAMPLING = SamplingSettings(temperature=0.1, top_k=3, seed=7, stop=("\n\n", "fin"))
STATISTICS = Statistics(
    prompt_tokens=12,
    cached_tokens=4,
    evaluated_tokens=8,
    completion_tokens=5,
    prompt_seconds=0.25,
    generation_seconds=0.5,
    time_to_first_token=0.3,
    context_length=8192,
    dropped_messages=2,
)
STRANGE = [
    "",
    "l’été à la plage\n\n```py\nprint('x')\n```",
    "zero\0inside",
    "emoji 👩‍👩‍👧 and \u202eright to left\u202c, \ufdd0 marks \ufdd1",
    "'; DROP TABLE messages; --",
    "x" * 1_000_000,
]


def code(error: pytest.ExceptionInfo[UsageError]) -> str:
    return error.value.problem.code


def test_a_conversation_is_found_as_it_was_made(store: Conversations) -> None:
    made = store.create("Été", "Be kind.", SAMPLING)
    assert (made.title, made.system_prompt, made.sampling) == ("Été", "Be kind.", SAMPLING)
    assert (made.leaf_id, made.pinned, made.deleted_at) == (None, False, None)
    assert made.created_at == made.updated_at
    assert store.get(made.id) == made


@pytest.mark.parametrize("text", STRANGE)
def test_texts_survive_as_they_are(tmp_path: Path, text: str) -> None:
    with open_in(tmp_path) as database:
        store = store_of(database)
        conversation = store.create(text, text)
        message = store.add_message(conversation.id, None, Role.USER, text, reasoning=text)
        reply = store.begin_reply(conversation.id, message.id, system_prompt=text)
        store.append_reply(reply.id, text, text)
        store.append_reply(reply.id, text)
        store.finish_reply(reply.id, error=text)
    with open_in(tmp_path) as database:
        store = store_of(database)
        assert (store.get(conversation.id).title, store.get(conversation.id).system_prompt) == (text, text)
        assert (store.message(message.id).content, store.message(message.id).reasoning) == (text, text)
        found = store.message(reply.id)
        assert (found.content, found.reasoning, found.system_prompt, found.error) == (text * 2, text, text, text)


def test_halves_of_characters_are_joined_or_replaced(store: Conversations) -> None:
    conversation = store.create("\ud83d\ude00 \udcff")
    assert store.get(conversation.id).title == "😀 \ufffd"
    assert store.add_message(conversation.id, None, Role.USER, "a\ud83d").content == "a\ufffd"
    assert store.search("a\ud83d")


def test_settings_of_a_conversation_are_changed_one_by_one(store: Conversations) -> None:
    made = store.create("old")
    store.rename(made.id, "new")
    store.pin(made.id)
    store.set_system_prompt(made.id, "Answer in French.")
    changed = store.set_sampling(made.id, SAMPLING)
    assert changed == store.get(made.id)
    assert (changed.title, changed.pinned, changed.system_prompt) == ("new", True, "Answer in French.")
    assert changed.sampling == SAMPLING
    assert changed.updated_at == made.updated_at  # the order of the list is that of what was said
    assert not store.pin(made.id, False).pinned


def test_a_user_message_and_its_reply(store: Conversations) -> None:
    conversation = store.create("One")
    question = store.add_message(conversation.id, None, Role.USER, "What is a token?")
    assert question.state is MessageState.COMPLETE
    assert store.get(conversation.id).leaf_id == question.id
    reply = store.begin_reply(conversation.id, question.id, model="m.gguf", system_prompt="Short.", sampling=SAMPLING)
    assert (reply.state, reply.content, reply.role) == (MessageState.STREAMING, "", Role.ASSISTANT)
    store.append_reply(reply.id, "", "They ask ")
    store.append_reply(reply.id, "A piece ", "about tokens.")
    store.append_reply(reply.id, "of text.")
    streaming = store.message(reply.id)
    assert (streaming.state, streaming.content) == (MessageState.STREAMING, "A piece of text.")
    ended = store.finish_reply(reply.id, MessageState.COMPLETE, FinishReason.STOP, STATISTICS)
    assert ended == Message(
        id=reply.id,
        conversation_id=conversation.id,
        parent_id=question.id,
        role=Role.ASSISTANT,
        content="A piece of text.",
        created_at=reply.created_at,
        reasoning="They ask about tokens.",
        state=MessageState.COMPLETE,
        model="m.gguf",
        system_prompt="Short.",
        sampling=SAMPLING,
        statistics=STATISTICS,
        finish_reason=FinishReason.STOP,
    )
    assert store.tree(conversation.id).branch(reply.id) == [question, ended]


def test_a_failed_reply_keeps_its_text_and_can_be_continued(store: Conversations) -> None:
    conversation = store.create()
    question = store.add_message(conversation.id, None, Role.USER, "Go on.")
    reply = store.begin_reply(conversation.id, question.id)
    store.append_reply(reply.id, "Once upon")
    failed = store.finish_reply(reply.id, MessageState.FAILED, statistics=STATISTICS, error="The model stopped.")
    assert (failed.content, failed.state, failed.error) == ("Once upon", MessageState.FAILED, "The model stopped.")
    again = store.continue_reply(reply.id)
    assert (again.content, again.state, again.error) == ("Once upon", MessageState.STREAMING, "")
    store.append_reply(reply.id, " a time")
    ended = store.finish_reply(reply.id, MessageState.COMPLETE, FinishReason.LENGTH)
    assert (ended.content, ended.finish_reason) == ("Once upon a time", FinishReason.LENGTH)
    assert ended.statistics == STATISTICS  # of the part before, as long as there are no newer ones


def test_only_ended_replies_can_be_continued(store: Conversations) -> None:
    conversation = store.create()
    question = store.add_message(conversation.id, None, Role.USER, "Go on.")
    reply = store.begin_reply(conversation.id, question.id)
    with pytest.raises(UsageError) as caught:
        store.continue_reply(question.id)
    assert code(caught) == "message_not_reply"
    with pytest.raises(UsageError) as caught:
        store.continue_reply(reply.id)
    assert code(caught) == "message_streaming"
    with pytest.raises(ValueError, match="streaming"):
        store.finish_reply(reply.id, MessageState.STREAMING)


def test_unknown_ids_are_told_apart(store: Conversations) -> None:
    conversation = store.create()
    other = store.create()
    elsewhere = store.add_message(other.id, None, Role.USER, "elsewhere")
    for action in (
        lambda: store.get(99),
        lambda: store.rename(99, ""),
        lambda: store.set_leaf(99, None),
        lambda: store.tree(99),
        lambda: store.trash(99),
        lambda: store.restore(99),
        lambda: store.add_message(99, None, Role.USER, ""),
    ):
        with pytest.raises(UsageError) as caught:
            action()
        assert code(caught) == "conversation_missing"
    for action in (
        lambda: store.message(99),
        lambda: store.append_reply(99, "lost"),
        lambda: store.finish_reply(99),
        lambda: store.continue_reply(99),
        lambda: store.trash_branch(99),
        lambda: store.restore_branch(99),
        lambda: store.add_message(conversation.id, 99, Role.USER, ""),
        lambda: store.add_message(conversation.id, elsewhere.id, Role.USER, ""),
        lambda: store.begin_reply(conversation.id, elsewhere.id),
        lambda: store.set_leaf(conversation.id, elsewhere.id),
    ):
        with pytest.raises(UsageError) as caught:
            action()
        assert code(caught) == "message_missing"
    assert len(store.tree(conversation.id)) == 0


def test_the_latest_changed_comes_first_and_pages_follow_each_other(store: Conversations) -> None:
    ids = [store.create(str(number)).id for number in range(7)]
    store.add_message(ids[2], None, Role.USER, "moves it up")
    store.trash(ids[5])
    expected = [ids[2], ids[6], ids[4], ids[3], ids[1], ids[0]]
    assert [conversation.id for conversation in store.recent()] == expected
    first = store.recent(limit=4)
    second = store.recent(limit=4, after=first[-1])
    assert [conversation.id for conversation in first + second] == expected
    assert store.recent(after=second[-1]) == []


def test_pages_follow_each_other_through_equal_dates(database: Database) -> None:
    store = store_of(database, now=lambda: 1_700_000_000.0)
    ids = {store.create().id for _ in range(5)}
    first = store.recent(limit=2)
    second = store.recent(limit=2, after=first[-1])
    third = store.recent(limit=2, after=second[-1])
    assert {conversation.id for conversation in first + second + third} == ids


def test_lists_use_their_indexes(database: Database) -> None:
    """Cost that does not grow: no scan of all conversations or messages, no sort."""
    for sql in (
        "SELECT * FROM conversations WHERE deleted_at IS NULL ORDER BY updated_at DESC, id DESC LIMIT 9",
        "SELECT * FROM conversations WHERE deleted_at IS NULL AND (updated_at, id) < (1, 1)"
        " ORDER BY updated_at DESC, id DESC LIMIT 9",
        "SELECT * FROM conversations WHERE deleted_at IS NULL AND pinned ORDER BY updated_at DESC, id DESC",
        "SELECT * FROM conversations WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, id DESC",
        "SELECT * FROM messages WHERE conversation_id = 1 AND deleted_at IS NULL ORDER BY id",
        "SELECT id, owner FROM messages WHERE state = 'streaming' ORDER BY id",
        "SELECT 1 FROM messages WHERE deleted_at IS NOT NULL AND deleted_with = 1",
    ):
        plan = " | ".join(row["detail"] for row in database.query(f"EXPLAIN QUERY PLAN {sql}"))
        assert "INDEX" in plan, f"{sql}: {plan}"
        assert "TEMP B-TREE" not in plan, f"{sql}: {plan}"


def test_pinned_are_listed_apart(store: Conversations) -> None:
    ids = [store.create().id for _ in range(4)]
    for number in (0, 2, 3):
        store.pin(ids[number])
    store.trash(ids[3])
    assert [conversation.id for conversation in store.pinned()] == [ids[2], ids[0]]
    assert len(store.recent()) == 3


def test_the_trash_keeps_and_gives_back(store: Conversations) -> None:
    conversation = store.create("One", "Be kind.", SAMPLING)
    message = store.add_message(conversation.id, None, Role.USER, "hello")
    before = store.get(conversation.id)
    trashed = store.trash(conversation.id)
    assert trashed.deleted_at is not None
    assert store.recent() == []
    assert store.trashed() == [trashed]
    assert store.trash(conversation.id) == trashed  # twice is once
    with pytest.raises(UsageError) as caught:
        store.add_message(conversation.id, message.id, Role.USER, "into the trash")
    assert code(caught) == "conversation_trashed"
    assert store.restore(conversation.id) == before
    assert store.recent() == [before]
    assert store.tree(conversation.id).messages == {message.id: message}


def test_the_last_deleted_is_first_in_the_trash(store: Conversations) -> None:
    ids = [store.create().id for _ in range(3)]
    for number in (1, 2, 0):
        store.trash(ids[number])
    assert [conversation.id for conversation in store.trashed()] == [ids[0], ids[2], ids[1]]


def test_the_emptied_trash_is_gone(store: Conversations) -> None:
    kept, gone = store.create("Kept"), store.create("Gone")
    message = store.add_message(kept.id, None, Role.USER, "kept")
    branch = store.add_message(kept.id, message.id, Role.ASSISTANT, "gone")
    store.trash(gone.id)
    store.trash_branch(branch.id)
    assert store.empty_trash() == 2
    assert store.trashed() == []
    assert store.trashed_branches() == []
    with pytest.raises(UsageError):
        store.restore(gone.id)
    assert list(store.tree(kept.id).messages) == [message.id]
    assert store.empty_trash() == 0


def test_no_word_of_the_emptied_trash_is_left_in_the_files(tmp_path: Path) -> None:
    words = [f"zanzibar{number}quark" for number in range(400)]
    with open_in(tmp_path) as database:
        store = store_of(database)
        kept, gone = store.create("Kept"), store.create(f"About {words[0]}")
        for number in range(0, 400, 4):
            store.add_message(gone.id, None, Role.USER, " ".join(words[number : number + 4]))
            store.add_message(kept.id, None, Role.USER, f"kept{number}")
        message = store.add_message(kept.id, None, Role.USER, "kept")
        branch = store.begin_reply(kept.id, message.id)
        store.append_reply(branch.id, f"Not {words[0]}")
        store.finish_reply(branch.id)
        store.trash(gone.id)
        store.trash_branch(branch.id)
        store.empty_trash()
        steps = 1
        while store.erase_step():
            steps += 1
        assert 1 <= steps < 100
        data = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        assert database.check() == ()
        assert store.search("kept396")
    assert b"kept396" in data
    assert b"zanzibar" not in data
    assert b"quark" not in data


def test_ids_are_never_used_again(store: Conversations) -> None:
    first = store.create()
    message = store.add_message(first.id, None, Role.USER, "gone")
    store.trash(first.id)
    store.empty_trash()
    second = store.create()
    assert second.id > first.id
    assert store.add_message(second.id, None, Role.USER, "new").id > message.id


def test_a_long_conversation_is_deleted_like_a_short_one(database: Database, store: Conversations) -> None:
    """SQLite stops cascades at 1000 levels; a conversation may be deeper."""
    conversation = store.create()
    first = store.add_message(conversation.id, None, Role.USER, "first").id
    with database.transaction() as connection:
        connection.executemany(
            "INSERT INTO messages (conversation_id, parent_id, role, content, state, created_at)"
            " VALUES (?, ?, 'user', 'more', 'complete', 0)",
            [(conversation.id, first + number) for number in range(3000)],
        )
    store.set_leaf(conversation.id, first + 3000)
    assert store.trash_branch(first + 1).leaf_id == first
    assert store.restore_branch(first + 1).leaf_id == first + 3000
    store.trash_branch(first + 1)
    assert store.empty_trash() == 1
    store.trash(conversation.id)
    assert store.empty_trash() == 1
    assert database.query("SELECT count(*) FROM messages")[0][0] == 0


def test_figures_of_another_version_are_no_obstacle(database: Database, store: Conversations) -> None:
    conversation = store.create()
    message = store.add_message(conversation.id, None, Role.ASSISTANT, "hello")
    with database.transaction() as connection:
        connection.execute(
            "UPDATE messages SET statistics = ?, sampling = ?",
            ('{"prompt_tokens": 3, "new_figure": 1, "completion_tokens": "many"}', '{"top_k": 9, "new": 1}'),
        )
        connection.execute("UPDATE conversations SET sampling = 'not json'")
    found = store.message(message.id)
    assert found.statistics == Statistics(prompt_tokens=3)
    assert found.sampling == SamplingSettings(top_k=9)
    assert store.get(conversation.id).sampling == SamplingSettings()
