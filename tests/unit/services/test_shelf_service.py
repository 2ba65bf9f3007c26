"""The shelf's service: what it lists and settles, and one work at a time, on a thread of its own."""

import hashlib
import json
import os
import queue
import threading
from pathlib import Path

import pytest

from desktop_app.core.care import Outcome, Reason, UpdateState
from desktop_app.core.errors import HubError, Problem, ShelfError
from desktop_app.core.hub import Choice, HubDetails, HubFile, HubModel
from desktop_app.core.model import ModelDefaults
from desktop_app.library import manifest, moving, verify
from desktop_app.library.records import Records
from desktop_app.library.shelf import Shelf
from desktop_app.services.events import BugNoticed, ModelChanged, ModelsListed, ModelState, Noticed
from desktop_app.services.loop import ServiceLoop
from desktop_app.services.model_service import LoadOptions
from desktop_app.services.shelf_events import (
    DefaultsShown,
    ModelImported,
    ModelRelocated,
    ModelsVerified,
    RoomMeasured,
    ShelfFoldersListed,
    ShelfWorkEnded,
    ShelfWorkProgressed,
    UpdatesFound,
    WorkKind,
)
from desktop_app.services.shelf_neighbours import HubAsked, Neighbours
from desktop_app.services.shelf_service import ShelfService
from desktop_app.services.shelf_settings import relocated, relocation, switch_shelf
from desktop_app.system.settings import Settings
from tests.helpers.gguf_headers import write_header
from tests.helpers.hearing import TIMEOUT, Hearing
from tests.helpers.shelves import Trash, contents, note, put


class Bench:
    """The service alone on a loop of its own; the rest of the program is what a test says."""

    def __init__(self, folder):
        self.folder = folder
        self.shelf = Shelf(folder / "models", folder / "none.gguf", folder / "index.json", self.folders)
        self.shelf.folder.mkdir()
        self.records = Records(folder / "shelf.json")
        self.journal = folder / "move.json"
        self.heard = Hearing()
        self.in_use = ""
        self.wanted = frozenset()
        self.calls = []
        self.offers = {}
        self.given_up = threading.Event()
        self.loop = ServiceLoop(lambda error: self.heard(BugNoticed(repr(error))))
        neighbours = Neighbours(
            in_use=lambda: self.in_use,
            hub=HubAsked(self.details, self.given_up.set),
            wanted_parts=lambda: self.wanted,
            hold_downloads=lambda held: self.hold(held),
            switch=lambda old, new: self.switch(old, new),
            relocated=lambda old, new: self.calls.append(("relocated", old, new)),
        )
        self.service = ShelfService(self.shelf, self.records, self.loop, self.heard, self.journal, neighbours)
        self.loop.start()

    def folders(self):
        return self.records.folders()

    def hold(self, held):
        self.calls.append(("hold", held))

    def switch(self, old, new):
        self.calls.append(("switch", old, new))

    def details(self, repo):
        offer = self.offers[repo]
        if isinstance(offer, Exception):
            raise offer
        return offer() if callable(offer) else offer

    def ask(self, name, *arguments, **more):
        answers = queue.SimpleQueue()

        def act():
            try:
                answers.put((getattr(self.service, name)(*arguments, **more), None))
            except Exception as error:
                answers.put((None, error))

        self.loop.post(act)
        result, error = answers.get(timeout=TIMEOUT)
        if error is not None:
            raise error
        return result

    def refusal(self, name, *arguments, **more):
        with pytest.raises(ShelfError) as caught:
            self.ask(name, *arguments, **more)
        return caught.value.problem

    def ended(self, kind):
        return self.heard.wait(ShelfWorkEnded, lambda event: event.kind is kind)

    def model(self, name, repo="", **more):
        path = write_header(self.shelf.folder / name, **more)
        if repo:
            note(path, repo, hashlib.sha256(path.read_bytes()).hexdigest())
        return path

    def close(self):
        self.loop.post(self.service.close)
        self.loop.stop()
        assert self.loop.join(TIMEOUT)


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    made.close()
    assert made.heard.of(BugNoticed) == []


@pytest.fixture
def trash(tmp_path, monkeypatch):
    return Trash(tmp_path / "trash" / "Trash", monkeypatch)


