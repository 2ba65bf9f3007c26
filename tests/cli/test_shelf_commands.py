"""``main.py models list``, ``import``, ``verify``, ``delete`` and ``move``."""

import hashlib
import os
import random
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from desktop_app.library import manifest, moving
from desktop_app.system.paths import AppPaths, starter_model
from desktop_app.system.settings import Settings
from tests.helpers.gguf_headers import write_header
from tests.helpers.hearing import desk_in, until
from tests.helpers.programs import Program
from tests.helpers.shelves import Trash, contents, note, put


@pytest.fixture
def models(profile):
    folder = profile / "models"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def trash(tmp_path, monkeypatch):
    return Trash(tmp_path / "trash" / "Trash", monkeypatch)


def with_source(path, repo="maker/a"):
    note(path, repo, hashlib.sha256(path.read_bytes()).hexdigest())
    return path


def damage(path):
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def shelf_setting(profile):
    settings, _ = Settings.load(AppPaths.under(profile).settings_file)
    return settings["models_folder"]


class TestList:
    def test_fields_for_programs(self, cli, models):
        path = write_header(models / "a-Q4_0.gguf", "qwen3", pairs={".context_length": 4096})
        first, starter = cli("models", "list", "--json").record
        assert {
            "path": str(path),
            "name": "a",
            "quantization": "Q4_0",
            "size": path.stat().st_size,
            "starter": False,
            "kind": "chat",
            "architecture": "qwen3",
            "context_length": 4096,
            "origin": "shelf",
            "shards": 1,
            "known_architecture": True,
            "warning": "",
        }.items() <= first.items()
        assert (starter["starter"], starter["origin"]) == (True, "starter")

    def test_for_people(self, cli, models):
        write_header(models / "a-Q4_0.gguf", "qwen3", pairs={".context_length": 4096})
        lines = [line.strip() for line in cli("models", "list").out.splitlines()]
        assert lines[0].endswith("GB  a · Q4_0")
        assert lines[1:3] == [str(models / "a-Q4_0.gguf"), "qwen3 · 0 M · 4096 tokens"]
        assert lines[4] == str(starter_model())

    def test_what_to_know_before_it_is_loaded(self, cli, models):
        write_header(models / "a-Q4_0.gguf", "notyet")
        assert "does not know this kind of model (“notyet”)" in cli("models", "list").out

    def test_a_shelf_on_a_drive_that_is_not_connected(self, cli, profile, tmp_path):
        paths = AppPaths.under(profile)
        paths.ensure()
        Settings(paths.settings_file).update({"models_folder": str(tmp_path / "drive" / "models")})
        for how in ((), ("--json",)):
            done = cli("models", "list", *how)
            assert done.code == 0
            assert done.err.startswith(f"The folder of the shelf, {tmp_path / 'drive' / 'models'}, is not there.")
        assert [one["starter"] for one in done.record] == [True]

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
    def test_a_name_does_not_move_the_cursor(self, cli, models):
        write_header(models / "a\x1b[2J\nb.gguf")
        out = cli("models", "list").out
        assert "\x1b" not in out
        assert str(models / "a\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}b.gguf") in out


class TestVerify:
    def test_the_right_hash(self, cli, models):
        with_source(write_header(models / "a.gguf"))
        done = cli("models", "verify", "a")
        assert (done.code, done.err) == (0, "")
        assert done.out == "a.gguf is intact: it is the file that maker/a offers.\n"

    def test_one_that_differs_is_named_and_the_code_is_1(self, cli, models):
        with_source(write_header(models / "a.gguf"))
        wrong = with_source(write_header(models / "b.gguf"), "maker/b")
        damage(wrong)
        done = cli("models", "verify", "--all")
        assert done.code == 1
        assert "a.gguf is intact" in done.out
        assert done.err.startswith("b.gguf is damaged or was changed: it is not the file that maker/b offers.")
        assert done.err.count("\n") == 1

    def test_for_programs(self, cli, models):
        path = with_source(write_header(models / "a.gguf"))
        expected = hashlib.sha256(path.read_bytes()).hexdigest()
        damage(path)
        done = cli("models", "verify", "a", "--json")
        assert done.code == 1
        assert done.record == [
            {
                "path": str(path),
                "outcome": "different",
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
                "expected": expected,
                "source": "maker/a",
            }
        ]

    def test_of_unknown_source_it_says_so_and_what_the_hash_is(self, cli, models):
        path = write_header(models / "a.gguf")
        done = cli("models", "verify", str(path))
        assert done.code == 0
        assert hashlib.sha256(path.read_bytes()).hexdigest() in done.out
        assert "nothing to compare it with" in done.out

    def test_a_part_that_is_missing(self, cli, models):
        write_header(models / "a-00001-of-00002.gguf")
        done = cli("models", "verify", "a")
        assert done.code == 1
        assert done.err.startswith("a-00001-of-00002.gguf is one part of a model, and these are missing:")

    def test_a_missing_file(self, cli, models):
        done = cli("models", "verify", models / "no.gguf")
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("There is no file ")

    def test_an_unknown_name(self, cli, models):
        done = cli("models", "verify", "nonesuch")
        assert (done.code, done.err) == (
            1,
            "There is no model named “nonesuch” on this computer. See: models list.\n",
        )

    @pytest.mark.parametrize("wrong", [(), ("a", "--all")])
    def test_wrong_usage(self, cli, profile, wrong):
        done = cli("models", "verify", *wrong)
        assert (done.code, done.out) == (2, "")
        assert not profile.exists()


