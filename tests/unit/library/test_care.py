"""Care for single models: checking, renaming, deleting, taking in, and what they take up."""

import errno
import hashlib
import os
import shutil
import sys
from types import SimpleNamespace

import pytest

from desktop_app.core.care import Outcome, Part
from desktop_app.core.errors import KnownError, ModelError, ShelfError
from desktop_app.library import care, copying, importing, manifest, removal, room, verify
from tests.helpers.shelves import Trash, contents, model, note, put

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="needs the right to make links")

needs_pipes = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps pipes apart from files")


@pytest.fixture
def shelf(tmp_path):
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


@pytest.fixture
def trash(tmp_path, monkeypatch):
    return Trash(tmp_path / "trash" / "Trash", monkeypatch)


class Told:
    """Hears how far work is, and stops it after so many blocks."""

    def __init__(self, blocks=10**9):
        self.marks = []
        self.blocks = blocks

    def __call__(self, done, total):
        self.marks.append((done, total))

    def stop(self):
        return len(self.marks) >= self.blocks


def sha(data):
    return hashlib.sha256(data).hexdigest()


def code_of(call, *arguments, kind=ShelfError):
    with pytest.raises(kind) as caught:
        call(*arguments)
    return caught.value.problem.code


def checked_of(file):
    return verify.verify(file, verify.expected_of(file), Told(), bool)


def put_shards(folder, count=3, stem="big-Q4_K_M", repo=""):
    names = [f"{stem}-{number:05d}-of-{count:05d}.gguf" for number in range(1, count + 1)]
    return [put(folder / name, b"GGUF" + name.encode(), repo) for name in names]


class TestFiles:
    def test_one_file(self, shelf):
        file = put(shelf / "a.gguf")
        assert care.files_of(file) == (file,)
        assert care.missing_of(file) == ()

    def test_any_shard_names_them_all(self, shelf):
        files = put_shards(shelf)
        assert all(care.files_of(file) == tuple(files) for file in files)

    def test_shards_that_are_missing(self, shelf):
        first, second, third = put_shards(shelf)
        second.unlink()
        assert care.files_of(first) == (first, third)
        assert care.missing_of(first) == (second,)

    @pytest.mark.parametrize("origin", ["huggingface", "lmstudio", "ollama", "jan", "gpt4all", "starter", "elsewhere"])
    def test_what_is_not_ours_is_not_touched(self, shelf, trash, origin):
        one = model(put(shelf / "a.gguf"), origin=origin)
        assert code_of(removal.delete, one, ()) == "shelf_not_ours"
        assert code_of(removal.rename, one, "b") == "shelf_not_ours"
        assert list(contents(shelf)) == ["a.gguf"]

    def test_the_sentence_says_whose_it_is(self, shelf):
        with pytest.raises(ShelfError, match=r"a\.gguf belongs to LM Studio, so Causerie has not deleted it"):
            removal.delete(model(put(shelf / "a.gguf"), origin="lmstudio"), ())


