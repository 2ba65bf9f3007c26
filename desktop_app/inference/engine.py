"""The parent's handle on the process that runs the model: start, send, cancel, kill, close.

Three things happen on threads of the engine, never on the caller's: spawning, writing to the pipe (which may be full)
and reading from it. At rest all of them sleep in the kernel; nothing polls.
"""

import contextlib
import itertools
import logging
import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Callable, Iterator
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import msgspec
import psutil

from desktop_app.core.errors import EngineError, Problem
from desktop_app.inference import exits, protocol, worker
from desktop_app.inference.exits import Ending, EngineExited
from desktop_app.inference.protocol import (
    AnyCommand,
    AnyEvent,
    Cancel,
    LoadProgress,
    PromptProgress,
    Quit,
    Ready,
    TokenChunk,
)

LLAMA = "desktop_app.inference.llama_backend"
CANCEL_GRACE = 3.0
LONGEST_EVENT = 64 * 1024 * 1024

logger = logging.getLogger(__name__)
OnEvent = Callable[[AnyEvent | EngineExited], None]


class Engine:
    """A process that runs models; it can be started again after it ended.

    Args:
        log_path: takes what the child prints; the previous process's log is kept beside it as ``….previous``.
        on_event: called on a thread of the engine, with one event at a time; EngineExited is the last of a process.
        backend: dotted name of the module that runs the model.
        cancel_grace: seconds a cancelled command has to answer before the process is killed.
    """

    def __init__(
        self, log_path: Path, on_event: OnEvent, backend: str = LLAMA, *, cancel_grace: float = CANCEL_GRACE
    ) -> None:
        self._log_path = log_path
        self._on_event = on_event
        self._backend = backend
        self._grace = cancel_grace
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self._child: _Child | None = None

    @property
    def running(self) -> bool:
        """Whether there is a process, from start() until just before its EngineExited."""
        return self._child is not None

    @property
    def pid(self) -> int | None:
        """Of the process; None before it is spawned and after it ended."""
        child = self._child
        return child.pid if child is not None else None

    def start(self) -> None:
        """Start the process; returns at once. Nothing happens when it runs already."""
        with self._lock:
            if self._child is not None:
                return
            child = self._child = _Child(self._log_path, self._backend, self._grace)
        child.begin(lambda event: self._tell(child, event))

    def next_id(self) -> int:
        """Return an id for a command, never given before."""
        return next(self._ids)

    def send(self, command: AnyCommand) -> None:
        """Hand a command to the process; returns at once.

        Raises:
            EngineError: there is no process.
        """
        child = self._child
        if child is None:
            raise EngineError(
                Problem("engine_not_running", "The model's process is not running.", "", "Reload the model.")
            )
        child.send(command)

    def cancel(self, target: int) -> None:
        """Stop a command; if it does not answer in time, the process is killed. Nothing happens if it has answered."""
        child = self._child
        if child is not None:
            child.cancel(self.next_id(), target)

    def kill(self) -> None:
        """End the process now. EngineExited follows."""
        child = self._child
        if child is not None:
            child.kill(Ending.KILLED)

    def close(self, timeout: float = 2.0) -> None:
        """Ask the process to end, kill it after ``timeout`` seconds, and wait until it is gone."""
        child = self._child
        if child is not None:
            child.close(self.next_id(), timeout)

    def _tell(self, child: "_Child", event: AnyEvent | EngineExited) -> None:
        if isinstance(event, EngineExited):
            with self._lock:
                if self._child is child:
                    self._child = None
        try:
            self._on_event(event)
        except Exception:  # the listener's bug must not end the thread that watches the process
            logger.exception("a listener failed on %s", type(event).__name__)


