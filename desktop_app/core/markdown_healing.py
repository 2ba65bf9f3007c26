"""What a half-written text will probably become, so that its raw markers never flash.

A reply arrives in pieces: ``**bol`` is bold whose end has not come yet. These functions return the source that the
half-written end most likely means. They only ever touch the end that is still being written.
"""

import re
from dataclasses import dataclass

_MARKER_CHARACTERS = "-=*_#+`~|: \t"
_NUMBER_OR_TASK = re.compile(r"\d{1,3}[.)]?|(?:[-*+]|\d{1,3}[.)]) \[[ xX]?\]?")
_FENCE_OPENING = re.compile(r"((?:[ \t>]|[-*+] |\d{1,3}[.)] )*(?:`{3,}|~{3,}))[^`]*")
_DELIMITER_PREFIX = re.compile(r"[|:\- \t]*")
_DELIMITER_ROW = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_OUTER_PIPES = re.compile(r"^\s*\||(?<!\\)\|\s*$")
_UNESCAPED_PIPE = re.compile(r"(?<!\\)\|")
_AUTOLINK_START = re.compile(r"<((?:https?:|mailto:)[^\s<>]*)$")
_EMPHASIS = "*_~"
_ADDRESS = re.compile(r"\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)")
# An opened marker further back than this was probably meant literally.
_REACH = 400
# Markers longer than this are no markers; it also bounds the work of the expressions above.
_LONGEST_MARKER = 200


def heal_source(tail: str) -> str:
    """Return the source to show for the open end of a text, given from the start of its last block.

    A last line of which only markers are there (``-``, ``##``, ``1.``) waits, for it may still become a heading's
    underline, a list or a rule; the first line of a table becomes a table of one row; a fence's information waits
    for its end.
    """
    head, newline, last = tail.rpartition("\n")
    table = _table_start(tail)
    if table is not None:
        return table
    if len(last) > _LONGEST_MARKER:
        return tail
    fence = _FENCE_OPENING.fullmatch(last)
    if _is_only_markers(last):
        return tail if fence and not head.strip() else head + newline
    return head + newline + fence.group(1) if fence else tail


def _is_only_markers(line: str) -> bool:
    bare = line.strip(" \t>")
    return bool(line) and (not bare.strip(_MARKER_CHARACTERS) or _NUMBER_OR_TASK.fullmatch(bare) is not None)


def _table_start(tail: str) -> str | None:
    """Return the source with a delimiter row of our own when its end is the first line or two of a table."""
    lines = tail.rsplit("\n", 4)
    written = bool(lines[-1])
    if not written:
        lines.pop()
    run: list[str] = []
    while lines and lines[-1].startswith("|"):
        run.insert(0, lines.pop())
    if not 1 <= len(run) <= 2:
        return None
    before = tail[: len(tail) - len("\n".join(run)) - (0 if written else 1)]
    header = run[0]
    if len(run) == 2 and not (written and _DELIMITER_PREFIX.fullmatch(run[1])):
        return None
    if not header.strip("| \t") or (len(_UNESCAPED_PIPE.findall(header)) < 2 and written):
        return before
    columns = len(_UNESCAPED_PIPE.split(_OUTER_PIPES.sub("", header)))
    is_row = len(run) == 2 and _DELIMITER_ROW.fullmatch(run[1]) is not None
    if is_row and len(_UNESCAPED_PIPE.split(_OUTER_PIPES.sub("", run[1]))) == columns:
        return tail
    return f"{before}{header}\n|{'---|' * columns}"


@dataclass
class _Run:
    """A run of emphasis markers that may still be closed."""

    marker: str
    start: int
    end: int
    left: int


def heal_inline(text: str) -> str:
    """Return running text with what is still open at its end closed, completed or held back."""
    text = text.rstrip(" \t\\") if text.endswith(("\\", " ", "\t")) else text
    text = _AUTOLINK_START.sub(r"\1", text)
    scanner = _Scanner(text)
    scanner.scan()
    return scanner.healed()