class TestImport:
    def test_a_copy(self, cli, models, tmp_path):
        path = write_header(tmp_path / "downloads" / "a.gguf")
        done = cli("models", "import", path)
        assert (done.code, done.out) == (0, f"{models / 'a.gguf'}\n")
        assert (models / "a.gguf").read_bytes() == path.read_bytes()

    def test_moved(self, cli, models, tmp_path):
        path = write_header(tmp_path / "downloads" / "a.gguf")
        assert cli("models", "import", path, "--move", "--json").record == {"imported": str(models / "a.gguf")}
        assert not path.exists()

    def test_what_is_no_model(self, cli, models, tmp_path):
        done = cli("models", "import", put(tmp_path / "a.gguf", b"something else"))
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("a.gguf is not a model in the GGUF format.")

    def test_without_a_file(self, cli):
        assert cli("models", "import").code == 2


class TestDelete:
    def test_to_the_trash(self, cli, models, trash):
        path = with_source(write_header(models / "a-Q4_0.gguf"))
        assert cli("models", "delete", "a-Q4_0.gguf", "--json").record == {"deleted": str(path), "files": [str(path)]}
        assert trash.names == ["a-Q4_0.gguf"]
        assert contents(models) == {}

    def test_for_people(self, cli, models, trash):
        write_header(models / "a-Q4_0.gguf")
        done = cli("models", "delete", "a")
        assert (done.code, done.out, done.err) == (0, "", "a · Q4_0 is in the trash.\n")

    def test_without_a_trash(self, cli, models, trash):
        trash.break_it()
        path = write_header(models / "a.gguf")
        done = cli("models", "delete", path)
        assert (done.code, done.out) == (1, "")
        assert "Nothing was deleted." in done.err
        assert path.exists()

    def test_what_is_not_there(self, cli, models, trash, tmp_path):
        done = cli("models", "delete", tmp_path / "a.gguf")
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith(f"There is no file {tmp_path / 'a.gguf'}.")

    def test_the_starter_stays(self, cli, models, trash):
        done = cli("models", "delete", "Causerie Starter")
        assert done.code == 1
        assert "comes with Causerie" in done.err
        assert starter_model().exists()

    def test_a_file_of_another_program_stays(self, cli, models, trash):
        theirs = write_header(Path.home() / ".lmstudio" / "models" / "maker" / "a" / "a-Q4_0.gguf")
        done = cli("models", "delete", "a")
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("a-Q4_0.gguf belongs to LM Studio, so Causerie has not deleted it.")
        assert theirs.exists()


