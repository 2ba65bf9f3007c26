"""The schema, as a list of steps that only ever grows.

A released step is never changed: correct it with a further one. Each is recorded in the database together with its
effect; ``user_version`` counts them, so that an older program recognises a newer database without understanding it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

SET_NAME = "desktop_app"

# Parents come before their children and both are in one conversation, which the composite key makes a rule. It is
# checked at the commit instead of cascading: a cascade from parent to child recurses once per message, and SQLite
# stops at 1000 levels (SQLITE_MAX_TRIGGER_DEPTH), which a long conversation exceeds.
_TABLES = """
CREATE TABLE conversations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    system_prompt TEXT NOT NULL,
    sampling TEXT NOT NULL,
    leaf_id INTEGER REFERENCES messages (id) ON DELETE SET NULL,
    pinned INTEGER NOT NULL DEFAULT 0,
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL,
    deleted_at REAL
);
CREATE INDEX conversations_by_leaf ON conversations (leaf_id);
CREATE INDEX conversations_by_date ON conversations (updated_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX conversations_pinned ON conversations (updated_at DESC, id DESC) WHERE deleted_at IS NULL AND pinned;
CREATE INDEX conversations_in_trash ON conversations (deleted_at DESC, id DESC) WHERE deleted_at IS NOT NULL;

CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    parent_id INTEGER,
    role TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant')),
    content TEXT NOT NULL,
    reasoning TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL CHECK (state IN ('complete', 'streaming', 'interrupted', 'failed')),
    finish_reason TEXT CHECK (finish_reason IN ('stop', 'length', 'cancelled', 'context_full')),
    error TEXT NOT NULL DEFAULT '',
    model TEXT NOT NULL DEFAULT '',
    system_prompt TEXT NOT NULL DEFAULT '',
    sampling TEXT,
    statistics TEXT,
    created_at REAL NOT NULL,
    owner TEXT,
    deleted_at REAL,
    deleted_with INTEGER,
    CHECK (parent_id < id),
    FOREIGN KEY (conversation_id, parent_id) REFERENCES messages (conversation_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX messages_by_conversation ON messages (conversation_id, id);
CREATE INDEX messages_by_parent ON messages (conversation_id, parent_id);
CREATE INDEX messages_streaming ON messages (id) WHERE state = 'streaming';
CREATE INDEX messages_in_trash ON messages (deleted_with, id) WHERE deleted_at IS NOT NULL;
"""

# The text stays in its table; the index holds only the words. A reply enters the index when it ends, not at each of
# its many flushes, so the index's content is a view without streaming replies: what the view shows and what the
# index holds change in the same statement, which FTS5's own 'integrity-check' can then confirm. Delete and insert are
# two statements of one trigger because SQLite leaves the order of two triggers open.
_SEARCH = """
CREATE VIEW searchable_messages AS SELECT id, content FROM messages WHERE state <> 'streaming';
CREATE VIRTUAL TABLE messages_fts USING fts5 (
    content, content = 'searchable_messages', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
);
CREATE TRIGGER messages_index_insert AFTER INSERT ON messages WHEN new.state <> 'streaming' BEGIN
    INSERT INTO messages_fts (rowid, content) VALUES (new.id, new.content);
END;
CREATE TRIGGER messages_index_delete AFTER DELETE ON messages WHEN old.state <> 'streaming' BEGIN
    INSERT INTO messages_fts (messages_fts, rowid, content) VALUES ('delete', old.id, old.content);
END;
CREATE TRIGGER messages_index_update AFTER UPDATE OF content, state ON messages
WHEN (old.state <> 'streaming' OR new.state <> 'streaming')
    AND (old.content IS NOT new.content OR (old.state = 'streaming') <> (new.state = 'streaming')) BEGIN
    INSERT INTO messages_fts (messages_fts, rowid, content)
        SELECT 'delete', old.id, old.content WHERE old.state <> 'streaming';
    INSERT INTO messages_fts (rowid, content) SELECT new.id, new.content WHERE new.state <> 'streaming';
END;

CREATE VIRTUAL TABLE titles_fts USING fts5 (
    title, content = 'conversations', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
);
CREATE TRIGGER titles_index_insert AFTER INSERT ON conversations BEGIN
    INSERT INTO titles_fts (rowid, title) VALUES (new.id, new.title);
END;
CREATE TRIGGER titles_index_delete AFTER DELETE ON conversations BEGIN
    INSERT INTO titles_fts (titles_fts, rowid, title) VALUES ('delete', old.id, old.title);
END;
CREATE TRIGGER titles_index_update AFTER UPDATE OF title ON conversations WHEN old.title IS NOT new.title BEGIN
    INSERT INTO titles_fts (titles_fts, rowid, title) VALUES ('delete', old.id, old.title);
    INSERT INTO titles_fts (rowid, title) VALUES (new.id, new.title);
END;
"""


def m001_conversations(db: Database) -> None:
    """Conversations, their messages and the search index."""
    _run(db, _TABLES)
    _run(db, _SEARCH)


STEPS: tuple[Callable[[Database], None], ...] = (m001_conversations,)
NAMES: tuple[str, ...] = tuple(step.__name__ for step in STEPS)
SCHEMA_VERSION = len(STEPS)


def migrations() -> Migrations:
    """Return the steps as sqlite-utils' migrations.

    sqlite-utils is imported here, when there is something to migrate, and not at every start: measured on the
    development machine, the import takes 0.4 s and 26 MB (it brings numpy), half of what a start may take.
    """
    from sqlite_utils import Migrations

    result = Migrations(SET_NAME)
    for step in STEPS:
        result()(step)
    return result


def _run(db: Database, script: str) -> None:
    """Execute statements one by one: sqlite3's own executescript would commit the migration's transaction."""
    statement = ""
    for line in script.strip().splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.conn.execute(statement)
            statement = ""
