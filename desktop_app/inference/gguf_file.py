"""Looks at a GGUF file before llama.cpp does, so that the commonest faults get a plain sentence."""

import os
from dataclasses import dataclass
from pathlib import Path

from desktop_app.core import gguf
from desktop_app.core.errors import ModelError
from desktop_app.core.gguf import Contents, GgufError

_WANTED = frozenset({"general.architecture", "general.type", "general.name", "split.count"})


@dataclass(frozen=True)
class GgufHeader:
    """What the check learns.

    Attributes:
        architecture: ``general.architecture``, empty when absent.
        kind: ``general.type``, ``"model"`` when absent.
        name: ``general.name``, empty when absent.
        split_count: files this model is split over, 0 or 1 when it is not split.
        tensors: in this file.
        data_end: bytes the file must have.
    """

    architecture: str
    kind: str
    name: str
    split_count: int
    tensors: int
    data_end: int


def check(path: Path) -> GgufHeader:
    """Check that a file is a whole GGUF model and return what its header says.

    Raises:
        ModelError: missing, unreadable, not a file, not a GGUF, truncated, damaged, or not a language model.
    """
    with gguf.refusals(path.name):
        if path.is_dir():
            action = "Choose a file that ends in .gguf."
            raise GgufError("model_not_a_file", "is a folder, not a model file", action)
        with path.open("rb") as file:
            contents = gguf.read_contents(gguf.of_file(file), os.fstat(file.fileno()).st_size, _longest)
        header = _header(contents)
        _check_kind(header)
    return header


def refusal(code: str, path: Path, fault: str, action: str, detail: str = "") -> ModelError:
    """Return the error that says that ``path`` has a fault; ``fault`` completes "The model file x …"."""
    return gguf.refusal(code, path.name, fault, action, detail)


def _longest(key: str) -> int:
    return gguf.LONGEST_KEY if key in _WANTED else 0


def _header(contents: Contents) -> GgufHeader:
    has_kind = isinstance(contents.pairs.get("general.type"), str)
    return GgufHeader(
        architecture=contents.text("general.architecture"),
        kind=contents.text("general.type") if has_kind else "model",
        name=contents.text("general.name"),
        split_count=contents.count("split.count"),
        tensors=contents.tensors,
        data_end=contents.data_end,
    )


def _check_kind(header: GgufHeader) -> None:
    if header.architecture == "clip" or header.kind == "mmproj":
        fault = "is the part of a model that sees pictures; it cannot chat alone"
        raise GgufError("model_not_language", fault, "Choose the model file that it belongs to.")
    if header.kind == "adapter":
        fault = "is an adapter for another model; it cannot chat alone"
        raise GgufError("model_not_language", fault, "Choose the model file that it belongs to.")
    if not header.architecture:
        fault = "is damaged: it does not say what kind of model it is"
        raise GgufError("model_damaged", fault, "Download it again.")
    if header.tensors == 0:
        raise GgufError("model_no_weights", "holds no weights, only a vocabulary", "Choose a complete model.")
