"""What stands above the list of the shelf: how many models there are, what they take up, and what can be done."""

from PySide6.QtCore import QPoint, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from desktop_app.ui.fields import ElidedButton
from desktop_app.ui.models.disk_use import DiskUseView
from desktop_app.ui.models.flow_layout import FlowLayout
from desktop_app.ui.models.shelf_actions import ShelfActions
from desktop_app.ui.theme import Theme, ThemeManager

# In a narrower column the buttons go below the figures.
BESIDE_FROM = 620


class ShelfHead(QWidget):
    """The head of the section."""

    def __init__(self, themes: ThemeManager, deeds: ShelfActions) -> None:
        super().__init__()
        self._themes = themes
        self._deeds = deeds
        self.summary = QLabel()
        self.summary.setObjectName("title")
        self.summary.setWordWrap(True)
        self.use = DiskUseView(themes)
        self.open_button = ElidedButton()
        self.open_button.setText(self.tr("Open a model file…"))
        self.open_button.setToolTip(self.tr("Use a GGUF file where it lies. You can also drop one on the window."))
        self.open_button.clicked.connect(deeds.open_file)
        self.free_button = ElidedButton()
        self.free_button.setText(self.tr("What can I free?"))
        self.free_button.setToolTip(self.tr("Files that could go: there twice, never finished, or long unused"))
        self.care_button = QPushButton(self.tr("The shelf ▾"))
        self.care_button.setAccessibleName(self.tr("The shelf"))
        self.care_button.setToolTip(self.tr("Add a folder, check everything, move the shelf"))
        self.care_button.clicked.connect(self._on_care)
        self._buttons = FlowLayout()
        for button in (self.open_button, self.free_button, self.care_button):
            button.setObjectName("outlined")
            self._buttons.addWidget(button)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.addWidget(self.summary, 1)
        self._line.addLayout(self._buttons, 2)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._line)
        self._column.addWidget(self.use)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._buttons.setSpacing(theme.px(8))
        self._line.setSpacing(theme.px(12))
        self._column.setSpacing(theme.px(12))

    def fit(self, width: int) -> None:
        """Put the buttons beside the figures or below them, in a column of a width."""
        wide = width >= self._themes.theme.px(BESIDE_FROM)
        direction = QBoxLayout.Direction
        self._line.setDirection(direction.LeftToRight if wide else direction.TopToBottom)
        self._buttons.set_right(wide)

    def care_menu(self) -> QMenu:
        """Return what can be done with the shelf as a whole."""
        deeds = self._deeds
        menu = QMenu(self)
        menu.addAction(self.tr("Add a folder…"), deeds.add_folder)
        menu.addAction(self.tr("Look for models again"), deeds.look_again)
        menu.addSeparator()
        menu.addAction(self.tr("Verify all"), deeds.verify_all)
        menu.addAction(self.tr("Look for updates"), deeds.check_updates)
        menu.addSeparator()
        menu.addAction(self.tr("Show the shelf's folder"), self._show_folder)
        menu.addAction(self.tr("Move the shelf…"), deeds.move_shelf)
        return menu

    def _on_care(self) -> None:
        menu = self.care_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.care_button.mapToGlobal(QPoint(0, self.care_button.height() + 4)))

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._deeds.shelf))
