"""What crosses the pipe between the program and the process that runs the model.

Messages are msgspec structs encoded as MessagePack bytes, never pickles: the child has parsed hostile files.
Commands go down, events come up; every event that answers a command carries its ``id``.
"""

import msgspec

from desktop_app.core.conversation import ChatMessage, FinishReason, Statistics
from desktop_app.core.errors import Problem
from desktop_app.core.sampling import SamplingSettings

VERSION = 1


class Command(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Something the child is asked to do. ``id`` is chosen by the parent and never used twice."""

    id: int


class Load(Command, frozen=True, kw_only=True):
    """Load a model, replacing the one that is loaded. Answered by LoadProgress …, then Loaded or Failed.

    Attributes:
        path: of the GGUF file.
        context_length: in tokens; 0 takes the trained length, at most ``context_limit``.
        context_limit: the most that 0 may take.
        gpu_layers: layers on the graphics card; -1 lets llama.cpp decide.
        threads: 0 takes the number of physical cores, or one for a model so small that more would slow it down.
        batch_size: tokens evaluated in one call while a prompt is processed.
        template: a chat template instead of the model's own; empty for that one.
    """

    path: str
    context_length: int = 0
    context_limit: int = 8192
    gpu_layers: int = -1
    threads: int = 0
    batch_size: int = 256
    template: str = ""


class Unload(Command, frozen=True, kw_only=True):
    """Free the model. Answered by Unloaded."""


class Generate(Command, frozen=True, kw_only=True):
    """Write the next message. Answered by PromptProgress …, TokenChunk …, then Generated or Failed.

    Attributes:
        messages: the branch, system prompt first if there is one.
        continue_last: the last message is a cut reply of the assistant to be continued, not answered.
    """

    messages: tuple[ChatMessage, ...]
    sampling: SamplingSettings
    continue_last: bool = False


class CountTokens(Command, frozen=True, kw_only=True):
    """Count the tokens of a conversation as the template renders it. Answered by TokenCount or Failed.

    Attributes:
        messages: the branch without the system prompt.
        draft: the text in the composer, counted as a further user message unless empty.
    """

    system_prompt: str
    messages: tuple[ChatMessage, ...]
    draft: str = ""


class DescribeSystem(Command, frozen=True, kw_only=True):
    """Ask what llama.cpp is and sees. Answered by SystemDescription."""


class Cancel(Command, frozen=True, kw_only=True):
    """Stop the command with the id ``target``, which answers in its own way. Heard at once, even amid a batch."""

    target: int


class Quit(Command, frozen=True, kw_only=True):
    """End the process, after the command at work has been stopped. Answered by the exit alone."""


class Event(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Something the child says."""


class Ready(Event, frozen=True, kw_only=True):
    """The child is up. First event of all.

    Attributes:
        version: of this protocol.
        backend: what runs the model, for example ``"llama.cpp 0.3.36"``.
    """

    version: int
    backend: str


class LoadProgress(Event, frozen=True, kw_only=True):
    """``fraction`` from 0 to 1."""

    id: int
    fraction: float


class ModelInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a model once it is loaded.

    Attributes:
        name: ``general.name`` of the file, or the file's stem.
        quantization: llama.cpp's name of the file type, such as ``Q8_0``.
        parameters: their number.
        size: bytes of the tensors.
        trained_context: tokens it was trained for.
        context_length: tokens the loaded context holds.
        layers, gpu_layers: how many there are, and how many of them are on the graphics card.
        threads: used for generation.
        template: where the chat template is from: ``"model"``, ``"person"`` when one was given for it, or ``"chatml"``
            when there is none.
        notes: sentences a person should see, such as that ChatML stands in.
    """

    path: str
    name: str
    architecture: str
    quantization: str
    parameters: int
    size: int
    trained_context: int
    context_length: int
    layers: int
    gpu_layers: int
    threads: int
    template: str
    notes: tuple[str, ...] = ()


class Loaded(Event, frozen=True, kw_only=True):
    """The model is ready. ``seconds`` is how long loading took."""

    id: int
    info: ModelInfo
    seconds: float


class Unloaded(Event, frozen=True, kw_only=True):
    """The model is freed."""

    id: int


class PromptProgress(Event, frozen=True, kw_only=True):
    """``done`` of ``total`` prompt tokens are evaluated, ``cached`` of them were so before."""

    id: int
    done: int
    total: int
    cached: int


class TokenChunk(Event, frozen=True, kw_only=True):
    """The next piece of the reply: whole characters, at most one chunk per 16 ms.

    Attributes:
        text: of the answer.
        reasoning: of the reasoning before it, for models that think in tags.
        tokens: generated so far, all chunks together.
    """

    id: int
    text: str
    reasoning: str
    tokens: int


class Generated(Event, frozen=True, kw_only=True):
    """The reply has ended; its text is all chunks together."""

    id: int
    finish_reason: FinishReason
    statistics: Statistics


class TokenCount(Event, frozen=True, kw_only=True):
    """Tokens of the whole as rendered and of its parts; what the template itself writes counts as conversation.

    Attributes:
        kept_from: index of the first message that fits the context; 0 when all fit.
    """

    id: int
    system_prompt: int
    conversation: int
    draft: int
    total: int
    context_length: int
    kept_from: int = 0


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """A device that llama.cpp sees. Memory in bytes, 0 when unknown; ``kind`` is cpu, gpu, igpu or accel."""

    name: str
    description: str
    kind: str
    memory_total: int
    memory_free: int


class SystemDescription(Event, frozen=True, kw_only=True):
    """What llama.cpp is and sees. ``features`` is llama_print_system_info()."""

    id: int
    backend: str
    features: str
    devices: tuple[Device, ...]


class Failed(Event, frozen=True, kw_only=True):
    """A command could not be carried out; the child lives on."""

    id: int
    problem: Problem


AnyCommand = Load | Unload | Generate | CountTokens | DescribeSystem | Cancel | Quit
AnyEvent = (
    Ready
    | LoadProgress
    | Loaded
    | Unloaded
    | PromptProgress
    | TokenChunk
    | Generated
    | TokenCount
    | SystemDescription
    | Failed
)

_encoder = msgspec.msgpack.Encoder()
_command_decoder: msgspec.msgpack.Decoder[AnyCommand] = msgspec.msgpack.Decoder(AnyCommand)
_event_decoder: msgspec.msgpack.Decoder[AnyEvent] = msgspec.msgpack.Decoder(AnyEvent)


def encode(message: AnyCommand | AnyEvent) -> bytes:
    """Encode a command or an event."""
    return _encoder.encode(message)


def decode_command(data: bytes) -> AnyCommand:
    """Decode a command; msgspec.DecodeError when it is none."""
    return _command_decoder.decode(data)


def decode_event(data: bytes) -> AnyEvent:
    """Decode an event; msgspec.DecodeError when it is none."""
    return _event_decoder.decode(data)
