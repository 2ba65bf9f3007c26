"""What stands above the composer before the first message: three questions to try, and what this computer can run."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop_app.ui.fields import WrappedButton
from desktop_app.ui.figures import size_text
from desktop_app.ui.theme import Theme, ThemeManager

# Of the memory, what a model and its context may take so that the rest of the computer keeps working.
USABLE_SHARE = 2 / 3


def as_typed(text: str) -> str:
    """Return a text as a keyboard writes it: models have seldom met a typesetter's spaces and apostrophes."""
    return text.replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")


class EmptyState(QWidget):
    """Teaches the first step.

    Signals:
        asked(text): an example was chosen; models_requested.
    """

    asked = Signal(str)
    models_requested = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = QLabel(self.tr("What would you like to talk about?"))
        title.setObjectName("pageTitle")
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        title.setWordWrap(True)
        subtitle = QLabel(self.tr("The model runs on this computer. Nothing you write leaves it."))
        subtitle.setObjectName("secondary")
        subtitle.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        subtitle.setWordWrap(True)
        self._column = QVBoxLayout()
        self._column.addWidget(title)
        self._column.addWidget(subtitle)
        self._column.addSpacing(12)
        for text in (
            self.tr("What is a token?"),
            self.tr("What does temperature change?"),
            self.tr("How do I add a larger model?"),
        ):
            button = WrappedButton(text, "example")
            button.clicked.connect(lambda _checked, text=text: self.asked.emit(as_typed(text)))
            self._column.addWidget(button)
        self._column.addSpacing(4)
        self._computer = QLabel()
        self._computer.setObjectName("hint")
        self._computer.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._computer.setWordWrap(True)
        self._computer.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self._computer.linkActivated.connect(lambda _link: self.models_requested.emit())
        self._column.addWidget(self._computer)
        self._holder = QWidget()
        self._holder.setLayout(self._column)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._holder, 100)
        row.addStretch(1)
        content = QWidget()
        content.setObjectName("scrolled")
        self._centred = QVBoxLayout(content)
        self._centred.addStretch(3)
        self._centred.addLayout(row)
        self._centred.addStretch(2)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    @property
    def computer_text(self) -> str:
        """What is said of this computer."""
        return self._computer.text()

    def show_computer(self, physical_cores: int, memory_total: int) -> None:
        """Say what this computer can run, and where to get it."""
        sentence = self.tr(
            "This computer has {cores} cores and {memory} of memory: model files up to about {size} fit. "
            '<a href="models">Add a larger model</a>'
        )
        self._computer.setText(
            sentence.replace("{cores}", str(physical_cores))
            .replace("{memory}", size_text(memory_total))
            .replace("{size}", size_text(int(memory_total * USABLE_SHARE)))
        )
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Ask for no height: what does not fit is scrolled, and the composer below stays whole."""
        return QSize(super().minimumSizeHint().width(), 0)

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._holder.setMaximumWidth(theme.px(480))
        self._column.setSpacing(theme.px(8))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what is said of the computer where it would have to be scrolled."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        needed = self._centred.totalHeightForWidth(self.width())
        if self._computer.isHidden():
            margins = self._column.contentsMargins()
            across = min(self._holder.maximumWidth(), self._holder.width()) - margins.left() - margins.right()
            needed += self._column.spacing() + self._computer.heightForWidth(across)
        self._computer.setVisible(bool(self._computer.text()) and needed <= self.height())
