"""Conversing over the real store and the real process with the scripted model."""

import threading
import time

import pytest

from desktop_app.core.conversation import FinishReason, MessageState, Role
from desktop_app.core.errors import UsageError
from desktop_app.core.sampling import SamplingSettings
from desktop_app.services.events import (
    BranchShown,
    BranchTrashed,
    BugNoticed,
    ConversationChanged,
    MessageAdded,
    Noticed,
    PromptProgressed,
    ReplyEnded,
    ReplyGrew,
    SendRejected,
    TokensCounted,
)
from tests.helpers.hearing import desk_in, read, words


def last(desk, conversation_id):
    """Return the last message of the branch on view, as stored."""
    conversation, tree = desk.ask(lambda services: services.history.whole(conversation_id))
    return tree[conversation.leaf_id]


def whole(desk, conversation_id):
    return desk.ask(lambda services: services.history.whole(conversation_id))


def texts(shown):
    return [message.content for message in shown.messages]


class TestSending:
    def test_the_first_message_makes_a_conversation_and_is_answered(self, desk):
        reply = desk.say("say Hello, world")
        assert (reply.content, reply.state, reply.finish_reason) == (
            "Hello, world",
            MessageState.COMPLETE,
            FinishReason.STOP,
        )
        conversation, tree = whole(desk, reply.conversation_id)
        assert conversation.title == "say Hello, world"
        assert tree[reply.id] == reply
        assert desk.branch(conversation.id) == [("user", "say Hello, world"), ("assistant", "Hello, world")]

    def test_the_window_hears_the_branch_then_the_reply_then_its_words_then_its_end(self, desk):
        desk.say("say one")
        kinds = [kind for kind in desk.heard.kinds() if kind != "ModelChanged"]
        assert kinds[:5] == [
            "ConversationChanged",
            "BranchShown",
            "MessageAdded",
            "ConversationChanged",
            "PromptProgressed",
        ]
        assert "ReplyGrew" in kinds
        assert kinds[-1] == "ReplyEnded"
        assert desk.heard.of(BranchShown)[0].reason == "created"
        assert desk.heard.of(MessageAdded)[0].message.state is MessageState.STREAMING

    def test_what_is_told_piece_by_piece_is_what_is_stored(self, desk):
        reply = desk.say("stream 300")
        grown = "".join(event.text for event in desk.heard.of(ReplyGrew))
        assert grown == reply.content == "".join(f"word{number} " for number in range(1, 301))
        assert desk.stored(reply.id)["content"] == grown

    def test_a_further_message_goes_below_the_reply_and_is_given_the_whole_past(self, desk):
        first = desk.say("say one")
        second = desk.say("say two", first.conversation_id)
        assert desk.branch(first.conversation_id) == [
            ("user", "say one"),
            ("assistant", "one"),
            ("user", "say two"),
            ("assistant", "two"),
        ]
        added = [event.message.role for event in desk.heard.of(MessageAdded)]
        assert added == [Role.USER, Role.ASSISTANT]
        assert second.statistics.prompt_tokens == words("say one one say two")

    def test_statistics_model_sampling_and_system_prompt_are_stored_with_the_reply(self, desk):
        sampling = SamplingSettings(temperature=0.3, seed=7, max_tokens=5)
        reply = desk.say("stream 50", system_prompt="Be brief.", sampling=sampling)
        stored = last(desk, reply.conversation_id)
        assert stored.sampling == sampling
        assert stored.system_prompt == "Be brief."
        assert stored.model == "any"
        assert stored.finish_reason is FinishReason.LENGTH
        assert stored.statistics.completion_tokens == 5
        assert stored.statistics.prompt_tokens == 4
        assert stored.statistics.generation_seconds > 0
        assert stored.statistics.time_to_first_token > 0
        assert stored == reply

    def test_reasoning_is_kept_apart(self, desk):
        reply = desk.say("think")
        assert (reply.reasoning, reply.content) == ("Let me see.", "Done.")
        assert desk.stored(reply.id)["reasoning"] == "Let me see."

    def test_reading_the_prompt_is_told(self, desk):
        desk.say("prompt 640")
        told = [(event.done, event.total) for event in desk.heard.of(PromptProgressed)]
        assert told[0] == (0, 640)
        assert told[-1] == (640, 640)
        assert told == sorted(told)

    @pytest.mark.parametrize(("script", "reason"), [("full", FinishReason.CONTEXT_FULL), ("long", FinishReason.LENGTH)])
    def test_why_a_reply_ended_is_kept(self, desk, script, reason):
        reply = desk.say(script)
        assert (reply.finish_reason, reply.state) == (reason, MessageState.COMPLETE)
        assert desk.stored(reply.id)["finish_reason"] == reason.value

    @pytest.mark.parametrize("text", ["", " \n\t "])
    def test_an_empty_message_is_rejected_and_leaves_nothing(self, desk, text):
        before = len(read(desk.paths, "SELECT id FROM conversations"))
        desk.do(lambda services: services.chat.send(None, text))
        rejected = desk.heard.wait(SendRejected)
        assert (rejected.text, rejected.problem.code) == (text, "empty_message")
        assert len(read(desk.paths, "SELECT id FROM conversations")) == before

    def test_a_message_into_an_unknown_conversation_goes_back_to_the_composer(self, desk):
        desk.do(lambda services: services.chat.send(987654, "my words"))
        rejected = desk.heard.wait(SendRejected)
        assert (rejected.conversation_id, rejected.text) == (987654, "my words")
        assert rejected.problem.code == "conversation_missing"

    def test_a_message_into_a_conversation_in_the_trash_goes_back(self, desk):
        reply = desk.say("say one")
        desk.ask(lambda services: services.history.trash(reply.conversation_id))
        desk.do(lambda services: services.chat.send(reply.conversation_id, "more"))
        assert desk.heard.wait(SendRejected).problem.code == "conversation_trashed"

    def test_halves_of_characters_do_no_harm(self, desk):
        reply = desk.say("say \ud83d half", system_prompt="\ude00")
        assert reply.state is MessageState.COMPLETE
        assert reply.content == "\ufffd half"
        desk.do(lambda services: services.chat.count_tokens(None, "\ud83d", "\ude00 draft"))
        desk.heard.wait(TokensCounted)
        assert not desk.heard.of(BugNoticed)

    def test_nothing_is_written_while_the_message_is_not_on_disk(self, desk):
        """At the first word from the engine another program finds the user's message in the database."""
        found = []

        def look(event):
            if isinstance(event, PromptProgressed | ReplyGrew) and not found:
                found.extend(read(desk.paths, "SELECT content FROM messages WHERE content LIKE 'say committed%'"))

        desk.heard.watch = look
        try:
            desk.say("say committed first")
        finally:
            desk.heard.watch = lambda event: None
        assert [row["content"] for row in found] == ["say committed first"]

    def test_the_message_is_committed_when_the_command_leaves_for_the_engine(self, own_desk):
        own_desk.load()
        found = []

        def spy(services):
            engine = services.models._engine
            send = engine.send

            def looking(command):
                found.append(read(own_desk.paths, "SELECT role, state, content FROM messages ORDER BY id"))
                send(command)

            engine.send = looking

        own_desk.ask(spy)
        own_desk.say("say it")
        assert [tuple(row) for row in found[0]] == [("user", "complete", "say it"), ("assistant", "streaming", "")]


