import pytest

from desktop_app.inference.exits import BACKEND_UNUSABLE, Ending, explain, not_started, read_tail


@pytest.mark.parametrize(
    ("exit_code", "tail", "code", "words"),
    [
        (-6, "GGML_ASSERT(x) failed", "engine_crashed", "internal check"),
        (-6, "", "engine_crashed", "internal check"),
        (-6, "what():  std::bad_alloc", "engine_out_of_memory", "because memory ran out"),
        (1, "MemoryError", "engine_out_of_memory", "because memory ran out"),
        (-9, "", "engine_out_of_memory", "most likely because memory ran out"),
        (-9, "ggml_aligned_malloc: failed to allocate 9 MiB", "engine_out_of_memory", "ended because memory ran out"),
        (-11, "", "engine_crashed", "memory fault"),
        (-7, "", "engine_crashed", "memory fault"),
        (-4, "", "engine_crashed", "instruction"),
        (-15, "", "engine_crashed", "SIGTERM"),
        (-99, "", "engine_crashed", "signal 99"),
        (1, "", "engine_crashed", "exit code 1"),
        (0xC0000005, "", "engine_crashed", "access violation"),
        (0xC0000017, "", "engine_out_of_memory", "memory ran out"),
        (0, "failed to allocate", "engine_ended", "by itself"),
        (BACKEND_UNUSABLE, "", "engine_unusable", "could not be loaded"),
    ],
)
def test_exit_codes_and_logs(exit_code, tail, code, words):
    problem = explain(exit_code, tail)
    assert problem.code == code
    assert words in problem.sentence
    assert problem.kept
    assert problem.action


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        (Ending.CLOSED, "engine_closed"),
        (Ending.KILLED, "engine_killed"),
        (Ending.UNRESPONSIVE, "engine_unresponsive"),
        (Ending.GARBLED, "engine_garbled"),
    ],
)
def test_what_the_program_did_itself_is_not_blamed_on_memory(ending, code):
    assert explain(-9, "", ending).code == code


def test_the_report_has_the_end_of_the_log_and_earlier_complaints():
    log = "GGML_ASSERT(a) failed\n" + "\n".join(f"line {number}" for number in range(100))
    detail = explain(-6, log).detail
    assert detail.startswith("exit code -6\nGGML_ASSERT(a) failed\n")
    assert detail.endswith("line 99")
    assert "line 5\n" not in detail


def test_read_tail(tmp_path):
    path = tmp_path / "engine.log"
    assert read_tail(path) == ""
    path.write_bytes(b"x" * 10_000 + b"\xff\nlast line\n")
    tail = read_tail(path)
    assert tail.endswith("\ufffd\nlast line\n")
    assert len(tail) <= 8192


def test_not_started():
    problem = not_started(BlockingIOError(11, "Resource temporarily unavailable"))
    assert problem.code == "engine_not_started"
    assert "Resource temporarily unavailable" in problem.sentence
