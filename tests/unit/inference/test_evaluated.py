import random

import pytest

from desktop_app.inference.evaluated import Evaluated, exact_groups, prompt_groups


@pytest.mark.parametrize(
    ("start", "total", "ends"),
    [
        (0, 0, []),
        (0, 1, [1]),
        (0, 4, [4]),
        (0, 5, [4, 5]),
        (0, 9, [4, 8, 9]),
        (3, 9, [4, 8, 9]),
        (4, 9, [8, 9]),
        (9, 9, []),
    ],
)
def test_groups_end_on_multiples(start, total, ends):
    assert prompt_groups(start, total, 4) == ends


@pytest.mark.parametrize(("total", "ends"), [(1, [1]), (2, [1, 2]), (5, [4, 5]), (6, [4, 5, 6]), (9, [4, 8, 9])])
def test_a_reproducible_prompt_ends_with_its_last_token_alone(total, ends):
    assert exact_groups(total, 4) == ends


def evaluate(done, tokens, ends, start=0):
    for end in ends:
        if end > start:
            done.add(tokens[start:end])
            start = end


def test_the_common_beginning_is_reusable():
    done = Evaluated()
    evaluate(done, [1, 2, 3, 4, 5], [4, 5])
    assert done.reusable([1, 2, 3, 9]) == 3
    assert done.reusable([1, 2, 3, 4, 5]) == 4  # the last token is always evaluated
    assert done.reusable([1, 2, 3, 4, 5, 6]) == 5
    assert done.reusable([9]) == 0
    assert done.reusable([1]) == 0


def test_cutting():
    done = Evaluated()
    evaluate(done, [1, 2, 3, 4, 5], [4, 5])
    done.cut(3)
    assert done.tokens == [1, 2, 3]
    done.cut(0)
    assert len(done) == 0
    assert done.reusable([1, 2]) == 0


def test_the_same_reproducible_prompt_costs_one_token():
    done = Evaluated()
    tokens = list(range(11))
    evaluate(done, tokens, exact_groups(11, 4))
    for token in (50, 51):
        done.add_token(token)
    assert done.reusable(tokens, exact_groups(11, 4)) == 10


def test_a_written_token_is_no_part_of_a_batch():
    done = Evaluated()
    evaluate(done, [1, 2, 3, 4], exact_groups(4, 4))
    done.add_token(5)
    tokens = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert done.reusable(tokens) == 5
    assert done.reusable(tokens, exact_groups(9, 4)) == 0


@pytest.mark.parametrize("seed", range(200))
def test_a_reproducible_prompt_is_always_evaluated_in_the_same_groups(seed):
    """Whatever came before, the groups that stand in memory at the end are those of a fresh evaluation."""
    chance, batch, done = random.Random(seed), 4, Evaluated()
    groups: list[tuple[int, int]] = []  # what truly was evaluated together
    for _ in range(12):
        tokens = [chance.choice((1, 2)) if index > 5 else 1 for index in range(chance.randint(1, 20))]
        exact = exact_groups(len(tokens), batch) if chance.random() < 0.5 else None
        start = done.reusable(tokens, exact)
        done.cut(start)
        groups = [(low, min(high, start)) for low, high in groups if low < start]
        for end in exact or prompt_groups(start, len(tokens), batch):
            if end > start:
                done.add(tokens[start:end])
                groups.append((start, end))
                start = end
        if exact:
            assert groups == list(zip([0, *exact], exact, strict=False))
        assert done.tokens == tokens
        for _ in range(chance.randint(0, 6)):
            done.add_token(chance.choice((1, 2)))
            groups.append((len(done) - 1, len(done)))
