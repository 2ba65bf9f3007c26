"""What a person has settled about models: kept, shared by programs, and never lost to a bad file."""

import json
from pathlib import Path

import filelock
import pytest

from desktop_app.core.errors import ShelfError
from desktop_app.core.model import ModelDefaults
from desktop_app.library import records as records_module
from desktop_app.library.records import Records
from tests.helpers.stores import start_python

DEFAULTS = ModelDefaults(8192, 20, "Precise", "Be brief.", "{{ x }}", "Good at French.")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "shelf.json"


@pytest.fixture
def records(file):
    return Records(file)


def code_of(change):
    with pytest.raises(ShelfError) as caught:
        change()
    assert caught.value.problem.sentence.endswith(".")
    return caught.value.problem.code


class TestModels:
    def test_defaults_are_kept(self, records, file):
        records.set_defaults("/m/a.gguf", DEFAULTS)
        records.set_defaults("/m/b.gguf", ModelDefaults(notes="x"))
        assert Records(file).defaults("/m/a.gguf") == records.defaults("/m/a.gguf") == DEFAULTS
        assert records.defaults("/m/c.gguf") == ModelDefaults()

    def test_the_last_use_is_the_latest(self, records):
        records.used("/m/a.gguf", 5.0)
        records.used("/m/a.gguf", 4.0)
        records.used("/m/b.gguf", 1.5)
        records.set_defaults("/m/a.gguf", DEFAULTS)
        assert records.last_used() == {"/m/a.gguf": 5.0, "/m/b.gguf": 1.5}
        assert records.defaults("/m/a.gguf") == DEFAULTS

    def test_what_is_as_it_was_takes_no_place(self, records, file):
        records.set_defaults("/m/a.gguf", DEFAULTS)
        records.set_defaults("/m/a.gguf", ModelDefaults())
        assert json.loads(file.read_text())["models"] == {}

    def test_nothing_kept_is_nothing_written(self, records, file):
        assert (records.defaults("/m"), records.last_used(), records.folders()) == (ModelDefaults(), {}, ())
        records.forget("/m/a.gguf")
        assert not file.exists()

    def test_a_model_may_move(self, records):
        records.set_defaults("/m/a.gguf", DEFAULTS)
        records.used("/m/b.gguf", 1.0)
        records.rename("/m/a.gguf", "/m/b.gguf")  # where another one was once
        assert records.defaults("/m/b.gguf") == DEFAULTS
        assert records.last_used() == {}
        records.rename("/m/nothing.gguf", "/m/b.gguf")
        assert records.defaults("/m/b.gguf") == DEFAULTS

    def test_a_folder_may_move(self, records, tmp_path):
        old, new = tmp_path / "old", tmp_path / "new"
        records.used(str(old / "deep" / "a.gguf"), 1.0)
        records.used(str(tmp_path / "older" / "b.gguf"), 2.0)
        records.move_folder(old, new)
        assert records.last_used() == {str(new / "deep" / "a.gguf"): 1.0, str(tmp_path / "older" / "b.gguf"): 2.0}

    def test_a_model_may_be_forgotten(self, records):
        records.used("/m/a.gguf", 1.0)
        records.used("/m/b.gguf", 2.0)
        records.forget("/m/a.gguf")
        assert records.last_used() == {"/m/b.gguf": 2.0}


class TestFolders:
    def test_each_is_kept_once_in_order(self, records, file):
        for name in ("one", "two", "one"):
            records.add_folder(Path("/f") / name)
        assert Records(file).folders() == (Path("/f/two"), Path("/f/one"))
        records.remove_folder(Path("/f/two"))
        records.remove_folder(Path("/f/three"))
        assert records.folders() == (Path("/f/one"),)


