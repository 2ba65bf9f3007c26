"""The shelf: what is on it, how each model is used, and the care for it."""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from desktop_app.core.care import Checked, Outcome, what_to_free
from desktop_app.core.errors import Problem, ShelfError
from desktop_app.core.model import ModelDefaults, ShelfModel
from desktop_app.library.care import owner_of, require_ours
from desktop_app.library.importing import import_file
from desktop_app.library.moving import MoveResult, move_shelf, unfinished_move
from desktop_app.library.records import Records
from desktop_app.library.removal import delete, discard, rename
from desktop_app.library.room import arrivals, disk_use, unfinished
from desktop_app.library.shelf import Shelf
from desktop_app.library.updates import find_updates
from desktop_app.library.verify import check_models
from desktop_app.services import shelf_sentences as sentences
from desktop_app.services.events import Event, ModelsListed, Noticed
from desktop_app.services.loop import ServiceLoop
from desktop_app.services.shelf_events import (
    DefaultsShown,
    ModelImported,
    ModelRelocated,
    ModelsVerified,
    RoomMeasured,
    ShelfFoldersListed,
    ShelfWorkEnded,
    UpdatesFound,
    WorkKind,
)
from desktop_app.services.shelf_neighbours import Neighbours
from desktop_app.services.work import Progress, Stop, Work

_log = logging.getLogger(__name__)


