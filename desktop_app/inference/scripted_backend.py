"""A deterministic double of the model: it needs no file, starts at once and fails on request.

It drives the true process path in tests, in the smoke test of a built program and in demonstrations.

The last user message is the script. Recognised first words (anything else is echoed as ``You said: …``):

    stream N        N numbered words, "word1 word2 …", every 2 ms
    slow N          the same, every 50 ms
    fast N          the same, as fast as they can be written
    say TEXT        TEXT, one byte at a time, so that characters are split between tokens
    think           a reply that reasons in tags first: reasoning "Let me see.", answer "Done."
    prompt N        pretends to evaluate a prompt of N tokens, 64 every 5 ms, then answers "ready"
    stall           three words, then nothing more until cancelled
    hang            three words, then nothing more, and cancelling is not heard
    full            three words, then the context is full
    long            three words, then the longest reply is reached
    abort           three words, then abort(), with a GGML_ASSERT line in the log
    segfault        three words, then a read at address zero
    oom             three words, then SIGKILL, as the kernel does when memory runs out
    bad_alloc       three words, then abort() with std::bad_alloc in the log
    memory          three words, then a MemoryError, which the child survives
    exit N          three words, then the process exits with the code N
    error           three words, then a known error
    bug             three words, then an unexpected exception, which the child survives
    garbage         three words, then bytes on the pipe that are no event (not on Windows)

``load`` understands these file names in the same way (suffix ignored): missing, denied, damaged, slow, stall, hang,
abort, segfault, oom, exit; any other name loads at once, whether or not the file exists.
A word is a token: sampling is ignored except ``max_tokens`` and ``stop``.
"""

import contextlib
import ctypes
import os
import signal
import stat
import struct
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event as Alarm
from time import perf_counter
from typing import NoReturn

from desktop_app.core.conversation import ChatMessage, FinishReason, Role, Statistics
from desktop_app.core.errors import EngineError, ModelError, Problem
from desktop_app.inference.backend import CancelFlag, CancelledError, Outcome
from desktop_app.inference.protocol import (
    CountTokens,
    Device,
    Generate,
    Load,
    ModelInfo,
    SystemDescription,
    TokenCount,
)
from desktop_app.inference.stream import ReplyStream

NAME = "scripted"
DEFAULT_CONTEXT = 4096
_PREFACE = ("One ", "two ", "three ")
_PREFACE_PAUSE = 0.02


def create(cores: int) -> "ScriptedBackend":  # noqa: ARG001  nothing is computed
    """Return the backend."""
    return ScriptedBackend()


class ScriptedBackend:
    """See the module's docstring for what it does on which words."""

    name = NAME

    def __init__(self) -> None:
        self._info: ModelInfo | None = None
        self._seen: tuple[ChatMessage, ...] = ()

    def load(self, command: Load, flag: CancelFlag, progress: Callable[[float], None]) -> ModelInfo:
        """Load nothing; the file's name says what happens."""
        self._info = None
        stem = Path(command.path).stem
        if stem in _LOAD_PROBLEMS:
            raise ModelError(Problem(f"model_{stem}", _LOAD_PROBLEMS[stem], "", "Choose another model."))
        _fall(stem, 9)
        if stem in ("slow", "stall", "hang"):
            self._load_slowly(stem, flag, progress)
        progress(1.0)
        self._info = _info(command)
        return self._info

    def unload(self) -> None:
        """Forget the model."""
        self._info = None
        self._seen = ()

    def generate(self, command: Generate, flag: CancelFlag, reply: ReplyStream, received: float) -> Outcome:
        """Play the script that the last user message names."""
        info = self._loaded()
        script = next((m.content for m in reversed(command.messages) if m.role is Role.USER), "")
        word, _, rest = script.partition(" ")
        total, cached = self._prompt(command, flag, reply, word, rest)
        first = perf_counter()
        reason = self._play(word, rest, script, command, flag, reply)
        self._seen = command.messages
        return Outcome(
            reason,
            Statistics(
                prompt_tokens=total,
                cached_tokens=cached,
                evaluated_tokens=total - cached,
                completion_tokens=reply.tokens,
                prompt_seconds=first - received,
                generation_seconds=perf_counter() - first,
                time_to_first_token=first - received,
                context_length=info.context_length,
            ),
        )

    def count(self, command: CountTokens) -> TokenCount:
        """Count words."""
        info = self._loaded()
        system, draft = _words(command.system_prompt), _words(command.draft)
        conversation = sum(_words(message.content) for message in command.messages)
        return TokenCount(
            id=command.id,
            system_prompt=system,
            conversation=conversation,
            draft=draft,
            total=system + conversation + draft,
            context_length=info.context_length,
        )

    def describe(self, command_id: int) -> SystemDescription:
        """Describe one imaginary device."""
        device = Device(name="Scripted", description="A scripted device", kind="cpu", memory_total=0, memory_free=0)
        return SystemDescription(id=command_id, backend=NAME, features="none", devices=(device,))

    def _loaded(self) -> ModelInfo:
        if self._info is None:
            raise EngineError(Problem("model_not_loaded", "No model is loaded.", "", "Load a model first."))
        return self._info

    def _load_slowly(self, stem: str, flag: CancelFlag, progress: Callable[[float], None]) -> None:
        for step in range(20):
            progress(step / 20)
            if stem != "slow" and step == 5:
                _wait_for(flag if stem == "stall" else CancelFlag())
            if flag.raised:
                raise CancelledError
            _pause(0.02)

    def _prompt(self, command: Generate, flag: CancelFlag, reply: ReplyStream, word: str, rest: str) -> tuple[int, int]:
        common = 0
        for before, now in zip(self._seen, command.messages, strict=False):
            if before != now:
                break
            common += _words(now.content)
        total = sum(_words(message.content) for message in command.messages)
        if word == "prompt":
            total = int(rest)
            for done in range(0, total, 64):
                reply.prompt(done, total, 0)
                _pause(0.005)
                if flag.raised:
                    return done, 0
        reply.prompt(total, total, common)
        return total, min(common, total)

    def _play(
        self, word: str, rest: str, script: str, command: Generate, flag: CancelFlag, reply: ReplyStream
    ) -> FinishReason:
        limit = command.sampling.max_tokens
        for piece, pause in _pieces(word, rest, script):
            if flag.raised and word != "hang":
                return FinishReason.CANCELLED
            if reply.write(piece):
                return FinishReason.STOP
            if limit and reply.tokens >= limit:
                return FinishReason.LENGTH
            if pause:
                _pause(pause)
        return _end(word, rest, flag)


