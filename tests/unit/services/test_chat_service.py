"""Conversing over the real store and the real process with the scripted model."""

import time

import pytest

from desktop_app.core.conversation import FinishReason, MessageState, Role
from desktop_app.core.errors import UsageError
from desktop_app.core.sampling import SamplingSettings
from desktop_app.services.events import (
    BranchShown,
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
from tests.helpers.hearing import desk_in, read, texts, words


def last(desk, conversation_id):
    """Return the last message of the branch on view, as stored."""
    conversation, tree = desk.whole(conversation_id)
    return tree[conversation.leaf_id]


class TestSending:
    def test_the_first_message_makes_a_conversation_and_is_answered(self, desk):
        reply = desk.say("say Hello, world")
        assert (reply.content, reply.state, reply.finish_reason) == (
            "Hello, world",
            MessageState.COMPLETE,
            FinishReason.STOP,
        )
        conversation, tree = desk.whole(reply.conversation_id)
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

    def test_an_edit_meanwhile_goes_back_to_the_composer(self, desk):
        conversation = desk.begin("stall")
        user = min(desk.whole(conversation.id)[1].messages)
        desk.do(lambda services: services.chat.edit(user, "say other"))
        rejected = desk.heard.wait(SendRejected)
        assert (rejected.conversation_id, rejected.text, rejected.problem.code) == (
            conversation.id,
            "say other",
            "busy",
        )
        desk.do(lambda services: services.chat.stop(conversation.id))
        desk.ended(conversation.id)
        assert len(desk.whole(conversation.id)[1]) == 2

    @pytest.mark.parametrize("action", ["regenerate", "continue_reply"])
    def test_nothing_else_may_begin_a_reply_meanwhile(self, desk, action):
        conversation = desk.begin("stall")
        reply = max(desk.whole(conversation.id)[1].messages)
        with pytest.raises(UsageError) as caught:
            desk.ask(lambda services: getattr(services.chat, action)(reply))
        assert caught.value.problem.code == "busy"
        desk.do(lambda services: services.chat.stop(conversation.id))
        desk.ended(conversation.id)
        assert len(desk.whole(conversation.id)[1]) == 2

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
        before = desk.whole(first.conversation_id)
    with desk_in(profile) as desk:
        conversation, tree = desk.whole(first.conversation_id)
        assert conversation == before[0]
        assert tree.messages == before[1].messages
        assert conversation.system_prompt == "Be kind."
        assert conversation.sampling.temperature == 0.1
        desk.do(lambda services: services.chat.open(conversation.id))
        assert texts(desk.heard.wait(BranchShown)) == ["say two", "two"]
