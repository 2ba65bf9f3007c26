"""The model as services see it: loading, failing, dying amid a reply, and going on."""

import os
import signal
from contextlib import suppress

import psutil
import pytest

from desktop_app.core.conversation import FinishReason, MessageState
from desktop_app.core.errors import ModelError, Problem
from desktop_app.inference.protocol import SystemDescription
from desktop_app.services.events import (
    BugNoticed,
    ModelChanged,
    ModelsListed,
    ModelState,
    Noticed,
    ReplyEnded,
    ReplyGrew,
    TokensCounted,
)
from desktop_app.services.model_service import LoadOptions
from desktop_app.system.paths import starter_model
from tests.helpers.hearing import desk_in, until

PREFACE = "One two three "


@pytest.fixture
def desk(own_desk):
    """A desk of this test alone, since engines die here, with a model."""
    own_desk.load()
    return own_desk


def engine_pid(desk):
    return desk.ask(lambda services: services.models._engine.pid)


def state(desk):
    return desk.ask(lambda services: services.models.state)


def wait_state(desk, wanted):
    return desk.heard.wait(ModelChanged, lambda event: event.state is wanted)


class TestLoading:
    def test_progress_then_ready(self, own_desk):
        ready = own_desk.load("slow.gguf")
        told = own_desk.heard.of(ModelChanged)
        assert {event.state for event in told[:-1]} == {ModelState.LOADING}
        fractions = [event.fraction for event in told]
        assert fractions[0] == 0.0
        assert fractions == sorted(fractions)
        assert len(set(fractions)) > 5
        assert (ready.fraction, ready.name, ready.info.context_length) == (1.0, "slow", 4096)
        assert ready.seconds > 0
        assert state(own_desk) == ready

    def test_options_reach_the_engine(self, own_desk):
        options = LoadOptions(context_length=1234, threads=3)
        own_desk.do(lambda services: services.models.load_path(own_desk.path("any.gguf"), options))
        info = wait_state(own_desk, ModelState.READY).info
        assert (info.context_length, info.threads) == (1234, 3)

    @pytest.mark.parametrize("name", ["missing", "denied", "damaged"])
    def test_a_file_that_cannot_be_used_is_told_and_another_one_loads(self, own_desk, name):
        own_desk.begin_load(f"{name}.gguf")
        failed = wait_state(own_desk, ModelState.FAILED)
        assert failed.problem.code == f"model_{name}"
        assert failed.info is None
        assert own_desk.load().state is ModelState.READY
        assert own_desk.say("say fine").content == "fine"

    @pytest.mark.parametrize("name", ["slow", "stall"])
    def test_loading_can_be_stopped(self, own_desk, name):
        own_desk.begin_load(f"{name}.gguf")
        own_desk.heard.wait(ModelChanged, lambda event: event.fraction > 0)
        own_desk.do(lambda services: services.models.cancel_load())
        assert wait_state(own_desk, ModelState.NONE).problem is None
        assert own_desk.load().state is ModelState.READY

    def test_a_loading_model_that_hangs_is_ended_by_force(self, own_desk):
        own_desk.begin_load("hang.gguf")
        own_desk.heard.wait(ModelChanged, lambda event: event.fraction >= 0.25)
        own_desk.do(lambda services: services.models.cancel_load())
        assert wait_state(own_desk, ModelState.CRASHED).problem.code == "engine_unresponsive"
        assert own_desk.load().state is ModelState.READY

    def test_another_choice_replaces_the_load_under_way(self, own_desk):
        own_desk.begin_load("stall.gguf")
        own_desk.heard.wait(ModelChanged, lambda event: event.fraction > 0)
        ready = own_desk.load("other.gguf")
        assert ready.name == "other"
        assert own_desk.heard.of(Noticed) == []
        assert state(own_desk) == ready

    @pytest.mark.parametrize(("name", "code"), [("abort", "engine_crashed"), ("oom", "engine_out_of_memory")])
    def test_a_file_that_kills_the_engine_is_told_and_another_one_loads(self, own_desk, name, code):
        own_desk.begin_load(f"{name}.gguf")
        assert wait_state(own_desk, ModelState.CRASHED).problem.code == code
        assert own_desk.load().state is ModelState.READY
        assert own_desk.say("say fine").content == "fine"

    def test_a_file_whose_name_is_not_text_is_refused_with_a_sentence(self, own_desk):
        own_desk.begin_load("caf\udce9.gguf")
        problem = own_desk.heard.wait(Noticed).problem
        assert problem.code == "model_name_not_text"
        assert own_desk.heard.of(BugNoticed) == []
        assert own_desk.load().state is ModelState.READY