class Gate:
    """Holds work on a file until a test opens it."""

    def __init__(self, monkeypatch, module=verify, name="forget_cached"):
        self.reached, self.opened = threading.Event(), threading.Event()
        monkeypatch.setattr(module, name, self)

    def __call__(self, *_):
        self.reached.set()
        assert self.opened.wait(TIMEOUT)


class TestList:
    def test_now(self, bench):
        path = bench.model("a-Q4_0.gguf")
        [one] = bench.ask("list_now")
        assert (one.path, one.name, one.quantization) == (str(path), "a", "Q4_0")
        assert bench.heard.wait(ModelsListed).models == (one,)

    def test_the_second_time_the_last_list_comes_at_once(self, bench):
        bench.model("a.gguf")
        bench.ask("list_now")
        again = Bench.__new__(Bench)  # the same profile, opened anew
        again.folder = bench.folder
        shelf = Shelf(bench.shelf.folder, bench.folder / "none.gguf", bench.folder / "index.json")
        service = ShelfService(shelf, bench.records, bench.loop, bench.heard, bench.journal)
        bench.model("b.gguf")
        bench.heard.forget()
        bench.loop.post(service.scan)
        bench.heard.wait(ModelsListed, lambda event: len(event.models) == 2)
        assert [len(event.models) for event in bench.heard.of(ModelsListed)] == [1, 2]
        bench.loop.post(service.close)

    def test_what_is_asked_during_a_scan_comes_after_it(self, bench, monkeypatch):
        reached, opened = threading.Event(), threading.Event()
        real = bench.shelf.scan

        def slow():
            found = real()
            reached.set()
            assert opened.wait(TIMEOUT)
            return found

        monkeypatch.setattr(bench.shelf, "scan", slow)
        bench.ask("scan")
        assert reached.wait(TIMEOUT)
        bench.model("late.gguf")
        bench.ask("scan")
        bench.ask("scan")
        opened.set()
        bench.heard.wait(ModelsListed, lambda event: len(event.models) == 1)

    def test_one_from_elsewhere_that_is_in_use_stands_first(self, bench, tmp_path):
        bench.model("a.gguf")
        bench.in_use = str(write_header(tmp_path / "else" / "b.gguf"))
        assert [Path(one.path).name for one in bench.ask("list_now")] == ["b.gguf", "a.gguf"]

    def test_records_that_cannot_be_read_are_told(self, bench):
        bench.records.file.write_text("rubbish")
        bench.ask("list_now")
        assert bench.heard.wait(Noticed).problem.code == "records_damaged"


class TestRecords:
    def test_defaults_are_kept_and_told(self, bench):
        path = str(bench.model("a.gguf"))
        wanted = ModelDefaults(context_length=4096, notes="good at rhymes")
        bench.ask("set_defaults", path, wanted)
        assert bench.ask("defaults", path) == wanted
        assert [event.defaults for event in bench.heard.of(DefaultsShown)] == [wanted, wanted]
        assert Records(bench.records.file).defaults(path) == wanted

    def test_the_use_of_a_model_is_noted(self, bench):
        path = str(bench.model("a.gguf"))
        bench.ask("used", path)
        assert bench.records.last_used()[path] > 1_600_000_000

    def test_folders_that_a_person_adds(self, bench, tmp_path):
        theirs = write_header(tmp_path / "mine" / "b.gguf")
        bench.ask("add_folder", str(theirs.parent))
        listed = bench.heard.wait(ShelfFoldersListed)
        assert (listed.folder, listed.folders) == (str(bench.shelf.folder), (str(theirs.parent),))
        found = bench.heard.wait(ModelsListed, lambda event: len(event.models) == 1)
        assert (found.models[0].path, found.models[0].origin) == (str(theirs), "folder")
        bench.heard.forget()
        bench.ask("remove_folder", str(theirs.parent))
        assert bench.heard.wait(ShelfFoldersListed).folders == ()
        bench.heard.wait(ModelsListed, lambda event: not event.models)
        assert theirs.exists()

    def test_folders_that_make_no_sense(self, bench, tmp_path):
        inside = bench.shelf.folder / "inside"
        inside.mkdir()
        for folder in (tmp_path / "no such", bench.shelf.folder, inside):
            assert bench.refusal("add_folder", str(folder)).code == "shelf_folder_unfit"


