"""Windows beside the main one, which stand inside the screen whatever its size."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QWidget

from desktop_app.ui.theme import ThemeManager

# What a window manager may draw around a dialog; it is not known before the dialog is on the screen.
FRAME = QSize(16, 48)


class ScreenDialog(QDialog):
    """A dialog that stands inside the screen, in the middle of its window."""

    def fit_into(self, room: QRect) -> None:
        """Take a size that has room on a screen."""
        raise NotImplementedError

    def showEvent(self, event: QShowEvent) -> None:
        """Stand inside the screen."""
        super().showEvent(event)
        room = self.screen().availableGeometry()
        self.fit_into(room)
        parent = self.parentWidget()
        place = self.frameGeometry()
        place.moveCenter(parent.window().frameGeometry().center() if parent else room.center())
        place.moveRight(min(place.right(), room.right()))
        place.moveBottom(min(place.bottom(), room.bottom()))
        self.move(max(place.left(), room.left()), max(place.top(), room.top()))


class FittedDialog(ScreenDialog):
    """A dialog of a natural size that takes no more of the screen than there is.

    Args:
        themes: colours and sizes.
        size: in pixels at a zoom of one.
        parent: the window, in whose middle it opens.
    """

    def __init__(self, themes: ThemeManager, size: QSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.themes = themes
        self._natural = size

    def height_for(self, width: int) -> int:
        """Return the height that it asks for at a width."""
        return self.themes.theme.px(self._natural.height())

    def fit_into(self, room: QRect) -> None:
        """Take a size that has room on a screen."""
        most = room.size() - FRAME
        width = min(most.width(), self.themes.theme.px(self._natural.width()))
        self.resize(width, min(most.height(), self.height_for(width)))


def scrolled(content: QWidget) -> QScrollArea:
    """Return what scrolls a widget up and down where it has no room."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    return area
