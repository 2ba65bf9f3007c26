"""The queue on the disk: shared by programs, whole after anything, never believed blindly."""

import json
import subprocess
import sys
import threading
from dataclasses import replace

import pytest

from desktop_app.core.downloads import Download, DownloadFile, DownloadState
from desktop_app.core.errors import Problem, ShelfError
from desktop_app.library import queue_file
from desktop_app.library.locks import locked
from desktop_app.library.queue_file import QueueFile

ONE = Download(
    id=0,
    repo="acme/Tiny-GGUF",
    commit="c" * 40,
    title="Tiny",
    quantization="Q4_0",
    files=(DownloadFile("Tiny-Q4_0.gguf", 30, "a" * 64), DownloadFile("mmproj-F16.gguf", 3, "b" * 64)),
    endpoint="https://hub.example",
)

WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from desktop_app.library.queue_file import QueueFile
from tests.unit.library.test_queue_file import ONE

file = QueueFile(Path(sys.argv[1]), "killed", lambda name: False)
print("ready", flush=True)
while True:
    for done in (1, 2):
        file.update({1: replace(ONE, id=1, done=done)})
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "downloads.json"


def program(path, owner="one", alive=("one", "other")):
    return QueueFile(path, owner, lambda name: name in alive)


def downloads(file):
    return [entry.download for entry in file.read()]


class TestKeeping:
    def test_without_a_file_the_queue_is_empty_and_none_is_made(self, path):
        assert program(path).read() == ()
        program(path).release()
        assert list(path.parent.iterdir()) == []

    def test_all_that_is_known_comes_back(self, path):
        whole = replace(
            ONE,
            state=DownloadState.FAILED,
            done=12,
            problem=Problem("code", "What.", "Kept.", "Do.", "detail"),
            finished_at=5.5,
            resumed_from=3,
        )
        added = program(path).add(whole)
        assert downloads(program(path, "other")) == [added] == [replace(whole, id=1)]

    def test_speed_and_time_left_are_of_the_moment(self, path):
        program(path).add(replace(ONE, speed=5.0, seconds_left=9.0))
        [one] = downloads(program(path))
        assert (one.speed, one.seconds_left) == (0.0, None)

    def test_ids_are_never_used_again(self, path):
        file = program(path)
        first = file.add(ONE)
        file.update({first.id: None})
        assert file.add(ONE).id == first.id + 1
        assert file.add(replace(ONE, id=50)).id == 50
        assert file.add(ONE).id == 51

    def test_changes_and_order(self, path):
        file = program(path)
        first, second, third = (file.add(ONE) for _ in range(3))
        file.update({second.id: replace(second, done=7), third.id: None}, order=(second.id, first.id))
        assert downloads(file) == [replace(second, done=7), first]

    def test_what_the_order_does_not_name_comes_last(self, path):
        file = program(path)
        ids = [file.add(ONE).id for _ in range(3)]
        file.update({}, order=(ids[2],))
        assert [one.id for one in downloads(file)] == [ids[2], ids[0], ids[1]]

    def test_without_a_change_nothing_is_written(self, path):
        file = program(path)
        one = file.add(ONE)
        before = path.stat().st_mtime_ns, path.stat().st_ino
        file.update({one.id: one}, order=(one.id,))
        assert (path.stat().st_mtime_ns, path.stat().st_ino) == before

    def test_a_lost_file_is_made_anew(self, path):
        file = program(path)
        one = file.add(ONE)
        path.unlink()
        file.update({one.id: replace(one, done=3)})
        assert downloads(file) == [replace(one, done=3)]
        assert file.add(ONE).id == 2

    def test_nothing_else_is_left_beside_it(self, path):
        program(path).add(ONE)
        assert [one.name for one in path.parent.iterdir()] == [path.name]


