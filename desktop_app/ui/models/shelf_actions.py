"""What can be done with a model of the shelf, and with the shelf: menus, questions, and what the services are asked."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QWidget

from desktop_app.core.care import Reason, Suggestion
from desktop_app.core.model import ModelDefaults, ModelKind, ShelfModel
from desktop_app.services.events import ModelChanged, ModelState
from desktop_app.services.host import Services
from desktop_app.ui.figures import size_text
from desktop_app.ui.lists.shelf_list import ShelfList
from desktop_app.ui.lists.shelf_rows import can_chat
from desktop_app.ui.models.shelf_texts import is_ours
from desktop_app.ui.theme import ThemeManager

if TYPE_CHECKING:  # the page opens faster when a dialog is imported once it is wanted
    from desktop_app.ui.models.defaults_dialog import DefaultsDialog


class ShelfActions(QObject):
    """Asks what a person wants done, and has it done.

    Signals:
        asked(callable): something for the services to do, called with ``Services``;
        load_requested(ShelfModel), cancel_load_requested; rename_requested(ShelfModel): the row should be edited;
        file_chosen(path): load a file from anywhere.
    """

    asked = Signal(object)
    load_requested = Signal(object)
    cancel_load_requested = Signal()
    rename_requested = Signal(object)
    file_chosen = Signal(str)

    def __init__(self, themes: ThemeManager, models: ShelfList, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._models = models
        self._window = parent
        self._editing: ShelfModel | None = None
        self.shelf = ""

    # One model

    def menu(self, model: ShelfModel) -> QMenu:
        """Return what can be done with a model."""
        state = self._models.state
        menu = QMenu(self._window)
        mine = state.path == model.path
        if mine and state.state is ModelState.LOADING:
            menu.addAction(self.tr("Stop loading"), self.cancel_load_requested.emit)
        elif not _is_loaded(model, state) and model.kind is not ModelKind.DAMAGED:
            text = self.tr("Load") if can_chat(model) else self.tr("Try to load it all the same")
            menu.addAction(text, lambda: self.load_requested.emit(model))
        if can_chat(model):
            menu.addAction(self.tr("Defaults…"), lambda: self.edit_defaults(model))
        menu.addSeparator()
        menu.addAction(self.tr("Verify"), lambda: self.verify(model))
        if model.repo:
            menu.addAction(self.tr("Look for an update"), lambda: self.check_update(model))
        if model.origin == "elsewhere":
            menu.addAction(self.tr("Copy to the shelf"), lambda: self.copy_to_shelf(model.path))
        menu.addSeparator()
        if is_ours(model):
            menu.addAction(self.tr("Rename… (F2)"), lambda: self.rename_requested.emit(model))
        menu.addAction(self.tr("Show in folder"), lambda: show_in_folder(Path(model.path)))
        if is_ours(model):
            delete = menu.addAction(self.tr("Move to trash… (Del)"), lambda: self.delete(model))
            if _is_loaded(model, state):
                delete.setEnabled(False)
                delete.setText(self.tr("Move to trash (load another model first)"))
        return menu

    def show_menu(self, model: ShelfModel, place: QPoint) -> None:
        """Show what can be done with a model."""
        menu = self.menu(model)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def load(self, model: ShelfModel) -> None:
        """Load a model, or do nothing where that cannot help."""
        if can_chat(model) and not _is_loaded(model, self._models.state):
            self.load_requested.emit(model)

    def rename(self, model: ShelfModel, name: str) -> None:
        """Give a file another name."""
        self.asked.emit(lambda services: services.shelf.rename(model.path, name))

    def verify(self, model: ShelfModel) -> None:
        """Have a file's hash compared with its source's."""
        self.asked.emit(lambda services: services.shelf.verify(model.path))

    def check_update(self, model: ShelfModel) -> None:
        """Ask the source of a file whether it has a newer one."""
        self.asked.emit(lambda services: services.shelf.check_updates((model.path,)))

    def copy_to_shelf(self, path: str) -> None:
        """Copy a file onto the shelf."""
        self.asked.emit(lambda services: services.shelf.import_file(path))

    def delete(self, model: ShelfModel) -> None:
        """Ask whether a model should go, and move it to the system's trash."""
        if not is_ours(model) or _is_loaded(model, self._models.state):
            return
        question = self.tr("Move {name} to the trash?").replace("{name}", model.label)
        self._confirm_trash(question, model.path, model.size)

    def edit_defaults(self, model: ShelfModel) -> None:
        """Show what holds for a model, to be changed; the services are asked for it first."""
        self._editing = model
        self.asked.emit(lambda services: services.shelf.defaults(model.path))

    def show_defaults(self, path: str, defaults: ModelDefaults) -> "DefaultsDialog | None":
        """Open the dialog, if these are the defaults that were asked for."""
        model = self._editing
        if model is None or model.path != path:
            return None
        from desktop_app.ui.models.defaults_dialog import DefaultsDialog

        self._editing = None
        dialog = DefaultsDialog(self._themes, model, defaults, self._window)
        dialog.accepted.connect(lambda: self._save(path, dialog.defaults))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def _save(self, path: str, defaults: ModelDefaults) -> None:
        self.asked.emit(lambda services: services.shelf.set_defaults(path, defaults))

    # What could go

    def free(self, suggestion: Suggestion) -> None:
        """Ask whether a suggestion should be followed, and follow it."""
        name = Path(suggestion.path).name
        if suggestion.reason is Reason.PART:
            question = self.tr("Delete {name}?").replace("{name}", name)
            self._confirm(
                question,
                self.tr("It is the beginning of a file that was never finished. It does not go to the trash."),
                self.tr("Delete"),
                lambda services: services.shelf.delete_part(suggestion.path),
            )
            return
        question = self.tr("Move {name} to the trash?").replace("{name}", name)
        self._confirm_trash(question, suggestion.path, suggestion.size)

    def _confirm_trash(self, question: str, path: str, size: int) -> None:
        about = self.tr("{size} are free again once you empty the trash of your computer.")
        about = about.replace("{size}", size_text(size))
        self._confirm(question, about, self.tr("Move to trash"), lambda services: services.shelf.delete(path))

    def _confirm(self, question: str, about: str, deed: str, act: Callable[[Services], object]) -> None:
        box = QMessageBox(self._window)
        box.setTextFormat(Qt.TextFormat.PlainText)  # a file may have any name
        box.setWindowTitle(deed)
        box.setText(question)
        box.setInformativeText(about)
        button = box.addButton(deed, QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(self.tr("Keep"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        button.clicked.connect(lambda: self.asked.emit(act))
        box.finished.connect(box.deleteLater)
        box.open()

    # The shelf

    def open_file(self) -> None:
        """Let the person choose a file from anywhere, and load it."""
        path, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Open a model file"),
            self.shelf,
            self.tr("GGUF models (*.gguf);;All files (*)"),
        )
        if path:
            self.file_chosen.emit(path)

    def add_folder(self) -> None:
        """Let the person choose a folder whose models are listed as well."""
        folder = QFileDialog.getExistingDirectory(self._window, self.tr("List the models of a folder"))
        if folder:
            self.asked.emit(lambda services: services.shelf.add_folder(folder))

    def remove_folder(self, folder: str) -> None:
        """List the models of a folder no longer."""
        self.asked.emit(lambda services: services.shelf.remove_folder(folder))

    def move_shelf(self) -> None:
        """Let the person choose where the shelf is to be, and move it there."""
        folder = QFileDialog.getExistingDirectory(self._window, self.tr("Move the shelf to a folder"), self.shelf)
        if folder:
            self.move_to(folder)

    def move_to(self, folder: str) -> None:
        """Move the shelf to a folder."""
        self.asked.emit(lambda services: services.shelf.move_to(folder))

    def check_updates(self) -> None:
        """Ask the sources of all files whether they have newer ones."""
        self.asked.emit(lambda services: services.shelf.check_updates())

    def verify_all(self) -> None:
        """Have the hashes of all files compared with their sources'."""
        self.asked.emit(lambda services: services.shelf.verify_all())

    def look_again(self) -> None:
        """Look for models anew."""
        self.asked.emit(lambda services: services.shelf.scan())

    def stop_work(self) -> None:
        """Stop what is being done."""
        self.asked.emit(lambda services: services.shelf.stop_work())


def show_in_folder(path: Path) -> None:
    """Show the folder of a file in the system's own way."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def _is_loaded(model: ShelfModel, state: ModelChanged) -> bool:
    return state.path == model.path and state.state is ModelState.READY
