"""A profile for each test."""

from pathlib import Path

import pytest

from desktop_app.system.paths import AppPaths


@pytest.fixture
def paths(tmp_path: Path) -> AppPaths:
    paths = AppPaths.under(tmp_path / "profile")
    paths.ensure()
    return paths
