"""Commands in this process, which is fast; those that need a terminal, pipes or signals run as programs."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.bootstrap import main
from tests.helpers.hearing import SCRIPTED
from tests.helpers.programs import Finished

Cli = Callable[..., Finished]


@pytest.fixture
def cli(profile: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run a command in the test's profile, with the scripted model."""
    monkeypatch.setenv("CAUSERIE_BACKEND", SCRIPTED)
    # Set and deleted, so that what --offline puts there is gone after the test.
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.delenv("HF_HUB_OFFLINE")

    def run(*arguments: object, data_dir: bool = True) -> Finished:
        monkeypatch.setattr(sys, "stdin", io.StringIO(""))
        where = ["--data-dir", str(profile)] if data_dir else []
        code = main([*map(str, arguments), *where])
        printed = capsys.readouterr()
        return Finished(code, printed.out, printed.err)

    return run
