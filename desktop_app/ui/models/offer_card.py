"""The card above the table of choices: what to take, why, and the button that takes it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.core.hub import Choice, Verdict, room_for_model
from desktop_app.ui.figures import size_text
from desktop_app.ui.models.choice_rows import ChoiceRow, Standing
from desktop_app.ui.theme import Theme, ThemeManager

BESIDE_FROM = 460


class SideCard(QFrame):
    """A card with texts, and something beside them, or below where there is no room."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._themes = themes
        self.heading = QLabel()
        self.heading.setObjectName("title")
        self.sentence = QLabel()
        self.sentence.setObjectName("secondary")
        self._texts = QVBoxLayout()
        for label in (self.heading, self.sentence):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            self._texts.addWidget(label)
        self.row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self.row.addLayout(self._texts, 1)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put what is beside the texts below them where there is no room."""
        super().resizeEvent(event)
        self._turn()

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self.row.setContentsMargins(theme.px(20), theme.px(16), theme.px(20), theme.px(18))
        self.row.setSpacing(theme.px(16))
        self._texts.setSpacing(theme.px(4))
        self._turn()

    def _turn(self) -> None:
        beside = self.width() >= self._themes.theme.px(BESIDE_FROM)
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self.row.direction() is not direction:
            self.row.setDirection(direction)


class SingleButton(QPushButton):
    """A button that Enter presses as well, but the second half of a double click does not.

    A list that opens a page on a click is often clicked twice, and the page may come in between; an Enter that is held
    does not count either.
    """

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press it, as in the list that led here: outside of dialogs Qt takes only the space bar."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self.click()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Do nothing."""


class OfferCard(SideCard):
    """What is recommended of a model.

    Signals:
        wanted(Choice): it is to be downloaded.
        coming_chosen: its download is to be shown.
    """

    wanted = Signal(object)
    coming_chosen = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(themes, parent)
        self._choice: Choice | None = None
        self._standing = Standing.FREE
        self.button = SingleButton()
        self.button.setObjectName("primary")
        self.button.clicked.connect(self._on_clicked)
        self.row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)

    def show_rows(self, rows: tuple[ChoiceRow, ...], memory_total: int) -> None:
        """Recommend one of these, or say that there is none to recommend.

        Args:
            rows: the largest first.
            memory_total: of this computer in bytes; 0 when not known.
        """
        best = next((row for row in rows if row.best), None)
        self._choice = best.choice if best else None
        self.button.setVisible(best is not None)
        if best is not None:
            self._show_best(best, memory_total)
        elif rows:
            self.heading.setText(self.tr("Too large for this computer"))
            text = self.tr("Even {name}, the smallest, has {size}; this computer has {memory} of memory.")
            smallest = rows[-1]
            text = text.replace("{name}", smallest.label).replace("{size}", smallest.size)
            self.sentence.setText(text.replace("{memory}", size_text(memory_total)))
        else:
            self.heading.setText(self.tr("Nothing to download"))
            self.sentence.setText(self.tr("No GGUF file that Causerie could load is in this repository."))

    def _show_best(self, best: ChoiceRow, memory_total: int) -> None:
        titles = {
            Verdict.FITS: self.tr("{name}, {size}: the best that fits"),
            Verdict.TIGHT: self.tr("{name}, {size}: barely fits"),
        }
        title = titles.get(best.verdict, self.tr("{name}, {size}: the usual choice"))
        self.heading.setText(title.replace("{name}", best.label).replace("{size}", best.size))
        self.sentence.setText(
            " ".join(part for part in (self._reason(best, memory_total), self._projector(best)) if part)
        )
        self._standing = best.standing
        texts = {
            Standing.FREE: self.tr("Download"),
            Standing.STOPPED: self.tr("Try again"),
            Standing.HERE: self.tr("On the shelf"),
            Standing.COMING: best.state[:1].upper() + best.state[1:],
        }
        self.button.setText(texts[best.standing])
        names = {
            Standing.FREE: self.tr("Download {name}, {size}"),
            Standing.STOPPED: self.tr("Try to download {name} again"),
            Standing.HERE: self.tr("{name} is on the shelf."),
            Standing.COMING: self.tr("Show the download of {name}"),
        }
        whole = size_text(best.choice.download_size)
        name = names[best.standing].replace("{name}", best.label).replace("{size}", whole)
        self.button.setAccessibleName(name)
        self.button.setToolTip(name)
        style = "primary" if best.standing in (Standing.FREE, Standing.STOPPED) else "outlined"
        if self.button.objectName() != style:
            self.button.setObjectName(style)
            self.button.style().polish(self.button)
        self.button.setEnabled(best.standing is not Standing.HERE)

    def _reason(self, best: ChoiceRow, memory_total: int) -> str:
        if best.why:
            return best.why
        if best.verdict is Verdict.TIGHT:
            text = self.tr(
                "It needs most of this computer's {memory} of memory: close other programs before you load it."
            )
            return text.replace("{memory}", size_text(memory_total))
        if best.verdict is Verdict.FITS:
            text = self.tr("A file of up to {room} leaves enough of this computer's {memory} for everything else.")
            room = size_text(room_for_model(memory_total))
            return text.replace("{room}", room).replace("{memory}", size_text(memory_total))
        return self.tr("It is the usual balance of quality and size.")

    def _projector(self, best: ChoiceRow) -> str:
        if best.choice.projector is None:
            return ""
        text = self.tr("With it comes what lets the model see pictures, {size}.")
        return text.replace("{size}", size_text(best.choice.projector.size))

    def _on_clicked(self) -> None:
        if self._choice is None:
            return
        if self._standing is Standing.COMING:
            self.coming_chosen.emit()
        else:
            self.wanted.emit(self._choice)
