"""Models as files on this computer, told from their names."""

import re
from dataclasses import dataclass

# llama.cpp's file type names (its quantize tool lists them), as they stand in file names; the last match wins.
_QUANTIZATION = re.compile(
    r"(?<![A-Za-z0-9])((?:UD-)?(?:I?Q[1-8]_(?:K_(?:XXS|XS|S|M|L|XL)|K|[01]|XXS|XS|S|M|NL|XL)|TQ[12]_0|MXFP4(?:_MOE)?"
    r"|BF16|FP?16|FP?32))(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_SHARD = re.compile(r"-(\d{5})-of-(\d{5})$")
_COMPANION = re.compile(r"^(?:mmproj|mtp|eagle3|dflash|dspark)[-_.]|^imatrix|[-_.]imatrix$|[-_]lora$|[-_]vocab$", re.I)


@dataclass(frozen=True)
class ShelfModel:
    """A model file on this computer.

    Attributes:
        name: for people: the file's stem without its quantization.
        quantization: as in the name, such as ``Q4_K_M``; empty when the name has none.
        size: bytes.
        starter: whether it is the one that comes with the program.
    """

    path: str
    name: str
    quantization: str
    size: int
    starter: bool = False

    @property
    def label(self) -> str:
        """Name and quantization as one text."""
        return f"{self.name} · {self.quantization}" if self.quantization else self.name


@dataclass(frozen=True)
class LoadOptions:
    """How a model is loaded.

    Attributes:
        context_length: in tokens; 0 takes the trained length, at most ``context_limit``.
        context_limit: the most that 0 may take.
        gpu_layers: layers on the graphics card; -1 lets llama.cpp decide.
        threads: 0 takes the number of physical cores.
    """

    context_length: int = 0
    context_limit: int = 8192
    gpu_layers: int = -1
    threads: int = 0


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
