"""Whole conversations: listed, found, named, pinned, deleted and brought back."""

import time

import pytest

from desktop_app.core.errors import UsageError
from desktop_app.services.events import (
    ConversationChanged,
    ConversationRestored,
    ConversationsListed,
    ConversationTrashed,
    Noticed,
    ReplyEnded,
    ReplyGrew,
    SearchFound,
    TrashListed,
)
from desktop_app.services.history_service import TITLE_LIMIT


def ids(conversations):
    return [one.id for one in conversations]


def trash(desk, conversation_id):
    desk.ask(lambda services: services.history.trash(conversation_id))


class TestListing:
    def test_the_latest_first_and_pinned_ones_before(self, own_desk):
        made = [own_desk.ask(lambda s, n=n: s.chat.send(None, f"say {n}")).id for n in range(3)]
        own_desk.ask(lambda services: services.history.pin(made[0], True))
        own_desk.heard.forget()
        listed = own_desk.ask(lambda services: services.history.list_conversations())
        assert ids(listed) == [made[0], made[2], made[1]]
        event = own_desk.heard.of(ConversationsListed)[0]
        assert (event.conversations, event.more) == (listed, False)
        own_desk.ask(lambda services: services.history.pin(made[0], False))
        assert ids(own_desk.ask(lambda services: services.history.list_conversations())) == made[::-1]

    def test_it_says_when_there_are_more(self, own_desk):
        for number in range(3):
            own_desk.ask(lambda services, n=number: services.chat.send(None, f"say {n}"))
        own_desk.heard.forget()
        assert len(own_desk.ask(lambda services: services.history.list_conversations(2))) == 2
        assert own_desk.heard.of(ConversationsListed)[0].more

    def test_a_new_message_brings_a_conversation_to_the_top(self, own_desk):
        own_desk.load()
        first, second = (own_desk.say(f"say {n}").conversation_id for n in range(2))
        own_desk.say("say more", first)
        assert ids(own_desk.ask(lambda services: services.history.list_conversations())) == [first, second]


class TestNaming:
    def test_a_title_is_kept_on_one_line_and_not_endless(self, desk):
        reply = desk.say("say one")
        desk.ask(lambda services: services.history.rename(reply.conversation_id, "  My \n title " + "x" * 500))
        changed = desk.heard.wait(ConversationChanged, lambda event: event.conversation.title.startswith("My"))
        assert changed.conversation.title.startswith("My title xxx")
        assert len(changed.conversation.title) == TITLE_LIMIT

    def test_an_empty_title_is_refused(self, desk):
        reply = desk.say("say one")
        with pytest.raises(UsageError) as caught:
            desk.ask(lambda services: services.history.rename(reply.conversation_id, " \n "))
        assert caught.value.problem.code == "empty_title"


class TestSearching:
    def test_titles_messages_and_replies_are_found(self, desk):
        reply = desk.say("say xylophone lessons")
        hits = desk.ask(lambda services: services.history.search("xylophone"))
        assert {(hit.conversation_id, hit.message_id) for hit in hits} == {
            (reply.conversation_id, None),
            (reply.conversation_id, reply.parent_id),
            (reply.conversation_id, reply.id),
        }
        found = desk.heard.of(SearchFound)[-1]
        assert (found.query, found.hits) == ("xylophone", hits)

    @pytest.mark.parametrize("query", ["", "   ", '"', "AND OR (", "\ud83d", "no-such-word-anywhere"])
    def test_nothing_that_can_be_typed_is_an_error(self, desk, query):
        assert desk.ask(lambda services: services.history.search(query)) == ()


class TestTrash:
    def test_deleted_restored_and_complete(self, desk):
        reply = desk.say("say trashable")
        cid = reply.conversation_id
        desk.heard.forget()
        trash(desk, cid)
        assert desk.heard.of(ConversationTrashed)[0].conversation.id == cid
        assert cid not in ids(desk.ask(lambda services: services.history.list_conversations()))
        assert cid in ids(desk.ask(lambda services: services.history.trashed()))
        assert desk.ask(lambda services: services.history.search("trashable")) == ()
        desk.heard.forget()
        desk.ask(lambda services: services.history.restore(cid))
        assert desk.heard.of(ConversationRestored)[0].conversation.id == cid
        assert cid in ids(desk.ask(lambda services: services.history.list_conversations()))
        assert desk.branch(cid) == [("user", "say trashable"), ("assistant", "trashable")]
        assert desk.say("say more", cid).content == "more"

    def test_deleting_amid_a_reply_stops_it_and_keeps_its_words(self, desk):
        conversation = desk.begin("stream 100000")
        desk.heard.wait(ReplyGrew, lambda event: event.tokens > 20)
        trash(desk, conversation.id)
        ended = desk.heard.of(ReplyEnded)[0].message
        assert desk.say("say the engine is free").content == "the engine is free"
        desk.ask(lambda services: services.history.restore(conversation.id))
        assert desk.branch(conversation.id)[1] == ("assistant", ended.content)
        assert desk.stored(ended.id)["state"] == "complete"

    def test_the_trash_is_listed_with_its_branches(self, own_desk):
        own_desk.load()
        whole, part = own_desk.say("say whole"), own_desk.say("say part")
        trash(own_desk, whole.conversation_id)
        before = time.time()
        own_desk.ask(lambda services: services.chat.trash_branch(part.id))
        own_desk.heard.forget()
        own_desk.ask(lambda services: services.history.list_trash())
        listed = own_desk.heard.of(TrashListed)[0]
        assert ids(listed.conversations) == [whole.conversation_id]
        [(message, deleted_at)] = listed.branches
        assert (message.id, message.content) == (part.id, "part")
        assert before - 1 < deleted_at < time.time() + 1

    def test_emptying_deletes_for_good_and_erases_every_trace(self, own_desk):
        own_desk.load()
        kept, gone = own_desk.say("say keepsake"), own_desk.say("say unforgettable-secret")
        trash(own_desk, gone.conversation_id)
        own_desk.heard.forget()
        own_desk.ask(lambda services: services.history.empty_trash())
        assert own_desk.heard.of(TrashListed)[0].conversations == ()
        with pytest.raises(UsageError):
            own_desk.ask(lambda services: services.history.restore(gone.conversation_id))
        assert own_desk.branch(kept.conversation_id)[1] == ("assistant", "keepsake")
        own_desk.close()  # not before what was posted has been done
        traces = b"".join(path.read_bytes() for path in own_desk.paths.data_dir.glob("causerie.sqlite3*"))
        assert b"keepsake" in traces
        assert b"unforgettable" not in traces
        assert own_desk.heard.of(Noticed) == []

    def test_emptying_amid_a_reply_leaves_the_reply_alone(self, own_desk):
        own_desk.load()
        gone = own_desk.say("say gone")
        trash(own_desk, gone.conversation_id)
        conversation = own_desk.begin("slow 10")
        own_desk.ask(lambda services: services.history.empty_trash())
        reply = own_desk.ended(conversation.id).message
        assert reply.content.endswith("word10 ")
        assert own_desk.stored(reply.id)["content"] == reply.content


@pytest.mark.parametrize("action", ["trash", "restore", "whole"])
def test_an_unknown_conversation_is_an_error(desk, action):
    with pytest.raises(UsageError) as caught:
        desk.ask(lambda services: getattr(services.history, action)(987654))
    assert caught.value.problem.code == "conversation_missing"
