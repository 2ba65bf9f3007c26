"""What a header tells, which kind of model that makes, and how files that lie are refused."""

import os
import random
import statistics
import time

import gguf
import pytest

from desktop_app.core.errors import ModelError
from desktop_app.core.hub import FileRole
from desktop_app.core.model import ModelKind, ShelfModel
from desktop_app.library.header import HeaderFacts, kind_of, read_header
from tests.helpers import tiny_gguf
from tests.helpers.gguf_headers import vocabulary, write_header


def code_of(path):
    with pytest.raises(ModelError) as caught:
        read_header(path)
    return caught.value.problem.code


class TestFacts:
    def test_of_a_real_model(self, tmp_path):
        path = tiny_gguf.write_random(tmp_path / "tiny.gguf", arch="qwen3", name="Tiny  One\n", context_length=4096)
        facts = read_header(path)
        assert (facts.architecture, facts.name, facts.quantization) == ("qwen3", "Tiny One", "F32")
        assert (facts.context_length, facts.layers, facts.embedding_length) == (4096, 2, 64)
        assert (facts.heads, facts.heads_kv, facts.head_size, facts.experts) == (4, 4, 16, 0)
        assert facts.has_template
        assert facts.tokenizer == "gpt2"
        assert facts.parameters == sum(int(tensor.n_elements) for tensor in gguf.GGUFReader(path).tensors)
        assert facts.kind is ModelKind.CHAT

    def test_of_the_keys_that_are_rarer(self, tmp_path):
        pairs = {
            "general.license": "apache-2.0",
            "general.base_model.0.repo_url": "https://huggingface.co/Qwen/Qwen3-4B",
            "split.count": 3,
            "split.no": 1,
            ".expert_count": 64,
            ".embedding_length": 2048,
            ".attention.head_count": 16,
        }
        facts = read_header(write_header(tmp_path / "m.gguf", "qwen3moe", pairs=pairs, template=None))
        assert (facts.licence, facts.base_model) == ("apache-2.0", "Qwen/Qwen3-4B")
        assert (facts.split_count, facts.split_number, facts.experts) == (3, 1, 64)
        assert (facts.heads_kv, facts.head_size) == (16, 128)
        assert not facts.has_template

    def test_where_layers_differ_the_mean_counts(self, tmp_path):
        pairs = {".attention.head_count": 32, ".attention.head_count_kv": [0, 8, 8, 8]}
        assert read_header(write_header(tmp_path / "m.gguf", "lfm2", pairs=pairs)).heads_kv == 6

    @pytest.mark.parametrize("address", ["https://example.org/Qwen/Qwen3", "https://huggingface.co/a/b/c", ""])
    def test_a_base_model_from_elsewhere_is_named(self, tmp_path, address):
        pairs = {"general.base_model.0.repo_url": address, "general.base_model.0.name": "Qwen3 4B"}
        assert read_header(write_header(tmp_path / "m.gguf", pairs=pairs)).base_model == "Qwen3 4B"

    @pytest.mark.parametrize("template", [None, "", " \n"])
    def test_an_empty_template_is_none(self, tmp_path, template):
        assert not read_header(write_header(tmp_path / "m.gguf", template=template)).has_template

    def test_names_cannot_paint_over_the_window(self, tmp_path):
        facts = read_header(
            write_header(tmp_path / "m.gguf", pairs={"general.name": "a\u202eb\x1b[1m\tc" + "x" * 9999})
        )
        assert facts.name.startswith("a b [1m c")
        assert len(facts.name) < 500

    def test_file_types_are_those_of_llama(self):
        from desktop_app.library.header import _FILE_TYPES

        renamed = {"ALL_F32": "F32"}
        known = {kind.value: renamed.get(kind.name, kind.name.removeprefix("MOSTLY_")) for kind in gguf.LlamaFileType}
        known.pop(gguf.LlamaFileType.GUESSED.value)
        # These came to llama.cpp after the package.
        assert {**known, 40: "Q1_0", 41: "Q2_0"} == _FILE_TYPES

    @pytest.mark.parametrize(("value", "name"), [(15, "Q4_K_M"), (1024 + 7, "Q8_0"), (5, ""), (9999, "")])
    def test_a_quantization_may_be_guessed_or_unknown(self, tmp_path, value, name):
        assert read_header(write_header(tmp_path / "m.gguf", pairs={"general.file_type": value})).quantization == name