class TestTheFirstModel:
    def test_without_a_choice_it_is_the_starter(self, own_desk):
        own_desk.do(lambda services: services.models.load_default("", LoadOptions()))
        ready = wait_state(own_desk, ModelState.READY)
        assert ready.path == str(starter_model())
        assert ready.name.startswith("Causerie Starter")

    def test_an_unknown_name_is_an_error(self, own_desk):
        with pytest.raises(ModelError) as caught:
            own_desk.ask(lambda services: services.models.load_default("nonesuch", LoadOptions()))
        assert caught.value.problem.code == "model_unknown"
        assert state(own_desk).state is ModelState.NONE

    def test_models_are_listed(self, own_desk):
        (own_desk.paths.models_dir / "tiny-Q4_0.gguf").write_bytes(b"GGUF")
        own_desk.do(lambda services: services.shelf.scan())
        listed = own_desk.heard.wait(ModelsListed, lambda event: len(event.models) == 2).models
        assert [model.name for model in listed] == ["tiny", "Causerie Starter"]


class TestSendingWithoutAReadyModel:
    def test_a_message_sent_while_the_model_loads_is_answered_when_it_is_ready(self, own_desk):
        own_desk.begin_load("slow.gguf")
        own_desk.heard.wait(ModelChanged, lambda event: event.fraction > 0)
        reply = own_desk.say("say patience")
        assert (reply.content, reply.model) == ("patience", "slow")

    @pytest.mark.parametrize("first", ["slow", "stall"])
    def test_a_message_sent_while_one_model_loads_is_answered_by_the_one_chosen_after_it(self, own_desk, first):
        own_desk.begin_load(f"{first}.gguf")
        own_desk.heard.wait(ModelChanged, lambda event: event.fraction > 0)
        conversation = own_desk.begin("say fine")
        own_desk.begin_load("any.gguf")
        ended = own_desk.ended(conversation.id)
        assert (ended.message.content, ended.problem) == ("fine", None)

    def test_a_message_that_waits_for_the_model_can_be_stopped(self, own_desk):
        own_desk.begin_load("slow.gguf")
        own_desk.heard.wait(ModelChanged, lambda event: event.fraction > 0)
        conversation = own_desk.begin("say fine")
        own_desk.do(lambda services: services.chat.stop(conversation.id))
        ended = own_desk.ended(conversation.id)
        assert (ended.message.content, ended.message.finish_reason) == ("", FinishReason.CANCELLED)
        wait_state(own_desk, ModelState.READY)
        assert own_desk.say("say good").content == "good"

    def test_without_a_model_the_message_is_kept_and_the_reply_says_why(self, own_desk):
        conversation = own_desk.begin("say one")
        ended = own_desk.ended(conversation.id)
        assert ended.problem.code == "no_model"
        assert ended.message.state is MessageState.FAILED
        assert ended.message.error == str(ended.problem)
        assert own_desk.branch(conversation.id) == [("user", "say one"), ("assistant", "")]
        own_desk.load()
        own_desk.do(lambda services: services.chat.regenerate(ended.message.id))
        assert own_desk.ended(conversation.id).message.content == "one"

    def test_when_loading_fails_the_reply_that_waited_says_why_the_model_did_not_load(self, own_desk):
        own_desk.begin_load("damaged.gguf")
        conversation = own_desk.ask(lambda services: services.chat.send(None, "say one"))
        ended = own_desk.ended(conversation.id)
        assert ended.problem.code == "model_damaged"
        assert ended.message.state is MessageState.FAILED
        assert "damaged" in own_desk.stored(ended.message.id)["error"]
        assert [event.message.id for event in own_desk.heard.of(ReplyEnded)] == [ended.message.id]

    def test_when_loading_kills_the_engine_the_reply_that_waited_says_so(self, own_desk):
        own_desk.begin_load("abort.gguf")
        conversation = own_desk.ask(lambda services: services.chat.send(None, "say one"))
        assert own_desk.ended(conversation.id).problem.code == "engine_crashed"

    def test_with_a_failed_model_the_reply_repeats_its_sentence(self, own_desk):
        own_desk.begin_load("missing.gguf")
        failed = wait_state(own_desk, ModelState.FAILED)
        conversation = own_desk.begin("say one")
        assert own_desk.ended(conversation.id).problem == failed.problem