class TestVerify:
    def test_one(self, bench):
        path = bench.model("a.gguf", "maker/a")
        bench.ask("verify", str(path))
        ended = bench.ended(WorkKind.VERIFY)
        assert (ended.problem, ended.path) == (None, str(path))
        assert ended.detail == "a.gguf is intact: it is the file that maker/a offers."
        [result] = bench.heard.wait(ModelsVerified).results
        assert result.outcome is Outcome.INTACT

    def test_all_and_the_wrong_one_is_named(self, bench):
        bench.model("a.gguf", "maker/a")
        wrong = bench.model("maker/b/b.gguf", "maker/b")
        data = bytearray(wrong.read_bytes())
        data[-1] ^= 1
        wrong.write_bytes(data)
        bench.model("c.gguf")
        bench.ask("verify_all")
        ended = bench.ended(WorkKind.VERIFY)
        assert ended.problem.code == "hash_differs"
        assert "b.gguf" in ended.problem.sentence
        assert ended.paths == (str(wrong),)
        assert ended.detail == "1 file is intact, 1 differs from its source, 1 has nothing to be compared with."

    def test_a_file_that_is_gone_does_not_keep_the_others_from_being_checked(self, bench):
        gone = bench.model("a.gguf")
        bench.model("b.gguf")
        models = bench.ask("list_now")
        gone.unlink()
        bench.ask("verify_many", models)
        verified = bench.heard.wait(ModelsVerified)
        assert [Path(one.path).name for one in verified.results] == ["b.gguf"]
        assert [problem.code for problem in verified.problems] == ["shelf_file_missing"]
        assert bench.ended(WorkKind.VERIFY).problem.code == "shelf_file_missing"

    def test_it_is_stopped(self, bench, monkeypatch):
        gate = Gate(monkeypatch)
        path = bench.model("a.gguf")
        bench.ask("verify", str(path))
        assert gate.reached.wait(TIMEOUT)
        assert bench.service.work is WorkKind.VERIFY
        bench.ask("stop_work")
        gate.opened.set()
        assert bench.ended(WorkKind.VERIFY).problem.code == "stopped"
        assert bench.service.work is None

    def test_nothing_else_is_done_meanwhile(self, bench, monkeypatch, tmp_path):
        gate = Gate(monkeypatch)
        path = str(bench.model("a.gguf"))
        bench.ask("verify", path)
        assert gate.reached.wait(TIMEOUT)
        for name, arguments in {
            "verify": (path,),
            "verify_all": (),
            "rename": (path, "b"),
            "delete": (path,),
            "delete_part": (path,),
            "import_file": (path,),
            "move_to": (str(tmp_path / "new"),),
            "check_updates": (),
        }.items():
            assert bench.refusal(name, *arguments).code == "shelf_busy"
        bench.ask("list_now")  # but looking is possible
        gate.opened.set()
        bench.ended(WorkKind.VERIFY)
        assert contents(bench.shelf.folder).keys() == {"a.gguf"}
        assert ("hold", True) not in bench.calls

    def test_progress_is_told_from_the_beginning_and_not_too_often(self, bench):
        path = bench.model("a.gguf", tensors=40, shape=(256, 256))
        bench.ask("verify", str(path))
        bench.ended(WorkKind.VERIFY)
        marks = bench.heard.of(ShelfWorkProgressed)
        assert (marks[0].kind, marks[0].path, marks[0].fraction) == (WorkKind.VERIFY, str(path), 0.0)
        assert len(marks) < 20

    def test_closing_ends_it_at_once(self, bench, monkeypatch):
        gate = Gate(monkeypatch)
        bench.ask("verify", str(bench.model("a.gguf")))
        assert gate.reached.wait(TIMEOUT)
        gate.opened.set()
        bench.ask("close")
        assert bench.heard.of(ShelfWorkEnded) == []


class TestRename:
    def test_what_is_settled_follows(self, bench):
        path = bench.model("a-Q4_0.gguf", "maker/a")
        bench.ask("set_defaults", str(path), ModelDefaults(notes="mine"))
        new = bench.ask("rename", str(path), "b-Q4_0")
        assert new == str(path.with_name("b-Q4_0.gguf"))
        assert bench.records.defaults(new).notes == "mine"
        assert manifest.origin_of(Path(new)).repo == "maker/a"
        told = bench.heard.wait(ModelRelocated)
        assert (told.old, told.new) == (str(path), new)
        assert bench.calls == [("relocated", path, Path(new))]
        bench.heard.wait(ModelsListed, lambda event: [one.path for one in event.models] == [new])

    def test_the_model_in_use_keeps_its_name(self, bench):
        bench.in_use = str(bench.model("a.gguf"))
        assert bench.refusal("rename", bench.in_use, "b").code == "model_in_use"
        assert Path(bench.in_use).exists()


