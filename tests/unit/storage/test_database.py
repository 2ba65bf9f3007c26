"""Opening: what is made, what is refused, and that a refused file stays as it was."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from desktop_app.core.conversation import Role
from desktop_app.core.errors import BugError, StorageError
from desktop_app.storage import migrations
from desktop_app.storage.database import APPLICATION_ID, Database
from tests.helpers.stores import ROOT, fingerprints, open_in, start_python, store_of

NAME = "causerie.sqlite3"


def refusal(folder: Path, busy_seconds: float = 5.0) -> str:
    """Open what must be refused; check that it says all it should and return the code."""
    with pytest.raises(StorageError) as caught:
        open_in(folder, busy_seconds=busy_seconds).close()
    problem = caught.value.problem
    assert problem.sentence.endswith(".")
    assert problem.kept.endswith(".")
    assert problem.action.endswith(".")
    return problem.code


def fill(folder: Path, words: str = "bonjour", messages: int = 1) -> None:
    with open_in(folder) as database:
        store = store_of(database)
        conversation = store.create("One")
        parent = None
        for _ in range(messages):
            parent = store.add_message(conversation.id, parent, Role.USER, words).id


def value(database: Database, pragma: str) -> object:
    return database.query(f"PRAGMA {pragma}")[0][0]


def test_a_new_database_is_ours_private_and_careful(tmp_path: Path) -> None:
    with open_in(tmp_path) as database:
        assert value(database, "journal_mode") == "wal"
        assert value(database, "foreign_keys") == 1
        assert value(database, "application_id") == APPLICATION_ID
        assert value(database, "user_version") == migrations.SCHEMA_VERSION
        assert database.check() == ()
        assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    assert [path.name for path in tmp_path.iterdir()] == [NAME]  # neither log nor needless backup


def test_a_transaction_waits_for_the_disk_unless_told_otherwise(database: Database) -> None:
    with database.transaction():
        assert value(database, "synchronous") == 2  # FULL
    with database.transaction(durable=False):
        assert value(database, "synchronous") == 1  # NORMAL
    with database.transaction():
        assert value(database, "synchronous") == 2


def test_a_transaction_that_fails_changes_nothing(database: Database) -> None:
    store = store_of(database)
    conversation = store.create("before")

    def fail() -> None:
        with database.transaction() as connection:
            connection.execute("UPDATE conversations SET title = 'after'")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.get(conversation.id).title == "before"


def test_our_own_mistakes_are_bugs(database: Database) -> None:
    with pytest.raises(BugError, match="no such table"):
        database.query("SELECT * FROM missing")


def test_opening_again_finds_everything(tmp_path: Path) -> None:
    fill(tmp_path)
    with open_in(tmp_path) as database:
        assert [conversation.title for conversation in store_of(database).recent()] == ["One"]
    assert not (tmp_path / "backups").exists()


def test_opening_an_up_to_date_database_does_not_import_sqlite_utils(tmp_path: Path) -> None:
    fill(tmp_path)
    program = (
        "import sys\nfrom pathlib import Path\nfrom tests.helpers.stores import open_in\n"
        "open_in(Path(sys.argv[1])).close()\nprint('sqlite_utils' in sys.modules, 'numpy' in sys.modules)"
    )
    out = subprocess.run(
        [sys.executable, "-c", program, tmp_path], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert out.split() == ["False", "False"]


@pytest.mark.parametrize(
    "change",
    [
        f"PRAGMA user_version = {migrations.SCHEMA_VERSION + 1}",
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('desktop_app', 'm999_new', '')",
    ],
)
def test_a_newer_schema_is_refused_and_untouched(tmp_path: Path, change: str) -> None:
    fill(tmp_path)
    with closing(sqlite3.connect(tmp_path / NAME)) as connection, connection:
        connection.execute(change)
    before = fingerprints(tmp_path)
    assert refusal(tmp_path) == "database_newer"
    assert fingerprints(tmp_path) == before


def test_a_newer_schema_that_is_still_in_the_log_is_refused_and_untouched(tmp_path: Path) -> None:
    fill(tmp_path)
    killed = "import os, sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\nc.execute('PRAGMA user_version = 99')\n"
    subprocess.run([sys.executable, "-c", f"{killed}os._exit(0)", tmp_path / NAME], check=True)
    assert (tmp_path / f"{NAME}-wal").stat().st_size
    before = fingerprints(tmp_path)
    assert refusal(tmp_path) == "database_newer"
    after = fingerprints(tmp_path)
    # The index of the log (-shm) is memory that the readers share; it holds nothing of the data.
    for files in (before, after):
        files.pop(f"{NAME}-shm", None)
    assert after == before


def test_the_log_of_a_killed_program_is_read(tmp_path: Path) -> None:
    fill(tmp_path)
    killed = (
        "import os, sys\nfrom pathlib import Path\nfrom tests.helpers.stores import open_in, store_of\n"
        "store_of(open_in(Path(sys.argv[1]))).create('from the log')\nos._exit(0)"
    )
    subprocess.run([sys.executable, "-c", killed, tmp_path], cwd=ROOT, check=True)
    assert (tmp_path / f"{NAME}-wal").stat().st_size
    with open_in(tmp_path) as database:
        assert {conversation.title for conversation in store_of(database).recent()} == {"One", "from the log"}


def test_a_database_of_another_program_is_refused_and_untouched(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / NAME)) as connection, connection:
        connection.execute("CREATE TABLE songs (name)")
    before = fingerprints(tmp_path)
    assert refusal(tmp_path) == "database_foreign"
    assert fingerprints(tmp_path) == before


@pytest.mark.parametrize("data", [b"Dear diary,\n" * 500, b"SQLite format 3\0" + b"\xff" * 5000, b"\0" * 8192])
def test_a_file_that_is_no_database_is_refused_and_untouched(tmp_path: Path, data: bytes) -> None:
    (tmp_path / NAME).write_bytes(data)
    before = fingerprints(tmp_path)
    assert refusal(tmp_path) == "database_damaged"
    assert fingerprints(tmp_path) == before


def test_a_truncated_database_is_refused_and_untouched(tmp_path: Path) -> None:
    fill(tmp_path, messages=100)
    path = tmp_path / NAME
    path.write_bytes(path.read_bytes()[:3000])
    before = fingerprints(tmp_path)
    assert refusal(tmp_path) == "database_damaged"
    assert fingerprints(tmp_path) == before


def test_damage_deep_inside_is_told_when_it_is_met(tmp_path: Path) -> None:
    fill(tmp_path, words="many words " * 200, messages=100)
    path = tmp_path / NAME
    data = bytearray(path.read_bytes())
    with closing(sqlite3.connect(path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'messages'").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    data[(root - 1) * size : root * size] = b"\xaa" * size
    path.write_bytes(data)
    with open_in(tmp_path) as database:
        store = store_of(database)
        with pytest.raises(StorageError) as caught:
            store.tree(1)
        assert caught.value.problem.code == "database_damaged"
        assert caught.value.problem.detail
        assert database.check()
        with pytest.raises(StorageError):
            store.add_message(1, None, Role.USER, "on damaged ground")
    assert path.read_bytes() == data


def test_a_log_without_its_database_is_not_thrown_away(tmp_path: Path) -> None:
    fill(tmp_path)
    killed = (
        "import os, sys\nfrom pathlib import Path\nfrom tests.helpers.stores import open_in, store_of\n"
        "store_of(open_in(Path(sys.argv[1]))).create('from the log')\nos._exit(0)"
    )
    subprocess.run([sys.executable, "-c", killed, tmp_path], cwd=ROOT, check=True)
    (tmp_path / NAME).unlink()
    before = fingerprints(tmp_path)
    assert refusal(tmp_path) == "database_damaged"
    assert fingerprints(tmp_path) == before


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    (tmp_path / NAME).touch()
    fill(tmp_path)
    with open_in(tmp_path) as database:
        assert len(store_of(database).recent()) == 1


HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute(sys.argv[2])
connection.execute("BEGIN EXCLUSIVE")
print("held")
sys.stdin.readline()
"""


