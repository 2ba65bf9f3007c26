"""Branches inside an open transaction: which messages belong together, moved to the trash, taken back, removed.

A message in the trash has ``deleted_at``, and ``deleted_with`` names the message whose branch was deleted. A message
outside the trash always has a parent outside the trash.
"""

import sqlite3

from desktop_app.core.errors import Problem, UsageError

TRASHED = """
SELECT messages.*, (SELECT count(*) FROM messages AS others
                    WHERE others.deleted_at IS NOT NULL AND others.deleted_with = messages.id) AS messages
FROM messages JOIN conversations ON conversations.id = messages.conversation_id
WHERE messages.deleted_at IS NOT NULL AND messages.deleted_with = messages.id AND conversations.deleted_at IS NULL
ORDER BY messages.deleted_at DESC, messages.id DESC
"""

_TRASH_BELOW = """
WITH RECURSIVE branch (id) AS (
    SELECT :message UNION ALL
    SELECT messages.id FROM messages JOIN branch ON messages.parent_id = branch.id
    WHERE messages.conversation_id = :conversation AND messages.deleted_at IS NULL
)
UPDATE messages SET deleted_at = :now, deleted_with = :message WHERE id IN (SELECT id FROM branch)
"""


def conversation_row(connection: sqlite3.Connection, conversation_id: int) -> sqlite3.Row:
    """Return the row of a conversation or raise UsageError."""
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM conversations WHERE id = ?", (conversation_id,)
    ).fetchone()
    if row is None:
        raise no_conversation(conversation_id)
    return row


def require_message(connection: sqlite3.Connection, conversation_id: int, message_id: int) -> None:
    """Raise UsageError unless the message is in this conversation and not in the trash."""
    row = connection.execute(
        "SELECT 1 FROM messages WHERE id = ? AND conversation_id = ? AND deleted_at IS NULL",
        (message_id, conversation_id),
    ).fetchone()
    if row is None:
        raise no_message(message_id)


def no_conversation(conversation_id: int) -> UsageError:
    """The error for a conversation that is not there."""
    return UsageError(Problem("conversation_missing", f"There is no conversation number {conversation_id}."))


def in_trash() -> UsageError:
    """The error for writing in a conversation that is in the trash."""
    return UsageError(
        Problem("conversation_trashed", "This conversation is in the trash.", action="Restore it to go on with it.")
    )


def no_message(message_id: int) -> UsageError:
    """The error for a message that is not there."""
    return UsageError(Problem("message_missing", f"There is no message number {message_id} here any more."))


def trash_branch(connection: sqlite3.Connection, message_id: int, now: float) -> int:
    """Mark a message and all below it as deleted; return the conversation's id."""
    row = connection.execute(
        "SELECT conversation_id, parent_id FROM messages WHERE id = ? AND deleted_at IS NULL", (message_id,)
    ).fetchone()
    if row is None:
        raise no_message(message_id)
    conversation_id: int = row["conversation_id"]
    connection.execute(_TRASH_BELOW, {"message": message_id, "conversation": conversation_id, "now": now})
    leaf_gone = connection.execute(
        "SELECT 1 FROM conversations JOIN messages ON messages.id = conversations.leaf_id"
        " WHERE conversations.id = ? AND messages.deleted_at IS NOT NULL",
        (conversation_id,),
    ).fetchone()
    if leaf_gone:
        leaf = _newest_leaf(connection, conversation_id, row["parent_id"])
        connection.execute("UPDATE conversations SET leaf_id = ? WHERE id = ?", (leaf, conversation_id))
    return conversation_id


def restore_branch(connection: sqlite3.Connection, message_id: int) -> int:
    """Unmark what was deleted with a message and make it the branch on view; return the conversation's id."""
    row = connection.execute(
        "SELECT message.conversation_id, parent.deleted_at AS parent_deleted_at FROM messages AS message"
        " LEFT JOIN messages AS parent ON parent.id = message.parent_id"
        " WHERE message.id = ? AND message.deleted_at IS NOT NULL AND message.deleted_with = message.id",
        (message_id,),
    ).fetchone()
    if row is None:
        raise no_message(message_id)
    if row["parent_deleted_at"] is not None:
        raise UsageError(
            Problem(
                "branch_parent_trashed",
                "The message that this one answers is in the trash too.",
                action="Restore that one first.",
            )
        )
    conversation_id: int = row["conversation_id"]
    connection.execute(
        "UPDATE messages SET deleted_at = NULL, deleted_with = NULL WHERE deleted_at IS NOT NULL AND deleted_with = ?",
        (message_id,),
    )
    leaf = _newest_leaf(connection, conversation_id, message_id)
    connection.execute("UPDATE conversations SET leaf_id = ? WHERE id = ?", (leaf, conversation_id))
    return conversation_id


def empty_trash(connection: sqlite3.Connection) -> int:
    """Delete trashed conversations and branches; return how many there were of both."""
    conversations = connection.execute("DELETE FROM conversations WHERE deleted_at IS NOT NULL").rowcount
    branches = connection.execute(
        "SELECT count(*) FROM messages WHERE deleted_at IS NOT NULL AND deleted_with = id"
    ).fetchone()[0]
    connection.execute("DELETE FROM messages WHERE deleted_at IS NOT NULL")
    return int(conversations + branches)


def _newest_leaf(connection: sqlite3.Connection, conversation_id: int, message_id: int | None) -> int | None:
    """Return the leaf reached by always taking the newest child, as ``Tree.newest_leaf`` does."""
    leaf = connection.execute(
        """
        WITH RECURSIVE path (id, depth) AS (
            SELECT :message, 0 UNION ALL
            SELECT (SELECT max(child.id) FROM messages AS child WHERE child.conversation_id = :conversation
                    AND child.parent_id IS path.id AND child.deleted_at IS NULL), depth + 1
            FROM path WHERE depth = 0 OR path.id IS NOT NULL
        )
        SELECT id FROM path WHERE id IS NOT NULL ORDER BY depth DESC LIMIT 1
        """,
        {"message": message_id, "conversation": conversation_id},
    ).fetchone()
    return None if leaf is None else int(leaf["id"])
