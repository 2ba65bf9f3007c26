"""The sampling controls: each with its number, its slider, a reset and a sentence that explains it."""

from PySide6.QtCore import QCoreApplication, QLocale, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSlider,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.errors import UsageError
from desktop_app.core.sampling import PARAMETERS, Parameter, SamplingSettings, changed
from desktop_app.ui.fields import CalmSlider, NumberField, WholeField
from desktop_app.ui.theme import Theme, ThemeManager

SLIDER_STEPS = 1000
# Ranges wider than this are laid out on a cubic scale, so that small values can be set by hand.
LINEAR_RANGE = 400


def to_slider(parameter: Parameter, value: float) -> int:
    """Return the slider's position, 0 to SLIDER_STEPS, for a value."""
    span = parameter.maximum - parameter.minimum
    fraction = (value - parameter.minimum) / span
    return round((fraction if span <= LINEAR_RANGE else fraction ** (1 / 3)) * SLIDER_STEPS)


def from_slider(parameter: Parameter, position: int) -> float:
    """Return the value, on the parameter's step, for a slider's position."""
    span = parameter.maximum - parameter.minimum
    fraction = position / SLIDER_STEPS
    raw = parameter.minimum + span * (fraction if span <= LINEAR_RANGE else fraction**3)
    stepped = parameter.minimum + round((raw - parameter.minimum) / parameter.step) * parameter.step
    return int(stepped) if parameter.whole else round(stepped, 4)


