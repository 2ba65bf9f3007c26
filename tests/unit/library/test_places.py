"""The caches of other programs, as they lie in a made-up home on each system."""

import hashlib
import json
import os
import sys
from pathlib import Path

import pytest

from desktop_app.library import places
from desktop_app.library.places import Surroundings
from tests.helpers.stores import fingerprints

COMMIT = "0123456789abcdef0123456789abcdef01234567"
links = pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links")


@pytest.fixture
def home(tmp_path):
    return tmp_path / "someone"


@pytest.fixture
def around(home, tmp_path):
    return Surroundings(home, platform="linux", system=tmp_path / "system")


def put(path, data=b"GGUF"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return path


def paths_of(found):
    return sorted(one.path for one in found)


class TestHuggingface:
    def cached(self, hub, repo="Qwen/Qwen3-4B-GGUF", name="Qwen3-4B-Q4_K_M.gguf", commit=COMMIT, data=b"GGUF a"):
        """A file as huggingface_hub keeps it: a link to a blob that is named by its hash."""
        folder = hub / f"models--{repo.replace('/', '--')}"
        sha256 = hashlib.sha256(data).hexdigest()
        put(folder / "blobs" / sha256, data)
        link = folder / "snapshots" / commit / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(os.path.relpath(folder / "blobs" / sha256, link.parent))
        return link, sha256

    @links
    def test_links_tell_repository_and_hash(self, around, home):
        link, sha256 = self.cached(home / ".cache" / "huggingface" / "hub")
        (found,) = places.huggingface(around)
        assert (found.path, found.sha256) == (link, sha256)
        assert (found.repo, found.origin, found.root) == ("Qwen/Qwen3-4B-GGUF", "huggingface", link.parent)

    @links
    def test_shards_in_folders_of_a_snapshot(self, around, home):
        hub = home / ".cache" / "huggingface" / "hub"
        one, _ = self.cached(hub, name="Q8_0/big-00001-of-00002.gguf", data=b"GGUF 1")
        two, _ = self.cached(hub, name="Q8_0/big-00002-of-00002.gguf", data=b"GGUF 2")
        found = list(places.huggingface(around))
        assert paths_of(found) == [one, two]
        assert {one.root.name for one in found} == {COMMIT}

    @links
    def test_the_main_branch_comes_first(self, around, home):
        hub = home / ".cache" / "huggingface" / "hub"
        self.cached(hub, commit="a" * 40)
        current, _ = self.cached(hub, commit="b" * 40)
        put(current.parents[2] / "refs" / "main", b"b" * 40)
        assert [found.root.name[0] for found in places.huggingface(around)] == ["b", "a"]

    @links
    def test_only_a_sha256_is_a_hash(self, around, home):
        hub = home / ".cache" / "huggingface" / "hub"
        link, sha256 = self.cached(hub)
        link.unlink()
        link.symlink_to((link.parents[2] / "blobs" / sha256).rename(link.parents[2] / "blobs" / ("a" * 40)))
        (found,) = places.huggingface(around)
        assert (found.path, found.sha256) == (link, "")

    def test_without_links_there_is_no_hash(self, around, home):
        hub = home / ".cache" / "huggingface" / "hub"
        put(hub / "models--gpt2" / "snapshots" / COMMIT / "gpt2.gguf")
        put(hub / "datasets--a--b" / "snapshots" / COMMIT / "x.gguf")
        put(hub / "version.txt")
        (found,) = places.huggingface(around)
        assert (found.repo, found.sha256) == ("gpt2", "")

    @pytest.mark.parametrize(
        ("variable", "value", "hub"),
        [
            ("HF_HOME", "hf", "hf/hub"),
            ("HF_HUB_CACHE", "cache", "cache"),
            ("HUGGINGFACE_HUB_CACHE", "cache", "cache"),
            ("XDG_CACHE_HOME", "xdg", "xdg/huggingface/hub"),
        ],
    )
    def test_variables_move_it(self, home, tmp_path, variable, value, hub):
        path = put(tmp_path / hub / "models--a--b" / "snapshots" / COMMIT / "m.gguf")
        around = Surroundings(home, {variable: str(tmp_path / value)}, "linux")
        assert paths_of(places.huggingface(around)) == [path]

    def test_a_variable_may_begin_at_home_but_not_anywhere(self, home):
        path = put(home / "hf" / "hub" / "models--a--b" / "snapshots" / COMMIT / "m.gguf")
        assert paths_of(places.huggingface(Surroundings(home, {"HF_HOME": "~/hf"}, "linux"))) == [path]
        for value in ("hf", "~nobody/hf", "a\0b", ""):
            assert list(places.huggingface(Surroundings(home, {"HF_HOME": value}, "linux"))) == []


class TestLmStudio:
    def test_its_folders_are_those_of_the_hub(self, around, home):
        path = put(home / ".lmstudio" / "models" / "lmstudio-community" / "gemma-3-4b-it-GGUF" / "g-Q4_0.gguf")
        (found,) = places.lmstudio(around)
        assert (found.path, found.repo) == (path, "lmstudio-community/gemma-3-4b-it-GGUF")
        assert found.root == path.parent

    def test_a_loose_file_has_no_repository(self, around, home):
        path = put(home / ".lmstudio" / "models" / "loose.gguf")
        (found,) = places.lmstudio(around)
        assert (found.repo, found.root) == ("", path.parent)

    def test_the_older_home_the_pointer_the_chosen_folder_and_what_comes_with_it(self, around, home, tmp_path):
        expected = [
            put(home / ".cache" / "lm-studio" / "models" / "a" / "b" / "old.gguf"),
            put(tmp_path / "moved" / "models" / "a" / "b" / "moved.gguf"),
            put(tmp_path / "big disk" / "a" / "b" / "chosen.gguf"),
            put(tmp_path / "moved" / ".internal" / "bundled-models" / "a" / "b" / "with.gguf"),
        ]
        put(home / ".lmstudio-home-pointer", f"{tmp_path / 'moved'}\n".encode())
        put(tmp_path / "moved" / "settings.json", {"downloadsFolder": str(tmp_path / "big disk")})
        assert paths_of(places.lmstudio(around)) == sorted(expected)

    @pytest.mark.parametrize("settings", [b"{", b"[]", b"[" * 100_000, b'{"downloadsFolder": 5}', b'""'])
    def test_settings_that_are_none_do_no_harm(self, around, home, settings):
        path = put(home / ".lmstudio" / "models" / "m.gguf")
        put(home / ".lmstudio" / "settings.json", settings)
        put(home / ".lmstudio-home-pointer", b"\xff\0")
        assert paths_of(places.lmstudio(around)) == [path]


class TestOllama:
    @pytest.fixture
    def store(self, home):
        return home / ".ollama" / "models"

    def pulled(self, store, name, data=b"GGUF a", projector=None, blob="sha256-{}"):
        """A model as Ollama keeps it."""
        layers = [("template", b"{{ .Prompt }}"), ("model", data), ("params", b"{}")]
        layers += [("projector", projector)] if projector else []
        noted, paths = [], {}
        for kind, content in layers:
            digest = hashlib.sha256(content).hexdigest()
            paths[kind] = put(store / "blobs" / blob.format(digest), content)
            media = f"application/vnd.ollama.image.{kind}"
            noted.append({"mediaType": media, "digest": f"sha256:{digest}", "size": len(content)})
        put(store / "manifests" / name, {"schemaVersion": 2, "config": {}, "layers": noted})
        return paths

    @pytest.mark.parametrize(
        ("manifest", "name", "repo"),
        [
            ("registry.ollama.ai/library/llama3.2/1b", "llama3.2:1b", ""),
            ("registry.ollama.ai/library/llama3.2/latest", "llama3.2", ""),
            ("registry.ollama.ai/mattw/pygmalion/latest", "mattw/pygmalion", ""),
            ("hf.co/unsloth/Qwen3-4B-GGUF/Q4_K_M", "Qwen3-4B", "unsloth/Qwen3-4B-GGUF"),
            ("example.org/a/b/c", "example.org/a/b:c", ""),
        ],
    )
    def test_a_manifest_names_its_blob(self, around, store, manifest, name, repo):
        paths = self.pulled(store, manifest)
        (found,) = places.ollama(around)
        assert (found.path, found.name, found.repo, found.origin) == (paths["model"], name, repo, "ollama")
        assert found.sha256 == hashlib.sha256(b"GGUF a").hexdigest()
        assert found.projector is None

    def test_a_projector_comes_with_its_model(self, around, store):
        paths = self.pulled(store, "registry.ollama.ai/library/gemma3/4b", projector=b"GGUF p")
        (found,) = places.ollama(around)
        assert found.projector == paths["projector"]

    @pytest.mark.skipif(sys.platform == "win32", reason="a colon is no part of a name there")
    def test_blobs_had_a_colon_once(self, around, store):
        paths = self.pulled(store, "registry.ollama.ai/library/old/latest", blob="sha256:{}")
        (found,) = places.ollama(around)
        assert found.path == paths["model"]
        assert len(found.sha256) == 64

    @pytest.mark.parametrize(
        "manifest",
        [
            b"{",
            b"[]",
            b'{"layers": 5}',
            b'{"layers": [5, {}, {"mediaType": 1, "digest": 2}]}',
            b'{"layers": [{"mediaType": "application/vnd.ollama.image.model", "digest": "sha256:../../../etc"}]}',
            b'{"layers": [{"mediaType": "application/vnd.ollama.image.tensor", "digest": "sha256:'
            + b"a" * 64
            + b'"}]}',
        ],
    )
    def test_a_manifest_that_is_none_is_passed_over(self, around, store, manifest):
        put(store / "manifests" / "registry.ollama.ai" / "library" / "bad" / "latest", manifest)
        put(store / "manifests" / "registry.ollama.ai" / ".DS_Store", b"junk")
        self.pulled(store, "registry.ollama.ai/library/good/latest")
        assert [found.name for found in places.ollama(around)] == ["good"]

    def test_the_service_and_a_variable_have_their_own_stores(self, home, tmp_path):
        system = tmp_path / "system"
        self.pulled(system / "usr/share/ollama/.ollama/models", "registry.ollama.ai/library/served/latest")
        self.pulled(tmp_path / "chosen", "registry.ollama.ai/library/chosen/latest")
        around = Surroundings(home, {"OLLAMA_MODELS": str(tmp_path / "chosen")}, "linux", system)
        assert {found.name for found in places.ollama(around)} == {"served", "chosen"}


class TestJan:
    @pytest.mark.parametrize(
        ("platform", "data"),
        [
            ("linux", ".local/share/Jan/data"),
            ("linux", ".config/Jan/data"),
            ("darwin", "Library/Application Support/Jan/data"),
            ("win32", "AppData/Roaming/Jan/data"),
            ("linux", "jan"),
        ],
    )
    @pytest.mark.parametrize("inner", ["llamacpp/models/janhq/Jan-v1-4B/model.gguf", "models/jan-v1/m.gguf"])
    def test_its_data_folder(self, home, platform, data, inner):
        path = put(home / data / inner)
        (found,) = places.jan(Surroundings(home, platform=platform))
        assert (found.path, found.origin, found.root) == (path, "jan", path.parent)

    def test_the_folder_that_was_chosen(self, around, home, tmp_path):
        path = put(tmp_path / "chosen" / "llamacpp" / "models" / "x" / "model.gguf")
        put(home / ".local" / "share" / "Jan" / "settings.json", {"data_folder": str(tmp_path / "chosen")})
        assert paths_of(places.jan(around)) == [path]
        variable = {"JAN_DATA_FOLDER": str(tmp_path / "chosen")}
        assert paths_of(places.jan(Surroundings(tmp_path / "other", variable, "linux"))) == [path]


class TestGpt4All:
    @pytest.mark.parametrize(
        ("platform", "folder"),
        [
            ("linux", ".local/share/nomic.ai/GPT4All"),
            ("darwin", "Library/Application Support/nomic.ai/GPT4All"),
            ("win32", "AppData/Local/nomic.ai/GPT4All"),
            ("linux", ".cache/gpt4all"),
        ],
    )
    def test_its_folder_without_what_is_not_there_yet(self, home, platform, folder):
        path = put(home / folder / "Llama-3.2-1B-Instruct-Q4_0.gguf")
        put(home / folder / "incomplete-Phi-3-Q4_0.gguf")
        assert paths_of(places.gpt4all(Surroundings(home, platform=platform))) == [path]

    @pytest.mark.parametrize(
        ("platform", "ini"), [("linux", ".config"), ("darwin", ".config"), ("win32", "AppData/Roaming")]
    )
    def test_the_folder_that_was_chosen(self, home, tmp_path, platform, ini):
        path = put(tmp_path / "my models" / "m.gguf")
        text = f"[General]\nchatTheme=Dark\nmodelPath={tmp_path / 'my models'}/\n"
        put(home / ini / "nomic.ai" / "GPT4All.ini", text.encode())
        assert paths_of(places.gpt4all(Surroundings(home, platform=platform))) == [path]


class TestAll:
    def test_nothing_there_is_nothing_found(self, around):
        assert list(places.find_all(around)) == []

    def test_a_computer_without_a_home(self, tmp_path):
        assert list(places.find_all(Surroundings(None, platform="linux", system=tmp_path))) == []

    def test_this_computer_is_looked_at_as_it_is(self, monkeypatch, tmp_path):
        monkeypatch.setenv("HF_HOME", str(tmp_path))
        monkeypatch.setenv("HOME" if sys.platform != "win32" else "USERPROFILE", str(tmp_path))
        around = Surroundings.of_this_computer()
        assert (around.home, around.variable("HF_HOME")) == (tmp_path, tmp_path)
        monkeypatch.setenv("HF_HOME", "/elsewhere")  # as the Hub's client does
        assert around.variable("HF_HOME") == tmp_path

    def test_nothing_is_changed(self, around, home):
        put(home / ".lmstudio" / "models" / "a" / "b" / "m.gguf")
        put(home / ".local" / "share" / "nomic.ai" / "GPT4All" / "m.gguf")
        store = home / ".ollama" / "models"
        TestOllama().pulled(store, "registry.ollama.ai/library/m/latest")
        before = fingerprints(home)
        assert len(list(places.find_all(around))) == 3
        assert fingerprints(home) == before


class TestGgufFiles:
    def test_folders_with_models_and_what_belongs_to_them(self, tmp_path):
        for name in ("a.gguf", "B.GGUF", "a.gguf.0123.part", ".causerie.json", "read.me", "._a.gguf"):
            put(tmp_path / "one" / name)
        put(tmp_path / "two" / "read.me")
        put(tmp_path / ".Trash-1000" / "files" / "gone.gguf")
        ((folder, names),) = places.gguf_files(tmp_path)
        assert folder == str(tmp_path / "one")
        assert sorted(names) == [".causerie.json", "B.GGUF", "a.gguf", "a.gguf.0123.part"]

    def test_it_goes_only_so_deep(self, tmp_path):
        deep = put(tmp_path.joinpath(*["d"] * places.DEEPEST) / "m.gguf")
        put(deep.parent / "d" / "m.gguf")
        assert [Path(folder) for folder, _ in places.gguf_files(tmp_path)] == [deep.parent]

    def test_it_sees_only_so_much(self, tmp_path, monkeypatch):
        monkeypatch.setattr(places, "MOST_ENTRIES", 20)
        for number in range(50):
            put(tmp_path / f"{number:02d}" / "m.gguf")
        assert len(list(places.gguf_files(tmp_path))) < 20
