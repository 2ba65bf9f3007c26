"""Branches: editing, answering anew, moving between siblings, deleting, continuing a cut reply."""

import threading

import pytest

from desktop_app.core.conversation import FinishReason, MessageState, Role
from desktop_app.core.errors import UsageError
from desktop_app.core.sampling import SamplingSettings
from desktop_app.services.events import (
    BranchShown,
    BranchTrashed,
    ReplyEnded,
    ReplyGrew,
    SendRejected,
)
from tests.helpers.hearing import read, texts, words


class TestBranches:
    def test_an_edited_message_is_a_new_branch_beside_the_old_one(self, desk):
        first = desk.say("say one")
        cid, user = first.conversation_id, first.parent_id
        desk.say("say tail", cid)
        desk.heard.forget()
        desk.do(lambda services: services.chat.edit(user, "say two"))
        shown = desk.heard.wait(BranchShown)
        assert shown.reason == "edited"
        assert texts(shown) == ["say two", ""]
        assert (shown.places[shown.messages[0].id].index, shown.places[shown.messages[0].id].count) == (1, 2)
        assert desk.ended(cid).message.content == "two"
        assert desk.branch(cid) == [("user", "say two"), ("assistant", "two")]
        assert len(desk.whole(cid)[1]) == 6

    def test_an_edit_in_the_middle_keeps_what_is_above(self, desk):
        first = desk.say("say one")
        cid = first.conversation_id
        second = desk.say("say two", cid)
        desk.heard.forget()
        desk.do(lambda services: services.chat.edit(second.parent_id, "say three"))
        reply = desk.ended(cid).message
        assert desk.branch(cid) == [
            ("user", "say one"),
            ("assistant", "one"),
            ("user", "say three"),
            ("assistant", "three"),
        ]
        assert reply.statistics.prompt_tokens == words("say one one say three")

    def test_only_own_messages_can_be_edited_and_not_to_nothing(self, desk):
        reply = desk.say("say one")
        for message_id, text, code in ((reply.id, "x", "not_yours"), (reply.parent_id, "  ", "empty_message")):
            desk.heard.forget()
            desk.do(lambda services, one=message_id, text=text: services.chat.edit(one, text))
            assert desk.heard.wait(SendRejected).problem.code == code
        assert len(desk.whole(reply.conversation_id)[1]) == 2

    def test_a_reply_made_again_is_a_sibling(self, desk):
        first = desk.say("say one")
        cid = first.conversation_id
        desk.heard.forget()
        desk.do(lambda services: services.chat.regenerate(first.id))
        shown = desk.heard.wait(BranchShown)
        assert shown.reason == "regenerated"
        place = shown.places[shown.messages[-1].id]
        assert (place.index, place.count) == (1, 2)
        second = desk.ended(cid).message
        assert second.parent_id == first.parent_id
        assert second.id != first.id
        assert desk.whole(cid)[1].siblings(first.id) == (first.id, second.id)

    def test_a_user_message_whose_reply_is_gone_can_be_answered_anew(self, desk):
        reply = desk.say("say one")
        desk.ask(lambda services: services.chat.trash_branch(reply.id))
        desk.heard.forget()
        desk.do(lambda services: services.chat.regenerate(reply.parent_id))
        assert desk.ended(reply.conversation_id).message.content == "one"
        assert desk.branch(reply.conversation_id) == [("user", "say one"), ("assistant", "one")]

    def test_moving_between_siblings_shows_the_newest_end_of_each_and_is_remembered(self, desk):
        first = desk.say("say one")
        cid = first.conversation_id
        desk.say("say below", cid)
        desk.heard.forget()
        desk.do(lambda services: services.chat.edit(first.parent_id, "say two"))
        second = desk.ended(cid).message
        desk.heard.forget()
        desk.do(lambda services: services.chat.select_sibling(second.parent_id, -1))
        shown = desk.heard.wait(BranchShown)
        assert shown.reason == "sibling"
        assert texts(shown) == ["say one", "one", "say below", "below"]
        row = read(desk.paths, "SELECT leaf_id FROM conversations WHERE id = ?", cid)[0]
        assert row["leaf_id"] == shown.messages[-1].id
        desk.heard.forget()
        desk.do(lambda services: services.chat.select_sibling(first.parent_id, 1))
        assert texts(desk.heard.wait(BranchShown)) == ["say two", "two"]

    @pytest.mark.parametrize("step", [-1, 1])
    def test_there_is_nothing_before_the_first_sibling_or_after_the_last(self, desk, step):
        reply = desk.say("say one")
        desk.heard.forget()
        desk.ask(lambda services: services.chat.select_sibling(reply.id, step))
        assert desk.heard.kinds() == []

    def test_a_conversation_opens_at_a_message_of_another_branch(self, desk):
        first = desk.say("say one")
        cid = first.conversation_id
        desk.heard.forget()
        desk.do(lambda services: services.chat.edit(first.parent_id, "say two"))
        desk.ended(cid)
        desk.heard.forget()
        desk.do(lambda services: services.chat.open(cid, first.id))
        shown = desk.heard.wait(BranchShown)
        assert (texts(shown), shown.target_id, shown.reason) == (["say one", "one"], first.id, "opened")

    def test_a_deleted_branch_goes_to_the_trash_and_comes_back(self, desk):
        first = desk.say("say one")
        cid = first.conversation_id
        second = desk.say("say two", cid)
        desk.heard.forget()
        desk.do(lambda services: services.chat.trash_branch(second.parent_id))
        assert desk.heard.wait(BranchTrashed).message_id == second.parent_id
        assert texts(desk.heard.of(BranchShown)[0]) == ["say one", "one"]
        assert len(desk.branch(cid)) == 2
        desk.heard.forget()
        desk.do(lambda services: services.chat.restore_branch(second.parent_id))
        shown = desk.heard.wait(BranchShown)
        assert (shown.reason, texts(shown)) == ("restored", ["say one", "one", "say two", "two"])

    def test_deleting_the_branch_that_is_being_written_stops_it_and_keeps_the_words(self, desk):
        conversation = desk.begin("stream 100000")
        desk.heard.wait(ReplyGrew, lambda event: event.tokens > 20)
        _, tree = desk.whole(conversation.id)
        user, reply = sorted(tree.messages)
        desk.do(lambda services: services.chat.trash_branch(user))
        ended = desk.ended(conversation.id).message
        desk.heard.wait(BranchTrashed)
        desk.say("say the engine is free again")
        assert desk.stored(reply)["content"] == ended.content
        assert desk.stored(reply)["state"] == "complete"
        desk.ask(lambda services: services.chat.restore_branch(user))
        assert desk.branch(conversation.id)[1] == ("assistant", ended.content)

    def test_nothing_is_heard_of_a_reply_after_its_end(self, desk):
        conversation = desk.begin("stream 100000")
        desk.heard.wait(ReplyGrew, lambda event: event.tokens > 20)

        def trash_late(services):
            threading.Event().wait(0.1)  # meanwhile several pieces arrive, which will be heard after the end
            services.history.trash(conversation.id)

        desk.ask(trash_late)
        later = desk.ask(lambda services: services.chat.send(None, "say the engine is free again"))
        desk.ended(later.id)
        kept = desk.ended(conversation.id).message
        heard = "".join(event.text for event in desk.heard.of(ReplyGrew) if event.message_id == kept.id)
        assert kept.content == heard
        assert desk.stored(kept.id)["content"] == kept.content
        assert [event.message.id for event in desk.heard.of(ReplyEnded)].count(kept.id) == 1


