"""The log of every connection that the program makes, for the person to see."""

import json
import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path

KEPT = 1000
_log = logging.getLogger(__name__)

Key = tuple[float, str, str]
Listener = Callable[["Connection"], None]


@dataclass(frozen=True)
class Connection:
    """One request, and what came back. A redirect is a request of its own, with a host of its own.

    Attributes:
        time: when it began, seconds since the epoch.
        purpose: in a few English words.
        sent: bytes of the request, approximately.
        received: bytes of the answer so far, approximately.
        status: the HTTP status; 0 before there is an answer, or when none came.
        error: why it failed, empty otherwise.
    """

    time: float
    host: str
    purpose: str
    sent: int
    received: int
    status: int
    error: str = ""

    @property
    def key(self) -> Key:
        """What tells one connection from another."""
        return self.time, self.host, self.purpose


class ConnectionLog:
    """The last thousand connections, in memory and in a file, for all threads.

    A connection is written when it begins and again when it has ended, so that one that the program did not survive
    is still told of.

    Args:
        file: JSON lines; None keeps the log in memory only.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._lock = threading.RLock()
        self._connections: dict[Key, Connection] | None = None
        self._listeners: list[Listener] = []

    def add(self, connection: Connection) -> None:
        """Add a connection, or replace what was known of it."""
        with self._lock:
            self._put(self._known(), connection)
            self._append(connection)
        self._tell(connection)

    def note(self, connection: Connection) -> None:
        """Replace what is known of a connection that goes on; in memory only."""
        with self._lock:
            self._put(self._known(), connection)
        self._tell(connection)

    def all(self) -> tuple[Connection, ...]:
        """Return the connections, the newest last."""
        with self._lock:
            return tuple(self._known().values())

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call a listener at each change, on whatever thread it happens. Returns what ends that."""
        with self._lock:
            self._listeners.append(listener)

        def end() -> None:
            with self._lock, suppress(ValueError):
                self._listeners.remove(listener)

        return end

    def _tell(self, connection: Connection) -> None:
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(connection)

    def _put(self, known: dict[Key, Connection], connection: Connection) -> None:
        known[connection.key] = connection
        while len(known) > KEPT:
            del known[next(iter(known))]

    def _known(self) -> dict[Key, Connection]:
        """The connections; read at the first use, so that the program's start does not pay for it."""
        if self._connections is None:
            self._connections = {}
            try:
                self._read(self._connections)
            except OSError as error:
                _log.warning("the log of connections cannot be read: %s", error)
        return self._connections

    def _read(self, known: dict[Key, Connection]) -> None:
        if self._file is None or not self._file.exists():
            return
        lines = self._file.read_text("utf-8", errors="replace").splitlines()
        for line in lines:
            if (connection := _parse(line)) is not None:
                self._put(known, connection)
        if len(lines) > KEPT:
            # Another program on the same profile may add a line meanwhile, which is then lost; both go on.
            shorter = self._file.with_name(f"{self._file.name}.{os.getpid()}.tmp")
            shorter.write_text("".join(map(_line, known.values())), "utf-8")
            shorter.replace(self._file)

    def _append(self, connection: Connection) -> None:
        if self._file is None:
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8") as file:
                file.write(_line(connection))
        except OSError as error:  # a full disk must not forbid what the person asked for; the log in memory is whole
            _log.warning("the log of connections cannot be written: %s", error)


def _line(connection: Connection) -> str:
    return json.dumps(asdict(connection), ensure_ascii=False) + "\n"


def _parse(line: str) -> Connection | None:
    """Read a line; None for one that a crash or a hand has damaged."""
    try:
        values = json.loads(line)
        return Connection(**{field.name: _KINDS[field.name](values[field.name]) for field in fields(Connection)})
    except (ValueError, KeyError, TypeError):
        return None


_KINDS: dict[str, type] = {
    "time": float,
    "host": str,
    "purpose": str,
    "sent": int,
    "received": int,
    "status": int,
    "error": str,
}
