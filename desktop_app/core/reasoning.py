"""Splits a streamed reply into the reasoning that a model writes in tags and the answer that follows.

Only a tag that opens the reply counts: one in the middle of an answer is text about tags. Text that may still turn
out to be a tag is held back, so that no half tag is ever shown.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tags:
    """How one family of models marks its reasoning.

    Attributes:
        opening, closing: the tags around it.
        preambles: strings that may stand before the answer and are not part of it.
    """

    opening: str
    closing: str
    preambles: tuple[str, ...] = ()


THINK = Tags("<think>", "</think>")
FAMILIES: tuple[Tags, ...] = (
    THINK,
    Tags("<thinking>", "</thinking>"),
    Tags("<thought>", "</thought>"),
    Tags("<reasoning>", "</reasoning>"),
    Tags("<seed:think>", "</seed:think>"),
    Tags("[THINK]", "[/THINK]"),
    Tags("<|channel>thought", "<channel|>"),
    Tags(
        "<|channel|>analysis<|message|>",
        "<|end|>",
        ("<|start|>assistant<|channel|>final<|message|>", "<|channel|>final<|message|>", "<|start|>assistant"),
    ),
)
"""Qwen, DeepSeek, Granite and most others; Magistral; Gemma 4; gpt-oss. Seen in their chat templates."""

MARKERS: tuple[str, ...] = (
    *(tag for family in FAMILIES[:6] for tag in (family.opening, family.closing)),
    "<|channel>",
    "<channel|>",
    "<|channel|>",
    "<|message|>",
    "<|start|>",
    "<|end|>",
)
"""Strings that some vocabularies hold as one control token, which must be written out for a tag to be seen."""

_PREAMBLES = tuple(preamble for family in FAMILIES for preamble in family.preambles)


def opened_by(prompt: str) -> Tags | None:
    """Return the tags that the end of a rendered prompt has opened already; None when it opened none."""
    tail = prompt.rstrip()
    for family in FAMILIES:
        if tail.endswith(family.opening):
            return family
    return None


def family_of(template: str) -> Tags:
    """Return the tags that a chat template speaks of, ``<think>`` when it speaks of none."""
    for family in FAMILIES:
        if family.closing in template and family.opening.split("analysis")[0] in template:
            return family
    return THINK


class ReasoningSplitter:
    """Takes text as it arrives, gives reasoning and answer apart.

    Args:
        opened: the tags that the prompt has opened already; the reply then begins amid the reasoning.
        continuing: the reply goes on amid what was cut: the reasoning if tags are open, else the answer.
    """

    def __init__(self, opened: Tags | None = None, *, continuing: bool = False) -> None:
        self._held = ""
        self._tags = opened
        self._answering = continuing and opened is None
        self._reasoned = False
        self._fresh = not continuing

    def feed(self, text: str) -> tuple[str, str]:
        """Take more text; return what is now certain as (reasoning, answer)."""
        if self._answering:
            return "", text
        self._held += text
        reasoning = ""
        while self._undecided():
            if self._tags is None:
                if not self._open():
                    return reasoning, ""
            else:
                more, closed = self._think(self._tags)
                reasoning += more
                if not closed:
                    return reasoning, ""
        answer, self._held = self._held, ""
        return reasoning, answer

    def finish(self) -> tuple[str, str]:
        """Return what was held back, as (reasoning, answer); the reply has ended."""
        held, self._held = self._held, ""
        if self._tags is not None:
            return held.rstrip(), ""
        return "", "" if self._reasoned and not held.strip() else held

    def _undecided(self) -> bool:
        return not self._answering

    def _open(self) -> bool:
        """Decide what the held text begins with; False while that is open."""
        text = self._held.lstrip()
        for family in FAMILIES:
            if text.startswith(family.opening):
                self._tags, self._held, self._fresh, self._reasoned = family, text[len(family.opening) :], True, True
                return True
        for preamble in _PREAMBLES:
            if text.startswith(preamble) and not _may_become(text, _PREAMBLES):
                self._held, self._reasoned = text[len(preamble) :], True
                return True
        if not text or _may_become(text, (*(family.opening for family in FAMILIES), *_PREAMBLES)):
            return False
        self._answering = True
        if self._reasoned:
            self._held = text
        return True

    def _think(self, tags: Tags) -> tuple[str, bool]:
        """Take reasoning out of the held text; return it and whether its closing tag was met."""
        if self._fresh:
            self._held = self._held.lstrip()
            self._fresh = not self._held
        end = self._held.find(tags.closing)
        if end >= 0:
            reasoning, self._held = self._held[:end].rstrip(), self._held[end + len(tags.closing) :]
            self._tags, self._reasoned = None, True
            return reasoning, True
        keep = len(self._held) - overlap(self._held, tags.closing)
        keep = len(self._held[:keep].rstrip())
        reasoning, self._held = self._held[:keep], self._held[keep:]
        return reasoning, False


def overlap(text: str, tag: str) -> int:
    """Return the length of the longest end of ``text`` that is a proper beginning of ``tag``."""
    for size in range(min(len(text), len(tag) - 1), 0, -1):
        if text.endswith(tag[:size]):
            return size
    return 0


def _may_become(text: str, candidates: tuple[str, ...]) -> bool:
    return any(len(text) < len(candidate) and candidate.startswith(text) for candidate in candidates)
