import contextlib
import random
import struct

import gguf
import numpy as np
import pytest

from desktop_app.core import gguf as core_gguf
from desktop_app.core.errors import ModelError
from desktop_app.inference import gguf_file
from tests.helpers import tiny_gguf


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return tiny_gguf.write_random(tmp_path_factory.mktemp("gguf") / "good.gguf", name="A name")


def test_a_whole_file(good):
    header = gguf_file.check(good)
    assert (header.architecture, header.kind, header.name, header.split_count) == ("llama", "model", "A name", 0)
    assert header.tensors == len(gguf.GGUFReader(good).tensors)
    assert good.stat().st_size - 64 < header.data_end <= good.stat().st_size


def test_the_sizes_are_those_of_the_gguf_package():
    for kind, (block, width) in gguf.GGML_QUANT_SIZES.items():
        if kind is gguf.GGMLQuantizationType.Q8_1:  # never stored; the package still has its size of 2023
            continue
        assert core_gguf.TYPES[kind.value] == (block, width), kind


def test_every_kind_of_value_is_passed_over(tmp_path):
    path = tmp_path / "values.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    for kind in ("uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64"):
        getattr(writer, f"add_{kind}")(f"test.{kind}", 7)
    writer.add_bool("test.bool", True)
    writer.add_array("test.strings", ["a", "bé", ""])
    writer.add_array("test.numbers", [1, 2, 3])
    writer.add_array("test.floats", [1.5, 2.5])
    writer.add_array("test.flags", [True, False])
    writer.add_string("general.name", "At the end")
    writer.add_tensor("t.weight", np.zeros((3, 32), np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    assert gguf_file.check(path).name == "At the end"


@pytest.mark.parametrize("seed", range(60))
def test_cut_anywhere_it_is_incomplete(good, tmp_path, seed):
    data = good.read_bytes()
    path = tmp_path / "cut.gguf"
    size = random.Random(seed).randrange(4, gguf_file.check(good).data_end)
    path.write_bytes(data[:size])
    with pytest.raises(ModelError) as caught:
        gguf_file.check(path)
    assert caught.value.problem.code == "model_truncated"


@pytest.mark.parametrize("seed", range(300))
def test_altered_headers_are_read_or_refused(good, tmp_path, seed):
    """Hostile lengths never cost memory or time, and never raise anything but a typed error."""
    chance = random.Random(seed)
    data = bytearray(good.read_bytes()[:6000]) + bytes(2000)
    for _ in range(chance.choice((1, 3, 20))):
        at = chance.randrange(0, 6000)
        if chance.random() < 0.3:
            struct.pack_into("<Q", data, at, chance.choice((2**64 - 1, 2**63, 2**62, 2**33, 2**31)))
        else:
            data[at] = chance.randrange(256)
    path = tmp_path / "altered.gguf"
    path.write_bytes(data)
    refused = contextlib.nullcontext() if _is_readable(path) else pytest.raises(ModelError, match=r"altered\.gguf")
    with refused:
        gguf_file.check(path)


def _is_readable(path):
    try:
        gguf_file.check(path)
    except ModelError:
        return False
    return True


@pytest.mark.parametrize("kind", [4, 31, 28, 9, 99])
def test_weights_of_a_type_that_cannot_be_computed_with(tmp_path, kind):
    path = tmp_path / "types.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_tensor("some.weight", np.zeros((32, 32), np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    data = bytearray(path.read_bytes())
    at = data.index(b"some.weight") + len(b"some.weight") + 4 + 16
    assert struct.unpack_from("<I", data, at) == (0,)
    struct.pack_into("<I", data, at, kind)
    path.write_bytes(data)
    with pytest.raises(ModelError) as caught:
        gguf_file.check(path)
    assert caught.value.problem.code == "model_damaged"