class TestOneReplyAtATime:
    def test_a_second_message_in_the_same_conversation_is_rejected(self, desk):
        conversation = desk.begin("stall")
        desk.do(lambda services: services.chat.send(conversation.id, "and this?"))
        rejected = desk.heard.wait(SendRejected)
        assert (rejected.problem.code, rejected.text) == ("busy", "and this?")
        desk.do(lambda services: services.chat.stop(conversation.id))
        assert desk.ended(conversation.id).message.finish_reason is FinishReason.CANCELLED
        assert len(desk.branch(conversation.id)) == 2

    @pytest.mark.parametrize("action", ["edit", "regenerate", "continue_reply"])
    def test_nothing_else_may_begin_a_reply_meanwhile(self, desk, action):
        conversation = desk.begin("stall")
        _, tree = whole(desk, conversation.id)
        user, reply = sorted(tree.messages)
        calls = {
            "edit": lambda services: services.chat.edit(user, "say other"),
            "regenerate": lambda services: services.chat.regenerate(reply),
            "continue_reply": lambda services: services.chat.continue_reply(reply),
        }
        with pytest.raises(UsageError) as caught:
            desk.ask(calls[action])
        assert caught.value.problem.code == "busy"
        desk.do(lambda services: services.chat.stop(conversation.id))
        desk.ended(conversation.id)
        assert len(whole(desk, conversation.id)[1]) == 2

    def test_a_reply_goes_on_while_another_conversation_is_on_view(self, desk):
        other = desk.say("say other")
        conversation = desk.begin("slow 20")
        desk.do(lambda services: services.chat.open(other.conversation_id))
        shown = desk.heard.wait(BranchShown, lambda event: event.conversation.id == other.conversation_id)
        assert texts(shown) == ["say other", "other"]
        reply = desk.ended(conversation.id).message
        assert reply.content.endswith("word20 ")
        assert desk.stored(reply.id)["content"] == reply.content

    def test_a_second_conversation_is_answered_after_the_first(self, desk):
        first = desk.begin("slow 10")
        second = desk.ask(lambda services: services.chat.send(None, "say me too"))
        assert desk.ended(second.id).message.content == "me too"
        assert desk.ended(first.id).message.content.endswith("word10 ")
        ended = [event.message.conversation_id for event in desk.heard.of(ReplyEnded)]
        assert ended == [first.id, second.id]

    def test_a_waiting_reply_can_be_stopped_before_it_begins(self, desk):
        first = desk.begin("stall")
        desk.heard.wait(ReplyGrew, lambda event: event.tokens >= 3)
        second = desk.ask(lambda services: services.chat.send(None, "say never"))
        desk.do(lambda services: services.chat.stop(second.id))
        stopped = desk.ended(second.id).message
        assert (stopped.content, stopped.finish_reason) == ("", FinishReason.CANCELLED)
        desk.do(lambda services: services.chat.stop(first.id))
        assert desk.ended(first.id).message.content.startswith("One two three")

    def test_opening_a_conversation_amid_its_reply_shows_the_words_so_far(self, desk):
        conversation = desk.begin("stall")
        desk.heard.wait(ReplyGrew, lambda event: event.tokens >= 3)
        grown = "".join(event.text for event in desk.heard.of(ReplyGrew))
        desk.do(lambda services: services.chat.open(conversation.id))
        shown = desk.heard.wait(BranchShown, lambda event: event.reason == "opened")
        assert shown.messages[-1].state is MessageState.STREAMING
        assert shown.messages[-1].content == grown
        desk.do(lambda services: services.chat.stop(conversation.id))
        desk.ended(conversation.id)


