import itertools

import pytest

from desktop_app.core.context import first_kept, prompt_budget, turn_starts
from desktop_app.core.conversation import ChatMessage, Role
from desktop_app.core.errors import UsageError


def conversation(*words):
    """Messages of so many words each, user and assistant in turn."""
    return [
        ChatMessage(Role.USER if index % 2 == 0 else Role.ASSISTANT, "word " * number)
        for index, number in enumerate(words)
    ]


def tokens_of(message):
    return len(message.content.split())


class Counter:
    """Counts a word as a token, and what is asked."""

    def __init__(self, messages, system=0):
        self.messages, self.system, self.asked = messages, system, []

    def __call__(self, start):
        self.asked.append(start)
        return self.system + sum(tokens_of(message) for message in self.messages[start:])


def fit(messages, context, *, max_tokens=0, system=0):
    count = Counter(messages, system)
    return first_kept(messages, context, max_tokens, tokens_of, count), count


@pytest.mark.parametrize(
    ("context", "max_tokens", "budget"),
    [(1000, 0, 750), (1000, 100, 900), (1000, 900, 750), (1000, 5, 968), (64, 0, 48), (8, 0, 6)],
)
def test_room_is_kept_for_the_reply(context, max_tokens, budget):
    assert prompt_budget(context, max_tokens) == budget


def test_cuts_stand_before_user_messages():
    assert turn_starts(conversation(1, 1, 1, 1)) == [0, 2]
    assert turn_starts([ChatMessage(Role.ASSISTANT, "a"), *conversation(1, 1)]) == [0, 1]
    assert turn_starts([]) == [0]


def test_everything_is_kept_while_it_fits():
    start, count = fit(conversation(*[10] * 9), 1000)
    assert start == 0
    assert count.asked == [0]


def test_whole_oldest_turns_are_dropped():
    messages = conversation(*[100] * 9)
    start, count = fit(messages, 400)
    assert start > 0
    assert messages[start].role is Role.USER
    assert count(start) <= prompt_budget(400)


def test_the_cut_stays_while_the_conversation_grows():
    starts = [fit(conversation(*[20] * length), 400)[0] for length in range(1, 120, 2)]
    assert starts == sorted(starts)
    assert starts[-1] > 60
    moves = sum(now != before for before, now in itertools.pairwise(starts))
    assert moves <= 27  # for 54 turns that no longer fit, of which two make a fifth of this small context


def test_moving_the_cut_makes_room_for_several_turns():
    budget = prompt_budget(400)
    messages, previous = [], 0
    for turn in range(60):
        messages = conversation(*[20] * (2 * turn + 1))
        start, count = fit(messages, 400)
        if start != previous:
            assert count(start) < 0.9 * budget
        previous = start


def test_a_long_past_costs_no_more_than_a_short_one():
    for length in (101, 1001, 10001):
        messages = conversation(*[20] * length)
        start, count = fit(messages, 400)
        assert len(count.asked) <= 8
        assert all(count.messages[asked:] and count(asked) <= 2 * 400 for asked in set(count.asked))
        estimate = Counter(messages)
        first_kept(messages, 400, 0, lambda message, seen=estimate.asked: seen.append(0) or tokens_of(message), count)
        assert len(estimate.asked) < 60
        assert length - start < 30


def test_the_newest_message_is_kept_at_the_expense_of_the_reply():
    messages = conversation(5, 5, 340)
    assert fit(messages, 400)[0] == 2


def test_a_message_that_is_too_long_is_refused():
    with pytest.raises(UsageError, match="380 tokens") as caught:
        fit(conversation(5, 5, 370), 400, system=10)
    assert caught.value.problem.code == "message_too_long"
    assert "400" in caught.value.problem.sentence
    assert caught.value.problem.kept


def test_the_system_prompt_counts():
    messages = conversation(*[100] * 5)
    assert fit(messages, 1000)[0] == 0
    assert fit(messages, 1000, system=400)[0] > 0


def test_a_wrong_estimate_is_put_right_by_counting():
    messages = conversation(*[50] * 21)
    for factor in (0, 0.5, 3):
        count = Counter(messages)
        start = first_kept(messages, 600, 0, lambda message, factor=factor: int(tokens_of(message) * factor), count)
        assert count(start) <= prompt_budget(600)


def test_an_empty_conversation_fits():
    assert fit([], 100)[0] == 0
