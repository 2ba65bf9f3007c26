"""What the header of a GGUF file tells about a model, and what kind of model that makes it."""

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from desktop_app.core import gguf
from desktop_app.core.gguf import Contents, GgufError
from desktop_app.core.hub import FileRole
from desktop_app.core.model import ModelKind

# llama_ftype of llama.h, in the spelling that file names have; 1024 is a flag: guessed from the tensors.
_FILE_TYPES = {
    **dict(enumerate(("F32", "F16", "Q4_0", "Q4_1"))),
    **dict(enumerate(("Q8_0", "Q5_0", "Q5_1", "Q2_K", "Q3_K_S", "Q3_K_M", "Q3_K_L", "Q4_K_S", "Q4_K_M"), 7)),
    **dict(enumerate(("Q5_K_S", "Q5_K_M", "Q6_K", "IQ2_XXS", "IQ2_XS", "Q2_K_S", "IQ3_XS", "IQ3_XXS"), 16)),
    **dict(enumerate(("IQ1_S", "IQ4_NL", "IQ3_S", "IQ3_M", "IQ2_S", "IQ2_M", "IQ4_XS", "IQ1_M", "BF16"), 24)),
    **dict(enumerate(("TQ1_0", "TQ2_0", "MXFP4_MOE", "NVFP4", "Q1_0", "Q2_0"), 36)),
}
_GUESSED = 1024

_TEXTS = {
    "general.architecture": 100,
    "general.type": 100,
    "general.name": 400,
    "general.license": 200,
    "general.base_model.0.repo_url": 400,
    "general.base_model.0.name": 200,
    "tokenizer.ggml.model": 100,
    "tokenizer.chat_template": 4096,  # only whether there is one
    "general.file_type": 1,
    "split.count": 1,
    "split.no": 1,
}
_OF_ARCHITECTURE = frozenset(
    {
        "context_length",
        "block_count",
        "embedding_length",
        "attention.head_count",
        "attention.head_count_kv",
        "attention.key_length",
        "attention.value_length",
        "expert_count",
        "pooling_type",
        "classifier.output_labels",
    }
)

# LLM_ARCH_* of llama.cpp: encoders, those that only help another model, and those that do not write text.
_ENCODERS = frozenset(
    {
        *("bert", "modern-bert", "nomic-bert", "nomic-bert-moe", "neo-bert", "jina-bert-v2", "jina-bert-v3"),
        *("eurobert", "gemma-embedding", "llama-embed", "t5encoder"),
    }
)
_DRAFTS = frozenset({"eagle3", "dflash", "gemma4-assistant"})
_VOICES = frozenset({"wavtokenizer-dec", "qwen3tts", "pockettts"})

