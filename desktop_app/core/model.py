"""Models as files on this computer, told from their names."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

# llama.cpp's file type names (its quantize tool lists them), as they stand in file names; the last match wins.
_QUANTIZATION = re.compile(
    r"(?<![A-Za-z0-9])((?:UD-)?(?:I?Q[1-8]_(?:K_(?:XXS|XS|S|M|L|XL)|K|[01](?:_\d_\d)?|XXS|XS|S|M|NL|XL)|TQ[12]_0"
    r"|MXFP4(?:_MOE)?|NVFP4|BF16|FP?16|FP?32))(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_SHARD = re.compile(r"-(\d{5})-of-(\d{5})$")
_COMPANION = re.compile(r"^(?:mmproj|mtp|eagle3|dflash|dspark)[-_.]|^imatrix|[-_.]imatrix$|[-_]lora$|[-_]vocab$", re.I)


class ModelKind(StrEnum):
    """What a model file is for."""

    CHAT = "chat"
    BASE = "base"  # continues a text; not tuned to answer
    EMBEDDING = "embedding"
    RERANKER = "reranker"
    PROJECTOR = "projector"
    DRAFT = "draft"
    ADAPTER = "adapter"
    VOCABULARY = "vocabulary"
    OTHER = "other"  # a GGUF all the same: a voice, an importance matrix
    DAMAGED = "damaged"

    @property
    def can_chat(self) -> bool:
        """Whether a conversation with it is possible."""
        return self in (ModelKind.CHAT, ModelKind.BASE)


_WARNINGS = {
    ModelKind.CHAT: "",
    ModelKind.BASE: "This model is not tuned to chat: it continues a text rather than answering.",
    ModelKind.EMBEDDING: "This model compares texts, for searching; it cannot chat.",
    ModelKind.RERANKER: "This model sorts the results of a search; it cannot chat.",
    ModelKind.PROJECTOR: "This is the part of a model that sees pictures; it cannot chat alone.",
    ModelKind.DRAFT: "This is a helper that makes a larger model faster; it cannot chat alone.",
    ModelKind.ADAPTER: "This is an adapter for another model; it cannot chat alone.",
    ModelKind.VOCABULARY: "This file holds only a vocabulary and no weights; it cannot chat.",
    ModelKind.OTHER: "This file is not a model that can chat.",
    ModelKind.DAMAGED: "This file is damaged.",
}


@dataclass(frozen=True)
class ShelfModel:
    """A model file on this computer.

    Attributes:
        path: of the file that is loaded: the first shard of a model in several.
        name: for people: the file's stem without its quantization.
        quantization: as in the name, such as ``Q4_K_M``, else as the header tells; empty when neither does.
        size: bytes, of all shards together.
        starter: whether it is the one that comes with the program.
        architecture: as llama.cpp spells it; empty when it could not be read.
        parameters: the number of weights, 0 when unknown.
        context_length: in tokens, as trained; 0 when unknown.
        licence: as the header tells.
        repo: on the Hub, ``owner/name``; empty when it is not known to come from there.
        sha256: of the file at ``path``, as its source tells; empty when nobody has told it. Never computed by a scan.
        origin: ``shelf``, ``folder`` (one that a person added), ``starter``, ``elsewhere``, or the program whose cache
            it lies in: ``huggingface``, ``lmstudio``, ``ollama``, ``jan``, ``gpt4all``. Caches are used in place.
        shards: files.
        projector: the path of the file with which it sees pictures; empty when there is none.
        projector_size: bytes; not part of ``size``.
        last_used: seconds since the epoch, 0 for never.
        known_architecture: whether this version's llama.cpp has heard of it.
        duplicates: paths of other models with the same contents.
        fault: what is wrong with a damaged one, as sentences.
    """

    path: str
    name: str
    quantization: str
    size: int
    starter: bool = False
    kind: ModelKind = ModelKind.CHAT
    architecture: str = ""
    parameters: int = 0
    context_length: int = 0
    has_template: bool = True
    licence: str = ""
    repo: str = ""
    sha256: str = ""
    origin: str = "shelf"
    shards: int = 1
    projector: str = ""
    projector_size: int = 0
    last_used: float = 0.0
    known_architecture: bool = True
    duplicates: tuple[str, ...] = ()
    fault: str = ""

    @property
    def label(self) -> str:
        """Name and quantization as one text."""
        return f"{self.name} · {self.quantization}" if self.quantization else self.name

    @property
    def warning(self) -> str:
        """What a person should know before loading it, in one sentence; empty when there is nothing."""
        if self.fault:
            return self.fault
        if self.kind in (ModelKind.CHAT, ModelKind.BASE, ModelKind.EMBEDDING) and not self.known_architecture:
            return (
                f"This version of Causerie does not know this kind of model (“{self.architecture}”) and cannot load it."
            )
        return _WARNINGS[self.kind]


@dataclass(frozen=True)
class ModelDefaults:
    """How a person wants one model to be used; what is at its default is left to the settings.

    Attributes:
        context_length: in tokens; 0 for the settings' own.
        gpu_layers: layers on the graphics card; -1 lets llama.cpp decide.
        preset: the name of a sampling preset.
        system_prompt: for new conversations.
        template: a chat template instead of the model's own.
        notes: for the person alone.
    """

    context_length: int = 0
    gpu_layers: int = -1
    preset: str = ""
    system_prompt: str = ""
    template: str = ""
    notes: str = ""


@dataclass(frozen=True)
class LoadOptions:
    """How a model is loaded.

    Attributes:
        context_length: in tokens; 0 takes the trained length, at most ``context_limit``.
        context_limit: the most that 0 may take.
        gpu_layers: layers on the graphics card; -1 lets llama.cpp decide.
        threads: 0 takes the number of physical cores.
        template: a chat template instead of the model's own; empty for that one.
    """

    context_length: int = 0
    context_limit: int = 8192
    gpu_layers: int = -1
    threads: int = 0
    template: str = ""

    def with_defaults(self, defaults: ModelDefaults) -> "LoadOptions":
        """Return these with what a person settled for the model; a context asked for this once goes before it."""
        return replace(
            self,
            context_length=self.context_length or defaults.context_length,
            gpu_layers=self.gpu_layers if defaults.gpu_layers < 0 else defaults.gpu_layers,
            template=self.template or defaults.template,
        )


def quantization_of(stem: str) -> str:
    """Return the quantization that a file's stem names, in llama.cpp's spelling, or an empty text."""
    matches = _QUANTIZATION.findall(stem)
    if not matches:
        return ""
    name: str = matches[-1].upper()
    return {"FP16": "F16", "FP32": "F32"}.get(name, name)


def name_of(stem: str) -> str:
    """Return a file's stem without quantization and shard number."""
    stem = _SHARD.sub("", stem)
    quantization = list(_QUANTIZATION.finditer(stem))
    if quantization:
        last = quantization[-1]
        stem = stem[: last.start()] + stem[last.end() :]
    return stem.strip(" -_.").replace("--", "-") or "model"


def is_chat_candidate(stem: str) -> bool:
    """Whether a GGUF of this stem may be loaded to chat: no projector, draft companion or later shard."""
    shard = _SHARD.search(stem)
    return not _COMPANION.search(stem) and (shard is None or int(shard[1]) == 1)
