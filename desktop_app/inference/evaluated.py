"""What the model has already evaluated, and how much of it a new prompt can reuse.

Arithmetic on floats depends on how tokens are grouped: llama.cpp computes a lone token and a token within a batch with
different kernels, and the logits differ in the third digit (seen with Q8_0 and Q4_K_M on AVX-512: up to 0.02 where
their deviation was 0.3). One such digit can turn a sampled word. So the groups are remembered, and a reply that must be
reproducible reuses only what was evaluated in the very groups in which it would be evaluated from scratch.
"""

from collections.abc import Sequence


def prompt_groups(start: int, total: int, batch: int) -> list[int]:
    """Return the ends of the groups in which the tokens from ``start`` to ``total`` are evaluated.

    Groups end on multiples of ``batch``, wherever they start.
    """
    ends = list(range((start // batch + 1) * batch, total, batch))
    return [*ends, total] if total > start else []


def exact_groups(total: int, batch: int) -> list[int]:
    """Return the groups of a reproducible prompt: whole batches, the rest, and the last token alone.

    With the last token alone, asking for another reply to the same prompt costs one token.
    """
    return [*prompt_groups(0, total - 1, batch), total]


class Evaluated:
    """Tokens in the context's memory, in order, and the groups in which they were evaluated."""

    def __init__(self) -> None:
        self.tokens: list[int] = []
        self._ends: list[int] = []

    def __len__(self) -> int:
        return len(self.tokens)

    def add(self, tokens: Sequence[int]) -> None:
        """Remember one group that has been evaluated."""
        self.tokens.extend(tokens)
        self._ends.append(len(self.tokens))

    def add_token(self, token: int) -> None:
        """Remember one token that has been evaluated alone."""
        self.tokens.append(token)
        self._ends.append(len(self.tokens))

    def cut(self, length: int) -> None:
        """Forget everything from a position on. A group that is cut through counts as another group."""
        del self.tokens[length:]
        while self._ends and not 0 < self._ends[-1] <= length:
            self._ends.pop()
        if length and (not self._ends or self._ends[-1] < length):
            # No group of a fresh evaluation ends here unless it was evaluated so; 0 never equals an end.
            self._ends.append(0)
            self._ends.append(length)

    def reusable(self, tokens: Sequence[int], exact: Sequence[int] | None = None) -> int:
        """Return how many tokens at the beginning of a prompt need not be evaluated again.

        The last token never counts: it is evaluated for its logits.

        Args:
            tokens: of the new prompt.
            exact: the groups of a reproducible prompt; None when only the tokens matter.
        """
        common = 0
        for mine, theirs in zip(self.tokens, tokens[:-1], strict=False):
            if mine != theirs:
                break
            common += 1
        if exact is None:
            return common
        reused = 0
        for mine, theirs in zip(self._ends, exact, strict=False):
            if mine != theirs or mine > common:
                break
            reused = mine
        return reused
