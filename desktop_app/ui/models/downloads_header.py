"""What stands above the downloads: what the queue still needs, and what can be done with all of it."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.core.downloads import Download, DownloadState
from desktop_app.ui.fields import WholeField
from desktop_app.ui.models.download_texts import is_elsewhere, queue_text, room_text
from desktop_app.ui.models.flow_layout import FlowLayout
from desktop_app.ui.models.text_line import TextLine
from desktop_app.ui.theme import Theme, ThemeManager

# In a narrower column the buttons go below what the queue needs.
BESIDE_FROM = 620
FASTEST = 100_000  # MB/s, as the setting has it

_HALTED = (DownloadState.PAUSED, DownloadState.FAILED)


class DownloadsHeader(QWidget):
    """The queue as a whole.

    Signals:
        pause_all_requested, resume_all_requested, clear_requested.
        limit_changed(int): the speed limit in MB/s, 0 for none.
    """

    pause_all_requested = Signal()
    resume_all_requested = Signal()
    clear_requested = Signal()
    limit_changed = Signal(int)

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        self._summary = TextLine(themes, "text", 15, QFont.Weight.DemiBold)
        self._room = TextLine(themes, "secondary")
        self._road = TextLine(themes, "caution")
        self._road.set_text(
            self.tr("Causerie is offline. Allow connections in Discover or in the settings, and the downloads go on.")
        )
        self.pause_all = QPushButton(self.tr("Pause all"))
        self.pause_all.clicked.connect(self.pause_all_requested)
        self.resume_all = QPushButton(self.tr("Resume all"))
        self.resume_all.clicked.connect(self.resume_all_requested)
        self.clear_done = QPushButton(self.tr("Clear finished"))
        self.clear_done.setToolTip(self.tr("Takes what has arrived out of this list; the files stay."))
        self.clear_done.clicked.connect(self.clear_requested)
        self._make_limit()
        self._texts = QVBoxLayout()
        for line in (self._summary, self._room, self._road):
            self._texts.addWidget(line)
        self._texts.addStretch()
        self._actions = FlowLayout()
        for button in (self.pause_all, self.resume_all, self.clear_done):
            button.setObjectName("outlined")
            self._actions.addWidget(button)
        self._actions.addWidget(self._limit_holder)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addLayout(self._texts, 1)
        self._row.addLayout(self._actions)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    @property
    def summary(self) -> str:
        """What is said of the queue, with the drive and the road to the Hub."""
        lines = (self._summary, self._room, self._road)
        return " ".join(line.text() for line in lines if not line.isHidden())

    def focus_stops(self) -> list[QWidget]:
        """Return what takes the focus in it, in order."""
        return [self.pause_all, self.resume_all, self.clear_done, self.limit]

    def show_queue(self, downloads: tuple[Download, ...], free: int | None, *, offline: bool) -> None:
        """Show a queue.

        Args:
            downloads: all of it.
            free: bytes on the drive of the shelf, None while that is not known.
            offline: whether connections are not allowed.
        """
        unfinished = [one for one in downloads if one.state is not DownloadState.DONE]
        text, enough = ("", True) if free is None else room_text(downloads, free)
        self._summary.set_text(queue_text(downloads))
        self._room.set_text(text)
        self._room.set_role("secondary" if enough else "bad")
        self._room.setVisible(bool(text))
        self._road.setVisible(offline and bool(unfinished))
        ours = [one for one in unfinished if not is_elsewhere(one)]
        self._show_buttons(
            {
                self.pause_all: any(one.state not in _HALTED for one in ours),
                self.resume_all: any(one.state in _HALTED for one in ours),
                self.clear_done: len(unfinished) < len(downloads),
            }
        )

    def show_limit(self, megabytes_per_second: int) -> None:
        """Show the speed limit, unless the person is just changing it."""
        if not self.limit.hasFocus():
            with QSignalBlocker(self.limit):
                self.limit.setValue(megabytes_per_second)

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._texts.setSpacing(theme.px(2))
        self._actions.setSpacing(theme.px(6))
        self._row.setSpacing(theme.px(12))

    def fit(self, width: int) -> None:
        """Put the buttons beside the texts or below them."""
        theme = self._themes.theme
        wide = width >= theme.px(BESIDE_FROM)
        direction = QBoxLayout.Direction
        self._row.setDirection(direction.LeftToRight if wide else direction.TopToBottom)
        self._actions.set_right(wide)
        self._limit_row.setSpacing(theme.px(8))
        self._limit_row.set_right(wide)

    def _make_limit(self) -> None:
        self.limit = WholeField()
        self.limit.setRange(0, FASTEST)
        self.limit.setSuffix(" " + self.tr("MB/s"))
        self.limit.setSpecialValueText(self.tr("None"))
        self.limit.setKeyboardTracking(False)
        self.limit.setGroupSeparatorShown(True)
        self.limit.setAccessibleName(self.tr("Speed limit of all downloads together"))
        self.limit.setToolTip(self.tr("Leaves some of your connection to others; 0 sets no limit."))
        self.limit.valueChanged.connect(self.limit_changed)
        name = QLabel(self.tr("Speed limit"))
        name.setObjectName("secondary")
        name.setBuddy(self.limit)
        self._limit_holder = QWidget()
        self._limit_row = FlowLayout(self._limit_holder)
        self._limit_row.addWidget(name)
        self._limit_row.addWidget(self.limit)

    def _show_buttons(self, shown: dict[QPushButton, bool]) -> None:
        """Show some of the buttons; the focus of one that goes stays among them."""
        held = next((button for button in shown if button.hasFocus()), None)
        for button, visible in shown.items():
            if button.isHidden() == visible:
                button.setVisible(visible)
        if held is not None and not shown[held]:
            (next((button for button, visible in shown.items() if visible), None) or self.limit).setFocus()
