"""The whole shelf goes to another folder: what comes along, what is refused, and how an interrupted move goes on."""

import errno
import os
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from desktop_app.core.errors import Problem, SettingsError, ShelfError
from desktop_app.library import care, copying, importing, manifest, moving, verify
from desktop_app.library.journal import Journal
from desktop_app.library.locks import locked
from tests.helpers.shelves import contents, note, put

BIG = b"GGUF" + os.urandom(2 * care.BLOCK)


class Place:
    """A profile's shelf and setting, and a move of it."""

    def __init__(self, folder):
        self.old, self.new = folder / "old", folder / "drive" / "new"
        self.old.mkdir()
        self.new.parent.mkdir()
        self.journal = folder / "move.json"
        self.setting = self.old
        self.marks = []
        self.stop_at = 10**9

    def switch(self, folder):
        self.setting = folder

    def note(self, done, total):
        self.marks.append((done, total))

    def stop(self):
        return len(self.marks) >= self.stop_at

    def move(self, new=None):
        return moving.move_shelf(self.setting, new or self.new, self.journal, self.switch, self.note, self.stop)

    def refusal(self, new=None):
        with pytest.raises(ShelfError) as caught:
            self.move(new)
        return caught.value.problem

    def files(self, folder):
        kept = contents(folder)
        return {name: data for name, data in kept.items() if not name.endswith(manifest.NAME)}


@pytest.fixture(params=["same drive", "other drive"])
def place(request, tmp_path, monkeypatch):
    if request.param == "other drive":
        monkeypatch.setattr(moving, "link", lambda *_: False)
    return Place(tmp_path)


@pytest.fixture
def far(tmp_path, monkeypatch):
    """A place where everything has to be copied."""
    monkeypatch.setattr(moving, "link", lambda *_: False)
    return Place(tmp_path)


def fill(place):
    put(place.old / "a.gguf", BIG)
    put(place.old / "maker" / "b" / "b-Q4_0.gguf", b"GGUF b", "maker/b")
    put(place.old / "maker" / "b" / "mmproj-b.gguf", b"GGUF projector", "maker/b")
    put(place.old / "maker" / "c" / "c.gguf.0123456789ab.part", b"GGUF begin")
    return place.files(place.old)


class TestWhole:
    def test_everything_is_at_the_new_place_and_nothing_at_the_old(self, place):
        before = fill(place)
        result = place.move()
        assert place.files(place.new) == before
        assert contents(place.old) == {}
        assert place.setting == place.new
        assert (result.folder, result.files, result.left, result.stayed) == (place.new, 4, (), ())
        assert result.size == sum(map(len, before.values()))

    def test_sources_come_along(self, place):
        fill(place)
        place.move()
        there = manifest.read(place.new / "maker" / "b")
        assert {name: origin.repo for name, origin in there.items()} == {
            "b-Q4_0.gguf": "maker/b",
            "mmproj-b.gguf": "maker/b",
        }

    def test_no_trace_of_the_work_is_left(self, place):
        fill(place)
        place.move()
        assert [file.name for file in place.journal.parent.glob("move*")] == []
        assert not [file for file in place.new.rglob("*") if file.name.endswith((care.COPY, ".tmp", ".lock"))]
        assert list(place.old.iterdir()) == []
        assert moving.unfinished_move(place.journal) is None

    def test_progress_reaches_the_end(self, place):
        before = fill(place)
        place.move()
        total = 2 * sum(map(len, before.values()))
        assert place.marks[-1] == (total, total)

    def test_other_files_stay_where_they_are(self, place):
        fill(place)
        put(place.old / "notes.txt", b"mine")
        put(place.old / "maker" / "b" / "README.md", b"mine")
        place.move()
        assert set(contents(place.old)) == {"notes.txt", "maker/b/README.md"}

    def test_what_is_at_the_new_place_stays_and_its_sources_too(self, place):
        fill(place)
        put(place.new / "there.gguf", b"GGUF there", "maker/there")
        put(place.old / "here.gguf", b"GGUF here", "maker/here")
        place.move()
        assert place.files(place.new)["there.gguf"] == b"GGUF there"
        assert sorted(manifest.read(place.new)) == ["here.gguf", "there.gguf"]

    def test_an_empty_shelf(self, place):
        assert place.move().files == 0
        assert (place.setting, place.new.is_dir()) == (place.new, True)

    def test_back_again(self, place):
        before = fill(place)
        place.move()
        place.move(place.old)
        assert (place.files(place.old), contents(place.new)) == (before, {})

    def test_the_folder_where_it_is(self, place):
        before = fill(place)
        assert place.move(place.old).files == 0
        assert (place.files(place.old), place.setting) == (before, place.old)

    def test_times_are_kept(self, place):
        fill(place)
        os.utime(place.old / "a.gguf", (1_500_000_000, 1_500_000_000))
        place.move()
        assert (place.new / "a.gguf").stat().st_mtime == 1_500_000_000

    @pytest.mark.skipif(sys.platform == "win32", reason="needs the right to make links")
    def test_links_lead_where_they_led(self, place, tmp_path):
        fill(place)
        outside = put(tmp_path / "outside.gguf", b"GGUF outside")
        (place.old / "out.gguf").symlink_to(outside)
        (place.old / "in.gguf").symlink_to(place.old / "a.gguf")
        place.move()
        assert (place.new / "out.gguf").readlink() == outside
        assert (place.new / "in.gguf").readlink() == place.new / "a.gguf"
        assert outside.read_bytes() == b"GGUF outside"
        assert contents(place.old) == {}

    @pytest.mark.skipif(sys.platform != "linux", reason="needs names that are no text")
    def test_names_that_are_no_text(self, place):
        name = os.fsdecode(b"caf\xe9.gguf")
        put(place.old / name)
        place.move()
        assert (place.new / name).read_bytes() == b"GGUF model"
        assert contents(place.old) == {}