class TestStopping:
    def test_what_was_written_is_kept_and_marked(self, desk):
        conversation = desk.begin("stream 100000")
        desk.heard.wait(ReplyGrew, lambda event: event.tokens > 50)
        asked = time.monotonic()
        desk.do(lambda services: services.chat.stop(conversation.id))
        reply = desk.ended(conversation.id).message
        assert time.monotonic() - asked < 1.0
        assert (reply.state, reply.finish_reason) == (MessageState.COMPLETE, FinishReason.CANCELLED)
        assert reply.content == "".join(event.text for event in desk.heard.of(ReplyGrew))
        assert desk.stored(reply.id)["content"] == reply.content
        assert reply.statistics.completion_tokens > 50

    def test_stopping_while_the_prompt_is_read(self, desk):
        conversation = desk.begin("prompt 100000")
        desk.heard.wait(PromptProgressed, lambda event: event.done > 64)
        desk.do(lambda services: services.chat.stop(conversation.id))
        assert desk.ended(conversation.id).message.finish_reason is FinishReason.CANCELLED

    def test_stopping_nothing_does_nothing(self, desk):
        reply = desk.say("say one")
        desk.heard.forget()
        desk.ask(lambda services: services.chat.stop(reply.conversation_id))
        desk.ask(lambda services: services.chat.stop(987654))
        assert desk.heard.kinds() == []


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
        assert len(whole(desk, cid)[1]) == 6

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
            with pytest.raises(UsageError) as caught:
                desk.ask(lambda services, one=message_id, text=text: services.chat.edit(one, text))
            assert caught.value.problem.code == code
        assert len(whole(desk, reply.conversation_id)[1]) == 2

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
        assert whole(desk, cid)[1].siblings(first.id) == (first.id, second.id)

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
        _, tree = whole(desk, conversation.id)
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


