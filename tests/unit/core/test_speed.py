"""How fast a model will write, predicted."""

import pytest

from desktop_app.core.speed import SPREAD, active_share, predicted_speed


@pytest.mark.parametrize(
    ("name", "parameters", "share"),
    [
        ("Qwen3-30B-A3B", 0, 0.1),
        ("Qwen3-30B-A3B-Instruct-2507", 30_500_000_000, 3 / 30.5),
        ("Qwen3-Coder-480B-A35B", 0, 35 / 480),
        ("Qwen3-8B", 8_200_000_000, 1.0),
        ("A-model-of-8B", 0, 1.0),
        ("Mystery-A3B", 0, 1.0),
        ("Odd-3B-A8B", 0, 1.0),
    ],
)
def test_a_mixture_of_experts_reads_a_part_of_its_weights(name: str, parameters: int, share: float) -> None:
    assert active_share(name, parameters) == pytest.approx(share)


def test_a_model_that_was_measured_is_predicted_within_the_spread() -> None:
    """A 1.2 B model at Q4_K_M, 807,689,664 bytes: 31 to 33 tokens per second where memory reads 27.9 GB/s."""
    predicted = predicted_speed(807_689_664, 27.9e9)
    assert 33 / (1 + SPREAD) < predicted < 31 * (1 + SPREAD)


def test_it_goes_down_with_the_size_and_up_with_sparsity() -> None:
    assert predicted_speed(10**9, 2e10) == 2 * predicted_speed(2 * 10**9, 2e10)
    assert predicted_speed(10**9, 2e10, 0.1) == pytest.approx(10 * predicted_speed(10**9, 2e10))


def test_nothing_is_told_without_a_measurement() -> None:
    assert predicted_speed(10**9, 0.0) == 0.0
    assert predicted_speed(0, 1e10) == 0.0