class TestRefused:
    def test_a_folder_that_cannot_be_read_stays_with_everything_else(self, place, monkeypatch):
        put(place.old / "maker" / "a" / "a.gguf")
        closed, scandir = str(place.old / "maker" / "a"), os.scandir

        def refused(folder="."):
            if str(folder) == closed:
                raise PermissionError(errno.EACCES, "Permission denied", closed)
            return scandir(folder)

        monkeypatch.setattr(os, "scandir", refused)
        problem = place.refusal()
        assert problem.code == "shelf_unreadable"
        assert problem.sentence == f"The folder {closed} could not be read: permission denied."
        assert place.setting == place.old

    def test_one_folder_in_the_other(self, place):
        before = fill(place)
        for folder in (place.old / "below", place.old.parent):
            assert place.refusal(folder).code == "shelf_folder_unfit"
        assert (place.files(place.old), place.setting) == (before, place.old)

    def test_a_drive_that_is_not_there(self, place, tmp_path):
        assert place.refusal(tmp_path / "no" / "such").code == "shelf_folder_unfit"
        assert not (tmp_path / "no").exists()

    def test_a_file(self, place, tmp_path):
        assert place.refusal(put(tmp_path / "file")).code == "shelf_folder_unfit"

    def test_a_shelf_that_is_not_there(self, place):
        place.old.rmdir()
        assert place.refusal().code == "shelf_gone"
        assert place.setting == place.old

    def test_too_little_space_before_anything_is_written(self, far, monkeypatch):
        fill(far)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
        problem = far.refusal()
        assert (problem.code, far.setting) == ("shelf_no_space", far.old)
        assert contents(far.new) == {}

    def test_on_one_drive_no_space_is_needed(self, tmp_path, monkeypatch):
        place = Place(tmp_path)
        before = fill(place)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
        place.move()
        assert place.files(place.new) == before

    @pytest.mark.parametrize("data", [b"GGUF another", bytes([*b"GGUG", *BIG[4:]])])
    def test_another_file_of_the_same_name(self, place, data):
        before = fill(place)
        put(place.new / "a.gguf", data)
        assert place.refusal().code == "shelf_name_taken"
        assert (place.new / "a.gguf").read_bytes() == data
        assert (place.files(place.old), place.setting) == (before, place.old)

    def test_two_programs_at_once(self, place):
        before = fill(place)
        with locked(place.journal.with_name("move.json.lock"), 0):
            assert place.refusal().code == "shelf_busy"
        assert (place.files(place.old), place.setting) == (before, place.old)

    def test_a_new_place_that_fills_up(self, far, monkeypatch):
        before = fill(far)

        def full(*_):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(copying, "_write_all", full)
        assert far.refusal().code == "shelf_no_space"
        assert (far.files(far.old), far.setting) == (before, far.old)
        assert contents(far.new) == {}

    def test_a_setting_that_cannot_be_saved(self, place):
        before = fill(place)

        def refuse(_folder):
            raise SettingsError(Problem("settings_not_saved", "No."))

        switch, place.switch = place.switch, refuse
        with pytest.raises(SettingsError):
            place.move()
        assert (place.files(place.old), place.setting) == (before, place.old)
        place.switch = switch
        place.move()
        assert (place.files(place.new), contents(place.old)) == (before, {})

    def test_a_drive_that_keeps_other_bytes(self, far, monkeypatch):
        before = fill(far)
        real = copying.hash_of

        def rotting(path, *arguments):
            with path.open("r+b") as opened:
                opened.write(b"x")
            return real(path, *arguments)

        monkeypatch.setattr(copying, "hash_of", rotting)
        assert far.refusal().code == "shelf_copy_differs"
        assert (far.files(far.old), far.setting) == (before, far.old)


