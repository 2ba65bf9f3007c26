"""The messages of a branch below one another: where each stands, with areas made only for those that were seen."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from desktop_app.ui.transcript.actions import actions_height
from desktop_app.ui.transcript.area import Area
from desktop_app.ui.transcript.item import TranscriptItem
from desktop_app.ui.transcript.style import TranscriptStyle

_TOP = 24
_BOTTOM = 16


@dataclass(frozen=True)
class Anchor:
    """A thing on view that should stay where it is: a box of a message, ``offset`` pixels below the top of the view."""

    message_id: int
    section: int
    box: int
    offset: float


class Column:
    """Heights, places and areas of the messages.

    Attributes:
        width: of the column of text.
        heights, tops: of every message; a height is a guess until the message was seen.
    """

    def __init__(self, style: TranscriptStyle) -> None:
        self.style = style
        self.width = 0
        self.items: list[TranscriptItem] = []
        self.heights: list[float] = []
        self.tops: list[float] = []
        self.height = 0.0
        self.kept_from: int | None = None
        self.is_model_troubled = False
        self._areas: dict[int, Area] = {}
        self._numbers: dict[int, int] = {}
        self._open: set[int] = set()

    def __len__(self) -> int:
        return len(self.items)

    def number_of(self, message_id: int) -> int | None:
        """Return a message's number in the branch."""
        return self._numbers.get(message_id)

    def set_items(self, items: Sequence[TranscriptItem]) -> bool:
        """Take another branch; areas of messages that stay are kept. Return whether any stays."""
        old = {item.message_id: height for item, height in zip(self.items, self.heights, strict=True)}
        self.items = list(items)
        self._numbers = {item.message_id: number for number, item in enumerate(self.items)}
        for message_id in set(self._areas) - set(self._numbers):
            del self._areas[message_id]
        self.heights = [old.get(item.message_id) or self._guess(item) for item in self.items]
        for number, item in enumerate(self.items):
            area = self._areas.get(item.message_id)
            if area:
                self._update_area(area, item, number)
        self.place()
        return any(item.message_id in old for item in self.items)

    def set_item(self, number: int, item: TranscriptItem) -> None:
        """Take another state of a message."""
        self.items[number] = item
        area = self._areas.get(item.message_id)
        if area:
            self._update_area(area, item, number)
        else:
            self.heights[number] = self._guess(item)

    def grow(self, message_id: int, text: str, reasoning: str) -> None:
        """Add to a message."""
        number = self._numbers[message_id]
        item = self.items[number]
        self.set_item(number, replace(item, content=item.content + text, reasoning=item.reasoning + reasoning))

    def set_kept_from(self, message_id: int | None) -> None:
        """Put the line of dropped messages above a message."""
        before, self.kept_from = self.kept_from, message_id
        for changed in (before, message_id):
            number = self._numbers.get(changed) if changed is not None else None
            if number is not None:
                self.set_item(number, self.items[number])

    def set_model_troubled(self, is_troubled: bool) -> None:
        """Offer to load the model again under the last message, if an error ended it."""
        self.is_model_troubled = is_troubled
        if self.items:
            self.set_item(len(self.items) - 1, self.items[-1])

    def _update_area(self, area: Area, item: TranscriptItem, number: int) -> None:
        area.is_kept_from = item.message_id == self.kept_from
        is_last = number == len(self.items) - 1
        area.offers_reload = is_last and self.is_model_troubled
        area.actions_height = actions_height(item, self.style, self.width, is_last=is_last) if self.width else 0
        if item is not area.item:
            area.set_item(item)
        if self.width:
            if area.width == self.width:
                area.place()
            area.set_width(self.width)
            self.heights[number] = area.height

    def _guess(self, item: TranscriptItem) -> float:
        """Guess the height of a message that was never seen."""
        if not self.width:
            return 0.0
        body = self.style.body
        width = self.width * (0.75 if item.is_user else 1.0)
        lines = item.content.count("\n") + 1 + int(len(item.content) * body.character / width)
        extra = 45 if item.is_user else 60 + (35 if item.reasoning else 0)
        return float(lines * body.line_height + self.style.px(extra))

    def set_width(self, width: int) -> None:
        """Take the width of the column."""
        if width == self.width:
            return
        before, self.width = self.width, width
        for number, item in enumerate(self.items):
            area = self._areas.get(item.message_id)
            if area:
                self._update_area(area, item, number)
            elif not before:
                self.heights[number] = self._guess(item)
            else:
                self.heights[number] *= before / width
        self.place()

    def set_style(self, style: TranscriptStyle) -> None:
        """Take another theme."""
        factor = style.theme.zoom / self.style.theme.zoom
        self.style = style
        for number, item in enumerate(self.items):
            area = self._areas.get(item.message_id)
            if area:
                area.set_style(style)
                self._update_area(area, item, number)
            else:
                self.heights[number] *= factor * factor
        self.place()

    def place(self) -> None:
        """Work out where each message begins."""
        top = float(self.style.px(_TOP))
        ends = list(accumulate(self.heights, initial=top))
        self.tops = ends[:-1]
        self.height = ends[-1] + self.style.px(_BOTTOM)

    def area(self, number: int) -> Area:
        """Return the area of a message, made when it is first needed."""
        item = self.items[number]
        area = self._areas.get(item.message_id)
        if area is None:
            area = Area(item, self.style)
            self._areas[item.message_id] = area
            self._update_area(area, item, number)
        return area

    def area_read(self, number: int) -> Area:
        """Return the area of a message with all of its text read."""
        area = self.area(number)
        while area.read():
            pass
        return area

    def known_areas(self) -> Iterator[tuple[int, Area]]:
        """Yield number and area of the messages that were seen."""
        for message_id, area in self._areas.items():
            yield self._numbers[message_id], area

    def range_at(self, top: float, bottom: float) -> range:
        """Return the numbers of the messages between two heights."""
        first = max(0, bisect_right(self.tops, top) - 1)
        return range(min(first, len(self.items)), bisect_right(self.tops, bottom))

    def is_begun(self, number: int) -> bool:
        """Whether something of a message has been read."""
        area = self._areas.get(self.items[number].message_id)
        return area is not None and (bool(area.flow.boxes) or area.flow.is_read)

    def read(self, number: int) -> bool:
        """Read a slice of a message; return whether more is left."""
        return self.area(number).read()

    def lay_out(self, number: int, top: float, bottom: float) -> bool:
        """Lay out what is seen of a message; return whether its height changed."""
        area = self.area(number)
        area.lay_out(top - self.tops[number], bottom - self.tops[number])
        changed = area.height != self.heights[number]
        self.heights[number] = area.height
        return changed

    def anchor(self, top: float, bottom: float) -> Anchor | None:
        """Return the first thing between two heights whose place is known exactly."""
        for number in self.range_at(top, bottom):
            area = self._areas.get(self.items[number].message_id)
            if area is None:
                continue
            for place, box_number, box, y in area.boxes(top - self.tops[number], bottom - self.tops[number]):
                if box.is_exact and self.tops[number] + y + box.height > top:
                    return Anchor(self.items[number].message_id, place.section, box_number, self.tops[number] + y - top)
        numbers = self.range_at(top, bottom)
        if not numbers:
            return None
        first = numbers[0]
        return Anchor(self.items[first].message_id, -1, 0, self.tops[first] - top)

    def top_for(self, anchor: Anchor) -> float | None:
        """Return where the view must begin for an anchor to be where it was."""
        number = self._numbers.get(anchor.message_id)
        if number is None:
            return None
        y = self.tops[number]
        area = self._areas.get(anchor.message_id)
        for place in area.flows() if area else ():
            if place.section == anchor.section and anchor.box < len(place.flow.tops):
                y += place.y + place.flow.tops[anchor.box]
        return y - anchor.offset
