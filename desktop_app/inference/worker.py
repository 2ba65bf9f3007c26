"""The child: a reading thread that hears commands, a main thread that works them off one after another.

The reading thread handles Cancel and Quit at once and ends the process when the pipe does, whatever the main thread
is doing: llama.cpp runs without the interpreter's lock.
"""

import faulthandler
import importlib
import os
import signal
import sys
import threading
import traceback
from collections import deque
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter

import msgspec

from desktop_app.core.conversation import FinishReason, Statistics
from desktop_app.core.errors import KnownError, Problem
from desktop_app.inference import protocol
from desktop_app.inference.backend import Backend, CancelFlag, CancelledError
from desktop_app.inference.exits import BACKEND_UNUSABLE
from desktop_app.inference.protocol import (
    AnyCommand,
    AnyEvent,
    Cancel,
    CountTokens,
    DescribeSystem,
    Failed,
    Generate,
    Generated,
    Load,
    Loaded,
    LoadProgress,
    Quit,
    Ready,
    Unload,
    Unloaded,
)
from desktop_app.inference.stream import ReplyStream

UNREADABLE = 0
"""Id under which a message that could not be decoded is answered."""


@dataclass
class Job:
    """A command waiting or at work. ``received`` is the clock when it arrived."""

    command: AnyCommand
    received: float
    flag: CancelFlag = field(default_factory=CancelFlag)


def main(connection: Connection, log_path: str, backend: str, cores: int) -> None:
    """Run the child until it is asked to quit or its parent is gone. Target of the spawned process.

    Args:
        connection: the child's end of the pipe.
        log_path: where this process's output goes.
        backend: dotted name of the module that runs the model.
        cores: physical cores that computing may use.
    """
    # Ctrl+C in a terminal reaches the whole group; what it means is the parent's business.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _write_to(Path(log_path))
    worker = Worker(connection)
    threading.Thread(target=worker.listen, name="reader", daemon=True).start()
    try:
        loaded = importlib.import_module(backend).create(cores)
    except Exception:  # whatever stops a backend from loading is told by the exit code and the log
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(BACKEND_UNUSABLE)
    worker.work(loaded)


def _write_to(log_path: Path) -> None:
    """Send everything this process prints, from C too, to the end of a file."""
    log = os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for descriptor in (1, 2):
        os.dup2(log, descriptor)
    os.close(log)
    sys.stdout = open(1, "w", encoding="utf-8", errors="replace", buffering=1, closefd=False)  # noqa: SIM115  kept open for good
    sys.stderr = open(2, "w", encoding="utf-8", errors="replace", buffering=1, closefd=False)  # noqa: SIM115  as above
    faulthandler.enable(file=2)
    # ggml would start a debugger to print a backtrace, which takes seconds and may stop the process for good.
    os.environ["GGML_NO_BACKTRACE"] = "1"


class Worker:
    """Both halves of the child."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._changed = threading.Condition()
        self._waiting: deque[Job] = deque()
        self._current: Job | None = None

    def listen(self) -> None:
        """Hear commands until the pipe ends, then end the process."""
        while True:
            try:
                data = self._connection.recv_bytes()
            except (EOFError, OSError):
                os._exit(0)
            try:
                command = protocol.decode_command(data)
            except msgspec.DecodeError as error:
                self._send(Failed(id=UNREADABLE, problem=_unreadable(error)))
                continue
            self._hear(command)

    def work(self, backend: Backend) -> None:
        """Carry out commands in order."""
        self._send(Ready(version=protocol.VERSION, backend=backend.name))
        while True:
            with self._changed:
                while not self._waiting:
                    self._changed.wait()
                job = self._current = self._waiting.popleft()
            if isinstance(job.command, Quit):
                backend.unload()
                return
            try:
                self._carry_out(backend, job)
            finally:
                with self._changed:
                    self._current = None

    def _hear(self, command: AnyCommand) -> None:
        now = perf_counter()
        with self._changed:
            if isinstance(command, Cancel):
                stopped = self._cancel(command.target)
            else:
                stopped = None
                if isinstance(command, Quit):
                    self._waiting.clear()
                    if self._current is not None:
                        self._current.flag.set()
                self._waiting.append(Job(command, now))
                self._changed.notify()
        if stopped is not None:
            self._send(_answer_to_stopped(stopped.command))

    def _cancel(self, target: int) -> Job | None:
        """Raise the flag of a command at work; take one that waits out of the queue and return it."""
        if self._current is not None and self._current.command.id == target:
            self._current.flag.set()
            return None
        for job in self._waiting:
            if job.command.id == target:
                self._waiting.remove(job)
                return job
        return None

    def _send(self, event: AnyEvent) -> None:
        data = protocol.encode(event)
        try:
            with self._sending:
                self._connection.send_bytes(data)
        except OSError:
            os._exit(0)

    def _carry_out(self, backend: Backend, job: Job) -> None:
        command_id = job.command.id
        try:
            self._dispatch(backend, job)
        except KnownError as error:
            self._send(Failed(id=command_id, problem=error.problem))
        except MemoryError:
            self._send(Failed(id=command_id, problem=_out_of_memory(traceback.format_exc())))
        except Exception:  # a bug of ours or of the backend: told with its report, and the child lives on
            report = traceback.format_exc()
            sys.stderr.write(report)
            self._send(Failed(id=command_id, problem=_bug(report)))

    def _dispatch(self, backend: Backend, job: Job) -> None:
        match job.command:
            case Load() as command:
                self._load(backend, command, job)
            case Unload() as command:
                backend.unload()
                self._send(Unloaded(id=command.id))
            case Generate() as command:
                self._generate(backend, command, job)
            case CountTokens() as command:
                self._send(backend.count(command))
            case DescribeSystem() as command:
                self._send(backend.describe(command.id))

    def _load(self, backend: Backend, command: Load, job: Job) -> None:
        due = 0.0

        def progress(fraction: float) -> None:
            nonlocal due
            now = perf_counter()
            if now >= due:
                due = now + 0.016
                self._send(LoadProgress(id=command.id, fraction=min(1.0, max(0.0, fraction))))

        started = perf_counter()
        info = backend.load(command, job.flag, progress)
        self._send(LoadProgress(id=command.id, fraction=1.0))
        self._send(Loaded(id=command.id, info=info, seconds=perf_counter() - started))

    def _generate(self, backend: Backend, command: Generate, job: Job) -> None:
        reply = ReplyStream(command.id, self._send, command.sampling.stop)
        try:
            outcome = backend.generate(command, job.flag, reply, job.received)
        finally:
            reply.finish()
        self._send(Generated(id=command.id, finish_reason=outcome.finish_reason, statistics=outcome.statistics))


def _answer_to_stopped(command: AnyCommand) -> AnyEvent:
    """Answer a command that was stopped before it was begun."""
    if isinstance(command, Generate):
        return Generated(id=command.id, finish_reason=FinishReason.CANCELLED, statistics=Statistics())
    return Failed(id=command.id, problem=CancelledError().problem)


def _unreadable(error: Exception) -> Problem:
    return Problem(
        "command_unreadable", "The model's process was sent something it does not understand.", detail=str(error)
    )


def _out_of_memory(report: str) -> Problem:
    return Problem(
        "engine_out_of_memory",
        "There was not enough memory for this.",
        "Everything written so far is kept.",
        "Close other programs, or choose a smaller model or a shorter context.",
        report,
    )


def _bug(report: str) -> Problem:
    return Problem(
        "engine_bug",
        "Something went wrong inside the model's process.",
        "Everything written so far is kept.",
        "Try again; if it happens again, please report it with the details.",
        report,
    )
