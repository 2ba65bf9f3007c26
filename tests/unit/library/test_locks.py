"""Locks between programs."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from desktop_app.library.locks import locked
from tests.helpers.stores import ROOT, start_python

HOLDER = (
    "import sys\nfrom pathlib import Path\nfrom desktop_app.library.locks import locked\n"
    "with locked(Path(sys.argv[1]), 0):\n    print('held', flush=True)\n    sys.stdin.read()\n"
)


def held_by_another(path: Path) -> subprocess.Popen[str]:
    other = start_python(HOLDER, path)
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    return other


def test_a_lock_is_held_once_and_gone_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locked(path, 0):
        assert path.exists()
        with pytest.raises(TimeoutError), locked(path, 0):
            pass
        assert path.exists()
    assert not path.exists()
    with locked(path, 0):
        pass


def test_what_fails_inside_frees_it(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked(tmp_path / "lock", 0):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_another_program_keeps_it_until_it_ends_or_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    for end in ("close", "kill"):
        with held_by_another(path) as other:
            with pytest.raises(TimeoutError), locked(path, 0):
                pass
            if end == "kill":
                other.kill()
            other.communicate()
        with locked(path, 5):
            pass
        assert not path.exists()


def test_it_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with held_by_another(path) as other:
        threading.Timer(0.2, other.communicate).start()
        with locked(path, 30):
            assert other.wait(30) == 0


def test_never_two_at_once(tmp_path: Path) -> None:
    """The file is removed each time, which must not let in two that wait."""
    program = (
        "import sys\nfrom pathlib import Path\nfrom desktop_app.library.locks import locked\n"
        "folder = Path(sys.argv[1])\n"
        "for _ in range(60):\n    with locked(folder / 'lock', 60):\n"
        "        (folder / 'inside').open('x').close()\n        (folder / 'inside').unlink()\n"
    )
    others = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], cwd=ROOT) for _ in range(3)]
    assert [other.wait(60) for other in others] == [0, 0, 0]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), locked(tmp_path / "missing" / "lock", 0):
        pass
