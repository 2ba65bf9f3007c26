"""The repository of conversations: everything the program remembers of what was said.

A method that changes something has committed it when it returns. Unknown ids raise UsageError, the database's
troubles StorageError. Call everything from the thread that opened the database.
"""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from desktop_app.core.conversation import (
    Conversation,
    FinishReason,
    Message,
    MessageState,
    Role,
    Statistics,
    Tree,
)
from desktop_app.core.errors import Problem, UsageError
from desktop_app.core.sampling import SamplingSettings
from desktop_app.core.search import SearchHit
from desktop_app.storage import branches, erasure, search
from desktop_app.storage.database import Database
from desktop_app.storage.rows import conversation_from, message_from, sampling_text, statistics_text, storable

_SETTERS = {
    "title": "UPDATE conversations SET title = ? WHERE id = ?",
    "pinned": "UPDATE conversations SET pinned = ? WHERE id = ?",
    "system_prompt": "UPDATE conversations SET system_prompt = ? WHERE id = ?",
    "sampling": "UPDATE conversations SET sampling = ? WHERE id = ?",
    "leaf_id": "UPDATE conversations SET leaf_id = ? WHERE id = ?",
    "deleted_at": "UPDATE conversations SET deleted_at = ? WHERE id = ?",
}
_INSERT_MESSAGE = """
INSERT INTO messages (
    conversation_id, parent_id, created_at, role, content, reasoning, state, model, system_prompt, sampling, owner
) VALUES (
    :conversation, :parent, :now, :role, :content, :reasoning, :state, :model, :system_prompt, :sampling, :owner
) RETURNING *
"""


@dataclass(frozen=True)
class TrashedBranch:
    """A part of a conversation in the trash: its first message and how many messages went with it."""

    message: Message
    messages: int
    deleted_at: float


