"""The folder of models: what is on it, and which one a name means."""

import json
import os
import sys
import time
from pathlib import Path

import pytest

from desktop_app.core.errors import ModelError
from desktop_app.core.model import ModelKind
from desktop_app.library.places import Surroundings
from desktop_app.library.shelf import STARTER_NAME, Shelf
from tests.helpers import shelves
from tests.helpers.gguf_headers import write_header
from tests.helpers.stores import fingerprints


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


@pytest.fixture
def starter(tmp_path):
    path = tmp_path / "resources" / "causerie-starter-Q8_0.gguf"
    path.parent.mkdir()
    path.write_bytes(b"GGUF starter")
    return path


@pytest.fixture
def shelf(folder, starter):
    return Shelf(folder, starter)


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"GGUF")


def code_of(shelf, name):
    with pytest.raises(ModelError) as caught:
        shelf.find(name)
    return caught.value.problem.code


class TestScan:
    def test_models_come_by_name_and_the_starter_last(self, shelf, folder):
        put(folder, "zeta-Q4_0.gguf", "Alpha-F16.gguf", "deep/er/beta-IQ2_XS.gguf")
        assert [(model.name, model.quantization, model.starter) for model in shelf.scan()] == [
            ("Alpha", "F16", False),
            ("beta", "IQ2_XS", False),
            ("zeta", "Q4_0", False),
            (STARTER_NAME, "Q8_0", True),
        ]

    def test_sizes_and_paths_are_those_of_the_files(self, shelf, folder, starter):
        put(folder, "alpha.gguf")
        alpha, first = shelf.scan()
        assert (alpha.path, alpha.size, alpha.quantization) == (str(folder / "alpha.gguf"), 4, "")
        assert (first.path, first.size) == (str(starter), len(b"GGUF starter"))

    def test_what_is_no_model_is_passed_over(self, shelf, folder):
        put(folder, "alpha-00002-of-00003.gguf", "alpha-00001-of-00003.gguf", "read.me", "half.gguf.part", "._a.gguf")
        (folder / "folder.gguf").mkdir()
        assert [Path(model.path).name for model in shelf.scan()[:-1]] == ["alpha-00001-of-00003.gguf"]

    def test_the_ending_may_be_written_in_capitals(self, shelf, folder):
        put(folder, "ALPHA-Q4_0.GGUF")
        assert shelf.scan()[0].name == "ALPHA"

    def test_no_folder_and_no_starter_are_no_models(self, tmp_path):
        shelf = Shelf(tmp_path / "nowhere", tmp_path / "none.gguf")
        assert shelf.scan() == ()
        assert shelf.default() is None

    @pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links")
    def test_links_that_lead_nowhere_or_in_circles_are_passed_over(self, shelf, folder):
        (folder / "gone.gguf").symlink_to(folder / "nowhere")
        (folder / "circle").symlink_to(folder)
        (folder / "self.gguf").symlink_to(folder / "self.gguf")
        put(folder, "alpha.gguf")
        assert [model.name for model in shelf.scan()] == ["alpha", STARTER_NAME]

    @pytest.mark.skipif(sys.platform != "linux", reason="other systems do not let such a name be written")
    def test_a_file_whose_name_is_not_text_is_passed_over(self, shelf, folder):
        put(folder, "caf\udce9.gguf")
        assert [model.name for model in shelf.scan()] == [STARTER_NAME]


