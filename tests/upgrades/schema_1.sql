BEGIN;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
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
CREATE VIEW searchable_messages AS SELECT id, content FROM messages WHERE state <> 'streaming';
CREATE VIRTUAL TABLE messages_fts USING fts5 (
    content, content = 'searchable_messages', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
);
CREATE VIRTUAL TABLE titles_fts USING fts5 (
    title, content = 'conversations', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
);
INSERT INTO "_sqlite_migrations" (id, migration_set, name, applied_at) VALUES (1, 'desktop_app', 'm001_conversations', '2026-11-21 08:19:20.184656+00:00');
INSERT INTO "conversations" (id, title, system_prompt, sampling, leaf_id, pinned, created_at, updated_at, deleted_at) VALUES (1, 'Été à Paris', 'Answer briefly.', '{"temperature": 0.2, "top_k": 40, "top_p": 0.95, "min_p": 0.05, "typical_p": 1.0, "repeat_penalty": 1.0, "repeat_last_n": 64, "frequency_penalty": 0.0, "presence_penalty": 0.0, "seed": 4, "max_tokens": 0, "stop": ["###"]}', 2, 1, 1700000000.0, 1700000007.0, NULL);
INSERT INTO "conversations" (id, title, system_prompt, sampling, leaf_id, pinned, created_at, updated_at, deleted_at) VALUES (2, 'In the trash', '', '{"temperature": 0.7, "top_k": 40, "top_p": 0.95, "min_p": 0.05, "typical_p": 1.0, "repeat_penalty": 1.0, "repeat_last_n": 64, "frequency_penalty": 0.0, "presence_penalty": 0.0, "seed": -1, "max_tokens": 0, "stop": []}', NULL, 0, 1700000009.0, 1700000009.0, 1700000010.0);
INSERT INTO "conversations" (id, title, system_prompt, sampling, leaf_id, pinned, created_at, updated_at, deleted_at) VALUES (3, 'Interrupted', '', '{"temperature": 0.7, "top_k": 40, "top_p": 0.95, "min_p": 0.05, "typical_p": 1.0, "repeat_penalty": 1.0, "repeat_last_n": 64, "frequency_penalty": 0.0, "presence_penalty": 0.0, "seed": -1, "max_tokens": 0, "stop": []}', 7, 0, 1700000011.0, 1700000013.0, NULL);
INSERT INTO "messages" (id, conversation_id, parent_id, role, content, reasoning, state, finish_reason, error, model, system_prompt, sampling, statistics, created_at, owner, deleted_at, deleted_with) VALUES (1, 1, NULL, 'user', 'Où est le café ?', '', 'complete', NULL, '', '', '', NULL, NULL, 1700000001.0, NULL, NULL, NULL);
INSERT INTO "messages" (id, conversation_id, parent_id, role, content, reasoning, state, finish_reason, error, model, system_prompt, sampling, statistics, created_at, owner, deleted_at, deleted_with) VALUES (2, 1, 1, 'assistant', 'Au coin.', 'The person asks for a café.', 'complete', 'stop', '', 'starter.gguf', 'Answer briefly.', '{"temperature": 0.2, "top_k": 40, "top_p": 0.95, "min_p": 0.05, "typical_p": 1.0, "repeat_penalty": 1.0, "repeat_last_n": 64, "frequency_penalty": 0.0, "presence_penalty": 0.0, "seed": 4, "max_tokens": 0, "stop": ["###"]}', '{"prompt_tokens": 12, "cached_tokens": 0, "evaluated_tokens": 12, "completion_tokens": 4, "prompt_seconds": 0.5, "generation_seconds": 0.25, "time_to_first_token": 0.51, "context_length": 8192, "dropped_messages": 0}', 1700000002.0, NULL, NULL, NULL);
INSERT INTO "messages" (id, conversation_id, parent_id, role, content, reasoning, state, finish_reason, error, model, system_prompt, sampling, statistics, created_at, owner, deleted_at, deleted_with) VALUES (3, 1, 1, 'assistant', 'Là-bas.', '', 'complete', NULL, '', '', '', NULL, NULL, 1700000004.0, NULL, NULL, NULL);
INSERT INTO "messages" (id, conversation_id, parent_id, role, content, reasoning, state, finish_reason, error, model, system_prompt, sampling, statistics, created_at, owner, deleted_at, deleted_with) VALUES (4, 1, 3, 'user', 'Merci 😀', '', 'complete', NULL, '', '', '', NULL, NULL, 1700000005.0, NULL, NULL, NULL);
INSERT INTO "messages" (id, conversation_id, parent_id, role, content, reasoning, state, finish_reason, error, model, system_prompt, sampling, statistics, created_at, owner, deleted_at, deleted_with) VALUES (5, 1, 1, 'assistant', 'Je', '', 'failed', NULL, 'The model stopped.', '', '', NULL, NULL, 1700000006.0, NULL, 1700000008.0, 5);
INSERT INTO "messages" (id, conversation_id, parent_id, role, content, reasoning, state, finish_reason, error, model, system_prompt, sampling, statistics, created_at, owner, deleted_at, deleted_with) VALUES (6, 3, NULL, 'user', 'Go on.', '', 'complete', NULL, '', '', '', NULL, NULL, 1700000012.0, NULL, NULL, NULL);
INSERT INTO "messages" (id, conversation_id, parent_id, role, content, reasoning, state, finish_reason, error, model, system_prompt, sampling, statistics, created_at, owner, deleted_at, deleted_with) VALUES (7, 3, 6, 'assistant', 'Once upon', '', 'streaming', NULL, '', '', '', NULL, NULL, 1700000013.0, '1:1:gone', NULL, NULL);
INSERT INTO messages_fts (messages_fts) VALUES ('rebuild');
INSERT INTO titles_fts (titles_fts) VALUES ('rebuild');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX conversations_by_leaf ON conversations (leaf_id);
CREATE INDEX conversations_by_date ON conversations (updated_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX conversations_pinned ON conversations (updated_at DESC, id DESC) WHERE deleted_at IS NULL AND pinned;
CREATE INDEX conversations_in_trash ON conversations (deleted_at DESC, id DESC) WHERE deleted_at IS NOT NULL;
CREATE UNIQUE INDEX messages_by_conversation ON messages (conversation_id, id);
CREATE INDEX messages_by_parent ON messages (conversation_id, parent_id);
CREATE INDEX messages_streaming ON messages (id) WHERE state = 'streaming';
CREATE INDEX messages_in_trash ON messages (deleted_with, id) WHERE deleted_at IS NOT NULL;
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
DELETE FROM sqlite_sequence;
INSERT INTO "sqlite_sequence" (name, seq) VALUES ('conversations', 3);
INSERT INTO "sqlite_sequence" (name, seq) VALUES ('messages', 7);
COMMIT;
PRAGMA application_id = 1130460531;
PRAGMA user_version = 1;