class TestInterrupted:
    def test_stopped_it_goes_on(self, far):
        before = fill(far)
        far.stop_at = 2
        assert far.refusal().code == "stopped"
        assert (far.files(far.old), far.setting) == (before, far.old)
        far.stop_at = 10**9
        far.move()
        assert (far.files(far.new), contents(far.old)) == (before, {})

    def test_what_was_copied_is_not_copied_again(self, far, monkeypatch):
        before = fill(far)
        copied = []
        real = moving.copy

        def failing(source, *arguments):
            copied.append(source.name)
            if len(copied) == 3:
                raise care.stopped("Copying", "")
            return real(source, *arguments)

        monkeypatch.setattr(moving, "copy", failing)
        assert far.refusal().code == "stopped"
        assert moving.unfinished_move(far.journal) == far.new
        far.move()
        assert len(copied) == len(before) + 1
        assert far.files(far.new) == before

    def test_taken_back_the_copies_go_and_what_was_there_stays(self, place):
        before = fill(place)
        put(place.new / "there.gguf", b"GGUF there")
        put(place.new / "maker" / "b" / "b-Q4_0.gguf", b"GGUF b")  # the very same, but not ours
        place.switch = lambda _: (_ for _ in ()).throw(SettingsError(Problem("x", "No.")))
        with pytest.raises(SettingsError):
            place.move()
        assert place.move(place.old).folder == place.old
        assert set(place.files(place.new)) == {"there.gguf", "maker/b/b-Q4_0.gguf"}
        assert place.files(place.old) == before
        assert moving.unfinished_move(place.journal) is None

    def test_another_folder_is_chosen_instead(self, far, tmp_path):
        before = fill(far)
        far.stop_at = 5
        far.refusal()
        far.stop_at = 10**9
        third = tmp_path / "third"
        far.move(third)
        assert far.files(third) == before
        assert contents(far.new) == {}
        assert (far.setting, contents(far.old)) == (third, {})

    def test_after_the_switch_the_originals_go(self, place, monkeypatch):
        before = fill(place)
        real = Path.unlink

        def busy(path, **more):
            if path == place.old / "a.gguf":
                raise PermissionError(errno.EACCES, "in use")
            return real(path, **more)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "unlink", busy)
            result = place.move()
        assert result.left == (place.old / "a.gguf",)
        assert (place.setting, moving.unfinished_move(place.journal)) == (place.new, place.new)
        assert place.move().left == ()
        assert (place.files(place.new), contents(place.old)) == (before, {})
        assert moving.unfinished_move(place.journal) is None

    def test_an_original_that_changed_after_the_switch_stays(self, far):
        fill(far)
        switch = far.switch

        def meanwhile(folder):
            (far.old / "a.gguf").write_bytes(b"GGUF other words")
            switch(folder)

        far.switch = meanwhile
        result = far.move()
        assert result.stayed == (far.old / "a.gguf",)
        assert (far.old / "a.gguf").read_bytes() == b"GGUF other words"
        assert (far.new / "a.gguf").read_bytes() == BIG

    def test_an_original_whose_copy_is_gone_stays(self, far):
        fill(far)
        switch = far.switch

        def meanwhile(folder):
            (far.new / "a.gguf").unlink()
            switch(folder)

        far.switch = meanwhile
        assert far.move().stayed == (far.old / "a.gguf",)
        assert (far.old / "a.gguf").read_bytes() == BIG

    def test_one_that_changed_before_the_switch_is_copied_anew(self, far):
        fill(far)
        far.stop_at = 10
        far.refusal()
        assert (far.new / "a.gguf").read_bytes() == BIG
        changed = put(far.old / "a.gguf", b"GGUF another, shorter")
        far.stop_at = 10**9
        far.move()
        assert (far.new / "a.gguf").read_bytes() == b"GGUF another, shorter"
        assert not changed.exists()

    def test_what_comes_to_the_old_place_meanwhile_comes_along(self, place):
        before = fill(place)
        switch = place.switch

        def meanwhile(folder):
            put(place.old / "maker" / "late" / "late.gguf", b"GGUF late", "maker/late")
            switch(folder)

        place.switch = meanwhile
        place.move()
        assert place.files(place.new) == {**before, "maker/late/late.gguf": b"GGUF late"}
        assert contents(place.old) == {}

    def test_a_download_that_went_on_at_the_new_place_is_not_set_back(self, far):
        fill(far)
        switch = far.switch
        name = "maker/c/c.gguf.0123456789ab.part"

        def meanwhile(folder):
            switch(folder)
            with (far.new / name).open("ab") as part:
                part.write(b" and more")

        far.switch = meanwhile
        assert far.move().stayed == ()
        assert (far.new / name).read_bytes() == b"GGUF begin and more"
        assert not (far.old / name).exists()

    def test_a_journal_of_elsewhere_deletes_nothing(self, far, tmp_path):
        """The person chose a third folder by hand, in the settings, while a move was interrupted."""
        before = fill(far)
        far.stop_at = 10
        far.refusal()
        there = far.files(far.new)
        third = tmp_path / "third"
        third.mkdir()
        far.setting, far.stop_at = third, 10**9
        far.move(third)
        assert (far.files(far.old), far.files(far.new)) == (before, there)
        assert moving.unfinished_move(far.journal) is None

    def test_the_new_drive_is_away(self, far):
        fill(far)
        switch = far.switch

        def killed(folder):
            switch(folder)
            raise care.stopped("It", "")

        far.switch = killed
        far.refusal()
        before = far.files(far.old)
        far.new.rename(far.new.with_name("away"))
        assert far.refusal().code == "shelf_gone"
        assert far.files(far.old) == before