class TestFacts:
    def test_a_model_is_told_from_its_header(self, shelf, folder):
        pairs = {".context_length": 4096, "general.license": "mit", "general.file_type": 15}
        path = write_header(folder / "owner" / "repo" / "alpha.gguf", "qwen3", pairs=pairs, tensors=3, shape=(10, 32))
        model = shelf.scan()[0]
        assert (model.path, model.name, model.quantization) == (str(path), "alpha", "Q4_K_M")
        assert (model.architecture, model.parameters, model.context_length) == ("qwen3", 960, 4096)
        assert (model.licence, model.has_template, model.known_architecture) == ("mit", True, True)
        assert (model.kind, model.origin, model.repo, model.sha256) == (ModelKind.CHAT, "shelf", "", "")
        assert (model.warning, model.shards, model.projector, model.duplicates) == ("", 1, "", ())

    def test_the_name_knows_the_quantization_better_than_the_header(self, shelf, folder):
        write_header(folder / "alpha-UD-Q4_K_XL.gguf", pairs={"general.file_type": 15})
        write_header(folder / "Q5_K_S" / "beta.gguf", pairs={"general.file_type": 16})
        assert [model.quantization for model in shelf.scan()[:-1]] == ["UD-Q4_K_XL", "Q5_K_S"]

    @pytest.mark.parametrize("stem", ["model", "ggml-model-Q4_0", "gguf"])
    def test_a_name_that_says_nothing_is_replaced(self, shelf, folder, stem):
        path = folder / "owner" / f"{stem}.gguf"
        write_header(path, pairs={"general.name": "Alpha 7B"})
        assert shelf.scan()[0].name == "Alpha 7B"
        write_header(path)
        os.utime(path, ns=(0, 0))
        assert shelf.scan()[0].name == "models"  # at least the folder's

    def test_all_kinds_are_told(self, shelf, folder):
        write_header(folder / "a-chat.gguf")
        write_header(folder / "b-base.gguf", template=None)
        write_header(folder / "c-nomic-embed-text.gguf", "nomic-bert", template=None)
        write_header(folder / "d-reranker.gguf", "bert", pairs={".pooling_type": 4}, template=None)
        write_header(folder / "e" / "mmproj-F16.gguf", "clip", template=None)
        write_header(folder / "mtp-f.gguf")
        write_header(folder / "g.gguf", pairs={"general.type": "adapter"}, template=None)
        write_header(folder / "h.gguf", tensors=0, template=None)
        write_header(folder / "i.gguf", pairs={"general.type": "imatrix"}, template=None)
        (folder / "j.gguf").write_bytes(b"PK")
        write_header(folder / "k" / "a-chat.gguf")  # so that the projector has no one model it must belong to
        kinds = {model.kind for model in shelf.scan()[:-1]}
        assert kinds == set(ModelKind)

    def test_an_architecture_that_llama_does_not_know_is_told(self, shelf, folder):
        write_header(folder / "alpha.gguf", "dreamarch")
        model = shelf.scan()[0]
        assert not model.known_architecture
        assert "dreamarch" in model.warning

    def test_the_starter_has_its_facts_too(self, folder):
        starter = Path(__file__).parents[3] / "resources" / "starter" / "causerie-starter-Q8_0.gguf"
        (model,) = Shelf(folder, starter).scan()
        assert (model.name, model.starter, model.origin, model.kind) == (STARTER_NAME, True, "starter", ModelKind.CHAT)
        assert model.parameters > 1_000_000
        assert model.context_length
        assert model.warning == ""


class TestDamaged:
    def test_a_damaged_file_is_listed_with_what_is_wrong(self, shelf, folder):
        path = write_header(folder / "alpha-Q4_0.gguf")
        path.write_bytes(path.read_bytes()[:-40])
        model = shelf.scan()[0]
        assert (model.kind, model.name, model.quantization) == (ModelKind.DAMAGED, "alpha", "Q4_0")
        assert "“alpha-Q4_0.gguf” is incomplete" in model.fault
        assert model.warning == model.fault

    def test_a_file_that_is_mended_is_whole_again(self, shelf, folder):
        path = write_header(folder / "alpha.gguf")
        whole = path.read_bytes()
        path.write_bytes(whole[:-40])
        assert shelf.scan()[0].kind is ModelKind.DAMAGED
        path.write_bytes(whole)
        assert shelf.scan()[0].kind is ModelKind.CHAT

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
    def test_a_pipe_is_no_model(self, shelf, folder):
        os.mkfifo(folder / "pipe.gguf")
        assert len(shelf.scan()) == 1


