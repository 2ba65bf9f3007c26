"""Full-text search over titles and messages.

bm25 looks at every match, so ranking all 900,000 messages that hold "the" among 1,000,000 would take a second. Ranked
are therefore the newest CANDIDATES matches; a word that is rarer than that is ranked among all of its matches.
"""

from desktop_app.core.conversation import Role
from desktop_app.core.search import MATCH_END, MATCH_START, SearchHit, match_expression
from desktop_app.storage.database import Database

CANDIDATES = 1000
_SNIPPET_TOKENS = 24

# CROSS JOIN keeps SQLite from starting at the messages; so the index hands out its rows newest first, without a sort.
_TITLES = """
SELECT * FROM (
    SELECT conversations.id AS conversation_id, conversations.title AS title, conversations.updated_at AS date,
           bm25(titles_fts) AS score, highlight(titles_fts, 0, :start, :end) AS snippet
    FROM titles_fts CROSS JOIN conversations ON conversations.id = titles_fts.rowid
    WHERE titles_fts MATCH :match AND conversations.deleted_at IS NULL
    ORDER BY titles_fts.rowid DESC LIMIT :candidates
) ORDER BY score, date DESC LIMIT :limit
"""
_MESSAGES = """
SELECT * FROM (
    SELECT messages.id AS message_id, messages.conversation_id AS conversation_id, messages.role AS role,
           messages.created_at AS date, conversations.title AS title, bm25(messages_fts) AS score
    FROM messages_fts CROSS JOIN messages ON messages.id = messages_fts.rowid
    CROSS JOIN conversations ON conversations.id = messages.conversation_id
    WHERE messages_fts MATCH :match AND messages.deleted_at IS NULL AND conversations.deleted_at IS NULL
    ORDER BY messages_fts.rowid DESC LIMIT :candidates
) ORDER BY score, date DESC LIMIT :limit
"""
# Snippets only for what is shown. The plus keeps FTS5 from starting the search anew for each id.
_SNIPPETS = """
SELECT rowid, snippet(messages_fts, 0, ?, ?, '…', ?) AS snippet FROM messages_fts
WHERE messages_fts MATCH ? AND rowid BETWEEN ? AND ? AND +rowid IN ({places})
"""


def search(database: Database, query: str, limit: int) -> list[SearchHit]:
    """Return at most ``limit`` hits: titles, at most half of them if there are enough messages, then messages.

    Both are ordered by bm25 and then by date.
    """
    match = match_expression(query)
    if not match or limit < 1:
        return []
    titles = _titles(database, match, limit)
    messages = _messages(database, match, limit)
    shown = titles[: max(limit - len(messages), (limit + 1) // 2)]
    return shown + messages[: limit - len(shown)]


def _titles(database: Database, match: str, limit: int) -> list[SearchHit]:
    rows = database.query(
        _TITLES,
        {"match": match, "start": MATCH_START, "end": MATCH_END, "candidates": CANDIDATES, "limit": limit},
    )
    return [SearchHit(row["conversation_id"], None, row["title"], row["snippet"], None, row["date"]) for row in rows]


def _messages(database: Database, match: str, limit: int) -> list[SearchHit]:
    rows = database.query(_MESSAGES, {"match": match, "candidates": CANDIDATES, "limit": limit})
    if not rows:
        return []
    ids = [row["message_id"] for row in rows]
    found = database.query(
        _SNIPPETS.format(places=", ".join("?" * len(ids))),
        (MATCH_START, MATCH_END, _SNIPPET_TOKENS, match, min(ids), max(ids), *ids),
    )
    snippets = {row["rowid"]: row["snippet"] for row in found}
    return [
        SearchHit(
            row["conversation_id"],
            row["message_id"],
            row["title"],
            # Between the two queries another process may have changed the message.
            snippets.get(row["message_id"], ""),
            Role(row["role"]),
            row["date"],
        )
        for row in rows
    ]
