"""The log of connections: whole after a crash, never longer than a thousand, the same for all threads."""

import logging
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.library.connections import KEPT, Connection, ConnectionLog


def connection(number: int, **changes: object) -> Connection:
    return replace(Connection(float(number), "hub.example", "Search", 100, 200, 200), **changes)


def test_what_is_added_is_there_in_the_next_run(tmp_path: Path) -> None:
    file = tmp_path / "data" / "connections.jsonl"
    log = ConnectionLog(file)
    log.add(connection(1, purpose="Modèle « é »"))
    log.add(connection(2, error="no route\nto host", status=0))
    assert (
        ConnectionLog(file).all()
        == log.all()
        == (
            connection(1, purpose="Modèle « é »"),
            connection(2, error="no route\nto host", status=0),
        )
    )


def test_a_connection_that_the_program_did_not_survive_is_told_of(tmp_path: Path) -> None:
    file = tmp_path / "connections.jsonl"
    log = ConnectionLog(file)
    begun, ended = connection(1, status=0, received=0), connection(2, status=0, received=0)
    for one in (begun, ended, replace(ended, status=200, received=5)):
        log.add(one)
    assert ConnectionLog(file).all() == (begun, replace(ended, status=200, received=5))


def test_progress_is_heard_but_not_written(tmp_path: Path) -> None:
    file = tmp_path / "connections.jsonl"
    log, heard = ConnectionLog(file), []
    log.add(connection(1, received=0))
    end = log.listen(heard.append)
    log.note(connection(1, received=50))
    end()
    end()
    log.note(connection(1, received=60))
    assert heard == [connection(1, received=50)]
    assert log.all() == (connection(1, received=60),)
    assert ConnectionLog(file).all() == (connection(1, received=0),)


def test_a_thousand_are_kept_in_memory_and_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "connections.jsonl"
    log = ConnectionLog(file)
    for number in range(KEPT + 20):
        log.add(connection(number))
    assert [one.time for one in log.all()] == list(range(20, KEPT + 20))
    again = ConnectionLog(file)
    assert again.all() == log.all()
    assert len(file.read_text().splitlines()) == KEPT
    again.add(connection(5000))
    assert ConnectionLog(file).all() == again.all()
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_damaged_lines_are_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "connections.jsonl"
    ConnectionLog(file).add(connection(1))
    with file.open("ab") as out:
        out.write(b'{"time": 2.0, "host"\n\xff\xfe\n[]\nnull\n{"time": "x"}\n\n')
    ConnectionLog(file).add(connection(3))
    assert ConnectionLog(file).all() == (connection(1), connection(3))


def test_a_disk_that_takes_nothing_does_not_forbid_connections(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    log = ConnectionLog(tmp_path / "file" / "connections.jsonl")
    with caplog.at_level(logging.WARNING):
        log.add(connection(1))
    assert log.all() == (connection(1),)
    assert "cannot be written" in caplog.text


def test_without_a_file_it_lives_in_memory() -> None:
    log = ConnectionLog(None)
    log.add(connection(1))
    assert log.all() == (connection(1),)


def test_threads_add_at_once(tmp_path: Path) -> None:
    file = tmp_path / "connections.jsonl"
    log = ConnectionLog(file)
    threads = [
        threading.Thread(target=lambda base=base: [log.add(connection(base + one)) for one in range(50)])
        for base in range(0, 400, 50)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.time for one in ConnectionLog(file).all()) == list(range(400))
