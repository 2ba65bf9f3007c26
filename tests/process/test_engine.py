"""The real child process with the scripted backend: streaming, stopping, and every way to end."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import psutil
import pytest

from desktop_app.core.conversation import FinishReason
from desktop_app.core.errors import EngineError
from desktop_app.core.sampling import SamplingSettings
from desktop_app.inference.engine import Engine
from desktop_app.inference.exits import EngineExited
from desktop_app.inference.protocol import (
    DescribeSystem,
    Generated,
    Load,
    LoadProgress,
    PromptProgress,
    Ready,
    SystemDescription,
    TokenChunk,
    Unload,
    Unloaded,
)
from tests.helpers.engines import SCRIPTED, Driver, user
from tests.helpers.recorder import Recorder

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def tester(tmp_path):
    with Driver(tmp_path, cancel_grace=1.0) as running:
        running.load("model.gguf")
        yield running


def test_says_ready_first(tester):
    assert isinstance(tester.heard.events[0], Ready)
    assert tester.heard.events[0].backend == "scripted"


def test_streams_a_reply_in_chunks(tester):
    reply = tester.reply("stream 60")
    chunks = tester.heard.of(TokenChunk, reply.ended.id)
    assert reply.text == "".join(f"word{n} " for n in range(1, 61))
    assert reply.ended.finish_reason is FinishReason.STOP
    assert 1 < len(chunks) < 60  # the words come faster than one per 16 ms
    assert chunks[0].tokens == 1  # the first at once
    assert chunks[-1].tokens == reply.ended.statistics.completion_tokens == 60


def test_characters_are_never_split(tester):
    text = "naïve 😀 日本語 👩‍👩‍👧 é"
    reply = tester.reply(f"say {text}")
    assert reply.text == text
    assert all("\ufffd" not in chunk.text for chunk in tester.heard.of(TokenChunk, reply.ended.id))


def test_reasoning_is_parted_from_the_answer(tester):
    reply = tester.reply("think")
    assert (reply.reasoning, reply.text) == ("Let me see.", "Done.")


@pytest.mark.parametrize(
    ("settings", "text", "reason"),
    [
        (SamplingSettings(max_tokens=2), "word1 word2 ", FinishReason.LENGTH),
        (SamplingSettings(stop=("rd3 wor",)), "word1 word2 wo", FinishReason.STOP),
        (SamplingSettings(stop=("nowhere",)), "word1 word2 word3 word4 word5 ", FinishReason.STOP),
    ],
)
def test_limits_end_a_reply(tester, settings, text, reason):
    reply = tester.reply("fast 5", sampling=settings)
    assert (reply.text, reply.ended.finish_reason) == (text, reason)


@pytest.mark.parametrize(("script", "reason"), [("full", FinishReason.CONTEXT_FULL), ("long", FinishReason.LENGTH)])
def test_other_endings_are_told(tester, script, reason):
    assert tester.reply(script).ended.finish_reason is reason


def test_the_prefix_seen_before_counts_as_cached(tester):
    tester.reply("one two")
    again = tester.reply("one two", user("three")).ended.statistics
    assert (again.prompt_tokens, again.cached_tokens) == (3, 2)


def test_commands_are_answered_in_order(tester):
    ids = [tester.ask(f"echo {n}") for n in range(5)]
    for command in ids:
        tester.ended(command)
    assert [event.id for event in tester.heard.of(Generated)] == ids


def test_describe_unload_and_count(tester):
    assert tester.count("be brief", (user("a b c"),), "d e").total == 7
    command = tester.engine.next_id()
    tester.engine.send(DescribeSystem(id=command))
    assert tester.heard.wait(SystemDescription, command).backend == "scripted"
    tester.engine.send(Unload(id=tester.engine.next_id()))
    tester.heard.wait(Unloaded)
    assert tester.failed(tester.ask("hello")).problem.code == "model_not_loaded"


# --- cancelling


def test_cancel_while_words_come(tester):
    command = tester.ask("slow 1000")
    tester.heard.wait(TokenChunk, command)
    tester.engine.cancel(command)
    reply = tester.ended(command)
    assert reply.ended.finish_reason is FinishReason.CANCELLED
    assert 0 < reply.ended.statistics.completion_tokens < 1000
    assert reply.text.startswith("word1 ")


def test_cancel_while_the_prompt_is_processed(tester):
    command = tester.ask("prompt 1000000")
    tester.heard.wait(PromptProgress, command)
    tester.engine.cancel(command)
    reply = tester.ended(command)
    assert reply.ended.finish_reason is FinishReason.CANCELLED
    assert reply.text == ""


def test_cancel_a_stalled_reply_keeps_its_words(tester):
    command = tester.ask("stall")
    tester.heard.wait_until(lambda _: tester.heard.text(command) == "One two three ")
    tester.engine.cancel(command)
    assert tester.ended(command).ended.finish_reason is FinishReason.CANCELLED


def test_cancel_while_loading(tmp_path):
    with Driver(tmp_path) as running:
        command = running.engine.next_id()
        running.engine.send(Load(id=command, path="stall.gguf"))
        running.heard.wait(LoadProgress, command)
        running.engine.cancel(command)
        assert running.failed(command).problem.code == "cancelled"
        running.load("other.gguf")


def test_cancel_of_a_waiting_command_is_answered_while_another_works(tester):
    working = tester.ask("stall")
    waiting = tester.ask("never played")
    loading = tester.engine.next_id()
    tester.engine.send(Load(id=loading, path="other.gguf"))
    tester.engine.cancel(waiting)
    tester.engine.cancel(loading)
    assert tester.ended(waiting).ended.finish_reason is FinishReason.CANCELLED
    assert tester.failed(loading).problem.code == "cancelled"
    assert not tester.heard.of(Generated, working)
    tester.engine.cancel(working)
    tester.ended(working)


def test_cancel_of_what_is_over_does_nothing(tester):
    command = tester.reply("hello").ended.id
    tester.engine.cancel(command)
    tester.engine.cancel(987654)
    assert tester.reply("still there").text == "You said: still there "


def test_a_hang_is_killed_after_its_grace(tester):
    command = tester.ask("hang")
    tester.heard.wait(TokenChunk, command)
    tester.engine.cancel(command)
    exited = tester.heard.wait(EngineExited)
    assert exited.problem.code == "engine_unresponsive"
    assert not exited.expected
    assert "did not stop" in exited.problem.sentence
    assert tester.heard.text(command).startswith("One ")


# --- faults


@pytest.mark.parametrize(
    ("script", "code", "exit_code", "words"),
    [
        ("abort", "engine_crashed", -signal.SIGABRT, "internal check"),
        ("segfault", "engine_crashed", -signal.SIGSEGV, "memory fault"),
        ("oom", "engine_out_of_memory", -signal.SIGKILL, "memory ran out"),
        ("bad_alloc", "engine_out_of_memory", -signal.SIGABRT, "memory ran out"),
        ("exit 3", "engine_crashed", 3, "exit code 3"),
        ("exit 5", "engine_crashed", 5, "exit code 5"),
        ("exit 0", "engine_ended", 0, "ended by itself"),
        ("garbage", "engine_garbled", -signal.SIGKILL, "no sense"),
    ],
)
def test_the_end_of_the_process_is_explained(tester, script, code, exit_code, words):
    command = tester.ask(script)
    exited = tester.heard.wait(EngineExited)
    assert (exited.problem.code, exited.exit_code, exited.expected) == (code, exit_code, False)
    assert words in exited.problem.sentence
    assert exited.problem.kept
    assert exited.problem.action
    assert tester.heard.text(command) == "One two three "
    assert tester.heard.events[-1] is exited
    assert not tester.engine.running


def test_the_log_is_in_the_report(tester):
    tester.ask("abort")
    assert "GGML_ASSERT(n_tokens > 0)" in tester.heard.wait(EngineExited).problem.detail


@pytest.mark.parametrize(
    ("script", "code"), [("error", "scripted_error"), ("bug", "engine_bug"), ("memory", "engine_out_of_memory")]
)
def test_the_process_survives_errors(tester, script, code):
    command = tester.ask(script)
    assert tester.failed(command).problem.code == code
    assert tester.heard.text(command) == "One two three "
    assert tester.reply("and on").text == "You said: and on "


def test_a_bug_carries_its_traceback(tester):
    detail = tester.failed(tester.ask("bug")).problem.detail
    assert "Traceback" in detail
    assert "the script asked for a bug" in detail


@pytest.mark.parametrize("data", [b"", b"\xc1", b"\x81\xa4type\xa5Dance", b"{}", os.urandom(2000)])
def test_undecodable_messages_are_answered(tester, data):
    tester.engine._child._outbox.put(data)
    assert tester.failed(0).problem.code == "command_unreadable"
    assert tester.reply("fine").text == "You said: fine "


@pytest.mark.parametrize("name", ["missing", "denied", "damaged"])
def test_load_problems_leave_the_process_usable(tester, name):
    assert tester.load_fails(f"{name}.gguf").problem.code == f"model_{name}"
    tester.load("good.gguf")


@pytest.mark.parametrize(
    ("name", "code"), [("abort", "engine_crashed"), ("segfault", "engine_crashed"), ("oom", "engine_out_of_memory")]
)
def test_a_file_that_kills_the_process(tester, name, code):
    tester.engine.send(Load(id=tester.engine.next_id(), path=f"{name}.gguf"))
    assert tester.heard.wait(EngineExited).problem.code == code


def test_a_child_killed_from_outside(tester):
    command = tester.ask("stall")
    tester.heard.wait(TokenChunk, command)
    os.kill(tester.engine.pid, signal.SIGTERM)
    exited = tester.heard.wait(EngineExited)
    assert exited.exit_code == -signal.SIGTERM
    assert "SIGTERM" in exited.problem.sentence


def test_a_stopped_child_neither_blocks_the_caller_nor_survives_cancelling(tester):
    os.kill(tester.engine.pid, signal.SIGSTOP)
    big = "x" * 4_000_000  # far more than the pipe holds
    command = tester.ask(big)
    tester.engine.cancel(command)
    assert tester.heard.wait(EngineExited).problem.code == "engine_unresponsive"


def test_an_unusable_backend_is_explained(tmp_path):
    with Driver(tmp_path, backend="desktop_app.inference.no_such_backend") as running:
        exited = running.heard.wait(EngineExited)
    assert exited.problem.code == "engine_unusable"
    assert "no_such_backend" in exited.problem.detail


def test_a_log_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("in the way")
    engine = Engine(tmp_path / "file" / "engine.log", heard := Recorder(), SCRIPTED)
    engine.start()
    exited = heard.wait(EngineExited)
    assert exited.exit_code is None
    assert exited.problem.code == "engine_not_started"


# --- a life


def test_it_starts_again_after_a_crash(tester):
    for _ in range(2):
        tester.ask("segfault")
        tester.heard.wait(EngineExited)
        tester.heard.clear()
        tester.engine.start()
        tester.heard.wait(Ready)
        tester.load("model.gguf")
        assert tester.reply("back").text == "You said: back "
    assert "Segmentation fault" in tester.log.with_name("engine.log.previous").read_text()


def test_starting_again_from_within_the_event(tmp_path):
    heard = Recorder()
    restarts = []

    def listen(event):
        heard(event)
        if isinstance(event, EngineExited) and not restarts:
            restarts.append(event)
            engine.start()

    engine = Engine(tmp_path / "engine.log", listen, SCRIPTED)
    engine.start()
    heard.wait(Ready)
    engine.kill()
    heard.wait_until(lambda events: sum(isinstance(event, Ready) for event in events) == 2)
    engine.close()
    assert restarts[0].expected
    assert restarts[0].problem.code == "engine_killed"


def test_start_twice_is_one_process(tester):
    pid = tester.engine.pid
    tester.engine.start()
    assert tester.reply("one").text
    assert tester.engine.pid == pid
    assert len(tester.heard.of(Ready)) == 1


def test_sending_without_a_process_is_refused(tmp_path):
    engine = Engine(tmp_path / "engine.log", Recorder(), SCRIPTED)
    with pytest.raises(EngineError, match="not running"):
        engine.send(Unload(id=engine.next_id()))
    engine.cancel(1)
    engine.kill()
    engine.close()


def test_closing_stops_work_and_is_expected(tester):
    command = tester.ask("slow 100000")
    tester.heard.wait(TokenChunk, command)
    tester.engine.close()
    exited = tester.heard.events[-1]
    assert isinstance(exited, EngineExited)
    assert (exited.expected, exited.exit_code, exited.problem.code) == (True, 0, "engine_closed")


def test_closing_a_hanging_child_kills_it(tester):
    command = tester.ask("hang")
    tester.heard.wait(TokenChunk, command)
    tester.engine.close(timeout=0.1)
    exited = tester.heard.events[-1]
    assert (exited.expected, exited.exit_code) == (True, -signal.SIGKILL)


def test_closing_before_it_is_up(tmp_path):
    running = Driver(tmp_path)
    running.engine.start()
    running.engine.close()
    assert isinstance(running.heard.events[-1], EngineExited)
    assert running.heard.events[-1].expected


def test_a_failing_listener_does_not_end_the_watch(tmp_path, caplog):
    heard = Recorder()

    def listen(event):
        heard(event)
        raise RuntimeError("listener")

    engine = Engine(tmp_path / "engine.log", listen, SCRIPTED)
    engine.start()
    heard.wait(Ready)
    engine.close()
    assert isinstance(heard.events[-1], EngineExited)
    assert "a listener failed on Ready" in caplog.text


def test_nothing_is_left_behind(tmp_path):
    def once():
        with Driver(tmp_path) as running:
            running.load("model.gguf")
            running.reply("hello")
            running.ask("abort")
            running.heard.wait(EngineExited)

    once()  # whatever multiprocessing keeps for the life of a process is there now
    process = psutil.Process()
    before = process.num_fds(), threading.active_count(), {child.pid for child in process.children()}
    for _ in range(3):
        once()
    assert (process.num_fds(), threading.active_count(), {child.pid for child in process.children()}) == before


def test_the_child_has_no_needless_descriptors(tester, tmp_path):
    with (tmp_path / "secret").open("w") as held:
        os.set_inheritable(held.fileno(), True)
        with Driver(tmp_path / "other") as second:
            second.load("model.gguf")
            names = [str(link.readlink()) for link in Path(f"/proc/{second.engine.pid}/fd").iterdir()]
    assert not [name for name in names if "secret" in name]
    assert sum(name.startswith("socket:") for name in names) == 1


def test_an_interrupt_from_the_terminal_is_the_parents_business(tester):
    os.kill(tester.engine.pid, signal.SIGINT)
    assert tester.reply("unmoved").text == "You said: unmoved "


def test_at_rest_nothing_wakes(tester):
    tester.reply("hello")
    threads = [
        Path(f"/proc/self/task/{thread.native_id}/status")
        for thread in threading.enumerate()
        if thread.name.startswith("engine")
    ]
    threads += [path / "status" for path in Path(f"/proc/{tester.engine.pid}/task").iterdir()]
    assert len(threads) >= 4

    def switches():
        return [line for path in threads for line in path.read_text().splitlines() if "ctxt_switches" in line]

    # Let the last wake-ups settle, then compare over a while in which only the clock runs.
    settled = switches()
    quiet = threading.Event()
    for _ in range(20):
        quiet.wait(0.05)
        if (now := switches()) == settled:
            break
        settled = now
    quiet.wait(0.5)
    assert switches() == settled


PARENT = """
    import sys, time
    from pathlib import Path
    sys.path.insert(0, {root!r})
    from desktop_app.core.sampling import SamplingSettings
    from tests.helpers.engines import Driver
    from desktop_app.inference.protocol import TokenChunk

    if __name__ == "__main__":
        tester = Driver(Path({folder!r}))
        tester.engine.start()
        tester.load("model.gguf")
        tester.heard.wait(TokenChunk, tester.ask({script!r}))
        print(tester.engine.pid, flush=True)
        time.sleep(1000)
"""


@pytest.mark.parametrize("script", ["stall", "hang", "slow 100000"])
def test_the_child_ends_with_its_parent(tmp_path, script):
    program = tmp_path / "parent.py"
    program.write_text(textwrap.dedent(PARENT).format(root=str(ROOT), folder=str(tmp_path), script=script))
    with subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE, text=True) as parent:
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    child.wait(timeout=30)
    assert not child.is_running()
