"""Every schema that was ever released still opens, with everything in it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from desktop_app.core.conversation import FinishReason, MessageState, Role, Statistics
from desktop_app.core.sampling import SamplingSettings
from desktop_app.storage.migrations import SCHEMA_VERSION
from tests.helpers.stores import open_in, store_of
from tests.upgrades.freeze import FOLDER

FROZEN = sorted(FOLDER.glob("schema_*.sql"))


def thaw(frozen: Path, folder: Path) -> None:
    with closing(sqlite3.connect(folder / "causerie.sqlite3")) as connection:
        connection.executescript(frozen.read_text(encoding="utf-8"))


def test_each_schema_is_frozen() -> None:
    assert [path.name for path in FROZEN] == [f"schema_{number}.sql" for number in range(1, SCHEMA_VERSION + 1)]


@pytest.mark.parametrize("frozen", FROZEN, ids=lambda path: path.stem)
def test_a_frozen_database_opens_with_everything_in_it(tmp_path: Path, frozen: Path) -> None:
    thaw(frozen, tmp_path)
    with open_in(tmp_path) as database:
        store = store_of(database)
        assert database.check() == ()
        assert database.query("PRAGMA user_version")[0][0] == SCHEMA_VERSION
        first, interrupted = (store.get(number) for number in (1, 3))
        assert (first.title, first.system_prompt, first.pinned) == ("Été à Paris", "Answer briefly.", True)
        assert first.sampling == SamplingSettings(temperature=0.2, seed=4, stop=("###",))
        assert [conversation.title for conversation in store.trashed()] == ["In the trash"]
        tree = store.tree(first.id)
        question, reply = tree.branch(first.leaf_id)
        assert (question.role, question.content) == (Role.USER, "Où est le café ?")
        assert (reply.content, reply.reasoning) == ("Au coin.", "The person asks for a café.")
        assert (reply.model, reply.system_prompt, reply.sampling) == ("starter.gguf", "Answer briefly.", first.sampling)
        assert reply.finish_reason is FinishReason.STOP
        assert reply.statistics == Statistics(12, 0, 12, 4, 0.5, 0.25, 0.51, 8192)
        assert [tree[number].content for number in tree.children(question.id)] == ["Au coin.", "Là-bas."]
        (trashed,) = store.trashed_branches()
        assert (trashed.message.content, trashed.message.error) == ("Je", "The model stopped.")
        assert store.recover() == [7]
        assert interrupted.leaf_id is not None
        assert store.message(interrupted.leaf_id).state is MessageState.INTERRUPTED
        assert [hit.message_id for hit in store.search("cafe")] == [1]
        assert [hit.message_id for hit in store.search("ete")] == [None]
        assert store.add_message(first.id, reply.id, Role.USER, "encore").id == 8


@pytest.mark.parametrize("frozen", FROZEN, ids=lambda path: path.stem)
def test_an_old_database_ends_with_the_same_schema_as_a_new_one(tmp_path: Path, frozen: Path) -> None:
    schemas = []
    for name in ("old", "new"):
        folder = tmp_path / name
        folder.mkdir()
        if name == "old":
            thaw(frozen, folder)
        with open_in(folder) as database:
            schemas.append({row["name"]: row["sql"] for row in database.query("SELECT name, sql FROM sqlite_master")})
    assert schemas[0] == schemas[1]