_POOLED, _RANKED = (1, 2, 3), 4  # llama_pooling_type: mean, cls, last; rank
_OF_TYPE = {"mmproj": ModelKind.PROJECTOR, "adapter": ModelKind.ADAPTER, "imatrix": ModelKind.OTHER}
_OF_ROLE = {
    FileRole.PROJECTOR: ModelKind.PROJECTOR,
    FileRole.DRAFT: ModelKind.DRAFT,
    FileRole.ADAPTER: ModelKind.ADAPTER,
    FileRole.IMATRIX: ModelKind.OTHER,
}
_RERANKER = re.compile(r"rerank", re.IGNORECASE)
_EMBEDDING = re.compile(r"(?<![a-z])embed(?!ded)", re.IGNORECASE)  # “Embedded” is the name of models that chat
_BASE = re.compile(r"(?<![a-z])(?:base|pretrained)(?![a-z])", re.IGNORECASE)
_TUNED = re.compile(r"(?<![a-z])(?:instruct|chat|it)(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True)
class HeaderFacts:
    """What a header tells.

    Attributes:
        type: ``general.type``; empty when absent.
        name: ``general.name``, on one line.
        parameters: the number of weights in this file.
        quantization: from ``general.file_type``; empty when absent.
        context_length: in tokens, as trained.
        heads_kv: the mean where layers differ, rounded up.
        head_size: of a key; as llama.cpp computes it when it is not told.
        pooling: ``llama_pooling_type``; -1 when absent.
        labels: whether it has a classifier's output.
        base_model: ``owner/name`` where the header tells, else a name.
        split_count: files this model is split over, 0 or 1 when it is not split.
        split_number: of this file, the first is 0.
        data_end: bytes the file must have.
    """

    architecture: str = ""
    type: str = ""
    name: str = ""
    parameters: int = 0
    quantization: str = ""
    context_length: int = 0
    layers: int = 0
    embedding_length: int = 0
    heads: int = 0
    heads_kv: int = 0
    head_size: int = 0
    experts: int = 0
    has_template: bool = False
    pooling: int = -1
    labels: bool = False
    licence: str = ""
    base_model: str = ""
    tokenizer: str = ""
    split_count: int = 0
    split_number: int = 0
    tensors: int = 0
    data_end: int = 0

    @property
    def kind(self) -> ModelKind:
        """What it is for, as far as the header tells."""
        return kind_of(self)


def read_header(path: Path) -> HeaderFacts:
    """Read the header of a GGUF file, in some milliseconds.

    Raises:
        ModelError: missing, unreadable, not a file, not a GGUF, truncated or damaged.
    """
    with gguf.refusals(path.name):
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait for ever
            raise GgufError("model_not_a_file", "is not a file", "Choose a file that ends in .gguf.")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            facts = facts_of(gguf.read_contents(gguf.of_file(file), size, longest, leap=True))
        if not facts.architecture and facts.type not in _OF_TYPE:
            fault = "is damaged: it does not say what kind of model it is"
            raise GgufError("model_damaged", fault, "Copy or download it again.")
    return facts


def longest(key: str) -> int:
    """The most bytes to keep of a key's text, for ``gguf.read_contents``; 0 when the key tells nothing here."""
    return _TEXTS.get(key) or (1 if key.partition(".")[2] in _OF_ARCHITECTURE else 0)


def facts_of(contents: Contents) -> HeaderFacts:
    """Turn a header's contents, read with ``longest``, into facts."""
    architecture = _line(contents.text("general.architecture"))
    heads = _mean(contents, f"{architecture}.attention.head_count")
    width = contents.count(f"{architecture}.embedding_length")
    file_type = contents.count("general.file_type", -1)
    return HeaderFacts(
        architecture=architecture,
        type=_line(contents.text("general.type")),
        name=_line(contents.text("general.name")),
        parameters=min(contents.parameters, (1 << 63) - 1),
        quantization=_FILE_TYPES.get(file_type & ~_GUESSED if file_type >= 0 else -1, ""),
        context_length=contents.count(f"{architecture}.context_length"),
        layers=contents.count(f"{architecture}.block_count"),
        embedding_length=width,
        heads=heads,
        heads_kv=_mean(contents, f"{architecture}.attention.head_count_kv") or heads,
        head_size=contents.count(f"{architecture}.attention.key_length", width // heads if heads else 0),
        experts=contents.count(f"{architecture}.expert_count"),
        has_template=bool(contents.text("tokenizer.chat_template").strip()),
        pooling=contents.count(f"{architecture}.pooling_type", -1),
        labels=f"{architecture}.classifier.output_labels" in contents.pairs,
        licence=_line(contents.text("general.license")),
        base_model=_base_model(contents),
        tokenizer=_line(contents.text("tokenizer.ggml.model")),
        split_count=contents.count("split.count"),
        split_number=contents.count("split.no"),
        tensors=contents.tensors,
        data_end=min(contents.data_end, (1 << 63) - 1),
    )


def kind_of(facts: HeaderFacts, name: str = "", role: FileRole = FileRole.MODEL) -> ModelKind:
    """Tell what a model is for.

    Args:
        facts: of its header.
        name: further names it goes by, such as the file's.
        role: as the file's name tells; it counts where the header is silent, and the header of a draft always is.
    """
    if facts.type in _OF_TYPE or facts.architecture == "clip":
        return _OF_TYPE.get(facts.type, ModelKind.PROJECTOR)
    if facts.tensors == 0:
        return ModelKind.VOCABULARY
    if facts.architecture in _DRAFTS:
        return ModelKind.DRAFT
    if facts.architecture in _VOICES:
        return ModelKind.OTHER
    if role is FileRole.DRAFT or (role in _OF_ROLE and facts.type != "model"):
        return _OF_ROLE[role]
    names = f"{name} {facts.name}"
    if facts.pooling == _RANKED or facts.labels or _RERANKER.search(names):
        return ModelKind.RERANKER
    if facts.architecture in _ENCODERS or facts.pooling in _POOLED or _EMBEDDING.search(names):
        return ModelKind.EMBEDDING
    if not facts.has_template or (_BASE.search(names) and not _TUNED.search(names)):
        return ModelKind.BASE
    return ModelKind.CHAT


def _mean(contents: Contents, key: str) -> int:
    """A number, or the mean of one for each layer, rounded up."""
    value = contents.pairs.get(key)
    if not isinstance(value, tuple):
        return contents.count(key)
    numbers = [number for number in value if type(number) is int and 0 <= number < 1 << 32]
    return -(-sum(numbers) // len(numbers)) if numbers else 0


def _base_model(contents: Contents) -> str:
    address = _line(contents.text("general.base_model.0.repo_url"))
    match = re.fullmatch(r"https://huggingface\.co/([\w.-]+/[\w.-]+)/?", address)
    return match[1] if match else _line(contents.text("general.base_model.0.name"))


def _line(text: str) -> str:
    """What can be shown of a text, on one line."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
