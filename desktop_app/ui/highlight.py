"""Colours for code, by Pygments, in slices of time so that a long block never holds the window up.

Pygments names what a piece of code is; ``ROLES`` gives that a role, ``colours`` a colour of the palette with at least
4.5 : 1 of contrast on the ground of code.
"""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

from desktop_app.ui.theme import Palette

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType as TokenType

# Longer code, or code with a longer line, is left plain: some lexers take the square of a line's length.
MAX_CODE = 200_000
MAX_LINE = 4_000
_LEAST_CONTRAST = 4.5

# A run of one role in a line: start, length (in characters) and role.
Run = tuple[int, int, str]

# The first prefix that fits decides.
ROLES = (
    ("Token.Comment.Preproc", "keyword"),
    ("Token.Comment", "comment"),
    ("Token.Keyword.Constant", "number"),
    ("Token.Keyword", "keyword"),
    ("Token.Operator.Word", "keyword"),
    ("Token.Literal.String", "string"),
    ("Token.Literal.Number", "number"),
    ("Token.Literal", "string"),
    ("Token.Name.Function", "name"),
    ("Token.Name.Class", "name"),
    ("Token.Name.Builtin", "builtin"),
    ("Token.Name.Exception", "builtin"),
    ("Token.Name.Decorator", "builtin"),
    ("Token.Name.Tag", "keyword"),
    ("Token.Name.Attribute", "name"),
    ("Token.Generic.Deleted", "deleted"),
    ("Token.Generic.Inserted", "string"),
    ("Token.Generic.Heading", "name"),
    ("Token.Generic.Subheading", "name"),
    ("Token.Generic.Prompt", "comment"),
)


@lru_cache(maxsize=8)
def colours(palette: Palette) -> Mapping[str, str]:
    """Return the colour of each role as ``#rrggbb``."""
    chosen = {
        "comment": palette.hint,
        "keyword": palette.accent,
        "string": palette.good,
        "number": palette.caution,
        "name": palette.note,
        "builtin": palette.note,
        "deleted": palette.bad,
    }
    return {role: _readable(colour, palette) for role, colour in chosen.items()}


def _readable(colour: str, palette: Palette) -> str:
    """Mix a colour with that of text until it can be read on the ground of code."""
    for percent in range(0, 101, 5):
        mixed = [
            (a * (100 - percent) + b * percent) // 100
            for a, b in zip(_channels(colour), _channels(palette.text), strict=True)
        ]
        name = "#{:02X}{:02X}{:02X}".format(*mixed)
        if contrast(name, palette.code) >= _LEAST_CONTRAST:
            return name
    return palette.text


def _channels(colour: str) -> list[int]:
    return [int(colour[index : index + 2], 16) for index in (1, 3, 5)]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lights: list[float] = []
    for colour in (one, other):
        linear = [
            value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
            for value in (channel / 255 for channel in _channels(colour))
        ]
        lights.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
    return max(lights) / min(lights)


@lru_cache(maxsize=1024)
def role_of(token: "TokenType") -> str:
    """Return the role of a Pygments token type, empty for plain code."""
    name = str(token)
    return next((role for prefix, role in ROLES if name == prefix or name.startswith(prefix + ".")), "")


@lru_cache(maxsize=64)
def lexer_for(language: str) -> "Lexer | None":
    """Return the lexer of a language by its name or by the end of its files' names, None when there is none."""
    if not language:
        return None
    # Imported at first use: a conversation without code does not pay for it.
    from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
    from pygments.util import ClassNotFound

    name = re.sub(r"^\{?\.?|\}?$", "", language.lower())
    for find, argument in ((get_lexer_by_name, name), (get_lexer_for_filename, f"file.{name}")):
        with suppress(ClassNotFound):
            lexer: Lexer = find(argument, stripnl=False, stripall=False, ensurenl=False)
            return lexer
    return None


class Highlighter:
    """The colours of one code block, which may be growing.

    A growing block is lexed from its last line that starts at the left edge, which is nearly always a fresh start; once
    it is finished, it is lexed as a whole. What is coloured stays so until the new colours are there.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.version = 0
        self._lines: list[str] = []
        self._runs: list[tuple[Run, ...]] = []
        self._job: Iterator[tuple[int, TokenType, str]] | None = None
        self._first = 0
        self._fresh: list[list[Run]] = []
        self._lexed = 0
        self._is_whole = False
        self._wants_whole = False
        self._target = 0
        self._line = 0
        self._column = 0

    def runs(self, line: int) -> tuple[Run, ...]:
        """Return the coloured runs of a line; none while it is not lexed."""
        return self._runs[line] if line < len(self._runs) else ()

    def set_lines(self, lines: list[str], *, is_growing: bool) -> None:
        """Take the code. Call ``advance`` until it is done."""
        if lines == self._lines and self._wants_whole == (not is_growing):
            return
        self._lines = lines
        self._wants_whole = not is_growing
        self._is_whole = False
        if not is_growing:
            self._job = None

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do for now."""
        if self._job is not None:
            return False
        return self._is_whole or not self._may_lex() or (not self._wants_whole and self._lexed >= len(self._lines) - 1)

    def _may_lex(self) -> bool:
        if lexer_for(self.language) is None:
            return False
        return sum(map(len, self._lines)) <= MAX_CODE and all(len(line) <= MAX_LINE for line in self._lines)

    def _start(self, lexer: "Lexer") -> "Iterator[tuple[int, TokenType, str]]":
        self._first = 0 if self._wants_whole else self._fresh_start()
        last = len(self._lines) if self._wants_whole else len(self._lines) - 1
        self._target = last
        self._fresh = [[] for _ in range(self._first, last)]
        self._column, self._line = 0, 0
        # Some lexers know a line only by its end.
        return iter(lexer.get_tokens_unprocessed("\n".join(self._lines[self._first : last]) + "\n"))

    def _fresh_start(self) -> int:
        for number in range(min(self._lexed, len(self._lines) - 1) - 1, 0, -1):
            line = self._lines[number]
            if line and not line[0].isspace() and line[0] not in "}])'\"`*":
                return number
        return 0

    def advance(self, seconds: float) -> bool:
        """Lex for at most so long; return whether colours changed."""
        lexer = lexer_for(self.language)
        if lexer is None or self.is_done:
            return False
        if self._job is None:
            self._job = self._start(lexer)
        limit = time.perf_counter() + seconds
        for _, token, text in self._job:
            self._take(role_of(token), text)
            if time.perf_counter() > limit:
                return False
        self._job = None
        self._lexed = self._target
        self._is_whole = self._wants_whole
        self._runs[self._first :] = [tuple(runs) for runs in self._fresh]
        self.version += 1
        return True

    def _take(self, role: str, text: str) -> None:
        for number, part in enumerate(text.split("\n")):
            if number:
                self._line += 1
                self._column = 0
            if part and role and self._line < len(self._fresh):
                self._fresh[self._line].append((self._column, len(part), role))
            self._column += len(part)
