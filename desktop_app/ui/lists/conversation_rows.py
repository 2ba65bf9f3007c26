"""What the sidebar lists, decided without widgets: rows of headings, conversations and search hits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from desktop_app.core.conversation import Conversation
from desktop_app.core.search import SearchHit


class Section(StrEnum):
    """Where a conversation stands in the list."""

    PINNED = "pinned"
    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    MONTH = "month"
    OLDER = "older"


@dataclass(frozen=True)
class Heading:
    """The title of a section; ``month`` is its first day for OLDER."""

    section: Section
    month: date | None = None


@dataclass(frozen=True)
class ConversationRow:
    """A conversation."""

    conversation: Conversation


@dataclass(frozen=True)
class HitRow:
    """A place where the search found something."""

    hit: SearchHit


Row = Heading | ConversationRow | HitRow


def section_of(conversation: Conversation, today: date) -> Heading:
    """Return the heading under which a conversation stands, by its local date."""
    if conversation.pinned:
        return Heading(Section.PINNED)
    day = datetime.fromtimestamp(conversation.updated_at).astimezone().date()
    if day >= today:
        return Heading(Section.TODAY)
    if day == today - timedelta(days=1):
        return Heading(Section.YESTERDAY)
    if day > today - timedelta(days=7):
        return Heading(Section.WEEK)
    if day > today - timedelta(days=30):
        return Heading(Section.MONTH)
    return Heading(Section.OLDER, day.replace(day=1))


def rows_of(conversations: Iterable[Conversation], today: date) -> list[Row]:
    """Return the list with its headings: pinned ones first, then the newest."""
    ordered = sorted(conversations, key=lambda one: (not one.pinned, -one.updated_at, -one.id))
    rows: list[Row] = []
    current: Heading | None = None
    for conversation in ordered:
        heading = section_of(conversation, today)
        if heading != current:
            rows.append(heading)
            current = heading
        rows.append(ConversationRow(conversation))
    return rows
