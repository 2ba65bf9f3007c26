"""Decides which messages of a conversation still fit the model's context. Pure: counting is done by the caller.

When a conversation outgrows the context, whole turns are dropped from its beginning, never the system prompt and never
the newest user message. The cut is chosen on a coarse grid that depends only on the messages before it. So it stays
where it is while the conversation grows, turn after turn, and the prompt keeps the beginning that the model has already
evaluated; and it is the same after a restart.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence

from desktop_app.core.conversation import ChatMessage, Role
from desktop_app.core.errors import Problem, UsageError

SHORTEST_REPLY = 32
"""Tokens that must remain for a reply, however long the newest message is."""

RESERVED_SHARE = 4
"""One part in four of the context is kept free for the reply, unless the reply is limited to less."""

ESTIMATE_SLACK = 1.25
OVERHEAD = 8
"""Tokens a template is guessed to add around a message; only steers which cuts are counted exactly."""


def prompt_budget(context_length: int, max_tokens: int = 0) -> int:
    """Return how many tokens a prompt may have so that a reply still fits.

    Args:
        context_length: tokens the context holds.
        max_tokens: the longest reply asked for; 0 when there is no limit.
    """
    reserve = context_length // RESERVED_SHARE
    if max_tokens > 0:
        reserve = min(max_tokens, reserve)
    return context_length - max(reserve, min(SHORTEST_REPLY, context_length // RESERVED_SHARE))


def turn_starts(messages: Sequence[ChatMessage]) -> list[int]:
    """Return where a conversation may be cut: at its beginning and before each user message."""
    return sorted({0} | {index for index, message in enumerate(messages) if message.role is Role.USER})


def first_kept(
    messages: Sequence[ChatMessage],
    context_length: int,
    max_tokens: int,
    estimate: Callable[[ChatMessage], int],
    count_from: Callable[[int], int],
) -> int:
    """Return the index of the first message to keep; 0 when all fit.

    Args:
        messages: the branch without its system prompt.
        context_length: tokens the context holds.
        max_tokens: as for ``prompt_budget``.
        estimate: tokens of one message alone, cheap.
        count_from: tokens of the whole prompt when the messages from an index on are kept, exact; it must not grow
            when the index does. Called about log2(number of cuts) times, on no more text than fits the context.

    Raises:
        UsageError: even the newest user message alone does not fit.
    """
    budget = prompt_budget(context_length, max_tokens)
    starts = turn_starts(messages)
    plausible = _first_plausible(messages, budget, estimate)
    if plausible == 0 and count_from(0) <= budget:
        return 0
    possible = [start for start in starts if start >= plausible] or starts[-1:]
    coarse = [start for start in _grid(messages, starts, context_length) if start >= possible[0]]
    for cuts in (coarse, possible):
        at = bisect_left(cuts, True, key=lambda start: count_from(start) <= budget)
        if at < len(cuts):
            return cuts[at]
    newest = starts[-1]
    tokens = count_from(newest)
    if tokens > context_length - min(SHORTEST_REPLY, context_length // RESERVED_SHARE):
        raise UsageError(too_long(tokens, context_length))
    return newest


def too_long(tokens: int, context_length: int) -> Problem:
    """Say that the newest message does not fit."""
    return Problem(
        "message_too_long",
        f"This message is too long for the model: with the system prompt it has {tokens:,} tokens, "
        f"and the context holds {context_length:,}.",
        "Your message is kept.",
        "Shorten it, or load the model with a longer context.",
    )


def _first_plausible(messages: Sequence[ChatMessage], budget: int, estimate: Callable[[ChatMessage], int]) -> int:
    """Go back from the newest message until what is gathered is clearly too much; return the first index gathered."""
    gathered = 0.0
    for index in range(len(messages) - 1, -1, -1):
        gathered += estimate(messages[index]) + OVERHEAD
        if gathered > budget * ESTIMATE_SLACK:
            return index + 1
    return 0


def _grid(messages: Sequence[ChatMessage], starts: Sequence[int], context_length: int) -> list[int]:
    """Return the beginning, and the first cut after each further ``context_length`` bytes of messages.

    Ordinary text has about four bytes per token, so two neighbouring cuts are about a quarter of the context apart.
    """
    cuts, before, index, line = [], 0, 0, 0
    for start in starts:
        while index < start:
            before += len(messages[index].content.encode("utf-8", errors="replace"))
            index += 1
        if start == 0 or before >= line:
            cuts.append(start)
            line = (before // context_length + 1) * context_length
    return cuts