class TestVerify:
    DATA = os.urandom(3 * care.BLOCK + 5)

    def test_the_file_as_its_source_offers_it(self, shelf):
        file = put(shelf / "a.gguf", self.DATA, "maker/a")
        checked = checked_of(file)
        assert (checked.outcome, checked.sha256, checked.source) == (Outcome.INTACT, sha(self.DATA), "maker/a")

    def test_one_bit_flipped(self, shelf):
        file = put(shelf / "a.gguf", self.DATA, "maker/a")
        with file.open("r+b") as opened:
            opened.seek(care.BLOCK + 7)
            opened.write(bytes([self.DATA[care.BLOCK + 7] ^ 1]))
        checked = checked_of(file)
        assert (checked.outcome, checked.expected) == (Outcome.DIFFERENT, sha(self.DATA))

    def test_without_a_source_it_says_what_the_hash_is(self, shelf):
        checked = verify.verify(put(shelf / "a.gguf", self.DATA), None, Told(), lambda: False)
        assert (checked.outcome, checked.sha256) == (Outcome.UNKNOWN, sha(self.DATA))

    def test_a_model_that_lacks_a_part_is_not_whole(self, shelf):
        files = put_shards(shelf, repo="maker/big")
        files[1].unlink()
        results, problems = [], []
        verify.check_models([model(files[0])], results, problems, Told(), bool)
        assert [one.outcome for one in results] == [Outcome.INTACT] * 2
        [problem] = problems
        assert problem.code == "shards_missing"
        assert files[1].name in problem.sentence

    @needs_pipes
    def test_nobody_waits_for_a_pipe(self, shelf):
        pipe = shelf / "a.gguf"
        os.mkfifo(pipe)
        assert code_of(verify.hash_of, pipe, Told(), bool) == "shelf_unreadable"
        assert code_of(importing.import_file, pipe, shelf / "other", False, Told(), bool) == "shelf_unreadable"

    def test_progress_counts_the_bytes_of_all_files(self, shelf):
        files = [put(shelf / "a.gguf", self.DATA), put(shelf / "b.gguf", b"GGUF")]
        told = Told()
        verify.check_models(map(model, files), [], [], told, told.stop)
        total = len(self.DATA) + 4
        assert told.marks[-1] == (total, total)
        assert [done for done, _ in told.marks] == sorted(done for done, _ in told.marks)

    def test_it_can_be_stopped_between_blocks(self, shelf):
        told = Told(blocks=1)
        file = put(shelf / "a.gguf", self.DATA)
        assert code_of(verify.verify, file, None, told, told.stop) == "stopped"
        assert len(told.marks) == 1

    def test_a_file_that_is_gone(self, shelf):
        assert code_of(verify.verify, shelf / "a.gguf", None, Told(), lambda: False) == "shelf_file_missing"

    def test_a_folder_cannot_be_read(self, shelf):
        assert code_of(verify.verify, shelf, None, Told(), lambda: False) == "shelf_unreadable"

    @needs_links
    def test_a_blob_of_the_hubs_cache_is_named_after_its_content(self, tmp_path):
        repo = tmp_path / "hub" / "models--maker--some--model"
        blob = put(repo / "blobs" / sha(self.DATA), self.DATA)
        link = repo / "snapshots" / ("c" * 40) / "a.gguf"
        link.parent.mkdir(parents=True)
        link.symlink_to(blob)
        expected = verify.expected_of(link)
        assert (expected.sha256, expected.source) == (sha(self.DATA), "maker/some--model")

    def test_a_blob_of_ollama_is_named_after_its_content(self, tmp_path):
        blob = put(tmp_path / "blobs" / f"sha256-{sha(self.DATA)}", self.DATA)
        expected = verify.expected_of(blob)
        assert (expected.sha256, expected.source) == (sha(self.DATA), "Ollama's library")

    @needs_links
    def test_a_small_file_of_the_hubs_cache_has_no_such_hash(self, tmp_path):
        blob = put(tmp_path / "blobs" / ("a" * 40))
        link = tmp_path / "a.gguf"
        link.symlink_to(blob)
        assert verify.expected_of(link) is None

    def test_the_projector_is_looked_at_too(self, shelf):
        file, projector = put(shelf / "a.gguf"), put(shelf / "mmproj-a.gguf")
        assert verify.files_to_verify(model(file, projector=str(projector))) == (file, projector)


class TestRename:
    def test_one_file_and_its_source(self, shelf):
        file = put(shelf / "a-Q4_0.gguf", repo="maker/a")
        new = removal.rename(model(file), "Better name-Q4_0")
        assert new == shelf / "Better name-Q4_0.gguf"
        assert not file.exists()
        assert {name: origin.repo for name, origin in manifest.read(shelf).items()} == {new.name: "maker/a"}

    def test_the_ending_may_be_given(self, shelf):
        assert removal.rename(model(put(shelf / "a.gguf")), "b.GGUF").name == "b.gguf"

    def test_all_shards(self, shelf):
        first, *_ = put_shards(shelf, repo="maker/big")
        new = removal.rename(model(first), "small")
        names = [f"small-{number:05d}-of-00003.gguf" for number in (1, 2, 3)]
        assert new.name == names[0]
        assert sorted(file.name for file in shelf.glob("*.gguf")) == names
        assert sorted(manifest.read(shelf)) == names

    def test_a_call_that_was_killed_goes_on(self, shelf):
        first, _, third = put_shards(shelf)
        third.rename(shelf / "small-00003-of-00003.gguf")
        removal.rename(model(first), "small")
        assert len(list(shelf.glob("small-*"))) == 3

    @pytest.mark.parametrize(
        "name", ["", "  ", "..", "../b", "a/b", "a\\b", "CON", "b?", "x" * 250, "b-00001-of-00002"]
    )
    def test_names_that_cannot_be(self, shelf, name):
        assert code_of(removal.rename, model(put(shelf / "a.gguf")), name) == "shelf_name_bad"
        assert list(contents(shelf)) == ["a.gguf"]

    def test_a_name_that_is_taken(self, shelf):
        first, *_ = put_shards(shelf)
        put(shelf / "small-00002-of-00003.gguf", b"another")
        before = contents(shelf)
        assert code_of(removal.rename, model(first), "small") == "shelf_name_taken"
        assert contents(shelf) == before

    def test_its_own_name_changes_nothing(self, shelf):
        file = put(shelf / "a.gguf", repo="maker/a")
        assert removal.rename(model(file), "a") == file
        assert manifest.read(shelf)["a.gguf"].repo == "maker/a"

    def test_when_one_shard_cannot_be_renamed_none_is(self, shelf, monkeypatch):
        first, *_ = put_shards(shelf, repo="maker/big")
        before = contents(shelf)
        real, calls = os.rename, []

        def second_fails(old, new, **more):
            calls.append(old)
            if len(calls) == 2:
                raise PermissionError(13, "Permission denied")
            return real(old, new, **more)

        monkeypatch.setattr(os, "rename", second_fails)
        assert code_of(removal.rename, model(first), "small") == "shelf_not_renamed"
        assert contents(shelf) == before

    def test_a_missing_shard_is_told(self, shelf):
        first, second, _ = put_shards(shelf)
        second.unlink()
        assert code_of(removal.rename, model(first), "small") == "shelf_file_missing"