class TestSettingsOfAConversation:
    def test_a_changed_system_prompt_is_given_from_the_next_message_on(self, desk):
        first = desk.say("say one", system_prompt="Be kind.")
        cid = first.conversation_id
        desk.do(lambda services: services.chat.set_system_prompt(cid, "Be very very brief."))
        changed = desk.heard.wait(ConversationChanged, lambda event: "brief" in event.conversation.system_prompt)
        assert changed.conversation.id == cid
        second = desk.say("say two", cid)
        assert (first.system_prompt, second.system_prompt) == ("Be kind.", "Be very very brief.")
        assert second.statistics.prompt_tokens == words("Be very very brief. say one one say two")

    def test_changed_sampling_counts_from_the_next_message_on(self, desk):
        first = desk.say("stream 9")
        cid = first.conversation_id
        desk.ask(lambda services: services.chat.set_sampling(cid, SamplingSettings(max_tokens=2)))
        second = desk.say("stream 9", cid)
        assert (first.statistics.completion_tokens, second.statistics.completion_tokens) == (9, 2)
        assert (first.sampling.max_tokens, second.sampling.max_tokens) == (0, 2)

    def test_stop_strings_end_a_reply(self, desk):
        reply = desk.say("stream 9", sampling=SamplingSettings(stop=("word4",)))
        assert reply.content == "word1 word2 word3 "
        assert reply.finish_reason is FinishReason.STOP


class TestContextMeter:
    def test_it_counts_system_prompt_conversation_and_draft(self, desk):
        reply = desk.say("say one", system_prompt="Be kind.")
        desk.do(lambda services: services.chat.count_tokens(reply.conversation_id, "ignored", "four words of draft"))
        counted = desk.heard.wait(TokensCounted)
        count = counted.count
        assert counted.conversation_id == reply.conversation_id
        assert (count.system_prompt, count.conversation, count.draft, count.total) == (2, 3, 4, 9)

    def test_it_counts_a_draft_before_there_is_a_conversation(self, desk):
        desk.do(lambda services: services.chat.count_tokens(None, "a system prompt", "a draft"))
        counted = desk.heard.wait(TokensCounted)
        assert (counted.conversation_id, counted.count.system_prompt, counted.count.draft) == (None, 3, 2)

    def test_it_is_silent_while_a_reply_is_written(self, desk):
        conversation = desk.begin("stall")
        desk.ask(lambda services: services.chat.count_tokens(conversation.id, "", "draft"))
        desk.ask(lambda services: services.chat.stop(conversation.id))
        desk.ended(conversation.id)
        desk.say("say more")
        assert desk.heard.of(TokensCounted) == []

    def test_it_is_silent_without_a_model(self, own_desk):
        own_desk.ask(lambda services: services.chat.count_tokens(None, "", "draft"))
        assert own_desk.heard.of(TokensCounted) == []
        assert own_desk.heard.of(Noticed) == []


def test_five_conversations_turn_and_turn_about_keep_their_own_past(desk):
    """More than are kept in memory at once."""
    ids = [desk.say(f"say first{number}").conversation_id for number in range(6)]
    for number, cid in enumerate(ids):
        desk.say(f"say second{number}", cid)
    for number, cid in enumerate(ids):
        assert [text for _, text in desk.branch(cid)] == [
            f"say first{number}",
            f"first{number}",
            f"say second{number}",
            f"second{number}",
        ]
        desk.heard.forget()
        desk.do(lambda services, cid=cid: services.chat.open(cid))
        assert texts(desk.heard.wait(BranchShown))[-1] == f"second{number}"


def test_everything_is_there_after_a_restart(profile):
    with desk_in(profile) as desk:
        desk.load()
        first = desk.say("say one", system_prompt="Be kind.", sampling=SamplingSettings(temperature=0.1))
        desk.do(lambda services: services.chat.edit(first.parent_id, "say two"))
        desk.heard.wait(ReplyEnded, lambda event: event.message.content == "two")
        before = whole(desk, first.conversation_id)
    with desk_in(profile) as desk:
        conversation, tree = whole(desk, first.conversation_id)
        assert conversation == before[0]
        assert tree.messages == before[1].messages
        assert conversation.system_prompt == "Be kind."
        assert conversation.sampling.temperature == 0.1
        desk.do(lambda services: services.chat.open(conversation.id))
        assert texts(desk.heard.wait(BranchShown)) == ["say two", "two"]