class TestDelete:
    def test_to_the_trash(self, bench, trash):
        path = str(bench.model("a-Q4_0.gguf", "maker/a"))
        bench.ask("set_defaults", path, ModelDefaults(notes="mine"))
        bench.ask("delete", path)
        ended = bench.ended(WorkKind.DELETE)
        assert (ended.problem, ended.detail, ended.paths) == (None, "a · Q4_0 is in the trash.", (path,))
        assert trash.names == ["a-Q4_0.gguf"]
        assert bench.records.defaults(path) == ModelDefaults()
        bench.heard.wait(ModelsListed, lambda event: not event.models)

    def test_without_a_trash_nothing_is_deleted(self, bench, trash):
        trash.break_it()
        path = bench.model("a.gguf")
        bench.ask("delete", str(path))
        problem = bench.ended(WorkKind.DELETE).problem
        assert (problem.code, problem.kept) == ("shelf_no_trash", "Nothing was deleted.")
        assert path.exists()

    def test_the_model_in_use_is_refused(self, bench, trash):
        bench.in_use = str(bench.model("a.gguf"))
        problem = bench.refusal("delete", bench.in_use)
        assert (problem.code, problem.action) == ("model_in_use", "Load another model first.")
        assert Path(bench.in_use).exists()

    def test_a_model_from_elsewhere_is_refused(self, bench, trash, tmp_path):
        path = write_header(tmp_path / "else" / "a.gguf")
        assert bench.refusal("delete", str(path)).code == "shelf_not_ours"
        assert path.exists()

    def test_an_idle_part_goes_for_good(self, bench):
        part = put(bench.shelf.folder / "maker" / "a.gguf.0123456789ab.part")
        bench.ask("delete_part", str(part))
        assert not part.exists()
        assert bench.heard.wait(RoomMeasured).suggestions == ()

    def test_a_part_that_a_download_goes_on_with_stays(self, bench):
        part = put(bench.shelf.folder / "a.gguf.0123456789ab.part")
        bench.wanted = frozenset((str(part),))
        assert bench.refusal("delete_part", str(part)).code == "shelf_not_ours"
        assert part.exists()

    @pytest.mark.parametrize("name", ["models/a.gguf", "outside.part", "models/../outside.part"])
    def test_what_is_no_part_of_the_shelf_stays(self, bench, name):
        file = put(bench.folder / name)
        assert bench.refusal("delete_part", str(file)).code == "shelf_not_ours"
        assert file.exists()


class TestImport:
    def test_a_copy(self, bench, tmp_path):
        path = write_header(tmp_path / "downloads" / "a.gguf")
        bench.ask("import_file", str(path))
        ended = bench.ended(WorkKind.IMPORT)
        target = str(bench.shelf.folder / "a.gguf")
        assert (ended.problem, ended.detail, ended.paths) == (None, "a.gguf is on the shelf.", (target,))
        assert bench.heard.wait(ModelImported).path == target
        bench.heard.wait(ModelsListed, lambda event: [one.path for one in event.models] == [target])
        assert path.exists()

    def test_moved_settings_follow(self, bench, tmp_path):
        path = write_header(tmp_path / "downloads" / "a.gguf")
        bench.ask("import_file", str(path), move=True)
        bench.ended(WorkKind.IMPORT)
        assert bench.calls == [("relocated", path, bench.shelf.folder / "a.gguf")]
        assert not path.exists()

    def test_no_model(self, bench, tmp_path):
        bench.ask("import_file", str(put(tmp_path / "a.gguf", b"something else")))
        assert bench.ended(WorkKind.IMPORT).problem.code == "not_gguf"

    def test_the_model_in_use_is_not_moved_away(self, bench, tmp_path):
        bench.in_use = str(write_header(tmp_path / "downloads" / "a.gguf"))
        assert bench.refusal("import_file", bench.in_use, move=True).code == "model_in_use"


