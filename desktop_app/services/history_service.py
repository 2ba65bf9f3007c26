"""The past: listing, searching, naming, deleting and bringing back conversations."""

from collections.abc import Callable

from desktop_app.core.conversation import Conversation, Tree
from desktop_app.core.errors import Problem, UsageError
from desktop_app.core.search import SearchHit
from desktop_app.services.chat_service import ChatService
from desktop_app.services.events import (
    ConversationChanged,
    ConversationRestored,
    ConversationsListed,
    ConversationTrashed,
    Event,
    SearchFound,
    TrashListed,
)
from desktop_app.services.loop import ServiceLoop
from desktop_app.storage.conversations import Conversations

PAGE = 200
SEARCH_LIMIT = 50
TITLE_LIMIT = 200


class HistoryService:
    """What happens to whole conversations. All methods belong to the services' thread."""

    def __init__(
        self, store: Conversations, chat: ChatService, loop: ServiceLoop, publish: Callable[[Event], None]
    ) -> None:
        self._store = store
        self._chat = chat
        self._loop = loop
        self._publish = publish

    def list_conversations(self, limit: int = PAGE) -> tuple[Conversation, ...]:
        """Publish and return the newest conversations, pinned ones first."""
        recent = self._store.recent(limit + 1)
        listed = {one.id: one for one in (*self._store.pinned(), *recent[:limit])}
        self._publish(ConversationsListed(tuple(listed.values()), more=len(recent) > limit))
        return tuple(listed.values())

    def search(self, query: str, limit: int = SEARCH_LIMIT) -> tuple[SearchHit, ...]:
        """Publish and return where a text occurs in titles and messages."""
        hits = tuple(self._store.search(query, limit)) if query.strip() else ()
        self._publish(SearchFound(query, hits))
        return hits

    def whole(self, conversation_id: int) -> tuple[Conversation, Tree]:
        """Return a conversation with all its messages."""
        return self._store.get(conversation_id), self._store.tree(conversation_id)

    def trashed(self) -> tuple[Conversation, ...]:
        """Return the conversations in the trash, the latest first."""
        return tuple(self._store.trashed())

    def rename(self, conversation_id: int, title: str) -> None:
        """Give a conversation another title."""
        title = " ".join(title.split())[:TITLE_LIMIT]
        if not title:
            raise UsageError(Problem("empty_title", "A title needs at least one letter."))
        self._publish(ConversationChanged(self._store.rename(conversation_id, title)))

    def pin(self, conversation_id: int, pinned: bool) -> None:
        """Keep a conversation at the top of the list, or let it go."""
        self._publish(ConversationChanged(self._store.pin(conversation_id, pinned)))

    def trash(self, conversation_id: int) -> None:
        """Put a conversation into the trash."""
        self._chat.forget(conversation_id)
        self._publish(ConversationTrashed(self._store.trash(conversation_id)))

    def restore(self, conversation_id: int) -> None:
        """Bring a conversation back from the trash."""
        conversation = self._store.restore(conversation_id)
        self._publish(ConversationRestored(conversation))
        self._publish(ConversationChanged(conversation))

    def list_trash(self) -> None:
        """Publish what lies in the trash."""
        branches = tuple((one.message, one.deleted_at) for one in self._store.trashed_branches())
        self._publish(TrashListed(tuple(self._store.trashed()), branches))

    def empty_trash(self) -> None:
        """Delete for good what lies in the trash."""
        self._store.empty_trash()
        self.list_trash()
        self._loop.post(self._erase)

    def _erase(self) -> None:
        """Erase what is left of deleted texts, step by step, so that replies are written in between."""
        if self._store.erase_step():
            self._loop.post(self._erase)
