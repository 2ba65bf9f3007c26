"""What the window does when the services speak: each event is shown where it belongs."""

from collections.abc import Callable
from functools import partial
from pathlib import PurePath
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QApplication

from desktop_app.core.care import UpdateState
from desktop_app.services import download_events, events, hub_events, shelf_events
from desktop_app.ui.bridge import Bridge
from desktop_app.ui.figures import grouped
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.models import DOWNLOADS
from desktop_app.ui.notices import Notice, download_failed, download_finished
from desktop_app.ui.pages import MODELS

# What goes on being so after it has been told.
_LASTING = (
    events.ComputerDescribed,
    events.ModelChanged,
    events.ModelsListed,
    events.StorageUnavailable,
    download_events.DownloadsListed,
    hub_events.BandwidthMeasured,
    hub_events.OnlineChanged,
)
# What the windows about the network show.
_OF_NETWORK = (hub_events.ConnectionsListed, hub_events.OnlineChanged, hub_events.TokenKept)
# What is shown on the models page and nowhere else.
_OF_MODELS = (
    download_events.DownloadsListed,
    hub_events.BandwidthMeasured,
    hub_events.CatalogueListed,
    hub_events.HubModelOpened,
    hub_events.HubSearched,
    hub_events.SearchStarted,
    hub_events.TokenKept,
    shelf_events.ModelsVerified,
    shelf_events.RoomMeasured,
    shelf_events.ShelfFoldersListed,
    shelf_events.ShelfWorkProgressed,
)


