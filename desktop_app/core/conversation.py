"""Conversations as parent-linked trees: editing, regenerating and branching only add nodes.

A *branch* is the path from the root to a leaf. The conversation remembers one leaf, the branch on view.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from desktop_app.core.sampling import SamplingSettings


class Role(StrEnum):
    """Who speaks."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class MessageState(StrEnum):
    """Where a message stands.

    A reply is STREAMING while it arrives; if the program dies meanwhile, the next start marks it INTERRUPTED.
    FAILED is a reply that an error ended; its partial text is kept.
    """

    COMPLETE = "complete"
    STREAMING = "streaming"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


class FinishReason(StrEnum):
    """Why a reply ended."""

    STOP = "stop"
    LENGTH = "length"
    CANCELLED = "cancelled"
    CONTEXT_FULL = "context_full"


CUT = (FinishReason.LENGTH, FinishReason.CANCELLED, FinishReason.CONTEXT_FULL)
"""Ends that leave something to be continued."""


@dataclass(frozen=True)
class Statistics:
    """Figures of one reply, measured by the engine.

    Attributes:
        prompt_tokens: tokens of the prompt as rendered by the template.
        cached_tokens: of these, already evaluated before and reused.
        evaluated_tokens: of these, evaluated now.
        completion_tokens: tokens generated.
        prompt_seconds, generation_seconds: durations of the two phases.
        time_to_first_token: seconds from the request to the first token.
        context_length: tokens that the loaded context holds.
        dropped_messages: oldest messages that no longer fitted the context.
    """

    prompt_tokens: int = 0
    cached_tokens: int = 0
    evaluated_tokens: int = 0
    completion_tokens: int = 0
    prompt_seconds: float = 0.0
    generation_seconds: float = 0.0
    time_to_first_token: float = 0.0
    context_length: int = 0
    dropped_messages: int = 0

    @property
    def prompt_tokens_per_second(self) -> float:
        """Speed of prompt processing, 0 when nothing was evaluated."""
        return self.evaluated_tokens / self.prompt_seconds if self.prompt_seconds > 0 else 0.0

    @property
    def generation_tokens_per_second(self) -> float:
        """Speed of generation, 0 when nothing was generated."""
        return self.completion_tokens / self.generation_seconds if self.generation_seconds > 0 else 0.0


@dataclass(frozen=True)
class ChatMessage:
    """What the model is given of a message."""

    role: Role
    content: str
    reasoning: str = ""


@dataclass(frozen=True)
class Message:
    """A node of the tree. Times are seconds since the epoch, UTC; ``model`` is the name of the model's file."""

    id: int
    conversation_id: int
    parent_id: int | None
    role: Role
    content: str
    created_at: float
    reasoning: str = ""
    state: MessageState = MessageState.COMPLETE
    model: str = ""
    system_prompt: str = ""
    sampling: SamplingSettings | None = None
    statistics: Statistics | None = None
    finish_reason: FinishReason | None = None
    error: str = ""


@dataclass(frozen=True)
class Conversation:
    """What is known of a conversation besides its messages.

    Attributes:
        leaf_id: the last message of the branch on view; None while empty.
        deleted_at: when it went to the trash; None outside it.
    """

    id: int
    title: str
    created_at: float
    updated_at: float
    leaf_id: int | None = None
    system_prompt: str = ""
    sampling: SamplingSettings = field(default_factory=SamplingSettings)
    pinned: bool = False
    deleted_at: float | None = None


class Tree:
    """The messages of one conversation and the questions one asks of them. Order is by id, which is by age."""

    def __init__(self, messages: Iterable[Message] = ()) -> None:
        self._messages: dict[int, Message] = {}
        self._children: dict[int | None, list[int]] = {}
        for message in sorted(messages, key=lambda message: message.id):
            self.add(message)

    def __len__(self) -> int:
        return len(self._messages)

    def __contains__(self, message_id: object) -> bool:
        return message_id in self._messages

    def __getitem__(self, message_id: int) -> Message:
        return self._messages[message_id]

    @property
    def messages(self) -> Mapping[int, Message]:
        """All messages by id."""
        return self._messages

    def add(self, message: Message) -> None:
        """Add a node or replace the one with its id."""
        if message.id not in self._messages:
            self._children.setdefault(message.parent_id, []).append(message.id)
        self._messages[message.id] = message

    def remove(self, message_id: int) -> None:
        """Remove a node and all below it."""
        self._children[self._messages[message_id].parent_id].remove(message_id)
        doomed = [message_id]  # a list instead of recursion: a branch may be longer than Python's stack is deep
        while doomed:
            gone = doomed.pop()
            del self._messages[gone]
            doomed += self._children.pop(gone, ())

    def branch(self, leaf_id: int | None) -> list[Message]:
        """Return the path from the root to a message, the root first."""
        path: list[Message] = []
        while leaf_id is not None and leaf_id in self._messages:
            message = self._messages[leaf_id]
            path.append(message)
            leaf_id = message.parent_id
        return path[::-1]

    def siblings(self, message_id: int) -> Sequence[int]:
        """Return the ids that share this message's parent, itself included, oldest first."""
        return tuple(self._children[self._messages[message_id].parent_id])

    def children(self, message_id: int | None) -> Sequence[int]:
        """Return the ids right below a message (below nothing: the first messages), oldest first."""
        return tuple(self._children.get(message_id, ()))

    def newest_leaf(self, message_id: int | None) -> int | None:
        """Return the leaf reached by always taking the newest child."""
        while below := self._children.get(message_id):
            message_id = below[-1]
        return message_id


def title_from(text: str, limit: int = 60) -> str:
    """Make a title of the first words of a message, at most ``limit`` characters, cut between words."""
    words = " ".join(text.split())
    words = words.lstrip("#>*`- ") or words
    if len(words) <= limit:
        return words
    cut = words[: limit - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[limit // 2 :] else cut).rstrip(" ,;:.") + "…"


def prompt_messages(branch: Iterable[Message], system_prompt: str) -> tuple[ChatMessage, ...]:
    """Return what the model is given of a branch: the system prompt first, then the turns.

    Replies that hold no text (an error came first) are left out, and neighbours of one role are joined by a blank
    line, because many chat templates refuse two messages of the same role in a row.
    """
    system = (ChatMessage(Role.SYSTEM, system_prompt),) if system_prompt.strip() else ()
    return (*system, *(_joined(group) for group in _prompt_groups(branch)))


def prompt_sources(branch: Iterable[Message]) -> tuple[int, ...]:
    """Return for each turn of ``prompt_messages`` the id of the first message in it."""
    return tuple(group[0].id for group in _prompt_groups(branch))


def _prompt_groups(branch: Iterable[Message]) -> list[list[Message]]:
    groups: list[list[Message]] = []
    for message in branch:
        if message.role is Role.ASSISTANT and not message.content and not message.reasoning:
            continue
        if groups and groups[-1][0].role is message.role:
            groups[-1].append(message)
        else:
            groups.append([message])
    return groups


def _joined(group: Sequence[Message]) -> ChatMessage:
    content = "\n\n".join(message.content for message in group)
    return ChatMessage(group[0].role, content, group[0].reasoning)


def can_continue(message: Message) -> bool:
    """Whether a reply was cut, so that it can be continued."""
    cut = message.state in (MessageState.INTERRUPTED, MessageState.FAILED) or message.finish_reason in CUT
    return message.role is Role.ASSISTANT and message.state is not MessageState.STREAMING and cut