class ParameterControl(QWidget):
    """One sampling setting.

    Signals:
        edited: the person chose a value.
    """

    edited = Signal()

    def __init__(self, parameter: Parameter, themes: ThemeManager) -> None:
        super().__init__()
        self.parameter = parameter
        label_text = QCoreApplication.translate("Sampling", parameter.label)
        help_text = QCoreApplication.translate("Sampling", parameter.help)
        label = QLabel(label_text)
        label.setToolTip(help_text)
        label.setWordWrap(True)  # the longest names would widen the narrow column beyond its edge
        self._reset = QToolButton()
        self._reset.setText("↺")
        self._reset.setToolTip(
            self.tr("Back to {value}").replace("{value}", QLocale().toString(float(parameter.default)))
        )
        self._reset.setAccessibleName(self.tr("Reset {name}").replace("{name}", label_text))
        self._reset.clicked.connect(self.reset)
        self.number: QSpinBox | QDoubleSpinBox = self._made_number()
        self.number.setObjectName("number")
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.number.setAccessibleName(label_text)
        self.number.setAccessibleDescription(help_text)
        self.number.valueChanged.connect(self._on_number)
        self.slider: QSlider | None = None
        if parameter.key != "seed":
            self.slider = CalmSlider(Qt.Orientation.Horizontal)
            self.slider.setRange(0, SLIDER_STEPS)
            self.slider.setSingleStep(max(1, round(SLIDER_STEPS * parameter.step / _span(parameter))))
            self.slider.setPageStep(SLIDER_STEPS // 10)
            self.slider.setAccessibleName(label_text)
            self.slider.setAccessibleDescription(help_text)
            self.slider.valueChanged.connect(self._on_slider)
        self._help = QLabel(help_text)
        self._help.setObjectName("hint")
        self._help.setWordWrap(True)
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(label, 1)
        top.addWidget(self._reset)
        top.addWidget(self.number)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(top)
        if self.slider is not None:
            layout.addWidget(self.slider)
        layout.addWidget(self._help)
        self.set_value(parameter.default)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    @property
    def value(self) -> float:
        """The value chosen."""
        return self.number.value()

    def set_value(self, value: float) -> None:
        """Show a value; nothing is signalled."""
        with QSignalBlocker(self.number):
            self.number.setValue(value)  # type: ignore[arg-type]  # an int for the whole ones, by Parameter
        self._show_slider(value)
        # A reset that would change nothing keeps its place, so that rows do not jump, but cannot be reached.
        self._reset.setEnabled(value != self.parameter.default)
        self._reset.setText("↺" if value != self.parameter.default else "")

    def reset(self) -> None:
        """Go back to the default."""
        self._choose(self.parameter.default)

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self.number.setFixedWidth(theme.px(108 if self.parameter.key == "seed" else 72))
        self._reset.setFixedSize(theme.px(26), theme.px(26))

    def _made_number(self) -> QSpinBox | QDoubleSpinBox:
        parameter = self.parameter
        if parameter.whole:
            whole = WholeField()
            whole.setRange(int(parameter.minimum), int(parameter.maximum))
            whole.setSingleStep(int(parameter.step))
            if parameter.key == "seed":
                whole.setSpecialValueText(self.tr("random"))
            return whole
        number = NumberField()
        number.setDecimals(2)
        number.setRange(parameter.minimum, parameter.maximum)
        number.setSingleStep(parameter.step)
        return number

    def _show_slider(self, value: float) -> None:
        if self.slider is not None:
            with QSignalBlocker(self.slider):
                self.slider.setValue(to_slider(self.parameter, value))

    def _choose(self, value: float) -> None:
        self.set_value(value)
        self.edited.emit()

    def _on_number(self) -> None:
        self._choose(self.number.value())

    def _on_slider(self, position: int) -> None:
        self._choose(from_slider(self.parameter, position))


class SamplingPanel(QWidget):
    """All sampling controls.

    Signals:
        edited: the person chose a value; read ``settings``.
    """

    edited = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = SamplingSettings()
        self._controls = {parameter.key: ParameterControl(parameter, themes) for parameter in PARAMETERS}
        heading = QLabel(self.tr("Sampling"))
        heading.setObjectName("section")
        self._reset_all = QPushButton(self.tr("Reset"))
        self._reset_all.setObjectName("link")
        self._reset_all.setToolTip(self.tr("All sampling settings back to their defaults"))
        self._reset_all.clicked.connect(self._on_reset_all)
        self._more = QPushButton()
        self._more.setObjectName("link")
        self._more.setCheckable(True)
        self._more.toggled.connect(self._on_more)
        self._stop = QPlainTextEdit()
        self._stop.setTabChangesFocus(True)
        self._stop.setAcceptDrops(False)
        self._stop.setAccessibleName(self.tr("Stop strings"))
        self._stop.setPlaceholderText(self.tr("One per line"))
        self._stop.textChanged.connect(self._on_edited)
        self._advanced = QWidget()
        self._lay_out(heading)
        for control in self._controls.values():
            control.edited.connect(self._on_edited)
        self._on_more(False)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    @property
    def settings(self) -> SamplingSettings:
        """What is chosen."""
        return self._settings

    def control(self, key: str) -> ParameterControl:
        """Return the control of a setting."""
        return self._controls[key]

    def set_settings(self, settings: SamplingSettings) -> None:
        """Show settings; nothing is signalled."""
        self._settings = settings
        for key, control in self._controls.items():
            control.set_value(getattr(settings, key))
        with QSignalBlocker(self._stop):
            self._stop.setPlainText("\n".join(settings.stop))
        self._reset_all.setEnabled(settings != SamplingSettings())

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._stop.setFixedHeight(theme.px(56))
        self._stop.setFont(theme.mono_font(12))

    def _lay_out(self, heading: QLabel) -> None:
        top = QHBoxLayout()
        top.addWidget(heading)
        top.addStretch()
        top.addWidget(self._reset_all)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(top)
        advanced = QVBoxLayout(self._advanced)
        advanced.setContentsMargins(0, 0, 0, 0)
        advanced.setSpacing(14)
        for parameter in PARAMETERS:
            (layout if parameter.basic else advanced).addWidget(self._controls[parameter.key])
        stop_label = QLabel(self.tr("Stop strings"))
        stop_help = QLabel(self.tr("The reply ends before any of these texts."))
        stop_help.setObjectName("hint")
        stop_help.setWordWrap(True)
        advanced.addWidget(stop_label)
        advanced.addWidget(self._stop)
        advanced.addWidget(stop_help)
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._advanced)

    def _on_more(self, shown: bool) -> None:
        self._advanced.setVisible(shown)
        self._more.setText(self.tr("Fewer samplers ‹") if shown else self.tr("All samplers ›"))

    def _on_reset_all(self) -> None:
        self.set_settings(SamplingSettings())
        self.edited.emit()

    def _on_edited(self) -> None:
        values = {key: control.value for key, control in self._controls.items()}
        stop = [line for line in self._stop.toPlainText().split("\n") if line]
        try:
            self._settings = changed(SamplingSettings(), **values, stop=stop)
        except UsageError:
            return  # more stop strings than there may be: the last valid choice stands
        self._reset_all.setEnabled(self._settings != SamplingSettings())
        self.edited.emit()


def _span(parameter: Parameter) -> float:
    return parameter.maximum - parameter.minimum
