"""llama.cpp's log in the child: kept small, complaints remembered."""

import os

import pytest

from desktop_app.inference.llama_backend_lib import lib
from desktop_app.inference.llama_backend_log import KEPT_OF_LOG, LARGEST_LOG, LlamaLog

INFO, WARNING, ERROR, CONTINUED, DEBUG = 2, 3, 4, 5, 1


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "engine.log"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    yield LlamaLog(descriptor), path
    lib.llama_log_set(lib.llama_log_callback(), None)
    os.close(descriptor)


def test_lines_are_written_and_complaints_remembered(log):
    taken, path = log
    for level, text in (
        (INFO, b"loading\n"),
        (DEBUG, b"noise\n"),
        (WARNING, b"odd\n"),
        (ERROR, b"half "),
        (CONTINUED, b"bad\n"),
    ):
        taken._take(level, text, None)
    assert path.read_text() == "loading\nodd\nhalf bad\n"
    assert taken.complaints() == "odd\nhalf\nbad"
    assert list(taken.lines) == ["loading", "odd", "half", "bad"]
    taken.clear()
    assert taken.complaints() == ""


def test_the_log_stays_small_and_keeps_its_end(log):
    taken, path = log
    for number in range(2 * LARGEST_LOG // 100):
        taken._take(INFO, f"{number:098} \n".encode(), None)
    text = path.read_text()
    assert KEPT_OF_LOG < len(text) <= LARGEST_LOG + KEPT_OF_LOG
    assert text.startswith("(older lines left out)\n")
    assert int(text.splitlines()[-1]) == number
