"""Windows for tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.helpers.window import OpenWindow, open_window


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """Return the folder of a profile."""
    return tmp_path / "profile"


@pytest.fixture
def opened(qtbot: QtBot, profile: Path) -> Iterator[Callable[..., OpenWindow]]:
    """Open windows on the profile; what is still open at the end is closed."""
    windows: list[OpenWindow] = []

    def open_(**options: str | int) -> OpenWindow:
        one = open_window(qtbot, profile, **options)  # type: ignore[arg-type]
        windows.append(one)
        return one

    yield open_
    for one in windows:
        one.close()
