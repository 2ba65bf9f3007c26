"""The models on this computer: which there are, which is loaded, what they take up, and how to care for them."""

from datetime import date
from pathlib import PurePath

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.care import Outcome, Update
from desktop_app.core.model import ShelfModel
from desktop_app.services import shelf_events
from desktop_app.services.events import Event, ModelChanged, ModelsListed, ModelState
from desktop_app.services.host import Services
from desktop_app.services.shelf_events import WorkKind
from desktop_app.ui.fields import ChoiceField
from desktop_app.ui.figures import grouped, size_text
from desktop_app.ui.lists.shelf_list import ShelfList
from desktop_app.ui.lists.shelf_rows import Order
from desktop_app.ui.models.folders_card import FoldersCard, InterruptedMove
from desktop_app.ui.models.freeing import FreeingPanel
from desktop_app.ui.models.shelf_actions import ShelfActions
from desktop_app.ui.models.shelf_badges import Badge
from desktop_app.ui.models.shelf_head import ShelfHead
from desktop_app.ui.models.shelf_texts import badges, checked_badge, is_ours, spoken, update_badge
from desktop_app.ui.models.shelf_view import ShelfView
from desktop_app.ui.models.work_bar import WorkBar
from desktop_app.ui.theme import Theme, ThemeManager

MEASURE = 920
# In a narrower column the order goes below the search field.
BESIDE_FROM = 320


