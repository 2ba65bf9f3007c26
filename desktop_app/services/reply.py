"""One reply while it is being written: heard from the engine, kept on disk, told to the window."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from desktop_app.core.conversation import FinishReason, Message, MessageState, Statistics
from desktop_app.core.errors import Problem, StorageError, UsageError
from desktop_app.inference import protocol
from desktop_app.services.events import Event, Noticed, PromptProgressed, ReplyEnded, ReplyGrew
from desktop_app.services.loop import ServiceLoop, Timer

# A reply on disk is at most one second behind what is shown; half of that leaves room for a slow disk.
SAVE_AFTER = 0.5
RETRY_AFTER = 2.0


class ReplyStore(Protocol):
    """What this module needs of the store."""

    def append_reply(self, message_id: int, text: str, reasoning: str) -> None:
        """Add to a reply."""

    def finish_reply(
        self,
        message_id: int,
        state: MessageState,
        finish_reason: FinishReason | None = None,
        statistics: Statistics | None = None,
        error: str = "",
    ) -> Message:
        """End a reply."""


class Reply:
    """A reply that is being written. Hears the engine as its listener."""

    def __init__(
        self,
        message: Message,
        store: ReplyStore,
        loop: ServiceLoop,
        publish: Callable[[Event], None],
        on_end: Callable[["Reply"], None],
    ) -> None:
        self.command_id: int | None = None
        self._message = message
        self._store = store
        self._loop = loop
        self._publish = publish
        self._on_end = on_end
        self._text = [message.content]
        self._reasoning = [message.reasoning]
        self._unsaved_text: list[str] = []
        self._unsaved_reasoning: list[str] = []
        self._timer: Timer | None = None
        self._complained = False
        self._over = False
        self._trouble: StorageError | None = None

    @property
    def message(self) -> Message:
        """The message as far as it has come."""
        return replace(self._message, content="".join(self._text), reasoning="".join(self._reasoning))

    @property
    def trouble(self) -> StorageError | None:
        """Why the last attempt to write it to the disk failed; None when all is well."""
        return self._trouble

    def prompt_progressed(self, progress: protocol.PromptProgress) -> None:
        """Tell how much of the prompt is read."""
        message = self._message
        self._publish(
            PromptProgressed(message.conversation_id, message.id, progress.done, progress.total, progress.cached)
        )

    def grew(self, chunk: protocol.TokenChunk) -> None:
        """Keep and tell the next piece; nothing when it comes after the end, from an engine that has yet to stop."""
        if self._over:
            return
        self._text.append(chunk.text)
        self._reasoning.append(chunk.reasoning)
        self._unsaved_text.append(chunk.text)
        self._unsaved_reasoning.append(chunk.reasoning)
        if self._timer is None:
            self._timer = self._loop.call_later(SAVE_AFTER, self._save)
        message = self._message
        self._publish(ReplyGrew(message.conversation_id, message.id, chunk.text, chunk.reasoning, chunk.tokens))

    def ended(self, reason: FinishReason, statistics: Statistics) -> None:
        """Finish: the model has said its last word."""
        self._finish(MessageState.COMPLETE, reason, statistics)

    def failed(self, problem: Problem) -> None:
        """Finish: an error came between; the partial text stays."""
        self._finish(MessageState.FAILED, problem=problem)

    def close(self) -> None:
        """Finish because the program ends; the reply can be continued another time."""
        if self._over and self._trouble is not None:
            self._save()
        self._finish(MessageState.COMPLETE, FinishReason.CANCELLED)

    def _finish(
        self,
        state: MessageState,
        reason: FinishReason | None = None,
        statistics: Statistics | None = None,
        problem: Problem | None = None,
    ) -> None:
        if self._over:
            return
        self._over = True
        error = str(problem) if problem else ""
        self._message = replace(self.message, state=state, finish_reason=reason, statistics=statistics, error=error)
        self._text, self._reasoning = [self._message.content], [self._message.reasoning]
        self._save()
        self._on_end(self)
        self._publish(ReplyEnded(self._message, problem))

    def _save(self) -> None:
        """Write what is not yet on disk; when that fails, say so once and try again until it works."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        try:
            if self._unsaved_text:
                self._store.append_reply(
                    self._message.id, "".join(self._unsaved_text), "".join(self._unsaved_reasoning)
                )
                self._unsaved_text, self._unsaved_reasoning = [], []
            if self._over:
                message = self._message
                self._store.finish_reply(
                    message.id, message.state, message.finish_reason, message.statistics, message.error
                )
            self._trouble = None
        except StorageError as error:
            self._trouble = error
            self._timer = self._loop.call_later(RETRY_AFTER, self._save)
            self._complain(error.problem)
        except UsageError as error:
            # Another window or terminal has deleted the message for good: there is nothing left to write to.
            self._unsaved_text, self._unsaved_reasoning = [], []
            self._complain(error.problem)

    def _complain(self, problem: Problem) -> None:
        if not self._complained:
            self._complained = True
            self._publish(Noticed(problem))
