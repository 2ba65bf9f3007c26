"""The right column: system prompt, sampling, context meter and the figures of the last reply."""

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.conversation import Message, Statistics
from desktop_app.core.sampling import SamplingSettings
from desktop_app.services.events import TokensCounted
from desktop_app.ui.figures import finish_text, grouped, seconds_text, speed_text, tokens_text
from desktop_app.ui.sampling_panel import SamplingPanel
from desktop_app.ui.theme import Theme, ThemeManager

SAVE_DELAY_MS = 300


class ContextBar(QWidget):
    """A bar of the context window: system prompt, conversation, draft, and what is free."""

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        self._parts: tuple[int, int, int] = (0, 0, 0)
        self._length = 0
        themes.changed.connect(self._on_theme_changed)

    def show_parts(self, system_prompt: int, conversation: int, draft: int, length: int) -> None:
        """Draw tokens of each part against the context's length."""
        self._parts = (system_prompt, conversation, draft)
        self._length = length
        self.update()

    def _on_theme_changed(self) -> None:
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return 8 px of height, zoomed."""
        return QSize(0, self._themes.theme.px(8))

    def paintEvent(self, event: QEvent) -> None:
        """Draw the bar."""
        palette = self._themes.theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(self.rect(), self.height() / 2, self.height() / 2)
        painter.setClipPath(path)
        painter.fillRect(self.rect(), QColor(palette.line))
        x = 0.0
        for tokens, colour in zip(self._parts, (palette.hint, palette.accent, palette.caution), strict=True):
            width = self.width() * min(1.0, tokens / self._length) if self._length else 0.0
            painter.fillRect(round(x), 0, round(x + width) - round(x), self.height(), QColor(colour))
            x += width


class Inspector(QWidget):
    """The right column.

    Signals:
        system_prompt_changed(text), sampling_changed(SamplingSettings): a moment after the last keystroke, or at
        ``flush``.
    """

    system_prompt_changed = Signal(str)
    sampling_changed = Signal(object)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._prompt = QPlainTextEdit()
        self._prompt.setTabChangesFocus(True)
        self._prompt.setAcceptDrops(False)
        self._prompt.setAccessibleName(self.tr("System prompt"))
        self._prompt.setPlaceholderText(self.tr("Tell the model who it is and how to answer."))
        self._prompt.textChanged.connect(self._on_prompt_edited)
        self._examples = QPushButton(self.tr("Examples") + " ▾")
        self._examples.setObjectName("link")
        self._examples.setAccessibleName(self.tr("System prompts to try"))
        self._examples.setToolTip(self.tr("System prompts to try"))
        self._examples.setMenu(self._made_examples())
        self._sampling = SamplingPanel(themes)
        self._sampling.edited.connect(self._on_sampling_edited)
        self._prompt_timer = QTimer(self, singleShot=True, interval=SAVE_DELAY_MS)
        self._prompt_timer.timeout.connect(self._save_prompt)
        self._sampling_timer = QTimer(self, singleShot=True, interval=SAVE_DELAY_MS)
        self._sampling_timer.timeout.connect(self._save_sampling)
        self._context_figure = QLabel()
        self._context_figure.setObjectName("figure")
        self._bar = ContextBar(themes)
        self._context_hint = QLabel()
        self._context_hint.setObjectName("hint")
        self._context_hint.setWordWrap(True)
        self._statistics = StatisticsTable()
        self._lay_out()
        self.clear_count()
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    @property
    def system_prompt(self) -> str:
        """The system prompt as written."""
        return self._prompt.toPlainText()

    @property
    def sampling(self) -> SamplingSettings:
        """The sampling settings as chosen."""
        return self._sampling.settings

    def show_conversation(self, system_prompt: str, sampling: SamplingSettings) -> None:
        """Show the settings of a conversation; nothing is signalled, and what is not yet saved is dropped."""
        self._prompt_timer.stop()
        self._sampling_timer.stop()
        if system_prompt != self._prompt.toPlainText():
            with QSignalBlocker(self._prompt):
                self._prompt.setPlainText(system_prompt)
        if sampling != self._sampling.settings:
            self._sampling.set_settings(sampling)

    def flush(self) -> None:
        """Signal at once what has been edited."""
        if self._prompt_timer.isActive():
            self._prompt_timer.stop()
            self._save_prompt()
        if self._sampling_timer.isActive():
            self._sampling_timer.stop()
            self._save_sampling()

    def show_count(self, counted: TokensCounted) -> None:
        """Show how much of the context is taken."""
        count = counted.count
        self._context_figure.setText(f"{grouped(count.total)} / {grouped(count.context_length)}")
        self._bar.show_parts(count.system_prompt, count.conversation, count.draft, count.context_length)
        parts = self.tr("System prompt {system} · conversation {conversation} · next message {draft}.")
        text = (
            parts.replace("{system}", grouped(count.system_prompt))
            .replace("{conversation}", grouped(count.conversation))
            .replace("{draft}", grouped(count.draft))
        )
        seen = (
            self.tr("The model still sees everything.")
            if count.kept_from == 0
            else self.tr("The oldest messages no longer fit; the model does not see them.")
        )
        self._context_hint.setText(f"{text} {seen}")

    def clear_count(self) -> None:
        """Show that nothing is counted yet."""
        self._context_figure.setText("")
        self._bar.show_parts(0, 0, 0, 0)
        self._context_hint.setText(self.tr("How much of its context the model has used; counted once it is loaded."))

    def show_statistics(self, message: Message | None) -> None:
        """Show the figures of a reply; None shows none."""
        self._statistics.show_message(message)

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._prompt.setFixedHeight(theme.px(96))
        margin = theme.px(20)
        self._column.setContentsMargins(margin, theme.px(14), margin, margin)
        self._column.setSpacing(theme.px(10))

    def _made_examples(self) -> QMenu:
        menu = QMenu(self)
        examples = (
            (self.tr("None"), ""),
            (self.tr("Patient teacher"), self.tr("You are a patient teacher of language models. Answer in detail.")),
            (self.tr("Short answers"), self.tr("Answer in one short sentence.")),
            (self.tr("Answer in French"), "Répondez toujours en français."),
            (self.tr("Answer in English"), "Always answer in English."),
        )
        for name, text in examples:
            menu.addAction(name).triggered.connect(lambda _checked, text=text: self._prompt.setPlainText(text))
        return menu

    def _lay_out(self) -> None:
        content = QWidget()
        content.setObjectName("scrolled")
        self._column = QVBoxLayout(content)
        prompt_row = QHBoxLayout()
        prompt_row.addWidget(_section(self.tr("System prompt")))
        prompt_row.addStretch()
        prompt_row.addWidget(self._examples)
        self._column.addLayout(prompt_row)
        self._column.addWidget(self._prompt)
        self._column.addSpacing(6)
        self._column.addWidget(self._sampling)
        self._column.addSpacing(6)
        context_row = QHBoxLayout()
        context_row.addWidget(_section(self.tr("Context")))
        context_row.addStretch()
        context_row.addWidget(self._context_figure)
        self._column.addLayout(context_row)
        self._column.addWidget(self._bar)
        self._column.addWidget(self._context_hint)
        self._column.addSpacing(6)
        self._column.addWidget(self._statistics)
        self._column.addStretch()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 0, 0, 0)
        layout.addWidget(scroll)

    def _on_prompt_edited(self) -> None:
        self._prompt_timer.start()

    def _on_sampling_edited(self) -> None:
        self._sampling_timer.start()

    def _save_prompt(self) -> None:
        self.system_prompt_changed.emit(self.system_prompt)

    def _save_sampling(self) -> None:
        self.sampling_changed.emit(self.sampling)


class StatisticsTable(QWidget):
    """The figures of one reply, each with its name and an explanation."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        self._grid.addWidget(_section(self.tr("Last reply")), 0, 0, 1, 2)
        self._values: dict[str, QLabel] = {}
        rows = (
            ("generation", self.tr("Generation"), self.tr("Tokens written in a second.")),
            ("reading", self.tr("Prompt processing"), self.tr("Tokens of the prompt read in a second.")),
            ("first", self.tr("Time to first token"), self.tr("From sending to the first word.")),
            ("prompt", self.tr("Prompt"), self.tr("Tokens of the whole prompt as the model receives it.")),
            ("cached", self.tr("of these reused"), self.tr("Read on an earlier turn and kept, so not read again.")),
            ("completion", self.tr("Reply"), self.tr("Tokens of the reply.")),
            ("finish", self.tr("Ended"), self.tr("Why the reply ended.")),
        )
        for row, (key, name, tip) in enumerate(rows, start=1):
            label = QLabel(name)
            label.setObjectName("hint")
            label.setToolTip(tip)
            label.setWordWrap(True)
            value = QLabel()
            value.setObjectName("figure")
            value.setToolTip(tip)
            value.setAccessibleName(name)
            self._grid.addWidget(label, row, 0)
            self._grid.addWidget(value, row, 1, Qt.AlignmentFlag.AlignRight)
            self._values[key] = value
        self.setVisible(False)

    def show_message(self, message: Message | None) -> None:
        """Show a reply's figures, or nothing."""
        statistics = message.statistics if message is not None else None
        self.setVisible(statistics is not None)
        if statistics is not None and message is not None:
            for key, text in self._texts(statistics, message).items():
                self._values[key].setText(text)

    def _texts(self, statistics: Statistics, message: Message) -> dict[str, str]:
        return {
            "generation": speed_text(statistics.generation_tokens_per_second),
            "reading": speed_text(statistics.prompt_tokens_per_second),
            "first": seconds_text(statistics.time_to_first_token),
            "prompt": tokens_text(statistics.prompt_tokens),
            "cached": tokens_text(statistics.cached_tokens),
            "completion": tokens_text(statistics.completion_tokens),
            "finish": finish_text(message),
        }


def _section(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("section")
    return label
