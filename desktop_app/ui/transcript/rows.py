"""Blocks in one another to rows below one another.

A row is what is laid out, cached and skipped when out of sight: one paragraph, heading, code block, table or line, with
its distance from the left edge, its marker and the quotes it stands in. Flat rows let a list of a thousand items cost
no more than a thousand paragraphs.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from desktop_app.core.markdown import Block, Code, Heading, ListBlock, ListItem, Paragraph, Quote, Table

_GAP = 12
_TIGHT_GAP = 4
_LIST_INDENT = 24
_WIDE_LIST_INDENT = 34
_QUOTE_INDENT = 16


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to lay out; lengths in pixels at zoom 1.

    Attributes:
        indent: from the edge at which reading begins.
        gap: free space above.
        marker: bullet or number left of it.
        checked: the state of a task's box; None when it has none.
        bars: where the bars of the quotes around it stand, outermost first.
        joined: how many of these bars go on from the row above.
    """

    block: Block
    indent: int = 0
    gap: int = 0
    marker: str = ""
    checked: bool | None = None
    bars: tuple[int, ...] = ()
    joined: int = 0

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for rows that look the same."""
        return (self.block.identity, self.indent, self.gap, self.marker, self.checked, self.bars, self.joined)


@dataclass
class _Place:
    """Where the next row stands."""

    indent: int = 0
    bars: tuple[int, ...] = ()
    marker: str = ""
    checked: bool | None = None
    depth: int = 0


def _gap_before(block: Block, is_tight: bool) -> int:
    if isinstance(block, Paragraph) and block.continues:
        return 0
    if isinstance(block, Heading):
        return 24 if block.level <= 2 else 18
    if is_tight and not isinstance(block, (Code, Table)):
        return _TIGHT_GAP
    return _GAP


def _leaf(block: Block, place: _Place, gap: int, joined: int) -> Row:
    row = Row(block, place.indent, gap, place.marker, place.checked, place.bars, joined)
    place.marker = ""
    place.checked = None
    return row


def _list_rows(block: ListBlock, place: _Place, gap: int, joined: int) -> Iterator[Row]:
    widest = "" if block.first_number is None else str(block.first_number + len(block.items) - 1)
    indent = _LIST_INDENT if len(widest) < 3 else _WIDE_LIST_INDENT
    for number, item in enumerate(block.items):
        marker = ("•", "◦", "▪")[place.depth % 3] if block.first_number is None else f"{block.first_number + number}."
        inner = _Place(place.indent + indent, place.bars, marker, item.checked, place.depth + 1)
        first = gap if number == 0 else (_TIGHT_GAP if block.tight else _GAP)
        yield from _item_rows(item, inner, first, joined if number == 0 else len(place.bars), block.tight)


def _item_rows(item: ListItem, place: _Place, gap: int, joined: int, is_tight: bool) -> Iterator[Row]:
    blocks: Iterable[Block] = item.blocks
    if not item.blocks or not isinstance(item.blocks[0], (Paragraph, Heading)):
        # The marker needs a line of its own to stand on.
        yield _leaf(Paragraph(0, 0, 0, ()), place, gap, joined)
        gap = _gap_before(item.blocks[0], is_tight) if item.blocks else 0
        joined = len(place.bars)
    yield from _rows(blocks, place, gap, joined, is_tight)


def _rows(blocks: Iterable[Block], place: _Place, first_gap: int, joined: int, is_tight: bool) -> Iterator[Row]:
    for number, block in enumerate(blocks):
        gap = _gap_before(block, is_tight) if number else first_gap
        if number:
            joined = len(place.bars)
        if isinstance(block, ListBlock):
            yield from _list_rows(block, place, gap, joined)
        elif isinstance(block, Quote):
            inner = _Place(place.indent + _QUOTE_INDENT, (*place.bars, place.indent), depth=place.depth)
            yield from _rows(block.blocks, inner, gap, joined, False)
        else:
            yield _leaf(block, place, gap, joined)


def rows_of(blocks: Sequence[Block], *, is_first: bool = True) -> list[Row]:
    """Return the rows of blocks; the first row of a message has no space above."""
    rows: list[Row] = []
    for block in blocks:
        first_gap = 0 if is_first and not rows else _gap_before(block, False)
        rows += _rows((block,), _Place(), first_gap, 0, False)
    return rows