class TestFaultsAmidAReply:
    @pytest.mark.parametrize(
        ("script", "code", "words"),
        [
            ("abort", "engine_crashed", "an internal check failed"),
            ("segfault", "engine_crashed", "a memory fault"),
            ("oom", "engine_out_of_memory", "memory ran out"),
            ("bad_alloc", "engine_out_of_memory", "memory ran out"),
            ("exit 9", "engine_crashed", "exit code 9"),
            ("exit 0", "engine_ended", "ended by itself"),
        ],
    )
    def test_the_engine_dies(self, desk, script, code, words):
        """The words so far are kept, the sentence says what happened, a reload answers the next message."""
        conversation = desk.begin(script)
        ended = desk.ended(conversation.id)
        assert ended.problem.code == code
        assert words in ended.problem.sentence
        assert ended.message.state is MessageState.FAILED
        assert PREFACE.startswith(ended.message.content)
        shown = "".join(event.text for event in desk.heard.of(ReplyGrew))
        stored = desk.stored(ended.message.id)
        assert (stored["state"], stored["content"]) == ("failed", shown)
        assert shown
        assert words in stored["error"]
        assert wait_state(desk, ModelState.CRASHED).problem == ended.problem
        desk.heard.forget()
        desk.do(lambda services: services.models.reload())
        wait_state(desk, ModelState.READY)
        assert desk.say("say again", conversation.id).content == "again"
        assert not desk.heard.of(BugNoticed)

    def test_the_engine_is_killed_from_outside(self, desk):
        conversation = desk.begin("stream 100000")
        desk.heard.wait(ReplyGrew, lambda event: event.tokens > 30)
        os.kill(engine_pid(desk), signal.SIGKILL)
        ended = desk.ended(conversation.id)
        assert ended.problem.code == "engine_out_of_memory"  # who sent the signal cannot be known
        assert ended.message.content == "".join(event.text for event in desk.heard.of(ReplyGrew))
        assert desk.stored(ended.message.id)["content"] == ended.message.content
        desk.load()
        desk.heard.forget()
        desk.do(lambda services: services.chat.continue_reply(ended.message.id))
        desk.heard.wait(ReplyGrew)
        desk.do(lambda services: services.chat.stop(conversation.id))
        longer = desk.ended(conversation.id).message
        assert longer.content.startswith(ended.message.content)
        assert len(longer.content) > len(ended.message.content)

    def test_a_model_that_hangs_is_ended_when_stopped(self, desk):
        conversation = desk.begin("hang")
        desk.heard.wait(ReplyGrew, lambda event: event.tokens >= 3)
        desk.do(lambda services: services.chat.stop(conversation.id))
        ended = desk.ended(conversation.id)
        assert ended.problem.code == "engine_unresponsive"
        assert ended.message.content == PREFACE
        assert ended.message.state is MessageState.FAILED
        desk.load()
        assert desk.say("say again", conversation.id).content == "again"

    @pytest.mark.parametrize(
        ("script", "code"),
        [("memory", "engine_out_of_memory"), ("error", "scripted_error"), ("bug", "engine_bug")],
    )
    def test_an_error_that_the_engine_survives(self, desk, script, code):
        pid = engine_pid(desk)
        conversation = desk.begin(script)
        ended = desk.ended(conversation.id)
        assert (ended.problem.code, ended.message.content, ended.message.state) == (code, PREFACE, MessageState.FAILED)
        assert state(desk).state is ModelState.READY
        assert desk.say("say again", conversation.id).content == "again"
        assert engine_pid(desk) == pid

    @pytest.mark.skipif(os.name == "nt", reason="the script writes into a socket")
    def test_an_engine_that_talks_nonsense_is_ended(self, desk):
        conversation = desk.begin("garbage")
        assert desk.ended(conversation.id).problem.code == "engine_garbled"
        assert desk.load().state is ModelState.READY

    def test_everyone_who_waits_for_a_dying_engine_is_told(self, desk):
        first = desk.begin("slow 400")
        desk.heard.wait(ReplyGrew)
        second = desk.ask(lambda services: services.chat.send(None, "say later"))
        os.kill(engine_pid(desk), signal.SIGKILL)
        assert desk.ended(first.id).message.content
        waited = desk.ended(second.id)
        assert (waited.message.content, waited.message.state) == ("", MessageState.FAILED)
        assert waited.problem is not None
        desk.load()

    def test_a_crash_between_replies_is_told_and_the_next_message_says_so(self, desk):
        desk.heard.forget()
        os.kill(engine_pid(desk), signal.SIGKILL)
        crashed = wait_state(desk, ModelState.CRASHED)
        conversation = desk.begin("say one")
        assert desk.ended(conversation.id).problem == crashed.problem
        desk.heard.forget()
        desk.do(lambda services: services.models.reload())
        wait_state(desk, ModelState.READY)

    def test_a_load_asked_for_before_the_death_of_the_engine_was_heard_succeeds(self, desk):
        """The thread of the services is busy while the engine dies, so that it hears of it after the load."""

        def die_and_load(services):
            engine = services.models._engine
            os.kill(engine.pid, signal.SIGKILL)
            until(lambda: not engine.running)
            services.models.load_path(desk.path("fresh.gguf"), LoadOptions())

        desk.heard.forget()
        desk.ask(die_and_load)
        assert wait_state(desk, ModelState.READY).name == "fresh"
        assert ModelState.CRASHED not in [event.state for event in desk.heard.of(ModelChanged)]
        assert desk.say("say fresh").content == "fresh"

    def test_a_reply_of_the_dead_engine_fails_though_a_new_one_loads(self, desk):
        conversation = desk.begin("slow 400")
        desk.heard.wait(ReplyGrew)

        def die_and_load(services):
            engine = services.models._engine
            os.kill(engine.pid, signal.SIGKILL)
            until(lambda: not engine.running)
            services.models.load_path(desk.path("fresh.gguf"), LoadOptions())
            services.chat.send(None, "say me")

        desk.ask(die_and_load)
        assert desk.ended(conversation.id).message.state is MessageState.FAILED
        assert desk.heard.wait(ReplyEnded, lambda event: event.problem is None).message.content == "me"

    def test_the_counts_of_a_dead_engine_do_not_silence_the_meter(self, desk):
        def ask_and_kill(services):
            os.kill(services.models._engine.pid, signal.SIGSTOP)
            services.chat.count_tokens(None, "", "never answered")
            os.kill(services.models._engine.pid, signal.SIGKILL)

        desk.heard.forget()
        desk.ask(ask_and_kill)
        wait_state(desk, ModelState.CRASHED)
        desk.load()
        desk.do(lambda services: services.chat.count_tokens(None, "", "two words"))
        assert desk.heard.wait(TokensCounted).count.draft == 2