class _Scanner:
    """Reads running text once, from the left, keeping what is open."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.open: list[_Run] = []
        self.brackets: list[tuple[int, int]] = []
        self.drop: list[tuple[int, int]] = []
        self.suffix = ""
        self.end = len(text)

    def scan(self) -> None:
        while self.position < self.end:
            character = self.text[self.position]
            if character == "\\":
                self.position += 2
            elif character == "`":
                self._code()
            elif character in _EMPHASIS:
                self._emphasis(character)
            elif character == "[":
                self.brackets.append((self.position, len(self.open)))
                self.position += 1
            elif character == "]":
                self._close_bracket()
            else:
                self.position += 1
        if self.brackets:
            self._drop_open_bracket()

    def _run_length(self, marker: str) -> int:
        stop = self.position
        while stop < self.end and self.text[stop] == marker:
            stop += 1
        return stop - self.position

    def _code(self) -> None:
        length = self._run_length("`")
        start = self.position + length
        closing = re.compile(rf"(?<!`)`{{{length}}}(?!`)").search(self.text, start)
        if closing:
            self.position = closing.end()
        elif start == self.end:
            self.drop.append((self.position, self.end))
            self.position = self.end
        elif self.end - start > _REACH:
            self.position = start
        else:
            body = self.text[start:].rstrip("`")
            if len(self.text) - start > len(body):
                self.drop.append((start + len(body), self.end))
            self.suffix = "`" * length
            if not body.strip():
                self.drop.append((self.position, self.end))
                self.suffix = ""
            self.position = self.end

    def _emphasis(self, marker: str) -> None:
        length = self._run_length(marker)
        start = self.position
        self.position += length
        before = self.text[start - 1] if start else " "
        after = self.text[self.position] if self.position < self.end else " "
        can_open = not after.isspace() and (after.isalnum() or not before.isalnum())
        can_close = not before.isspace() and (before.isalnum() or not after.isalnum())
        if marker == "_":
            can_open, can_close = can_open and not before.isalnum(), can_close and not after.isalnum()
        left = self._close(marker, length) if can_close else length
        if not left:
            return
        if self.position == self.end:
            self.drop.append((self.end - left, self.end))
        elif can_open and (marker != "~" or length == 2):
            self.open.append(_Run(marker, start, self.position, left))

    def _close(self, marker: str, length: int) -> int:
        """Let a run close the open ones of its kind and return how many markers it has left."""
        for index in range(len(self.open) - 1, -1, -1):
            run = self.open[index]
            if run.marker != marker or not length:
                continue
            used = min(run.left, length)
            run.left -= used
            length -= used
            del self.open[index + (1 if run.left else 0) :]
        return length

    def _close_bracket(self) -> None:
        self.position += 1
        if not self.brackets:
            return
        start, depth = self.brackets.pop()
        if self.position == self.end:
            if self._may_start_link(start):
                self._hide_link(start, self.position)
        elif self.text[self.position] == "(":
            closing = _ADDRESS.match(self.text, self.position)
            if closing:
                del self.open[depth:]
                self.position = closing.end()
            elif "\n" not in self.text[self.position :] and self.end - self.position < _REACH:
                self._hide_link(start, self.position)

    def _may_start_link(self, start: int) -> bool:
        before = self.text[start - 1] if start else " "
        label = self.text[start + 1 :]
        return (
            (before.isspace() or before in "(*_!~\"'")
            and bool(label)
            and not label[0].isspace()
            and "\n" not in label
            and len(label) < _REACH
        )

    def _hide_link(self, start: int, label_end: int) -> None:
        """Show only the label of a link whose address is still being written."""
        self.drop.append((start - 1 if start and self.text[start - 1] == "!" else start, start + 1))
        self.drop.append((label_end - 1, self.end))
        self.position = self.end

    def _drop_open_bracket(self) -> None:
        start, _ = self.brackets[-1]
        if start + 1 == self.end or self._may_start_link(start):
            self.drop.append((start - 1 if start and self.text[start - 1] == "!" else start, start + 1))

    def _kept(self, start: int) -> str:
        """Return the text from a position on without what is held back."""
        pieces: list[str] = []
        for first, last in sorted(self.drop):
            pieces.append(self.text[start:first])
            start = max(start, last)
        return "".join((*pieces, self.text[start:]))

    def healed(self) -> str:
        """Return the text with what is open closed."""
        closers = ""
        for run in reversed(self.open):
            if self.end - run.start > _REACH:
                continue
            if self._kept(run.end).strip():
                closers += run.marker * run.left
            else:
                self.drop.append((run.start, run.end))
        body = self._kept(0) + self.suffix
        return body.rstrip() + closers if closers else body
