"""Files replaced whole or not at all."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.system.files import first_free, write_atomically
from tests.helpers.stores import ROOT


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to("elsewhere/file")
    write_atomically(tmp_path / "link", b"one")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "elsewhere" / "file").read_bytes() == b"one"


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    program = (
        "import resource, signal, sys\nfrom pathlib import Path\n"
        "from desktop_app.system.files import write_atomically\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nresource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n    write_atomically(Path(sys.argv[1]), b'x' * 5000)\n"
        "except OSError as error:\n    print(error.errno)\n"
    )
    path = tmp_path / "file"
    path.write_bytes(b"old")
    out = subprocess.run([sys.executable, "-c", program, path], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(out.stdout) == errno.EFBIG
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_reader_always_finds_a_whole_file(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom desktop_app.system.files import write_atomically\n"
        "print('ready', flush=True)\n"
        "for number in range(200):\n    write_atomically(Path(sys.argv[1]), b'%d' % (number % 10) * 50_000)\n"
    )
    path = tmp_path / "file"
    write_atomically(path, b"0" * 50_000)
    with subprocess.Popen([sys.executable, "-c", program, path], cwd=ROOT, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        seen = set()
        while writer.poll() is None:
            data = path.read_bytes()
            assert len(data) == 50_000
            assert len(set(data)) == 1
            seen.add(data[:1])
    assert writer.returncode == 0
    assert len(seen) > 1


def test_the_first_free_name(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    assert first_free(path, "damaged").name == "settings.json.damaged-1"
    (tmp_path / "settings.json.damaged-1").touch()
    (tmp_path / "settings.json.damaged-3").touch()
    assert first_free(path, "damaged").name == "settings.json.damaged-2"


@pytest.mark.skipif(os.name != "posix", reason="rights are those of POSIX")
def test_what_is_written_is_for_this_user_alone(tmp_path: Path) -> None:
    write_atomically(tmp_path / "file", b"mine")
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600
