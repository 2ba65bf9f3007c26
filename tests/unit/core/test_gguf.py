"""Reading headers: what is kept, what is skipped, and that nothing hostile costs time or raises anything unknown."""

import random
import struct
import time
from contextlib import suppress

import gguf as reference
import pytest

from desktop_app.core import gguf
from desktop_app.core.gguf import DamagedError, GgufError, TruncatedError
from tests.helpers import tiny_gguf
from tests.helpers.gguf_headers import vocabulary, write_header


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return tiny_gguf.write_random(tmp_path_factory.mktemp("gguf") / "small.gguf", name="A name").read_bytes()


def everything(key):
    return 100


def read(data, wanted=everything, leap=False):
    return gguf.read_contents(gguf.of_buffer(data), len(data), wanted, leap=leap)


def header(*pairs, tensors=b"", count=0, version=3):
    """A file by hand: pairs are bytes already."""
    return b"GGUF" + struct.pack("<IQQ", version, count, len(pairs)) + b"".join(pairs) + tensors


def text(value):
    return struct.pack("<Q", len(value)) + value


def pair(key, kind, value):
    return text(key) + struct.pack("<I", kind) + value


class TestValues:
    def test_of_every_kind(self):
        kinds = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
        pairs = [pair(b"k%d" % kind, kind, struct.pack(f"<{form}", 1)) for kind, form in kinds.items()]
        found = read(header(*pairs)).pairs
        assert found == {f"k{kind}": 1 for kind in kinds}
        assert found["k7"] is True

    def test_texts_are_cut_where_one_wants(self):
        data = header(pair(b"a", 8, text("grün".encode())), pair(b"b", 8, text(b"\xff\xfe")), pair(b"c", 8, text(b"x")))
        assert read(data).pairs == {"a": "grün", "b": "\ufffd\ufffd", "c": "x"}
        assert read(data, lambda key: 2).pairs["a"] == "gr"

    def test_short_arrays_are_kept_and_long_ones_are_not(self):
        numbers = struct.pack("<IQ", 4, 3) + struct.pack("<3I", 1, 2, 3)
        long = struct.pack("<IQ", 0, gguf.MOST_KEPT + 1) + bytes(gguf.MOST_KEPT + 1)
        words = struct.pack("<IQ", 8, 2) + text(b"one") + text(b"two")
        last = pair(b"last", 0, b"\7")
        found = read(header(pair(b"n", 9, numbers), pair(b"l", 9, long), pair(b"w", 9, words), last)).pairs
        assert found == {"n": (1, 2, 3), "w": (), "last": 7}

    def test_what_nobody_wants_is_not_kept(self):
        found = read(header(pair(b"a", 0, b"\1"), pair(b"b", 0, b"\2")), lambda key: key == "b")
        assert found.pairs == {"b": 2}

    @pytest.mark.parametrize("value", [-1, 0.5, True, "8"])
    def test_only_whole_numbers_count_something(self, value):
        assert gguf.Contents({"n": value}, 0, 0, 0).count("n", 5) == 5
        assert gguf.Contents({"n": 4}, 0, 0, 0).count("n", 5) == 4
        assert gguf.Contents({"n": value}, 0, 0, 0).text("n") == (value if isinstance(value, str) else "")


class TestTensors:
    def test_parameters_are_counted_from_shapes(self, small, tmp_path):
        path = tmp_path / "small.gguf"
        path.write_bytes(small)
        tensors = reference.GGUFReader(path).tensors
        contents = read(small)
        assert contents.parameters == sum(int(tensor.n_elements) for tensor in tensors)
        assert contents.tensors == len(tensors)
        assert len(small) - 64 < contents.data_end <= len(small)

    def test_alignment_moves_where_the_data_begins(self):
        one = text(b"t") + struct.pack("<IQIQ", 1, 32, 0, 0)
        data = header(pair(b"general.alignment", 4, struct.pack("<I", 4096)), tensors=one, count=1)
        assert read(data + bytes(8192)).data_end == 4096 + 128

    def test_a_tensor_without_dimensions_is_one_number(self):
        data = header(tensors=text(b"t") + struct.pack("<IIQ", 0, 0, 0), count=1)
        assert read(data + bytes(200)).parameters == 1


