"""The token of an account of the Hub: entered, kept in the system's keyring, forgotten."""

from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_app.core.errors import Problem
from desktop_app.services.events import Event
from desktop_app.services.hub_events import TokenKept
from desktop_app.ui.dialogs import FittedDialog, scrolled
from desktop_app.ui.fields import WrappedButton
from desktop_app.ui.links import open_link
from desktop_app.ui.models.flow_layout import FlowLayout
from desktop_app.ui.theme import Theme, ThemeManager

THE_HUB = "https://huggingface.co"


class TokenDialog(FittedDialog):
    """Asks for the token of the Hub. What it holds now is never shown.

    Args:
        themes: colours and sizes.
        endpoint: the address of the Hub; empty for the Hub itself.
        parent: the window.

    Signals:
        asked(callable): something for the services to do, called with ``Services``.
    """

    asked = Signal(object)

    def __init__(self, themes: ThemeManager, endpoint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(themes, QSize(480, 0), parent)
        self.setWindowTitle(self.tr("Token of the Hub"))
        self.address = f"{(endpoint or THE_HUB).rstrip('/')}/settings/tokens"
        self._forgetting = False
        self._waiting = False
        self._role = "secondary"
        self._make_form()
        self._make_buttons()
        content = QWidget()
        content.setObjectName("scrolled")
        self._form = QVBoxLayout(content)
        self._form.setContentsMargins(0, 0, 0, 0)
        for widget in self._texts:
            self._form.addWidget(widget)
        self._form.insertWidget(3, self.link)
        self._form.insertLayout(4, self._field_row)
        self._form.insertWidget(6, self.forget_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._form.addStretch(1)
        self._scroll = scrolled(content)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._scroll, 1)
        self._column.addLayout(self._buttons)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)
        self.field.setFocus()
        self._show_state("")

    @property
    def state_text(self) -> str:
        """How the last thing asked has gone."""
        return self._state.text()

    def hear(self, event: Event) -> None:
        """Show how it went."""
        if not isinstance(event, TokenKept) or not self._waiting:
            return
        self._waiting = False
        if event.problem is not None:
            self._show_problem(event.problem)
        elif self._forgetting:
            self._show_state(
                self.tr("The token is forgotten.")
                if event.kept
                else self.tr(
                    "Causerie has forgotten the token, but your system's keyring did not delete it. "
                    "Delete the entry “causerie” there."
                ),
                "secondary" if event.kept else "bad",
            )
        else:
            self.field.clear()
            self._show_kept(event)
            self.close_button.setFocus()
        self._enable()

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        margin = theme.px(20)
        self._column.setContentsMargins(margin, margin, margin, theme.px(16))
        self._column.setSpacing(theme.px(16))
        self._form.setSpacing(theme.px(10))
        self._field_row.setSpacing(theme.px(8))
        self._buttons.setSpacing(theme.px(8))
        self._colour()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with the field on view, however small the screen is."""
        super().showEvent(event)
        QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(self.field))

    def height_for(self, width: int) -> int:
        """Return the height of the form and the buttons."""
        margins = self._column.contentsMargins()
        inner = width - margins.left() - margins.right()
        form = max(self._form.heightForWidth(inner), self._form.totalMinimumSize().height())
        buttons = self._buttons.heightForWidth(inner)
        return form + self._column.spacing() + buttons + margins.top() + margins.bottom()

    def _make_form(self) -> None:
        title = QLabel(self.windowTitle())
        title.setObjectName("title")
        why = QLabel(
            self.tr(
                "Some models are only given to people who have accepted their terms. A token tells the Hub which "
                "account is yours. Everything else works without one."
            )
        )
        where = QLabel(self.tr("Make one on the Hub, with read access; nothing more is needed:"))
        kept = QLabel(self.tr("It is kept in your system's keyring, never in a file, and sent to the Hub alone."))
        kept.setObjectName("hint")
        self._state = QLabel()
        self._state.setObjectName("secondary")
        self._state.setTextFormat(Qt.TextFormat.PlainText)
        self._state.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._texts = (title, why, where, kept, self._state)
        for label in self._texts:
            label.setWordWrap(True)
        for label in (why, where):
            label.setObjectName("secondary")
        self.link = WrappedButton(self.address, "link")
        self.link.setToolTip(self.tr("Opens in your browser, after showing you the address"))
        self.link.clicked.connect(partial(open_link, self, self.address))
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self.field.setPlaceholderText(self.tr("Token, such as hf_…"))
        self.field.setAccessibleName(self.tr("Token"))
        self.field.textChanged.connect(self._on_edited)
        self.see_button = QPushButton(self.tr("Show"))
        self.see_button.setCheckable(True)
        self.see_button.setAccessibleName(self.tr("Show the token that is being entered"))
        self.see_button.toggled.connect(self._on_see)
        self._field_row = QHBoxLayout()
        self._field_row.addWidget(self.field, 1)
        self._field_row.addWidget(self.see_button)

    def _make_buttons(self) -> None:
        self.save_button = QPushButton(self.tr("Save"))
        self.save_button.setObjectName("primary")
        self.save_button.setDefault(True)
        self.save_button.clicked.connect(self._save)
        self.forget_button = QPushButton(self.tr("Forget the token"))
        self.forget_button.setObjectName("outlined")
        self.forget_button.setToolTip(self.tr("Deletes the token that was saved before"))
        self.forget_button.clicked.connect(self._forget)
        self.close_button = QPushButton(self.tr("Close"))
        self.close_button.clicked.connect(self.reject)
        self._buttons = FlowLayout(right=True)
        for button in (self.close_button, self.save_button):
            self._buttons.addWidget(button)
        for button in (self.link, self.see_button, self.forget_button, self.close_button):
            button.setAutoDefault(False)  # Return saves

    def _on_edited(self) -> None:
        self._show_state("")
        self._enable()

    def _on_see(self, shown: bool) -> None:
        self.field.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self.see_button.setText(self.tr("Hide") if shown else self.tr("Show"))

    def _save(self) -> None:
        token = self.field.text().strip()
        if not (token.isascii() and token.isprintable()) or " " in token:
            self._show_state(self.tr("A token has only plain letters and digits. Copy it once more as a whole."), "bad")
            return
        self._ask(token, self.tr("Saving…"))

    def _forget(self) -> None:
        self.field.clear()
        self._ask("", self.tr("Forgetting…"))

    def _ask(self, token: str, state: str) -> None:
        """Hand a token to the services; an empty one is forgotten. A keyring may make the person wait."""
        self._forgetting = not token
        self._waiting = True
        self._show_state(state)
        self._enable()
        self.asked.emit(lambda services: services.discover.save_token(token))

    def _enable(self) -> None:
        self.save_button.setEnabled(bool(self.field.text().strip()) and not self._waiting)
        self.forget_button.setEnabled(not self._waiting)
        self.field.setReadOnly(self._waiting)

    def _show_kept(self, event: TokenKept) -> None:
        whose = self.tr("It belongs to {name}.").replace("{name}", event.name) if event.name else ""
        if event.kept:
            self._show_state(f"{self.tr('The token is saved in your keyring.')} {whose}".strip(), "good")
            return
        text = self.tr(
            "Causerie can use no keyring on this computer, so the token is kept for this run only: "
            "enter it again at the next start."
        )
        self._show_state(f"{whose} {text}".strip(), "caution")

    def _show_problem(self, problem: Problem) -> None:
        self._show_state(str(problem), "bad")
        self.field.setFocus()
        self.field.selectAll()

    def _show_state(self, text: str, role: str = "secondary") -> None:
        self._role = role
        self._colour()
        self._state.setText(text)
        self._state.setVisible(bool(text))
        self._enable()
        if self.isVisible():
            self.fit_into(self.screen().availableGeometry())
            # Once the text has its place.
            QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(self._state if text else self.field))

    def _colour(self) -> None:
        self._state.setStyleSheet(f"color: {getattr(self.themes.theme.palette, self._role)}")
