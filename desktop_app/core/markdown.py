r"""Markdown that may still be growing, as blocks of frozen dataclasses.

``parse`` reads a whole text. ``StreamingMarkdown`` reads one that arrives in pieces: finished blocks are kept as they
are, only the last, open one is read again, with its half-written end healed (see ``markdown_healing``). Both are one
code path, so that what was streamed ends as what a fresh reading gives.

Every offset is one in the normalised text: line ends are ``\n``, control characters and overrides of the writing
direction are shown as signs, and a line of more than ``MAX_LINE`` characters is broken at a space.
"""

import re
from dataclasses import dataclass

from desktop_app.core.markdown_blocks import (
    Alignment,
    Block,
    Code,
    Heading,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
    Rule,
    Span,
    Spans,
    SpanStyle,
    Table,
    identity_of,
    plain_text,
    spans_text,
)
from desktop_app.core.markdown_healing import heal_source
from desktop_app.core.markdown_reader import Reader, code_block, pieces_of, text_blocks

__all__ = [
    "Alignment",
    "Block",
    "Code",
    "Heading",
    "ListBlock",
    "ListItem",
    "Paragraph",
    "Quote",
    "Rule",
    "Span",
    "SpanStyle",
    "Spans",
    "StreamingMarkdown",
    "Table",
    "parse",
    "plain_text",
    "safe_text",
    "spans_text",
    "text_blocks",
]

MAX_LINE = 8_000
# A block other than fenced code that is longer than this is cut, so that reading its growth stays cheap.
MAX_BLOCK = 24_000
# What follows so much text is shown as text: reading it all would take seconds.
MAX_TEXT = 1_000_000

_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202d\u202e\ud800-\udfff\ufffe\uffff]")
_FENCE = re.compile(r"(`{3,}|~{3,})([^\n]*)\n")


