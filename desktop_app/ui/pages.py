"""The centre of the window: the conversation, and the pages that take its place, made when first opened."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_app.core.errors import Problem
from desktop_app.services.events import Event, TrashListed
from desktop_app.system.paths import AppPaths
from desktop_app.system.settings import Settings
from desktop_app.ui.theme import ThemeManager

if TYPE_CHECKING:  # a page costs milliseconds at the start although most starts never open one
    from desktop_app.ui.models.frame import ModelsPage
    from desktop_app.ui.settings_page import SettingsPage
    from desktop_app.ui.trash_page import TrashPage

MODELS, TRASH, SETTINGS = "models", "trash", "settings"


class Pages(QStackedWidget):
    """Shows one page at a time.

    Signals:
        asked(callable): something for the services to do, called with ``Services``;
        load_requested(ShelfModel), cancel_load_requested, file_chosen(path);
        chat_requested(path): load it and go to the conversation;
        limit_changed(int): the downloads' speed limit in MB/s; online_requested: connections are to be allowed;
        connections_requested, token_requested: the windows about the network are to be shown;
        restore_requested(conversation id), branch_restore_requested(message id), empty_requested;
        closed: the person wants the conversation back.
    """

    asked = Signal(object)
    load_requested = Signal(object)
    cancel_load_requested = Signal()
    file_chosen = Signal(str)
    chat_requested = Signal(str)
    limit_changed = Signal(int)
    online_requested = Signal()
    connections_requested = Signal()
    token_requested = Signal()
    restore_requested = Signal(int)
    branch_restore_requested = Signal(int)
    empty_requested = Signal()
    closed = Signal()

    def __init__(
        self,
        themes: ThemeManager,
        chat: QWidget,
        settings: Settings,
        paths: AppPaths,
        failed: Callable[[Problem], None],
    ) -> None:
        """Make the centre.

        Args:
            themes: colours and sizes.
            chat: the conversation.
            settings: for the page of settings.
            paths: shown on the pages.
            failed: hears why a setting could not be saved.
        """
        super().__init__()
        self._themes = themes
        self._chat = chat
        self._settings = settings
        self._paths = paths
        self._failed = failed
        self._models: ModelsPage | None = None
        self._trash: TrashPage | None = None
        self._settings_page: SettingsPage | None = None
        self._lasting: dict[type[Event], Event] = {}
        self.addWidget(chat)

    @property
    def on_chat(self) -> bool:
        """Whether the conversation is on view."""
        return self.currentWidget() is self._chat

    @property
    def has_trash(self) -> bool:
        """Whether the trash has been opened."""
        return self._trash is not None

    def show_page(self, name: str, section: str = "") -> None:
        """Show a page by name; an empty name shows the conversation.

        Args:
            name: of the page.
            section: of the models page; an empty one is the one that was on view last.
        """
        page = self._chat if not name else self._page(name)
        self.setCurrentWidget(page)
        if name:
            page.setFocus()
        if name == MODELS and self._models is not None:
            self._models.show_section(section)

    @property
    def section(self) -> str:
        """The name of the section of the models page on view, or that was last."""
        return self._models.current if self._models is not None else ""

    def is_on(self, name: str) -> bool:
        """Whether a page is on view."""
        return self.current == name

    @property
    def current(self) -> str:
        """The name of the page on view."""
        pages = {MODELS: self._models, TRASH: self._trash, SETTINGS: self._settings_page}
        return next((name for name, page in pages.items() if page is self.currentWidget()), "")

    def focus_setting(self, key: str) -> None:
        """Put the focus on a setting, if the settings are on view."""
        if self._settings_page is not None and self.is_on(SETTINGS):
            self._settings_page.editor(key).setFocus()

    def hear(self, event: Event) -> None:
        """Hand on what the services tell about models; a page that is made later hears the last of each kind."""
        self._lasting[type(event)] = event
        if self._models is not None:
            self._models.hear(event)

    def show_limit(self, megabytes_per_second: int) -> None:
        """Show the downloads' speed limit of the settings."""
        if self._models is not None:
            self._models.show_limit(megabytes_per_second)

    def show_trash(self, listed: TrashListed) -> None:
        """Take over what lies in the trash."""
        if self._trash is not None:
            branches = tuple((message.id, message.content[:120], when) for message, when in listed.branches)
            self._trash.show_trash(listed.conversations, branches)

    def _page(self, name: str) -> QWidget:
        if name == MODELS:
            return self._models or self._made_models()
        if name == TRASH:
            return self._trash or self._made_trash()
        return self._settings_page or self._made_settings()

    def _made_models(self) -> QWidget:
        from desktop_app.ui.models.frame import ModelsPage

        page = self._models = ModelsPage(self._themes)
        page.asked.connect(self.asked)
        page.load_requested.connect(self.load_requested)
        page.cancel_load_requested.connect(self.cancel_load_requested)
        page.file_chosen.connect(self.file_chosen)
        page.chat_requested.connect(self.chat_requested)
        page.limit_changed.connect(self.limit_changed)
        page.online_requested.connect(self.online_requested)
        page.connections_requested.connect(self.connections_requested)
        page.token_requested.connect(self.token_requested)
        page.closed.connect(self.closed)
        page.show_limit(self._settings.number("download_limit"))
        for event in tuple(self._lasting.values()):
            page.hear(event)
        self.addWidget(page)
        return page

    def _made_trash(self) -> QWidget:
        from desktop_app.ui.trash_page import TrashPage

        page = self._trash = TrashPage(self._themes)
        page.restore_requested.connect(self.restore_requested)
        page.branch_restore_requested.connect(self.branch_restore_requested)
        page.empty_requested.connect(self.empty_requested)
        page.closed.connect(self.closed)
        self.addWidget(page)
        return page

    def _made_settings(self) -> QWidget:
        from desktop_app.ui.settings_page import SettingsPage

        places = (
            (self.tr("Conversations"), str(self._paths.database)),
            (self.tr("Models"), self._settings.text("models_folder") or str(self._paths.models_dir)),
            (self.tr("Logs"), str(self._paths.log_dir)),
        )
        page = self._settings_page = SettingsPage(self._themes, self._settings, self._failed, places)
        page.token_requested.connect(self.token_requested)
        page.connections_requested.connect(self.connections_requested)
        page.closed.connect(self.closed)
        self.addWidget(page)
        return page