@pytest.mark.parametrize("mode", ["PRAGMA locking_mode = EXCLUSIVE", "PRAGMA locking_mode = NORMAL"])
def test_a_locked_database_is_told_after_the_wait_and_opens_once_free(tmp_path: Path, mode: str) -> None:
    fill(tmp_path)
    with start_python(HOLDER, tmp_path / NAME, mode) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        before = fingerprints(tmp_path)
        assert refusal(tmp_path, busy_seconds=0.1) == "database_locked"
        assert fingerprints(tmp_path)[NAME] == before[NAME]
        holder.communicate("\n")
    with open_in(tmp_path) as database:
        assert len(store_of(database).recent()) == 1


def test_a_lock_that_comes_later_stops_one_change_and_not_the_next(tmp_path: Path) -> None:
    with open_in(tmp_path, busy_seconds=0.1) as database:
        store = store_of(database)
        conversation = store.create("mine")
        with start_python(HOLDER, tmp_path / NAME, "PRAGMA locking_mode = NORMAL") as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            with pytest.raises(StorageError) as caught:
                store.rename(conversation.id, "yours")
            assert caught.value.problem.code == "database_locked"
            assert store.get(conversation.id).title == "mine"
            holder.communicate("\n")
        assert store.rename(conversation.id, "ours").title == "ours"


AS_NOBODY = """
import os, sys
from pathlib import Path
os.chdir(sys.argv[2])
import tests.helpers.stores as stores
from desktop_app.core.errors import StorageError
import sqlite_utils
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    stores.open_in(Path(sys.argv[1])).close()
    print("opened")
except StorageError as error:
    print(error.problem.code)
"""


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that any user may enter: pytest's own is closed to others, and root would ignore the rights."""
    folder = Path(tempfile.mkdtemp(prefix="causerie-"))
    folder.chmod(0o777)
    yield folder
    folder.chmod(0o700)
    shutil.rmtree(folder)


def opened_as_nobody(folder: Path) -> str:
    if os.geteuid() == 0:
        for path in folder.iterdir():
            os.chown(path, 65534, 65534)
    program = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, folder, ROOT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return program.stdout.strip()


