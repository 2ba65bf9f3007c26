"""A reply on its way to the disk: how far behind it is, and what happens when the disk is full."""

import sqlite3
import time
from contextlib import closing

import pytest

from desktop_app.core.conversation import MessageState
from desktop_app.core.errors import StorageError
from desktop_app.services.events import BranchShown, MessageAdded, Noticed, ReplyEnded, ReplyGrew, SendRejected
from desktop_app.system.paths import AppPaths
from tests.helpers.hearing import desk_in, read, until


@pytest.fixture
def desk(own_desk):
    own_desk.load()
    return own_desk


def fill_disk(desk):
    """Let SQLite find no room for a further page, as on a full disk."""
    desk.ask(lambda services: limit_pages(services, services.chat._store._database.query("PRAGMA page_count")[0][0]))


def free_disk(desk):
    desk.ask(lambda services: limit_pages(services, 2**30))


def limit_pages(services, pages):
    services.chat._store._database.query(f"PRAGMA max_page_count = {pages}")


def shown(desk, message_id):
    return "".join(event.text for event in desk.heard.of(ReplyGrew) if event.message_id == message_id)


@pytest.mark.parametrize("script", ["stream 1000", "slow 40"])
def test_the_disk_is_at_most_a_second_behind(desk, script):
    """Another program looks at the database all the time while a reply is written."""
    told = []
    desk.heard.watch = lambda event: told.append((time.monotonic(), event)) if isinstance(event, ReplyGrew) else None
    conversation = desk.begin(script)
    message = desk.heard.wait(MessageAdded, lambda event: event.message.state is MessageState.STREAMING).message
    worst, grown = 0.0, 0
    with closing(sqlite3.connect(f"file:{desk.paths.database}?mode=ro", uri=True)) as other:
        while not desk.heard.of(ReplyEnded):
            looked = time.monotonic()
            on_disk = other.execute("SELECT length(content) FROM messages WHERE id = ?", (message.id,)).fetchone()[0]
            so_far = 0
            for moment, event in tuple(told):
                so_far += len(event.text)
                if so_far > on_disk:
                    worst = max(worst, looked - moment)
                    break
            grown = max(grown, on_disk)
            time.sleep(0.01)
    assert desk.ended(conversation.id).message.content == desk.stored(message.id)["content"]
    assert grown > 0  # it was written while it streamed, not only at its end
    assert worst < 1.0


def test_a_disk_that_fills_up_amid_a_reply_costs_one_notice_and_no_word(desk):
    conversation = desk.begin("stream 900")
    desk.heard.wait(ReplyGrew)
    fill_disk(desk)
    assert desk.heard.wait(Noticed).problem.code == "disk_full"
    ended = desk.ended(conversation.id).message
    assert ended.content == shown(desk, ended.id)
    assert ended.content.endswith("word900 ")
    behind = desk.stored(ended.id)
    assert len(behind["content"]) < len(ended.content)
    assert behind["state"] == "streaming"
    free_disk(desk)
    until(lambda: desk.stored(ended.id)["state"] == "complete")
    assert desk.stored(ended.id)["content"] == ended.content
    assert len(desk.heard.of(Noticed)) == 1


def test_room_made_while_the_reply_goes_on_is_used(desk):
    conversation = desk.begin("stream 1800")
    desk.heard.wait(ReplyGrew)
    fill_disk(desk)
    desk.heard.wait(Noticed)
    free_disk(desk)
    message_id = desk.heard.of(ReplyGrew)[0].message_id
    caught_up = until(lambda: len(desk.stored(message_id)["content"]))
    assert not desk.heard.of(ReplyEnded)
    assert caught_up
    ended = desk.ended(conversation.id).message
    assert desk.stored(ended.id)["content"] == ended.content
    assert len(desk.heard.of(Noticed)) == 1