class ShelfSection(QWidget):
    """The models on this computer.

    Signals:
        asked(callable): something for the services to do, called with ``Services``;
        load_requested(ShelfModel), cancel_load_requested; file_chosen(path): load a file from anywhere;
        discover_requested: the person wants to find a model.
    """

    asked = Signal(object)
    load_requested = Signal(object)
    cancel_load_requested = Signal()
    file_chosen = Signal(str)
    discover_requested = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._known = False
        self._checked: dict[str, Outcome] = {}
        self._updates: dict[str, Update] = {}
        self.setAccessibleName(self.tr("On this computer"))
        self.list = ShelfList(
            lambda model, state: spoken(model, state, self._badges(model), date.today()),
            lambda model: PurePath(model.path).stem if is_ours(model) else "",
            lambda model, name: self.deeds.rename(model, name),
            self,
        )
        self.deeds = ShelfActions(themes, self.list, self)
        self.head = ShelfHead(themes, self.deeds)
        self.work = WorkBar(themes)
        self.freeing = FreeingPanel(themes)
        self.interrupted = InterruptedMove(themes)
        self._make_list()
        self._make_folders()
        self._lay_out()
        self._connect()
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)
        self._show_standing()

    def hear(self, event: Event) -> None:
        """Take over what the services tell."""
        match event:
            case ModelsListed():
                self._show_models(event.models)
            case ModelChanged():
                self.list.set_state(event)
                if event.state is ModelState.READY and self.isVisible():
                    self.asked.emit(_scan)  # it was used just now, and may be one from elsewhere
            case shelf_events.ShelfWorkProgressed():
                self.work.show_work(self._work_text(event.kind, event.path), event.fraction, event.seconds_left)
            case shelf_events.ShelfWorkEnded():
                self.work.hide()
                if self.isVisible():
                    self.asked.emit(_measure)
            case shelf_events.RoomMeasured():
                self.head.use.show_use(event.use)
                self.freeing.show_suggestions(event.suggestions)
            case shelf_events.ShelfFoldersListed():
                self.deeds.shelf = event.folder
                self.folders.show_folders(event.folder, event.folders)
                self.interrupted.show_move(event.folder, event.unfinished_move)
            case shelf_events.DefaultsShown():
                self.deeds.show_defaults(event.path, event.defaults)
            case _:
                self._hear_findings(event)

    def shown(self) -> None:
        """Look anew: the section comes into view."""
        self.asked.emit(_look)

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._column.setSpacing(theme.px(16))
        self._holder.setMaximumWidth(theme.px(MEASURE))
        self._tools.setSpacing(theme.px(8))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the room of a narrow page to what is on it."""
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc empties the search, and Down leaves it for the list; the page's margins follow its scroll bar."""
        if watched is self._scroll.viewport() and event.type() == QEvent.Type.Resize:
            self._fit()
        if watched is not self.search or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        escape = event.key() == Qt.Key.Key_Escape and bool(self.search.text())
        if event.type() == QEvent.Type.ShortcutOverride and escape:
            event.accept()  # before the window's own Esc
            return True
        if event.type() == QEvent.Type.KeyPress:
            if escape:
                self.search.clear()
                return True
            if event.key() == Qt.Key.Key_Down and self.list.rowCount():
                self.view.select(max(0, self.view.currentIndex().row()))
                self.view.setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return super().eventFilter(watched, event)

    # Making

    def _make_list(self) -> None:
        self.search = QLineEdit()
        self.search.setObjectName("search")
        self.search.setPlaceholderText(self.tr("Search these models"))
        self.search.setAccessibleName(self.tr("Search the models on this computer"))
        self.search.setClearButtonEnabled(True)
        self.search.setAcceptDrops(False)
        self.order = ChoiceField()
        self.order.setAccessibleName(self.tr("Order of the models"))
        for text, order in (
            (self.tr("By name"), Order.NAME),
            (self.tr("Largest first"), Order.SIZE),
            (self.tr("Last used first"), Order.USED),
        ):
            self.order.addItem(text, order)
        self._tools = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._tools.addWidget(self.search, 1)
        self._tools.addWidget(self.order)
        self.view = ShelfView(self._themes, self.list, self._badges)
        self.empty = QLabel()
        self.empty.setObjectName("secondary")
        self.empty.setTextFormat(Qt.TextFormat.PlainText)
        self.empty.setWordWrap(True)
        self.discover_button = QPushButton(self.tr("Find a model ›"))
        self.discover_button.setObjectName("primary")

    def _make_folders(self) -> None:
        self._places = QLabel(self.tr("Where they lie").upper())
        self._places.setObjectName("heading")
        self.folders = FoldersCard(self._themes)
        self.add_button = QPushButton(self.tr("Add a folder…"))
        self.add_button.setObjectName("outlined")
        self.add_button.setToolTip(self.tr("List the models of another folder; they are used where they lie"))

    def _lay_out(self) -> None:
        self._holder = QWidget()
        self._column = QVBoxLayout(self._holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.head, self.interrupted, self.work, self.freeing):
            self._column.addWidget(widget)
        self._column.addLayout(self._tools)
        self._column.addWidget(self.view)
        self._column.addWidget(self.empty)
        self._column.addWidget(self.discover_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self._places)
        self._column.addWidget(self.folders)
        self._column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch()
        content = QWidget()
        content.setObjectName("scrolled")
        self._outer = QHBoxLayout(content)
        self._outer.addStretch(1)
        self._outer.addWidget(self._holder, 100)
        self._outer.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)

    def _connect(self) -> None:
        deeds, view = self.deeds, self.view
        deeds.asked.connect(self.asked)
        deeds.load_requested.connect(self.load_requested)
        deeds.cancel_load_requested.connect(self.cancel_load_requested)
        deeds.file_chosen.connect(self.file_chosen)
        deeds.rename_requested.connect(self._on_rename)
        view.load_requested.connect(deeds.load)
        view.stop_requested.connect(self.cancel_load_requested)
        view.delete_requested.connect(deeds.delete)
        view.menu_requested.connect(deeds.show_menu)
        view.typed.connect(self._on_typed)
        view.reveal_requested.connect(self._reveal)
        self.head.free_button.clicked.connect(self._on_free)
        self.freeing.delete_requested.connect(deeds.free)
        self.interrupted.move_requested.connect(deeds.move_to)
        self.work.stop_requested.connect(deeds.stop_work)
        self.search.textChanged.connect(self._on_search)
        self.order.activated.connect(self._on_search)
        self.discover_button.clicked.connect(self.discover_requested)
        self.add_button.clicked.connect(deeds.add_folder)
        self.folders.remove_requested.connect(deeds.remove_folder)
        self.search.installEventFilter(self)
        self._scroll.viewport().installEventFilter(self)

    # Showing

    def _show_models(self, models: tuple[ShelfModel, ...]) -> None:
        self._known = True
        current = self.list.item(self.view.currentIndex())
        self.list.set_models(models)
        self._return_to(current)
        self.folders.show_models(models)
        self._show_standing()

    def _hear_findings(self, event: Event) -> None:
        match event:
            case shelf_events.ModelsVerified():
                self._checked.update((one.path, one.outcome) for one in event.results)
            case shelf_events.UpdatesFound():
                self._updates.update((one.path, one) for one in event.updates)
            case shelf_events.ModelRelocated():
                self._checked.pop(event.old, None)
                self._updates.pop(event.old, None)
            case _:
                return
        self.view.viewport().update()

    def _badges(self, model: ShelfModel) -> tuple[Badge, ...]:
        found = list(badges(model, self.list.state))
        if model.path in self._checked and (badge := checked_badge(self._checked[model.path])) is not None:
            found.append(badge)
        if model.path in self._updates and (badge := update_badge(self._updates[model.path])) is not None:
            found.append(badge)
        return tuple(found)

    def _work_text(self, kind: WorkKind, path: str) -> str:
        model = next((one for one in self.list.models if one.path == path), None)
        name = model.label if model is not None else PurePath(path).name
        texts = {
            WorkKind.VERIFY: self.tr("Verifying {name}") if path else self.tr("Verifying all models"),
            WorkKind.IMPORT: self.tr("Copying {name} to the shelf"),
            WorkKind.DELETE: self.tr("Moving {name} to the trash"),
            WorkKind.MOVE: self.tr("Moving the shelf to {name}"),
            WorkKind.UPDATES: self.tr("Looking for updates"),
        }
        return texts[kind].replace("{name}", path if kind is WorkKind.MOVE else name)

    def _show_standing(self) -> None:
        """Say how many models there are, and what an empty or short list means."""
        models = self.list.models
        self.head.summary.setText(self._summary(models))
        text = self._advice(models)
        self.empty.setText(text)
        self.empty.setVisible(bool(text))
        self.discover_button.setVisible(bool(text))
        self.view.setVisible(self.list.rowCount() > 0)
        for tool in (self.search, self.order):
            tool.setVisible(len(models) > 1)

    def _summary(self, models: tuple[ShelfModel, ...]) -> str:
        if not self._known:
            return self.tr("Looking for models…")
        if not models:
            return self.tr("No models yet")
        count = self.tr("1 model") if len(models) == 1 else self.tr("{n} models").replace("{n}", grouped(len(models)))
        return f"{count} · {size_text(sum(model.size for model in models))}"

    def _advice(self, models: tuple[ShelfModel, ...]) -> str:
        if models and not self.list.rowCount():
            return self.tr("No model here fits “{query}”.").replace("{query}", self.search.text().strip())
        if not self._known or any(not model.starter for model in models):
            return ""
        advice = self.tr(
            "Larger models know more and need more memory: as a rule, a file may be as large as two thirds of this "
            "computer's memory. Discover shows which ones fit."
        )
        if models:
            return self.tr("Only the small starter model is here so far.") + " " + advice
        return advice

    def _fit(self) -> None:
        """Follow the room: the margins, what stands beside what, and how far a page of keys goes."""
        theme = self._themes.theme
        viewport = self._scroll.viewport()
        beside = min(theme.px(32), self.width() // 20)
        bar = self.width() - viewport.width()
        self._outer.setContentsMargins(beside, theme.px(8), max(0, beside - bar), theme.px(24))
        width = min(theme.px(MEASURE), viewport.width() - beside - max(0, beside - bar))
        direction = QBoxLayout.Direction
        roomy = width >= theme.px(BESIDE_FROM)
        self._tools.setDirection(direction.LeftToRight if roomy else direction.TopToBottom)
        adjust = ChoiceField.SizeAdjustPolicy
        self.order.setMinimumContentsLength(0 if roomy else 6)
        self.order.setSizeAdjustPolicy(
            adjust.AdjustToContents if roomy else adjust.AdjustToMinimumContentsLengthWithIcon
        )
        self.order.setMinimumHeight(self.search.sizeHint().height())
        self.head.fit(width)
        self.freeing.fit(width)
        self.view.page_height = viewport.height()

    def _return_to(self, model: ShelfModel | None) -> None:
        """Put the keyboard back on a model whose row may have moved."""
        row = self.list.row_of(model.path) if model is not None else None
        if row is not None and row != self.view.currentIndex().row():
            self.view.select(row)

    def _reveal(self, row: QRect) -> None:
        content = self._scroll.widget()
        if content is not None and self.view.hasFocus():
            top = self.view.mapTo(content, row.topLeft())
            self._scroll.ensureVisible(top.x(), top.y() + row.height() // 2, 0, row.height())

    # What a person does

    def _on_search(self) -> None:
        current = self.list.item(self.view.currentIndex())
        self.list.arrange(self.search.text(), Order(self.order.currentData()))
        self._return_to(current)
        self._show_standing()

    def _on_typed(self, text: str) -> None:
        if self.search.isVisible():
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._scroll.ensureWidgetVisible(self.search)
            self.search.insert(text)

    def _on_rename(self, model: ShelfModel) -> None:
        row = self.list.row_of(model.path)
        if row is not None:
            self.view.setFocus()
            self.view.select(row)
            self.view.rename_current()

    def _on_free(self) -> None:
        self.freeing.setVisible(self.freeing.isHidden())
        if self.freeing.isVisible():
            self.freeing.show_waiting()
            self.asked.emit(_measure)


def _look(services: Services) -> None:
    services.shelf.folders()
    services.shelf.scan()
    services.shelf.what_to_free()


def _scan(services: Services) -> None:
    services.shelf.scan()


def _measure(services: Services) -> None:
    services.shelf.what_to_free()