class TestMove:
    def test_everything_follows(self, bench, tmp_path):
        old, new = bench.shelf.folder, tmp_path / "new"
        path = bench.model("maker/a/a.gguf", "maker/a")
        bench.ask("set_defaults", str(path), ModelDefaults(notes="mine"))
        bench.ask("move_to", str(new))
        ended = bench.ended(WorkKind.MOVE)
        assert (ended.problem, ended.detail) == (None, f"The shelf is in {new}.")
        assert ended.size == (new / "maker/a/a.gguf").stat().st_size
        listed = bench.heard.wait(ModelsListed, lambda event: any("/new/" in one.path for one in event.models))
        assert [one.path for one in listed.models] == [str(new / "maker/a/a.gguf")]
        assert bench.records.defaults(str(new / "maker/a/a.gguf")).notes == "mine"
        assert bench.heard.of(ModelRelocated)[0] == ModelRelocated(str(old), str(new))
        assert bench.heard.of(ShelfFoldersListed)[-1].folder == str(new)
        steps = [call[0] if call[0] != "hold" else call for call in bench.calls]
        assert steps == [("hold", True), "switch", "relocated", ("hold", False)]

    def test_stopped_it_is_told_and_goes_on(self, bench, tmp_path, monkeypatch):
        monkeypatch.setattr(moving, "link", lambda *_: False)
        bench.model("a.gguf", "maker/a")
        bench.model("b.gguf")
        gate = Gate(monkeypatch)
        new = tmp_path / "new"
        bench.ask("move_to", str(new))
        assert gate.reached.wait(TIMEOUT)
        bench.ask("stop_work")
        gate.opened.set()
        assert bench.ended(WorkKind.MOVE).problem.code == "stopped"
        told = bench.heard.wait(ShelfFoldersListed)
        assert (told.folder, told.unfinished_move) == (str(bench.folder / "models"), str(new))
        bench.heard.forget()
        bench.ask("move_to", str(new))
        assert bench.ended(WorkKind.MOVE).problem is None
        assert bench.heard.wait(ShelfFoldersListed).unfinished_move == ""
        assert contents(bench.folder / "models") == {}

    def test_taken_back_what_is_settled_comes_back(self, bench, tmp_path):
        path = bench.model("a.gguf")
        bench.ask("set_defaults", str(path), ModelDefaults(notes="mine"))

        def refuse(_old, _new):
            raise ShelfError(Problem("settings_not_saved", "No."))

        bench.switch = refuse
        bench.ask("move_to", str(tmp_path / "new"))
        assert bench.ended(WorkKind.MOVE).problem.code == "settings_not_saved"
        bench.heard.forget()
        bench.ask("move_to", str(bench.shelf.folder))
        assert bench.ended(WorkKind.MOVE).problem is None
        assert bench.records.defaults(str(path)).notes == "mine"
        assert contents(tmp_path / "new") == {}
        assert path.exists()

    def test_when_downloads_cannot_be_held_nothing_is_moved(self, bench, tmp_path):
        def refuse(_held):
            raise ShelfError(Problem("download_elsewhere", "Another program is downloading."))

        bench.hold = refuse
        bench.model("a.gguf")
        assert bench.refusal("move_to", str(tmp_path / "new")).code == "download_elsewhere"
        assert bench.service.work is None
        assert not (tmp_path / "new").exists()

    def test_an_error_of_ours_ends_the_work_and_lets_downloads_go_on(self, bench, tmp_path, monkeypatch):
        monkeypatch.setattr("desktop_app.services.shelf_service.move_shelf", lambda *_: 1 / 0)
        bench.ask("move_to", str(tmp_path / "new"))
        assert bench.ended(WorkKind.MOVE).problem.code == "bug"
        assert bench.heard.wait(ShelfFoldersListed)
        bench.ask("folders")
        assert bench.calls[-1] == ("hold", False)
        assert bench.service.work is None
        with pytest.raises(AssertionError, match="ZeroDivisionError"):
            bench.heard.wait(ModelImported, timeout=0.1)
        bench.heard.forget()


