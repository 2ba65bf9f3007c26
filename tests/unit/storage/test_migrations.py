"""Migrations to come: each behind a verified copy, all or nothing."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from desktop_app.core.conversation import Role
from desktop_app.core.errors import BugError, StorageError
from desktop_app.storage import backups, migrations
from desktop_app.storage.database import Database
from tests.helpers.stores import fingerprints, open_in, store_of

NAME = "causerie.sqlite3"


def m901_colour(db: object) -> None:
    """A step of a future version."""
    db.conn.execute("ALTER TABLE conversations ADD COLUMN colour TEXT NOT NULL DEFAULT 'green'")


def m902_fails(db: object) -> None:
    """A step that has changed something when it fails."""
    db.conn.execute("UPDATE conversations SET title = 'lost'")
    db.conn.execute("INSERT INTO nowhere VALUES (1)")


@pytest.fixture
def next_version(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Append steps, as the next version of the program would."""

    def append(*steps: Callable[[object], None]) -> None:
        all_steps = (*migrations.STEPS, *steps)
        monkeypatch.setattr(migrations, "STEPS", all_steps)
        monkeypatch.setattr(migrations, "NAMES", tuple(step.__name__ for step in all_steps))
        monkeypatch.setattr(migrations, "SCHEMA_VERSION", len(all_steps))

    return append


def fill(folder: Path) -> None:
    with open_in(folder) as database:
        store = store_of(database)
        store.add_message(store.create("Kept").id, None, Role.USER, "bonjour")


def titles(path: Path) -> list[str]:
    with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as connection:
        return [row[0] for row in connection.execute("SELECT title FROM conversations")]


def test_the_steps_are_numbered_in_order() -> None:
    assert [int(name[1:4]) for name in migrations.NAMES] == list(range(1, migrations.SCHEMA_VERSION + 1))


def test_a_migration_leaves_a_sound_copy_of_before(tmp_path: Path, next_version: Callable[..., None]) -> None:
    fill(tmp_path)
    next_version(m901_colour)
    with open_in(tmp_path) as database:
        assert database.query("SELECT colour FROM conversations")[0][0] == "green"
        assert database.query("PRAGMA user_version")[0][0] == migrations.SCHEMA_VERSION
        assert store_of(database).search("bonjour")
    (copy,) = (tmp_path / "backups").iterdir()
    assert "before-m901_colour" in copy.name
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert (
            "colour"
            not in connection.execute("SELECT sql FROM sqlite_master WHERE name = 'conversations'").fetchone()[0]
        )
    assert titles(copy) == ["Kept"]


def test_the_copy_is_a_database_that_can_take_the_place_of_the_other(
    tmp_path: Path, next_version: Callable[..., None]
) -> None:
    fill(tmp_path)
    next_version(m901_colour)
    open_in(tmp_path).close()
    (copy,) = (tmp_path / "backups").iterdir()
    (tmp_path / NAME).unlink()
    copy.rename(tmp_path / NAME)
    with open_in(tmp_path) as database:
        assert [conversation.title for conversation in store_of(database).recent()] == ["Kept"]


def test_a_step_that_fails_undoes_all_and_can_be_tried_again(
    tmp_path: Path, next_version: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path)
    next_version(m901_colour, m902_fails)
    with pytest.raises(BugError, match="nowhere"):
        open_in(tmp_path)
    assert titles(tmp_path / NAME) == ["Kept"]
    assert len(list((tmp_path / "backups").iterdir())) == 1
    monkeypatch.undo()
    with open_in(tmp_path) as database:
        assert database.check() == ()
        assert "colour" not in dict(database.query("SELECT * FROM conversations")[0])


def test_without_a_copy_there_is_no_migration(tmp_path: Path, next_version: Callable[..., None]) -> None:
    fill(tmp_path)
    (tmp_path / "backups").write_text("a file where the folder should be")
    before = fingerprints(tmp_path)
    next_version(m901_colour)
    with pytest.raises(StorageError) as caught:
        open_in(tmp_path)
    assert caught.value.problem.code == "backup_failed"
    assert fingerprints(tmp_path) == before


def test_a_damaged_database_is_not_migrated(tmp_path: Path, next_version: Callable[..., None]) -> None:
    fill(tmp_path)
    path = tmp_path / NAME
    with closing(sqlite3.connect(path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'messages'").fetchone()[0]
    data = bytearray(path.read_bytes())
    data[(root - 1) * 4096 : root * 4096] = b"\xaa" * 4096
    path.write_bytes(data)
    next_version(m901_colour)
    with pytest.raises(StorageError) as caught:
        open_in(tmp_path)
    assert caught.value.problem.code == "database_damaged"
    assert path.read_bytes() == data
    assert list((tmp_path / "backups").iterdir()) == []


def test_the_last_five_copies_are_kept(tmp_path: Path, database: Database) -> None:
    made = []
    for number in range(7):
        with database.transaction():
            made.append(backups.make_backup(database.path, tmp_path / "backups", f"number-{number}"))
    kept = backups.list_backups(database.path, tmp_path / "backups")
    assert kept == made[:1:-1]
    assert sorted((tmp_path / "backups").iterdir()) == sorted(kept)


def test_copies_of_others_are_left_alone(tmp_path: Path, database: Database) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    for _ in range(6):
        with database.transaction():
            backups.make_backup(database.path, folder, "again")
    assert (folder / "notes.txt").read_text() == "mine"
    assert len(list(folder.iterdir())) == 6