class TestMove:
    def test_everything_and_the_setting(self, cli, models, profile, tmp_path):
        path = with_source(write_header(models / "maker" / "a" / "a.gguf"))
        size, new = path.stat().st_size, tmp_path / "drive"
        done = cli("models", "move", new, "--json")
        assert (done.code, done.record) == (0, {"folder": str(new), "bytes": size, "left": []})
        assert shelf_setting(profile) == str(new)
        assert cli("models", "list", "--json").record[0]["path"] == str(new / "maker/a/a.gguf")
        assert cli("models", "verify", "a").code == 0
        assert contents(models) == {}

    def test_below_the_home_folder(self, cli, models):
        path = write_header(models / "a.gguf")
        assert cli("models", "move", "~/drive", "--json").record["folder"] == str(Path.home() / "drive")
        assert not path.exists()

    def test_the_model_of_the_settings_follows(self, cli, models, profile, tmp_path):
        write_header(models / "a.gguf")
        paths = AppPaths.under(profile)
        paths.ensure()
        Settings(paths.settings_file).update({"model": str(models / "a.gguf")})
        assert cli("models", "move", tmp_path / "drive").err == f"The shelf is in {tmp_path / 'drive'}.\n"
        assert cli("chat", "say x", "--json").records[0]["path"] == str(tmp_path / "drive" / "a.gguf")

    def test_back_to_the_first_place_the_setting_is_the_default_again(self, cli, models, profile, tmp_path):
        write_header(models / "a.gguf")
        cli("models", "move", tmp_path / "drive")
        cli("models", "move", models)
        assert shelf_setting(profile) == ""
        assert contents(models).keys() == {"a.gguf"}

    def test_where_it_is_already(self, cli, models):
        write_header(models / "a.gguf")
        assert cli("models", "move", models).code == 0
        assert contents(models).keys() == {"a.gguf"}

    def test_into_itself(self, cli, models, profile):
        done = cli("models", "move", models / "inside")
        assert (done.code, done.out) == (1, "")
        assert "one of the two folders lies in the other" in done.err
        assert shelf_setting(profile) == ""

    def test_not_while_the_window_is_open(self, cli, models, profile, tmp_path):
        write_header(models / "a.gguf")
        AppPaths.under(profile).lock_file.write_text(f"{os.getpid()}\ncauserie\nhost\n")
        done = cli("models", "move", tmp_path / "drive")
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("The window of Causerie is open.")
        assert contents(models).keys() == {"a.gguf"}

    def test_a_lock_that_a_killed_window_left_is_no_obstacle(self, cli, models, profile, tmp_path):
        AppPaths.under(profile).lock_file.write_text("999999999\ncauserie\nhost\n")
        assert cli("models", "move", tmp_path / "drive").code == 0

    def test_a_model_that_is_loaded_meanwhile_by_nobody(self, cli, models, profile, tmp_path):
        """The services of a desk read the same setting: they find the shelf at its new place."""
        write_header(models / "a.gguf")
        cli("models", "move", tmp_path / "drive")
        with desk_in(profile) as desk:
            assert desk.ask(lambda services: services.shelf.folder) == tmp_path / "drive"


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
class TestAsAProgram:
    @pytest.fixture
    def far(self, tmp_path):
        """A folder on another drive than the profile, so that everything has to be copied."""
        memory = Path("/dev/shm")
        if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
            pytest.skip("there is no second drive")
        folder = Path(tempfile.mkdtemp(dir=memory))
        yield folder
        shutil.rmtree(folder)

    def test_a_move_to_another_drive_that_is_killed_goes_on(self, profile, models, far):
        chance = random.Random(1)
        for number in range(6):
            data = b"GGUF" + chance.randbytes(3_000_000)
            with_source(put(models / "maker" / f"m{number}" / f"m{number}.gguf", data), f"maker/m{number}")
        whole = {name: data for name, data in contents(models).items() if name.endswith(".gguf")}
        journal, new = profile / "shelf-move.json", far / "shelf"
        program = Program("models", "move", new, "--data-dir", profile)
        until(lambda: journal.exists() and journal.read_text().count("sha256") >= 2)
        program.kill()
        assert program.wait().code == -9
        shelf = Path(shelf_setting(profile) or models)
        there = contents(shelf)
        assert {name: there.get(name) for name in whole} == whole
        assert moving.unfinished_move(journal) == new
        again = Program("models", "move", new, "--json", "--data-dir", profile).wait()
        assert again.code == 0, again.err
        assert again.record["folder"] == str(new)
        assert {name: data for name, data in contents(new).items() if name.endswith(".gguf")} == whole
        assert contents(models) == {}
        assert manifest.origin_of(new / "maker/m3/m3.gguf").repo == "maker/m3"
        assert not journal.exists()

    def test_ctrl_c_stops_the_work_with_a_sentence(self, profile, models):
        path = write_header(models / "a.gguf")
        os.truncate(path, 40 << 30)  # of nothing: it takes no space, and half a minute to read
        program = Program("models", "verify", path, "--data-dir", profile)
        until(lambda: _reads(program, path))
        program.interrupt()
        done = program.wait()
        assert (done.code, done.out) == (1, "")
        assert done.err == "The check was stopped. The files are as they were.\n"


def _reads(program, path):
    """Whether a program has a file open."""
    return any(str(path) == file.path for file in program.members()[0].open_files())