class Listener(QObject):
    """Hears the services for one window, and lives as long as it does."""

    def __init__(self, window: MainWindow, bridge: Bridge) -> None:
        super().__init__(window)
        self._window = window
        self._lasting: dict[type[events.Event], events.Event] = {}
        self._handlers: dict[type[events.Event], Callable[[Any], None]] = {
            events.ServicesStarted: self._on_services_started,
            events.ComputerDescribed: self._on_computer_described,
            events.StorageUnavailable: self._on_storage_unavailable,
            events.ConversationsListed: self._on_listed,
            events.ConversationChanged: self._on_conversation_changed,
            events.ConversationTrashed: self._on_trashed,
            events.ConversationRestored: self._on_restored,
            events.BranchTrashed: self._on_branch_trashed,
            events.TrashListed: lambda event: window.pages.show_trash(event),
            events.BranchShown: self._on_branch_shown,
            events.MessageAdded: lambda event: window.chat.add_message(event),
            events.PromptProgressed: lambda event: window.chat.show_progress(event),
            events.ReplyGrew: lambda event: window.chat.grow(event),
            events.ReplyEnded: self._on_reply_ended,
            events.ModelChanged: self._on_model_changed,
            events.ModelsListed: self._on_models_listed,
            events.SearchFound: self._on_search_found,
            events.TokensCounted: self._on_tokens_counted,
            events.SendRejected: self._on_send_rejected,
            events.Noticed: self._on_noticed,
            events.BugNoticed: self._on_bug,
            hub_events.OnlineChanged: self._on_online_changed,
            download_events.DownloadFinished: self._on_download_finished,
            download_events.DownloadFailed: self._on_download_failed,
            shelf_events.DefaultsShown: self._on_defaults_shown,
            shelf_events.ModelImported: self._on_model_imported,
            shelf_events.ModelRelocated: self._on_model_relocated,
            shelf_events.ShelfWorkEnded: self._on_shelf_work_ended,
            shelf_events.UpdatesFound: self._on_updates_found,
            **dict.fromkeys(_OF_MODELS, lambda event: window.pages.hear(event)),
        }
        bridge.published.connect(self.hear)
        window.rebuilt.connect(self.tell_again)

    def hear(self, event: events.Event) -> None:
        """Show an event."""
        if isinstance(event, _LASTING):
            self._lasting[type(event)] = event
        if isinstance(event, _OF_NETWORK):
            self._window.network.hear(event)
        handler = self._handlers.get(type(event))
        if handler is not None:
            handler(event)

    def tell_again(self) -> None:
        """Show once more what is told only when it changes, in widgets that have not heard it."""
        for event in tuple(self._lasting.values()):
            self.hear(event)

    def _on_services_started(self, _event: events.ServicesStarted) -> None:
        self._window.do(lambda services: services.history.list_conversations())
        self._window.do(lambda services: services.shelf.scan())
        self._window.network.begin()

    def _on_computer_described(self, event: events.ComputerDescribed) -> None:
        self._window.chat.empty.show_computer(event.hardware.physical_cores, event.hardware.memory_total)
        self._window.pages.hear(event)

    def _on_storage_unavailable(self, event: events.StorageUnavailable) -> None:
        self._window.chat.setEnabled(False)
        self._window.notices.show_notice(Notice(str(event.problem), stays=True))

    def _on_listed(self, event: events.ConversationsListed) -> None:
        self._window.sidebar.show_conversations(event.conversations, event.more)

    def _on_conversation_changed(self, event: events.ConversationChanged) -> None:
        self._window.sidebar.put(event.conversation)
        if self._window.is_current(event.conversation.id):
            self._window.chat.conversation = event.conversation
            self._window.show_title()

    def _on_trashed(self, event: events.ConversationTrashed) -> None:
        conversation = event.conversation
        self._window.sidebar.remove(conversation.id)
        if self._window.is_current(conversation.id):
            self._window.new_conversation()
        text = _tr("“{title}” is in the trash.").replace("{title}", conversation.title)
        self._window.offer_undo(text, lambda: self._window.restore_conversation(conversation.id))

    def _on_restored(self, event: events.ConversationRestored) -> None:
        if self._window.pages.on_chat:
            self._window.open_conversation(event.conversation.id)
        self._window.refresh_trash()

    def _on_branch_trashed(self, event: events.BranchTrashed) -> None:
        text = _tr("The message and what followed it are in the trash.")
        self._window.offer_undo(
            text, lambda: self._window.do(lambda services: services.chat.restore_branch(event.message_id))
        )

    def _on_branch_shown(self, event: events.BranchShown) -> None:
        window = self._window
        if not window.expects(event):
            return
        conversation = event.conversation
        window.chat.show_branch(event)
        window.sidebar.select(conversation.id)
        window.inspector.show_conversation(conversation.system_prompt, conversation.sampling)
        window.inspector.show_statistics(window.chat.last_reply)
        window.show_title()
        window.refresh_trash()

    def _on_reply_ended(self, event: events.ReplyEnded) -> None:
        self._window.chat.end(event)
        if self._window.is_current(event.message.conversation_id):
            self._window.inspector.show_statistics(self._window.chat.last_reply)
        if not self._window.isActiveWindow():
            QApplication.alert(self._window)

    def _on_model_changed(self, event: events.ModelChanged) -> None:
        self._window.show_model(event)

    def _on_models_listed(self, event: events.ModelsListed) -> None:
        self._window.show_models(event)

    def _on_search_found(self, event: events.SearchFound) -> None:
        self._window.sidebar.show_hits(event.query, event.hits)

    def _on_tokens_counted(self, event: events.TokensCounted) -> None:
        conversation = self._window.chat.conversation
        if event.conversation_id == (conversation.id if conversation else None):
            self._window.inspector.show_count(event)
            self._window.chat.show_count(event)

    def _on_send_rejected(self, event: events.SendRejected) -> None:
        self._window.chat.reject(event.text)
        self._window.show_problem(event.problem)

    def _on_noticed(self, event: events.Noticed) -> None:
        self._window.show_problem(event.problem)
        self._window.pages.hear(event)

    def _on_online_changed(self, event: hub_events.OnlineChanged) -> None:
        self._window.sidebar.show_online(event.online)
        self._window.pages.hear(event)

    def _on_download_finished(self, event: download_events.DownloadFinished) -> None:
        self._window.do(lambda services: services.shelf.scan())
        self._tell(download_finished(event.download.label, lambda: self._window.chat_with(event.path)))

    def _on_download_failed(self, event: download_events.DownloadFailed) -> None:
        self._window.pages.hear(event)
        if not (self._window.pages.is_on(MODELS) and self._window.pages.section == DOWNLOADS):
            show = partial(self._window.show_page, MODELS, DOWNLOADS)
            self._tell(download_failed(event.download.label, event.problem.sentence, show))

    def _on_defaults_shown(self, event: shelf_events.DefaultsShown) -> None:
        self._window.pages.hear(event)
        if self._window.loading.hear_defaults(event):
            self._window.show_default_prompt()

    def _on_model_imported(self, event: shelf_events.ModelImported) -> None:
        text = _tr("{name} is on the shelf.").replace("{name}", PurePath(event.path).name)
        self._tell(Notice(text, _tr("Load it"), lambda: self._window.load_file(event.path)))

    def _on_model_relocated(self, event: shelf_events.ModelRelocated) -> None:
        self._window.loading.hear_relocated(event)
        self._window.pages.hear(event)

    def _on_shelf_work_ended(self, event: shelf_events.ShelfWorkEnded) -> None:
        self._window.pages.hear(event)
        if event.problem is not None:
            if event.problem.code != "stopped":
                self._window.show_problem(event.problem)
        elif event.detail and event.kind is not shelf_events.WorkKind.IMPORT:  # of which ModelImported tells more
            self._tell(Notice(event.detail))

    def _on_updates_found(self, event: shelf_events.UpdatesFound) -> None:
        self._window.pages.hear(event)
        newer = sum(one.state is UpdateState.NEWER for one in event.updates)
        if newer:
            text = _tr("Files with an update: {n}. They are marked in the list.").replace("{n}", grouped(newer))
        else:
            text = _tr("No file has an update.")
        self._tell(Notice(text))

    def _tell(self, notice: Notice) -> None:
        """Show a notice, and call the person's attention to it where the window is not in front."""
        self._window.notices.show_notice(notice)
        if not self._window.isActiveWindow():
            QApplication.alert(self._window)

    def _on_bug(self, event: events.BugNoticed) -> None:
        self._window.show_bug(event.report)


def _tr(text: str) -> str:
    return QCoreApplication.translate("MainWindow", text)
