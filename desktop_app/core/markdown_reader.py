"""Markdown to blocks through markdown-it-py, with bounds against hostile input.

HTML is never understood, only shown. Reference definitions are off: one at the end of a text would change what is
above it, and a growing text must never change what is finished. Where a bound is met, the text is shown as text.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING

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
    spans_text,
)
from desktop_app.core.markdown_healing import heal_inline

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

# Tokens of markdown-it stand two levels deeper for each list and one for each quote; about ten lists in one another.
MAX_LEVEL = 24
# Running text longer than this is cut into pieces, each read on its own.
MAX_INLINE = 4096
MAX_CELLS = 4000
# Steps of the inline rules for one piece. Ordinary text needs less than one for each character; nested openers need
# their square.
_STEPS_FOR_EACH_CHARACTER = 8
_BARE_ADDRESS = re.compile(r"https?://[^\s<>\"“”«»]+")
_LINE_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TASK = re.compile(r"\[([ xX])\](?:\s|$)")
_TASK_START = re.compile(r"\[[ xX]?\]?")
_ALLOWED = ("http://", "https://", "mailto:")
_STYLES = {"strong": SpanStyle.STRONG, "em": SpanStyle.EMPHASIS, "s": SpanStyle.STRIKE}


class _TooManyStepsError(Exception):
    """The inline rules met their bound."""


def _too_deep(state: "StateBlock", start: int, end: int, silent: bool) -> bool:
    """Show what is nested too deeply as text; markdown-it by itself would leave it out."""
    if state.level < MAX_LEVEL or silent:
        return False
    state.line = end
    token = state.push("too_deep", "", 0)
    token.content = state.getLines(start, end, state.blkIndent, False).strip()
    token.map = [start, end]
    return True


def _count_steps(state: "StateInline", silent: bool) -> bool:
    del silent
    state.env["steps"] -= 1
    if state.env["steps"] < 0:
        raise _TooManyStepsError
    return False


@cache
def _parser() -> "MarkdownIt":
    # Imported at first use: it costs 80 ms that the start of the program does not have.
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import fence

    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_LEVEL * 2})
    parser.enable(["table", "strikethrough"])
    parser.disable(["reference", "html_block", "html_inline"])
    parser.block.ruler.before("table", "too_deep", _too_deep)
    # A fence is one whatever follows it; behind the table rule, a line like "```a|b" could later become a table.
    parser.block.ruler.before("table", "fence_first", fence, {"alt": ["paragraph", "blockquote", "list"]})
    parser.inline.ruler.before("text", "count_steps", _count_steps)
    return parser


def _safe_address(url: str) -> str:
    return url if url.lower().startswith(_ALLOWED) else ""


def _trimmed_address(address: str) -> str:
    """Leave out the punctuation that follows an address in a sentence."""
    while address:
        last = address[-1]
        unpaired = last in ")]" and address.count(last) > address.count("(" if last == ")" else "[")
        if last not in ".,;:!?'*_~" and not unpaired:
            break
        address = address[:-1]
    return address


def _linked(span: Span) -> Iterator[Span]:
    """Split a plain run at the bare addresses in it."""
    if span.url or span.style & SpanStyle.CODE or "://" not in span.text:
        yield span
        return
    position = 0
    for match in _BARE_ADDRESS.finditer(span.text):
        address = _trimmed_address(match.group())
        if len(address) <= len("https://"):
            continue
        if match.start() > position:
            yield replace(span, text=span.text[position : match.start()])
        yield replace(span, text=address, url=address)
        position = match.start() + len(address)
    if position < len(span.text):
        yield replace(span, text=span.text[position:])


def _joined(spans: list[Span]) -> Spans:
    """Join neighbours of one style, so that equal texts are equal spans."""
    joined: list[Span] = []
    for span in spans:
        if not span.text:
            continue
        if joined and (joined[-1].style, joined[-1].url) == (span.style, span.url):
            joined[-1] = replace(span, text=joined[-1].text + span.text)
        else:
            joined.append(span)
    return tuple(piece for span in joined for piece in _linked(span))


def _spans_of(tokens: "list[Token]") -> Spans:
    spans: list[Span] = []
    styles: list[SpanStyle] = []
    url = ""
    style = SpanStyle.PLAIN
    for token in tokens:
        kind = token.type
        if kind in ("text", "text_special"):
            spans.append(Span(token.content, style, url))
        elif kind == "code_inline":
            spans.append(Span(token.content, style | SpanStyle.CODE, url))
        elif kind in ("softbreak", "hardbreak"):
            spans.append(Span("\n", style, url))
        elif kind == "image":
            spans.append(Span(spans_text(_spans_of(token.children or [])), style, url))
        elif kind == "link_open":
            url = _safe_address(str(token.attrs.get("href", "")))
        elif kind == "link_close":
            url = ""
        elif kind.endswith("_open"):
            styles.append(style)
            style |= _STYLES[kind[:-5]]
        elif kind.endswith("_close"):
            style = styles.pop()
    return _joined(spans)


@lru_cache(maxsize=512)
def inline_spans(text: str) -> Spans:
    """Return running Markdown of at most ``MAX_INLINE`` characters as spans."""
    if not text:
        return ()
    parser = _parser()
    tokens: list[Token] = []
    try:
        parser.inline.parse(text, parser, {"steps": len(text) * _STEPS_FOR_EACH_CHARACTER + 200}, tokens)
    except _TooManyStepsError:
        return (Span(text),)
    return _spans_of(tokens)


def pieces_of(text: str, limit: int = MAX_INLINE) -> list[str]:
    """Cut a long text at line ends or spaces; a piece never changes when the text grows behind it."""
    pieces: list[str] = []
    start = 0
    while len(text) - start > limit:
        half = start + limit // 2
        cut = max(text.rfind("\n", half, start + limit), text.rfind(" ", half, start + limit))
        cut = cut + 1 if cut >= 0 else start + limit
        pieces.append(text[start:cut].rstrip("\n "))
        start = cut
    pieces.append(text[start:])
    return pieces


def text_blocks(text: str, start: int = 0, end: int = 0) -> list[Block]:
    """Return a text as paragraphs that show it as it is."""
    return [
        Paragraph(start, end, identity_of("text", (number > 0, piece)), (Span(piece),) if piece else (), number > 0)
        for number, piece in enumerate(pieces_of(text))
    ]


class Reader:
    """Reads one source into top-level blocks.

    Args:
        source: whole lines, from the start of a top-level block.
        offset: where the source starts in the text.
        open_end: the source is still being written: its last running text is healed.
    """

    def __init__(self, source: str, offset: int = 0, *, open_end: bool = False) -> None:
        parser = _parser()
        self._tokens: list[Token] = []
        parser.block.parse(source, parser, {}, self._tokens)
        self._position = 0
        self._offset = offset
        self._starts = _line_starts(source)
        self._open: Token | None = None
        if open_end and not source.endswith("\n\n"):
            # Cells that the row still lacks are there as empty ones.
            last = next((token for token in reversed(self._tokens) if token.nesting == 0 and token.content), None)
            self._open = last if last is not None and last.type == "inline" else None
        self._readers: dict[str, Callable[[Token, int, int], list[Block]]] = {
            "paragraph_open": self._paragraph,
            "heading_open": self._heading,
            "bullet_list_open": self._list,
            "ordered_list_open": self._list,
            "blockquote_open": self._quote,
            "table_open": self._table,
            "fence": self._code,
            "code_block": self._code,
            "hr": self._rule,
            "too_deep": lambda token, start, end: text_blocks(token.content, start, end),
        }

    def blocks(self) -> list[Block]:
        """Return the top-level blocks, each with its range in the text."""
        blocks: list[Block] = []
        while self._position < len(self._tokens):
            token = self._take()
            first, last = token.map or [0, 0]
            blocks += self._readers[token.type](
                token, self._offset + self._starts[first], self._offset + self._starts[last]
            )
        return blocks

    def _take(self) -> "Token":
        token = self._tokens[self._position]
        self._position += 1
        return token

    def _until(self, closing: str) -> list[Block]:
        blocks: list[Block] = []
        while (token := self._take()).type != closing:
            blocks += self._readers[token.type](token, 0, 0)
        return blocks

    def _inline(self, text: str, token: "Token") -> Spans:
        return inline_spans(heal_inline(text) if token is self._open else text)

    def _paragraph(self, _token: "Token", start: int, end: int) -> list[Block]:
        inline = self._take()
        self._take()
        blocks: list[Block] = []
        pieces = pieces_of(inline.content)
        for number, piece in enumerate(pieces):
            is_last = number == len(pieces) - 1
            spans = self._inline(piece, inline) if is_last else inline_spans(piece)
            blocks.append(Paragraph(start, end, identity_of("paragraph", (number > 0, *spans)), spans, number > 0))
        return blocks

    def _heading(self, token: "Token", start: int, end: int) -> list[Block]:
        inline = self._take()
        self._take()
        spans = self._inline(inline.content[:MAX_INLINE], inline)
        level = int(token.tag[1:])
        return [Heading(start, end, identity_of("heading", (level, *spans)), level, spans)]

    def _code(self, token: "Token", start: int, end: int) -> list[Block]:
        words = token.info.split(maxsplit=1)
        return [code_block(token.content, words[0] if words else "", start, end)]

    def _rule(self, _token: "Token", start: int, end: int) -> list[Block]:
        return [Rule(start, end, identity_of("rule", ()))]

    def _quote(self, _token: "Token", start: int, end: int) -> list[Block]:
        blocks = tuple(self._until("blockquote_close"))
        return [Quote(start, end, identity_of("quote", (block.identity for block in blocks)), blocks)]

    def _list(self, token: "Token", start: int, end: int) -> list[Block]:
        closing = token.type.replace("open", "close")
        first = int(token.attrs.get("start", 1)) if token.type.startswith("ordered") else None
        items: list[ListItem] = []
        tight = True
        while self._take().type != closing:
            checked = None
            if self._tokens[self._position].type == "paragraph_open":
                tight = tight and self._tokens[self._position].hidden
                checked = self._task(self._tokens[self._position + 1])
            items.append(ListItem(tuple(self._until("list_item_close")), checked))
        parts = [part for item in items for part in (item.checked, *(block.identity for block in item.blocks), "")]
        return [ListBlock(start, end, identity_of("list", (first, tight, *parts)), tuple(items), first, tight)]

    def _task(self, inline: "Token") -> bool | None:
        """Take the box of a task from an item's first text."""
        match = _TASK.match(inline.content)
        if match:
            inline.content = inline.content[match.end() :].lstrip()
            return match.group(1) != " "
        if inline is self._open and _TASK_START.fullmatch(inline.content):
            inline.content = ""
            return False
        return None

    def _table(self, _token: "Token", start: int, end: int) -> list[Block]:
        rows: list[tuple[Spans, ...]] = []
        row: list[Spans] = []
        alignments: list[Alignment] = []
        while (part := self._take()).type != "table_close":
            if part.type == "inline" and len(rows) * max(1, len(alignments)) < MAX_CELLS:
                row.append(self._cell(part))
            elif part.type == "th_open":
                style = str(part.attrs.get("style", ""))
                alignments.append(_alignment(style.removeprefix("text-align:")))
            elif part.type == "tr_close" and row:
                rows.append(tuple(row))
                row = []
        identity = identity_of("table", (*alignments, *(cell for cells in rows for cell in cells)))
        return [Table(start, end, identity, tuple(rows), tuple(alignments))]

    def _cell(self, inline: "Token") -> Spans:
        text = inline.content[:MAX_INLINE]
        # Markdown has no other way to break a line inside a cell, and models use this one.
        parts = _LINE_BREAK_TAG.split(text)
        spans: list[Span] = []
        for number, part in enumerate(parts):
            if number:
                spans.append(Span("\n"))
            spans += self._inline(part.strip(), inline) if number == len(parts) - 1 else inline_spans(part.strip())
        return tuple(spans)


def _alignment(value: str) -> Alignment:
    return {"left": Alignment.LEFT, "center": Alignment.CENTRE, "right": Alignment.RIGHT}.get(value, Alignment.START)


def _line_starts(source: str) -> list[int]:
    """Return the offset of every line, and for the lines past the end the end."""
    starts = [0, *(match.end() for match in re.finditer("\n", source))]
    return [*starts, len(source), len(source)]


def code_block(content: str, language: str, start: int, end: int) -> Code:
    """Return code without its last line end."""
    text = content.removesuffix("\n")
    return Code(start, end, identity_of("code", (language, text)), text, language)
