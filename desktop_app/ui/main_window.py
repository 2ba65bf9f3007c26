"""The window: three columns, the pages, and the road from what a person does to the services and back."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QByteArray, QLocale, Qt, QUrl
from PySide6.QtGui import (
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QApplication, QMainWindow, QMessageBox, QSplitter

from desktop_app.core.errors import KnownError, Problem
from desktop_app.core.model import LoadOptions, ShelfModel
from desktop_app.core.sampling import SamplingSettings
from desktop_app.services import events
from desktop_app.services.host import ServiceHost, Services
from desktop_app.system.paths import AppPaths, resources_dir
from desktop_app.system.settings import Settings, Value
from desktop_app.ui.bridge import Bridge
from desktop_app.ui.chat_page import ChatPage
from desktop_app.ui.inspector import Inspector
from desktop_app.ui.listener import Listener
from desktop_app.ui.notices import Notice, NoticeBar
from desktop_app.ui.pages import MODELS, SETTINGS, TRASH, Pages
from desktop_app.ui.shortcuts import SHORTCUTS, ShortcutsDialog
from desktop_app.ui.sidebar import Sidebar
from desktop_app.ui.style import style_sheet
from desktop_app.ui.theme import Theme, ThemeManager, qt_palette

ZOOM_STEP = 10
# Below these widths a side column would leave the conversation less than a readable measure.
INSPECTOR_FROM = 1000
SIDEBAR_FROM = 640


class MainWindow(QMainWindow):
    """The window of one profile."""

    def __init__(
        self, host: ServiceHost, bridge: Bridge, settings: Settings, paths: AppPaths, themes: ThemeManager
    ) -> None:
        super().__init__()
        self._host = host
        self._settings = settings
        self._paths = paths
        self._themes = themes
        self._undo: Callable[[], None] | None = None
        self._creating = False
        self._wanted: int | None = None
        self._widths = {key: settings.number(key) for key in ("sidebar_width", "inspector_width")}
        self.setWindowTitle("Causerie")
        self.setAcceptDrops(True)
        self.setMinimumSize(420, 380)
        self._listener = Listener(self)
        self._build()
        self._restore()
        themes.changed.connect(self._apply_theme)
        settings.listen(self._on_setting)
        bridge.published.connect(self._listener.hear)
        self.new_conversation()

    def _build(self) -> None:
        """Make all that is in the window."""
        themes, settings = self._themes, self._settings
        self.sidebar = Sidebar(themes)
        self.chat = ChatPage(themes)
        self.inspector = Inspector(themes)
        self.pages = Pages(themes, self.chat, settings, self._paths, self.show_problem)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        for widget in (self.sidebar, self.pages, self.inspector):
            self._splitter.addWidget(widget)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes([self._widths["sidebar_width"], 720, self._widths["inspector_width"]])
        self.setCentralWidget(self._splitter)
        self.notices = NoticeBar(themes, self.pages, self._foot)
        self._connect()
        self._bind_shortcuts()
        self.chat.composer.set_send_key(str(settings["send_key"]))
        self.chat.transcript.set_code_wrap(bool(settings["code_wrap"]))
        self._apply_theme(themes.theme)

    def retranslate(self) -> None:
        """Make all that is in the window anew, in the language now in force; what was begun goes on."""
        page, notice, query = self.pages.current, self.notices.notice, self.sidebar.query
        listed = self.sidebar.list.count
        self._note_widths()
        self._splitter.hide()  # what has just been written is saved by this
        self.inspector.flush()
        begun = self.chat.hand_over()
        system_prompt, sampling = self.inspector.system_prompt, self.inspector.sampling
        self.setLocale(QLocale())
        self._build()  # the old central widget goes with its shortcuts
        self.chat.take_over(begun)
        self.inspector.show_conversation(system_prompt, sampling)
        self._listener.tell_again()
        wanted = self._wanted
        if wanted is None:
            self.chat.show_new()
        else:
            self.do(lambda services: services.chat.open(wanted))
        if listed:  # otherwise the first list is still to come
            self.do(lambda services: services.history.list_conversations(listed))
        self.sidebar.search(query)
        self.show_page(page)
        self.pages.focus_setting("language")
        if notice is not None:
            self.notices.show_notice(notice)

    # For the listener

    def expects(self, shown: events.BranchShown) -> bool:
        """Whether a branch is what this window wants to show now; if so, its conversation becomes the current one."""
        conversation_id = shown.conversation.id
        if shown.reason == "opened":
            expected = self._wanted == conversation_id
        elif shown.reason == "created":
            expected = self._creating
        else:
            expected = self.is_current(conversation_id)
        if expected:
            self._creating = False
            self._wanted = conversation_id
        return expected

    def is_current(self, conversation_id: int) -> bool:
        """Whether a conversation is the one on view."""
        return self.chat.conversation is not None and self.chat.conversation.id == conversation_id

    def show_title(self) -> None:
        """Name the window after the conversation on view."""
        conversation = self.chat.conversation
        self.setWindowTitle(f"{conversation.title} — Causerie" if conversation else "Causerie")

    def show_model(self, state: events.ModelChanged) -> None:
        """Show the model's state wherever it is shown."""
        self.chat.show_model(state)
        self.pages.show_model(state)
        if state.state is not events.ModelState.READY:
            self.inspector.clear_count()

    def show_models(self, models: tuple[ShelfModel, ...]) -> None:
        """Show the models on this computer wherever they are listed."""
        self.sidebar.show_model_count(len(models))
        self.chat.header.show_models(models)
        self.pages.show_models(models)

    def _foot(self) -> int:
        """Return how much at the foot of the centre notices leave free: the composer's height."""
        return self.chat.composer_height if self.pages.on_chat else 0

    def offer_undo(self, text: str, undo: Callable[[], None]) -> None:
        """Tell of a deletion and offer to take it back."""
        self._undo = undo
        self.notices.show_notice(Notice(text, self.tr("Undo"), self._undo_delete))

    def refresh_trash(self) -> None:
        """Have the trash listed anew, if it has been opened."""
        if self.pages.has_trash:
            self.do(lambda services: services.history.list_trash())

    def restore_conversation(self, conversation_id: int) -> None:
        """Bring a conversation back from the trash."""
        self.do(lambda services: services.history.restore(conversation_id))

    def do(self, action: Callable[[Services], object]) -> None:
        """Have something done by the services."""
        self._host.do(action)

    # What a person does

    def new_conversation(self) -> None:
        """Show the beginning of a new conversation, the cursor in the composer."""
        self.inspector.flush()
        self._wanted = None
        self._creating = False
        self.show_page("")
        self.chat.show_new()
        self.sidebar.select(None)
        self.inspector.show_conversation(str(self._settings["system_prompt"]), SamplingSettings())
        self.inspector.show_statistics(None)
        self.show_title()
        self.chat.composer.input.setFocus()

    def open_conversation(self, conversation_id: int, message_id: int = 0) -> None:
        """Show a conversation, at a message if one is given."""
        self.inspector.flush()
        self.show_page("")
        if self.is_current(conversation_id) and not message_id:
            return
        self._wanted = conversation_id
        self._creating = False
        self.do(lambda services: services.chat.open(conversation_id, message_id or None))
        self.chat.composer.input.setFocus()

    def send(self, text: str) -> None:
        """Send a message in the conversation on view."""
        self.inspector.flush()
        conversation = self.chat.conversation
        if conversation is not None:
            self.do(lambda services: services.chat.send(conversation.id, text))
            return
        self._creating = True
        system_prompt, sampling = self.inspector.system_prompt, self.inspector.sampling
        self.do(lambda services: services.chat.send(None, text, system_prompt, sampling))

    def stop(self) -> None:
        """Stop the reply that is being written; without one, go back to the composer."""
        conversation = self.chat.conversation
        if not self.pages.on_chat:
            self.show_page("")
        elif conversation is not None and self.chat.streaming:
            self.do(lambda services: services.chat.stop(conversation.id))
        else:
            self.chat.composer.input.setFocus()

    def show_page(self, name: str) -> None:
        """Show a page by name; an empty name shows the conversation."""
        self._note_widths()
        self.sidebar.mark_page(name)
        self.inspector.setVisible(not name and self._inspector_fits())
        self.pages.show_page(name)
        self.notices.raise_()
        if name == TRASH:
            self.refresh_trash()
        if name == MODELS:
            self.do(lambda services: services.models.list_models())

    def load_model(self, model: ShelfModel) -> None:
        """Load a model, and load it again at the next start."""
        self.set_setting("model", "" if model.starter else model.path)
        options = self.load_options()
        self.do(lambda services: services.models.load(model, options))

    def load_file(self, path: str) -> None:
        """Load a model by its path."""
        options = self.load_options()
        self.set_setting("model", path)
        self.do(lambda services: services.models.load_path(path, options))

    def load_options(self) -> LoadOptions:
        """Return how the settings want models to be loaded."""
        return LoadOptions(
            context_limit=int(self._settings["context_limit"]),
            threads=int(self._settings["threads"]),
            gpu_layers=int(self._settings["gpu_layers"]),
        )

    def load_first_model(self, file: str) -> None:
        """Load what the start asks for: a file, else the model of the settings, else the starter model."""
        wanted = file or str(self._settings["model"])
        options = self.load_options()
        self.do(lambda services: services.models.load_default(wanted, options))

    def show_bug(self, report: str) -> None:
        """Tell of an error of ours; its report can be copied."""

        def copy() -> None:
            QApplication.clipboard().setText(report)

        text = self.tr(
            "Something went wrong inside Causerie. What you wrote is kept, and a report is on this computer."
        )
        self.notices.show_notice(Notice(text, self.tr("Copy the report"), copy, stays=True))

    def show_problem(self, problem: Problem) -> None:
        """Tell of a known error."""
        self.notices.show_notice(Notice(str(problem), stays=True))

    def come_to_front(self, file: str = "") -> None:
        """Show the window above the others, and load a file if one is given."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        if file:
            self.load_file(file)

    # Qt

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the window and let go."""
        self.inspector.flush()
        self._note_widths()
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        values: dict[str, Value] = {"window_geometry": geometry, **self._widths}
        with suppress(KnownError):  # a window's place is not worth keeping anyone from closing it
            self._settings.update(values)
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold a side column away when the conversation gets too narrow, and bring it back."""
        super().resizeEvent(event)
        self._fit_columns()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept a GGUF file."""
        if _dropped_model(event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Load the GGUF file that was dropped."""
        path = _dropped_model(event.mimeData().urls())
        if path:
            event.acceptProposedAction()
            self.load_file(path)

    # Inside

    def _connect(self) -> None:
        sidebar, chat = self.sidebar, self.chat
        sidebar.new_requested.connect(self.new_conversation)
        sidebar.open_requested.connect(self.open_conversation)
        sidebar.delete_requested.connect(self.delete_conversation)
        sidebar.renamed.connect(lambda one, title: self.do(lambda services: services.history.rename(one, title)))
        sidebar.pin_requested.connect(lambda one, pinned: self.do(lambda services: services.history.pin(one, pinned)))
        sidebar.search_changed.connect(lambda text: self.do(lambda services: services.history.search(text)))
        sidebar.more_requested.connect(lambda n: self.do(lambda services: services.history.list_conversations(n)))
        sidebar.page_requested.connect(self._on_page_requested)
        chat.send_requested.connect(self.send)
        chat.stop_requested.connect(self.stop)
        chat.edit_requested.connect(lambda one, text: self.do(lambda services: services.chat.edit(one, text)))
        chat.regenerate_requested.connect(self._regenerate)
        chat.continue_requested.connect(lambda one: self.do(lambda services: services.chat.continue_reply(one)))
        chat.delete_requested.connect(lambda one: self.do(lambda services: services.chat.trash_branch(one)))
        chat.sibling_requested.connect(
            lambda one, step: self.do(lambda services: services.chat.select_sibling(one, step))
        )
        chat.link_activated.connect(self._open_link)
        chat.reload_requested.connect(self._reload)
        chat.undo_requested.connect(self._undo_delete)
        chat.count_wanted.connect(self._count)
        chat.empty.models_requested.connect(lambda: self.show_page(MODELS))
        chat.header.load_requested.connect(self.load_model)
        chat.header.reload_requested.connect(self._reload)
        chat.header.cancel_load_requested.connect(lambda: self.do(lambda services: services.models.cancel_load()))
        chat.header.models_requested.connect(lambda: self.show_page(MODELS))
        chat.header.models_wanted.connect(lambda: self.do(lambda services: services.models.list_models()))
        chat.header.sidebar_toggled.connect(lambda: self._toggle("sidebar_visible"))
        chat.header.inspector_toggled.connect(lambda: self._toggle("inspector_visible"))
        pages = self.pages
        pages.load_requested.connect(self.load_model)
        pages.file_chosen.connect(self.load_file)
        pages.restore_requested.connect(self.restore_conversation)
        pages.branch_restore_requested.connect(lambda one: self.do(lambda services: services.chat.restore_branch(one)))
        pages.empty_requested.connect(lambda: self.do(lambda services: services.history.empty_trash()))
        pages.closed.connect(lambda: self.show_page(""))
        self.inspector.system_prompt_changed.connect(self._on_system_prompt)
        self.inspector.sampling_changed.connect(self._on_sampling)

    def _bind_shortcuts(self) -> None:
        actions: dict[str, Callable[[], object]] = {
            "new": self.new_conversation,
            "search": self._focus_search,
            "composer": self._focus_composer,
            "stop": self.stop,
            "regenerate": self.chat.regenerate_last,
            "continue": self.chat.continue_last,
            "previous": lambda: self.chat.step_sibling(-1),
            "next": lambda: self.chat.step_sibling(1),
            "copy_reply": self._copy_last,
            "rename": self.sidebar.rename_current,
            "delete": self._delete_current,
            "undo_delete": self._undo_delete,
            "sidebar": lambda: self._toggle("sidebar_visible"),
            "inspector": lambda: self._toggle("inspector_visible"),
            "models": lambda: self.show_page(MODELS),
            "settings": lambda: self.show_page(SETTINGS),
            "larger": lambda: self._zoom(ZOOM_STEP),
            "smaller": lambda: self._zoom(-ZOOM_STEP),
            "usual_size": lambda: self.set_setting("zoom", 100),
            "reload": self._reload,
            "help": lambda: ShortcutsDialog(self).exec(),
            "quit": self.close,
        }
        for shortcut in SHORTCUTS:
            for keys in shortcut.keys:
                QShortcut(QKeySequence(keys), self._splitter, actions[shortcut.name])

    def _restore(self) -> None:
        geometry = str(self._settings["window_geometry"])
        if not geometry or not self.restoreGeometry(QByteArray.fromBase64(geometry.encode())):
            self.resize(1280, 800)

    def _apply_theme(self, theme: Theme) -> None:
        QApplication.setPalette(qt_palette(theme.palette))
        QApplication.setFont(theme.text_font(14))
        self.setStyleSheet(style_sheet(theme, resources_dir() / "icons"))
        self.sidebar.setMinimumWidth(theme.px(200))
        self.sidebar.setMaximumWidth(theme.px(420))
        self.inspector.setMinimumWidth(theme.px(264))
        self.inspector.setMaximumWidth(theme.px(440))
        self._fit_columns()

    def _note_widths(self) -> None:
        """Remember how wide the side columns are that are on view."""
        widths = self._splitter.sizes()
        if self.sidebar.isVisible():
            self._widths["sidebar_width"] = max(160, min(800, widths[0]))
        if self.inspector.isVisible():
            self._widths["inspector_width"] = max(200, min(800, widths[2]))

    def _inspector_fits(self) -> bool:
        wide = self.width() >= self._themes.theme.px(INSPECTOR_FROM)
        return bool(self._settings["inspector_visible"]) and wide

    def _fit_columns(self) -> None:
        on_chat = self.pages.on_chat
        self.inspector.setVisible(on_chat and self._inspector_fits())
        wide = self.width() >= self._themes.theme.px(SIDEBAR_FROM)
        self.sidebar.setVisible(bool(self._settings["sidebar_visible"]) and wide)
        self.chat.header.sidebar_button.setVisible(not self.sidebar.isVisibleTo(self))

    def _toggle(self, key: str) -> None:
        """Show or hide a side column; one that the width hides is shown by making room for it."""
        widget = self.sidebar if key == "sidebar_visible" else self.inspector
        needed = self._themes.theme.px(SIDEBAR_FROM if key == "sidebar_visible" else INSPECTOR_FROM)
        if bool(self._settings[key]) and not widget.isVisible() and self.width() < needed:
            self.resize(needed, self.height())
            return
        self.set_setting(key, not bool(self._settings[key]))

    def set_setting(self, key: str, value: Value) -> None:
        """Change a setting, and say so if it could not be saved."""
        try:
            self._settings.set(key, value)
        except KnownError as error:
            self.show_problem(error.problem)

    def _zoom(self, step: int) -> None:
        self.set_setting("zoom", max(80, min(200, int(self._settings["zoom"]) + step)))

    def _on_setting(self, key: str, value: Value) -> None:
        if key == "theme":
            self._themes.set_scheme(str(value))
        elif key == "zoom":
            self._themes.set_zoom(int(value) / 100)
        elif key == "send_key":
            self.chat.composer.set_send_key(str(value))
        elif key in ("sidebar_visible", "inspector_visible"):
            self._fit_columns()
        elif key == "code_wrap":
            self.chat.transcript.set_code_wrap(bool(value))
        elif key in ("context_limit", "threads", "gpu_layers"):
            text = self.tr("This takes effect when the model is loaded again.")
            self.notices.show_notice(Notice(text, self.tr("Load it now"), self._reload_with_settings))
        elif key == "system_prompt" and self.chat.conversation is None:
            self.inspector.show_conversation(str(value), self.inspector.sampling)

    def _on_page_requested(self, name: str) -> None:
        self.show_page("" if self.pages.is_on(name) else name)

    def _on_system_prompt(self, text: str) -> None:
        conversation = self.chat.conversation
        if conversation is not None:
            self.do(lambda services: services.chat.set_system_prompt(conversation.id, text))
        self._count()

    def _on_sampling(self, sampling: SamplingSettings) -> None:
        conversation = self.chat.conversation
        if conversation is not None:
            self.do(lambda services: services.chat.set_sampling(conversation.id, sampling))

    def _count(self) -> None:
        conversation = self.chat.conversation
        current = conversation.id if conversation else None
        prompt, draft = self.inspector.system_prompt, self.chat.composer.text
        self.do(lambda services: services.chat.count_tokens(current, prompt, draft))

    def _regenerate(self, message_id: int) -> None:
        self.inspector.flush()
        self.do(lambda services: services.chat.regenerate(message_id))

    def _reload(self) -> None:
        self.do(lambda services: services.models.reload())

    def _reload_with_settings(self) -> None:
        options = self.load_options()
        self.do(lambda services: services.models.reload(options))

    def delete_conversation(self, conversation_id: int) -> None:
        """Put a conversation into the trash."""
        self.do(lambda services: services.history.trash(conversation_id))

    def _delete_current(self) -> None:
        if self.chat.conversation is not None:
            self.delete_conversation(self.chat.conversation.id)

    def _undo_delete(self) -> None:
        undo, self._undo = self._undo, None
        if undo is not None:
            self.notices.hide()
            undo()

    def _copy_last(self) -> None:
        if self.chat.copy_last():
            self.notices.show_notice(Notice(self.tr("The last reply is on the clipboard.")))

    def _focus_search(self) -> None:
        if not self.sidebar.isVisible():
            self._toggle("sidebar_visible")
        self.sidebar.focus_search()

    def _focus_composer(self) -> None:
        self.show_page("")
        self.chat.composer.input.setFocus()

    def _open_link(self, address: str) -> None:
        box = QMessageBox(self)
        box.setWindowTitle(self.tr("Open a link"))
        box.setText(self.tr("Open this address in your browser?"))
        box.setInformativeText(address)
        box.setTextFormat(Qt.TextFormat.PlainText)
        open_button = box.addButton(self.tr("Open"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.exec()
        if box.clickedButton() is open_button:
            QDesktopServices.openUrl(QUrl(address))


def _dropped_model(urls: list[QUrl]) -> str:
    for url in urls:
        if url.isLocalFile() and Path(url.toLocalFile()).suffix.lower() == ".gguf":
            return url.toLocalFile()
    return ""