def test_another_user_can_open_when_nothing_forbids_it(public_folder: Path) -> None:
    fill(public_folder)
    assert opened_as_nobody(public_folder) == "opened"


def test_a_read_only_file_is_told_and_untouched(public_folder: Path) -> None:
    fill(public_folder)
    (public_folder / NAME).chmod(0o444)
    before = fingerprints(public_folder)
    assert opened_as_nobody(public_folder) == "database_read_only"
    assert fingerprints(public_folder)[NAME] == before[NAME]


def test_a_file_that_may_not_be_read_is_told_and_untouched(public_folder: Path) -> None:
    fill(public_folder)
    before = fingerprints(public_folder)
    (public_folder / NAME).chmod(0)
    assert opened_as_nobody(public_folder) == "database_read_only"
    (public_folder / NAME).chmod(0o600)
    assert fingerprints(public_folder) == before


@pytest.mark.parametrize("filled", [True, False])
def test_a_read_only_folder_is_told_and_untouched(public_folder: Path, filled: bool) -> None:
    if filled:
        fill(public_folder)
    before = fingerprints(public_folder)
    public_folder.chmod(0o555)
    assert opened_as_nobody(public_folder) == "database_read_only"
    assert fingerprints(public_folder) == before


def test_a_full_disk_stops_a_change_and_keeps_what_was_there(database: Database) -> None:
    store = store_of(database)
    conversation = store.create("kept")
    kept = store.add_message(conversation.id, None, Role.USER, "kept")
    reply = store.begin_reply(conversation.id, kept.id)
    store.append_reply(reply.id, "a beginning")
    pages = value(database, "page_count")
    database.query(f"PRAGMA max_page_count = {pages}")  # SQLITE_FULL, as from a disk without a free block
    with pytest.raises(StorageError) as caught:
        store.add_message(conversation.id, reply.id, Role.USER, "x" * 100_000)
    assert caught.value.problem.code == "disk_full"
    with pytest.raises(StorageError):
        store.append_reply(reply.id, "x" * 100_000)
    assert list(store.tree(conversation.id).messages) == [kept.id, reply.id]
    assert store.message(reply.id).content == "a beginning"
    assert store.get(conversation.id).leaf_id == reply.id
    database.query("PRAGMA max_page_count = 1000000")  # space was made
    store.append_reply(reply.id, " and an end")
    assert store.finish_reply(reply.id).content == "a beginning and an end"
    assert database.check() == ()


ON_A_FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from desktop_app.core.conversation import Role
from desktop_app.core.errors import StorageError
from tests.helpers.stores import open_in, store_of
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
store = store_of(open_in(Path(sys.argv[1])))
conversation = store.create("One")
count = 0
try:
    while True:
        store.add_message(conversation.id, None, Role.USER, "word " * 1000)
        count += 1
except StorageError as error:
    print(count, error.problem.code, len(store.tree(conversation.id)))
"""


def test_a_file_that_cannot_grow_keeps_every_committed_message(tmp_path: Path) -> None:
    out = subprocess.run(
        [sys.executable, "-c", ON_A_FULL_DISK, tmp_path], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    count, code, seen = out.split()
    assert code in ("disk_full", "disk_failed")  # the limit is an error of its own, EFBIG, not ENOSPC
    assert count == seen
    assert int(count) > 10
    with open_in(tmp_path) as database:
        assert len(store_of(database).tree(1)) == int(count)
        assert database.check() == ()


def test_a_disk_too_full_to_open_is_told(tmp_path: Path) -> None:
    fill(tmp_path)
    program = (
        "import resource, signal, sys\nfrom pathlib import Path\nfrom desktop_app.core.errors import StorageError\n"
        "from tests.helpers.stores import open_in\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nresource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "try:\n    open_in(Path(sys.argv[1]))\n"
        "except StorageError as error:\n    print(error.problem.code, file=sys.stderr)\n"
    )
    before = fingerprints(tmp_path)
    told = subprocess.run(
        [sys.executable, "-c", program, tmp_path], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stderr.strip() in ("disk_full", "disk_failed")  # as above: the limit is not quite a full disk
    assert fingerprints(tmp_path)[NAME] == before[NAME]
    with open_in(tmp_path) as database:
        assert len(store_of(database).recent()) == 1


def test_several_programs_may_create_the_database_at_once(tmp_path: Path) -> None:
    program = (
        "import sqlite_utils, sys\nfrom pathlib import Path\nfrom tests.helpers.stores import open_in, store_of\n"
        "print('ready')\nsys.stdin.readline()\nstore_of(open_in(Path(sys.argv[1]))).create('from each')"
    )
    several = [start_python(program, tmp_path) for _ in range(4)]
    for one in several:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in several:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    for one in several:
        one.communicate()
        assert one.returncode == 0
    with open_in(tmp_path) as database:
        assert len(store_of(database).recent()) == 4
        assert value(database, "user_version") == migrations.SCHEMA_VERSION
    assert not (tmp_path / "backups").exists()
