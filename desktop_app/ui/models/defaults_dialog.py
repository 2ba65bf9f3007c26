"""What holds for one model: how it is loaded, what it is told first, and what a person wants to remember of it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.model import ModelDefaults, ShelfModel
from desktop_app.ui.dialogs import FittedDialog
from desktop_app.ui.fields import WholeField
from desktop_app.ui.figures import grouped
from desktop_app.ui.models.flow_layout import FlowLayout
from desktop_app.ui.models.text_line import TextLine
from desktop_app.ui.theme import ThemeManager

SIZE = QSize(560, 720)
# In a narrower dialog numbers go below their texts.
BESIDE_FROM = 420
SHORTEST_CONTEXT, LONGEST_CONTEXT = 512, 1_048_576
MOST_LAYERS = 1000


class DefaultsDialog(FittedDialog):
    """The fields for one model; ``defaults`` is what they say."""

    def __init__(
        self, themes: ThemeManager, model: ShelfModel, defaults: ModelDefaults, parent: QWidget | None = None
    ) -> None:
        super().__init__(themes, SIZE, parent)
        self.setWindowTitle(self.tr("Defaults of {name}").replace("{name}", model.label))
        px = themes.theme.px
        content = QWidget()
        content.setObjectName("scrolled")
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(px(16))
        title = TextLine(themes, "text", 15, QFont.Weight.DemiBold)
        title.set_text(model.label)
        about = QLabel(self.tr("These hold whenever this model is loaded; what is empty follows the settings."))
        about.setObjectName("secondary")
        about.setWordWrap(True)
        self._column.addWidget(title)
        self._column.addWidget(about)
        self.context = self._made_number(0, LONGEST_CONTEXT, 512, defaults.context_length)
        self.context.setSuffix(" " + self.tr("tokens"))
        self.layers = self._made_number(-1, MOST_LAYERS, 1, defaults.gpu_layers)
        self.prompt = self._made_text(defaults.system_prompt, self.tr("As in the settings"), 96)
        self.template = self._made_text(defaults.template, self.tr("The model's own"), 96)
        self.template.setFont(themes.theme.mono_font(13))
        self.notes = self._made_text(defaults.notes, self.tr("What it is good at, where it fails…"), 72)
        trained = ""
        if model.context_length:
            trained = self.tr("It was trained for {n} tokens.").replace("{n}", grouped(model.context_length)) + " "
        self._numbers: list[QBoxLayout] = []
        context_help = trained + self.tr("More looks back further in a conversation and needs more memory.")
        self._add_number(self.tr("Context"), context_help, self.context)
        layers_help = self.tr("How much of it runs on the graphics card; 0 uses the processor alone.")
        self._add_number(self.tr("Layers on the graphics card"), layers_help, self.layers)
        prompt_help = self.tr("What it is told before each new conversation.")
        self._add_text(self.tr("System prompt"), prompt_help, self.prompt)
        template_help = self.tr(
            "How messages are written down for the model, as a Jinja chat template. A wrong one makes replies odd."
        )
        self._add_text(self.tr("Chat template"), template_help, self.template)
        self._add_text(self.tr("Notes"), self.tr("For you; the model never sees them."), self.notes)
        self._column.addStretch()
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(content)
        layout = QVBoxLayout(self)
        self._beside = 2 * px(16)
        layout.setContentsMargins(px(16), px(16), px(16), px(16))
        layout.setSpacing(px(16))
        layout.addWidget(self._scroll, 1)
        layout.addLayout(self._made_buttons())

    @property
    def defaults(self) -> ModelDefaults:
        """What the fields say."""
        context = self.context.value()
        return ModelDefaults(
            context_length=max(SHORTEST_CONTEXT, context) if context else 0,
            gpu_layers=self.layers.value(),
            system_prompt=self.prompt.toPlainText().strip(),
            template=self.template.toPlainText().strip(),
            notes=self.notes.toPlainText().strip(),
        )

    def clear(self) -> None:
        """Let everything follow the settings again; the notes stay."""
        self.context.setValue(0)
        self.layers.setValue(-1)
        self.prompt.clear()
        self.template.clear()

    def height_for(self, width: int) -> int:
        """Return the height at which nothing needs to be scrolled."""
        self._arrange(width)
        around = self.sizeHint().height() - self._scroll.sizeHint().height()
        return self._column.totalHeightForWidth(width - self._beside) + around

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the numbers beside their texts or below them."""
        super().resizeEvent(event)
        self._arrange(event.size().width())

    def _arrange(self, width: int) -> None:
        theme = self.themes.theme
        beside = width >= theme.px(BESIDE_FROM)
        direction = QBoxLayout.Direction
        for line, field in zip(self._numbers, (self.context, self.layers), strict=True):
            line.setDirection(direction.LeftToRight if beside else direction.TopToBottom)
            line.setSpacing(theme.px(24 if beside else 4))
            line.setAlignment(field, Qt.AlignmentFlag.AlignVCenter if beside else Qt.AlignmentFlag(0))
            field.setMaximumWidth(theme.px(184) if beside else width)
            field.setMinimumWidth(theme.px(184) if beside else 0)

    def _made_number(self, least: int, most: int, step: int, value: int) -> WholeField:
        field = WholeField()
        field.setRange(least, most)
        field.setSingleStep(step)
        field.setGroupSeparatorShown(True)
        field.setSpecialValueText(self.tr("As in the settings"))
        field.setValue(value)
        return field

    def _made_text(self, text: str, placeholder: str, height: int) -> QPlainTextEdit:
        field = QPlainTextEdit(text)
        field.setPlaceholderText(placeholder)
        field.setTabChangesFocus(True)
        field.setFixedHeight(self.themes.theme.px(height))
        return field

    def _add_number(self, name: str, help_text: str, field: QSpinBox) -> None:
        line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        line.addLayout(self._made_texts(name, help_text, field), 1)
        line.addWidget(field)
        self._numbers.append(line)
        self._column.addLayout(line)

    def _add_text(self, name: str, help_text: str, field: QPlainTextEdit) -> None:
        texts = self._made_texts(name, help_text, field)
        texts.addSpacing(self.themes.theme.px(4))
        texts.addWidget(field)
        self._column.addLayout(texts)

    def _made_texts(self, name: str, help_text: str, field: QWidget) -> QVBoxLayout:
        label = QLabel(name)
        label.setWordWrap(True)
        hint = QLabel(help_text)
        hint.setObjectName("hint")
        hint.setWordWrap(True)
        field.setAccessibleName(name)
        field.setAccessibleDescription(help_text)
        texts = QVBoxLayout()
        texts.setSpacing(self.themes.theme.px(2))
        texts.addWidget(label)
        texts.addWidget(hint)
        return texts

    def _made_buttons(self) -> FlowLayout:
        clear = QPushButton(self.tr("Clear"))
        clear.setToolTip(self.tr("Let everything follow the settings again; the notes stay"))
        clear.clicked.connect(self.clear)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self.save_button = QPushButton(self.tr("Save"))
        self.save_button.setObjectName("primary")
        self.save_button.setDefault(True)
        self.save_button.clicked.connect(self.accept)
        row = FlowLayout(right=True)
        row.setSpacing(self.themes.theme.px(8))
        for button in (clear, cancel, self.save_button):
            row.addWidget(button)
        return row
