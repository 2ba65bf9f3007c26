"""The models on this computer: which there are, which is loaded, and how to add one."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.core.model import ShelfModel
from desktop_app.services.events import ModelChanged, ModelState
from desktop_app.ui.figures import as_tooltip, grouped, size_text
from desktop_app.ui.page import Page
from desktop_app.ui.theme import ThemeManager


class ModelsPage(Page):
    """The models on this computer.

    Signals:
        load_requested(ShelfModel), file_chosen(path), reload_requested.
    """

    load_requested = Signal(object)
    file_chosen = Signal(str)
    reload_requested = Signal()

    def __init__(self, themes: ThemeManager, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(themes, parent)
        self.set_title(self.tr("Models on this computer"))
        self._folder = folder
        self._models: tuple[ShelfModel, ...] = ()
        self._state = ModelChanged(ModelState.NONE)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(12)
        self._loads: list[tuple[ShelfModel, QPushButton, QLabel]] = []
        introduction = QLabel(
            self.tr(
                "A model is one GGUF file. Larger models know more and need more memory: as a rule, a file may be "
                "as large as two thirds of this computer's memory."
            )
        )
        introduction.setObjectName("secondary")
        introduction.setWordWrap(True)
        self.column.addWidget(introduction)
        self.column.addLayout(self._cards)
        buttons = QHBoxLayout()
        choose = QPushButton(self.tr("Open a model file…"))
        choose.setObjectName("primary")
        choose.clicked.connect(self._on_choose)
        folder_button = QPushButton(self.tr("Show the models folder"))
        folder_button.setObjectName("outlined")
        folder_button.setToolTip(str(folder))
        folder_button.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder))))
        buttons.addWidget(choose)
        buttons.addWidget(folder_button)
        buttons.addStretch()
        self.column.addLayout(buttons)
        hint = QLabel(self.tr("GGUF files placed in {folder} are listed here.").replace("{folder}", str(folder)))
        hint.setObjectName("hint")
        hint.setWordWrap(True)
        hint.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.column.addWidget(hint)
        self.column.addStretch()

    def show_models(self, models: tuple[ShelfModel, ...]) -> None:
        """Show these models."""
        if models == self._models:
            return
        self._models = models
        while (item := self._cards.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._loads = []
        for model in models:
            self._cards.addWidget(self._made_card(model))
        self.show_model(self._state)

    def show_model(self, state: ModelChanged) -> None:
        """Show which model is loaded, being loaded or in trouble."""
        self._state = state
        for model, button, note in self._loads:
            mine = model.path == state.path
            busy = mine and state.state in (ModelState.READY, ModelState.LOADING)
            button.setEnabled(not busy)
            button.setText(self.tr("Loaded") if mine and state.state is ModelState.READY else self.tr("Load"))
            note.setText(self._note(model, state) if mine else self._plain_note(model))

    def _made_card(self, model: ShelfModel) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        name = QLabel(model.label)
        name.setTextFormat(Qt.TextFormat.PlainText)
        name.setObjectName("section")
        note = QLabel()
        note.setTextFormat(Qt.TextFormat.PlainText)
        note.setObjectName("secondary")
        note.setWordWrap(True)
        button = QPushButton(self.tr("Load"))
        button.setObjectName("outlined")
        button.setAccessibleName(self.tr("Load {name}").replace("{name}", model.label))
        button.clicked.connect(lambda: self.load_requested.emit(model))
        card.setToolTip(as_tooltip(model.path))
        texts = QVBoxLayout()
        texts.setSpacing(4)
        texts.addWidget(name)
        texts.addWidget(note)
        row = QHBoxLayout(card)
        row.setContentsMargins(16, 12, 16, 12)
        row.addLayout(texts, 1)
        row.addWidget(button)
        self._loads.append((model, button, note))
        return card

    def _plain_note(self, model: ShelfModel) -> str:
        size = size_text(model.size)
        if model.starter:
            return f"{size} · " + self.tr("comes with Causerie; small, so that it answers at once on any computer")
        return f"{size} · {Path(model.path).name}"

    def _note(self, model: ShelfModel, state: ModelChanged) -> str:
        if state.state is ModelState.LOADING:
            return self.tr("Loading: {n} %").replace("{n}", str(round(state.fraction * 100)))
        if state.problem is not None:
            return str(state.problem)
        if state.info is None:
            return self._plain_note(model)
        info = state.info
        facts = [
            size_text(info.size),
            info.architecture,
            self.tr("{n} million parameters").replace("{n}", grouped(round(info.parameters / 1e6))),
            self.tr("context {n} tokens").replace("{n}", grouped(info.context_length)),
        ]
        return " · ".join(facts) + "".join(f"\n{note}" for note in info.notes)

    def _on_choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Open a model file"), str(self._folder), self.tr("GGUF models (*.gguf);;All files (*)")
        )
        if path:
            self.file_chosen.emit(path)
