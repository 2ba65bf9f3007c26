"""The window: three columns, the pages, and the road from what a person does to the services and back."""

from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QByteArray, QLocale, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from desktop_app.core.errors import KnownError, Problem
from desktop_app.core.sampling import SamplingSettings
from desktop_app.services import events
from desktop_app.services.host import ServiceHost, Services
from desktop_app.system.paths import AppPaths, resources_dir
from desktop_app.system.settings import Settings, Value
from desktop_app.ui.chat_page import ChatPage
from desktop_app.ui.columns import Columns
from desktop_app.ui.inspector import Inspector
from desktop_app.ui.lists.shelf_rows import can_chat
from desktop_app.ui.loading import Loading
from desktop_app.ui.network import Network
from desktop_app.ui.notices import Notice, NoticeBar
from desktop_app.ui.pages import TRASH, Pages
from desktop_app.ui.sidebar import Sidebar
from desktop_app.ui.style import style_sheet
from desktop_app.ui.theme import Theme, ThemeManager, qt_palette

ZOOM_STEP = 10


class MainWindow(QMainWindow):
    """The window of one profile, without its wires: ``window.make_window`` makes a whole one.

    Attributes:
        loading: what is done about the model in use.
        network: what is done about the network.

    Signals:
        rebuilt: everything in the window was made anew, in another language.
    """

    rebuilt = Signal()

    def __init__(self, host: ServiceHost, settings: Settings, paths: AppPaths, themes: ThemeManager) -> None:
        super().__init__()
        self._host = host
        self._settings = settings
        self._paths = paths
        self._themes = themes
        self._undo: Callable[[], None] | None = None
        self._creating = False
        self._wanted: int | None = None
        self._default_prompt = ""
        self.loading = Loading(settings, paths, self.do, self.set_setting, lambda one: self.notices.show_notice(one))
        self.network = Network(self, themes, settings, paths, self.do)
        self.setWindowTitle("Causerie")
        self.setMinimumSize(420, 380)
        self._build()
        self._restore()
        themes.changed.connect(self._apply_theme)
        settings.listen(self._on_setting)
        self.new_conversation()

    def _build(self, widths: dict[str, Value] | None = None) -> None:
        """Make all that is in the window, the columns as wide as earlier ones were."""
        themes, settings = self._themes, self._settings
        self.sidebar = Sidebar(themes)
        self.chat = ChatPage(themes)
        self.inspector = Inspector(themes)
        self.pages = Pages(themes, self.chat, settings, self._paths, self.show_problem)
        self.columns = Columns(themes, settings, self.sidebar, self.pages, self.inspector, widths)
        self.columns.sidebar_shown.connect(lambda shown: self.chat.header.sidebar_button.setVisible(not shown))
        self.columns.fit()
        self.setCentralWidget(self.columns)
        # Notices leave the composer free.
        self.notices = NoticeBar(themes, self.pages, lambda: self.chat.composer_height if self.pages.on_chat else 0)
        self.chat.set_send_key(str(settings["send_key"]))
        self.chat.transcript.set_code_wrap(bool(settings["code_wrap"]))
        self._apply_theme(themes.theme)

    def retranslate(self) -> None:
        """Make all that is in the window anew, in the language now in force; what was begun goes on."""
        page, section = self.pages.current, self.pages.section
        notice, query = self.notices.notice, self.sidebar.query
        listed = self.sidebar.list.count
        self.columns.hide()  # what has just been written is saved by this
        self.inspector.flush()
        begun = self.chat.hand_over()
        system_prompt, sampling = self.inspector.system_prompt, self.inspector.sampling
        self.setLocale(QLocale())
        self._build(self.columns.widths)  # the old central widget goes with its shortcuts
        self.chat.take_over(begun)
        self.inspector.show_conversation(system_prompt, sampling)
        self.rebuilt.emit()
        wanted = self._wanted
        if wanted is None:
            self.chat.show_new()
        else:
            self.do(lambda services: services.chat.open(wanted))
        if listed:  # otherwise the first list is still to come
            self.do(lambda services: services.history.list_conversations(listed))
        self.sidebar.search(query)
        self.show_page(page, section)
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
        self.pages.hear(state)
        self.loading.hear_model(state)
        if state.state is not events.ModelState.READY:
            self.inspector.clear_count()
        if state.problem is not None and not self.pages.on_chat:
            self.show_problem(state.problem)

    def show_models(self, listed: events.ModelsListed) -> None:
        """Show the models on this computer wherever they are listed."""
        self.sidebar.show_model_count(len(listed.models))
        self.chat.header.show_models(tuple(model for model in listed.models if can_chat(model)))
        self.loading.hear_models(listed)
        self.pages.hear(listed)

    def show_default_prompt(self) -> None:
        """Show what a new conversation begins with, unless one is on view or it was changed already."""
        if self.chat.conversation is None and self.inspector.system_prompt == self._default_prompt:
            self._default_prompt = self.loading.system_prompt
            self.inspector.show_conversation(self._default_prompt, self.inspector.sampling)

    def offer_undo(self, text: str, undo: Callable[[], None]) -> None:
        """Tell of a deletion and offer to take it back."""
        self._undo = undo
        self.notices.show_notice(Notice(text, self.tr("Undo"), self.undo_delete))

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
        self._default_prompt = self.loading.system_prompt
        self.inspector.show_conversation(self._default_prompt, SamplingSettings())
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
            self.focus_composer()
        elif conversation is not None and self.chat.streaming:
            self.chat.composer.set_state(self.tr("Stopping…"))
            self.do(lambda services: services.chat.stop(conversation.id))
        else:
            self.chat.composer.input.setFocus()

    def show_page(self, name: str, section: str = "") -> None:
        """Show a page by name, and a section of the models page; an empty name shows the conversation."""
        self.sidebar.mark_page(name)
        self.pages.show_page(name, section)
        self.notices.raise_()
        if name == TRASH:
            self.refresh_trash()

    def load_file(self, path: str) -> None:
        """Load a model by its path."""
        self.loading.load_file(path)

    def load_first_model(self, file: str) -> None:
        """Load what the start asks for: a file, else the model of the settings, else the starter model."""
        self.loading.load_first(file)

    def chat_with(self, path: str) -> None:
        """Load a model by its path, and go to the conversation."""
        self.load_file(path)
        self.focus_composer()

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
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        values: dict[str, Value] = {"window_geometry": geometry, **self.columns.widths}
        with suppress(KnownError):  # a window's place is not worth keeping anyone from closing it
            self._settings.update(values)
        super().closeEvent(event)

    # Inside

    def _restore(self) -> None:
        geometry = str(self._settings["window_geometry"])
        if not geometry or not self.restoreGeometry(QByteArray.fromBase64(geometry.encode())):
            self.resize(1280, 800)

    def _apply_theme(self, theme: Theme) -> None:
        QApplication.setPalette(qt_palette(theme.palette))
        QApplication.setFont(theme.text_font(14))
        self.setStyleSheet(style_sheet(theme, resources_dir() / "icons"))
        self.columns.apply_theme(theme)

    def toggle(self, key: str) -> None:
        """Show or hide a side column; one without room gets what the screen has, and is shown in any case."""
        if self.columns.dismiss(key):
            return
        shown = self.columns.shows(key)
        self.set_setting(key, not shown)
        if not shown:
            self.columns.ask_for(key)

    def set_setting(self, key: str, value: Value) -> None:
        """Change a setting, and say so if it could not be saved."""
        try:
            self._settings.set(key, value)
        except KnownError as error:
            self.show_problem(error.problem)

    def zoom(self, step: int) -> None:
        """Make everything larger or smaller by a step in percent."""
        self.set_setting("zoom", max(80, min(200, self._settings.number("zoom") + step)))

    def _on_setting(self, key: str, value: Value) -> None:
        if key == "theme":
            self._themes.set_scheme(str(value))
        elif key == "zoom":
            self._themes.set_zoom(int(value) / 100)
        elif key == "send_key":
            self.chat.set_send_key(str(value))
        elif key in ("sidebar_visible", "inspector_visible"):
            self.columns.fit()
        elif key == "code_wrap":
            self.chat.transcript.set_code_wrap(bool(value))
        elif key in ("context_limit", "threads", "gpu_layers"):
            self.loading.offer_reload()
        elif key == "system_prompt":
            self.show_default_prompt()
        elif key == "download_limit":
            self.pages.show_limit(int(value))

    def toggle_page(self, name: str) -> None:
        """Show a page, or the conversation if that page is on view."""
        self.show_page("" if self.pages.is_on(name) else name)

    def set_system_prompt(self, text: str) -> None:
        """Change the system prompt of the conversation on view."""
        conversation = self.chat.conversation
        if conversation is not None:
            self.do(lambda services: services.chat.set_system_prompt(conversation.id, text))
        self.count_tokens()

    def set_sampling(self, sampling: SamplingSettings) -> None:
        """Change the sampling of the conversation on view."""
        conversation = self.chat.conversation
        if conversation is not None:
            self.do(lambda services: services.chat.set_sampling(conversation.id, sampling))

    def count_tokens(self) -> None:
        """Have the tokens of the conversation and the draft counted."""
        conversation = self.chat.conversation
        current = conversation.id if conversation else None
        prompt, draft = self.inspector.system_prompt, self.chat.composer.text
        self.do(lambda services: services.chat.count_tokens(current, prompt, draft))

    def edit(self, message_id: int, text: str) -> None:
        """Say a message differently."""
        self.inspector.flush()
        self.do(lambda services: services.chat.edit(message_id, text))

    def continue_reply(self, message_id: int) -> None:
        """Have a cut reply continued."""
        self.inspector.flush()
        self.do(lambda services: services.chat.continue_reply(message_id))

    def regenerate(self, message_id: int) -> None:
        """Have a message answered once more."""
        self.inspector.flush()
        self.do(lambda services: services.chat.regenerate(message_id))

    def delete_conversation(self, conversation_id: int) -> None:
        """Put a conversation into the trash."""
        self.do(lambda services: services.history.trash(conversation_id))

    def delete_current(self) -> None:
        """Put the conversation on view into the trash."""
        if self.chat.conversation is not None:
            self.delete_conversation(self.chat.conversation.id)

    def undo_delete(self) -> None:
        """Take back the last deletion."""
        undo, self._undo = self._undo, None
        if undo is not None:
            self.notices.hide()
            undo()

    def copy_last(self) -> None:
        """Copy the last reply."""
        if self.chat.copy_last():
            self.notices.show_notice(Notice(self.tr("The last reply is on the clipboard.")))

    def focus_search(self) -> None:
        """Put the cursor into the search box."""
        if not self.sidebar.isVisible():
            self.toggle("sidebar_visible")
        self.sidebar.focus_search()

    def focus_composer(self) -> None:
        """Put the cursor into the composer."""
        self.show_page("")
        self.chat.composer.input.setFocus()
