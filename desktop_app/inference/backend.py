"""What the child's loop asks of whatever runs the model, and what both say to each other.

A backend is a module with a function ``create(cores: int) -> Backend``; the engine names it by its dotted name.
"""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from desktop_app.core.conversation import FinishReason, Statistics
from desktop_app.core.errors import EngineError, Problem
from desktop_app.inference.protocol import CountTokens, Generate, Load, ModelInfo, SystemDescription, TokenCount
from desktop_app.inference.stream import ReplyStream


class CancelFlag:
    """Says that a command is to stop; set by the reading thread, looked at by the working one.

    Attributes:
        raised: for Python.
        memory: for C: a string that is empty until the flag is raised, then one character long.
    """

    __slots__ = ("memory", "raised")

    def __init__(self) -> None:
        self.raised = False
        self.memory = ctypes.create_string_buffer(2)

    def set(self) -> None:
        """Ask the command to stop."""
        self.raised = True
        self.memory[0] = b"\x01"


class CancelledError(EngineError):
    """A command other than Generate was stopped as asked."""

    def __init__(self) -> None:
        super().__init__(Problem("cancelled", "This was stopped as you asked."))


@dataclass(frozen=True)
class Outcome:
    """How a generation ended."""

    finish_reason: FinishReason
    statistics: Statistics


class Backend(Protocol):
    """Loads a model, writes with it and counts. Called from one thread only.

    Every method may raise KnownError, whose problem is told to the parent; the backend stays usable.
    """

    @property
    def name(self) -> str:
        """What runs the model, for example ``"llama.cpp 0.3.36"``."""

    def load(self, command: Load, flag: CancelFlag, progress: Callable[[float], None]) -> ModelInfo:
        """Load a model, replacing the loaded one; CancelledError when the flag was raised."""

    def unload(self) -> None:
        """Free the model, if there is one."""

    def generate(self, command: Generate, flag: CancelFlag, reply: ReplyStream, received: float) -> Outcome:
        """Write the next message into ``reply``; ``received`` is the clock when the command arrived."""

    def count(self, command: CountTokens) -> TokenCount:
        """Count tokens without evaluating any."""

    def describe(self, command_id: int) -> SystemDescription:
        """Describe what runs the model and the devices it sees; needs no model."""
