"""Making what was deleted for good unreadable, in steps short enough to be taken between two words of a reply.

A deleted row is overwritten (``secure_delete``), but its words outlive it in three places: in the search index, which
only notes beside old words that they are void until its parts are merged; in the gaps of pages whose rows moved,
which SQLite does not clear; and in the write-ahead log.
"""

from desktop_app.storage.database import Database

_MERGE_PAGES = 100  # twice as many took 53 steps of 30 ms, 73 ms at most, for 100,000 messages on two shared cores
VACUUM_BYTES = 64 * 2**20


def erase_step(database: Database, first: bool) -> bool:
    """Take the next step; return whether more remains. Raises StorageError, for instance ``disk_full``.

    Merging goes by steps of some 20 ms. The last step rewrites the file, at most VACUUM_BYTES of it in about half a
    second; in a larger file the gaps remain until SQLite fills them.
    """
    with database.transaction(durable=False) as connection:
        if first:
            connection.execute("INSERT INTO titles_fts (titles_fts) VALUES ('optimize')")
        before = connection.total_changes
        # A negative number begins the merge of all parts, a positive one goes on with it; it has ended when nothing
        # changes (https://www.sqlite.org/fts5.html#the_merge_command).
        connection.execute(
            "INSERT INTO messages_fts (messages_fts, rank) VALUES ('merge', ?)",
            (-_MERGE_PAGES if first else _MERGE_PAGES,),
        )
        more = connection.total_changes - before >= 2
    if not more:
        pages = database.query("PRAGMA page_count")[0][0]
        if pages * database.query("PRAGMA page_size")[0][0] <= VACUUM_BYTES:
            database.query("VACUUM")
        database.query("PRAGMA wal_checkpoint (TRUNCATE)")
    return more
