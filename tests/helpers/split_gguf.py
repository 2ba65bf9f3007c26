"""Splits a GGUF file over shards, as publishers of large models do, and writes a projector to go with it."""

from pathlib import Path

import gguf
import numpy as np


def split(source: Path, folder: Path, stem: str, shards: int = 2) -> list[Path]:
    """Write ``source`` as ``stem-00001-of-0000N.gguf`` and so on into ``folder``; return the shards in order.

    The first shard holds all metadata, each the numbers that llama.cpp asks for (``split.no``, ``split.count``,
    ``split.tensors.count``).
    """
    reader = gguf.GGUFReader(source)
    architecture = str(reader.fields["general.architecture"].contents())
    share = -(-len(reader.tensors) // shards)
    paths = []
    for number in range(shards):
        path = folder / f"{stem}-{number + 1:05}-of-{shards:05}.gguf"
        writer = gguf.GGUFWriter(path, architecture)
        writer.add_uint16("split.no", number)
        writer.add_uint16("split.count", shards)
        writer.add_int32("split.tensors.count", len(reader.tensors))
        if number == 0:
            _copy_metadata(reader, writer)
        for tensor in reader.tensors[number * share : (number + 1) * share]:
            writer.add_tensor(tensor.name, np.asarray(tensor.data), raw_dtype=tensor.tensor_type)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        paths.append(path)
    return paths


def write_projector(path: Path) -> Path:
    """Write a GGUF file that is a projector by all that its header says."""
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_type("mmproj")
    writer.add_tensor("mm.0.weight", np.zeros((8, 8), dtype=np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _copy_metadata(reader: gguf.GGUFReader, writer: gguf.GGUFWriter) -> None:
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name == "general.architecture":
            continue
        kind, value = field.types[0], field.contents()
        inner = field.types[-1] if kind is gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(field.name, value, kind, sub_type=inner)
