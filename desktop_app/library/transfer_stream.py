"""The network's side of a transfer: one answer of the Hub, read on a thread of its own.

That thread never touches the disk. Whoever takes the blocks can therefore stop at any moment and leave it behind, be it
in a name server's silence or on a dead connection; at worst it ends when its time is up, and nobody hears it.
"""

import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import quote

from desktop_app.library import hub_errors, transfer_problems
from desktop_app.library.hub_session import HubSession
from desktop_app.library.transfer_limits import LARGEST_BLOCK, Limiter
from desktop_app.library.transfer_problems import BrokenOffError

if TYPE_CHECKING:
    import httpx2

    from desktop_app.library.hub_client import HubClient

_BUFFERS = 4  # a megabyte each: one is filled, one is written, and two even out the pace
_FILL = 256 << 10  # with TLS the system hands out 16 kB at once, too little to wake another thread for
_LAST_WORD = 0.05  # seconds that an ending reader is given to close its connection and its line in the log
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_BUSY = (408, 425, 429)
_REFUSED = (401, 403, 404, 410)


@dataclass(frozen=True)
class Wanted:
    """What is asked for: a file of a commit, from a byte on."""

    repo: str
    commit: str
    path: str
    size: int
    sha256: str
    offset: int

    def url(self, endpoint: str) -> str:
        """The address that never changes, from which the Hub leads to one that soon expires."""
        return f"{endpoint}/{quote(self.repo)}/resolve/{self.commit}/{quote(self.path)}"