class TestShards:
    def shards(self, folder, count, *, missing=(), base="alpha-Q4_0"):
        paths = {}
        for number in range(1, count + 1):
            if number not in missing:
                path = folder / f"{base}-{number:05d}-of-{count:05d}.gguf"
                pairs = {"split.count": count, "split.no": number - 1}
                paths[number] = write_header(path, pairs=pairs, tensors=number, template="t" if number == 1 else None)
        return paths

    def test_they_are_one_model(self, shelf, folder):
        paths = self.shards(folder / "owner" / "repo", 3)
        (model, _) = shelf.scan()
        assert (model.path, model.name, model.quantization) == (str(paths[1]), "alpha", "Q4_0")
        assert (model.shards, model.kind) == (3, ModelKind.CHAT)
        assert model.size == sum(path.stat().st_size for path in paths.values())
        assert model.parameters == (1 + 2 + 3) * 4 * 32

    def test_a_first_shard_without_weights_is_no_vocabulary(self, shelf, folder):
        first = write_header(folder / "alpha-00001-of-00002.gguf", pairs={"split.count": 2}, tensors=0)
        write_header(folder / "alpha-00002-of-00002.gguf", pairs={"split.count": 2}, template=None)
        assert [(model.path, model.kind) for model in shelf.scan()[:-1]] == [(str(first), ModelKind.CHAT)]

    @pytest.mark.parametrize("missing", [1, 2, 3])
    def test_a_set_that_is_not_whole_is_damaged(self, shelf, folder, missing):
        self.shards(folder, 3, missing=(missing,))
        (model, _) = shelf.scan()
        assert model.kind is ModelKind.DAMAGED
        assert f"alpha-Q4_0-0000{missing}-of-00003.gguf" in model.fault

    def test_a_set_that_is_being_downloaded_is_not_listed(self, shelf, folder):
        self.shards(folder, 3, missing=(2, 3))
        self.shards(folder, 2, missing=(2,), base="beta")
        put(folder, "alpha-Q4_0-00002-of-00003.gguf.0123456789ab.part", "gamma.gguf.0123456789ab.part")
        assert [model.name for model in shelf.scan()[:-1]] == ["beta"]

    def test_a_damaged_shard_makes_a_damaged_model(self, shelf, folder):
        paths = self.shards(folder, 2)
        paths[2].write_bytes(paths[2].read_bytes()[:-40])
        (model, _) = shelf.scan()
        assert (model.path, model.kind) == (str(paths[1]), ModelKind.DAMAGED)
        assert paths[2].name in model.fault

    def test_a_shard_that_lost_its_name_is_told(self, shelf, folder):
        self.shards(folder, 2)[1].rename(folder / "renamed.gguf")
        (folder / "alpha-Q4_0-00002-of-00002.gguf").unlink()
        assert "one of 2 parts" in shelf.scan()[0].fault

    def test_numbers_that_cannot_be_are_no_part_of_a_set(self, shelf, folder):
        self.shards(folder, 2)
        for name in ("alpha-Q4_0-00005-of-00002", "alpha-Q4_0-00000-of-00002", "beta-00000-of-00000"):
            write_header(folder / f"{name}.gguf")
        models = shelf.scan()[:-1]
        assert [(model.shards, model.kind is ModelKind.DAMAGED) for model in models] == [
            (1, True),
            (2, False),
            (1, True),
            (1, False),
        ]

    def test_sets_in_two_folders_do_not_mix(self, shelf, folder):
        self.shards(folder / "a", 2, missing=(2,))
        self.shards(folder / "b", 2, missing=(1,))
        assert [model.kind for model in shelf.scan()[:-1]] == [ModelKind.DAMAGED] * 2


