"""What stands where there is nothing to list: a sentence, and what can be done about it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.ui.theme import Theme, ThemeManager

Action = tuple[str, Callable[[], object]]


class StatePanel(QWidget):
    """A sentence in the middle, a second one below it, and at most two buttons."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel()
        self._title.setObjectName("section")
        self._text = QLabel()
        self._text.setObjectName("secondary")
        self._column = QVBoxLayout()
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            self._column.addWidget(label)
        self._buttons: list[QPushButton] = []
        self._actions: list[Callable[[], object]] = []
        row = QHBoxLayout()
        row.addStretch()
        for number, name in enumerate(("outlined", "")):
            button = QPushButton()
            button.setObjectName(name)
            button.clicked.connect(lambda _checked=False, number=number: self._actions[number]())
            self._buttons.append(button)
            row.addWidget(button)
        row.addStretch()
        self._column.addLayout(row)
        holder = QWidget()
        holder.setLayout(self._column)
        self._holder = holder
        across = QHBoxLayout()
        across.setContentsMargins(0, 0, 0, 0)
        across.addStretch(1)
        across.addWidget(holder, 100)
        across.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addStretch(2)
        layout.addLayout(across)
        layout.addStretch(3)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    @property
    def said(self) -> str:
        """What is said."""
        return "\n".join(label.text() for label in (self._title, self._text) if label.text())

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """The buttons that are offered."""
        return tuple(button for button in self._buttons if not button.isHidden())

    @property
    def has_keyboard(self) -> bool:
        """Whether the keyboard is on it or on one of its buttons."""
        return self.hasFocus() or any(button.hasFocus() for button in self._buttons)

    def say(self, title: str, text: str = "", *actions: Action) -> None:
        """Say something, with what can be done about it."""
        held = self.has_keyboard
        for label, words in ((self._title, title), (self._text, text)):
            label.setText(words)
            label.setVisible(bool(words))
        self.setAccessibleName(self.said)
        self._actions = [action for _, action in actions]
        for number, button in enumerate(self._buttons):
            button.setVisible(number < len(actions))
            if number < len(actions):
                button.setText(actions[number][0])
        if held and not any(button.hasFocus() for button in self.buttons):
            self.setFocus()  # a hidden button would hand the keyboard to whatever comes next in the window

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._holder.setMaximumWidth(theme.px(460))
        self._column.setSpacing(theme.px(8))
