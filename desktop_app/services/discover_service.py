"""Finding models: searches of the Hub, models' pages, and the catalogue that needs no network."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from desktop_app.core.errors import HubError, KnownError, Problem
from desktop_app.core.hub import HubDetails, HubModel, HubQuery, Verdict, likely_verdict
from desktop_app.library.catalogue import read_catalogue
from desktop_app.library.connections import Connection
from desktop_app.library.hub import Hub
from desktop_app.library.hub_errors import offline
from desktop_app.library.hub_session import HubSession
from desktop_app.services.events import Event
from desktop_app.services.hub_events import (
    BandwidthMeasured,
    CatalogueListed,
    ConnectionsListed,
    HubModelOpened,
    HubSearched,
    OnlineChanged,
    SearchStarted,
    TokenKept,
)
from desktop_app.services.loop import ServiceLoop
from desktop_app.services.network import HubOptions, TokenHolder
from desktop_app.services.throttle import Throttle

ENOUGH = 20  # fitting models that a search brings at once, if there are as many on its first pages
MOST_PAGES = 5  # that are read for them
LOG_SECONDS = 0.5


@dataclass
class _Search:
    """A search and what it has brought."""

    query: HubQuery
    models: dict[str, HubModel] = field(default_factory=dict)
    cursor: str = ""
    asking: bool = True


@dataclass(eq=False)
class _Opening:
    """A page that is being asked for."""

    repo: str


class DiscoverService:
    """Asks the Hub on threads of its own, so that nothing waits for the network.

    Only the latest search is heard of; one that is under way when another begins is given up.
    """

    def __init__(
        self,
        session: HubSession,
        loop: ServiceLoop,
        publish: Callable[[Event], None],
        memory_total: Callable[[], int],
        catalogue_file: Path,
        tokens: TokenHolder,
        configured: Callable[[], None] = lambda: None,
        bandwidth: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """Make the service; it connects to nothing by itself.

        Args:
            session: the way to the Hub.
            loop: the services' thread.
            publish: hears what is found.
            memory_total: tells this computer's memory in bytes.
            catalogue_file: comes with the program.
            tokens: gives the session its token.
            configured: called when the options of the session have changed.
            bandwidth: tells how many bytes per second the memory yields, 0 when not known; may take half a second.
        """
        self._session = session
        self._loop = loop
        self._publish = publish
        self._memory_total = memory_total
        self._bandwidth = bandwidth
        self._bandwidth_asked = False
        self._catalogue_file = catalogue_file
        self._configured = configured
        self._tokens = tokens
        self._searches = Hub(session)
        self._pages = Hub(session)  # apart, so that another search does not give up a page
        self._search: _Search | None = None
        self._opened: dict[str, HubDetails] = {}
        self._opening: _Opening | None = None
        self._age = 0  # of the way to the Hub: what was asked the old way is not kept
        self._log_told = Throttle(loop, LOG_SECONDS, self._tell_connections)
        self._end_of_log: Callable[[], None] | None = None

    @property
    def memory_total(self) -> int:
        """This computer's memory in bytes."""
        return self._memory_total()

    # ---- searching ----

    def search(self, query: HubQuery) -> None:
        """Search anew. ``SearchStarted``, then ``HubSearched``; offline that comes at once, with the reason."""
        self.cancel()
        self._publish(SearchStarted(query))
        if not self._session.online:
            self._publish(HubSearched(query, (), more=False, problem=offline().problem))
            return
        self._search = _Search(query)
        self._ask_page(self._search)

    def more(self) -> None:
        """Bring the next page of the search, unless it is being asked for or there is none."""
        search = self._search
        if search is not None and not search.asking and search.cursor:
            search.asking = True
            self._ask_page(search)

    def cancel(self) -> None:
        """Give up the search that is under way; nothing more is heard of it."""
        if self._search is not None and self._search.asking:
            self._searches.cancel()
        self._search = None

    def search_now(self, query: HubQuery, limit: int) -> tuple[HubModel, ...]:
        """Search and wait; on any thread but the services' own. HubError like ``Hub``."""
        self._tokens.bring()
        found: dict[str, HubModel] = {}
        cursor = ""
        for _ in range(MOST_PAGES + limit // ENOUGH):
            page = self._searches.search(query, cursor)
            found.update((one.repo, one) for one in page.models if self._is_wanted(query, one))
            cursor = page.cursor
            if not cursor or len(found) >= limit:
                break
        return tuple(found.values())[:limit]

    def _ask_page(self, search: _Search) -> None:
        cursor = search.cursor

        def ask() -> Callable[[], None]:
            self._tokens.bring()
            found: dict[str, HubModel] = {}
            after = cursor
            for _ in range(MOST_PAGES if search.query.fits else 1):
                page = self._searches.search(search.query, after)
                found.update((one.repo, one) for one in page.models if self._is_wanted(search.query, one))
                after = page.cursor
                if not after or len(found) >= ENOUGH:
                    break
            return lambda: self._found(search, found, after)

        self._in_background(ask, lambda error: self._not_found(search, error))

    def _is_wanted(self, query: HubQuery, model: HubModel) -> bool:
        return not query.fits or likely_verdict(model, self._memory_total()) in (Verdict.FITS, Verdict.TIGHT)

    def _found(self, search: _Search, models: dict[str, HubModel], cursor: str) -> None:
        if search is not self._search:
            return
        search.asking = False
        search.cursor = cursor
        search.models.update(models)  # the Hub's order moves while one reads: a model may come twice
        self._publish(HubSearched(search.query, tuple(search.models.values()), more=bool(cursor)))

    def _not_found(self, search: _Search, error: KnownError) -> None:
        if search is not self._search:
            return
        search.asking = False
        more = bool(search.cursor)
        self._publish(HubSearched(search.query, tuple(search.models.values()), more=more, problem=error.problem))

    # ---- a model's page ----

    def open(self, repo: str, *, anew: bool = False) -> None:
        """Open a model's page; ``HubModelOpened`` tells it. What was opened before comes at once, offline too.

        Args:
            repo: ``owner/name``.
            anew: ask the Hub again even so.
        """
        self._ask_bandwidth()
        self._cancel_opening()
        known = self._opened.get(repo.casefold())
        if known is not None and not anew:
            self._publish(HubModelOpened(repo, known))
            return
        if not self._session.online:
            self._publish(HubModelOpened(repo, None, offline().problem))
            return
        self._opening = opening = _Opening(repo)
        age = self._age

        def ask() -> Callable[[], None]:
            self._tokens.bring()
            details = self._pages.details(repo)
            return lambda: self._has_opened(opening, age, details)

        self._in_background(ask, lambda error: self._has_not_opened(opening, error))

    def bandwidth_now(self) -> float:
        """Return how many bytes per second the memory yields; on any thread but the services' own."""
        return self._bandwidth()

    def _ask_bandwidth(self) -> None:
        """Have the memory measured when a page is opened for the first time, not at the start."""
        if self._bandwidth_asked:
            return
        self._bandwidth_asked = True

        def measure() -> None:
            bandwidth = self._bandwidth()
            if bandwidth:
                self._loop.post(lambda: self._publish(BandwidthMeasured(bandwidth)))

        threading.Thread(target=measure, name="bandwidth", daemon=True).start()

    def details_now(self, repo: str, revision: str = "main") -> HubDetails:
        """Ask for a model's page and wait; on any thread but the services' own. HubError like ``Hub``."""
        self._tokens.bring()
        return self._pages.details(repo, revision)

    def _has_opened(self, opening: _Opening, age: int, details: HubDetails) -> None:
        if age == self._age:
            self._opened[opening.repo.casefold()] = details
        if opening is self._opening:
            self._opening = None
            self._publish(HubModelOpened(opening.repo, details))

    def _has_not_opened(self, opening: _Opening, error: KnownError) -> None:
        if opening is self._opening:
            self._opening = None
            self._publish(HubModelOpened(opening.repo, None, error.problem))

    def _cancel_opening(self) -> None:
        if self._opening is not None:
            self._pages.cancel()
            self._opening = None

    # ---- without the network ----

    def catalogue(self) -> None:
        """Tell what the catalogue holds. ShelfError when it cannot be read."""
        known = read_catalogue(self._catalogue_file)
        self._publish(CatalogueListed(known.entries, known.day))

    def connections(self) -> None:
        """Tell of the connections made, now and from now on whenever there are new ones."""
        if self._end_of_log is None:
            self._end_of_log = self._session.log.listen(self._hear_connection)
        self._tell_connections()

    def forget_connections(self) -> None:
        """Tell of connections no more, until asked again."""
        if self._end_of_log is not None:
            self._end_of_log()
            self._end_of_log = None
        self._log_told.cancel()

    def _hear_connection(self, _connection: Connection) -> None:
        self._loop.post(self._log_told.ask)

    def _tell_connections(self) -> None:
        if self._end_of_log is not None:
            self._publish(ConnectionsListed(self._session.log.all(), self._session.online))

    # ---- how the Hub is reached ----

    def standing(self) -> None:
        """Tell whether connections are allowed, as ``OnlineChanged``."""
        self._publish(OnlineChanged(self._session.online))

    def configure(self, options: HubOptions) -> None:
        """Reach the Hub in another way, or not at all. The token is not taken from the options.

        What is being asked is asked again the new way.
        """
        was_online, endpoint = self._session.online, self._session.endpoint
        search = self._search if self._search is not None and self._search.asking else None
        opening = self._opening
        self.cancel()
        self._cancel_opening()
        self._tokens.configure(options)
        if self._session.endpoint != endpoint:
            self._forget_pages()
        if self._session.online != was_online:
            self._publish(OnlineChanged(self._session.online))
        self._configured()
        if search is not None:
            self.search(search.query)
        if opening is not None:
            self.open(opening.repo)

    def allow_for_now(self) -> None:
        """Connect whatever the settings say: for a command that the person gave to that end.

        Raises:
            HubError: ``hub_offline``: the environment forbids it.
        """
        self.configure(replace(self._session.options, online=True))
        if not self._session.online:
            raise HubError(
                Problem(
                    "hub_offline",
                    "Causerie was told to stay offline, by --offline or by the variable HF_HUB_OFFLINE.",
                    action="Leave that out to reach the Hub.",
                )
            )

    def save_token(self, text: str) -> None:
        """Take the token of an account of the Hub, an empty one to forget it. ``TokenKept`` tells how it went.

        Online the Hub is asked whose it is, and a token that it does not accept is not taken.
        """

        def ask() -> Callable[[], None]:
            kept, name = self._tokens.keep(text.strip(), self._whoami)
            return lambda: self._has_token(TokenKept(kept, name))

        self._in_background(ask, lambda error: self._publish(TokenKept(kept=False, name="", problem=error.problem)))

    def _whoami(self) -> str:
        hub = Hub(self._session)
        try:
            return hub.whoami()
        finally:
            hub.close()

    def _has_token(self, event: TokenKept) -> None:
        self._forget_pages()  # a gated model may have another page now
        self._publish(event)

    def _forget_pages(self) -> None:
        self._age += 1
        self._opened.clear()

    def close(self) -> None:
        """Give up whatever is under way."""
        self.cancel()
        self._cancel_opening()
        self.forget_connections()
        self._searches.close()
        self._pages.close()
        self._session.close()

    def _in_background(self, ask: Callable[[], Callable[[], None]], failed: Callable[[KnownError], None]) -> None:
        """Ask on a thread of its own; what it returns is called on the services' thread, and so is ``failed``."""

        def run() -> None:
            try:
                answer = ask()
            except KnownError as error:
                known = error
                self._loop.post(lambda: failed(known))
            except Exception as error:
                bug = error
                self._loop.post(lambda: _raise(bug))
            else:
                self._loop.post(answer)

        # A daemon: the end of the program waits for nobody who waits for the network.
        threading.Thread(target=run, name="hub", daemon=True).start()


def _raise(error: Exception) -> None:
    raise error
