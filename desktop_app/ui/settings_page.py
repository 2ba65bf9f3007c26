"""The settings, made from their declarations: one row each, applied and saved at once."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QFrame,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.errors import KnownError, Problem
from desktop_app.system.settings import NETWORK, SETTINGS, Setting, Settings, Value
from desktop_app.ui.fields import ChoiceField, WholeField
from desktop_app.ui.figures import as_tooltip
from desktop_app.ui.page import Page
from desktop_app.ui.theme import ThemeManager

TEXT_DELAY_MS = 500
EDITOR_WIDTH = 200
# In a narrower column an editor beside its text would leave it a few words a line, so it goes below.
BESIDE_FROM = 480
CARD_MARGIN = 20


def _tr(text: str) -> str:
    return QCoreApplication.translate("Settings", text)


class SettingsPage(Page):
    """All settings that a person can choose.

    Args:
        failed: hears why a change could not be saved.
        places: names and paths to show at the foot, such as where conversations lie.

    Signals:
        token_requested: the token of the Hub should be asked for, or forgotten.
        connections_requested: the connections that were made should be shown.
    """

    token_requested = Signal()
    connections_requested = Signal()

    def __init__(
        self,
        themes: ThemeManager,
        settings: Settings,
        failed: Callable[[Problem], None],
        places: tuple[tuple[str, str], ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(themes, parent)
        self.set_title(self.tr("Settings"))
        self._settings = settings
        self._failed = failed
        self._editors: dict[str, QWidget] = {}
        self._rows: list[tuple[QBoxLayout, QWidget]] = []
        self._cards: list[QVBoxLayout] = []
        self._shows: dict[str, Callable[[Value], None]] = {}
        self._unsaved: dict[QTimer, Callable[[], None]] = {}
        self._sections = list(dict.fromkeys(setting.section for setting in SETTINGS if setting.section))
        self._places = places
        self._add_next()
        self._stop_listening = settings.listen(self._on_changed)
        self.destroyed.connect(lambda: self._stop_listening())
        themes.changed.connect(self._on_theme_changed)

    def editor(self, key: str) -> QWidget:
        """Return the field of a setting."""
        return self._editors[key]

    def hideEvent(self, event: QHideEvent) -> None:
        """Save what has just been written: the page, or the window, may not come back."""
        for timer, save in self._unsaved.items():
            if timer.isActive():
                timer.stop()
                save()
        super().hideEvent(event)

    def _add_next(self) -> None:
        """Add a section, and the next one in a later turn of the event loop: all at once take 50 ms and more."""
        if self._sections:
            section = self._sections.pop(0)
            self._add_section(section, [setting for setting in SETTINGS if setting.section == section])
            QTimer.singleShot(0, self, self._add_next)
        else:
            if self._places:
                self._add_places(self._places)
            self.column.addStretch()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the editors beside their texts or below them."""
        super().resizeEvent(event)
        self._fit()

    def _on_theme_changed(self) -> None:
        self._fit()

    def _fit(self) -> None:
        theme, width = self.themes.theme, self.column_width
        margin = min(CARD_MARGIN, width // 20)
        for rows in self._cards:
            rows.setContentsMargins(margin, 16, margin, 16)
        for editor in self._editors.values():
            if isinstance(editor, QPlainTextEdit):
                editor.setFixedHeight(theme.px(96))
            elif not isinstance(editor, QCheckBox):
                editor.setFixedWidth(min(theme.px(EDITOR_WIDTH), width - 2 * margin - 2))
        below = width < theme.px(BESIDE_FROM)
        for row, editor in self._rows:
            stacked = below and not isinstance(editor, QCheckBox)
            row.setDirection(QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight)
            row.setSpacing(8 if stacked else 24 if not below else 12)
            row.setAlignment(editor, Qt.AlignmentFlag.AlignLeft if stacked else Qt.AlignmentFlag.AlignVCenter)

    def _add_section(self, name: str, settings: list[Setting]) -> None:
        heading = QLabel(_tr(name).upper())
        heading.setObjectName("heading")
        card = QFrame()
        card.setObjectName("card")
        rows = QVBoxLayout(card)
        rows.setSpacing(16)
        self._cards.append(rows)
        for index, setting in enumerate(settings):
            if index:
                rule = QFrame()
                rule.setObjectName("rule")
                rows.addWidget(rule)
            rows.addLayout(self._made_row(setting))
        if name == NETWORK:
            self._add_network(rows)
        self.column.addWidget(heading)
        self.column.addWidget(card)

    def _add_network(self, rows: QVBoxLayout) -> None:
        """Add what belongs to the network and is no setting: the token lies in the keyring, the log in its file."""
        self.token_button = QPushButton(self.tr("Enter or forget…"))
        self.token_button.clicked.connect(self.token_requested)
        self.connections_button = QPushButton(self.tr("Show…"))
        self.connections_button.setAccessibleName(self.tr("Show the connections"))
        self.connections_button.clicked.connect(self.connections_requested)
        for button, name, help_text in (
            (
                self.token_button,
                self.tr("Token of the Hub"),
                self.tr("Only for models whose terms must be accepted. It is kept in your system's keyring."),
            ),
            (
                self.connections_button,
                self.tr("Connections"),
                self.tr("What Causerie has contacted, when, and what for. Nothing else is ever contacted."),
            ),
        ):
            button.setObjectName("outlined")
            rule = QFrame()
            rule.setObjectName("rule")
            rows.addWidget(rule)
            rows.addLayout(self._row_of(name, help_text, button))

    def _add_places(self, places: tuple[tuple[str, str], ...]) -> None:
        heading = QLabel(self.tr("On this computer").upper())
        heading.setObjectName("heading")
        card = QFrame()
        card.setObjectName("card")
        rows = QVBoxLayout(card)
        rows.setSpacing(8)
        self._cards.append(rows)
        for name, path in places:
            label = QLabel(self.tr("{name}:  {path}").replace("{name}", name).replace("{path}", path))
            label.setObjectName("secondary")
            label.setWordWrap(True)
            label.setToolTip(as_tooltip(path))
            policy = label.sizePolicy()
            policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)  # a long name must not widen the column
            label.setSizePolicy(policy)
            label.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            rows.addWidget(label)
        self.column.addWidget(heading)
        self.column.addWidget(card)

    def _made_row(self, setting: Setting) -> QBoxLayout:
        editor = self._made_editor(setting)
        self._editors[setting.key] = editor
        return self._row_of(_tr(setting.label), _tr(setting.help), editor, long=setting.long)

    def _row_of(self, name: str, help_text: str, editor: QWidget, *, long: bool = False) -> QBoxLayout:
        """Return a row: what it is about, and what changes it beside that, or below when it is long."""
        label = QLabel(name)
        label.setWordWrap(True)
        help_label = QLabel(help_text)
        help_label.setObjectName("hint")
        help_label.setWordWrap(True)
        editor.setAccessibleName(f"{name}: {editor.text()}" if isinstance(editor, QPushButton) else name)
        editor.setAccessibleDescription(help_text)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(label)
        texts.addWidget(help_label)
        if long:
            texts.addSpacing(6)
            texts.addWidget(editor)
            return texts
        row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        row.addLayout(texts, 1)
        row.addWidget(editor)
        self._rows.append((row, editor))
        return row

    def _made_editor(self, setting: Setting) -> QWidget:
        if setting.choices:
            return self._made_choice(setting)
        if isinstance(setting.default, bool):
            return self._made_switch(setting)
        if isinstance(setting.default, int):
            return self._made_number(setting)
        return self._made_text(setting)

    def _made_choice(self, setting: Setting) -> QComboBox:
        box = ChoiceField()
        for value, label in setting.choices:
            box.addItem(_tr(label), value)
        box.activated.connect(lambda _index: self._set(setting.key, box.currentData()))
        self._show_by(setting, box, lambda value: box.setCurrentIndex(box.findData(value)))
        return box

    def _made_switch(self, setting: Setting) -> QCheckBox:
        box = QCheckBox()
        box.clicked.connect(lambda checked: self._set(setting.key, checked))
        self._show_by(setting, box, lambda value: box.setChecked(bool(value)))
        return box

    def _made_number(self, setting: Setting) -> QSpinBox:
        box = WholeField()
        box.setRange(setting.minimum, setting.maximum)
        box.setSingleStep(setting.step)
        box.setKeyboardTracking(False)
        box.setGroupSeparatorShown(True)
        if setting.unit:
            box.setSuffix(f" {_tr(setting.unit)}")
        box.valueChanged.connect(lambda value: self._set(setting.key, value))
        self._show_by(setting, box, lambda value: box.setValue(int(value)))
        return box

    def _made_text(self, setting: Setting) -> QWidget:
        timer = QTimer(self, singleShot=True, interval=TEXT_DELAY_MS)
        if setting.long:
            area = QPlainTextEdit()
            area.setTabChangesFocus(True)
            area.textChanged.connect(timer.start)
            self._unsaved[timer] = lambda: self._set(setting.key, area.toPlainText())
            timer.timeout.connect(self._unsaved[timer])
            self._show_by(setting, area, lambda value: area.setPlainText(str(value)))
            return area
        line = QLineEdit()
        line.editingFinished.connect(lambda: self._set(setting.key, line.text().strip()))
        self._show_by(setting, line, lambda value: line.setText(str(value)))
        return line

    def _show_by(self, setting: Setting, editor: QWidget, show: Callable[[Value], None]) -> None:
        self._shows[setting.key] = show
        with QSignalBlocker(editor):
            show(self._settings[setting.key])

    def _set(self, key: str, value: Value) -> None:
        try:
            self._settings.set(key, value)
        except KnownError as error:
            self._failed(error.problem)

    def _on_changed(self, key: str, value: Value) -> None:
        editor = self._editors.get(key)
        if editor is None or editor.hasFocus():
            return  # the person is in the field: what it shows is what they wrote
        with QSignalBlocker(editor):
            self._shows[key](value)