class TestFreeing:
    def test_use_and_suggestions(self, bench):
        first = bench.model("maker/a/a.gguf", "maker/a")
        double = bench.model("a-again.gguf", "maker/a")
        double.write_bytes(first.read_bytes())
        part = put(bench.shelf.folder / "b.gguf.0123456789ab.part", b"x" * 10)
        wanted = put(bench.shelf.folder / "c.gguf.0123456789ab.part", b"x" * 20)
        bench.wanted = frozenset((str(wanted),))
        bench.ask("what_to_free")
        told = bench.heard.wait(RoomMeasured)
        assert {(one.reason, one.path) for one in told.suggestions} == {
            (Reason.DUPLICATE, min(str(first), str(double))),
            (Reason.PART, str(part)),
        }
        assert told.use.parts == 30
        assert told.use.models == 2 * first.stat().st_size

    def test_what_a_check_found_tells_duplicates_of_unknown_source(self, bench):
        one, other = bench.model("a.gguf"), bench.model("b.gguf")
        other.write_bytes(one.read_bytes())
        bench.ask("what_to_free")
        assert bench.heard.wait(RoomMeasured).suggestions == ()
        bench.ask("verify_all")
        bench.ended(WorkKind.VERIFY)
        bench.heard.forget()
        bench.ask("what_to_free")
        assert [one.reason for one in bench.heard.wait(RoomMeasured).suggestions] == [Reason.DUPLICATE]


class TestUpdates:
    @staticmethod
    def offer(repo, *files, commit="d" * 40):
        choices = tuple(Choice(name, "", (HubFile(name, 1, sha256),)) for name, sha256 in files)
        return HubDetails(HubModel(repo), commit, choices)

    def test_each_file_against_its_source(self, bench):
        same = bench.model("maker/a/a.gguf", "maker/a")
        newer = bench.model("maker/a/b.gguf", "maker/a")
        gone = bench.model("maker/c/c.gguf", "maker/c")
        bench.model("unknown.gguf")
        bench.offers = {
            "maker/a": self.offer("maker/a", ("a.gguf", verify.expected_of(same).sha256), ("b.gguf", "ef" * 32)),
            "maker/c": self.offer("maker/c", ("other.gguf", "ef" * 32)),
        }
        bench.ask("check_updates")
        updates = {one.path: one for one in bench.heard.wait(UpdatesFound).updates}
        assert {path: one.state for path, one in updates.items()} == {
            str(same): UpdateState.CURRENT,
            str(newer): UpdateState.NEWER,
            str(gone): UpdateState.GONE,
        }
        assert (updates[str(newer)].commit, updates[str(newer)].sha256) == ("d" * 40, "ef" * 32)
        assert bench.ended(WorkKind.UPDATES).problem is None

    def test_only_those_that_are_asked_for(self, bench):
        one = bench.model("maker/a/a.gguf", "maker/a")
        bench.model("maker/b/b.gguf", "maker/b")
        bench.offers = {"maker/a": self.offer("maker/a")}
        bench.ask("check_updates", (str(one),))
        assert [update.path for update in bench.heard.wait(UpdatesFound).updates] == [str(one)]

    def test_one_that_refuses_does_not_keep_the_others_from_being_asked(self, bench):
        bench.model("maker/a/a.gguf", "maker/a")
        bench.model("maker/b/b.gguf", "maker/b")
        bench.model("maker/c/c.gguf", "maker/c")
        bench.offers = {
            "maker/a": HubError(Problem("hub_gated", "It asks for terms.")),
            "maker/b": HubError(Problem("hub_not_found", "It is gone.")),
            "maker/c": self.offer("maker/c"),
        }
        bench.ask("check_updates")
        found = [(one.repo, one.state, one.reason) for one in bench.heard.wait(UpdatesFound).updates]
        assert sorted(found) == [
            ("maker/a", UpdateState.UNKNOWN, "It asks for terms."),
            ("maker/b", UpdateState.GONE, ""),
            ("maker/c", UpdateState.GONE, ""),
        ]

    def test_offline(self, bench):
        bench.model("maker/a/a.gguf", "maker/a")
        bench.offers = {"maker/a": HubError(Problem("hub_offline", "Connections are off."))}
        bench.ask("check_updates")
        assert bench.ended(WorkKind.UPDATES).problem.code == "hub_offline"
        assert bench.heard.of(UpdatesFound) == []

    def test_a_call_that_waits_is_given_up(self, bench):
        bench.model("maker/a/a.gguf", "maker/a")
        asked = threading.Event()

        def waits():
            asked.set()
            assert bench.given_up.wait(TIMEOUT)
            raise HubError(Problem("cancelled", "It was given up."))

        bench.offers = {"maker/a": waits}
        bench.ask("check_updates")
        assert asked.wait(TIMEOUT)
        bench.ask("stop_work")
        assert bench.ended(WorkKind.UPDATES).problem.code == "cancelled"


