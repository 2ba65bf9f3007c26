"""The line above the conversation: which model is loaded, how far a load is, and where the side columns are."""

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.model import ShelfModel
from desktop_app.services.events import ModelChanged, ModelState
from desktop_app.ui.fields import ElidedButton, ElidedLabel
from desktop_app.ui.figures import as_tooltip, grouped, size_text
from desktop_app.ui.theme import Palette, Theme, ThemeManager


class Header(QWidget):
    """The line above the conversation.

    Signals:
        load_requested(ShelfModel), reload_requested, cancel_load_requested, models_requested, models_wanted (the list
        of models is about to be shown), sidebar_toggled, inspector_toggled.
    """

    load_requested = Signal(object)
    reload_requested = Signal()
    cancel_load_requested = Signal()
    models_requested = Signal()
    models_wanted = Signal()
    sidebar_toggled = Signal()
    inspector_toggled = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._themes = themes
        self._state = ModelChanged(ModelState.NONE)
        self._models: tuple[ShelfModel, ...] = ()
        self.chip = ElidedButton()
        self.chip.setObjectName("chip")
        self.chip.clicked.connect(self._on_chip)
        self._about = ElidedLabel()
        self._about.setObjectName("secondary")
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setRange(0, 1000)
        self._progress.setAccessibleName(self.tr("Loading the model"))
        self.sidebar_button = QPushButton("☰")
        self.sidebar_button.setToolTip(self.tr("Show the conversations (Ctrl+B)"))
        self.sidebar_button.setAccessibleName(self.tr("Show the conversations"))
        self.sidebar_button.clicked.connect(self.sidebar_toggled)
        self.inspector_button = QPushButton(self.tr("Inspector"))
        self.inspector_button.setToolTip(self.tr("System prompt, sampling, context and figures (Ctrl+I)"))
        self.inspector_button.clicked.connect(self.inspector_toggled)
        row = QHBoxLayout()
        row.addWidget(self.sidebar_button)
        row.addWidget(self.chip)
        row.addWidget(self._about, 1)
        row.addWidget(self.inspector_button)
        self._row = row
        line = QFrame()
        line.setFixedHeight(2)
        self._line = QVBoxLayout(line)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.addWidget(self._progress)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addStretch(1)  # a row of fixed heights is not stretched: it would stand wherever room is left over
        layout.addLayout(row)
        layout.addStretch(1)
        layout.addWidget(line)
        self.sidebar_button.hide()
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)
        self.show_model(self._state)

    def show_models(self, models: tuple[ShelfModel, ...]) -> None:
        """Take over what the chip's menu offers."""
        self._models = models

    def show_model(self, state: ModelChanged) -> None:
        """Show the model's state."""
        self._state = state
        loading = state.state is ModelState.LOADING
        names = {
            ModelState.NONE: self.tr("No model"),
            ModelState.LOADING: self.tr("Loading {name}…").replace("{name}", state.name),
        }
        self.chip.setText("  " + names.get(state.state, state.name or self.tr("No model")))
        self.chip.setIcon(_dot(_state_colour(state.state, self._themes.theme.palette), self._themes.theme))
        standing = self.tr("ready") if state.state is ModelState.READY else self._about_text(state)
        spoken = ", ".join(part for part in (self.chip.text().strip(), standing) if part)
        self.chip.setAccessibleName(self.tr("Model: {text}").replace("{text}", spoken))
        self._name_chip()
        self._progress.setVisible(loading)
        self._progress.setValue(round(state.fraction * 1000))
        self._about.setText(self._about_text(state))
        notes = state.info.notes if state.info else ()
        self._about.setToolTip(as_tooltip("\n".join((self._about.text(), *notes))))

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes and colours."""
        self.setFixedHeight(theme.px(56))
        self._set_margins(theme)
        side = theme.px(8)
        self.chip.setIconSize(QSize(side, side))
        self.chip.setIcon(_dot(_state_colour(self._state.state, theme.palette), theme))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the room of a narrow line to what stands in it."""
        super().resizeEvent(event)
        self._set_margins(self._themes.theme)

    def event(self, event: QEvent) -> bool:
        """Look again whether the chip has room when something in the line comes, goes or grows."""
        done = super().event(event)
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._fit_chip()
        return done

    def _fit_chip(self) -> None:
        """Leave the chip out where not even its dot has room beside the buttons: they stay whole."""
        margins = self._row.contentsMargins()
        buttons = [button for button in (self.sidebar_button, self.inspector_button) if button.isVisibleTo(self)]
        taken = sum(button.sizeHint().width() for button in buttons) + self._row.spacing() * (len(buttons) + 1)
        room = self.width() - margins.left() - margins.right() - taken
        self.chip.setVisible(self.chip.minimumSizeHint().width() <= room)

    def _set_margins(self, theme: Theme) -> None:
        beside = self.width() // 40
        self._row.setContentsMargins(min(theme.px(24), 2 * beside), 0, min(theme.px(16), beside), 0)
        self._row.setSpacing(min(theme.px(12), beside))

    def _name_chip(self) -> None:
        """Say what the chip is for, and its whole text, which may not fit."""
        self.chip.setToolTip(as_tooltip(f"{self.chip.text().strip()} — {self.tr('Choose a model')}"))

    def _about_text(self, state: ModelChanged) -> str:
        if state.state is ModelState.LOADING:
            return f"{round(state.fraction * 100)} %"
        if state.state is ModelState.FAILED:
            return self.tr("could not be loaded")
        if state.state is ModelState.CRASHED:
            return self.tr("stopped")
        info = state.info
        if info is None:
            return ""
        if info.gpu_layers:
            where = self.tr("{n} of {m} layers on the graphics card")
            where = where.replace("{n}", str(info.gpu_layers)).replace("{m}", str(info.layers))
        else:
            where = (
                self.tr("on the processor, 1 thread")
                if info.threads == 1
                else self.tr("on the processor, {n} threads").replace("{n}", str(info.threads))
            )
        context = self.tr("{n} context").replace("{n}", grouped(info.context_length))
        return f"{where} · {context}"

    def _on_chip(self) -> None:
        self.models_wanted.emit()
        menu = QMenu(self)
        if self._state.state is ModelState.LOADING:
            menu.addAction(self.tr("Stop loading"), self.cancel_load_requested.emit)
            menu.addSeparator()
        elif self._state.state in (ModelState.FAILED, ModelState.CRASHED) and self._state.path:
            menu.addAction(self.tr("Load it again"), self.reload_requested.emit)
            menu.addSeparator()
        for model in self._models:
            action = menu.addAction(f"{model.label}   {size_text(model.size)}")
            action.setCheckable(True)
            action.setChecked(model.path == self._state.path and self._state.state is ModelState.READY)
            action.triggered.connect(lambda _checked, model=model: self.load_requested.emit(model))
        menu.addSeparator()
        menu.addAction(self.tr("Models… (Ctrl+M)"), self.models_requested.emit)
        menu.exec(self.chip.mapToGlobal(QPoint(0, self.chip.height() + 4)))


def _state_colour(state: ModelState, palette: Palette) -> str:
    return {
        ModelState.READY: palette.good,
        ModelState.LOADING: palette.caution,
        ModelState.FAILED: palette.bad,
        ModelState.CRASHED: palette.bad,
    }.get(state, palette.hint)


def _dot(colour: str, theme: Theme) -> QIcon:
    side = theme.px(8)
    pixmap = QPixmap(side * 2, side * 2)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(0, 0, side, side)
    painter.end()
    return QIcon(pixmap)