class Conversations:
    """Conversations and their messages in one database."""

    def __init__(
        self,
        database: Database,
        *,
        owner: str,
        owner_alive: Callable[[str], bool],
        now: Callable[[], float] = time.time,
    ) -> None:
        """Create the repository.

        Args:
            database: an open one.
            owner: names this process; written beside replies that it streams.
            owner_alive: whether the process of such a name still runs.
            now: the clock, seconds since the epoch.
        """
        self._database = database
        self._owner = owner
        self._owner_alive = owner_alive
        self._now = now
        self._erasing = False

    def version(self) -> int:
        """Return a number that changes when another program has changed the database."""
        return int(self._database.query("PRAGMA data_version")[0][0])

    # Conversations

    def create(
        self, title: str = "", system_prompt: str = "", sampling: SamplingSettings | None = None
    ) -> Conversation:
        """Create an empty conversation."""
        now = self._now()
        with self._database.transaction() as connection:
            rows = connection.execute(
                "INSERT INTO conversations (title, system_prompt, sampling, created_at, updated_at)"
                " VALUES (?, ?, ?, ?, ?) RETURNING *",
                (storable(title), storable(system_prompt), sampling_text(sampling or SamplingSettings()), now, now),
            ).fetchall()
        return conversation_from(rows[0])

    def get(self, conversation_id: int) -> Conversation:
        """Return a conversation, in the trash or not."""
        rows = self._database.query("SELECT * FROM conversations WHERE id = ?", (conversation_id,))
        if not rows:
            raise branches.no_conversation(conversation_id)
        return conversation_from(rows[0])

    def recent(self, limit: int = 200, after: Conversation | None = None) -> list[Conversation]:
        """Return conversations outside the trash, the latest changed first.

        Args:
            limit: how many at most.
            after: the last one already known; the next ones follow it. A page costs the same wherever it is.
        """
        if after is None:
            sql = "SELECT * FROM conversations WHERE deleted_at IS NULL ORDER BY updated_at DESC, id DESC LIMIT ?"
            return self._conversations(sql, limit)
        sql = (
            "SELECT * FROM conversations WHERE deleted_at IS NULL AND (updated_at, id) < (?, ?)"
            " ORDER BY updated_at DESC, id DESC LIMIT ?"
        )
        return self._conversations(sql, after.updated_at, after.id, limit)

    def pinned(self) -> list[Conversation]:
        """Return all pinned conversations outside the trash, the latest changed first; ``recent`` has them too."""
        return self._conversations(
            "SELECT * FROM conversations WHERE deleted_at IS NULL AND pinned ORDER BY updated_at DESC, id DESC"
        )

    def trashed(self) -> list[Conversation]:
        """Return the conversations in the trash, the latest deleted first."""
        return self._conversations(
            "SELECT * FROM conversations WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, id DESC"
        )

    def rename(self, conversation_id: int, title: str) -> Conversation:
        """Give a conversation another title."""
        return self._set(conversation_id, "title", storable(title))

    def pin(self, conversation_id: int, pinned: bool = True) -> Conversation:
        """Pin a conversation, or unpin it."""
        return self._set(conversation_id, "pinned", int(pinned))

    def set_system_prompt(self, conversation_id: int, system_prompt: str) -> Conversation:
        """Set what the model is told before the next message; replies keep what they were given."""
        return self._set(conversation_id, "system_prompt", storable(system_prompt))

    def set_sampling(self, conversation_id: int, sampling: SamplingSettings) -> Conversation:
        """Set how the next replies are sampled."""
        return self._set(conversation_id, "sampling", sampling_text(sampling))

    def set_leaf(self, conversation_id: int, message_id: int | None) -> Conversation:
        """Choose the branch on view by its last message; None shows an empty conversation."""
        with self._database.transaction() as connection:
            if message_id is not None:
                branches.require_message(connection, conversation_id, message_id)
            self._update(connection, conversation_id, "leaf_id", message_id)
        return self.get(conversation_id)

    def trash(self, conversation_id: int) -> Conversation:
        """Move a conversation to the trash; nothing happens if it is there."""
        with self._database.transaction() as connection:
            if branches.conversation_row(connection, conversation_id)["deleted_at"] is None:
                self._update(connection, conversation_id, "deleted_at", self._now())
        return self.get(conversation_id)

    def restore(self, conversation_id: int) -> Conversation:
        """Take a conversation out of the trash, as it was."""
        return self._set(conversation_id, "deleted_at", None)

    def empty_trash(self) -> int:
        """Delete for good what is in the trash, conversations and branches; return how many there were of both.

        Traces of it stay in the file, unfindable by search, until ``erase_step`` has done its work.
        """
        with self._database.transaction() as connection:
            count = branches.empty_trash(connection)
        self._erasing = False
        return count

    def erase_step(self) -> bool:
        """Erase a further part of the traces of deleted texts, and return whether more remains.

        To be called after ``empty_trash`` until it returns False. Steps are short, so that a reply can be written
        between two of them; see ``storage.erasure``.
        """
        more = erasure.erase_step(self._database, first=not self._erasing)
        self._erasing = more
        return more

    # Messages

    def message(self, message_id: int) -> Message:
        """Return a message, in the trash or not."""
        rows = self._database.query("SELECT * FROM messages WHERE id = ?", (message_id,))
        if not rows:
            raise branches.no_message(message_id)
        return message_from(rows[0])

    def tree(self, conversation_id: int) -> Tree:
        """Return all messages of a conversation except those in the trash."""
        self.get(conversation_id)
        rows = self._database.query(
            "SELECT * FROM messages WHERE conversation_id = ? AND deleted_at IS NULL ORDER BY id", (conversation_id,)
        )
        return Tree(message_from(row) for row in rows)

    def add_message(
        self,
        conversation_id: int,
        parent_id: int | None,
        role: Role,
        content: str,
        *,
        reasoning: str = "",
        model: str = "",
        system_prompt: str = "",
        sampling: SamplingSettings | None = None,
    ) -> Message:
        """Add a whole message below ``parent_id`` (None: a first message) and show its branch."""
        values = {
            "role": role,
            "content": storable(content),
            "reasoning": storable(reasoning),
            "state": MessageState.COMPLETE,
            "model": model,
            "system_prompt": storable(system_prompt),
            "sampling": None if sampling is None else sampling_text(sampling),
        }
        return self._insert(conversation_id, parent_id, values)

    def begin_reply(
        self,
        conversation_id: int,
        parent_id: int | None,
        *,
        model: str = "",
        system_prompt: str = "",
        sampling: SamplingSettings | None = None,
    ) -> Message:
        """Add an empty reply that this process will write with ``append_reply``, and show its branch."""
        values = {
            "role": Role.ASSISTANT,
            "content": "",
            "state": MessageState.STREAMING,
            "model": model,
            "system_prompt": storable(system_prompt),
            "sampling": None if sampling is None else sampling_text(sampling),
            "owner": self._owner,
        }
        return self._insert(conversation_id, parent_id, values)

    def append_reply(self, message_id: int, text: str, reasoning: str = "") -> None:
        """Add to the end of a reply. Cheap enough to be called several times a second."""
        with self._database.transaction(durable=False) as connection:
            cursor = connection.execute(
                "UPDATE messages SET content = content || ?, reasoning = reasoning || ? WHERE id = ?",
                (storable(text), storable(reasoning), message_id),
            )
            if not cursor.rowcount:
                raise branches.no_message(message_id)

    def finish_reply(
        self,
        message_id: int,
        state: MessageState = MessageState.COMPLETE,
        finish_reason: FinishReason | None = None,
        statistics: Statistics | None = None,
        error: str = "",
    ) -> Message:
        """Say how a reply ended. From now on it can be found by search."""
        if state is MessageState.STREAMING:
            raise ValueError("a reply does not end by streaming")
        with self._database.transaction() as connection:
            cursor = connection.execute(
                "UPDATE messages SET state = ?, finish_reason = ?, statistics = coalesce(?, statistics), error = ?,"
                " owner = NULL WHERE id = ?",
                (state, finish_reason, statistics_text(statistics), storable(error), message_id),
            )
            if not cursor.rowcount:
                raise branches.no_message(message_id)
            self._touch(connection, message_id)
        return self.message(message_id)

    def continue_reply(self, message_id: int) -> Message:
        """Open an ended reply again, so that this process can append to it."""
        with self._database.transaction() as connection:
            row = connection.execute("SELECT role, state, owner FROM messages WHERE id = ?", (message_id,)).fetchone()
            if row is None:
                raise branches.no_message(message_id)
            if row["role"] != Role.ASSISTANT:
                raise UsageError(Problem("message_not_reply", "Only a reply of the model can be continued."))
            if row["state"] == MessageState.STREAMING and self._is_alive(row["owner"]):
                raise UsageError(Problem("message_streaming", "This reply is still being written."))
            connection.execute(
                "UPDATE messages SET state = ?, finish_reason = NULL, error = '', owner = ? WHERE id = ?",
                (MessageState.STREAMING, self._owner, message_id),
            )
            self._touch(connection, message_id)
        return self.message(message_id)

    def recover(self) -> list[int]:
        """Mark as interrupted the replies whose program died while it wrote them; return their ids.

        A reply that another running copy is writing is left alone.
        """
        rows = self._database.query("SELECT id, owner FROM messages WHERE state = 'streaming' ORDER BY id")
        lost = [(row["id"], row["owner"]) for row in rows if not self._is_alive(row["owner"])]
        if lost:
            with self._database.transaction() as connection:
                # The owner again: between reading and writing another copy may have recovered and continued it.
                connection.executemany(
                    "UPDATE messages SET state = 'interrupted', owner = NULL"
                    " WHERE id = ? AND owner IS ? AND state = 'streaming'",
                    lost,
                )
        return [message_id for message_id, _ in lost]

    # Branches

    def trash_branch(self, message_id: int) -> Conversation:
        """Move a message and all below it to the trash; another branch is shown if this one was."""
        with self._database.transaction() as connection:
            conversation_id = branches.trash_branch(connection, message_id, self._now())
        return self.get(conversation_id)

    def restore_branch(self, message_id: int) -> Conversation:
        """Take back what ``trash_branch`` of this message moved, and show it.

        Raises:
            UsageError: it is not in the trash, or the message it belongs below is.
        """
        with self._database.transaction() as connection:
            conversation_id = branches.restore_branch(connection, message_id)
        return self.get(conversation_id)

    def trashed_branches(self) -> list[TrashedBranch]:
        """Return the branches in the trash, the latest deleted first, except those of conversations in the trash."""
        rows = self._database.query(branches.TRASHED)
        return [TrashedBranch(message_from(row), row["messages"], row["deleted_at"]) for row in rows]

    def search(self, query: str, limit: int = 50) -> list[SearchHit]:
        """Find words in titles and messages outside the trash: titles first, then messages, the best first.

        See ``core.search.match_expression`` for what may be typed; nothing that can be typed is an error.
        """
        return search.search(self._database, storable(query), limit)

    # Inside

    def _conversations(self, sql: str, *parameters: Any) -> list[Conversation]:
        return [conversation_from(row) for row in self._database.query(sql, parameters)]

    def _set(self, conversation_id: int, column: str, value: str | int | None) -> Conversation:
        with self._database.transaction() as connection:
            self._update(connection, conversation_id, column, value)
        return self.get(conversation_id)

    def _update(
        self, connection: sqlite3.Connection, conversation_id: int, column: str, value: str | float | None
    ) -> None:
        if not connection.execute(_SETTERS[column], (value, conversation_id)).rowcount:
            raise branches.no_conversation(conversation_id)

    def _insert(self, conversation_id: int, parent_id: int | None, values: dict[str, str | None]) -> Message:
        now = self._now()
        row = {
            "conversation": conversation_id,
            "parent": parent_id,
            "now": now,
            "reasoning": "",
            "owner": None,
            **values,
        }
        with self._database.transaction() as connection:
            if branches.conversation_row(connection, conversation_id)["deleted_at"] is not None:
                raise branches.in_trash()
            if parent_id is not None:
                branches.require_message(connection, conversation_id, parent_id)
            rows = connection.execute(_INSERT_MESSAGE, row).fetchall()
            connection.execute(
                "UPDATE conversations SET leaf_id = ?, updated_at = ? WHERE id = ?",
                (rows[0]["id"], now, conversation_id),
            )
        return message_from(rows[0])

    def _touch(self, connection: sqlite3.Connection, message_id: int) -> None:
        connection.execute(
            "UPDATE conversations SET updated_at = ? WHERE id = (SELECT conversation_id FROM messages WHERE id = ?)",
            (self._now(), message_id),
        )

    def _is_alive(self, owner: str | None) -> bool:
        return owner is not None and (owner == self._owner or self._owner_alive(owner))