class TestDelete:
    def test_all_shards_go_to_the_trash_and_the_source_is_forgotten(self, shelf, trash):
        first, *rest = put_shards(shelf, repo="maker/big")
        other = put(shelf / "other.gguf", repo="maker/other")
        assert removal.delete(model(first), ()) == (first, *rest)
        assert trash.names == [file.name for file in (first, *rest)]
        assert list(manifest.read(shelf)) == [other.name]

    def test_the_projector_goes_when_nobody_else_needs_it(self, shelf, trash):
        projector = put(shelf / "mmproj-a.gguf")
        one = model(put(shelf / "a-Q4_0.gguf"), projector=str(projector))
        other = model(put(shelf / "a-Q8_0.gguf"), projector=str(projector))
        removal.delete(one, (one, other))
        assert trash.names == ["a-Q4_0.gguf"]
        removal.delete(other, (other,))
        assert trash.names == ["a-Q4_0.gguf", "a-Q8_0.gguf", "mmproj-a.gguf"]

    def test_a_projector_elsewhere_stays(self, shelf, trash, tmp_path):
        projector = put(tmp_path / "else" / "mmproj-a.gguf")
        removal.delete(model(put(shelf / "a.gguf"), projector=str(projector)), ())
        assert projector.exists()

    def test_without_a_trash_nothing_is_deleted(self, shelf, trash):
        trash.break_it()
        first, *_ = put_shards(shelf, repo="maker/big")
        before = contents(shelf)
        with pytest.raises(ShelfError) as caught:
            removal.delete(model(first), ())
        problem = caught.value.problem
        assert problem.code == "shelf_no_trash"
        assert (problem.kept, str(shelf) in problem.action) == ("Nothing was deleted.", True)
        assert contents(shelf) == before

    def test_one_that_is_gone_already(self, shelf, trash):
        one = model(put(shelf / "a.gguf"))
        (shelf / "a.gguf").unlink()
        assert code_of(removal.delete, one, ()) == "shelf_file_missing"


