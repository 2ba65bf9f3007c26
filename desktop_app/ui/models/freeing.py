"""What could go from the shelf, with what each would free."""

from pathlib import PurePath

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.core.care import Reason, Suggestion
from desktop_app.ui.figures import as_tooltip, size_text
from desktop_app.ui.models.flow_layout import FlowLayout
from desktop_app.ui.models.text_line import TextLine
from desktop_app.ui.theme import Theme, ThemeManager

# In a narrower column sizes and buttons go below the names.
BESIDE_FROM = 480


class FreeingPanel(QFrame):
    """The suggestions, the largest first, each with a button.

    Signals:
        delete_requested(Suggestion).
    """

    delete_requested = Signal(object)

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self.setObjectName("card")
        self._themes = themes
        self._suggestions: tuple[Suggestion, ...] | None = None
        self._lines: list[tuple[QBoxLayout, QPushButton]] = []
        self._width = 0
        self.title = QLabel()
        self.title.setObjectName("section")
        self.title.setWordWrap(True)
        self._close = QPushButton("×")
        self._close.setAccessibleName(self.tr("Close the suggestions"))
        self._close.setToolTip(self.tr("Close"))
        self._close.clicked.connect(self.hide)
        self._rows = QVBoxLayout()
        self._top = QHBoxLayout()
        self._top.addWidget(self.title, 1)
        self._top.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self._layout = QVBoxLayout(self)
        self._layout.addLayout(self._top)
        self._layout.addLayout(self._rows)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)
        self.hide()

    def show_waiting(self) -> None:
        """Say that the suggestions are being worked out."""
        if self._suggestions is None:
            self.title.setText(self.tr("Looking for what could go…"))

    def show_suggestions(self, suggestions: tuple[Suggestion, ...]) -> None:
        """Show suggestions."""
        if suggestions == self._suggestions:
            return
        self._suggestions = suggestions
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._lines = []
        for one in suggestions:
            self._rows.addWidget(self._made_row(one))
        self.fit(self._width)
        self._show_title(suggestions)

    def fit(self, width: int) -> None:
        """Put sizes and buttons beside the names or below them, in a column of a width."""
        theme, self._width = self._themes.theme, width
        beside = width >= theme.px(BESIDE_FROM)
        direction = QBoxLayout.Direction
        widest = max((button.sizeHint().width() for _, button in self._lines), default=0)
        for line, button in self._lines:
            line.setDirection(direction.LeftToRight if beside else direction.TopToBottom)
            line.setSpacing(theme.px(16 if beside else 6))
            button.setMinimumWidth(widest if beside else 0)

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._layout.setContentsMargins(theme.px(16), theme.px(8), theme.px(8), theme.px(8))
        self._layout.setSpacing(theme.px(4))

    def _show_title(self, suggestions: tuple[Suggestion, ...]) -> None:
        if not suggestions:
            text = self.tr("Nothing stands out: no file is here twice, unfinished or long unused.")
        else:
            total = size_text(sum(one.size for one in suggestions))
            text = self.tr("Up to {size} could be freed").replace("{size}", total)
        self.title.setText(text)

    def _made_row(self, one: Suggestion) -> QWidget:
        name = PurePath(one.path).name
        row = QWidget()
        label = TextLine(self._themes, "text", 14)
        label.set_text(name)
        reason = TextLine(self._themes, "hint", 12)
        reason.set_text(self._reason(one))
        size = QLabel(size_text(one.size))
        size.setObjectName("figure")
        delete = QPushButton(self.tr("Delete…") if one.reason is Reason.PART else self.tr("Move to trash…"))
        delete.setObjectName("outlined")
        delete.setAccessibleName(f"{delete.text()} {name}")
        delete.clicked.connect(lambda: self.delete_requested.emit(one))
        delete.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        size.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        px = self._themes.theme.px
        row.setToolTip(as_tooltip(one.path))
        texts = QVBoxLayout()
        texts.setSpacing(px(1))
        texts.addWidget(label)
        texts.addWidget(reason)
        end = FlowLayout(right=True)
        end.setSpacing(px(12))
        end.addWidget(size)
        end.addWidget(delete)
        line = QBoxLayout(QBoxLayout.Direction.LeftToRight, row)
        line.setContentsMargins(0, px(6), px(8), px(6))
        line.addLayout(texts, 1)
        line.addLayout(end)
        self._lines.append((line, delete))
        return row

    def _reason(self, one: Suggestion) -> str:
        other = PurePath(one.other).name
        return {
            Reason.DUPLICATE: self.tr("The same file is here as {name} too.").replace("{name}", other),
            Reason.SUPERSEDED: self.tr("Another quantization of the same model is here: {name}.").replace(
                "{name}", other
            ),
            Reason.PART: self.tr("A download or copy that was never finished."),
        }.get(one.reason, one.sentence)
