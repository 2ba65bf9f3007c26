"""Writes a database of the current schema as SQL, to be kept for ever: ``python -m tests.upgrades.freeze``.

Run it once for each released schema, before the next migration is written; a file that exists is never replaced.
"""

import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from desktop_app.core.conversation import FinishReason, MessageState, Role, Statistics
from desktop_app.core.sampling import SamplingSettings
from desktop_app.storage.conversations import Conversations
from desktop_app.storage.migrations import SCHEMA_VERSION
from tests.helpers.stores import open_in, store_of

FOLDER = Path(__file__).parent


def fill(store: Conversations) -> None:
    """Make one of everything that a database can hold."""
    sampling = SamplingSettings(temperature=0.2, seed=4, stop=("###",))
    first = store.create("Été à Paris", "Answer briefly.", sampling)
    store.pin(first.id)
    question = store.add_message(first.id, None, Role.USER, "Où est le café ?")
    reply = store.begin_reply(
        first.id, question.id, model="starter.gguf", system_prompt="Answer briefly.", sampling=sampling
    )
    store.append_reply(reply.id, "Au coin.", "The person asks for a café.")
    store.finish_reply(
        reply.id, MessageState.COMPLETE, FinishReason.STOP, Statistics(12, 0, 12, 4, 0.5, 0.25, 0.51, 8192)
    )
    other = store.add_message(first.id, question.id, Role.ASSISTANT, "Là-bas.")
    store.add_message(first.id, other.id, Role.USER, "Merci 😀")
    failed = store.begin_reply(first.id, question.id)
    store.append_reply(failed.id, "Je")
    store.finish_reply(failed.id, MessageState.FAILED, error="The model stopped.")
    store.trash_branch(failed.id)
    store.trash(store.create("In the trash").id)
    interrupted = store.create("Interrupted")
    cut = store.begin_reply(interrupted.id, store.add_message(interrupted.id, None, Role.USER, "Go on.").id)
    store.append_reply(cut.id, "Once upon")
    store.set_leaf(first.id, reply.id)


def dump(path: Path) -> str:
    """Return the database as SQL; the search indexes are made anew from the texts when it is read."""
    with closing(sqlite3.connect(path)) as connection:
        schema = connection.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT GLOB '*_fts_*'"
            " AND name <> 'sqlite_sequence' ORDER BY rowid"
        ).fetchall()
        lines: list[str] = ["BEGIN;"]
        lines += [f"{sql};" for kind, _, sql in schema if kind in ("table", "view")]
        for kind, name, sql in schema:
            if kind == "table" and not sql.startswith("CREATE VIRTUAL"):
                lines += _inserts(connection, name)
        lines += [f"INSERT INTO {name} ({name}) VALUES ('rebuild');" for _, name, _ in schema if name.endswith("_fts")]
        lines += [f"{sql};" for kind, _, sql in schema if kind in ("index", "trigger")]
        lines += ["DELETE FROM sqlite_sequence;", *_inserts(connection, "sqlite_sequence"), "COMMIT;"]
        for pragma in ("application_id", "user_version"):
            lines.append(f"PRAGMA {pragma} = {connection.execute(f'PRAGMA {pragma}').fetchone()[0]};")
    return "\n".join(lines) + "\n"


def _inserts(connection: sqlite3.Connection, table: str) -> list[str]:
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info ({table})")]
    values = " || ', ' || ".join(f'quote("{column}")' for column in columns)
    rows = connection.execute(f'SELECT {values} FROM "{table}" ORDER BY rowid')
    return [f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES ({row[0]});' for row in rows]


def main() -> None:
    """Write the file."""
    target = FOLDER / f"schema_{SCHEMA_VERSION}.sql"
    if target.exists():
        sys.exit(f"{target} exists; frozen databases are never changed.")
    with tempfile.TemporaryDirectory() as folder:
        with open_in(Path(folder)) as database:
            fill(store_of(database))
            with database.transaction() as connection:  # a process that has long ended
                connection.execute("UPDATE messages SET owner = '1:1:gone' WHERE owner IS NOT NULL")
        target.write_text(dump(Path(folder) / "causerie.sqlite3"), encoding="utf-8")


if __name__ == "__main__":
    main()
