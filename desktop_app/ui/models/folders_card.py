"""The folders whose models are listed besides those of the shelf."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.core.care import program_of
from desktop_app.core.model import ShelfModel
from desktop_app.ui.fields import ElidedLabel
from desktop_app.ui.figures import as_tooltip, grouped, size_text
from desktop_app.ui.models.flow_layout import FlowLayout
from desktop_app.ui.theme import Theme, ThemeManager


class FoldersCard(QFrame):
    """The shelf, the folders that the person added, and other programs whose models are used in place.

    Signals:
        remove_requested(path).
    """

    remove_requested = Signal(str)

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self.setObjectName("card")
        self._themes = themes
        self._shelf = ""
        self._folders: tuple[str, ...] = ()
        self._models: tuple[ShelfModel, ...] = ()
        self._shown: tuple[object, ...] = ()
        self._rows = QVBoxLayout(self)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    def show_folders(self, shelf: str, folders: tuple[str, ...]) -> None:
        """Show the shelf's folder and the added ones."""
        self._shelf, self._folders = shelf, folders
        self._show()

    def show_models(self, models: tuple[ShelfModel, ...]) -> None:
        """Count what lies where."""
        self._models = models
        self._show()

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        px = theme.px
        self._rows.setContentsMargins(px(16), px(10), px(8), px(10))
        self._rows.setSpacing(px(2))
        self._shown = ()
        self._show()

    def _show(self) -> None:
        rows = self._described()
        if rows == self._shown:
            return
        self._shown = rows
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for name, note, path, removable in rows:
            self._rows.addWidget(self._made_row(name, note, path, removable))

    def _described(self) -> tuple[tuple[str, str, str, bool], ...]:
        """Return name, note, path and whether it can be taken off the list, for each row."""
        rows = []
        if self._shelf:
            rows.append((self._shelf, self._note("shelf", self._shelf, self.tr("the shelf")), self._shelf, False))
        rows += [(folder, self._note("folder", folder, ""), folder, True) for folder in self._folders]
        origins = dict.fromkeys(model.origin for model in self._models)
        for origin in origins:
            program = program_of(origin)
            if program and origin != "starter":
                name = program[:1].upper() + program[1:]
                rows.append((name, self._note(origin, "", self.tr("used in place, never changed")), "", False))
        return tuple(rows)

    def _note(self, origin: str, folder: str, about: str) -> str:
        found = [
            model
            for model in self._models
            if model.origin == origin and (origin != "folder" or Path(folder) in Path(model.path).parents)
        ]
        if not found:
            return " · ".join(part for part in (about, self.tr("no models")) if part)
        size = size_text(sum(model.size for model in found))
        count = self.tr("1 model") if len(found) == 1 else self.tr("{n} models").replace("{n}", grouped(len(found)))
        return " · ".join(
            part for part in (about, count if found else self.tr("no models"), size if found else "") if part
        )

    def _made_row(self, name: str, note: str, path: str, removable: bool) -> QWidget:
        row = QWidget()
        label = ElidedLabel()
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setText(name)
        about = ElidedLabel()
        about.setObjectName("hint")
        about.setText(note)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(label)
        texts.addWidget(about)
        line = QHBoxLayout(row)
        px = self._themes.theme.px
        line.setContentsMargins(0, px(4), 0, px(4))
        line.setSpacing(px(4))
        line.addLayout(texts, 1)
        if path:
            row.setToolTip(as_tooltip(path))
            show = QPushButton(self.tr("Show"))
            show.setToolTip(self.tr("Show this folder"))
            show.setAccessibleName(self.tr("Show {folder}").replace("{folder}", path))
            show.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(path)))
            line.addWidget(show)
        if removable:
            remove = QPushButton(self.tr("Remove"))
            remove.setToolTip(self.tr("List its models no longer; the files stay where they are"))
            remove.setAccessibleName(self.tr("Remove {folder}").replace("{folder}", path))
            remove.clicked.connect(lambda: self.remove_requested.emit(path))
            line.addWidget(remove)
        return row


class InterruptedMove(QFrame):
    """Tells that a move of the shelf was interrupted, and offers the two ways out.

    Signals:
        move_requested(folder): the shelf is to be there.
    """

    move_requested = Signal(str)

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self.setObjectName("card")
        self._shelf = self._wanted = ""
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.go_on = QPushButton(self.tr("Go on"))
        self.go_on.setAccessibleName(self.tr("Go on with moving the shelf"))
        self.go_on.clicked.connect(lambda: self.move_requested.emit(self._wanted))
        self.take_back = QPushButton(self.tr("Take it back"))
        self.take_back.setAccessibleName(self.tr("Leave the shelf where it is"))
        self.take_back.clicked.connect(lambda: self.move_requested.emit(self._shelf))
        self._buttons = FlowLayout()
        for button in (self.go_on, self.take_back):
            button.setObjectName("outlined")
            self._buttons.addWidget(button)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.label)
        self._column.addLayout(self._buttons)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)
        self.hide()

    def show_move(self, shelf: str, wanted: str) -> None:
        """Show where the shelf is and where it was going; an empty ``wanted`` means that no move is open."""
        self._shelf, self._wanted = shelf, wanted
        text = self.tr("Moving the shelf to {folder} was interrupted. Nothing is lost.")
        self.label.setText(text.replace("{folder}", wanted))
        self.setVisible(bool(wanted))

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        px = theme.px
        self._column.setContentsMargins(px(16), px(12), px(16), px(12))
        self._column.setSpacing(px(8))
        self._buttons.setSpacing(px(8))
