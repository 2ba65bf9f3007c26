"""What marks a model of the shelf out among the others."""

from dataclasses import dataclass

from PySide6.QtCore import QRect

from desktop_app.ui.models.badges import badge_width
from desktop_app.ui.theme import Theme

GAP = 6


@dataclass(frozen=True)
class Badge:
    """A badge.

    Attributes:
        role: the colour's name in the palette.
        tip: what it means, in one sentence.
    """

    text: str
    role: str
    tip: str


def badge_places(badges: tuple[Badge, ...], left: int, middle: int, theme: Theme) -> tuple[QRect, ...]:
    """Return where badges stand in a row that begins at a left edge and is centred on a line."""
    height = theme.px(24)
    places = []
    for badge in badges:
        width = badge_width(theme, badge.text)
        places.append(QRect(left, middle - height // 2, width, height))
        left += width + theme.px(GAP)
    return tuple(places)
