"""A started engine with its recorder, and short ways to ask it things."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from desktop_app.core.conversation import ChatMessage, Role
from desktop_app.core.sampling import SamplingSettings
from desktop_app.inference.engine import LLAMA, Engine
from desktop_app.inference.exits import EngineExited
from desktop_app.inference.protocol import CountTokens, Failed, Generate, Generated, Load, Loaded, TokenCount
from tests.helpers.recorder import Recorder

A = TypeVar("A", Loaded, Generated, TokenCount)
SCRIPTED = "desktop_app.inference.scripted_backend"
GREEDY = SamplingSettings(temperature=0)


def user(text: str) -> ChatMessage:
    return ChatMessage(Role.USER, text)


def assistant(text: str, reasoning: str = "") -> ChatMessage:
    return ChatMessage(Role.ASSISTANT, text, reasoning)


def system(text: str) -> ChatMessage:
    return ChatMessage(Role.SYSTEM, text)


@dataclass(frozen=True)
class Reply:
    """All that came of one Generate."""

    text: str
    reasoning: str
    ended: Generated


class Driver:
    """An engine under test; ``with`` starts it, waits until it is up or has failed, and closes it."""

    def __init__(self, folder: Path, backend: str = SCRIPTED, cancel_grace: float = 3.0) -> None:
        self.heard = Recorder()
        self.log = folder / "engine.log"
        self.engine = Engine(self.log, self.heard, backend, cancel_grace=cancel_grace)

    @classmethod
    def llama(cls, folder: Path) -> "Driver":
        return cls(folder, LLAMA)

    def __enter__(self) -> "Driver":
        self.engine.start()
        self.heard.wait_until(bool)
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.close()

    def load(self, path: Path | str, **options: int) -> Loaded:
        """Load a model. One thread computes, because tests share the processors with one another."""
        command = self.engine.next_id()
        self.engine.send(Load(id=command, path=str(path), **{"threads": 1, **options}))
        return self._answer(Loaded, command)

    def load_fails(self, path: Path | str, **options: int) -> Failed:
        """Try to load a model; return how it failed."""
        command = self.engine.next_id()
        self.engine.send(Load(id=command, path=str(path), **options))
        return self.heard.wait(Failed, command)

    def ask(
        self, *messages: ChatMessage | str, sampling: SamplingSettings = GREEDY, continue_last: bool = False
    ) -> int:
        """Send a Generate; return its id. Plain strings are user messages."""
        command = self.engine.next_id()
        branch = tuple(user(message) if isinstance(message, str) else message for message in messages)
        self.engine.send(Generate(id=command, messages=branch, sampling=sampling, continue_last=continue_last))
        return command

    def reply(
        self, *messages: ChatMessage | str, sampling: SamplingSettings = GREEDY, continue_last: bool = False
    ) -> Reply:
        """Send a Generate and wait for its end."""
        return self.ended(self.ask(*messages, sampling=sampling, continue_last=continue_last))

    def ended(self, command: int) -> Reply:
        """Wait for the end of a Generate."""
        generated = self._answer(Generated, command)
        return Reply(self.heard.text(command), self.heard.reasoning(command), generated)

    def failed(self, command: int) -> Failed:
        """Wait until a command has failed."""
        return self.heard.wait(Failed, command)

    def count(self, system_prompt: str = "", messages: tuple[ChatMessage, ...] = (), draft: str = "") -> TokenCount:
        """Count tokens."""
        command = self.engine.next_id()
        self.engine.send(CountTokens(id=command, system_prompt=system_prompt, messages=messages, draft=draft))
        return self._answer(TokenCount, command)

    def _answer(self, kind: type[A], command: int) -> A:
        """Wait for an answer; a Failed in its place fails the test with its words."""
        self.heard.wait_until(
            lambda events: (
                any(isinstance(e, kind | Failed) and e.id == command for e in events)
                or any(isinstance(e, EngineExited) for e in events)
            )
        )
        for failed in self.heard.of(Failed, command):
            raise AssertionError(f"{failed.problem} {failed.problem.detail}")
        return self.heard.wait(kind, command)
