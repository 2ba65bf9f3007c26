"""Conversing: sending, stopping, editing, regenerating, continuing and moving between branches."""

from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress

from desktop_app.core.conversation import (
    Conversation,
    Message,
    MessageState,
    Role,
    Tree,
    can_continue,
    prompt_messages,
    prompt_sources,
    title_from,
)
from desktop_app.core.errors import KnownError, Problem, UsageError
from desktop_app.core.sampling import SamplingSettings
from desktop_app.inference.protocol import TokenCount
from desktop_app.services.events import (
    BranchShown,
    BranchTrashed,
    ConversationChanged,
    Event,
    MessageAdded,
    SendRejected,
    SiblingPlace,
    TokensCounted,
)
from desktop_app.services.loop import ServiceLoop
from desktop_app.services.model_service import ModelService
from desktop_app.services.reply import Reply
from desktop_app.storage.conversations import Conversations
from desktop_app.storage.rows import storable

TREES_KEPT = 4


class ChatService:
    """What happens inside conversations. All methods belong to the services' thread."""

    def __init__(
        self,
        store: Conversations,
        models: ModelService,
        loop: ServiceLoop,
        publish: Callable[[Event], None],
    ) -> None:
        self._store = store
        self._models = models
        self._loop = loop
        self._publish = publish
        self._trees: OrderedDict[int, Tree] = OrderedDict()
        self._version = 0
        self._replies: dict[int, Reply] = {}
        self._unsaved: dict[int, Reply] = {}

    def open(self, conversation_id: int, target_id: int | None = None) -> None:
        """Show a conversation, at one of its messages if ``target_id`` is given: its branch is then chosen."""
        self._recover(conversation_id)
        conversation = self._store.get(conversation_id)
        tree = self._tree(conversation_id)
        if target_id is not None and target_id in tree:
            on_view = {message.id for message in tree.branch(conversation.leaf_id)}
            if target_id not in on_view:
                conversation = self._set_leaf(conversation, tree.newest_leaf(target_id))
        self._show(conversation, "opened", target_id)

    def send(
        self,
        conversation_id: int | None,
        text: str,
        system_prompt: str = "",
        sampling: SamplingSettings | None = None,
    ) -> Conversation | None:
        """Store a user message and have it answered; a new conversation is made when none is given.

        Args:
            conversation_id: where; None makes a conversation with ``system_prompt`` and ``sampling``.
            text: what the person says.
            system_prompt: of a new conversation.
            sampling: of a new conversation.

        Returns:
            The conversation, or None when the message was rejected.
        """
        try:
            if not text.strip():
                raise UsageError(Problem("empty_message", "There is nothing to send."))
            if conversation_id is None:
                conversation = self._store.create(title_from(text), system_prompt, sampling or SamplingSettings())
            else:
                self._refuse_while_streaming(conversation_id)
                conversation = self._store.get(conversation_id)
            message = self._store.add_message(conversation.id, conversation.leaf_id, Role.USER, text)
        except KnownError as error:
            self._publish(SendRejected(conversation_id, text, error.problem))
            return None
        tree = self._tree(conversation.id)
        tree.add(message)
        conversation = self._store.get(conversation.id)
        if conversation_id is None:
            self._show(conversation, "created")
        else:
            self._tell_added(conversation, message)
        reply = self._begin(conversation, message.id)
        self._tell_added(self._store.get(conversation.id), reply.message)
        self._generate(conversation, reply)
        return conversation

    def edit(self, message_id: int, text: str) -> None:
        """Say a user message differently: a new branch beside the old one, answered anew.

        What cannot be stored is rejected, as in ``send``, so that it is not lost.
        """
        old = self._store.message(message_id)
        try:
            if old.role is not Role.USER:
                raise UsageError(Problem("not_yours", "Only your own messages can be edited."))
            if not text.strip():
                raise UsageError(Problem("empty_message", "There is nothing to send."))
            self._refuse_while_streaming(old.conversation_id)
            message = self._store.add_message(old.conversation_id, old.parent_id, Role.USER, text)
        except KnownError as error:
            self._publish(SendRejected(old.conversation_id, text, error.problem))
            return
        self._tree(old.conversation_id).add(message)
        conversation = self._store.get(old.conversation_id)
        try:
            reply = self._begin(conversation, message.id)
        finally:  # also when there is no room for a reply: what was written is stored, and is shown
            self._show(self._store.get(conversation.id), "edited")
        self._generate(conversation, reply)

    def regenerate(self, message_id: int) -> None:
        """Have a message answered once more: a sibling of the reply, or the first reply of a user message."""
        message = self._store.message(message_id)
        self._refuse_while_streaming(message.conversation_id)
        parent_id = message.parent_id if message.role is Role.ASSISTANT else message.id
        if parent_id is None:
            raise UsageError(Problem("nothing_to_answer", "There is no message before this one to answer."))
        conversation = self._store.get(message.conversation_id)
        self._tree(conversation.id)
        reply = self._begin(conversation, parent_id)
        self._show(self._store.get(conversation.id), "regenerated")
        self._generate(conversation, reply)

    def continue_reply(self, message_id: int) -> None:
        """Have a cut reply continued where it stopped."""
        message = self._store.message(message_id)
        self._refuse_while_streaming(message.conversation_id)
        tree = self._tree(message.conversation_id)
        if not can_continue(message) or tree.children(message_id):
            raise UsageError(Problem("not_cut", "Only the last reply, when it was cut, can be continued."))
        if not message.content and not message.reasoning:
            self.regenerate(message_id)
            return
        continued = self._store.continue_reply(message_id)
        tree.add(continued)
        conversation = self._store.get(message.conversation_id)
        reply = self._listen(continued)
        self._show(conversation, "continued")
        self._generate(conversation, reply, continue_last=True)

    def stop(self, conversation_id: int) -> None:
        """Stop the reply that is being written in a conversation."""
        for reply in self._streaming(conversation_id):
            if reply.command_id is not None:
                self._models.cancel(reply.command_id)

    def select_sibling(self, message_id: int, step: int) -> None:
        """Show the branch through the previous (-1) or next (+1) sibling of a message, at its newest end."""
        message = self._store.message(message_id)
        tree = self._tree(message.conversation_id)
        siblings = tree.siblings(message_id)
        index = siblings.index(message_id) + step
        if 0 <= index < len(siblings):
            leaf = tree.newest_leaf(siblings[index])
            self._show(self._set_leaf(self._store.get(message.conversation_id), leaf), "sibling")

    def trash_branch(self, message_id: int) -> None:
        """Put a message and all below it into the trash."""
        message = self._store.message(message_id)
        for reply in self._streaming(message.conversation_id):
            if reply.command_id is not None:
                self._models.cancel(reply.command_id)
            reply.close()
        conversation = self._store.trash_branch(message_id)
        self._forget(conversation.id)
        self._show(conversation, "deleted")
        self._publish(BranchTrashed(conversation.id, message_id))

    def restore_branch(self, message_id: int) -> None:
        """Bring back what ``trash_branch`` took away, and show it."""
        conversation = self._store.restore_branch(message_id)
        self._forget(conversation.id)
        self._show(conversation, "restored")

    def set_system_prompt(self, conversation_id: int, text: str) -> None:
        """Change a conversation's system prompt from its next message on."""
        self._publish(ConversationChanged(self._store.set_system_prompt(conversation_id, text)))

    def set_sampling(self, conversation_id: int, sampling: SamplingSettings) -> None:
        """Change a conversation's sampling from its next message on."""
        self._publish(ConversationChanged(self._store.set_sampling(conversation_id, sampling)))

    def count_tokens(self, conversation_id: int | None, system_prompt: str, draft: str) -> None:
        """Have the context meter's figures published; nothing happens while a model is not ready or is busy."""
        if self._replies:
            return  # the engine works commands in order: the answer would come late and be stale
        branch: list[Message] = []
        if conversation_id is not None:
            conversation = self._store.get(conversation_id)
            branch = self._tree(conversation_id).branch(conversation.leaf_id)
            system_prompt = conversation.system_prompt

        sources = prompt_sources(branch)

        def answer(count: TokenCount) -> None:
            kept = sources[count.kept_from] if 0 < count.kept_from < len(sources) else None
            self._publish(TokensCounted(conversation_id, count, kept))

        messages = prompt_messages(branch, "")
        self._models.count_tokens(storable(system_prompt), messages, storable(draft), answer)

    def forget(self, conversation_id: int) -> None:
        """Stop what happens in a conversation that is being deleted."""
        for reply in self._streaming(conversation_id):
            if reply.command_id is not None:
                self._models.cancel(reply.command_id)
            reply.close()
        self._forget(conversation_id)

    def close(self) -> None:
        """Keep what has been written of replies that are still being written, or that could not be saved before."""
        for reply in (*self._replies.values(), *self._unsaved.values()):
            reply.close()

    # Inside

    def _tree(self, conversation_id: int) -> Tree:
        version = self._store.version()
        if version != self._version:
            # A terminal may go on with a conversation that the window has open, and the other way round.
            self._version = version
            self._trees.clear()
        tree = self._trees.pop(conversation_id, None) or self._store.tree(conversation_id)
        self._trees[conversation_id] = tree
        while len(self._trees) > TREES_KEPT:
            self._trees.popitem(last=False)
        return tree

    def _forget(self, conversation_id: int) -> None:
        self._trees.pop(conversation_id, None)

    def _set_leaf(self, conversation: Conversation, leaf_id: int | None) -> Conversation:
        return self._store.set_leaf(conversation.id, leaf_id)

    def _streaming(self, conversation_id: int) -> list[Reply]:
        return [reply for reply in self._replies.values() if reply.message.conversation_id == conversation_id]

    def _refuse_while_streaming(self, conversation_id: int) -> None:
        if self._streaming(conversation_id):
            raise UsageError(
                Problem("busy", "A reply is still being written here.", action="Wait for it or stop it (Esc).")
            )
        for reply in tuple(self._unsaved.values()):
            if reply.message.conversation_id == conversation_id:
                reply.close()
                if reply.trouble is not None:
                    raise reply.trouble
                del self._unsaved[reply.message.id]
        if self._recover(conversation_id):
            raise UsageError(
                Problem("busy_elsewhere", "Another window or terminal is writing a reply here.", action="Wait for it.")
            )

    def _recover(self, conversation_id: int) -> bool:
        """Mark the reply at the end of the branch on view if its program has died; whether it is being written."""
        leaf_id = self._store.get(conversation_id).leaf_id
        if leaf_id is None or leaf_id in self._replies:
            return False
        if self._store.message(leaf_id).state is MessageState.STREAMING:
            self._store.recover()
            self._forget(conversation_id)
        return self._store.message(leaf_id).state is MessageState.STREAMING

    def _begin(self, conversation: Conversation, parent_id: int) -> Reply:
        """Store an empty reply below a message; it becomes the end of the branch on view."""
        message = self._store.begin_reply(
            conversation.id,
            parent_id,
            model=self._models.state.name,
            system_prompt=conversation.system_prompt,
            sampling=conversation.sampling,
        )
        self._tree(conversation.id).add(message)
        return self._listen(message)

    def _listen(self, message: Message) -> Reply:
        reply = Reply(message, self._store, self._loop, self._publish, self._on_reply_ended)
        self._replies[message.id] = reply
        return reply

    def _generate(self, conversation: Conversation, reply: Reply, continue_last: bool = False) -> None:
        message = reply.message
        branch = self._tree(conversation.id).branch(message.id if continue_last else message.parent_id)
        messages = prompt_messages(branch, conversation.system_prompt)
        try:
            reply.command_id = self._models.generate(messages, conversation.sampling, reply, continue_last)
        except KnownError as error:
            reply.failed(error.problem)

    def _on_reply_ended(self, reply: Reply) -> None:
        message = reply.message
        self._replies.pop(message.id, None)
        if reply.trouble is not None:
            self._unsaved[message.id] = reply
        if message.conversation_id in self._trees:
            self._trees[message.conversation_id].add(message)
        with suppress(KnownError):  # the reply itself has complained already and keeps trying
            self._publish(ConversationChanged(self._store.get(message.conversation_id)))

    def _current(self, message: Message) -> Message:
        reply = self._replies.get(message.id) or self._unsaved.get(message.id)
        return reply.message if reply else message

    def _place(self, tree: Tree, message_id: int) -> SiblingPlace:
        siblings = tree.siblings(message_id)
        return SiblingPlace(siblings.index(message_id), len(siblings))

    def _tell_added(self, conversation: Conversation, message: Message) -> None:
        place = self._place(self._tree(conversation.id), message.id)
        self._publish(MessageAdded(conversation, message, place))
        self._publish(ConversationChanged(conversation))

    def _show(self, conversation: Conversation, reason: str, target_id: int | None = None) -> None:
        tree = self._tree(conversation.id)
        branch = tuple(self._current(message) for message in tree.branch(conversation.leaf_id))
        places = {message.id: self._place(tree, message.id) for message in branch}
        self._publish(ConversationChanged(conversation))
        self._publish(BranchShown(conversation, branch, places, reason, target_id))
