"""What the transcript is told about a message, and the pure decisions about how it is shown."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from desktop_app.core.conversation import FinishReason, MessageState, Role

_CUT = (FinishReason.LENGTH, FinishReason.CANCELLED, FinishReason.CONTEXT_FULL)


@dataclass(frozen=True)
class TranscriptItem:
    """One message of the branch on view.

    Attributes:
        statistics: figures ready to be read, such as ``"11.4 tok/s"``, the most important first.
        sibling_index: 0 for the oldest of the messages that share this one's place.
        error: the sentence of the error that ended it, empty without one.
        reasoning_seconds: how long the model thought; None when that was not measured.
    """

    message_id: int
    role: Role
    content: str
    reasoning: str = ""
    state: MessageState = MessageState.COMPLETE
    finish_reason: FinishReason | None = None
    statistics: tuple[str, ...] = ()
    sibling_index: int = 0
    sibling_count: int = 1
    error: str = ""
    model: str = ""
    reasoning_seconds: float | None = None

    @property
    def is_user(self) -> bool:
        """Whether the person wrote it."""
        return self.role is Role.USER

    @property
    def is_streaming(self) -> bool:
        """Whether it is still being written."""
        return self.state is MessageState.STREAMING


class Action(StrEnum):
    """What can be done with a message."""

    PREVIOUS = "previous"
    NEXT = "next"
    COPY = "copy"
    REGENERATE = "regenerate"
    CONTINUE = "continue"
    EDIT = "edit"
    DELETE = "delete"


def actions_for(item: TranscriptItem, *, is_last: bool) -> tuple[Action, ...]:
    """Return the actions of a message in the order of their buttons."""
    if item.is_streaming:
        return ()
    actions = [Action.PREVIOUS, Action.NEXT] if item.sibling_count > 1 else []
    actions.append(Action.COPY)
    if item.is_user:
        actions.append(Action.EDIT)
    else:
        actions.append(Action.REGENERATE)
        cut = item.finish_reason in _CUT or item.state in (MessageState.INTERRUPTED, MessageState.FAILED)
        if is_last and cut:
            actions.append(Action.CONTINUE)
    return (*actions, Action.DELETE)


def action_label(action: Action) -> str:
    """Return what stands on an action's button."""
    labels = {
        Action.PREVIOUS: "‹",
        Action.NEXT: "›",
        Action.COPY: QCoreApplication.translate("Transcript", "Copy"),
        Action.REGENERATE: QCoreApplication.translate("Transcript", "Regenerate"),
        Action.CONTINUE: QCoreApplication.translate("Transcript", "Continue"),
        Action.EDIT: QCoreApplication.translate("Transcript", "Edit"),
        Action.DELETE: QCoreApplication.translate("Transcript", "Delete"),
    }
    return labels[action]


def action_explanation(action: Action, *, of_user: bool) -> str:
    """Return one sentence for an action's tooltip and for screen readers."""
    if action is Action.COPY and of_user:
        return QCoreApplication.translate("Transcript", "Copy this message")
    explanations = {
        Action.PREVIOUS: QCoreApplication.translate("Transcript", "Show the previous version"),
        Action.NEXT: QCoreApplication.translate("Transcript", "Show the next version"),
        Action.COPY: QCoreApplication.translate("Transcript", "Copy this reply as Markdown"),
        Action.REGENERATE: QCoreApplication.translate("Transcript", "Write another version of this reply"),
        Action.CONTINUE: QCoreApplication.translate("Transcript", "Go on where this reply was cut"),
        Action.EDIT: QCoreApplication.translate("Transcript", "Change this message; the old branch is kept"),
        Action.DELETE: QCoreApplication.translate("Transcript", "Delete this message and what follows it"),
    }
    return explanations[action]


def note_for(item: TranscriptItem) -> str:
    """Return the sentence that says how a message ended when it did not end by itself, else nothing."""
    if item.is_streaming or item.state is MessageState.FAILED:
        return ""
    if item.state is MessageState.INTERRUPTED:
        return QCoreApplication.translate("Transcript", "Interrupted: the program ended while this was being written")
    if item.finish_reason is FinishReason.CANCELLED:
        return QCoreApplication.translate("Transcript", "Stopped")
    if item.finish_reason is FinishReason.LENGTH:
        return QCoreApplication.translate("Transcript", "Cut at the token limit")
    if item.finish_reason is FinishReason.CONTEXT_FULL:
        return QCoreApplication.translate("Transcript", "Cut because the context is full")
    return ""


def error_for(item: TranscriptItem) -> str:
    """Return the sentence of the error that ended a message, else nothing."""
    if item.state is not MessageState.FAILED:
        return ""
    return item.error or QCoreApplication.translate("Transcript", "The model stopped because of an error.")


def reasoning_label(item: TranscriptItem) -> str:
    """Return the folded line that stands for the reasoning."""
    if item.is_streaming and not item.content:
        return QCoreApplication.translate("Transcript", "Thinking…")
    if item.reasoning_seconds is None:
        return QCoreApplication.translate("Transcript", "Reasoning")
    seconds = max(1, round(item.reasoning_seconds))
    if seconds < 60:
        return QCoreApplication.translate("Transcript", "Thought for %1 s").replace("%1", str(seconds))
    text = QCoreApplication.translate("Transcript", "Thought for %1 min %2 s")
    return text.replace("%1", str(seconds // 60)).replace("%2", str(seconds % 60))


def speaker(item: TranscriptItem) -> str:
    """Return who speaks, for screen readers."""
    if item.is_user:
        return QCoreApplication.translate("Transcript", "You")
    if item.role is Role.SYSTEM:
        return QCoreApplication.translate("Transcript", "System prompt")
    return QCoreApplication.translate("Transcript", "Reply")


def sibling_label(item: TranscriptItem) -> str:
    """Return which of its siblings a message is, such as ``2 / 3``."""
    return f"{item.sibling_index + 1} / {item.sibling_count}"
