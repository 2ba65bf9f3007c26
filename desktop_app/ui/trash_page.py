"""The trash: what was deleted, to be restored or deleted for good."""

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMessageBox, QPushButton, QVBoxLayout, QWidget

from desktop_app.core.conversation import Conversation
from desktop_app.ui.page import Page
from desktop_app.ui.theme import ThemeManager


class TrashPage(Page):
    """What was deleted.

    Signals:
        restore_requested(conversation id), branch_restore_requested(message id), empty_requested.
    """

    restore_requested = Signal(int)
    branch_restore_requested = Signal(int)
    empty_requested = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(themes, parent)
        self.set_title(self.tr("Trash"))
        self._hint = QLabel()
        self._hint.setObjectName("secondary")
        self._hint.setWordWrap(True)
        self._empty = QPushButton(self.tr("Empty the trash…"))
        self._empty.setObjectName("outlined")
        self._empty.clicked.connect(self._on_empty)
        row = QHBoxLayout()
        row.addWidget(self._hint, 1)
        row.addWidget(self._empty)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self.column.addLayout(row)
        self.column.addLayout(self._rows)
        self.column.addStretch()
        self.show_trash((), ())

    def show_trash(self, conversations: tuple[Conversation, ...], branches: tuple[tuple[int, str, float], ...]) -> None:
        """Show deleted conversations, and deleted branches as (message id, first words, time)."""
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for conversation in conversations:
            card = self._made_card(conversation.title, conversation.deleted_at or 0.0)
            restore = self._restore_button(card, conversation.title)
            restore.clicked.connect(lambda _checked, one=conversation.id: self.restore_requested.emit(one))
        for message_id, text, deleted_at in branches:
            card = self._made_card(self.tr("Branch: {text}").replace("{text}", text), deleted_at)
            restore = self._restore_button(card, text)
            restore.clicked.connect(lambda _checked, one=message_id: self.branch_restore_requested.emit(one))
        count = len(conversations) + len(branches)
        self._hint.setText(
            self.tr("What you delete waits here until you empty the trash.")
            if count
            else self.tr("The trash is empty.")
        )
        self._empty.setVisible(count > 0)

    def _made_card(self, title: str, deleted_at: float) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        name = QLabel(title)
        name.setTextFormat(Qt.TextFormat.PlainText)
        name.setWordWrap(True)
        when = QLocale().toString(QDateTime.fromSecsSinceEpoch(int(deleted_at)), QLocale.FormatType.ShortFormat)
        date = QLabel(self.tr("Deleted {date}").replace("{date}", when))
        date.setObjectName("hint")
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(name)
        texts.addWidget(date)
        row = QHBoxLayout(card)
        row.setContentsMargins(16, 10, 12, 10)
        row.addLayout(texts, 1)
        self._rows.addWidget(card)
        return card

    def _restore_button(self, card: QFrame, name: str) -> QPushButton:
        button = QPushButton(self.tr("Restore"))
        button.setObjectName("outlined")
        button.setAccessibleName(self.tr("Restore {name}").replace("{name}", name))
        layout = card.layout()
        if layout is not None:
            layout.addWidget(button)
        return button

    def _on_empty(self) -> None:
        box = QMessageBox(self)
        box.setWindowTitle(self.tr("Empty the trash"))
        box.setText(self.tr("Delete everything in the trash for good?"))
        box.setInformativeText(self.tr("This cannot be undone."))
        delete = box.addButton(self.tr("Delete for good"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(self.tr("Keep"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        box.exec()
        if box.clickedButton() is delete:
            self.empty_requested.emit()
