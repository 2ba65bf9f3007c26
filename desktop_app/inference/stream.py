"""A reply on its way from the model to the pipe: bytes of tokens in, whole characters out.

The order is: bytes → characters (never half of one) → stop strings → reasoning and answer → chunks.
"""

import codecs
from collections.abc import Callable, Iterable
from time import perf_counter

from desktop_app.core.reasoning import ReasoningSplitter, Tags
from desktop_app.inference.protocol import AnyEvent, PromptProgress, TokenChunk

CHUNK_SECONDS = 0.016


class StopStrings:
    """Finds stop strings in streamed text and holds back what may still become one.

    The reply ends before the string that is complete first; of several complete at once, before the longest.
    Each string keeps a Knuth-Morris-Pratt state, so the result does not depend on where chunks are cut.
    """

    def __init__(self, strings: Iterable[str]) -> None:
        self._strings = tuple(dict.fromkeys(text for text in strings if text))
        self._failure = tuple(_failure_function(text) for text in self._strings)
        self._state = [0] * len(self._strings)
        self._held = ""
        self.met = False

    def feed(self, text: str) -> str:
        """Take more text; return what is certain to be part of the reply."""
        if not self._strings:
            return text
        whole = self._held + text
        for index, character in enumerate(text, len(self._held)):
            complete = self._advance(character)
            if complete:
                self.met, self._held = True, ""
                return whole[: index + 1 - complete]
        cut = len(whole) - max(self._state)
        self._held = whole[cut:]
        return whole[:cut]

    def finish(self) -> str:
        """Return what was held back; the reply has ended."""
        held, self._held = self._held, ""
        return held

    def _advance(self, character: str) -> int:
        complete = 0
        for index, string in enumerate(self._strings):
            state = self._state[index]
            while state and string[state] != character:
                state = self._failure[index][state - 1]
            if string[state] == character:
                state += 1
            if state == len(string):
                complete = max(complete, state)
                state = self._failure[index][state - 1]
            self._state[index] = state
        return complete


def _failure_function(string: str) -> list[int]:
    failure, matched = [0] * len(string), 0
    for index in range(1, len(string)):
        while matched and string[index] != string[matched]:
            matched = failure[matched - 1]
        if string[index] == string[matched]:
            matched += 1
        failure[index] = matched
    return failure


class ReplyStream:
    """One reply. The backend writes tokens; events go out at most every 16 ms, the first at once.

    Attributes:
        tokens: written so far.
    """

    def __init__(self, command_id: int, send: Callable[[AnyEvent], None], stops: Iterable[str] = ()) -> None:
        self.tokens = 0
        self._id = command_id
        self._send = send
        self._stop_strings = tuple(stops)
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._decode = self._decoder.decode
        self._due = 0.0
        self._prompt_due = 0.0
        self._text: list[str] = []
        self.begin()

    def begin(self, opened: Tags | None = None, stops: Iterable[str] = (), *, continuing: bool = False) -> None:
        """Prepare for the first token.

        Args:
            opened: reasoning tags that the prompt has opened.
            stops: stop strings to add.
            continuing: the reply goes on amid the reasoning, if tags are open, or else amid the answer.
        """
        self._splitter = ReasoningSplitter(opened, continuing=continuing)
        self._stops = StopStrings((*self._stop_strings, *stops))

    def prompt(self, done: int, total: int, cached: int) -> None:
        """Tell how many prompt tokens are evaluated."""
        now = perf_counter()
        if now >= self._prompt_due or done >= total:
            self._prompt_due = now + CHUNK_SECONDS
            self._send(PromptProgress(id=self._id, done=done, total=total, cached=cached))

    def write(self, piece: bytes) -> bool:
        """Add one token; True when a stop string has been met and the reply has to end."""
        self.tokens += 1
        text = self._decode(piece)
        if text:
            self._text.append(self._stops.feed(text))
        now = perf_counter()
        if now >= self._due and self._flush():
            self._due = now + CHUNK_SECONDS
        return self._stops.met

    def finish(self) -> None:
        """Send what was held back. The bytes of an unfinished character are left out."""
        if not self._stops.met:
            self._text.append(self._stops.finish())
        self._flush(last=True)

    def _flush(self, *, last: bool = False) -> bool:
        reasoning, answer = self._splitter.feed("".join(self._text))
        self._text.clear()
        if last:
            more_reasoning, more_answer = self._splitter.finish()
            reasoning, answer = reasoning + more_reasoning, answer + more_answer
        if not reasoning and not answer:
            return False
        self._send(TokenChunk(id=self._id, text=answer, reasoning=reasoning, tokens=self.tokens))
        return True
