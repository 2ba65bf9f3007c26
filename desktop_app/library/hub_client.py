"""An HTTP client whose every request is allowed, logged, kept from strangers' eyes, and given up at once when asked."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any, Protocol
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2

from desktop_app.library.connections import Connection, ConnectionLog
from desktop_app.library.hub_errors import bad_proxy

SECONDS = 10.0
MAX_REDIRECTS = 8
GIVEN_UP = "given up"
_NOTE_EVERY = 1.0
_ESTABLISHED = ("connect_tcp.complete", "start_tls.complete")


class Rules(Protocol):
    """What a client asks of the session that made it, at each request."""

    @property
    def proxy(self) -> str:
        """The proxy that the person set; empty for the system's."""
        ...

    def check(self) -> None:
        """Raise HubError when no connection may be made."""
        ...

    def is_endpoint(self, url: str) -> bool:
        """Whether an address belongs to the Hub that the person configured."""
        ...

    def ssl_context(self) -> ssl.SSLContext:
        """What proves who the other side is."""
        ...


class HubClient(httpx2.Client):
    """An httpx2 client that follows redirects, with ten seconds for each step.

    Each request, redirects included, asks the rules first and stands in the log. The token goes to the configured
    endpoint alone, no cookie is ever sent back, and neither the environment's passwords (``.netrc``) nor its proxies
    are used behind the session's back. Who reads the socket of an answer past httpx2 calls its extension ``count``
    with the number of bytes.

    Attributes:
        purpose: of the requests to come, for the log.
    """

    def __init__(
        self,
        purpose: str,
        rules: Rules,
        log: ConnectionLog,
        headers: dict[str, str],
        on_close: Callable[["HubClient"], None],
    ) -> None:
        self.purpose = purpose
        self._on_close = on_close
        self._wire = _Wire(self, rules, log)
        super().__init__(
            transport=self._wire,
            headers=headers,
            timeout=SECONDS,
            follow_redirects=True,
            max_redirects=MAX_REDIRECTS,
            trust_env=False,
        )

    @property
    def aborted(self) -> bool:
        """Whether ``abort`` was called; such a client makes no more requests."""
        return self._wire.aborted

    def abort(self) -> None:
        """End every request at once, from any thread; a thread that waits on a dead connection wakes up.

        The waiting calls raise a ``httpx2.TransportError``. Only the opening of a connection, which Python gives no
        means to interrupt, may last until its time is up.
        """
        if self._wire.abort():
            self.close()

    def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        """Send a request. After ``abort`` that is an error of the connection, also once the client is closed."""
        try:
            return super().send(request, **options)
        except RuntimeError as error:
            if not self.aborted:
                raise
            raise httpx2.ReadError(GIVEN_UP, request=request) from error

    def close(self) -> None:
        """Close the idle connections; the client cannot be used any more."""
        super().close()
        self._on_close(self)