class TestProjectors:
    def project(self, path):
        return write_header(path, "clip", template=None)

    def seen(self, shelf):
        return {
            Path(model.path).stem: Path(model.projector).name for model in shelf.scan() if model.kind is ModelKind.CHAT
        }

    def test_it_serves_every_quantization_of_its_folder_and_is_no_entry_itself(self, shelf, folder):
        projector = self.project(folder / "o" / "r" / "mmproj-F16.gguf")
        for name in ("alpha-Q4_0", "alpha-Q8_0"):
            write_header(folder / "o" / "r" / f"{name}.gguf")
        one, two, _ = shelf.scan()
        assert one.projector == two.projector == str(projector)
        assert one.projector_size == projector.stat().st_size
        assert one.size == Path(one.path).stat().st_size

    def test_the_nearest_serves(self, shelf, folder):
        for place in (
            "r/mmproj-F16.gguf",
            "r/deep/mmproj-BF16.gguf",
            "r/deep/mmproj-F16.gguf",
            "other/mmproj-F16.gguf",
        ):
            self.project(folder / place)
        write_header(folder / "r" / "deep" / "alpha-Q4_0.gguf")
        write_header(folder / "r" / "alpha-Q8_0.gguf")
        write_header(folder / "loose.gguf")
        models = {Path(model.path).stem: model.projector for model in shelf.scan()}
        assert models["alpha-Q4_0"] == str(folder / "r" / "deep" / "mmproj-F16.gguf")
        assert models["alpha-Q8_0"] == str(folder / "r" / "mmproj-F16.gguf")
        assert models["loose"] == ""
        assert {"mmproj-F16", "mmproj-BF16"} <= set(models)  # those that serve nobody

    def test_among_several_models_the_names_decide(self, shelf, folder):
        self.project(folder / "mmproj-gemma-3-4b-it-F16.gguf")
        self.project(folder / "mmproj-model-f16.gguf")
        write_header(folder / "gemma-3-4b-it-Q4_K_M.gguf")
        write_header(folder / "Qwen3-4B-Q4_K_M.gguf")
        assert self.seen(shelf) == {"gemma-3-4b-it-Q4_K_M": "mmproj-gemma-3-4b-it-F16.gguf", "Qwen3-4B-Q4_K_M": ""}

    def test_a_damaged_one_serves_nobody(self, shelf, folder):
        put(folder, "r/mmproj-F16.gguf")
        write_header(folder / "r" / "alpha.gguf")
        assert {Path(model.path).stem: (model.kind, model.projector) for model in shelf.scan()[:-1]} == {
            "alpha": (ModelKind.CHAT, ""),
            "mmproj-F16": (ModelKind.DAMAGED, ""),
        }

    def test_what_cannot_chat_has_none(self, shelf, folder):
        self.project(folder / "r" / "mmproj-F16.gguf")
        write_header(folder / "r" / "embed.gguf", "bert", template=None)
        assert all(model.projector == "" for model in shelf.scan())


