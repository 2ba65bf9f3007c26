"""What is selected: two places in the transcript, and the text between them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from desktop_app.ui.transcript.area import Area, AreaSelection
from desktop_app.ui.transcript.flow import Flow
from desktop_app.ui.transcript.text_leaf import Selected

_END = 1 << 30
_TIGHT = 4


class Place(NamedTuple):
    """A place between two characters; places compare in reading order.

    Attributes:
        message: number of the message in the branch.
        section: 0 in the reasoning, 1 in the text.
        box, leaf: numbers in the section and in the box.
        position: in UTF-16 units.
    """

    message: int
    section: int
    box: int
    leaf: int
    position: int


@dataclass(frozen=True)
class TextSelection:
    """From one place to a later one."""

    start: Place
    end: Place

    @classmethod
    def between(cls, one: Place, other: Place) -> "TextSelection":
        """Return the selection between two places in any order."""
        return cls(min(one, other), max(one, other))

    @classmethod
    def everything(cls, messages: int) -> "TextSelection":
        """Return the selection of all messages."""
        return cls(Place(0, 0, 0, 0, 0), Place(messages - 1, _END, _END, _END, _END))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is selected."""
        return self.start >= self.end

    def meets(self, message: int) -> bool:
        """Whether something of a message is selected."""
        return not self.is_empty and self.start.message <= message <= self.end.message

    def of_leaf(self, message: int, section: int, box: int, leaf: int) -> Selected:
        """Return what is selected of a leaf."""
        first = Place(message, section, box, leaf, 0)
        last = first._replace(position=_END)
        if self.end <= first or self.start > last:
            return None
        return (max(self.start, first).position, min(self.end, last).position)

    def in_message(self, message: int) -> AreaSelection:
        """Return what is selected of a message's leaves."""
        if not self.meets(message):
            return _no_leaf
        return lambda section, box, leaf: self.of_leaf(message, section, box, leaf)


def _no_leaf(section: int, box: int, leaf: int) -> None:
    del section, box, leaf


def _flow_text(flow: Flow, start: tuple[int, int, int], end: tuple[int, int, int]) -> str:
    pieces: list[str] = []
    for number in range(start[0], min(end[0], len(flow.boxes) - 1) + 1):
        box = flow.boxes[number]
        first = start[1:] if number == start[0] else (0, 0)
        last = end[1:] if number == end[0] else (_END, _END)
        text = box.copy_text((first[0], first[1]), (last[0], last[1]))
        if pieces:
            pieces.append("\n" if box.row.gap <= _TIGHT else "\n\n")
        pieces.append(text)
    return "".join(pieces)


def selected_text(selection: TextSelection, area_of: Callable[[int], Area]) -> str:
    """Return the selected text; ``area_of`` gives a message's area with its text read to the end."""
    messages: list[str] = []
    start, end = selection.start, selection.end
    for number in range(start.message, end.message + 1):
        parts: list[str] = []
        for place in area_of(number).flows():
            first = (0, 0, 0)
            last = (_END, _END, _END)
            if number == start.message:
                if place.section < start.section:
                    continue
                first = start[2:] if place.section == start.section else first
            if number == end.message:
                if place.section > end.section:
                    continue
                last = end[2:] if place.section == end.section else last
            parts.append(_flow_text(place.flow, (first[0], first[1], first[2]), (last[0], last[1], last[2])))
        messages.append("\n\n".join(part for part in parts if part))
    return "\n\n".join(message for message in messages if message)
