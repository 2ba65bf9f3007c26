"""Replies of programs that died, told from those of programs that live."""

import random
import signal
import time
from pathlib import Path

import pytest

from desktop_app.core.conversation import MessageState, Role
from desktop_app.core.errors import UsageError
from desktop_app.storage.conversations import Conversations
from desktop_app.storage.database import Database
from tests.helpers.stores import open_in, start_python, store_of

STREAMER = """
import sys
from pathlib import Path
from tests.helpers.stores import open_in, store_of
store = store_of(open_in(Path(sys.argv[1])))
reply = store.begin_reply(1, 1)
store.append_reply(reply.id, "from the other window")
print(reply.id)
sys.stdin.readline()
store.append_reply(reply.id, ", to its end")
store.finish_reply(reply.id)
print("finished")
"""


def test_a_reply_of_another_living_program_is_left_alone_until_it_dies(tmp_path: Path) -> None:
    with open_in(tmp_path) as database:
        store = store_of(database)
        store.add_message(store.create("One").id, None, Role.USER, "hello")
        with start_python(STREAMER, tmp_path) as first, start_python(STREAMER, tmp_path) as second:
            assert first.stdout is not None
            assert second.stdout is not None
            finishing, dying = int(first.stdout.readline()), int(second.stdout.readline())
            assert store.recover() == []
            assert store.message(finishing).state is MessageState.STREAMING
            with pytest.raises(UsageError):
                store.continue_reply(finishing)
            second.kill()
            second.wait()
            assert store.recover() == [dying]
            first.communicate("\n")
        lost, whole = store.message(dying), store.message(finishing)
        assert (lost.state, lost.content) == (MessageState.INTERRUPTED, "from the other window")
        assert (whole.state, whole.content) == (MessageState.COMPLETE, "from the other window, to its end")
        assert {hit.message_id for hit in store.search("window")} == {dying, finishing}
        assert store.recover() == []
        assert store.continue_reply(dying).state is MessageState.STREAMING


def test_our_own_reply_is_left_alone(database: Database) -> None:
    store = Conversations(database, owner="1:me", owner_alive=lambda owner: False)
    reply = store.begin_reply(store.create().id, None)
    assert store.recover() == []
    assert store.message(reply.id).state is MessageState.STREAMING


def test_a_reply_without_a_known_owner_is_recovered(database: Database, store: Conversations) -> None:
    conversation = store.create()
    for _ in range(2):
        store.begin_reply(conversation.id, None)
    with database.transaction() as connection:
        connection.execute("UPDATE messages SET owner = NULL WHERE id = 1")
        connection.execute("UPDATE messages SET owner = 'nonsense' WHERE id = 2")
    assert store.recover() == [1, 2]


def test_a_reply_taken_for_dead_still_comes_to_its_end(database: Database, store: Conversations) -> None:
    """Whatever another program believed of us: what we go on writing is kept, and found."""
    reply = store.begin_reply(store.create().id, None)
    store.append_reply(reply.id, "still ")
    other = Conversations(database, owner="1:other", owner_alive=lambda owner: False)
    assert other.recover() == [reply.id]
    store.append_reply(reply.id, "alive")
    assert [hit.message_id for hit in store.search("alive")] == [reply.id]
    assert store.finish_reply(reply.id).state is MessageState.COMPLETE
    with database.transaction() as connection:
        connection.execute("INSERT INTO messages_fts (messages_fts) VALUES ('integrity-check')")


WRITER = """
import sys
from pathlib import Path
from tests.helpers.stores import open_in, store_of
from desktop_app.core.conversation import Role
store = store_of(open_in(Path(sys.argv[1])))
store.recover()
recent = store.recent(1)
conversation = recent[0] if recent else store.create("Written until killed")
leaf = conversation.leaf_id
while True:
    message = store.add_message(conversation.id, leaf, Role.USER, f"question after {leaf}")
    print("message", message.id, flush=True)
    reply = store.begin_reply(conversation.id, message.id)
    print("reply", reply.id, flush=True)
    for piece in range(20):
        store.append_reply(reply.id, f"piece{piece} ", f"thought{piece} ")
        print("piece", reply.id, piece, flush=True)
    store.finish_reply(reply.id)
    print("finished", reply.id, flush=True)
    leaf = reply.id
"""
ROUNDS = 20


def test_a_program_killed_at_any_moment_loses_nothing_it_had_committed(tmp_path: Path) -> None:
    """SIGKILL after a random number of lines and a random moment more; what the lines say must be there."""
    generator = random.Random(20)
    said: dict[int, int] = {}  # the pieces that a reply said it had written
    messages: set[int] = set()
    finished: set[int] = set()
    for _ in range(ROUNDS):
        with start_python(WRITER, tmp_path) as writer:
            assert writer.stdout is not None
            lines = [writer.stdout.readline() for _ in range(generator.randint(1, 60))]
            moment = time.perf_counter() + generator.random() * 0.01
            while time.perf_counter() < moment:
                pass  # the moment itself is what is random; nothing is waited for
            writer.send_signal(signal.SIGKILL)
            lines += writer.stdout.readlines()
            writer.wait()
        for line in lines:
            if not line.endswith("\n"):
                continue  # cut by the kill
            kind, number, *piece = line.split()
            if kind == "message":
                messages.add(int(number))
            elif kind == "reply":
                said[int(number)] = 0
            elif kind == "piece":
                said[int(number)] = int(piece[0]) + 1
            elif kind == "finished":
                finished.add(int(number))
        with open_in(tmp_path) as database:
            check(database, messages, said, finished)
    assert len(said) > ROUNDS
    assert len(finished) < len(said)


def check(database: Database, messages: set[int], said: dict[int, int], finished: set[int]) -> None:
    store = store_of(database)
    store.recover()
    assert database.check() == ()
    tree = store.tree(1)
    assert messages | set(said) <= set(tree.messages)
    for reply_id, pieces in said.items():
        reply = tree[reply_id]
        written = reply.content.split()
        assert written == [f"piece{number}" for number in range(len(written))]
        assert reply.reasoning.split() == [f"thought{number}" for number in range(len(written))]
        # One more may be committed than could be said before the end.
        assert len(written) in (pieces, pieces + 1)
        assert reply.state in (MessageState.COMPLETE, MessageState.INTERRUPTED)
        if reply_id in finished:
            assert reply.state is MessageState.COMPLETE
    with database.transaction() as connection:
        connection.execute("INSERT INTO messages_fts (messages_fts) VALUES ('integrity-check')")


CREATOR = """
import itertools, sqlite_utils, sys
from pathlib import Path
from tests.helpers.stores import open_in
for number in itertools.count():
    folder = Path(sys.argv[1]) / str(number)
    folder.mkdir()
    print(number, flush=True)
    open_in(folder).close()
"""


def test_a_program_killed_while_it_creates_a_database_leaves_one_that_opens(tmp_path: Path) -> None:
    generator = random.Random(5)
    unfinished = 0
    for round_number in range(5):
        folder = tmp_path / str(round_number)
        folder.mkdir()
        with start_python(CREATOR, folder) as creator:
            assert creator.stdout is not None
            for _ in range(generator.randint(1, 4)):
                creator.stdout.readline()
            moment = time.perf_counter() + generator.random() * 0.03
            while time.perf_counter() < moment:
                pass
            creator.kill()
            creator.wait()
        last = max(folder.iterdir(), key=lambda path: int(path.name))
        unfinished += not (last / "causerie.sqlite3").exists() or (last / "causerie.sqlite3-wal").exists()
        with open_in(last) as database:
            assert database.check() == ()
            assert store_of(database).create("works").id == 1
    assert unfinished