_LOAD_PROBLEMS = {
    "missing": "The model file is not there any more.",
    "denied": "The model file may not be read.",
    "damaged": "The model file is damaged.",
}


def _info(command: Load) -> ModelInfo:
    return ModelInfo(
        path=command.path,
        name=Path(command.path).stem or "scripted",
        architecture="scripted",
        quantization="F32",
        parameters=1_000_000,
        size=4_000_000,
        trained_context=DEFAULT_CONTEXT,
        context_length=command.context_length or min(DEFAULT_CONTEXT, command.context_limit),
        layers=1,
        gpu_layers=0,
        threads=command.threads or 1,
        template="model",
    )


def _pieces(word: str, rest: str, script: str) -> Iterator[tuple[bytes, float]]:
    """Yield the tokens of a script and the seconds to wait after each."""
    pauses = {"stream": 0.002, "slow": 0.05, "fast": 0.0}
    if word in pauses and rest.isdecimal():
        for number in range(1, int(rest) + 1):
            yield f"word{number} ".encode(), pauses[word]
    elif word == "say":
        for byte in rest.encode():
            yield bytes((byte,)), 0.0
    elif word == "think":
        for piece in ("<thi", "nk>\nLet me", " see.\n</th", "ink>\n\nDo", "ne."):
            yield piece.encode(), 0.002
    elif word == "prompt":
        yield b"ready", 0.0
    elif word in _ENDINGS:
        for piece in _PREFACE:
            yield piece.encode(), _PREFACE_PAUSE
    else:
        for piece in f"You said: {script}".split(" "):
            yield f"{piece} ".encode(), 0.0


def _end(word: str, rest: str, flag: CancelFlag) -> FinishReason:
    if word in ("stall", "hang"):
        _wait_for(flag if word == "stall" else CancelFlag())
        return FinishReason.CANCELLED
    if word == "memory":
        raise MemoryError
    if word == "error":
        raise EngineError(Problem("scripted_error", "The script asked for an error.", "", "Ask for something else."))
    if word == "bug":
        raise RuntimeError("the script asked for a bug")
    if word == "garbage":
        _send_garbage()
        _wait_for(flag)
    _fall(word, int(rest) if rest.isdecimal() else 3)
    return {"full": FinishReason.CONTEXT_FULL, "long": FinishReason.LENGTH}.get(word, FinishReason.STOP)


_ENDINGS = (
    *("stall", "hang", "full", "long", "abort", "segfault", "oom", "bad_alloc", "memory", "exit", "error", "bug"),
    "garbage",
)


def _fall(word: str, exit_code: int) -> None:
    """End the process in the way that a word names; return for any other word."""
    if word == "abort":
        _die_by_abort("ggml.c:1234: GGML_ASSERT(n_tokens > 0) failed\n")
    if word == "bad_alloc":
        _die_by_abort("terminate called after throwing an instance of 'std::bad_alloc'\n")
    if word == "segfault":
        ctypes.string_at(0)
    if word == "oom":
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    if word == "exit":
        os._exit(exit_code)


def _send_garbage() -> None:
    """Write a well-framed message that is no event into every socket, of which the pipe is the only one."""
    for descriptor in range(3, 256):
        with contextlib.suppress(OSError):
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                os.write(descriptor, struct.pack("!i", 5) + b"\xc1junk")


def _die_by_abort(last_words: str) -> NoReturn:
    sys.stderr.write(last_words)
    sys.stderr.flush()
    os.abort()


def _words(text: str) -> int:
    return len(text.split())


def _pause(seconds: float) -> None:
    Alarm().wait(seconds)


def _wait_for(flag: CancelFlag) -> None:
    while not flag.raised:
        _pause(0.002)