def _sign(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "\n" if code in (0x85, 0x2028, 0x2029) else "\u2421" if code == 0x7F else "\ufffd"


def safe_text(text: str) -> str:
    r"""Return a text with line ends as ``\n`` and every character that could mislead or break as a sign."""
    return _UNSAFE.sub(_sign, text.replace("\r\n", "\n").replace("\r", "\n"))


@dataclass
class _Fence:
    """A fence that is open at the end of the text.

    Attributes:
        content: the whole lines of code so far.
        position: where in the tail the next line starts.
    """

    closing: re.Pattern[str]
    language: str
    marker: str
    position: int
    content: str = ""


class StreamingMarkdown:
    """Blocks of a growing text.

    Attributes:
        closed_count: how many blocks, from the first, will never change again.
    """

    def __init__(self) -> None:
        self._closed: list[Block] = []
        self._carry = ""
        self._tail = ""
        self._start = 0
        self._fence: _Fence | None = None
        self._as_text = False
        self._finished = False
        self._open: list[Block] | None = None

    @property
    def closed_count(self) -> int:
        """How many blocks, from the first, will never change again."""
        return len(self._closed)

    @property
    def blocks(self) -> list[Block]:
        """All blocks as they should be shown now."""
        if self._open is None:
            self._open = [] if self._finished else self._read_open()
        return self._closed + self._open

    def append(self, chunk: str) -> None:
        """Add what arrived."""
        chunk = self._carry + chunk
        self._carry = "\r" if chunk.endswith("\r") else ""
        chunk = safe_text(chunk.removesuffix("\r") if self._carry else chunk)
        for position in range(0, len(chunk), MAX_BLOCK):
            self._append(chunk[position : position + MAX_BLOCK])

    def finish(self) -> None:
        """Read what is left as it stands: nothing more will come."""
        if self._finished:
            return
        if self._carry:
            self._carry = ""
            self._append("\n")
        if self._fence:
            last = self._tail[self._fence.position :]
            # The closing line may be the last one, without an end; markdown-it leaves out a blank last line.
            last = "" if self._fence.closing.fullmatch(last) or not last.strip() else last
            self._closed.append(self._code(self._fence.content + last, len(self._tail)))
        elif self._as_text:
            self._closed += self._text_pieces()
        else:
            self._closed += Reader(self._tail, self._start).blocks()
        self._tail = ""
        self._open = None
        self._finished = True

    def _append(self, chunk: str) -> None:
        self._open = None
        line_start = self._tail.rfind("\n") + 1
        if not self._as_text and len(self._tail) - line_start + len(chunk) > MAX_LINE:
            lines = (self._tail[line_start:] + chunk).split("\n")
            chunk = "\n".join(piece for line in lines for piece in pieces_of(line, MAX_LINE))
            self._tail = self._tail[:line_start]
        self._tail += chunk
        if "\n" in chunk or self._as_text:
            while self._close_some():
                pass

    def _close_some(self) -> bool:
        """Close what can be; say whether another round may close more."""
        if self._fence:
            return self._close_fence(self._fence)
        if self._as_text:
            pieces = self._text_pieces()
            self._closed += pieces[:-1]
            if len(pieces) > 1:
                self._advance(len(self._tail) - len(pieces[-1].spans[0].text if pieces[-1].spans else ""))
            return False
        if self._start >= MAX_TEXT:
            self._as_text = True
            return True
        whole = self._tail.rfind("\n") + 1
        if not whole:
            return False
        is_cut = whole > MAX_BLOCK
        if is_cut:
            whole = self._tail.find("\n", MAX_BLOCK - 1) + 1
        return self._close_blocks(Reader(self._tail[:whole], self._start).blocks(), whole, is_cut)

    def _close_blocks(self, blocks: list[Block], whole: int, is_cut: bool) -> bool:
        if not blocks:
            self._advance(whole)
            return is_cut
        keep = next((block.start for block in blocks if block.start >= MAX_TEXT), blocks[-1].start)
        closed = [block for block in blocks if block.start < keep]
        self._closed += closed
        self._advance(keep - self._start)
        if isinstance(blocks[-1], Code) and keep == blocks[-1].start and (fence := _FENCE.match(self._tail)):
            marker = fence.group(1)
            words = fence.group(2).split(maxsplit=1)
            closing = re.compile(rf" {{0,3}}{re.escape(marker[0])}{{{len(marker)},}}[ \t]*")
            self._fence = _Fence(closing, words[0] if words else "", marker[0], fence.end())
            return True
        if is_cut and not closed:
            self._closed += blocks
            self._advance(whole)
        return is_cut

    def _close_fence(self, fence: _Fence) -> bool:
        position = fence.position
        lines: list[str] = []
        while (end := self._tail.find("\n", position) + 1) > 0:
            line = self._tail[position:end]
            position = end
            if fence.closing.fullmatch(line[:-1]):
                self._closed.append(self._code(fence.content + "".join(lines), position))
                self._fence = None
                self._advance(position)
                return True
            lines.append(line)
        fence.content += "".join(lines)
        fence.position = position
        return False

    def _advance(self, count: int) -> None:
        self._start += count
        self._tail = self._tail[count:]

    def _code(self, content: str, size: int) -> Code:
        return code_block(content, self._fence.language if self._fence else "", self._start, self._start + size)

    def _text_pieces(self) -> list[Paragraph]:
        pieces = pieces_of(self._tail)
        end = self._start + len(self._tail)
        return [
            Paragraph(self._start, end, identity_of("text", (piece,)), (Span(piece),) if piece else (), True)
            for piece in pieces
        ]

    def _read_open(self) -> list[Block]:
        if self._fence:
            last = self._tail[self._fence.position :]
            # What may become the closing line waits.
            last = last if last.strip(f" {self._fence.marker}") else ""
            return [self._code(self._fence.content + last, len(self._tail))]
        if self._as_text:
            return list(self._text_pieces())
        return Reader(heal_source(self._tail), self._start, open_end=True).blocks()


def parse(text: str) -> tuple[Block, ...]:
    """Read a whole text. Never raises, whatever the text; hostile input is bounded and shown as text."""
    reader = StreamingMarkdown()
    reader.append(text)
    reader.finish()
    return tuple(reader.blocks)