class TestImport:
    DATA = b"GGUF" + os.urandom(3 * care.BLOCK)

    @pytest.fixture
    def file(self, tmp_path):
        return put(tmp_path / "downloads" / "a-Q4_0.gguf", self.DATA)

    def test_a_copy_is_right_and_its_hash_is_kept(self, shelf, file):
        told = Told()
        target = importing.import_file(file, shelf, False, told, told.stop)
        assert target == shelf / file.name
        assert target.read_bytes() == file.read_bytes() == self.DATA
        assert manifest.read(shelf)[file.name].sha256 == sha(self.DATA)
        assert told.marks[-1] == (2 * len(self.DATA), 2 * len(self.DATA))
        checked = checked_of(target)
        assert checked.outcome is Outcome.INTACT
        assert checked.sentence.endswith("is intact: it is as it was when it was imported.")

    @pytest.mark.parametrize("links", [True, False])
    def test_moving_leaves_nothing_behind(self, shelf, file, monkeypatch, links):
        if not links:
            monkeypatch.setattr(importing, "link", lambda *_: False)
        target = importing.import_file(file, shelf, True, Told(), lambda: False)
        assert target.read_bytes() == self.DATA
        assert not file.exists()
        assert set(contents(shelf)) - {manifest.NAME} == {file.name}

    def test_its_source_comes_along(self, shelf, file):
        note(file, "maker/a", sha(self.DATA))
        importing.import_file(file, shelf, True, Told(), lambda: False)
        assert manifest.read(shelf)[file.name].repo == "maker/a"
        assert manifest.read(file.parent) == {}

    def test_a_shelf_that_is_not_there_is_not_made_on_another_drive(self, shelf, file):
        shelf.rmdir()
        assert code_of(importing.import_file, file, shelf, False, Told(), bool) == "shelf_gone"
        assert not shelf.exists()

    @pytest.mark.parametrize("move", [True, False])
    def test_what_is_on_the_shelf_stays_in_its_folder(self, shelf, move):
        file = put(shelf / "maker" / "a" / "a.gguf", self.DATA, "maker/a")
        assert importing.import_file(file, shelf, move, Told(), bool) == file
        assert set(contents(shelf)) == {"maker/a/a.gguf", f"maker/a/{manifest.NAME}"}

    def test_a_file_that_cannot_be_looked_at(self, shelf, tmp_path):
        file = tmp_path / f"{'x' * 300}.gguf"
        assert code_of(importing.import_file, file, shelf, False, Told(), bool) == "shelf_unreadable"

    def test_all_shards(self, shelf, tmp_path):
        files = put_shards(tmp_path / "downloads")
        target = importing.import_file(files[1], shelf, False, Told(), lambda: False)
        assert target == shelf / files[0].name
        assert len(list(shelf.glob("*.gguf"))) == 3

    def test_an_incomplete_set_is_refused(self, shelf, tmp_path):
        files = put_shards(tmp_path / "downloads")
        files[2].unlink()
        assert code_of(importing.import_file, files[0], shelf, False, Told(), bool, kind=ModelError) == "shards_missing"
        assert contents(shelf) == {}

    @pytest.mark.parametrize("name", ["a.gguf", "a.txt"])
    def test_what_is_no_model_is_refused(self, shelf, tmp_path, name):
        file = put(tmp_path / name, b"GGUF" if name == "a.txt" else b"PK\3\4 something else")
        assert code_of(importing.import_file, file, shelf, True, Told(), bool, kind=ModelError) == "not_gguf"
        assert file.exists()

    def test_one_that_is_missing(self, shelf, tmp_path):
        assert code_of(importing.import_file, tmp_path / "no.gguf", shelf, False, Told(), bool) == "shelf_file_missing"

    @pytest.mark.parametrize("damage", [0, care.BLOCK + 3])
    def test_a_stopped_copy_goes_on_and_is_right_whatever_became_of_it(self, shelf, file, damage):
        told = Told(blocks=2)
        assert code_of(importing.import_file, file, shelf, False, told, told.stop) == "stopped"
        begun = shelf / f"{file.name}{care.COPY}"
        assert begun.read_bytes() == self.DATA[: 2 * care.BLOCK]
        if damage:
            with begun.open("r+b") as opened:
                opened.seek(damage)
                opened.write(bytes([self.DATA[damage] ^ 1]))
        inode = begun.stat().st_ino
        target = importing.import_file(file, shelf, False, Told(), bool)
        assert target.read_bytes() == self.DATA
        assert (target.stat().st_ino, begun.exists()) == (inode, False)

    def test_what_was_written_is_read_again(self, shelf, file, monkeypatch):
        """A drive that keeps other bytes than it was given is noticed, and the original stays."""
        real = copying.hash_of

        def rotting(path, *arguments):
            with path.open("r+b") as opened:
                opened.write(b"x")
            return real(path, *arguments)

        monkeypatch.setattr(copying, "hash_of", rotting)
        monkeypatch.setattr(importing, "link", lambda *_: False)
        assert code_of(importing.import_file, file, shelf, True, Told(), bool) == "shelf_copy_differs"
        assert file.read_bytes() == self.DATA
        assert contents(shelf) == {}

    def test_a_full_drive_leaves_no_beginning(self, shelf, file, monkeypatch):
        def full(*_):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(copying, "_write_all", full)
        assert code_of(importing.import_file, file, shelf, False, Told(), bool) == "shelf_no_space"
        assert contents(shelf) == {}

    def test_a_file_that_changes_meanwhile_is_not_taken(self, shelf, file):
        def writing(_done, _total):
            with file.open("ab") as opened:
                opened.write(b"more")

        assert code_of(importing.import_file, file, shelf, False, writing, bool) == "shelf_file_changing"
        assert not (shelf / file.name).exists()

    def test_another_file_of_that_name_is_left_alone(self, shelf, file):
        put(shelf / file.name, b"GGUF another")
        assert code_of(importing.import_file, file, shelf, True, Told(), bool) == "shelf_name_taken"
        assert (shelf / file.name).read_bytes() == b"GGUF another"
        assert file.exists()

    def test_another_file_of_that_name_and_size(self, shelf, file):
        put(shelf / file.name, self.DATA[:-1] + bytes([self.DATA[-1] ^ 1]))
        assert code_of(importing.import_file, file, shelf, True, Told(), bool) == "shelf_name_taken"
        assert file.exists()

    def test_the_same_file_is_there_already(self, shelf, file):
        importing.import_file(file, shelf, False, Told(), bool)
        importing.import_file(file, shelf, False, Told(), bool)
        importing.import_file(file, shelf, True, Told(), bool)
        assert not file.exists()
        assert (shelf / file.name).read_bytes() == self.DATA

    def test_a_file_of_the_shelf_itself_stays_where_it_is(self, shelf):
        file = put(shelf / "a.gguf")
        assert importing.import_file(file, shelf, True, Told(), bool) == file
        assert importing.import_file(file, shelf, False, Told(), bool) == file
        assert file.read_bytes() == b"GGUF model"

    def test_a_file_of_another_program_is_copied_but_not_moved(self, shelf, file):
        assert code_of(importing.import_file, file, shelf, True, Told(), bool, "LM Studio") == "shelf_not_ours"
        importing.import_file(file, shelf, False, Told(), bool, "LM Studio")
        assert file.exists()

    @needs_links
    def test_what_a_link_leads_to_is_copied_and_never_moved(self, shelf, file, tmp_path):
        link = tmp_path / "link-Q4_0.gguf"
        link.symlink_to(file)
        target = importing.import_file(link, shelf, True, Told(), bool)
        assert target.read_bytes() == self.DATA
        assert not target.is_symlink()
        assert file.exists()
        assert not link.exists()

    def test_too_little_space_is_told_before_anything_is_written(self, shelf, file, monkeypatch):
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
        assert code_of(importing.import_file, file, shelf, False, Told(), bool) == "shelf_no_space"
        assert contents(shelf) == {}


