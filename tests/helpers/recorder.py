"""Collects what an engine says and lets a test wait for it."""

import threading
from collections.abc import Callable
from typing import TypeVar

from desktop_app.inference.exits import EngineExited
from desktop_app.inference.protocol import AnyEvent, TokenChunk

E = TypeVar("E")
TIMEOUT = 30.0


class Recorder:
    """Pass an instance as ``on_event``. All events are kept in order in ``events``."""

    def __init__(self) -> None:
        self.events: list[AnyEvent | EngineExited] = []
        self._changed = threading.Condition()

    def __call__(self, event: AnyEvent | EngineExited) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def wait_until(self, condition: Callable[[list[AnyEvent | EngineExited]], bool], timeout: float = TIMEOUT) -> None:
        """Wait until a condition on all events holds; fail with the events seen when it does not."""
        with self._changed:
            if not self._changed.wait_for(lambda: condition(self.events), timeout):
                raise AssertionError(f"waited {timeout} s in vain; the last events were {self.events[-8:]}")

    def wait(self, kind: type[E], command: int | None = None, timeout: float = TIMEOUT) -> E:
        """Wait for an event of a kind (and of a command) and return the first one.

        An EngineExited that comes instead fails at once.
        """
        found: list[E] = []

        def check(events: list[AnyEvent | EngineExited]) -> bool:
            found[:] = [
                e for e in events if isinstance(e, kind) and (command is None or getattr(e, "id", None) == command)
            ]
            return bool(found) or any(isinstance(e, EngineExited) for e in events)

        self.wait_until(check, timeout)
        if not found:
            raise AssertionError(f"the process ended before {kind.__name__}: {self.events[-3:]}")
        return found[0]

    def of(self, kind: type[E], command: int | None = None) -> list[E]:
        """Return all events of a kind so far."""
        with self._changed:
            return [
                e for e in self.events if isinstance(e, kind) and (command is None or getattr(e, "id", None) == command)
            ]

    def text(self, command: int) -> str:
        """Return the answer of a command so far."""
        return "".join(chunk.text for chunk in self.of(TokenChunk, command))

    def reasoning(self, command: int) -> str:
        """Return the reasoning of a command so far."""
        return "".join(chunk.reasoning for chunk in self.of(TokenChunk, command))

    def clear(self) -> None:
        """Forget what was seen."""
        with self._changed:
            self.events.clear()


def _matching(events: list[AnyEvent | EngineExited], kind: type[E], command: int | None) -> list[E]:
    return [e for e in events if isinstance(e, kind) and (command is None or getattr(e, "id", None) == command)]