class TestOwners:
    @pytest.mark.parametrize("state", list(DownloadState))
    def test_what_goes_on_by_itself_has_an_owner(self, path, state):
        one = program(path).add(replace(ONE, state=state))
        [entry] = program(path).read()
        assert one.state is state
        assert entry.owner == ("one" if state in ("queued", "running", "checking", "waiting") else "")

    def test_another_programs_is_left_as_it_is(self, path):
        one = program(path).add(ONE)
        other = program(path, "other")
        [entry] = other.update({one.id: replace(one, done=9)})
        assert other.is_elsewhere(entry)
        assert entry.download == one
        assert other.update({one.id: None})[0].download == one
        assert not program(path).is_elsewhere(entry)

    def test_a_dead_programs_may_be_taken_over(self, path):
        one = program(path).add(replace(ONE, state=DownloadState.RUNNING))
        heir = program(path, "other", alive=("other",))
        [entry] = heir.read()
        assert heir.is_orphan(entry)
        assert not heir.is_elsewhere(entry)
        [entry] = heir.update({one.id: replace(one, done=1)})
        assert (entry.owner, entry.download.done) == ("other", 1)
        assert not heir.is_orphan(entry)

    def test_what_is_released_is_nobodys(self, path):
        file = program(path)
        file.add(ONE)
        program(path, "other").add(ONE)
        file.release()
        assert [entry.owner for entry in file.read()] == ["", "other"]
        assert program(path, "third", alive=("one", "other", "third")).is_orphan(file.read()[0])

    def test_what_rests_may_be_changed_by_anybody(self, path):
        one = program(path).add(replace(ONE, state=DownloadState.PAUSED))
        other = program(path, "other")
        [entry] = other.update({one.id: replace(one, state=DownloadState.QUEUED)})
        assert (entry.owner, entry.download.state) == ("other", DownloadState.QUEUED)
        assert not other.is_orphan(entry)

    def test_programs_do_not_undo_each_other(self, path):
        """Each adds, changes and removes its own while the others do."""
        count, rounds = 4, 12

        def work(number):
            file = QueueFile(path, f"owner-{number}", lambda name: True)
            for _ in range(rounds):
                one = file.add(replace(ONE, title=f"{number}"))
                file.update({one.id: replace(one, done=5)})
            file.update({one.id: None})

        threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = downloads(program(path))
        assert len({one.id for one in found}) == len(found) == count * (rounds - 1)
        assert {one.done for one in found} == {5}
        for number in range(count):
            assert sum(one.title == f"{number}" for one in found) == rounds - 1


class TestDamage:
    BAD = (
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"entries": [{"download": {"id": 1}}]}',
    )

    @pytest.mark.parametrize("data", BAD, ids=lambda data: repr(data[:20]))
    def test_it_is_kept_aside_once_and_the_queue_begins_anew(self, path, data):
        path.write_bytes(data)
        with pytest.raises(ShelfError) as caught:
            program(path).read()
        assert caught.value.problem.code == "queue_damaged"
        assert path.with_name("downloads.json.damaged-1").read_bytes() == data
        assert program(path).read() == ()
        assert program(path).add(ONE).id == 1

    @pytest.mark.parametrize(
        "change",
        [
            {"repo": "../../etc"},
            {"repo": "acme/Tiny/more"},
            {"files": []},
            {"id": 0},
            {"state": "dancing"},
            {"files": [{"path": "../../.bashrc", "size": 1, "sha256": "a" * 64}]},
            {"files": [{"path": "C:/x.gguf", "size": 1, "sha256": "a" * 64}]},
            {"files": [{"path": "x.gguf", "size": -1, "sha256": "a" * 64}]},
            {"files": [{"path": "x.gguf", "size": 1, "sha256": "../../x"}]},
        ],
        ids=str,
    )
    def test_what_we_never_wrote_is_not_believed(self, path, change):
        program(path).add(ONE)
        document = json.loads(path.read_text())
        document["entries"][0]["download"] |= change
        path.write_text(json.dumps(document))
        with pytest.raises(ShelfError) as caught:
            program(path).read()
        assert caught.value.problem.code == "queue_damaged"

    def test_fields_of_a_later_version_do_no_harm(self, path):
        one = program(path).add(ONE)
        document = json.loads(path.read_text())
        document["entries"][0]["download"]["colour"] = "blue"
        path.write_text(json.dumps(document))
        assert downloads(program(path)) == [one]

    def test_a_place_that_cannot_be_written_is_told(self, tmp_path):
        (tmp_path / "file").write_text("mine")
        with pytest.raises(ShelfError) as caught:
            program(tmp_path / "file" / "downloads.json").add(ONE)
        assert caught.value.problem.code == "queue_unusable"

    def test_a_program_that_holds_on_to_it_is_told(self, path, monkeypatch):
        monkeypatch.setattr(queue_file, "LOCK_SECONDS", 0.05)
        with locked(path.with_name("downloads.json.lock"), 1.0), pytest.raises(ShelfError) as caught:
            program(path).add(ONE)
        assert caught.value.problem.code == "queue_unusable"
        assert "another program" in caught.value.problem.sentence

    def test_a_program_killed_while_it_writes_leaves_the_old_or_the_new(self, path):
        """Killed at any moment, as often as there is time for."""
        program(path).add(ONE)
        for _ in range(4):
            process = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE)
            assert process.stdout.readline() == b"ready\n"
            for _ in range(20):
                [one] = downloads(program(path))
                assert one.done in (0, 1, 2)
            process.kill()
            process.wait()
            process.stdout.close()
            [one] = downloads(program(path))
            assert one.done in (0, 1, 2)