class TestSources:
    def test_a_downloaded_file_knows_where_it_came_from(self, shelf, folder):
        path = write_header(folder / "Qwen" / "Qwen3-4B-GGUF" / "Qwen3-4B-Q8_0.gguf")
        shelves.note(path, "Qwen/Qwen3-4B-GGUF", "a" * 64)
        model = shelf.scan()[0]
        assert (model.repo, model.sha256) == ("Qwen/Qwen3-4B-GGUF", "a" * 64)

    def test_a_file_that_was_replaced_has_not_that_hash(self, shelf, folder):
        path = write_header(folder / "r" / "alpha.gguf")
        shelves.note(path, "o/r", "a" * 64)
        with path.open("ab") as file:
            file.write(b"more")
        model = shelf.scan()[0]
        assert (model.repo, model.sha256) == ("o/r", "")

    def test_equal_files_are_told_of_each_other(self, shelf, folder):
        paths = [write_header(folder / name / "alpha.gguf") for name in ("a", "b", "c")]
        for path, digit in zip(paths, "aab", strict=True):
            shelves.note(path, "o/r", digit * 64)
        found = {model.path: model.duplicates for model in shelf.scan()[:-1]}
        assert found == {str(paths[0]): (str(paths[1]),), str(paths[1]): (str(paths[0]),), str(paths[2]): ()}

    def test_files_of_which_nobody_told_a_hash_are_not_called_equal(self, shelf, folder):
        for name in ("a", "b"):
            write_header(folder / name / "alpha.gguf")
        assert [model.duplicates for model in shelf.scan()] == [(), (), ()]

    def test_a_file_that_is_seen_twice_is_listed_once(self, folder, tmp_path, starter):
        write_header(folder / "in" / "alpha.gguf")
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "beta.gguf").hardlink_to(folder / "in" / "alpha.gguf")
        folders = (folder / "in", tmp_path / "other", tmp_path / "gone")
        models = Shelf(folder, starter, folders=lambda: folders).scan()
        assert [(model.name, model.origin) for model in models] == [("alpha", "shelf"), (STARTER_NAME, "starter")]

    def test_added_folders_are_asked_for_at_each_scan(self, folder, tmp_path, starter):
        added = []
        shelf = Shelf(folder, starter, folders=lambda: tuple(added))
        assert len(shelf.scan()) == 1
        path = write_header(tmp_path / "added" / "alpha.gguf")
        added.append(path.parent)
        assert [(model.path, model.origin) for model in shelf.scan()[:-1]] == [(str(path), "folder")]

    def test_caches_of_other_programs_are_used_in_place(self, folder, tmp_path, starter):
        home = tmp_path / "home"
        write_header(home / ".lmstudio" / "models" / "lm" / "gemma-GGUF" / "gemma-Q4_0.gguf")
        write_header(home / ".lmstudio" / "models" / "lm" / "gemma-GGUF" / "mmproj-model-f16.gguf", "clip")
        write_header(home / ".local" / "share" / "Jan" / "data" / "llamacpp" / "models" / "jan-v1" / "model.gguf")
        write_header(home / ".cache" / "gpt4all" / "orca-Q4_0.gguf")
        store = home / ".ollama" / "models"
        blob = write_header(store / "blobs" / f"sha256-{'1' * 64}", pairs={"general.file_type": 7})
        projector = write_header(store / "blobs" / f"sha256-{'2' * 64}", "clip", template=None)
        kinds = (("model", "1"), ("projector", "2"))
        layers = [
            {"mediaType": f"application/vnd.ollama.image.{kind}", "digest": f"sha256:{d * 64}"} for kind, d in kinds
        ]
        manifest = store / "manifests" / "registry.ollama.ai" / "library" / "llava" / "7b"
        manifest.parent.mkdir(parents=True)
        manifest.write_text(json.dumps({"layers": layers}))
        before = fingerprints(home)
        around = Surroundings(home, platform="linux", system=tmp_path)
        models = {model.name: model for model in Shelf(folder, starter, None, tuple, True, around=around).scan()}
        assert set(models) == {"gemma", "jan-v1", "llava:7b", "orca", STARTER_NAME}
        assert (models["gemma"].origin, models["gemma"].repo) == ("lmstudio", "lm/gemma-GGUF")
        assert Path(models["gemma"].projector).name == "mmproj-model-f16.gguf"
        llava = models["llava:7b"]
        assert (llava.path, llava.quantization, llava.sha256) == (str(blob), "Q8_0", "1" * 64)
        assert (llava.projector, llava.origin, llava.kind) == (str(projector), "ollama", ModelKind.CHAT)
        assert (models["jan-v1"].origin, models["orca"].origin) == ("jan", "gpt4all")
        assert fingerprints(home) == before
        assert len(Shelf(folder, starter, around=around).scan()) == 1

    def test_equal_files_in_two_programs_are_told(self, folder, tmp_path, starter):
        path = write_header(folder / "o" / "r" / "alpha.gguf")
        shelves.note(path, "o/r", "1" * 64)
        store = tmp_path / "home" / ".ollama" / "models"
        blob = write_header(store / "blobs" / f"sha256-{'1' * 64}")
        manifest = store / "manifests" / "registry.ollama.ai" / "library" / "alpha" / "latest"
        manifest.parent.mkdir(parents=True)
        layer = {"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{'1' * 64}"}
        manifest.write_text(json.dumps({"layers": [layer]}))
        around = Surroundings(tmp_path / "home", platform="linux", system=tmp_path)
        models = Shelf(folder, starter, places=True, around=around).scan()[:-1]
        assert {model.path: model.duplicates for model in models} == {str(path): (str(blob),), str(blob): (str(path),)}