class TestFile:
    def test_another_programs_changes_are_seen(self, records, file):
        other = Records(file)
        records.used("/m/a.gguf", 1.0)
        assert other.last_used() == {"/m/a.gguf": 1.0}
        other.used("/m/b.gguf", 2.0)
        assert records.last_used() == {"/m/a.gguf": 1.0, "/m/b.gguf": 2.0}

    def test_two_programs_lose_nothing(self, records, file):
        program = (
            "import sys\n"
            "from pathlib import Path\n"
            "from desktop_app.library.records import Records\n"
            "records = Records(Path(sys.argv[1]))\n"
            "sys.stdin.readline()\n"
            "for number in range(40): records.used(f'/{sys.argv[2]}/{number}', 1.0)\n"
        )
        started = [start_python(program, file, name) for name in "ab"]
        for process in started:
            process.stdin.write("go\n")
            process.stdin.flush()
        for number in range(40):
            records.used(f"/c/{number}", 1.0)
        for process in started:
            process.communicate(timeout=60)
            assert process.returncode == 0
        assert len(records.last_used()) == 120

    @pytest.mark.parametrize(
        "data",
        [b"", b"{", b"[]", b'{"folders": 5}', b"\xff", b"[" * 100_000],
        ids=["", "cut", "list", "bad", "ff", "deep"],
    )
    def test_a_damaged_file_is_kept_aside(self, records, file, data):
        file.write_bytes(data)
        assert records.folders() == ()
        problem = records.take_problem()
        assert problem.code == "records_damaged"
        aside = file.with_name("shelf.json.damaged-1")
        assert str(aside) in problem.kept
        assert aside.read_bytes() == data
        assert records.take_problem() is None
        records.add_folder(Path("/f"))
        assert records.folders() == (Path("/f"),)
        assert records.take_problem() is None

    def test_a_change_to_a_damaged_file_tells_too(self, records, file):
        file.write_bytes(b"{")
        assert code_of(lambda: records.add_folder(Path("/f"))) == "records_damaged"
        file.write_bytes(b"[")
        assert code_of(lambda: records.add_folder(Path("/f"))) == "records_damaged"
        assert file.with_name("shelf.json.damaged-2").read_bytes() == b"["

    def test_a_newer_file_is_read_and_not_changed(self, records, file):
        text = '{"version": 2, "folders": ["/f"], "future": true}'
        file.write_text(text)
        assert records.folders() == (Path("/f"),)
        assert code_of(lambda: records.add_folder(Path("/g"))) == "records_newer"
        assert file.read_text() == text

    def test_numbers_that_mean_nothing_are_left_out(self, records, file):
        defaults = {"context_length": -5, "gpu_layers": -9, "notes": "kept"}
        file.write_text(json.dumps({"models": {"/m/a.gguf": {"defaults": defaults}}}))
        assert records.defaults("/m/a.gguf") == ModelDefaults(notes="kept")

    def test_a_file_that_another_program_holds_is_not_waited_for_for_ever(self, records, file, monkeypatch):
        monkeypatch.setattr(records_module, "LOCK_SECONDS", 0.1)
        with filelock.FileLock(f"{file}.lock"):
            assert code_of(lambda: records.used("/m", 1.0)) == "records_unusable"
        records.used("/m", 1.0)
        assert records.last_used() == {"/m": 1.0}

    def test_a_file_that_cannot_be_read_tells_why(self, records, file):
        file.mkdir()
        assert records.folders() == ()
        assert records.take_problem().code == "records_unusable"
        assert code_of(lambda: records.used("/m", 1.0)) == "records_unusable"

    def test_a_change_that_cannot_be_written_leaves_the_old_file(self, records, file):
        records.used("/m/a.gguf", 1.0)
        before = file.read_bytes()
        (file.parent / "shelf.json.tmp").mkdir()  # in the place of the new contents
        assert code_of(lambda: records.used("/m/b.gguf", 1.0)) == "records_unusable"
        assert file.read_bytes() == before
        assert sorted(path.name for path in file.parent.iterdir()) == ["shelf.json", "shelf.json.tmp"]