class _Child:
    """One process from its start to its end."""

    def __init__(self, log_path: Path, backend: str, grace: float) -> None:
        self._log_path = log_path
        self._backend = backend
        self._grace = grace
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._ending = Ending.OWN
        self._kill_wanted = False
        self._unanswered: set[int] = set()
        self._timers: dict[int, threading.Timer] = {}
        self._tell: OnEvent = logger.debug
        self._thread = threading.Thread(target=self._live, name="engine", daemon=True)

    @property
    def pid(self) -> int | None:
        process = self._process
        return process.pid if process is not None else None

    def begin(self, tell: OnEvent) -> None:
        self._tell = tell
        self._thread.start()

    def send(self, command: AnyCommand) -> None:
        with self._lock:
            if not isinstance(command, Cancel | Quit):
                self._unanswered.add(command.id)
        self._outbox.put(protocol.encode(command))

    def cancel(self, command_id: int, target: int) -> None:
        with self._lock:
            if target not in self._unanswered or target in self._timers:
                return
            timer = self._timers[target] = threading.Timer(self._grace, self.kill, (Ending.UNRESPONSIVE,))
            timer.daemon = True
            timer.start()
        self.send(Cancel(id=command_id, target=target))

    def kill(self, ending: Ending) -> None:
        with self._lock:
            if self._ending is Ending.OWN:
                self._ending = ending
            self._kill_wanted = True
            if self._process is not None:
                self._process.kill()

    def close(self, command_id: int, timeout: float) -> None:
        with self._lock:
            if self._ending is Ending.OWN:
                self._ending = Ending.CLOSED
        self.send(Quit(id=command_id))
        if threading.current_thread() is self._thread:
            return
        self._thread.join(timeout)
        if self._thread.is_alive():
            self.kill(Ending.CLOSED)
            self._thread.join()

    def _live(self) -> None:
        try:
            pipe, process = self._spawn()
        except OSError as error:
            self._tell(EngineExited(None, exits.not_started(error)))
            return
        writer = threading.Thread(target=self._write, args=(pipe,), name="engine-writer", daemon=True)
        writer.start()
        self._read(pipe, process)
        with self._lock:
            process.join()
            exit_code = process.exitcode or 0
            self._process = None
            timers = tuple(self._timers.values())
        for timer in timers:
            timer.cancel()
        self._outbox.put(None)
        writer.join()
        pipe.close()
        process.close()
        problem = exits.explain(exit_code, exits.read_tail(self._log_path), self._ending)
        self._tell(EngineExited(exit_code, problem, expected=self._ending in (Ending.CLOSED, Ending.KILLED)))

    def _spawn(self) -> tuple[connection.Connection, BaseProcess]:
        self._log_path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            self._log_path.replace(self._log_path.with_name(self._log_path.name + ".previous"))
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=True)
        process = context.Process(
            target=worker.main,
            args=(theirs, str(self._log_path), self._backend, physical_cores()),
            name="causerie-engine",
            daemon=True,
        )
        try:
            with _interrupts_blocked():
                process.start()
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        with self._lock:
            self._process = process
            if self._kill_wanted:
                process.kill()
        return ours, process

    def _write(self, pipe: connection.Connection) -> None:
        while (data := self._outbox.get()) is not None:
            try:
                pipe.send_bytes(data)
            except OSError:
                return  # the child is gone, which the reading thread notices

    def _read(self, pipe: connection.Connection, process: BaseProcess) -> None:
        """Pass events on until the process has ended."""
        open_pipe = True
        while True:
            ready = connection.wait([pipe, process.sentinel] if open_pipe else [process.sentinel])
            if pipe in ready:
                open_pipe = self._receive(pipe)
            elif ready:
                return

    def _receive(self, pipe: connection.Connection) -> bool:
        """Pass one event on; False when no more can come."""
        try:
            event = protocol.decode_event(pipe.recv_bytes(LONGEST_EVENT))
        except (EOFError, OSError):
            # Closing the pipe is the last thing a healthy child does; one that lingers after it is of no use.
            # A child that dies with commands unread gives ECONNRESET, one that dies amid a message a plain OSError.
            self._watch_the_end()
            return False
        except msgspec.DecodeError:
            self.kill(Ending.GARBLED)
            return False
        if isinstance(event, Ready) and event.version != protocol.VERSION:
            self.kill(Ending.GARBLED)
            return False
        if not isinstance(event, Ready | LoadProgress | PromptProgress | TokenChunk):
            with self._lock:
                self._unanswered.discard(event.id)
                timer = self._timers.pop(event.id, None)
            if timer is not None:
                timer.cancel()
        self._tell(event)
        return True

    def _watch_the_end(self) -> None:
        with self._lock:
            timer = self._timers[0] = threading.Timer(self._grace, self.kill, (Ending.UNRESPONSIVE,))
            timer.daemon = True
            timer.start()


def physical_cores() -> int:
    """Return how many physical cores this process may use, at least 1."""
    cores: int = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        cores = min(cores, len(os.sched_getaffinity(0)))
    with contextlib.suppress(OSError, ValueError):
        # A container's share: "200000 100000" is two processors, "max 100000" is no limit.
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        cores = min(cores, int(quota) // int(period))
    return max(1, cores)


@contextlib.contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Let the child inherit a blocked SIGINT, so that Ctrl+C does not end it while it still imports."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