class TestIndexed:
    def test_what_was_found_is_known_at_the_next_start(self, folder, starter, tmp_path):
        path = write_header(folder / "alpha.gguf")
        index = tmp_path / "index.json"
        first = Shelf(folder, starter, index)
        assert [model.name for model in first.quick()] == [STARTER_NAME]
        found = first.scan()
        assert first.quick() == found
        path.unlink()
        second = Shelf(folder, starter, index)
        assert second.quick() == found  # without a look at the files
        assert [model.name for model in second.scan()] == [STARTER_NAME]

    def test_when_it_was_used_is_always_asked(self, folder, starter, tmp_path):
        path = write_header(folder / "alpha.gguf")
        times = {}
        shelf = Shelf(folder, starter, tmp_path / "index.json", used=lambda: times)
        assert shelf.scan()[0].last_used == 0
        times[str(path)] = 5.0
        assert shelf.quick()[0].last_used == 5.0
        assert shelf.scan()[0].last_used == 5.0

    def test_another_folder_is_another_shelf(self, folder, starter, tmp_path):
        write_header(folder / "alpha.gguf")
        shelf = Shelf(folder, starter, tmp_path / "index.json")
        shelf.scan()
        shelf.folder = tmp_path / "moved"
        assert [model.name for model in shelf.quick()] == [STARTER_NAME]

    def test_five_hundred_models_are_opened_fast_the_second_time(self, folder, starter, tmp_path):
        first = write_header(folder / "first.gguf", tensors=50).read_bytes()
        for number in range(499):
            path = folder / f"owner-{number // 25}" / f"repo-{number // 4}" / f"model-{number}-Q{number % 6 + 2}_K.gguf"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(first)
        index = tmp_path / "index.json"
        assert len(Shelf(folder, starter, index).scan()) == 501
        again = Shelf(folder, starter, index)
        start = time.thread_time()
        assert len(again.scan()) == 501
        assert time.thread_time() - start < 0.2


class TestDefault:
    def test_it_is_the_starter(self, shelf, folder):
        put(folder, "alpha.gguf")
        assert shelf.default().starter

    def test_without_a_starter_it_is_the_first_of_the_folder(self, folder, tmp_path):
        put(folder, "beta.gguf", "alpha.gguf")
        assert Shelf(folder, tmp_path / "none.gguf").default().name == "alpha"

    def test_one_that_can_chat_comes_before_one_that_cannot(self, folder, tmp_path):
        put(folder, "alpha.gguf")
        write_header(folder / "beta-embed.gguf", "bert", template=None)
        write_header(folder / "gamma.gguf")
        assert Shelf(folder, tmp_path / "none.gguf").default().name == "gamma"


