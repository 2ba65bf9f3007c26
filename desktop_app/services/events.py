"""What the window and the command line may hear from the services: frozen dataclasses, past tense."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from desktop_app.core.conversation import Conversation, Message
from desktop_app.core.errors import Problem
from desktop_app.core.model import ShelfModel
from desktop_app.core.search import SearchHit
from desktop_app.system.hardware import Hardware

if TYPE_CHECKING:  # the window starts faster when the engine's modules are imported on the services' thread
    from desktop_app.inference.protocol import ModelInfo, TokenCount


@dataclass(frozen=True)
class Event:
    """Base of all."""


@dataclass(frozen=True)
class ServicesStarted(Event):
    """The database is open and commands are heard."""


@dataclass(frozen=True)
class ComputerDescribed(Event):
    """What this computer is made of."""

    hardware: Hardware


@dataclass(frozen=True)
class StorageUnavailable(Event):
    """The database cannot be used; nothing will be kept until the program is started anew."""

    problem: Problem


@dataclass(frozen=True)
class ConversationsListed(Event):
    """The newest conversations, pinned ones first; ``more`` when there are others."""

    conversations: tuple[Conversation, ...]
    more: bool


@dataclass(frozen=True)
class ConversationChanged(Event):
    """A conversation is new, renamed, newer or set up differently."""

    conversation: Conversation


@dataclass(frozen=True)
class ConversationTrashed(Event):
    """A conversation went to the trash; it can be restored."""

    conversation: Conversation


@dataclass(frozen=True)
class ConversationRestored(Event):
    """A conversation is back from the trash."""

    conversation: Conversation


@dataclass(frozen=True)
class TrashListed(Event):
    """What lies in the trash, the latest first.

    Attributes:
        branches: the first message of each deleted branch, with the time of its deletion.
    """

    conversations: tuple[Conversation, ...]
    branches: tuple[tuple[Message, float], ...]


@dataclass(frozen=True)
class SiblingPlace:
    """Where a message stands among those that share its parent: ``index`` from 0 of ``count``."""

    index: int
    count: int


@dataclass(frozen=True)
class BranchShown(Event):
    """The branch on view of a conversation, as a whole.

    Attributes:
        places: by message id, for every message of the branch.
        reason: ``"opened"``, or what changed it: ``"created"``, ``"edited"``, ``"regenerated"``, ``"continued"``,
            ``"sibling"``, ``"deleted"``, ``"restored"``.
        target_id: a message to scroll to, when the conversation was opened at one.
    """

    conversation: Conversation
    messages: tuple[Message, ...]
    places: dict[int, SiblingPlace]
    reason: str
    target_id: int | None = None


@dataclass(frozen=True)
class MessageAdded(Event):
    """The branch on view got one message longer."""

    conversation: Conversation
    message: Message
    place: SiblingPlace


@dataclass(frozen=True)
class BranchTrashed(Event):
    """A message and all below it went to the trash; ``restore_branch(message_id)`` brings them back."""

    conversation_id: int
    message_id: int


@dataclass(frozen=True)
class SendRejected(Event):
    """A message could not be stored and was not sent; its text goes back to the composer."""

    conversation_id: int | None
    text: str
    problem: Problem


@dataclass(frozen=True)
class PromptProgressed(Event):
    """The model reads: ``done`` of ``total`` prompt tokens."""

    conversation_id: int
    message_id: int
    done: int
    total: int
    cached: int


@dataclass(frozen=True)
class ReplyGrew(Event):
    """A reply got longer by ``text`` and ``reasoning``; ``tokens`` are generated so far."""

    conversation_id: int
    message_id: int
    text: str
    reasoning: str
    tokens: int


@dataclass(frozen=True)
class ReplyEnded(Event):
    """A reply ended, in whatever way; ``message`` is as stored."""

    message: Message
    problem: Problem | None = None


@dataclass(frozen=True)
class TokensCounted(Event):
    """The context meter's figures.

    Attributes:
        kept_from_id: the first message that the model still sees; None when it sees all.
    """

    conversation_id: int | None
    count: "TokenCount"
    kept_from_id: int | None = None


class ModelState(StrEnum):
    """Where the model stands."""

    NONE = "none"
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"
    CRASHED = "crashed"


@dataclass(frozen=True)
class ModelChanged(Event):
    """The model's state.

    Attributes:
        name: of the model that is loaded or meant.
        fraction: of the load, 0 to 1.
        info: when READY.
        problem: when FAILED or CRASHED.
    """

    state: ModelState
    name: str = ""
    path: str = ""
    fraction: float = 0.0
    info: "ModelInfo | None" = None
    problem: Problem | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class ModelsListed(Event):
    """The models on this computer."""

    models: tuple[ShelfModel, ...]


@dataclass(frozen=True)
class SearchFound(Event):
    """What a search found; ``query`` tells a late answer from the latest."""

    query: str
    hits: tuple[SearchHit, ...]


@dataclass(frozen=True)
class Noticed(Event):
    """Something a person should read."""

    problem: Problem


@dataclass(frozen=True)
class BugNoticed(Event):
    """Something went wrong in the program itself; ``report`` can be copied."""

    report: str