def test_what_could_not_be_saved_is_saved_when_the_program_closes(profile):
    with desk_in(profile) as desk:
        desk.load()
        conversation = desk.begin("stream 500")
        desk.heard.wait(ReplyGrew)
        fill_disk(desk)
        ended = desk.ended(conversation.id).message
        assert len(desk.stored(ended.id)["content"]) < len(ended.content)
        free_disk(desk)
    row = read(AppPaths.under(profile), "SELECT * FROM messages WHERE id = ?", ended.id)[0]
    assert (row["content"], row["state"], row["finish_reason"]) == (ended.content, "complete", "stop")


def test_what_could_not_be_saved_is_saved_before_the_conversation_goes_on(desk):
    conversation = desk.begin("stream 500")
    desk.heard.wait(ReplyGrew)
    fill_disk(desk)
    ended = desk.ended(conversation.id).message
    desk.heard.forget()
    with pytest.raises(StorageError):
        desk.ask(lambda services: services.chat.regenerate(ended.id))
    desk.do(lambda services: services.chat.send(conversation.id, "say more"))
    rejected = desk.heard.wait(SendRejected)
    assert (rejected.text, rejected.problem.code) == ("say more", "disk_full")
    free_disk(desk)
    assert desk.say("say more", conversation.id).content == "more"
    assert desk.branch(conversation.id)[1] == ("assistant", ended.content)


def test_a_message_for_which_there_is_no_room_goes_back_to_the_composer(desk):
    first = desk.say("say one")
    desk.heard.forget()
    fill_disk(desk)
    text = "my words " * 2000
    for conversation_id in (None, first.conversation_id):
        desk.heard.forget()
        desk.do(lambda services, one=conversation_id: services.chat.send(one, text))
        rejected = desk.heard.wait(SendRejected)
        assert (rejected.text, rejected.problem.code) == (text, "disk_full")
    desk.heard.forget()
    desk.do(lambda services: services.chat.edit(first.parent_id, text))
    assert desk.heard.wait(SendRejected).text == text
    free_disk(desk)
    assert desk.say("say fine", first.conversation_id).content == "fine"


def test_a_conversation_deleted_for_good_elsewhere_amid_its_reply(desk, profile):
    """One notice, the reply ends when it is stopped, and everything else goes on."""
    conversation = desk.begin("stream 100000")
    desk.heard.wait(ReplyGrew)
    with desk_in(profile) as other:
        other.ask(lambda services: services.history.trash(conversation.id))
        other.ask(lambda services: services.history.empty_trash())
    assert desk.heard.wait(Noticed).problem.code == "message_missing"
    tokens = desk.heard.of(ReplyGrew)[-1].tokens
    desk.heard.wait(ReplyGrew, lambda event: event.tokens > tokens + 400)  # longer than the time between two writes
    desk.do(lambda services: services.chat.stop(conversation.id))
    assert desk.ended(conversation.id).message.content
    assert len(desk.heard.of(Noticed)) == 1
    assert desk.say("say fine").content == "fine"


def leave_room_for_a_message_but_for_no_reply(services):
    database = services.chat._store._database
    database.query("CREATE TABLE ballast (bytes BLOB)")
    database.query(
        "CREATE TRIGGER heavy BEFORE INSERT ON messages WHEN NEW.role = 'assistant' "
        "BEGIN INSERT INTO ballast VALUES (zeroblob(1000000)); END"
    )
    limit_pages(services, database.query("PRAGMA page_count")[0][0] + 20)


def test_an_edited_message_whose_reply_finds_no_room_is_shown_and_can_be_answered_later(desk):
    first = desk.say("say one")
    desk.ask(leave_room_for_a_message_but_for_no_reply)
    desk.heard.forget()
    desk.do(lambda services: services.chat.edit(first.parent_id, "say two"))
    assert desk.heard.wait(Noticed).problem.code == "disk_full"
    (shown_branch,) = desk.heard.of(BranchShown)
    assert [message.content for message in shown_branch.messages] == ["say two"]
    free_disk(desk)
    desk.do(lambda services: services.chat.regenerate(shown_branch.messages[0].id))
    assert desk.ended(first.conversation_id).message.content == "two"
