"""What is heard about the Hub: searches, a model's page, the catalogue, connections, the token."""

from dataclasses import dataclass

from desktop_app.core.errors import Problem
from desktop_app.core.hub import CatalogueEntry, HubDetails, HubModel, HubQuery
from desktop_app.library.connections import Connection
from desktop_app.services.events import Event


@dataclass(frozen=True)
class SearchStarted(Event):
    """The Hub is being asked; what an earlier search still brings is not told any more."""

    query: HubQuery


@dataclass(frozen=True)
class HubSearched(Event):
    """What a search has found.

    Attributes:
        models: all pages so far, in the Hub's order.
        more: whether ``more`` brings others.
        problem: why the search, or its next page, brought nothing; ``models`` are then those of the pages before.
    """

    query: HubQuery
    models: tuple[HubModel, ...]
    more: bool
    problem: Problem | None = None


@dataclass(frozen=True)
class HubModelOpened(Event):
    """A model's page, or why there is none: exactly one of ``details`` and ``problem`` is there."""

    repo: str
    details: HubDetails | None
    problem: Problem | None = None


@dataclass(frozen=True)
class CatalogueListed(Event):
    """The families that come with the program; ``day`` is when they were noted, as ``2026-11-21``."""

    entries: tuple[CatalogueEntry, ...]
    day: str


@dataclass(frozen=True)
class BandwidthMeasured(Event):
    """How many bytes per second the memory yields, which bounds how fast models write."""

    bandwidth: float


@dataclass(frozen=True)
class ConnectionsListed(Event):
    """Every connection of late, the newest last; ``online`` tells whether new ones are allowed."""

    connections: tuple[Connection, ...]
    online: bool


@dataclass(frozen=True)
class OnlineChanged(Event):
    """Connections are allowed from now on, or not any more."""

    online: bool


@dataclass(frozen=True)
class TokenKept(Event):
    """A token was taken, or forgotten when it was empty.

    Attributes:
        kept: False when this computer has no safe place for it: it holds until the program ends.
        name: of the account it belongs to; empty when that could not be asked.
        problem: why it was not taken; the one before stays.
    """

    kept: bool
    name: str
    problem: Problem | None = None