class ShelfService:
    """Lists the shelf, and does one work on it at a time; refuses others meanwhile."""

    def __init__(
        self,
        shelf: Shelf,
        records: Records,
        loop: ServiceLoop,
        publish: Callable[[Event], None],
        journal: Path,
        neighbours: Neighbours | None = None,
    ) -> None:
        """Make the service.

        Args:
            shelf: where models are.
            records: what the person settled about them.
            loop: the services' thread.
            publish: hears what happens.
            journal: a file of the profile, for moving the shelf.
            neighbours: the rest of the program.
        """
        self._shelf = shelf
        self._records = records
        self._publish = publish
        self._journal = journal
        self._neighbours = neighbours or Neighbours()
        self._work = Work(loop, publish)
        self._models: tuple[ShelfModel, ...] = ()
        self._hashes: dict[str, str] = {}
        self._scanning = self._scan_again = False

    # ---- the list ----

    @property
    def folder(self) -> Path:
        """The folder of the shelf."""
        return self._shelf.folder

    @property
    def work(self) -> WorkKind | None:
        """What is being done; None at rest."""
        return self._work.kind

    def list_now(self) -> tuple[ShelfModel, ...]:
        """Look at the shelf and wait for it, as a command may; publish and return what is on it."""
        return self._listed(self._shelf.scan())

    def list(self) -> None:
        """The same as ``scan``."""
        self.scan()

    def scan(self) -> None:
        """Publish what was on the shelf last time at once, and what is there now as soon as that is known."""
        if self._scanning:
            self._scan_again = True
            return
        if not self._models and (known := self._shelf.quick()):
            self._listed(known)
        self._scanning = True
        self._work.behind(self._shelf.scan, self._scanned, self._scan_failed)

    def find(self, name: str) -> ShelfModel:
        """Return the model meant by a path or a name. Raises ModelError."""
        return self._at(self._shelf.find(name).path)

    # ---- how models are used ----

    def defaults(self, path: str) -> ModelDefaults:
        """Publish and return how a model is used."""
        defaults = self._records.defaults(path)
        self._tell_of_records()
        self._publish(DefaultsShown(path, defaults))
        return defaults

    def set_defaults(self, path: str, defaults: ModelDefaults) -> None:
        """Keep how a model is used. Raises ShelfError."""
        self._records.set_defaults(path, defaults)
        self._publish(DefaultsShown(path, defaults))

    def used(self, path: str) -> None:
        """Note that a model is being used. It is no reason to disturb anyone when that cannot be kept."""
        now = time.time()
        try:
            self._records.used(path, now)
        except ShelfError as error:
            _log.warning("the use of a model cannot be noted: %s", error.problem.detail)
        self._models = tuple(replace(one, last_used=now) if one.path == path else one for one in self._models)

    # ---- folders ----

    def folders(self) -> ShelfFoldersListed:
        """Publish and return where models are looked for."""
        going = unfinished_move(self._journal)
        listed = ShelfFoldersListed(
            str(self._shelf.folder),
            tuple(str(folder) for folder in self._records.folders()),
            str(going) if going is not None else "",
        )
        self._tell_of_records()
        self._publish(listed)
        return listed

    def add_folder(self, folder: str) -> None:
        """Look for models in another folder too; they are used in place.

        Raises:
            ShelfError: ``shelf_folder_unfit``, or that of the records.
        """
        path = Path(folder).expanduser().absolute()
        if not path.is_dir():
            raise sentences.unfit(f"There is no folder {path}.")
        if path.resolve().is_relative_to(self._shelf.folder.resolve()):
            raise sentences.unfit(f"{path} belongs to the shelf already.")
        self._records.add_folder(path)
        self.folders()
        self.scan()

    def remove_folder(self, folder: str) -> None:
        """Look into a folder no more; its files stay. Raises ShelfError."""
        self._records.remove_folder(Path(folder))
        self.folders()
        self.scan()

    # ---- work ----

    def verify(self, path: str) -> None:
        """Compute the hashes of a model's files and compare them with what their source says."""
        self.verify_many((self._at(path),), path)

    def verify_all(self) -> None:
        """Verify all models."""
        self.verify_many(None)

    def verify_many(self, models: Sequence[ShelfModel] | None, path: str = "") -> None:
        """Verify several models; None means all that a look at the shelf finds. ``ModelsVerified`` tells of each file.

        Raises:
            ShelfError: ``shelf_busy``.
        """
        results: list[Checked] = []
        problems: list[Problem] = []

        def job(progress: Progress, stop: Stop) -> Problem | None:
            wanted = self._shelf.scan() if models is None else models
            try:
                check_models(wanted, results, problems, progress, stop)
            except ShelfError as error:  # stopped: what was checked is told all the same
                return error.problem
            return None

        def ended(stopped: Problem | None) -> ShelfWorkEnded:
            self._hashes.update((one.path, one.sha256) for one in results)
            self._publish(ModelsVerified(tuple(results), tuple(problems)))
            wrong = tuple(one.path for one in results if one.outcome is Outcome.DIFFERENT)
            problem = sentences.finding(results, problems) or stopped
            return ShelfWorkEnded(WorkKind.VERIFY, path, problem, sentences.summary(results), wrong)

        self._work.begin(WorkKind.VERIFY, path, job, ended)

    def rename(self, path: str, new_name: str) -> str:
        """Give a model another file name and return its new path; not while it is in use.

        Raises:
            ShelfError: ``shelf_busy``, ``model_in_use``, and what ``removal.rename`` raises.
        """
        self._work.require_rest()
        model = self._at(path)
        require_ours(model, "renamed")
        self._require_unused(model, "renamed")
        new = str(rename(model, new_name))
        if new != model.path:
            self._records.rename(model.path, new)
            self._relocated(Path(model.path), Path(new))
        self.scan()
        return new

    def delete(self, path: str) -> None:
        """Move a model to the system's trash; not while it is in use.

        Raises:
            ShelfError: ``shelf_busy``, ``shelf_not_ours``, ``model_in_use``. What goes wrong later ends the work.
        """
        self._work.require_rest()
        model = self._at(path)
        require_ours(model, "deleted")
        self._require_unused(model, "deleted")

        def job(_progress: Progress, _stop: Stop) -> tuple[Path, ...]:
            return delete(model, self._shelf.scan())

        def ended(files: tuple[Path, ...]) -> ShelfWorkEnded:
            self._forget(model.path)
            self.scan()
            names = tuple(map(str, files))
            return ShelfWorkEnded(WorkKind.DELETE, path, detail=f"{model.label} is in the trash.", paths=names)

        self._work.begin(WorkKind.DELETE, path, job, ended)

    def delete_part(self, path: str) -> None:
        """Delete the beginning of a file that no download or copy is going to finish; for good, as it is of no use.

        Raises:
            ShelfError: ``shelf_busy``, ``shelf_not_ours``, ``shelf_not_deleted``.
        """
        self._work.require_rest()
        discard(Path(path), self._shelf.folder, self._neighbours.wanted_parts())
        self.what_to_free()

    def import_file(self, path: str, move: bool = False) -> None:
        """Copy or move a model onto the shelf, with all its shards; ``ModelImported`` tells where it is then.

        Raises:
            ShelfError: ``shelf_busy``, ``model_in_use``. What goes wrong later ends the work.
        """
        self._work.require_rest()
        if move:
            self._require_unused(self._shelf.find(path), "moved")
        folder = self._shelf.folder

        def job(progress: Progress, stop: Stop) -> Path:
            return import_file(Path(path), folder, move, progress, stop, owner_of(Path(path), self._shelf.scan()))

        def ended(target: Path) -> ShelfWorkEnded:
            if move:
                self._relocated(Path(path).absolute(), target)
            self.scan()
            self._publish(ModelImported(str(target)))
            detail = f"{target.name} is on the shelf."
            return ShelfWorkEnded(WorkKind.IMPORT, path, detail=detail, paths=(str(target),))

        self._work.begin(WorkKind.IMPORT, path, job, ended)

    def move_to(self, folder: str) -> None:
        """Move the whole shelf to another folder, or go on with a move that was interrupted.

        Downloads wait meanwhile. The folder where the shelf is already ends an interrupted move.

        Raises:
            ShelfError: ``shelf_busy``. What goes wrong later ends the work.
            KnownError: downloads cannot be held.
        """
        self._work.require_rest()
        self._neighbours.hold_downloads(True)
        old, going = self._shelf.folder, unfinished_move(self._journal)

        def job(progress: Progress, stop: Stop) -> MoveResult:
            return move_shelf(old, Path(folder), self._journal, partial(self._switch, old), progress, stop)

        def ended(result: MoveResult) -> ShelfWorkEnded:
            if going is not None and going != result.folder and old.resolve() == result.folder:
                self._records.move_folder(going, old)  # the move was taken back
            left = tuple(map(str, (*result.left, *result.stayed)))
            detail = f"The shelf is in {result.folder}."
            return ShelfWorkEnded(WorkKind.MOVE, folder, sentences.left_behind(result), detail, left, result.size)

        def at_last() -> None:
            self._neighbours.hold_downloads(False)
            self.folders()
            self.scan()

        self._work.begin(WorkKind.MOVE, folder, job, ended, at_last)

    def check_updates(self, paths: Iterable[str] = ()) -> None:
        """Compare files with what their sources offer today; all of known source by default. ``UpdatesFound`` tells.

        Raises:
            ShelfError: ``shelf_busy``. Being offline ends the work.
        """
        wanted, hub = frozenset(paths), self._neighbours.hub

        def job(progress: Progress, stop: Stop) -> UpdatesFound:
            models = [one for one in self._shelf.scan() if not wanted or one.path in wanted]
            return UpdatesFound(find_updates(models, hub.details, progress, stop) if hub is not None else ())

        def ended(found: UpdatesFound) -> ShelfWorkEnded:
            self._publish(found)
            return ShelfWorkEnded(WorkKind.UPDATES, "")

        self._work.begin(WorkKind.UPDATES, "", job, ended)

    def stop_work(self) -> None:
        """Have what is being done end soon; what it did so far is kept."""
        self._work.stop()
        if self._work.kind is WorkKind.UPDATES and self._neighbours.hub is not None:
            self._neighbours.hub.cancel()

    def what_to_free(self) -> None:
        """Work out what the models take up and what could go; ``RoomMeasured`` tells."""
        wanted, in_use, hashes = self._neighbours.wanted_parts(), self._neighbours.in_use(), dict(self._hashes)

        def job() -> RoomMeasured:
            models = self._shelf.scan()
            known = [one if one.sha256 else replace(one, sha256=hashes.get(one.path, "")) for one in models]
            parts = unfinished(self._shelf.folder)
            idle = [part for part in parts if part.path not in wanted]
            suggestions = what_to_free(known, idle, time.time(), arrivals(models), in_use)
            return RoomMeasured(disk_use(models, self._shelf.folder, parts), suggestions)

        self._work.behind(job, self._publish)

    def close(self) -> None:
        """Stop what is being done."""
        self.stop_work()
        self._work.close()

    def _scanned(self, models: tuple[ShelfModel, ...]) -> None:
        self._scanning = False
        self._listed(models)
        if self._scan_again:
            self._scan_again = False
            self.scan()

    def _scan_failed(self) -> None:
        self._scanning = self._scan_again = False

    def _listed(self, models: tuple[ShelfModel, ...]) -> tuple[ShelfModel, ...]:
        in_use = self._neighbours.in_use()
        if in_use and all(one.path != in_use for one in models):
            models = (self._shelf.find(in_use), *models)  # one from elsewhere
        self._models = models
        self._tell_of_records()
        self._publish(ModelsListed(models))
        return models

    def _tell_of_records(self) -> None:
        problem = self._records.take_problem()
        if problem is not None:
            self._publish(Noticed(problem))

    def _at(self, path: str) -> ShelfModel:
        """The model at a path, as a look at the shelf knows it: whether it is ours depends on where it was found."""
        seen = next((one for one in self._models if one.path == path), None)
        return seen or next((one for one in self._shelf.scan() if one.path == path), None) or self._shelf.find(path)

    def _require_unused(self, model: ShelfModel, deed: str) -> None:
        in_use = self._neighbours.in_use()
        if in_use and in_use in (model.path, model.projector):
            raise sentences.in_use(model, deed)

    def _forget(self, path: str) -> None:
        try:
            self._records.forget(path)
        except ShelfError as error:
            _log.warning("what is kept of a model cannot be removed: %s", error.problem.detail)

    def _relocated(self, old: Path, new: Path) -> None:
        self._neighbours.relocated(old, new)
        self._publish(ModelRelocated(str(old), str(new)))

    def _switch(self, old: Path, new: Path) -> None:
        """Have everything use another folder; on the thread of the work. The settings last: they tell where it is."""
        self._records.move_folder(old, new)
        self._neighbours.switch(old, new)
        self._shelf.folder = new
        self._work.post(lambda: self._relocated(old, new))
