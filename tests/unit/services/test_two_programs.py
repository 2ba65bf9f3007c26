"""Two programs in one profile at once, such as the window and a terminal: each sees what the other did."""

import pytest

from desktop_app.services.events import BranchShown, ReplyGrew, SendRejected
from tests.helpers.hearing import desk_in, read, words


@pytest.fixture
def window(profile):
    with desk_in(profile) as desk:
        desk.load()
        yield desk


@pytest.fixture
def terminal(profile, window):
    with desk_in(profile) as desk:
        desk.load()
        yield desk


def opened(desk, conversation_id):
    desk.heard.forget()
    desk.do(lambda services: services.chat.open(conversation_id))
    return [message.content for message in desk.heard.wait(BranchShown).messages]


def test_what_one_adds_the_other_shows_and_goes_on_with(window, terminal):
    first = window.say("say one")
    cid = first.conversation_id
    terminal.say("say two", cid)
    assert opened(window, cid) == ["say one", "one", "say two", "two"]
    third = window.say("say three", cid)
    assert third.statistics.prompt_tokens == words("say one one say two two say three")
    assert opened(terminal, cid) == ["say one", "one", "say two", "two", "say three", "three"]


def test_an_edit_here_and_a_reply_there_are_siblings(window, terminal):
    first = window.say("say one")
    cid = first.conversation_id
    terminal.heard.forget()
    terminal.do(lambda services: services.chat.edit(first.parent_id, "say other"))
    terminal.ended(cid)
    window.heard.forget()
    window.do(lambda services: services.chat.regenerate(first.id))
    shown = window.heard.wait(BranchShown)
    assert [message.content for message in shown.messages] == ["say one", ""]
    assert shown.places[first.parent_id].count == 2
    window.ended(cid)


def test_only_one_of_them_writes_in_a_conversation(window, terminal):
    conversation = window.begin("stall")
    window.heard.wait(ReplyGrew, lambda event: event.tokens >= 3)
    terminal.do(lambda services: services.chat.send(conversation.id, "me too"))
    rejected = terminal.heard.wait(SendRejected)
    assert (rejected.problem.code, rejected.text) == ("busy_elsewhere", "me too")
    window.do(lambda services: services.chat.stop(conversation.id))
    window.ended(conversation.id)
    assert terminal.say("say me too", conversation.id).content == "me too"


def test_both_write_in_conversations_of_their_own_at_once(window, terminal):
    ours, theirs = window.begin("stream 700"), terminal.begin("stream 700")
    for desk, conversation in ((window, ours), (terminal, theirs)):
        reply = desk.ended(conversation.id).message
        assert reply.content == "".join(event.text for event in desk.heard.of(ReplyGrew))
        assert desk.stored(reply.id)["content"] == reply.content
    assert ours.id != theirs.id


def test_a_start_leaves_the_reply_of_the_other_alone(window, profile):
    conversation = window.begin("stall")
    message_id = window.heard.wait(ReplyGrew, lambda event: event.tokens >= 3).message_id
    with desk_in(profile) as other:
        assert other.stored(message_id)["state"] == "streaming"
        window.do(lambda services: services.chat.stop(conversation.id))
        window.ended(conversation.id)
    assert read(window.paths, "SELECT state FROM messages WHERE id = ?", message_id)[0]["state"] == "complete"


def test_a_conversation_deleted_by_the_other_refuses_messages(window, terminal):
    reply = window.say("say one")
    terminal.ask(lambda services: services.history.trash(reply.conversation_id))
    window.heard.forget()
    window.do(lambda services: services.chat.send(reply.conversation_id, "more"))
    assert window.heard.wait(SendRejected).problem.code == "conversation_trashed"