class Incoming:
    """The bytes of one answer. Made, read and closed on one thread; aborted from any.

    Args:
        session: makes the connection.
        wanted: what to ask for. When the answer begins at the start of the file all the same, that part is passed over.
        limiter: slows it down.
        timeout: seconds without a byte after which the connection counts as dead.
    """

    def __init__(self, session: HubSession, wanted: Wanted, limiter: Limiter, timeout: float) -> None:
        self._session = session
        self._wanted = wanted
        self._limiter = limiter
        self._timeout = timeout
        self._aborted = threading.Event()
        self._client: HubClient | None = None
        self._error: Exception | None = None
        self._free: SimpleQueue[memoryview | None] = SimpleQueue()
        self._full: SimpleQueue[tuple[memoryview, int] | None] = SimpleQueue()
        for _ in range(_BUFFERS):
            self._free.put(memoryview(bytearray(LARGEST_BLOCK)))
        self._skip = 0
        self._left = 0
        self._host = ""
        self._reader = threading.Thread(target=self._run, name="transfer", daemon=True)
        self._reader.start()

    def blocks(self) -> Iterator[memoryview]:
        """Yield what comes, in order; each block is only good until the next. Ends early after ``abort``.

        Raises:
            BrokenOffError: the answer is not whole, or not the file; another try may help.
            KnownError: no further try can help.
        """
        while (item := self._full.get()) is not None and not self._aborted.is_set():
            buffer, count = item
            begin = min(self._skip, count)
            self._skip -= begin
            if count > begin:
                yield buffer[begin:count]
            self._free.put(buffer)
        if self._error is not None and not self._aborted.is_set():
            raise self._error

    def abort(self) -> None:
        """End it, from any thread; waits for nothing."""
        self._aborted.set()
        if (client := self._client) is not None:
            client.abort()
        self._free.put(None)
        self._full.put(None)

    def close(self) -> None:
        """End it, and give the reader a moment to tidy up."""
        self.abort()
        self._reader.join(_LAST_WORD)

    # ---- from here on the reader's thread ----

    def _run(self) -> None:
        try:
            with closing(self._session.client(f"Download of {self._wanted.repo}/{self._wanted.path}")) as client:
                self._client = client
                if not self._aborted.is_set():
                    self._ask(client)
        except Exception as error:  # raised again where the blocks are taken
            self._error = error
        finally:
            self._full.put(None)

    def _ask(self, client: "HubClient") -> None:
        import httpx2

        url = self._wanted.url(self._session.endpoint)
        self._host = hub_errors.host_of(url)
        headers = {"Accept-Encoding": "identity"}
        if self._wanted.offset:
            headers["Range"] = f"bytes={self._wanted.offset}-"
        try:
            with client.stream("GET", url, headers=headers, timeout=self._timeout) as response:
                self._host = response.url.host
                self._check(response)
                self._receive(response)
        except (httpx2.RequestError, httpx2.InvalidURL) as error:
            raise BrokenOffError(hub_errors.from_transport(error, url).problem) from error
        except RuntimeError as error:
            if not client.is_closed:
                raise
            raise BrokenOffError(transfer_problems.cut(self._host, str(error))) from error  # the settings were changed

    def _check(self, response: "httpx2.Response") -> None:
        """Find out whether the answer is the file, and from which byte on."""
        self._check_status(response)
        for answer in (*response.history, response):
            etag = answer.headers.get("X-Linked-Etag", "").removeprefix("W/").strip('"').lower()
            if _SHA256.fullmatch(etag) and etag != self._wanted.sha256:
                raise transfer_problems.changed(self._wanted.path, etag)
        if response.headers.get("Content-Type", "").lower().startswith(("text/html", "application/xhtml")):
            raise BrokenOffError(hub_errors.captive(self._host).problem)
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            self._refuse(f"it is packed with {response.headers['Content-Encoding']}")
        begin, total = 0, response.headers.get("Content-Length", "")
        if response.status_code == 206:
            part = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
            if part is None or int(part[1]) != self._wanted.offset:
                self._refuse(f"byte {self._wanted.offset} was asked for")
            begin, total = self._wanted.offset, part[2].strip("*")
        if total and int(total) != self._wanted.size:
            self._refuse(f"{total} bytes are offered, {self._wanted.size} were expected")
        self._skip = self._wanted.offset - begin
        self._left = self._wanted.size - begin

    def _check_status(self, response: "httpx2.Response") -> None:
        status, headers = response.status_code, response.headers
        if status in (200, 206):
            return
        if status == 416:
            self._refuse("it has no bytes beyond those that are here")
        if response.history and status in _REFUSED and hub_errors.ERROR_CODE not in headers:
            # The Hub's own refusals carry a code. This is the place that it led to: a signature has run out.
            raise BrokenOffError(transfer_problems.expired(self._host, f"HTTP {status}"))
        token = bool(self._session.options.token)
        refusal = hub_errors.from_status(status, headers, str(response.url), self._wanted.repo, token)
        if status in _BUSY or status >= 500:
            raise BrokenOffError(refusal.problem, hub_errors.retry_after(headers))
        raise refusal

    def _refuse(self, detail: str) -> NoReturn:
        raise BrokenOffError(transfer_problems.unexpected(self._host, detail))

    def _receive(self, response: "httpx2.Response") -> None:
        import httpx2

        stream, wire = response.iter_raw(), _plain_socket(response)
        try:
            if wire is None:
                self._receive_pieces(stream)
            else:
                # The first piece empties what was read together with the headers; the rest is on the wire as it is.
                # Past httpx2 a gigabyte costs a third of the processor's time: hashed and written 1.2 s, not 4 s.
                self._receive_piece(next(stream, b""))
                self._receive_rest(wire, response.extensions)
        except (httpx2.TimeoutException, TimeoutError) as error:
            raise BrokenOffError(hub_errors.slow(self._host, repr(error)).problem) from error
        except (httpx2.RequestError, OSError) as error:
            raise BrokenOffError(transfer_problems.cut(self._host, repr(error))) from error
        if self._left and not self._aborted.is_set():
            raise BrokenOffError(transfer_problems.cut(self._host, f"{self._left} bytes are missing"))

    def _receive_pieces(self, stream: Iterator[bytes]) -> None:
        for piece in stream:
            self._receive_piece(piece)
            if self._aborted.is_set():
                return

    def _receive_piece(self, piece: bytes) -> None:
        """Hand on what httpx2 has read, which may be of any size."""
        rest = memoryview(piece)
        if len(rest) > self._left:
            self._refuse("it is longer than the file")
        while rest and (buffer := self._free.get()) is not None:
            count = min(len(rest), len(buffer))
            buffer[:count] = rest[:count]
            rest = rest[count:]
            self._hand_on(buffer, count)

    def _receive_rest(self, wire: socket.socket, extensions: dict[str, Any]) -> None:
        """Read the socket itself."""
        wire.settimeout(self._timeout)
        count_in_log = extensions.get("count")
        while self._left and (buffer := self._free.get()) is not None:
            count = self._fill(buffer[: min(self._limiter.block, self._left)], wire, extensions)
            if not count or self._aborted.is_set():
                return  # what a connection yields after it was shut down means nothing
            if count_in_log is not None:
                count_in_log(count)
            self._hand_on(buffer, count)

    def _fill(self, buffer: memoryview, wire: socket.socket, extensions: dict[str, Any]) -> int:
        """Wait for the first bytes and take those that are there already; 0 at the end."""
        count = wire.recv_into(buffer)
        with suppress(OSError):  # what came before it counts, and the next reading fails in the same way
            while 0 < count < min(_FILL, len(buffer)) and _is_readable(wire, extensions):
                more = wire.recv_into(buffer[count:])
                if not more:
                    break
                count += more
        return count

    def _hand_on(self, buffer: memoryview, count: int) -> None:
        self._left -= count
        self._full.put((buffer, count))
        if (pause := self._limiter.delay(count)) > 0:
            self._aborted.wait(pause)


def _plain_socket(response: "httpx2.Response") -> socket.socket | None:
    """The socket on which nothing but the body comes; None where the body is wrapped in something else.

    Wrapped is one without a length, whose pieces carry their own, and TLS inside the TLS of a proxy.
    """
    headers, stream = response.headers, response.extensions.get("network_stream")
    if stream is None or "Content-Length" not in headers or "Transfer-Encoding" in headers:
        return None
    if not response.http_version.startswith("HTTP/1") or isinstance(stream.get_extra_info("ssl_object"), ssl.SSLObject):
        return None
    found = stream.get_extra_info("socket")
    return found if isinstance(found, socket.socket) else None


def _is_readable(wire: socket.socket, extensions: dict[str, Any]) -> bool:
    """Whether a byte can be read without waiting."""
    if isinstance(wire, ssl.SSLSocket) and wire.pending():
        return True
    return bool(extensions["network_stream"].get_extra_info("is_readable"))
