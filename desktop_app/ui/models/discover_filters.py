"""What narrows a search down: small fields in a row that wraps, each saying what it lets through."""

from typing import Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from desktop_app.core.hub import HubQuery, Sort, Task
from desktop_app.ui.fields import ChoiceField
from desktop_app.ui.models.flow_layout import FlowLayout
from desktop_app.ui.models.model_facts import language_names, licence_text, parameters_text, task_text
from desktop_app.ui.theme import Theme, ThemeManager

SIZES = (1.0, 3.0, 4.0, 8.0, 14.0, 24.0, 32.0, 70.0)  # billions; where families of models have their members
LICENCES = (
    *("apache-2.0", "mit", "gemma", "llama3.1", "llama3.2", "llama3.3"),
    *("cc-by-4.0", "cc-by-nc-4.0", "other"),
)


class QuietChoice(ChoiceField):
    """A field to choose from, as wide as what is chosen. It stands out once it is not at its first entry."""

    def __init__(self, name: str, parent: QWidget | None = None, *, narrows: bool = True) -> None:
        super().__init__(parent)
        self._narrows = narrows
        self._values: list[Any] = []  # Qt's own would turn an enumeration into its text
        self.setObjectName("quiet")
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setSizeAdjustPolicy(ChoiceField.SizeAdjustPolicy.AdjustToContents)
        self.setProperty("narrows", False)
        self.currentIndexChanged.connect(self._on_changed)

    def add(self, text: str, value: Any) -> None:
        """Add an entry."""
        self._values.append(value)
        self.addItem(text)

    @property
    def value(self) -> Any:
        """What is chosen."""
        return self._values[max(0, self.currentIndex())]

    def choose(self, value: Any) -> None:
        """Choose an entry by its value."""
        self.setCurrentIndex(self._values.index(value))

    def sizeHint(self) -> QSize:
        """Ask for the room of what is chosen instead of that of the longest entry."""
        hint = super().sizeHint()
        hint.setWidth(hint.width() - self._widest() + self.fontMetrics().horizontalAdvance(self.currentText()))
        return hint

    def minimumSizeHint(self) -> QSize:
        """Ask for little: what does not fit is elided."""
        return QSize(min(self.sizeHint().width(), self.fontMetrics().height() * 4), super().minimumSizeHint().height())

    def showPopup(self) -> None:
        """Open the list as wide as its longest entry."""
        view = self.view()
        bar = view.verticalScrollBar().sizeHint().width()
        view.setMinimumWidth(self._widest() + 2 * self.fontMetrics().height() + bar)
        super().showPopup()

    def _widest(self) -> int:
        metrics = self.fontMetrics()
        return max((metrics.horizontalAdvance(self.itemText(row)) for row in range(self.count())), default=0)

    def _on_changed(self, index: int) -> None:
        self.setProperty("narrows", self._narrows and index > 0)
        self.style().polish(self)
        self.updateGeometry()


