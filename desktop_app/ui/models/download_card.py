"""One download: what it is, how far it is, and what can be done about it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QVBoxLayout, QWidget

from desktop_app.core.downloads import Download, DownloadState
from desktop_app.ui.figures import as_tooltip
from desktop_app.ui.models.download_actions import GOES_ON, CancelQuestion, DownloadActions
from desktop_app.ui.models.download_texts import about_text, facts_text, problem_text, question_text, spoken_text
from desktop_app.ui.models.text_line import TextLine
from desktop_app.ui.models.thin_bar import ThinBar
from desktop_app.ui.theme import Theme, ThemeManager

# In a narrower card the buttons would leave the title a word or two.
BESIDE_FROM = 520

_COLOURS = {
    DownloadState.CHECKING: "note",
    DownloadState.WAITING: "caution",
    DownloadState.FAILED: "bad",
    DownloadState.RUNNING: "accent",
}


class DownloadCard(QFrame):
    """One download of the queue.

    With the focus on the card itself, Space pauses and resumes, Delete cancels, Alt and an arrow move it in the queue,
    and an arrow alone goes to the next card.

    Signals:
        pause_requested, resume_requested, cancel_requested; chat_requested(Download).
        move_requested(step): -1 towards the front of the queue, 1 towards its end.
        terms_requested(address), token_requested: what a gated model needs.
        stepped(step): the focus is wanted on the next card or the one before.
    """

    pause_requested = Signal()
    resume_requested = Signal()
    cancel_requested = Signal()
    chat_requested = Signal(object)
    move_requested = Signal(int)
    terms_requested = Signal(str)
    token_requested = Signal()
    stepped = Signal(int)

    def __init__(self, themes: ThemeManager, download: Download) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._themes = themes
        self._download = download
        self._first = self._last = True
        self._wide: bool | None = None
        self._title = TextLine(themes, "text", 14, QFont.Weight.DemiBold)
        self._facts = TextLine(themes, "secondary")
        self._problem = TextLine(themes, "secondary")
        self.bar = ThinBar(themes)
        self.controls = DownloadActions()
        self.controls.main_requested.connect(self._on_main)
        self.controls.chat_requested.connect(lambda: self.chat_requested.emit(self._download))
        self.controls.terms_requested.connect(self._on_terms)
        self.controls.token_requested.connect(self.token_requested)
        self.controls.cancel_requested.connect(self._ask)
        self.controls.move_requested.connect(self._move)
        self.controls.focus_lost.connect(self.setFocus)
        self.question = CancelQuestion(themes)
        self.question.agreed.connect(self._cancel)
        self.question.declined.connect(self._keep)
        self._foot = QWidget()  # a hidden widget in a cell of its own takes the spacing of the grid away
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(0)
        foot.addWidget(self.controls)
        foot.addWidget(self.question)
        self._texts = QVBoxLayout()
        self._texts.addWidget(self._title)
        self._texts.addWidget(self._facts)
        self._grid = QGridLayout(self)
        self._grid.setColumnStretch(0, 1)
        self._grid.addLayout(self._texts, 0, 0)
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)
        self._show_state()
        self._show_progress()

    @property
    def download(self) -> Download:
        """What is shown."""
        return self._download

    @property
    def facts(self) -> str:
        """How far it is, as shown."""
        return self._facts.text()

    @property
    def problem(self) -> str:
        """Why it waits or failed, as shown."""
        return self._problem.text()

    @property
    def asking(self) -> bool:
        """Whether the person is being asked if it is to be cancelled."""
        return not self.question.isHidden()

    def show_download(self, download: Download, *, first: bool, last: bool) -> None:
        """Show where it stands.

        Args:
            download: the same one, further on.
            first: whether none that is not done stands before it.
            last: whether none that is not done stands after it.
        """
        before, places = self._download, (self._first, self._last)
        if download is before and (first, last) == places:
            return
        self._download, self._first, self._last = download, first, last
        stands = (download.state, download.problem, not download.done, download.label)
        # Five times a second only the progress is another one: the rest is left alone then.
        if stands != (before.state, before.problem, not before.done, before.label) or (first, last) != places:
            self._show_state()
        self._show_progress()

    def focus_stops(self) -> list[QWidget]:
        """Return what takes the focus in it, in order."""
        return [self, *self.controls.buttons, self.question.delete, self.question.keep]

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._texts.setSpacing(theme.px(2))
        self._grid.setHorizontalSpacing(theme.px(12))
        self._grid.setVerticalSpacing(theme.px(8))
        self.controls.apply_theme(theme)
        self.question.apply_theme(theme)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons beside the texts or below them."""
        super().resizeEvent(event)
        self._fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Have a screen reader say how far it is by now."""
        self._describe()
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what the keys on a card do."""
        if not self.hasFocus() or not self._act(event):
            super().keyPressEvent(event)

    def _act(self, event: QKeyEvent) -> bool:
        """Do what a key asks of the card that has the focus; whether it asks anything."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._move(step)
        elif step:
            self.stepped.emit(step)
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            for button in (self.controls.main, self.controls.chat):
                if button.isVisible():
                    button.click()
                    break
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            if not self.controls.cancel.isHidden():
                self._ask()
        else:
            return False
        return True

    # Showing

    def _show_state(self) -> None:
        """Show what changes seldom: the name, the state and what can be done about it."""
        download, state = self._download, self._download.state
        problem = problem_text(download)
        self._title.set_text(download.label)
        self._problem.set_text(problem)
        self._problem.set_role("bad" if state is DownloadState.FAILED else "secondary")
        self._problem.setVisible(bool(problem))
        self.bar.set_role(_COLOURS.get(state, "hint"))
        self.bar.setVisible(state is not DownloadState.DONE and (state.active or download.done > 0))
        self.bar.setAccessibleName(self.tr("Progress of {name}").replace("{name}", download.label))
        self.setAccessibleName(download.label)
        self.setToolTip(as_tooltip(about_text(download)))
        self.controls.show_for(download, first=self._first, last=self._last)
        self._describe()

    def _show_progress(self) -> None:
        """Show what may change many times a second."""
        self._facts.set_text(facts_text(self._download))
        self.bar.set_fraction(self._download.fraction)
        if self.asking:
            self._show_question()

    def _describe(self) -> None:
        self.setAccessibleDescription(spoken_text(self._download))

    # Doing

    def _on_main(self) -> None:
        goes_on = self._download.state in GOES_ON
        (self.pause_requested if goes_on else self.resume_requested).emit()

    def _on_terms(self) -> None:
        self.terms_requested.emit(f"{self._download.endpoint}/{self._download.repo}")

    def _move(self, step: int) -> None:
        if not (self._first if step < 0 else self._last) and self._download.state is not DownloadState.DONE:
            self.move_requested.emit(step)

    def _ask(self) -> None:
        """Ask whether what has come may go; with nothing to lose, cancel at once."""
        if not question_text(self._download):
            self.cancel_requested.emit()
            return
        self.controls.hide()
        self.question.show()
        self._show_question()
        self.question.keep.setFocus()

    def _show_question(self) -> None:
        text = question_text(self._download)
        if text:
            self.question.ask(text)
        else:  # it has ended meanwhile
            self._keep()

    def _keep(self) -> None:
        """Take the question back."""
        focused = QApplication.focusWidget()
        self.controls.show()
        if focused is not None and self.question.isAncestorOf(focused):
            self.setFocus()
        self.question.hide()

    def _cancel(self) -> None:
        self._keep()
        self.cancel_requested.emit()

    # Laying out

    def _fit(self) -> None:
        theme = self._themes.theme
        margin = min(theme.px(16), self.width() // 20)
        self._grid.setContentsMargins(margin, theme.px(12), margin, theme.px(12))
        self._arrange(wide=self.width() >= theme.px(BESIDE_FROM))

    def _arrange(self, *, wide: bool) -> None:
        """Lay out: the buttons at the right of the texts, or at the foot."""
        if wide == self._wide:
            return
        self._wide = wide
        grid = self._grid
        for widget in (self._foot, self.bar, self._problem):
            grid.removeWidget(widget)
        span = 2 if wide else 1
        grid.addWidget(self.bar, 1, 0, 1, span)
        grid.addWidget(self._problem, 2, 0, 1, span)
        if wide:
            grid.addWidget(self._foot, 0, 1, Qt.AlignmentFlag.AlignVCenter)
        else:
            grid.addWidget(self._foot, 3, 0)
