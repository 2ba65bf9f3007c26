"""Where files came from."""

import json
import logging
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from desktop_app.library.manifest import NAME, Origin, forget, origin_of, read, record, rename
from tests.helpers.stores import ROOT


def origin(number: int = 1) -> Origin:
    return Origin(
        repo="o/m",
        commit="c" * 40,
        path=f"{number}.gguf",
        sha256=f"{number:064x}",
        size=number,
        endpoint="https://hub.example",
        downloaded_at=1.5,
    )


def test_nothing_is_known_of_an_empty_or_missing_folder(tmp_path: Path) -> None:
    assert read(tmp_path) == {}
    assert read(tmp_path / "missing") == {}
    assert origin_of(tmp_path / "missing" / "m.gguf") is None


def test_what_is_recorded_is_read(tmp_path: Path) -> None:
    record(tmp_path / "a.gguf", origin(1))
    record(tmp_path / "b.gguf", origin(2))
    record(tmp_path / "a.gguf", origin(3))
    assert read(tmp_path) == {"a.gguf": origin(3), "b.gguf": origin(2)}
    assert origin_of(tmp_path / "b.gguf") == origin(2)
    assert [one.name for one in tmp_path.iterdir()] == [NAME]
    assert json.loads((tmp_path / NAME).read_text("utf-8"))["b.gguf"]["repo"] == "o/m"


def test_what_is_forgotten_is_gone_and_at_last_the_manifest(tmp_path: Path) -> None:
    record(tmp_path / "a.gguf", origin(1))
    record(tmp_path / "b.gguf", origin(2))
    forget(tmp_path / "a.gguf")
    assert read(tmp_path) == {"b.gguf": origin(2)}
    forget(tmp_path / "never.gguf")
    forget(tmp_path / "b.gguf")
    assert list(tmp_path.iterdir()) == []
    forget(tmp_path / "missing" / "m.gguf")


def test_a_renamed_file_keeps_its_origin(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    record(tmp_path / "a.gguf", origin(1))
    rename(tmp_path / "a.gguf", tmp_path / "b.gguf")
    assert read(tmp_path) == {"b.gguf": origin(1)}
    rename(tmp_path / "b.gguf", other / "c.gguf")
    assert (read(tmp_path), read(other)) == ({}, {"c.gguf": origin(1)})
    rename(tmp_path / "unknown.gguf", other / "c.gguf")
    rename(other / "c.gguf", other / "c.gguf")
    assert read(other) == {"c.gguf": origin(1)}


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[1]", b"\xff\xfe", b"null", b"[" * 100_000, b'{"a": ' * 100_000, b" " * (9 << 20)],
    ids=["empty", "cut", "list", "no text", "null", "deep list", "deep map", "huge"],
)
def test_a_damaged_manifest_is_told_of_and_replaced(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, data: bytes
) -> None:
    (tmp_path / NAME).write_bytes(data)
    with caplog.at_level(logging.WARNING):
        assert read(tmp_path) == {}
    assert "cannot be read" in caplog.text
    record(tmp_path / "a.gguf", origin())
    assert read(tmp_path) == {"a.gguf": origin()}


def test_one_damaged_entry_does_not_hide_the_others(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    record(tmp_path / "a.gguf", origin(1))
    entries = json.loads((tmp_path / NAME).read_text("utf-8"))
    entries |= {"b.gguf": {"repo": 3}, "c.gguf": {**entries["a.gguf"], "added_later": True}}
    (tmp_path / NAME).write_text(json.dumps(entries), "utf-8")
    assert read(tmp_path) == {"a.gguf": origin(1), "c.gguf": origin(1)}
    assert "'b.gguf'" in caplog.text


def test_many_writers_lose_nothing(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom desktop_app.library.manifest import Origin, record\n"
        "for number in range(20):\n"
        "    record(Path(sys.argv[1]) / f'{sys.argv[2]}-{number}', "
        "Origin(repo='o/m', commit='', path='', sha256='', size=number))\n"
    )
    others = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path), name], cwd=ROOT) for name in ("one", "two")
    ]

    def write(name: str) -> None:
        for number in range(20):
            record(tmp_path / f"{name}-{number}", origin(number))

    threads = [threading.Thread(target=write, args=(name,)) for name in ("three", "four")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [other.wait(60) for other in others] == [0, 0]
    assert len(read(tmp_path)) == 80
    assert [one.name for one in tmp_path.iterdir()] == [NAME]