class TestKinds:
    @pytest.mark.parametrize(
        ("architecture", "pairs", "template", "kind"),
        [
            ("llama", {}, "{{ x }}", ModelKind.CHAT),
            ("llama", {}, None, ModelKind.BASE),
            ("llama", {"general.name": "Llama 3.1 8B Base"}, "{{ x }}", ModelKind.BASE),
            ("llama", {"general.name": "Database 8B"}, "{{ x }}", ModelKind.CHAT),
            ("llama", {"general.name": "Knowledge Base 8B Instruct"}, "{{ x }}", ModelKind.CHAT),
            ("bert", {}, None, ModelKind.EMBEDDING),
            ("nomic-bert", {".pooling_type": 1}, None, ModelKind.EMBEDDING),
            ("gemma-embedding", {}, None, ModelKind.EMBEDDING),
            ("qwen3", {".pooling_type": 3}, "{{ x }}", ModelKind.EMBEDDING),
            ("qwen3", {"general.name": "Qwen3 Embedding 0.6B"}, "{{ x }}", ModelKind.EMBEDDING),
            ("pangu-embedded", {"general.name": "openPangu Embedded 1B"}, "{{ x }}", ModelKind.CHAT),
            ("qwen3", {".pooling_type": 0}, "{{ x }}", ModelKind.CHAT),
            ("bert", {".pooling_type": 4}, None, ModelKind.RERANKER),
            ("qwen3", {".classifier.output_labels": ["yes", "no"]}, "{{ x }}", ModelKind.RERANKER),
            ("jina-bert-v2", {"general.name": "jina-reranker-v1"}, None, ModelKind.RERANKER),
            ("clip", {}, None, ModelKind.PROJECTOR),
            ("clip", {"general.type": "model"}, None, ModelKind.PROJECTOR),
            ("llama", {"general.type": "mmproj"}, None, ModelKind.PROJECTOR),
            ("llama", {"general.type": "adapter"}, None, ModelKind.ADAPTER),
            ("llama", {"general.type": "imatrix"}, None, ModelKind.OTHER),
            ("eagle3", {}, "{{ x }}", ModelKind.DRAFT),
            ("gemma4-assistant", {}, None, ModelKind.DRAFT),
            ("wavtokenizer-dec", {}, None, ModelKind.OTHER),
        ],
    )
    def test_of_headers(self, tmp_path, architecture, pairs, template, kind):
        path = write_header(tmp_path / "m.gguf", architecture, pairs=pairs, template=template)
        assert read_header(path).kind is kind

    def test_of_a_file_without_weights(self, tmp_path):
        assert read_header(write_header(tmp_path / "m.gguf", tensors=0)).kind is ModelKind.VOCABULARY

    def test_an_importance_matrix_needs_no_architecture(self, tmp_path):
        path = write_header(tmp_path / "m.gguf", "", pairs={"general.type": "imatrix"})
        assert read_header(path).kind is ModelKind.OTHER

    @pytest.mark.parametrize(
        ("type_", "role", "kind"),
        [
            ("", FileRole.ADAPTER, ModelKind.ADAPTER),
            ("model", FileRole.ADAPTER, ModelKind.CHAT),  # merged, and named after what was merged
            ("", FileRole.PROJECTOR, ModelKind.PROJECTOR),
            ("model", FileRole.DRAFT, ModelKind.DRAFT),
            ("model", FileRole.MODEL, ModelKind.CHAT),
            ("", FileRole.VOCABULARY, ModelKind.CHAT),
        ],
    )
    def test_names_count_where_headers_are_silent(self, type_, role, kind):
        facts = HeaderFacts(architecture="llama", type=type_, tensors=9, has_template=True)
        assert kind_of(facts, role=role) is kind

    def test_each_has_a_sentence_or_none(self):
        for kind in ModelKind:
            warning = ShelfModel("/m.gguf", "m", "", 1, kind=kind).warning
            assert bool(warning) == (kind is not ModelKind.CHAT)
            assert not warning or warning.endswith(".")
        assert {kind for kind in ModelKind if kind.can_chat} == {ModelKind.CHAT, ModelKind.BASE}

    def test_a_kind_that_llama_does_not_know_is_told_first(self):
        model = ShelfModel("/m.gguf", "m", "", 1, kind=ModelKind.BASE, architecture="dream9", known_architecture=False)
        assert "dream9" in model.warning
        projector = ShelfModel("/m.gguf", "m", "", 1, kind=ModelKind.PROJECTOR, known_architecture=False)
        assert "pictures" in projector.warning


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "model_truncated"),
            (b"GGUF", "model_truncated"),
            (b"<!doctype html>" + bytes(99), "model_not_gguf"),
            (b"GGUF\1\0\0\0" + bytes(99), "model_too_old"),
            (b"GGUF\3\0\0\0" + bytes(99), "model_damaged"),  # whole, but says nothing of itself
        ],
    )
    def test_of_what_is_no_model(self, tmp_path, data, code):
        path = tmp_path / "m.gguf"
        path.write_bytes(data)
        assert code_of(path) == code

    def test_of_what_is_no_file(self, tmp_path):
        assert code_of(tmp_path / "nowhere.gguf") == "model_missing"
        assert code_of(tmp_path) == "model_not_a_file"

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
    def test_a_pipe_is_not_waited_for(self, tmp_path):
        os.mkfifo(tmp_path / "pipe.gguf")
        assert code_of(tmp_path / "pipe.gguf") == "model_not_a_file"

    def test_files_that_are_harmed_in_any_way_are_read_or_refused(self, tmp_path):
        good = tiny_gguf.write_random(tmp_path / "good.gguf").read_bytes()
        path = tmp_path / "harmed.gguf"
        refused = 0
        for seed in range(400):
            chance = random.Random(seed)
            data = bytearray(good[: chance.randrange(len(good))] if seed % 2 else good)
            for _ in range(chance.choice((0, 1, 8)) if seed % 2 else 1):
                if data:
                    data[chance.randrange(min(len(data), 7000))] ^= 1 << chance.randrange(8)
            path.write_bytes(data)
            start = time.thread_time()
            try:
                read_header(path)
            except ModelError:
                refused += 1
            assert time.thread_time() - start < 0.1, seed
        assert 200 <= refused < 400

    def test_a_large_vocabulary_is_read_in_a_few_milliseconds(self, tmp_path):
        words, merges = vocabulary(152_000)
        path = write_header(tmp_path / "large.gguf", "qwen3", tensors=310, tokens=words, merges=merges)
        times = []
        for _ in range(5):
            start = time.thread_time()
            assert read_header(path).tensors == 310
            times.append(time.thread_time() - start)
        assert statistics.median(times) < 0.02
