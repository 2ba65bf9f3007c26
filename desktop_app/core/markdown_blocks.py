"""What a parsed text is made of: blocks of frozen dataclasses, and runs of styled text inside them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntFlag, StrEnum
from hashlib import blake2b


class SpanStyle(IntFlag):
    """How a run of text is set; styles combine."""

    PLAIN = 0
    STRONG = 1
    EMPHASIS = 2
    CODE = 4
    STRIKE = 8


class Alignment(StrEnum):
    """How a column of a table is set; START follows the direction of the writing."""

    START = "start"
    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Span:
    r"""A run of text in one style. A line break is a ``"\n"`` in the text.

    Attributes:
        url: where the run leads: an ``http``, ``https`` or ``mailto`` address, empty when it is no link.
    """

    text: str
    style: SpanStyle = SpanStyle.PLAIN
    url: str = ""


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a text.

    Attributes:
        start, end: offsets of its source in the normalised text, whole lines; of a block within another one,
            0 and 0.
        identity: a hash of its kind and of what it shows: equal for equal blocks, wherever they stand.
    """

    start: int
    end: int
    identity: int


@dataclass(frozen=True, slots=True)
class Paragraph(Block):
    """Running text. One that continues the block before it was cut only because it is very long."""

    spans: Spans
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Heading(Block):
    """A heading of level 1 to 6."""

    level: int
    spans: Spans


@dataclass(frozen=True, slots=True)
class ListItem:
    """One item: ``checked`` is None unless it is a task."""

    blocks: tuple[Block, ...]
    checked: bool | None = None


@dataclass(frozen=True, slots=True)
class ListBlock(Block):
    """A list; ``first_number`` is None when it is not numbered. Items of a tight list stand close together."""

    items: tuple[ListItem, ...]
    first_number: int | None = None
    tight: bool = True


@dataclass(frozen=True, slots=True)
class Quote(Block):
    """Quoted blocks."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Code(Block):
    """Code as it was written, without its last line end."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Table(Block):
    """A table: every row has as many cells as there are alignments; the first row is the header."""

    rows: tuple[tuple[Spans, ...], ...]
    alignments: tuple[Alignment, ...]


@dataclass(frozen=True, slots=True)
class Rule(Block):
    """A line across."""


def identity_of(kind: str, parts: Iterable[object]) -> int:
    """Hash a kind and what a block shows to 64 bits."""
    digest = blake2b(kind.encode(), digest_size=8)
    for part in parts:
        text = f"\x1e{part.style:d}\x1e{part.url}\x1e{part.text}" if isinstance(part, Span) else f"\x1f{part}"
        digest.update(text.encode("utf-8", "replace"))
    return int.from_bytes(digest.digest(), "big")


def spans_text(spans: Spans) -> str:
    """Return the text of a line of spans, without styles."""
    return "".join(span.text for span in spans)


def _item_lines(item: ListItem, marker: str) -> Iterator[str]:
    if item.checked is not None:
        marker += "[x] " if item.checked else "[ ] "
    lines = plain_text(item.blocks, separator="\n").split("\n")
    yield marker + lines[0]
    for line in lines[1:]:
        yield " " * len(marker) + line if line else line


def _block_text(block: Block) -> str:
    match block:
        case Paragraph(spans=spans) | Heading(spans=spans):
            return spans_text(spans)
        case Code(text=text):
            return text
        case ListBlock(items=items, first_number=first):
            lines: list[str] = []
            for number, item in enumerate(items, first or 0):
                lines.extend(_item_lines(item, "• " if first is None else f"{number}. "))
            return "\n".join(lines)
        case Quote(blocks=blocks):
            return plain_text(blocks)
        case Table(rows=rows):
            return "\n".join("\t".join(spans_text(cell).replace("\n", " ") for cell in row) for row in rows)
        case _:
            return "—" if isinstance(block, Rule) else ""


def plain_text(blocks: Sequence[Block], separator: str = "\n\n") -> str:
    """Return what the blocks show as text without markers, for the clipboard and for screen readers."""
    pieces: list[str] = []
    for block in blocks:
        if pieces:
            pieces.append("\n" if isinstance(block, Paragraph) and block.continues else separator)
        pieces.append(_block_text(block))
    return "".join(pieces)
