"""Small widgets that Qt almost has: fields that the wheel leaves alone, and texts that fit the room they get."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QResizeEvent, QTextLayout, QTextOption, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

# QStyleSheetStyle leaves this between a button's icon and its text.
ICON_GAP = 4


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


class ChoiceField(QComboBox):
    """A field to choose from, otherwise as ``WholeField``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # by default the wheel gives a combo box the focus

    def minimumSizeHint(self) -> QSize:
        """Ask for no more than a width that was set: Qt keeps the hint that it worked out before that."""
        narrow = self.sizeAdjustPolicy() is QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        return self.sizeHint() if narrow else super().minimumSizeHint()

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


class ElidedButton(QPushButton):
    """A button whose text ends in an ellipsis where it is too long; ``text`` is always the whole one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    @property
    def shown_text(self) -> str:
        """As much of the text as there is room for."""
        return self._fitting(self._option())

    def minimumSizeHint(self) -> QSize:
        """Ask for the width of the icon and an ellipsis."""
        whole = self.sizeHint()
        words = self.fontMetrics().horizontalAdvance(self.text()) - self.fontMetrics().horizontalAdvance("…")
        return QSize(whole.width() - max(0, words), whole.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button with the text that fits."""
        option = self._option()
        option.text = self._fitting(option)
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)

    def _option(self) -> QStyleOptionButton:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        return option

    def _fitting(self, option: QStyleOptionButton) -> str:
        inside = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self).width()
        if not option.icon.isNull():
            inside -= option.iconSize.width() + ICON_GAP
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, max(0, inside))


class WrappedButton(QPushButton):
    """A button whose text goes on in a further line where it is too long for one."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text)
        self.setObjectName(name)
        self.setAccessibleName(text)
        self._whole = text
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Ask for no width: the text takes what it gets."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the text anew."""
        super().resizeEvent(event)
        self._wrap()

    def changeEvent(self, event: QEvent) -> None:
        """Break the text anew in another font or with another padding."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._wrap()

    def _wrap(self) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        inside = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self).width()
        text = "\n".join(_lines(self._whole, self.font(), inside))
        if text != self.text():
            self.setText(text)


def _lines(text: str, font: QFont, width: int) -> list[str]:
    """Break a text into lines of at most a width, at spaces where possible."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    lines = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(1, width))
        lines.append(text[line.textStart() : line.textStart() + line.textLength()].strip(" "))
    layout.endLayout()
    return lines


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
