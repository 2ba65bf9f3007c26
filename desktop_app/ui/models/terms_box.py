"""What a gated model asks for: its terms, accepted in the browser, and a token that says who accepted them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_app.core.errors import Problem
from desktop_app.ui.models.flow_layout import FlowLayout
from desktop_app.ui.theme import Theme, ThemeManager


class TermsBox(QFrame):
    """The way to a gated model.

    Signals:
        terms_requested(str): the address of the terms is to be opened.
        token_given(str): a token is to be kept.
    """

    terms_requested = Signal(str)
    token_given = Signal(str)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._address = ""
        title = QLabel(self.tr("Its maker asks you to accept terms first"))
        title.setObjectName("title")
        self._text = QLabel()
        self._text.setObjectName("secondary")
        self._terms = QPushButton(self.tr("Show the terms…"))
        self._terms.setObjectName("outlined")
        self._terms.clicked.connect(lambda: self.terms_requested.emit(self._address))
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setPlaceholderText(self.tr("Token, such as hf_…"))
        self.field.setAccessibleName(self.tr("Access token of your Hugging Face account"))
        self.field.returnPressed.connect(self._on_keep)
        self._keep = QPushButton(self.tr("Keep the token"))
        self._keep.setObjectName("outlined")
        self._keep.setEnabled(False)
        self._keep.clicked.connect(self._on_keep)
        self.field.textChanged.connect(lambda text: self._keep.setEnabled(bool(text.strip())))
        self._answer = QLabel()
        self._answer.hide()
        self._column = QVBoxLayout(self)
        for label in (title, self._text, self._answer):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._buttons = FlowLayout()
        for widget in (self._terms, self.field, self._keep):
            self._buttons.addWidget(widget)
        self._column.addWidget(title)
        self._column.addWidget(self._text)
        self._column.addLayout(self._buttons)
        self._column.addWidget(self._answer)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    @property
    def answer(self) -> str:
        """What became of the token."""
        return self._answer.text()

    def ask(self, address: str, *, by_hand: bool) -> None:
        """Ask for the terms at an address.

        Args:
            address: where they are accepted.
            by_hand: whether the maker looks at each request.
        """
        if address != self._address:
            self._say("", "secondary")
        self._address = address
        self._terms.setToolTip(address)
        steps = self.tr(
            "Accept them on the model's page with your Hugging Face account, then enter a token of that account here: "
            "it is on the website under Settings, Access Tokens, and reading is all it must allow."
        )
        hand = self.tr("The maker answers each request by hand, which may take days.")
        self._text.setText(f"{steps} {hand}" if by_hand else steps)

    def show_answer(self, *, kept: bool, name: str, problem: Problem | None) -> None:
        """Say what became of a token."""
        if problem is not None:
            self._say(str(problem), "bad")
            return
        self.field.clear()
        whose = self.tr("The token of {name} is taken.").replace("{name}", name) if name else self.tr("It is taken.")
        where = (
            self.tr("It lies in this computer's keyring.")
            if kept
            else self.tr("This computer has no keyring: it is forgotten when Causerie ends.")
        )
        self._say(f"{whose} {where}", "secondary")

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._column.setContentsMargins(theme.px(20), theme.px(16), theme.px(20), theme.px(18))
        self._column.setSpacing(theme.px(8))
        self._buttons.setSpacing(theme.px(8))
        self.field.setMinimumWidth(min(theme.px(220), 260))

    def _say(self, text: str, name: str) -> None:
        self._answer.setText(text)
        self._answer.setVisible(bool(text))
        if self._answer.objectName() != name:
            self._answer.setObjectName(name)
            self._answer.style().polish(self._answer)

    def _on_keep(self) -> None:
        token = self.field.text().strip()
        if token:
            self.token_given.emit(token)
