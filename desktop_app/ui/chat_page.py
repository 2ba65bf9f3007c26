"""The centre: header, transcript and composer of one conversation."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.conversation import Conversation, Message, MessageState, Role, can_continue
from desktop_app.services.events import (
    BranchShown,
    MessageAdded,
    ModelChanged,
    ModelState,
    PromptProgressed,
    ReplyEnded,
    ReplyGrew,
    SiblingPlace,
    TokensCounted,
)
from desktop_app.ui.composer import Composer
from desktop_app.ui.empty_state import EmptyState
from desktop_app.ui.figures import tokens_text
from desktop_app.ui.header import Header
from desktop_app.ui.theme import Theme, ThemeManager
from desktop_app.ui.transcript import TranscriptView
from desktop_app.ui.transcript.column import Anchor
from desktop_app.ui.transcript_items import item_of

COMPOSER_WIDTH = 672


@dataclass(frozen=True)
class Begun:
    """What a person has begun in a page, to go on with in the page that takes its place.

    Attributes:
        conversation_id: on view; None for a new conversation.
        drafts: messages that are not sent, by conversation.
        edit: a message that is being changed, and its text by now.
        anchor: what should stay where it is; None at the end of the conversation.
    """

    conversation_id: int | None
    drafts: dict[int | None, str]
    edit: tuple[int, str] | None
    anchor: Anchor | None


class ChatPage(QWidget):
    """The centre. Knows the branch on view; asks for everything through signals.

    Signals:
        send_requested(text), stop_requested, edit_requested(id, text), regenerate_requested(id),
        continue_requested(id), delete_requested(id), sibling_requested(id, step), link_activated(url),
        reload_requested, undo_requested, count_wanted: the token count may have changed.
    """

    send_requested = Signal(str)
    stop_requested = Signal()
    edit_requested = Signal(int, str)
    regenerate_requested = Signal(int)
    continue_requested = Signal(int)
    delete_requested = Signal(int)
    sibling_requested = Signal(int, int)
    link_activated = Signal(str)
    reload_requested = Signal()
    undo_requested = Signal()
    count_wanted = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("centre")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.conversation: Conversation | None = None
        self._messages: dict[int, Message] = {}
        self._places: dict[int, SiblingPlace] = {}
        self._drafts: dict[int | None, str] = {}
        self._begun: Begun | None = None
        self._themes = themes
        self._trouble = False
        self.header = Header(themes)
        self.transcript = TranscriptView(themes)
        self.transcript.setObjectName("transcript")
        self.empty = EmptyState(themes)
        self.composer = Composer(themes)
        self._banner = QFrame()
        self._banner.setObjectName("banner")
        self._banner_text = QLabel()
        self._banner_text.setTextFormat(Qt.TextFormat.PlainText)
        self._banner_text.setWordWrap(True)
        self._banner_button = QPushButton()
        self._banner_button.setObjectName("outlined")
        self._stack = QStackedWidget()
        # The page not on view has a least height too; in a small window it would cost the composer its button.
        self._stack.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.transcript)
        self._lay_out()
        self._connect()
        self.apply_theme(themes.theme)
        themes.changed.connect(self.apply_theme)

    # What is shown

    @property
    def messages(self) -> list[Message]:
        """The branch on view, the root first."""
        return list(self._messages.values())

    @property
    def streaming(self) -> bool:
        """Whether a reply is being written in the branch on view."""
        return any(message.state is MessageState.STREAMING for message in self._messages.values())

    @property
    def composer_height(self) -> int:
        """Pixels that the composer takes at the foot of the page."""
        return self.height() - self._composer_holder.y()

    @property
    def banner_text(self) -> str:
        """What is told of the model's trouble above the conversation; empty when there is none."""
        return self._banner_text.text() if self._banner.isVisibleTo(self) else ""

    @property
    def last_reply(self) -> Message | None:
        """The last reply of the branch on view."""
        replies = [message for message in self._messages.values() if message.role is Role.ASSISTANT]
        return replies[-1] if replies else None

    def show_new(self) -> None:
        """Show the beginning of a new conversation."""
        self._keep_draft()
        self.conversation = None
        self._messages = {}
        self._places = {}
        self._show_messages()
        self.composer.set_text(self._drafts.pop(None, ""))

    def show_branch(self, shown: BranchShown) -> None:
        """Show a branch of a conversation."""
        previous = self.conversation.id if self.conversation else None
        if previous != shown.conversation.id:
            self._keep_draft()
        same = previous == shown.conversation.id
        self.conversation = shown.conversation
        self._messages = {message.id: message for message in shown.messages}
        self._places = dict(shown.places)
        self._show_messages()
        if not same and shown.reason != "created":
            self.composer.set_text(self._drafts.pop(shown.conversation.id, ""))
        if shown.target_id is not None:
            self.transcript.scroll_to_message(shown.target_id)
        self._go_on()

    def hand_over(self) -> Begun:
        """Return what a person has begun here."""
        self._keep_draft()
        at_end = self.transcript.is_at_bottom
        return Begun(
            self.conversation.id if self.conversation else None,
            dict(self._drafts),
            self.transcript.edited,
            None if at_end else self.transcript.anchor(),
        )

    def take_over(self, begun: Begun) -> None:
        """Go on with what was begun in another page, as soon as its conversation is shown."""
        self._drafts = dict(begun.drafts)
        self._begun = begun

    def add_message(self, added: MessageAdded) -> None:
        """Show one more message at the end."""
        if self.conversation is None or added.conversation.id != self.conversation.id:
            return
        self.conversation = added.conversation
        self._messages[added.message.id] = added.message
        self._places[added.message.id] = added.place
        self._show_messages()

    def grow(self, grew: ReplyGrew) -> None:
        """Show a reply getting longer."""
        if grew.message_id in self._messages:
            self.composer.set_state("")
            self.transcript.append_text(grew.message_id, grew.text, grew.reasoning)

    def end(self, ended: ReplyEnded) -> None:
        """Show how a reply ended."""
        message = ended.message
        if message.id not in self._messages:
            return
        self._messages[message.id] = message
        self.transcript.update_message(item_of(message, self._places[message.id]))
        self._refresh()
        self.count_wanted.emit()

    def show_progress(self, progress: PromptProgressed) -> None:
        """Show how much of the prompt is read."""
        if progress.message_id in self._messages and progress.total:
            percent = round(100 * progress.done / progress.total)
            reading = self.tr("Reading the conversation: {n} %").replace("{n}", str(percent))
            self.composer.set_state("" if progress.done >= progress.total else reading)

    def show_model(self, state: ModelChanged) -> None:
        """Show the model's state, and what to do when it is in trouble."""
        self.header.show_model(state)
        self._trouble = state.problem is not None and state.state in (ModelState.FAILED, ModelState.CRASHED)
        self.transcript.set_model_troubled(self._trouble)
        if self._trouble:
            self._banner_text.setText(str(state.problem))
            again = self.tr("Load it again") if state.state is ModelState.FAILED else self.tr("Reload the model")
            self._banner_button.setText(again)
            self._banner_button.setVisible(bool(state.path))
        self._refresh_banner()
        if state.state is ModelState.READY:
            self.count_wanted.emit()

    def show_count(self, counted: TokensCounted) -> None:
        """Show how many tokens the draft has, and where the model's sight ends."""
        count = counted.count
        self.transcript.set_kept_from(counted.kept_from_id)
        if not count.draft or not count.context_length:
            self.composer.set_count("")
            return
        share = round(100 * count.total / count.context_length)
        text = self.tr("{tokens} · {share} % of context")
        self.composer.set_count(text.replace("{tokens}", tokens_text(count.draft)).replace("{share}", str(share)))

    def reject(self, text: str) -> None:
        """Put a message that could not be sent back where it was written."""
        self.composer.set_text(text if not self.composer.text else f"{text}\n{self.composer.text}")

    # What one can do by key

    def edit_last(self) -> None:
        """Edit the last message of the person."""
        own = [message.id for message in self._messages.values() if message.role is Role.USER]
        if own and not self.streaming:
            self.transcript.begin_edit(own[-1])

    def regenerate_last(self) -> None:
        """Have the last reply written anew."""
        if self._messages and not self.streaming:
            self.regenerate_requested.emit(next(reversed(self._messages)))

    def continue_last(self) -> None:
        """Have the last reply continued, if it was cut."""
        reply = self.last_reply
        if reply is not None and can_continue(reply):
            self.continue_requested.emit(reply.id)

    def copy_last(self) -> bool:
        """Copy the last reply; whether there was one."""
        reply = self.last_reply
        if reply is not None:
            QApplication.clipboard().setText(reply.content)
        return reply is not None

    def step_sibling(self, step: int) -> None:
        """Show another version of the last message that has several."""
        for message_id in reversed(self._messages):
            if self._places[message_id].count > 1:
                self.sibling_requested.emit(message_id, step)
                return

    def set_send_key(self, key: str) -> None:
        """Choose ``"enter"`` or ``"ctrl_enter"``."""
        self.composer.set_send_key(key)
        self.transcript.set_send_key("enter" if key == "enter" else "ctrl_enter")

    def apply_theme(self, theme: Theme) -> None:
        """Take over sizes."""
        self._composer_holder.setMaximumWidth(theme.px(COMPOSER_WIDTH))
        margin = theme.px(24)
        self._place_composer()
        self._banner_row.setContentsMargins(margin, theme.px(10), margin, theme.px(10))

    # Inside

    def _lay_out(self) -> None:
        self._banner_row = QHBoxLayout(self._banner)
        self._banner_row.addWidget(self._banner_text, 1)
        self._banner_row.addWidget(self._banner_button)
        self._banner.hide()
        self._composer_holder = QWidget()
        holder = QVBoxLayout(self._composer_holder)
        holder.setContentsMargins(0, 0, 0, 0)
        holder.addWidget(self.composer)
        self._composer_row = QHBoxLayout()
        self._composer_row.addStretch(1)
        self._composer_row.addWidget(self._composer_holder, 100)
        self._composer_row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self._banner)
        layout.addWidget(self._stack, 1)
        layout.addLayout(self._composer_row)

    def _connect(self) -> None:
        self.composer.sent.connect(self.send_requested)
        self.composer.stop_requested.connect(self.stop_requested)
        self.composer.edit_last_requested.connect(self.edit_last)
        self.composer.undo_requested.connect(self.undo_requested)
        self.composer.draft_changed.connect(lambda _text: self.count_wanted.emit())
        self.empty.asked.connect(self.send_requested)
        self.transcript.edit_submitted.connect(self.edit_requested)
        self.transcript.regenerate_requested.connect(self.regenerate_requested)
        self.transcript.continue_requested.connect(self.continue_requested)
        self.transcript.delete_requested.connect(self.delete_requested)
        self.transcript.sibling_requested.connect(self.sibling_requested)
        self.transcript.link_activated.connect(self.link_activated)
        self.transcript.reload_requested.connect(self.reload_requested)
        self.transcript.edit_ended.connect(self.composer.input.setFocus)
        self.transcript.typed.connect(self.composer.type_text)
        self._banner_button.clicked.connect(self.reload_requested)
        self.transcript.viewport().installEventFilter(self)

    def _go_on(self) -> None:
        begun, self._begun = self._begun, None
        if begun is None or self.conversation is None or begun.conversation_id != self.conversation.id:
            return
        if begun.anchor is not None:
            self.transcript.scroll_to(begun.anchor)
        if begun.edit is not None:
            self.transcript.begin_edit(*begun.edit)

    def _keep_draft(self) -> None:
        current = self.conversation.id if self.conversation else None
        if self.composer.text.strip():
            self._drafts[current] = self.composer.text

    def _show_messages(self) -> None:
        items = [item_of(message, self._places[message.id]) for message in self._messages.values()]
        self.transcript.set_branch(items)
        self._stack.setCurrentWidget(self.transcript if items else self.empty)
        self._refresh()
        self.count_wanted.emit()

    def _refresh_banner(self) -> None:
        """Show the model's trouble above the conversation, unless its last reply tells of it already."""
        reply = self.last_reply
        told = reply is not None and reply.error != "" and reply.error == self._banner_text.text()
        self._banner.setVisible(self._trouble and not told)

    def _place_composer(self) -> None:
        """Keep the composer in line with the transcript's column, whatever room its scroll bar takes."""
        theme = self._themes.theme
        margin = theme.px(24)
        viewport = self.transcript.viewport().width()
        beside = self.transcript.width() - viewport if self._stack.currentWidget() is self.transcript else 0
        # The composer's edges stand 16 px outside the column where there is room.
        outside = max(8, min(margin, (viewport - theme.px(COMPOSER_WIDTH)) // 2))
        self._composer_row.setContentsMargins(outside, theme.px(4), outside + beside, theme.px(20))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the transcript's width."""
        if event.type() == QEvent.Type.Resize:
            self._place_composer()
        return super().eventFilter(watched, event)

    def _refresh(self) -> None:
        self._refresh_banner()
        self._place_composer()
        streaming = self.streaming
        self.composer.set_streaming(streaming)
        if not streaming:
            self.composer.set_state("")