class FilterBar(QWidget):
    """The filters of a search. The field for its order, ``sort``, and ``clear_button`` stand where there is room.

    Signals:
        changed: another search is wanted.
    """

    changed = Signal()

    def __init__(self, themes: ThemeManager, language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._quiet = False
        self.fits = QPushButton(self.tr("Fits this computer"))
        self.fits.setObjectName("pill")
        self.fits.setCheckable(True)
        self.fits.setToolTip(self.tr("Only models of which a usual file takes at most two thirds of the memory"))
        self.sort = QuietChoice(self.tr("Order"), narrows=False)
        self.task = QuietChoice(self.tr("What it is for"))
        self.least = QuietChoice(self.tr("Parameters, at least"))
        self.most = QuietChoice(self.tr("Parameters, at most"))
        self.licence = QuietChoice(self.tr("Licence"))
        self.language = QuietChoice(self.tr("Language"))
        self.gated = QuietChoice(self.tr("Whether terms must be accepted first"))
        self.clear_button = QPushButton(self.tr("Clear the filters"))
        self.clear_button.setObjectName("link")
        self.clear_button.clicked.connect(self.clear)
        self._fill(language)
        self._row = FlowLayout(self)
        for field in self.fields:
            self._row.addWidget(field)
        for choice in (self.sort, *self._narrowing):
            choice.currentIndexChanged.connect(self._on_changed)
        self.fits.toggled.connect(self._on_changed)
        self.clear_button.hide()
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    @property
    def _narrowing(self) -> tuple[QuietChoice, ...]:
        return (self.task, self.least, self.most, self.licence, self.language, self.gated)

    @property
    def fields(self) -> tuple[QWidget, ...]:
        """All that stands in the row, in its order."""
        return (self.fits, *self._narrowing)

    @property
    def count(self) -> int:
        """How many filters narrow the search."""
        return sum(not one.isHidden() and one.currentIndex() > 0 for one in self._narrowing) + self.fits.isChecked()

    def query(self, text: str) -> HubQuery:
        """Return the search for a text with these filters."""
        return HubQuery(
            text=text.strip(),
            sort=self.sort.value,
            task=self.task.value,
            parameters_from=self.least.value,
            parameters_to=self.most.value,
            licence=self.licence.value,
            language=self.language.value,
            gated=self.gated.value,
            fits=self.fits.isChecked(),
        )

    def show_hub(self, shown: bool) -> None:
        """Offer what only the Hub knows: which models are popular or new, and which ask for terms."""
        for choice in (self.sort, self.gated):
            choice.setVisible(shown)
        self._show_clear()

    def clear(self) -> None:
        """Take all filters away, for one new search."""
        self._quiet = True
        for choice in self._narrowing:
            choice.setCurrentIndex(0)
        self.fits.setChecked(False)
        self._quiet = False
        self._on_changed()

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._row.setSpacing(theme.px(8))

    def _on_changed(self) -> None:
        if self._quiet:
            return
        if self.least.value and self.most.value and self.most.value < self.least.value:
            # The bound that was just set holds; the other one would leave nothing.
            other = self.least if self.sender() is self.most else self.most
            self._quiet = True
            other.setCurrentIndex(0)
            self._quiet = False
        self._show_clear()
        self.changed.emit()

    def _show_clear(self) -> None:
        if self.clear_button.hasFocus() and not self.count:
            self.fits.setFocus()
        self.clear_button.setVisible(self.count > 0)
        self.updateGeometry()

    def _fill(self, language: str) -> None:
        self.sort.add(self.tr("Trending"), Sort.TRENDING)
        self.sort.add(self.tr("Most downloaded"), Sort.DOWNLOADS)
        self.sort.add(self.tr("Most liked"), Sort.LIKES)
        self.sort.add(self.tr("Newest"), Sort.RECENT)
        self.task.add(self.tr("Any task"), Task.ANY)
        for task in (Task.CHAT, Task.VISION, Task.EMBEDDING, Task.CODE):
            self.task.add(task_text(task.value), task)
        self.least.add(self.tr("Smallest: any"), 0.0)
        self.most.add(self.tr("Largest: any"), 0.0)
        for size in SIZES:
            text = parameters_text(round(size * 1e9))
            self.least.add(self.tr("Smallest: {size}").replace("{size}", text), size)
            self.most.add(self.tr("Largest: {size}").replace("{size}", text), size)
        self.licence.add(self.tr("Any licence"), "")
        for licence in LICENCES:
            self.licence.add(self.tr("Other licences") if licence == "other" else licence_text(licence), licence)
        self.language.add(self.tr("Any language"), "")
        for code, name in sorted(language_names().items(), key=lambda one: one[0] != language):
            self.language.add(name, code)
        self.gated.add(self.tr("Free and gated"), None)
        self.gated.add(self.tr("Free"), False)
        self.gated.add(self.tr("Gated: terms first"), True)