class TestReloading:
    def test_reload_without_a_model_does_nothing(self, own_desk):
        own_desk.ask(lambda services: services.models.reload())
        assert own_desk.heard.of(ModelChanged) == []

    def test_reloading_amid_a_reply_lets_it_end_first(self, desk):
        conversation = desk.begin("slow 10")
        desk.heard.wait(ReplyGrew)
        desk.do(lambda services: services.models.reload())
        assert desk.ended(conversation.id).message.content.endswith("word10 ")
        wait_state(desk, ModelState.READY)


class TestDescribing:
    def test_the_engine_says_what_it_sees_without_a_model(self, own_desk):
        answers = []
        own_desk.ask(lambda services: services.models.describe_system(answers.append))
        until(lambda: answers)
        assert isinstance(answers[0], SystemDescription)
        assert answers[0].devices[0].name == "Scripted"

    def test_an_engine_that_cannot_start_is_the_answer(self, profile):
        answers = []
        with desk_in(profile, backend="desktop_app.inference.no_such_backend") as desk:
            desk.ask(lambda services: services.models.describe_system(answers.append))
            until(lambda: answers)
        assert isinstance(answers[0], Problem)
        assert answers[0].code == "engine_unusable"

    def test_a_backend_that_cannot_start_fails_the_load(self, profile):
        with desk_in(profile, backend="desktop_app.inference.no_such_backend") as desk:
            desk.begin_load()
            assert wait_state(desk, ModelState.CRASHED).problem.code == "engine_unusable"


def test_the_engine_ends_with_the_services(profile):
    with desk_in(profile) as desk:
        desk.load()
        process = psutil.Process(engine_pid(desk))
    with suppress(psutil.NoSuchProcess):
        assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_an_end_that_was_asked_for_is_no_crash(profile):
    with desk_in(profile) as desk:
        desk.load()
        desk.begin("slow 100")
        desk.heard.wait(ReplyGrew)
    assert ModelState.CRASHED not in [event.state for event in desk.heard.of(ModelChanged)]
    assert desk.heard.of(ReplyEnded)[0].message.finish_reason is FinishReason.CANCELLED