class TestContinuing:
    def cut(self, desk, words=40):
        conversation = desk.begin("stream 100000")
        desk.heard.wait(ReplyGrew, lambda event: event.tokens > words)
        desk.do(lambda services: services.chat.stop(conversation.id))
        return desk.ended(conversation.id).message

    def test_a_cut_reply_goes_on_in_the_same_message(self, desk):
        cut = self.cut(desk)
        cid = cut.conversation_id
        desk.ask(lambda services: services.chat.set_sampling(cid, SamplingSettings(max_tokens=3)))
        desk.heard.forget()
        desk.do(lambda services: services.chat.continue_reply(cut.id))
        shown = desk.heard.wait(BranchShown)
        assert shown.reason == "continued"
        assert shown.messages[-1].content == cut.content
        assert shown.messages[-1].state is MessageState.STREAMING
        ended = desk.ended(cid).message
        assert ended.id == cut.id
        assert ended.content == cut.content + "word1 word2 word3 "
        assert ended.finish_reason is FinishReason.LENGTH
        assert desk.stored(cut.id)["content"] == ended.content

    def test_the_model_is_given_what_it_had_written(self, own_desk):
        own_desk.load()
        cut = self.cut(own_desk)
        sent = []

        def spy(services):
            engine = services.models._engine
            send = engine.send
            engine.send = lambda command: (sent.append(command), send(command))

        own_desk.ask(spy)
        own_desk.heard.forget()
        own_desk.ask(lambda services: services.chat.continue_reply(cut.id))
        own_desk.ask(lambda services: services.chat.stop(cut.conversation_id))
        own_desk.ended(cut.conversation_id)
        command = sent[0]
        assert command.continue_last
        assert [(message.role, message.content) for message in command.messages] == [
            (Role.USER, "stream 100000"),
            (Role.ASSISTANT, cut.content),
        ]

    def test_a_whole_reply_cannot_be_continued(self, desk):
        reply = desk.say("say whole")
        with pytest.raises(UsageError) as caught:
            desk.ask(lambda services: services.chat.continue_reply(reply.id))
        assert caught.value.problem.code == "not_cut"

    def test_a_cut_reply_with_something_below_it_cannot_be_continued(self, desk):
        cut = self.cut(desk)
        desk.say("say below", cut.conversation_id)
        with pytest.raises(UsageError) as caught:
            desk.ask(lambda services: services.chat.continue_reply(cut.id))
        assert caught.value.problem.code == "not_cut"

    def test_a_cut_reply_without_a_word_is_made_again_instead(self, desk):
        first = desk.begin("stall")
        waiting = desk.ask(lambda services: services.chat.send(None, "say later"))
        desk.do(lambda services: services.chat.stop(waiting.id))
        empty = desk.ended(waiting.id).message
        desk.do(lambda services: services.chat.stop(first.id))
        desk.ended(first.id)
        desk.heard.forget()
        desk.do(lambda services: services.chat.continue_reply(empty.id))
        again = desk.ended(waiting.id).message
        assert again.id != empty.id
        assert again.content == "later"
