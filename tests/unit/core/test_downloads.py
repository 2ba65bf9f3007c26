"""Downloads as a person sees them: speed and time left that do not jump, and what begins next."""

from dataclasses import replace

import pytest

from desktop_app.core.downloads import (
    PACE_SECONDS,
    SHORTEST,
    Download,
    DownloadFile,
    DownloadState,
    Pace,
    at_start,
    bytes_wanted,
    next_to_start,
    supersedes,
)
from desktop_app.core.errors import Problem

FILES = (DownloadFile("sub/One-00001-of-00002.gguf", 600, "a" * 64), DownloadFile("mmproj.gguf", 400, "b" * 64))
ONE = Download(1, "acme/One", "c" * 40, "One", "Q4_0", FILES)


def several(*states):
    return tuple(replace(ONE, id=number, state=state) for number, state in enumerate(states, 1))


class TestDownload:
    def test_what_it_is_called(self):
        assert ONE.label == "One · Q4_0"
        assert replace(ONE, quantization="").label == "One"
        assert ONE.main_file == "One-00001-of-00002.gguf"

    @pytest.mark.parametrize(("done", "fraction"), [(0, 0.0), (250, 0.25), (1000, 1.0), (2000, 1.0)])
    def test_how_far_it_is(self, done, fraction):
        assert ONE.size == 1000
        assert replace(ONE, done=done).fraction == fraction

    def test_nothing_is_no_fraction(self):
        assert replace(ONE, files=()).fraction == 0.0


class TestPace:
    def test_it_is_that_of_the_last_seconds(self):
        pace = Pace()
        for second in range(31):
            pace.note(second, second * 100 if second <= 15 else 1500 + (second - 15) * 10)
        assert pace.speed == pytest.approx(10.0)
        assert pace.seconds_left(500) == pytest.approx(50.0)

    def test_a_stall_brings_it_to_nothing(self):
        pace = Pace()
        pace.note(0.0, 0)
        pace.note(5.0, 5000)
        assert pace.speed == 1000.0
        for second in range(6, 6 + int(PACE_SECONDS) + 1):
            pace.note(second, 5000)
        assert pace.speed == 0.0
        assert pace.seconds_left(5000) is None

    def test_the_first_blocks_tell_nothing(self):
        pace = Pace()
        assert pace.speed == 0.0
        pace.note(0.0, 0)
        assert pace.speed == 0.0
        pace.note(SHORTEST / 2, 10**9)
        assert (pace.speed, pace.seconds_left(10**9)) == (0.0, None)

    def test_time_left_takes_a_second_to_be_told(self):
        pace = Pace()
        pace.note(0.0, 0)
        pace.note(0.9, 900)
        assert pace.speed == pytest.approx(1000)
        assert pace.seconds_left(1000) is None
        pace.note(1.1, 1100)
        assert pace.seconds_left(1000) == pytest.approx(1.0)

    def test_a_pause_does_not_count(self):
        pace = Pace()
        pace.note(0.0, 0)
        pace.note(1.0, 100)
        pace.clear()
        pace.note(100.0, 100)
        pace.note(101.0, 200)
        assert pace.speed == 100.0

    def test_beginning_again_forgets(self):
        pace = Pace()
        pace.note(0.0, 1000)
        pace.note(1.0, 5)
        pace.note(2.0, 105)
        assert pace.speed == 100.0


class TestQueue:
    def test_two_at_once(self):
        queued, running = DownloadState.QUEUED, DownloadState.RUNNING
        assert [one.id for one in next_to_start(several(queued, queued, queued))] == [1, 2]
        assert [one.id for one in next_to_start(several(queued, running, queued))] == [1]
        assert next_to_start(several(running, DownloadState.CHECKING, queued)) == ()
        assert next_to_start(several(running, DownloadState.WAITING, running, queued)) == ()

    def test_what_a_person_stopped_does_not_begin(self):
        states = (DownloadState.PAUSED, DownloadState.FAILED, DownloadState.DONE)
        assert next_to_start(several(*states)) == ()

    @pytest.mark.parametrize("state", list(DownloadState))
    def test_after_the_program_was_closed(self, state):
        one = replace(ONE, state=state, done=7, speed=3.0, seconds_left=2.0, problem=Problem("code", "What."))
        taken_up = at_start(one)
        assert taken_up.state is (DownloadState.QUEUED if state.active else state)
        assert (taken_up.done, taken_up.speed, taken_up.seconds_left) == (7, 0.0, None)

    def test_bytes_wanted(self):
        some = [replace(one, done=300) for one in several(*DownloadState)]
        unfinished = len(DownloadState) - 2
        assert bytes_wanted(tuple(some)) == unfinished * 700
        assert bytes_wanted((replace(ONE, done=5000),)) == 0

    def test_a_changed_file_supersedes_what_was_begun_of_it(self):
        new = replace(ONE, files=(replace(FILES[0], sha256="d" * 64), FILES[1]))
        assert supersedes(new, ONE)
        assert not supersedes(new, replace(ONE, state=DownloadState.DONE))
        assert not supersedes(new, replace(ONE, repo="acme/Two"))
        assert not supersedes(ONE, ONE)

    def test_another_file_with_the_same_companion_does_not(self):
        assert not supersedes(replace(ONE, files=(DownloadFile("other.gguf", 5, "e" * 64), FILES[1])), ONE)
