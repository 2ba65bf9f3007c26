"""From a conversation to the tokens that the model is given: template, context fitting, counting."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from desktop_app.core.context import first_kept, turn_starts
from desktop_app.core.conversation import ChatMessage, Role
from desktop_app.core.errors import Problem, UsageError
from desktop_app.core.reasoning import Tags, family_of, opened_by
from desktop_app.inference.protocol import CountTokens, TokenCount
from desktop_app.inference.template import ChatTemplate

REMEMBERED_MESSAGES = 8192


@dataclass(frozen=True)
class Prompt:
    """What the model is given.

    Attributes:
        tokens: of the rendered text, the beginning-of-sequence token included.
        dropped: messages that no longer fitted.
        opened: reasoning tags that the prompt leaves open.
        continuing: the prompt ends amid a reply.
    """

    tokens: list[int]
    dropped: int = 0
    opened: Tags | None = None
    continuing: bool = False


class PromptBuilder:
    """Builds and counts prompts for one loaded model.

    Args:
        template: of the model.
        source: its text, from which the reasoning tags are known.
        tokenize: text to tokens, special tokens parsed; if the text is a whole prompt, the beginning-of-sequence
            token is added unless the text has it.
        context_length: tokens the context holds.
    """

    def __init__(
        self, template: ChatTemplate, source: str, tokenize: Callable[[str, bool], list[int]], context_length: int
    ) -> None:
        self._template = template
        self._tags = family_of(source)
        self._tokenize = tokenize
        self._context_length = context_length
        self._length = lru_cache(maxsize=REMEMBERED_MESSAGES)(lambda text: len(tokenize(text, False)))

    def build(self, messages: Sequence[ChatMessage], max_tokens: int, *, continue_last: bool) -> Prompt:
        """Return the prompt for the next message.

        Raises:
            UsageError: there is nothing to answer, or the newest message does not fit.
            ModelError: the template fails.
        """
        system, others = _parted(messages)
        if not any(message.content for message in messages):
            raise UsageError(Problem("nothing_to_answer", "There is no message to answer yet."))
        unfinished = others[-1] if continue_last and others and others[-1].role is Role.ASSISTANT else None
        rendered: dict[int, tuple[str, list[int]]] = {}

        def count_from(start: int) -> int:
            text = self._render((*system, *others[start:]), unfinished)
            rendered[start] = text, self._tokenize(text, True)
            return len(rendered[start][1])

        start = first_kept(others, self._context_length, max_tokens, self._estimate, count_from)
        text, tokens = rendered[start]
        if unfinished is None:
            return Prompt(tokens, start, opened_by(text))
        amid_reasoning = bool(unfinished.reasoning) and not unfinished.content
        return Prompt(tokens, start, self._tags if amid_reasoning else None, continuing=True)

    def count(self, command: CountTokens) -> TokenCount:
        """Count the parts, and the whole as it would be given to the model after dropping what does not fit."""
        system = (ChatMessage(Role.SYSTEM, command.system_prompt),) if command.system_prompt else ()
        draft = (ChatMessage(Role.USER, command.draft),) if command.draft else ()
        others = (*command.messages, *draft)
        totals: dict[int, int] = {}

        def count_from(start: int) -> int:
            totals[start] = len(self._tokenize(self._render((*system, *others[start:]), None), True))
            return totals[start]

        start, total = 0, 0
        if others:
            try:
                start = first_kept(others, self._context_length, 0, self._estimate, count_from)
            except UsageError:  # the whole is then shown as more than the context, which is the truth
                start = turn_starts(others)[-1]
            total = totals[start]
        elif system:
            total = self._length(command.system_prompt)
        system_tokens = self._length(command.system_prompt) if command.system_prompt else 0
        draft_tokens = self._length(command.draft) if command.draft else 0
        return TokenCount(
            id=command.id,
            system_prompt=system_tokens,
            # With what the template writes around the messages, so that the parts add up to the whole.
            conversation=max(0, total - system_tokens - draft_tokens),
            draft=draft_tokens,
            total=total,
            context_length=self._context_length,
            kept_from=start,
        )

    def _estimate(self, message: ChatMessage) -> int:
        return self._length(message.content)

    def _render(self, messages: Sequence[ChatMessage], unfinished: ChatMessage | None) -> str:
        if unfinished is None:
            return self._template.render(messages)
        text = self._template.render(messages[:-1])
        if not unfinished.reasoning:
            opened = opened_by(text)
            return f"{text}{opened.closing}\n\n{unfinished.content}" if opened else text + unfinished.content
        opening = "" if opened_by(text) else f"{self._tags.opening}\n"
        closing = f"\n{self._tags.closing}\n\n{unfinished.content}" if unfinished.content else ""
        return f"{text}{opening}{unfinished.reasoning}{closing}"


def _parted(messages: Sequence[ChatMessage]) -> tuple[tuple[ChatMessage, ...], tuple[ChatMessage, ...]]:
    """Part the system prompt at the beginning from the other messages."""
    if messages and messages[0].role is Role.SYSTEM:
        return (messages[0],), tuple(messages[1:])
    return (), tuple(messages)