class _Wire(httpx2.BaseTransport):
    """Where all requests of a client pass, redirects too, before anything opens a socket."""

    def __init__(self, client: HubClient, rules: Rules, log: ConnectionLog) -> None:
        self._client = client
        self._rules = rules
        self._log = log
        self._lock = threading.Lock()
        self._roads: dict[str, httpx2.HTTPTransport] = {}
        self._sockets: list[socket.socket] = []
        self._busy = 0
        self.aborted = False

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self._rules.check()
        if not self._rules.is_endpoint(str(request.url)):
            request.headers.pop("Authorization", None)
        request.headers.pop("Cookie", None)
        request.extensions = {**request.extensions, "trace": self._trace}
        road = self._road(request.url)
        self._begin()
        entry = _Entry(self._log, self._client.purpose, request)
        try:
            response = road.handle_request(request)
        except BaseException as error:
            entry.end(error)
            self._end()
            raise
        entry.answered(response)
        response.headers.pop("Set-Cookie", None)
        if not isinstance(response.stream, httpx2.SyncByteStream):
            raise TypeError("a synchronous transport answered with an asynchronous stream")
        response.stream = _Counted(response.stream, entry, self._end)
        response.extensions = {**response.extensions, "count": entry.count}
        return response

    def close(self) -> None:
        with self._lock:
            roads = tuple(self._roads.values())
            self._roads.clear()
            self._sockets.clear()
        for road in roads:
            road.close()

    def abort(self) -> bool:
        """Shut all sockets down. Returns whether nothing was under way."""
        with self._lock:
            self.aborted = True
            sockets, idle = tuple(self._sockets), not self._busy
        for one in sockets:
            _shut_down(one)
        return idle

    def _road(self, url: httpx2.URL) -> httpx2.HTTPTransport:
        """The transport to an address: the person's proxy, the system's, or none."""
        proxy = self._rules.proxy
        if not proxy and not proxy_bypass(url.host):
            proxy = getproxies().get(url.scheme, "")
        if proxy and "://" not in proxy:
            proxy = f"http://{proxy}"
        with self._lock:
            if proxy not in self._roads:
                try:
                    if proxy and not urlsplit(proxy).hostname:
                        raise ValueError("no host")
                    self._roads[proxy] = httpx2.HTTPTransport(
                        verify=self._rules.ssl_context(), trust_env=False, proxy=proxy or None
                    )
                except (ValueError, ImportError, httpx2.InvalidURL) as error:
                    raise bad_proxy(str(error)) from error
            return self._roads[proxy]

    def _trace(self, name: str, info: dict[str, Any]) -> None:
        """Hear what httpcore2 does; note the sockets, which it shows in no other way before an answer comes."""
        if not name.endswith(_ESTABLISHED):
            return
        stream = info["return_value"]
        made = stream.get_extra_info("socket")
        with self._lock:
            self._sockets = [one for one in self._sockets if one.fileno() >= 0]
            if made is not None:
                self._sockets.append(made)
            aborted = self.aborted
        if aborted:
            stream.close()
            raise httpx2.ReadError(GIVEN_UP)

    def _begin(self) -> None:
        with self._lock:
            if self.aborted:
                raise httpx2.ReadError(GIVEN_UP)
            self._busy += 1

    def _end(self) -> None:
        with self._lock:
            self._busy -= 1
            last = self.aborted and not self._busy
        if last:
            self._client.close()


def _shut_down(one: socket.socket) -> None:
    """Wake whoever reads; the plain method, because that of a TLS socket also takes away what the reader works with."""
    with suppress(OSError):
        socket.socket.shutdown(one, socket.SHUT_RDWR)


class _Entry:
    """A line of the log that grows with its connection."""

    def __init__(self, log: ConnectionLog, purpose: str, request: httpx2.Request) -> None:
        body = int(request.headers.get("Content-Length", "0"))
        self._log = log
        self._connection = Connection(time.time(), request.url.host, purpose, _head(request) + body, 0, 0)
        self._received = 0
        self._ended = False
        self._noted = time.monotonic()
        log.add(self._connection)

    def answered(self, response: httpx2.Response) -> None:
        """Note the status."""
        self._received = sum(len(name) + len(value) + 4 for name, value in response.headers.raw)
        self._connection = replace(self._connection, status=response.status_code)

    def count(self, size: int) -> None:
        """Count what came; tell of it once a second."""
        self._received += size
        if (now := time.monotonic()) - self._noted > _NOTE_EVERY:
            self._noted = now
            self._log.note(replace(self._connection, received=self._received))

    def end(self, error: BaseException | None = None) -> None:
        """Write the line for good; only the first end counts."""
        if self._ended:
            return
        self._ended = True
        text = "" if error is None else str(error) or type(error).__name__
        self._log.add(replace(self._connection, received=self._received, error=text))


def _head(request: httpx2.Request) -> int:
    return len(str(request.url)) + sum(len(name) + len(value) + 4 for name, value in request.headers.raw)


class _Counted(httpx2.SyncByteStream):
    """The body of an answer, counted as it comes."""

    def __init__(self, stream: httpx2.SyncByteStream, entry: _Entry, on_close: Callable[[], None]) -> None:
        self._stream = stream
        self._entry = entry
        self._on_close = on_close
        self._closed = False

    def __iter__(self) -> Iterator[bytes]:
        try:
            for block in self._stream:
                self._entry.count(len(block))
                yield block
        except Exception as error:
            self._entry.end(error)
            raise

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            self._stream.close()
        finally:
            self._entry.end()
            self._on_close()
