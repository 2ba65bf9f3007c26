"""Where things lie."""

import dataclasses
import stat
import sys
from pathlib import Path

import pytest

from desktop_app.core.errors import StorageError
from desktop_app.system.paths import AppPaths, resources_dir, starter_model

PLACES = (
    "data_dir",
    "config_dir",
    "log_dir",
    "cache_dir",
    "models_dir",
    "backups_dir",
    "crashes_dir",
    "database",
    "settings_file",
    "program_log",
    "engine_log",
    "lock_file",
)


def test_a_separate_profile_is_wholly_below_its_folder(tmp_path: Path) -> None:
    paths = AppPaths.under(tmp_path / "été ☀")
    for name in PLACES:
        assert getattr(paths, name).is_relative_to(tmp_path / "été ☀"), name
    assert len({getattr(paths, name) for name in PLACES}) == len(PLACES)
    assert not (tmp_path / "été ☀").exists()  # asking creates nothing


def test_a_profile_may_be_named_relatively(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert AppPaths.under(Path("mine")) == AppPaths.under(tmp_path / "mine")
    assert AppPaths.under(Path("~/mine")).data_dir == tmp_path / "home" / "mine"


@pytest.mark.skipif(sys.platform != "linux", reason="the variables are those of Linux")
def test_the_user_s_folders_are_those_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    paths = AppPaths.for_user()
    assert paths.database == tmp_path / "DATA" / "causerie" / "causerie.sqlite3"
    assert paths.settings_file == tmp_path / "CONFIG" / "causerie" / "settings.json"
    assert paths.engine_log.is_relative_to(tmp_path / "STATE" / "causerie")
    assert paths.cache_dir == tmp_path / "CACHE" / "causerie"


def test_folders_are_made_for_this_user_alone(tmp_path: Path) -> None:
    paths = AppPaths.under(tmp_path / "profile")
    paths.ensure()
    for folder in (paths.data_dir, paths.config_dir, paths.log_dir, paths.models_dir, paths.crashes_dir):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    paths.ensure()


@pytest.mark.parametrize("what", ["file in the way", "file above"])
def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, what: str) -> None:
    (tmp_path / "profile").write_text("mine")
    folder = tmp_path / "profile" if what == "file in the way" else tmp_path / "profile" / "deeper"
    with pytest.raises(StorageError) as caught:
        AppPaths.under(folder).ensure()
    problem = caught.value.problem
    assert problem.code == "folder_not_created"
    assert str(folder) in problem.sentence
    assert problem.action
    assert (tmp_path / "profile").read_text() == "mine"


def test_each_profile_has_its_own_short_socket_name(tmp_path: Path) -> None:
    deep = AppPaths.under(tmp_path / ("deep" * 60))
    assert len(deep.instance_name) == 25
    assert deep.instance_name != AppPaths.under(tmp_path).instance_name
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert AppPaths.under(tmp_path / "link").instance_name == AppPaths.under(tmp_path / "real").instance_name


def test_paths_cannot_be_changed(paths: AppPaths) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        paths.data_dir = Path("/elsewhere")  # type: ignore[misc]


def test_resources_are_beside_the_package_or_in_the_frozen_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert resources_dir() == Path(__file__).parents[3] / "resources"
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resources_dir() == tmp_path / "resources"
    assert starter_model() == tmp_path / "resources" / "starter" / "causerie-starter-Q8_0.gguf"