class TestFaults:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "model_truncated"),
            (b"GGUF", "model_truncated"),
            (b"PK\3\4" + bytes(50), "model_not_gguf"),
            (header(version=1), "model_too_old"),
            (header(version=9), "model_too_new"),
            (header(version=3 << 24), "model_big_endian"),
            (header(pair(b"a", 13, b"")), "model_damaged"),
            (header(pair(b"a", 9, struct.pack("<IQ", 9, 1))), "model_damaged"),
            (header(pair(b"general.alignment", 4, struct.pack("<I", 24))), "model_damaged"),
            (header(pair(b"general.alignment", 4, struct.pack("<I", 0))), "model_damaged"),
            (header(tensors=text(b"t") + struct.pack("<IQIQ", 1, 31, 2, 0) + bytes(99), count=1), "model_damaged"),
            (header(tensors=text(b"t") + struct.pack("<IQIQ", 1, 32, 4, 0) + bytes(99), count=1), "model_damaged"),
            (header(tensors=text(b"t") + struct.pack("<I5QIQ", 5, *[1] * 5, 0, 0), count=1), "model_damaged"),
            (header(tensors=text(b"x" * 256) + struct.pack("<IQIQ", 1, 1, 0, 0), count=1), "model_damaged"),
            (header(tensors=text(b"t") + struct.pack("<IQIQ", 1, 32, 0, 1 << 60), count=1), "model_truncated"),
            (header(tensors=text(b"t") + struct.pack("<I4QIQ", 4, *[2**64 - 1] * 4, 0, 0), count=1), "model_truncated"),
        ],
        ids=lambda value: value if isinstance(value, str) else "file",
    )
    @pytest.mark.parametrize("leap", [False, True], ids=["walk", "leap"])
    def test_each_has_its_code_and_a_sentence(self, data, code, leap):
        with pytest.raises(GgufError) as caught:
            read(data, leap=leap)
        assert caught.value.code == code
        problem = gguf.refusal(code, "x.gguf", caught.value.fault, caught.value.action).problem
        assert problem.sentence.startswith("The model file “x.gguf” ")
        assert problem.sentence.endswith(".")
        assert problem.action

    def test_counts_have_bounds(self):
        with pytest.raises(DamagedError, match="tensors"):
            read(b"GGUF" + struct.pack("<IQQ", 3, gguf.MOST_TENSORS + 1, 0))
        with pytest.raises(DamagedError, match="pairs"):
            read(b"GGUF" + struct.pack("<IQQ", 3, 0, gguf.MOST_PAIRS + 1))
        with pytest.raises(DamagedError, match="string of"):
            read(header(struct.pack("<Q", gguf.LONGEST_KEY + 1)) + bytes(99_999))

    def test_a_file_of_nothing_but_empty_words_is_given_up_early(self):
        """Its size is only announced, as a file with holes may have it: no byte of them is ever asked for."""
        words = 3_000_000_000
        start = header(pair(b"tokens", 9, struct.pack("<IQ", 8, words)))
        asked = []

        def source(at, length):
            asked.append(length)
            return (start + bytes(length))[at : at + length] if at < len(start) else bytes(length)

        with pytest.raises(DamagedError, match="strings"):
            gguf.read_contents(source, 1 << 40, everything, leap=True)
        assert sum(asked) < 8 * gguf.WINDOW

    def test_a_source_that_ends_early_is_truncated(self, small):
        with pytest.raises(TruncatedError):
            gguf.read_contents(gguf.of_buffer(small[:3000]), len(small), everything)

    @pytest.mark.parametrize("first", range(0, 2000, 250))
    def test_cut_and_altered_files_raise_what_is_known_and_cost_no_time(self, small, first):
        refused = 0
        for seed in range(first, first + 250):
            data = _harmed(small, random.Random(seed))
            start = time.thread_time()
            with suppress(GgufError):
                refused += 1
                read(data, leap=True)
                refused -= 1
            assert time.thread_time() - start < 0.1, seed
        assert 0 < refused < 250


def _harmed(good, chance):
    data = bytearray(good[: chance.choice((6010, 6010, len(good)))])
    for _ in range(chance.choice((1, 3, 20))):
        at = chance.randrange(4, 6000)
        if chance.random() < 0.3:
            struct.pack_into("<Q", data, at, chance.choice((2**64 - 1, 2**63, 2**62, 2**33, 2**31, 255, 1)))
        else:
            data[at] ^= 1 << chance.randrange(8)
    return data[: chance.randrange(0, len(data))] if chance.random() < 0.3 else data


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    words, merges = vocabulary(60_000)
    words[7] = "x" * 300  # real vocabularies have a few words that are longer than a byte can tell
    folder = tmp_path_factory.mktemp("gguf")
    return write_header(folder / "large.gguf", tokens=words, merges=merges, tensors=20).read_bytes()


class TestLeap:
    def test_it_finds_what_walking_finds(self, large):
        assert read(large, leap=True) == read(large)
        assert read(large).pairs["tokenizer.chat_template"]

    def test_it_asks_for_fewer_bytes(self, large):
        asked = {True: 0, False: 0}
        for leap in asked:

            def source(at, length, leap=leap):
                asked[leap] += length
                return large[at : at + length]

            gguf.read_contents(source, len(large), everything, leap=leap)
        assert asked[True] < asked[False] + 3 * gguf.WINDOW

    def test_a_word_that_looks_like_the_next_key_misleads_nobody(self, tmp_path):
        words, merges = vocabulary(2000)
        trap = "\0\0\0\0\0\0\0tokenizer.ggml.merges"
        words[-400:] = [trap] * 400
        path = write_header(tmp_path / "trap.gguf", tokens=words, merges=merges, tensors=3)
        data = path.read_bytes()
        assert read(data, leap=True) == read(data)
        assert read(data, leap=True).tensors == 3

    def test_a_vocabulary_at_the_end_has_no_next_key(self, tmp_path):
        path = write_header(tmp_path / "end.gguf", pairs={"last.words": ["word"] * 5000}, template=None, tensors=1)
        data = path.read_bytes()
        assert read(data, leap=True) == read(data)

    def test_a_truncated_large_file_is_truncated(self, large):
        with pytest.raises(TruncatedError):
            read(large[: len(large) // 2], leap=True)
