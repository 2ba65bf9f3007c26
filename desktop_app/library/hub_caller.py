"""Asks one thing of the Hub and waits for it, but never longer than the person does."""

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop_app.library.hub_errors import cancelled, from_transport, host_of, slow, strange
from desktop_app.library.hub_session import HubSession

if TYPE_CHECKING:
    from desktop_app.library.hub_client import HubClient

SECONDS = 30.0
_BLOCK = 1 << 16


@dataclass(frozen=True)
class Answer:
    """What came back, whatever its status; the names of the headers in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(eq=False)
class _Call:
    """One question. The thread that asks hears of the end through ``over``, whoever brings it about."""

    purpose: str
    url: str
    parameters: list[tuple[str, str]]
    limit: int
    cut: bool
    over: threading.Event = field(default_factory=threading.Event)
    answer: Answer | None = None
    error: BaseException | None = None
    client: "HubClient | None" = None
    given_up: bool = False


class HubCaller:
    """Asks over clients that it keeps, so that a connection serves several questions. For all threads.

    Each question has a thread of its own: nothing can interrupt Python while it looks up a name or opens a connection,
    so the waiting is given up instead and the thread ends when its ten seconds are over.
    """

    def __init__(self, session: HubSession) -> None:
        self._session = session
        self._lock = threading.Lock()
        self._calls: set[_Call] = set()
        self._idle: list[HubClient] = []

    def get(
        self, purpose: str, url: str, parameters: list[tuple[str, str]] | None = None, *, limit: int, cut: bool = False
    ) -> Answer:
        """Ask for an address.

        Args:
            purpose: for the log of connections.
            url: without parameters.
            parameters: of the address.
            limit: bytes that an answer may have.
            cut: whether a longer answer is cut there, instead of refused.

        Raises:
            HubError: no answer, none in time, one that is too long, or ``cancel`` was called.
        """
        self._session.check()
        call = _Call(purpose, url, parameters or [], limit, cut)
        with self._lock:
            self._calls.add(call)
        threading.Thread(target=self._run, args=(call,), name="hub", daemon=True).start()
        in_time = call.over.wait(SECONDS)
        if not in_time:
            self._give_up(call)
            raise slow(host_of(url))
        if call.error is not None:
            raise call.error
        if call.answer is None:
            raise cancelled()
        return call.answer

    def cancel(self) -> None:
        """End all waiting: those that asked get HubError("cancelled") at once."""
        with self._lock:
            calls = tuple(self._calls)
        for call in calls:
            self._give_up(call)

    def close(self) -> None:
        """Cancel everything and close the connections that are kept."""
        self.cancel()
        with self._lock:
            idle, self._idle = self._idle, []
        for client in idle:
            client.close()

    def _give_up(self, call: _Call) -> None:
        with self._lock:
            call.given_up = True
            client = call.client
            self._calls.discard(call)
        call.over.set()
        if client is not None:
            client.abort()

    def _run(self, call: _Call) -> None:
        answer: Answer | None = None
        error: BaseException | None = None
        try:
            answer = self._ask(call)
        except BaseException as caught:  # raised again in the thread that asked
            error = caught
        with self._lock:
            self._calls.discard(call)
            if not call.given_up:
                call.answer, call.error = answer, error
        call.over.set()

    def _ask(self, call: _Call) -> Answer | None:
        import httpx2

        client = self._client(call)
        if client is None:
            return None
        try:
            answer = _fetch(client, call)
        except (httpx2.HTTPError, httpx2.InvalidURL, UnicodeError) as error:
            client.close()
            self._session.check()  # switched off meanwhile, which is why it failed
            raise from_transport(error, call.url) from error
        except BaseException:
            client.close()
            raise
        with self._lock:
            call.client = None
            keep = not call.given_up and not client.aborted
            if keep:
                self._idle.append(client)
        if not keep:
            client.close()
        return answer

    def _client(self, call: _Call) -> "HubClient | None":
        """A client for this call alone; None when it was given up meanwhile."""
        with self._lock:
            idle = [one for one in self._idle if not one.aborted]
            client = idle.pop() if idle else None
            self._idle = idle
        if client is None:
            client = self._session.client(call.purpose)
        client.purpose = call.purpose
        with self._lock:
            if not call.given_up:
                call.client = client
                return client
        client.close()
        return None


def _fetch(client: "HubClient", call: _Call) -> Answer:
    until = time.monotonic() + SECONDS
    body = bytearray()
    with client.stream("GET", call.url, params=tuple(call.parameters)) as response:
        for block in response.iter_bytes(_BLOCK):
            body += block
            if len(body) > call.limit:
                if not call.cut:
                    raise strange(host_of(call.url), f"an answer of more than {call.limit} bytes")
                del body[call.limit :]
                break
            if time.monotonic() > until:
                raise slow(host_of(call.url))
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, headers, bytes(body))
