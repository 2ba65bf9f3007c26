"""The wires of the window: from what its widgets ask for, and from the keys, to what the window does."""

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QKeySequence, QShortcut

from desktop_app.ui.links import open_link
from desktop_app.ui.main_window import ZOOM_STEP, MainWindow
from desktop_app.ui.pages import MODELS, SETTINGS
from desktop_app.ui.shortcuts import SHORTCUTS, ShortcutsDialog


def connect_widgets(window: MainWindow) -> None:
    """Connect what the widgets ask for to what the window does."""
    sidebar, chat = window.sidebar, window.chat
    sidebar.new_requested.connect(window.new_conversation)
    sidebar.open_requested.connect(window.open_conversation)
    sidebar.delete_requested.connect(window.delete_conversation)
    sidebar.renamed.connect(lambda one, title: window.do(lambda services: services.history.rename(one, title)))
    sidebar.pin_requested.connect(lambda one, pinned: window.do(lambda services: services.history.pin(one, pinned)))
    sidebar.search_changed.connect(lambda text: window.do(lambda services: services.history.search(text)))
    sidebar.more_requested.connect(lambda n: window.do(lambda services: services.history.list_conversations(n)))
    sidebar.page_requested.connect(window.toggle_page)
    chat.send_requested.connect(window.send)
    chat.stop_requested.connect(window.stop)
    chat.edit_requested.connect(window.edit)
    chat.regenerate_requested.connect(window.regenerate)
    chat.continue_requested.connect(window.continue_reply)
    chat.delete_requested.connect(lambda one: window.do(lambda services: services.chat.trash_branch(one)))
    chat.sibling_requested.connect(
        lambda one, step: window.do(lambda services: services.chat.select_sibling(one, step))
    )
    chat.link_activated.connect(partial(open_link, window))
    chat.reload_requested.connect(lambda: window.loading.reload())
    chat.undo_requested.connect(window.undo_delete)
    chat.count_wanted.connect(window.count_tokens)
    chat.empty.models_requested.connect(lambda: window.show_page(MODELS))
    chat.header.load_requested.connect(window.loading.load)
    chat.header.reload_requested.connect(lambda: window.loading.reload())
    chat.header.cancel_load_requested.connect(lambda: window.do(lambda services: services.models.cancel_load()))
    chat.header.models_requested.connect(lambda: window.show_page(MODELS))
    chat.header.models_wanted.connect(lambda: window.do(lambda services: services.shelf.scan()))
    chat.header.sidebar_toggled.connect(lambda: window.toggle("sidebar_visible"))
    chat.header.inspector_toggled.connect(lambda: window.toggle("inspector_visible"))
    pages = window.pages
    pages.asked.connect(window.do)
    pages.load_requested.connect(window.loading.load)
    pages.cancel_load_requested.connect(lambda: window.do(lambda services: services.models.cancel_load()))
    pages.file_chosen.connect(window.loading.load_dropped)
    pages.chat_requested.connect(window.chat_with)
    pages.limit_changed.connect(lambda limit: window.set_setting("download_limit", limit))
    pages.online_requested.connect(lambda: window.set_setting("online", True))
    # What forbids it all the same, such as --offline, is told as a problem.
    pages.online_requested.connect(lambda: window.do(lambda services: services.discover.allow_for_now()))
    pages.connections_requested.connect(window.network.show_connections)
    pages.token_requested.connect(window.network.ask_token)
    pages.restore_requested.connect(window.restore_conversation)
    pages.branch_restore_requested.connect(lambda one: window.do(lambda services: services.chat.restore_branch(one)))
    pages.empty_requested.connect(lambda: window.do(lambda services: services.history.empty_trash()))
    pages.closed.connect(window.focus_composer)
    window.inspector.system_prompt_changed.connect(window.set_system_prompt)
    window.inspector.sampling_changed.connect(window.set_sampling)


def bind_shortcuts(window: MainWindow) -> None:
    """Bind every action to its keys; they go with the widgets when those are made anew."""
    actions: dict[str, Callable[[], object]] = {
        "new": window.new_conversation,
        "search": window.focus_search,
        "composer": window.focus_composer,
        "stop": window.stop,
        "regenerate": window.chat.regenerate_last,
        "continue": window.chat.continue_last,
        "previous": lambda: window.chat.step_sibling(-1),
        "next": lambda: window.chat.step_sibling(1),
        "copy_reply": window.copy_last,
        "rename": window.sidebar.rename_current,
        "delete": window.delete_current,
        "undo_delete": window.undo_delete,
        "sidebar": lambda: window.toggle("sidebar_visible"),
        "inspector": lambda: window.toggle("inspector_visible"),
        "models": lambda: window.show_page(MODELS),
        "settings": lambda: window.show_page(SETTINGS),
        "larger": lambda: window.zoom(ZOOM_STEP),
        "smaller": lambda: window.zoom(-ZOOM_STEP),
        "usual_size": lambda: window.set_setting("zoom", 100),
        "reload": lambda: window.loading.reload(),
        "help": lambda: ShortcutsDialog(window, window.chat.composer.input.send_key).exec(),
        "quit": window.close,
    }
    for shortcut in SHORTCUTS:
        for keys in shortcut.keys:
            QShortcut(QKeySequence(keys), window.columns, actions[shortcut.name])
