"""The thread of the services: order, timers, errors, the end."""

import queue
import threading
import time
from pathlib import Path

import pytest

from desktop_app.services.loop import ServiceLoop


@pytest.fixture
def errors():
    return []


@pytest.fixture
def loop(errors):
    loop = ServiceLoop(errors.append)
    loop.start()
    yield loop
    loop.stop()
    assert loop.join(5)


def settle(loop):
    """Wait until everything posted so far has been called."""
    done = threading.Event()
    loop.post(done.set)
    assert done.wait(5)


def test_calls_are_made_in_order_on_one_thread(loop):
    seen = []
    for number in range(100):
        loop.post(lambda number=number: seen.append((number, threading.current_thread().name)))
    settle(loop)
    assert seen == [(number, "services") for number in range(100)]


def test_an_error_is_reported_and_the_next_call_made(loop, errors):
    loop.post(lambda: 1 / 0)
    settle(loop)
    assert [type(error) for error in errors] == [ZeroDivisionError]


def test_timers_fire_when_due_and_in_order(loop):
    fired = queue.SimpleQueue()
    started = time.monotonic()

    def plan():
        for name, delay in (("late", 0.1), ("early", 0.02), ("cancelled", 0.04)):
            timer = loop.call_later(delay, lambda name=name: fired.put((name, time.monotonic() - started)))
            if name == "cancelled":
                timer.cancel()

    loop.post(plan)
    early, late = fired.get(timeout=5), fired.get(timeout=5)
    assert (early[0], late[0]) == ("early", "late")
    assert early[1] >= 0.02
    assert late[1] >= 0.1
    assert fired.empty()


def test_a_timer_is_not_starved_by_calls_that_keep_coming(loop):
    fired, going = threading.Event(), True

    def again():
        if going:
            loop.post(again)

    loop.post(again)
    loop.post(lambda: loop.call_later(0.01, fired.set))
    assert fired.wait(5)
    going = False


def test_stop_makes_all_earlier_calls_and_none_later(errors):
    loop, seen = ServiceLoop(errors.append), []
    loop.post(lambda: seen.append("before"))
    loop.stop()
    loop.post(lambda: seen.append("after"))
    loop.start()
    assert loop.join(5)
    assert seen == ["before"]


def test_a_loop_that_was_never_started_ends_at_once():
    assert ServiceLoop(lambda error: None).join(0)


def test_join_tells_when_the_thread_has_not_ended(errors):
    loop, go = ServiceLoop(errors.append), threading.Event()
    loop.start()
    loop.post(lambda: go.wait(10))
    loop.stop()
    assert not loop.join(0.02)
    go.set()
    assert loop.join(5)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="counts of sleeps are read from /proc")
def test_at_rest_the_thread_does_not_wake_up(loop):
    numbers = queue.SimpleQueue()
    loop.post(lambda: loop.call_later(60, lambda: None))
    loop.post(lambda: numbers.put(threading.get_native_id()))
    status = Path(f"/proc/self/task/{numbers.get(timeout=5)}/status")
    settle(loop)
    before = _sleeps(status)
    time.sleep(0.3)
    assert _sleeps(status) - before <= 1


def _sleeps(status: Path) -> int:
    line = next(line for line in status.read_text().splitlines() if line.startswith("voluntary"))
    return int(line.split()[1])