class TestSettings:
    def test_the_shelf_and_the_model_that_is_loaded_at_the_start_follow(self, tmp_path):
        default, new, file = tmp_path / "models", tmp_path / "new", tmp_path / "settings.json"
        settings = Settings(file)
        settings.update({"model": str(default / "maker" / "a.gguf"), "online": True})
        switch_shelf(file, default, default, new)
        kept, _ = Settings.load(file)
        assert (kept["models_folder"], kept["model"]) == (str(new), str(new / "maker" / "a.gguf"))
        assert kept["online"] is True
        switch_shelf(file, default, new, default)
        assert "models_folder" not in json.loads(file.read_text())

    def test_the_shelf_is_named_even_if_another_folder_was_chosen_meanwhile(self, tmp_path):
        file = tmp_path / "settings.json"
        Settings(file).update({"models_folder": str(tmp_path / "third")})
        switch_shelf(file, tmp_path / "models", tmp_path / "models", tmp_path / "new")
        assert Settings.load(file)[0]["models_folder"] == str(tmp_path / "new")

    def test_a_model_that_is_renamed(self, tmp_path):
        settings = Settings(tmp_path / "settings.json")
        settings.update({"model": str(tmp_path / "a.gguf")})
        changes = relocation(settings, tmp_path / "models", tmp_path / "a.gguf", tmp_path / "b.gguf")
        assert changes == {"model": str(tmp_path / "b.gguf")}
        assert relocation(settings, tmp_path / "models", tmp_path / "c.gguf", tmp_path / "d.gguf") == {}

    def test_paths(self, tmp_path):
        old, new = tmp_path / "old", tmp_path / "new"
        assert relocated(str(old / "a" / "b.gguf"), old, new) == str(new / "a" / "b.gguf")
        assert relocated(str(old), old, new) == str(new)
        assert relocated(str(tmp_path / "older" / "b.gguf"), old, new) == str(tmp_path / "older" / "b.gguf")


class TestWholeProgram:
    """The service as the program wires it."""

    def test_the_model_in_use_is_not_deleted_and_its_use_is_noted(self, own_desk):
        path = put(own_desk.paths.models_dir / "any.gguf")
        own_desk.load()
        with pytest.raises(ShelfError) as caught:
            own_desk.ask(lambda services: services.shelf.delete(str(path)))
        assert caught.value.problem.code == "model_in_use"
        assert path.exists()
        assert Records(own_desk.paths.data_dir / "shelf.json").last_used().keys() == {str(path)}

    def test_the_shelf_moves_while_a_model_of_it_is_loaded(self, own_desk, tmp_path):
        path = put(own_desk.paths.models_dir / "any.gguf")
        own_desk.load()
        new = tmp_path / "new"
        own_desk.ask(lambda services: services.shelf.move_to(str(new)))
        assert own_desk.heard.wait(ShelfWorkEnded).problem is None
        moved = own_desk.heard.wait(ModelChanged, lambda event: event.path == str(new / "any.gguf"))
        assert moved.state is ModelState.READY
        assert not path.exists()
        settings, _ = Settings.load(own_desk.paths.settings_file)
        assert settings["models_folder"] == str(new)
        own_desk.heard.forget()
        own_desk.do(lambda services: services.models.reload(LoadOptions()))
        own_desk.heard.wait(
            ModelChanged, lambda event: event.state is ModelState.READY and event.path == str(new / "any.gguf")
        )

    def test_offline_no_connection_is_made_for_updates(self, own_desk):
        file = put(own_desk.paths.models_dir / "a.gguf", repo="maker/a")
        write_header(file)
        own_desk.ask(lambda services: services.shelf.check_updates())
        assert own_desk.heard.wait(ShelfWorkEnded).problem.code == "hub_offline"
        assert not os.path.lexists(own_desk.paths.data_dir / "connections.jsonl")
