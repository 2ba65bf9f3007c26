"""What a person is told of a transfer."""

import errno
from pathlib import Path

import pytest

from desktop_app.core.errors import Problem
from desktop_app.library import transfer_problems
from desktop_app.library.transfer_problems import from_disk, size_text, waiting


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "transfer_no_space"),
        (errno.EDQUOT, "transfer_no_space"),
        (errno.EFBIG, "transfer_too_large"),
        (errno.EROFS, "transfer_read_only"),
        (errno.EACCES, "transfer_read_only"),
        (errno.EPERM, "transfer_read_only"),
        (errno.ENOENT, "transfer_shelf_gone"),
        (errno.ENODEV, "transfer_shelf_gone"),
        (errno.ESTALE, "transfer_shelf_gone"),
        (errno.EIO, "transfer_disk"),
        (errno.EINVAL, "transfer_disk"),
        (errno.ENAMETOOLONG, "transfer_bad_name"),
    ],
)
def test_errors_of_the_disk(tmp_path: Path, number: int, code: str) -> None:
    problem = from_disk(OSError(number, "why"), tmp_path).problem
    assert problem.code == code
    assert str(tmp_path) in problem.sentence or code == "transfer_bad_name"
    assert "why" in problem.detail or code == "transfer_bad_name"


def test_a_drive_that_is_gone_answers_with_errors(tmp_path: Path) -> None:
    assert from_disk(OSError(errno.EIO, ""), tmp_path / "away").problem.code == "transfer_shelf_gone"


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1 kB"), (4_900_000, "5 MB"), (4_940_000_000, "4.9 GB")],
)
def test_sizes(size: int, text: str) -> None:
    assert size_text(size) == text


def test_no_room_names_all_figures() -> None:
    problem = transfer_problems.no_space("m.gguf", 5 * 10**9, 2 * 10**9, 3 * 10**9, 0).problem
    assert problem.sentence == (
        "There is no room for m.gguf: it needs 5.0 GB, besides 3.0 GB for the other downloads, and 2.0 GB are free."
    )
    assert problem.kept == "Nothing was written."
    assert transfer_problems.no_space("m.gguf", 1, 0, 0, 7).problem.kept == "What has arrived is kept."


@pytest.mark.parametrize(("seconds", "words"), [(0.0, "at once"), (1.0, "in a second"), (29.6, "in 30 seconds")])
def test_a_wait_names_its_length(seconds: float, words: str) -> None:
    told = waiting(Problem("hub_timeout", "It did not answer.", action="Try again."), seconds, 0)
    assert str(told) == f"It did not answer. Causerie tries again by itself {words}."


def test_a_long_name_is_cut() -> None:
    assert len(transfer_problems.bad_name("m" * 4000, "it is too long").problem.sentence) < 200