class TestFind:
    @pytest.fixture(autouse=True)
    def models(self, folder):
        put(folder, "Alpha-7B-Q4_K_M.gguf", "Alpha-7B-Q8_0.gguf", "Beta-1B-Q4_0.gguf")

    @pytest.mark.parametrize(
        ("name", "stem"),
        [
            ("Beta-1B", "Beta-1B-Q4_0"),
            ("beta-1b", "Beta-1B-Q4_0"),
            ("be", "Beta-1B-Q4_0"),
            ("1B", "Beta-1B-Q4_0"),
            ("Alpha-7B-Q8_0", "Alpha-7B-Q8_0"),
            ("Alpha-7B-Q8_0.gguf", "Alpha-7B-Q8_0"),
            ("Alpha-7B · Q8_0", "Alpha-7B-Q8_0"),
            ("causerie starter", "causerie-starter-Q8_0"),
            ("starter", "causerie-starter-Q8_0"),
            ("causerie-starter-Q8_0.gguf", "causerie-starter-Q8_0"),
        ],
    )
    def test_a_name_or_its_beginning_or_a_file_name(self, shelf, name, stem, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        found = Path(shelf.find(name).path)
        assert found.stem == stem
        assert found.is_file()

    @pytest.mark.parametrize("name", ["Alpha-7B", "alpha"])
    def test_several_are_named(self, shelf, name):
        with pytest.raises(ModelError) as caught:
            shelf.find(name)
        assert caught.value.problem.code == "model_ambiguous"
        assert "Alpha-7B-Q4_K_M, Alpha-7B-Q8_0" in caught.value.problem.sentence

    def test_several_of_one_name_are_told_apart_by_their_paths(self, shelf):
        folders = [shelf.folder / maker for maker in ("maker", "other")]
        for folder in folders:
            put(folder, "Same-Q4_0.gguf")
        with pytest.raises(ModelError) as caught:
            shelf.find("same")
        assert ", ".join(str(folder / "Same-Q4_0.gguf") for folder in folders) in caught.value.problem.sentence

    @pytest.mark.parametrize("name", ["gamma", "x" * 400, "", " "])
    def test_an_unknown_name_is_told(self, shelf, name):
        assert code_of(shelf, name) == "model_unknown"

    def test_a_path_is_taken_as_it_is(self, shelf, tmp_path, monkeypatch):
        elsewhere = tmp_path / "elsewhere" / "Other-Q5_K_S.gguf"
        put(elsewhere.parent, elsewhere.name)
        monkeypatch.chdir(tmp_path)
        for name in (str(elsewhere), "elsewhere/Other-Q5_K_S.gguf"):
            found = shelf.find(name)
            assert (found.path, found.name, found.quantization, found.size) == (str(elsewhere), "Other", "Q5_K_S", 4)

    def test_a_file_here_comes_before_one_of_that_name_on_the_shelf(self, shelf, tmp_path, monkeypatch):
        put(tmp_path, "Beta-1B-Q4_0.gguf")
        monkeypatch.chdir(tmp_path)
        assert shelf.find("Beta-1B-Q4_0.gguf").path == str(tmp_path / "Beta-1B-Q4_0.gguf")

    @pytest.mark.parametrize("name", ["nowhere/gone.gguf", "gone.gguf"])
    def test_a_missing_file_is_left_to_the_engine_to_explain(self, shelf, name, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        assert (shelf.find(name).path, shelf.find(name).size) == (str(tmp_path / name), 0)

    def test_a_path_may_begin_at_home(self, shelf, tmp_path, monkeypatch):
        monkeypatch.setenv("HOME", str(tmp_path))
        assert shelf.find("~/x/one.gguf").path == str(tmp_path / "x" / "one.gguf")

    def test_the_home_of_nobody_is_part_of_the_name(self, shelf, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        assert shelf.find("~nobody-of-that-name/one.gguf").path == str(tmp_path / "~nobody-of-that-name" / "one.gguf")

    def test_the_starters_path_is_the_starter(self, shelf, starter):
        assert shelf.find(str(starter)).starter

    def test_a_name_that_is_not_text_is_refused(self, shelf):
        assert code_of(shelf, "caf\udce9.gguf") == "model_name_not_text"

    def test_a_path_on_the_shelf_is_the_model_there(self, shelf, folder):
        path = write_header(folder / "o" / "r" / "Gamma.gguf")
        shelves.note(path, "o/r", "a" * 64)
        assert shelf.find(str(path)).origin == "elsewhere"  # nobody has looked yet
        shelf.scan()
        assert (shelf.find(str(path)).repo, shelf.find(str(path)).origin) == ("o/r", "shelf")

    def test_a_path_elsewhere_has_its_facts(self, shelf, tmp_path):
        write_header(tmp_path / "x" / "m-00001-of-00002.gguf", "qwen3", pairs={"split.count": 2})
        write_header(tmp_path / "x" / "m-00002-of-00002.gguf", "qwen3", pairs={"split.count": 2}, template=None)
        found = shelf.find(str(tmp_path / "x" / "m-00001-of-00002.gguf"))
        assert (found.origin, found.shards, found.architecture, found.kind) == (
            "elsewhere",
            2,
            "qwen3",
            ModelKind.CHAT,
        )
        later = shelf.find(str(tmp_path / "x" / "m-00002-of-00002.gguf"))
        assert later.path.endswith("m-00002-of-00002.gguf")

    def test_companions_are_not_meant_by_a_name_but_by_a_file_name(self, shelf, folder):
        write_header(folder / "Gamma-Q4_0.gguf")
        write_header(folder / "Gamma-lora.gguf", pairs={"general.type": "adapter"}, template=None)
        assert Path(shelf.find("gam").path).stem == "Gamma-Q4_0"
        assert shelf.find("Gamma-lora.gguf").kind is ModelKind.ADAPTER