class TestJournal:
    def test_a_line_that_was_cut_off_is_skipped_and_the_next_one_counts(self, far):
        before = fill(far)
        far.stop_at = 10
        far.refusal()
        noted = len(Journal.load(far.journal).entries())
        with far.journal.open("ab") as file:
            file.write(b'{"name": "maker/b/b-Q4')
        assert len(Journal.load(far.journal).entries()) == noted
        far.stop_at = 10**9
        far.move()
        assert (far.files(far.new), contents(far.old)) == (before, {})

    @pytest.mark.parametrize("text", [b"", b"rubbish", b"[1]", b'{"old": 1, "new": 2}', b'{"old": "/a"}'])
    def test_one_that_is_none(self, tmp_path, text):
        assert Journal.load(put(tmp_path / "move.json", text)) is None

    @pytest.mark.parametrize("name", ["../outside.gguf", "/etc/passwd"])
    def test_a_note_of_a_file_outside_is_none(self, tmp_path, name):
        text = (
            f'{{"old": "/a", "new": "/b"}}\n{{"name": "{name}", "size": 1, "mtime_ns": 1, "sha256": "", "made": true}}'
        )
        assert Journal.load(put(tmp_path / "move.json", text.encode())).entries() == ()


def test_a_moved_file_is_still_verified_against_its_source(far):
    file = put(far.old / "a.gguf", BIG)
    note(file, "maker/a", verify.hash_of(file, far.note, bool))
    far.move()
    assert verify.verify(far.new / "a.gguf", verify.expected_of(far.new / "a.gguf"), far.note, bool).outcome == "intact"


def test_a_model_is_imported_from_another_drive_like_it_is_moved(far, monkeypatch):
    monkeypatch.setattr(importing, "link", lambda *_: False)
    file = put(far.new / "a.gguf", BIG)
    importing.import_file(file, far.old, True, far.note, bool)
    assert (far.old / "a.gguf").read_bytes() == BIG
    assert not file.exists()
