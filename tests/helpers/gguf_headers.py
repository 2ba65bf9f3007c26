"""Writes GGUF files that are nothing but a header: what a shelf looks at. No engine could run them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import gguf
import numpy as np

TEMPLATE = "{{ messages }}"


def write_header(
    path: Path,
    architecture: str = "llama",
    *,
    pairs: Mapping[str, Any] | None = None,
    template: str | None = TEMPLATE,
    tensors: int = 2,
    shape: tuple[int, ...] = (4, 32),
    tokens: Sequence[str] = (),
    merges: Sequence[str] = (),
) -> Path:
    """Write a header with this many tensors of zeros.

    Args:
        path: of the file; its folder is made.
        architecture: also the prefix of ``pairs``' keys that begin with a dot.
        pairs: further keys; numbers become unsigned, lists arrays.
        template: a chat template, or none.
        tensors: how many.
        shape: of each.
        tokens: a vocabulary.
        merges: that belong to it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(path, architecture)
    for key, value in (pairs or {}).items():
        full = f"{architecture}{key}" if key.startswith(".") else key
        if isinstance(value, list):
            writer.add_array(full, value)
        elif isinstance(value, str):
            writer.add_string(full, value)
        elif isinstance(value, float):
            writer.add_float32(full, value)
        else:
            writer.add_uint32(full, value)
    if tokens:
        writer.add_tokenizer_model("gpt2")
        writer.add_token_list(list(tokens))
        writer.add_token_types([1] * len(tokens))
        writer.add_token_merges(list(merges) or ["a b"])
        writer.add_bos_token_id(0)
    if template is not None:
        writer.add_chat_template(template)
    for number in range(tensors):
        writer.add_tensor(f"blk.{number}.weight", np.zeros(shape, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def vocabulary(size: int) -> tuple[list[str], list[str]]:
    """Return that many tokens and merges, as long as those of real vocabularies are on average."""
    tokens = [f"Ġ{number:x}{'abcdefghij'[: number % 11]}" for number in range(size)]
    return tokens, [f"{token[:3]} {token[3:]}x" for token in tokens]
