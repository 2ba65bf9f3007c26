"""Small widgets that Qt almost has: number fields that the wheel leaves alone, and a label that ends in an ellipsis."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QLineEdit, QSizePolicy, QSlider, QSpinBox, QWidget


class WholeField(QSpinBox):
    """A field for whole numbers. The wheel changes it only while it has the focus, so that a page can be scrolled."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _settle(self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        if not _refuses(self, event):
            super().wheelEvent(event)


class NumberField(QDoubleSpinBox):
    """A field for numbers with decimals, otherwise as ``WholeField``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _settle(self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        if not _refuses(self, event):
            super().wheelEvent(event)


class CalmSlider(QSlider):
    """A slider that leaves the wheel to the page."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        if not _refuses(self, event):
            super().wheelEvent(event)


class ElidedLabel(QLabel):
    """A label of one line that ends in an ellipsis where it is too long; its tooltip has the whole text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        """Ask for no width."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as much of the text as there is room for."""
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.setPen(self.palette().windowText().color())
        painter.setFont(self.font())
        painter.drawText(self.rect(), self.alignment(), text)


def _settle(field: QSpinBox | QDoubleSpinBox) -> None:
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    line = field.findChild(QLineEdit)
    if line is not None:
        # A style sheet's padding does not reach the text of a spin box whose buttons are hidden.
        line.setTextMargins(6, 0, 6, 0)


def _refuses(widget: QWidget, event: QWheelEvent) -> bool:
    """Refuse the wheel unless the widget has the focus; whether it was refused."""
    if widget.hasFocus():
        return False
    event.ignore()
    return True
