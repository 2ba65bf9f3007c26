"""The index: a file is read once, until it changes; and nothing that lies on the disk can break it."""

import os
import threading

import msgspec
import pytest

from desktop_app.core.model import ShelfModel
from desktop_app.library.index import Index
from tests.helpers.gguf_headers import write_header


@pytest.fixture
def file(tmp_path):
    return tmp_path / "index.json"


@pytest.fixture
def model(tmp_path):
    return write_header(tmp_path / "models" / "m.gguf", pairs={"general.name": "One"})


def look_up(index, path):
    return index.look_up(path, path.stat())


def change_unnoticed(path):
    """Alter a file as nothing else ever does: size and time stay."""
    status = path.stat()
    path.write_bytes(path.read_bytes().replace(b"One", b"Two"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


class TestLookUp:
    def test_a_file_is_read_once(self, model):
        index = Index(None)
        assert look_up(index, model).facts.name == "One"
        change_unnoticed(model)
        assert look_up(index, model).facts.name == "One"

    def test_a_file_that_has_changed_is_read_again(self, model):
        index = Index(None)
        look_up(index, model)
        change_unnoticed(model)
        os.utime(model, ns=(0, 1_700_000_000_000_000_001))
        assert look_up(index, model).facts.name == "Two"
        with model.open("ab") as opened:
            opened.write(b"more")
        os.utime(model, ns=(0, 1_700_000_000_000_000_001))
        assert look_up(index, model).size == model.stat().st_size

    def test_what_is_wrong_with_a_file_is_kept_too(self, model):
        index = Index(None)
        model.write_bytes(model.read_bytes()[:50])
        problem = look_up(index, model).problem
        assert (problem.code, "m.gguf" in problem.sentence) == ("model_truncated", True)
        status = model.stat()
        model.write_bytes(b"PK\3\4" + bytes(46))
        os.utime(model, ns=(status.st_atime_ns, status.st_mtime_ns))
        assert look_up(index, model).problem.code == "model_truncated"

    def test_what_is_wrong_with_the_world_is_not(self, model):
        index = Index(None)
        status = model.stat()
        aside = model.rename(model.with_suffix(".aside"))
        assert index.look_up(model, status).problem.code == "model_missing"
        aside.rename(model)
        assert index.look_up(model, status).facts.name == "One"

    def test_several_threads_may_ask(self, tmp_path):
        paths = [write_header(tmp_path / f"{number}.gguf") for number in range(20)]
        index = Index(tmp_path / "index.json")
        found = []

        def ask():
            for path in paths:
                found.append(look_up(index, path).facts.architecture)
                index.keep(tmp_path, (), {str(one) for one in paths})

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == ["llama"] * 80


class TestKept:
    def test_the_next_program_knows_what_this_one_has_read(self, file, model):
        first = Index(file)
        look_up(first, model)
        first.keep(model.parent, (ShelfModel(str(model), "m", "", 4),), {str(model)})
        change_unnoticed(model)
        second = Index(file)
        assert look_up(second, model).facts.name == "One"
        assert second.models(model.parent) == first.models(model.parent)
        assert [one.name for one in second.models(model.parent)] == ["m"]

    def test_the_models_of_another_folder_are_not_told(self, file, model):
        index = Index(file)
        index.keep(model.parent, (ShelfModel(str(model), "m", "", 4),), set())
        assert index.models(model.parent / "other") == ()

    def test_files_that_are_gone_are_forgotten(self, file, model):
        index = Index(file)
        look_up(index, model)
        index.keep(model.parent, (), set())
        change_unnoticed(model)
        assert look_up(Index(file), model).facts.name == "Two"

    @pytest.mark.parametrize(
        "data",
        [b"", b"{", b"[]", b'{"version": 1, "entries": {"a": 5}}', b"\xff\xfe", b"[" * 100_000],
        ids=["empty", "cut", "list", "wrong", "binary", "deep"],
    )
    def test_one_that_is_damaged_or_foreign_is_begun_anew(self, file, model, data):
        file.write_bytes(data)
        index = Index(file)
        assert index.models(model.parent) == ()
        assert look_up(index, model).facts.name == "One"
        index.keep(model.parent, (), {str(model)})
        assert list(msgspec.json.decode(file.read_bytes())["entries"]) == [str(model)]

    def test_one_of_another_version_is_begun_anew(self, file, model):
        index = Index(file)
        look_up(index, model)
        index.keep(model.parent, (), {str(model)})
        file.write_bytes(msgspec.json.encode({**msgspec.json.decode(file.read_bytes()), "version": 0}))
        change_unnoticed(model)
        assert look_up(Index(file), model).facts.name == "Two"

    def test_it_is_replaced_whole(self, file, model):
        index = Index(file)
        index.keep(model.parent, (), set())
        before = file.stat()
        with file.open("rb") as reader:
            look_up(index, model)
            index.keep(model.parent, (), {str(model)})
            assert msgspec.json.decode(reader.read())["entries"] == {}
        assert file.stat().st_ino != before.st_ino
        assert [path.name for path in file.parent.iterdir() if path.is_file()] == [file.name]

    def test_it_is_not_written_again_when_nothing_is_new(self, file, model):
        index = Index(file)
        index.keep(model.parent, (), set())
        os.utime(file, ns=(0, 5_000))
        index.keep(model.parent, (), set())
        again = Index(file)
        again.models(model.parent)
        again.keep(model.parent, (), set())
        assert file.stat().st_mtime_ns == 5_000

    def test_without_a_place_it_lives_in_memory(self, tmp_path, model):
        index = Index(tmp_path / "nowhere" / "index.json")
        look_up(index, model)
        index.keep(model.parent, (ShelfModel(str(model), "m", "", 4),), {str(model)})
        assert len(index.models(model.parent)) == 1
        assert not (tmp_path / "nowhere").exists()