class TestRoom:
    def test_shares_by_origin_with_shards_and_projectors(self, shelf, tmp_path):
        first, *_ = put_shards(shelf)
        projector = put(shelf / "mmproj.gguf", b"x" * 100)
        theirs = put(tmp_path / "else" / "b.gguf", b"y" * 7)
        models = [model(first, projector=str(projector)), model(theirs, origin="jan")]
        use = room.disk_use(models, shelf, [Part("x", 11)])
        ours = sum(file.stat().st_size for file in shelf.glob("*.gguf"))
        assert [(share.origin, share.size, share.models) for share in use.shares] == [("shelf", ours, 1), ("jan", 7, 1)]
        assert (use.models, use.parts) == (ours + 7, 11)
        assert 0 < use.free < use.total

    def test_a_file_of_two_names_counts_once(self, shelf):
        file = put(shelf / "a.gguf", b"x" * 100)
        os.link(file, shelf / "b.gguf")
        use = room.disk_use([model(file), model(shelf / "b.gguf")], shelf, [])
        assert (use.models, use.shares[0].models) == (100, 2)

    def test_a_shelf_whose_drive_is_away(self, tmp_path):
        use = room.disk_use([], tmp_path / "away", [])
        assert (use.free, use.total, use.shares) == (0, 0, ())

    def test_unfinished_files(self, shelf):
        put(shelf / "maker" / "a" / "a.gguf.0123456789ab.part", b"x" * 5)
        put(shelf / "b.gguf.copying", b"x" * 6)
        put(shelf / "b.gguf")
        assert [part.size for part in room.unfinished(shelf)] == [6, 5]

    def test_a_copy_with_an_old_time_has_arrived_now(self, shelf):
        file = put(shelf / "a.gguf")
        os.utime(file, (1000, 1000))
        assert room.arrivals([model(file)])[str(file)] > 1_600_000_000
        file.unlink()
        assert room.arrivals([]) == {}


def test_every_error_is_a_known_one(shelf):
    """What comes from here is told as a sentence."""
    for call in (lambda: removal.rename(model(put(shelf / "a.gguf")), "/"), lambda: verify.hash_of(shelf, print, bool)):
        with pytest.raises(KnownError) as caught:
            call()
        assert caught.value.problem.sentence.endswith(".")
