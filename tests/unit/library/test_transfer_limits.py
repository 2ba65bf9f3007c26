"""Speed limits."""

import time

import pytest

from desktop_app.library.transfer_limits import LARGEST_BLOCK, Limiter


def test_without_a_limit_nothing_waits() -> None:
    limiter = Limiter()
    assert limiter.rate == 0
    assert limiter.delay(10**12) == 0.0
    assert limiter.block == LARGEST_BLOCK


def test_all_that_share_it_wait_for_each_other() -> None:
    limiter = Limiter(1000)
    assert limiter.delay(500) == pytest.approx(0.5, abs=0.2)
    assert limiter.delay(500) == pytest.approx(1.0, abs=0.2)
    assert limiter.delay(1000) == pytest.approx(2.0, abs=0.2)


def test_a_pause_gives_no_credit() -> None:
    limiter = Limiter(1_000_000)
    time.sleep(limiter.delay(1000) + 0.05)
    assert limiter.delay(100_000) == pytest.approx(0.1, abs=0.01)


def test_another_rate_holds_at_once() -> None:
    limiter = Limiter(10)
    limiter.delay(10_000)
    limiter.rate = 10_000
    assert limiter.delay(1000) == pytest.approx(0.1, abs=0.05)
    limiter.rate = 0
    assert limiter.delay(10**9) == 0.0
    limiter.rate = -5
    assert limiter.rate == 0


@pytest.mark.parametrize(("rate", "block"), [(1000, 4096), (1_000_000, 50_000), (10**9, LARGEST_BLOCK)])
def test_a_slow_transfer_takes_little_at_once(rate: int, block: int) -> None:
    assert Limiter(rate).block == block
