"""The pinned dependency tree: how it is read, and that the four places that hold it agree."""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest
from taskkit import pins
from taskkit.console import TaskError
from taskkit.places import ROOT

HASHED = """# made by a program
Some_Thing==1.2 ; sys_platform == 'win32' \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via other
some-thing==1.3 ; sys_platform != 'win32' \\
    --hash=sha256:cc
extra[fast]==2.0 --hash=sha256:dd
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.txt"
    path.write_text(HASHED, "utf-8")
    return path


def test_entries_are_read_with_their_hashes_and_markers(file: Path) -> None:
    found = pins.read(file)
    assert [(pin.name, pin.version) for pin in found] == [
        ("some-thing", "1.2"),
        ("some-thing", "1.3"),
        ("extra", "2.0"),
    ]
    assert found[0].requirement == "Some_Thing==1.2 ; sys_platform == 'win32'"
    assert "sha256:bb" in found[0].text
    assert "via" not in found[0].text
    assert found[2].requirement == "extra[fast]==2.0"


def test_a_package_with_two_pins_is_not_taken_for_one(file: Path) -> None:
    found = pins.read(file)
    assert pins.pin_of(found, "extra").version == "2.0"
    with pytest.raises(TaskError, match="some-thing should be pinned once and is pinned 2 times"):
        pins.pin_of(found, "some-thing")


def test_an_entry_without_an_exact_version_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "loose.txt"
    file.write_text("loose>=1\n", "utf-8")
    with pytest.raises(TaskError, match="without an exact version: loose>=1"):
        pins.read(file)


def test_a_missing_file_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match="cannot be read"):
        pins.read(tmp_path / "none.txt")


def test_a_local_wheel_takes_the_place_of_the_published_hashes(file: Path, tmp_path: Path) -> None:
    wheel = tmp_path / "some_thing-1.2-py3-none-any.whl"
    wheel.write_bytes(b"wheel")
    pin = pins.read(file)[0].with_wheel(wheel)
    digest = hashlib.sha256(b"wheel").hexdigest()
    assert pin.text == f"Some_Thing==1.2 ; sys_platform == 'win32' --hash=sha256:{digest}\n"


@pytest.mark.parametrize("name", [pins.RUN_FILE, pins.DEV_FILE, pins.BUILD_FILE])
def test_every_pin_of_the_project_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    assert [pin.name for pin in pins.read(ROOT / name) if "--hash=sha256:" not in pin.text] == []


def test_the_files_and_the_constraints_hold_the_same_versions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    constraints = {_key(line) for line in project["tool"]["uv"]["constraint-dependencies"]}
    build = {_key(line) for line in project["tool"]["uv"]["build-constraint-dependencies"]}
    run, dev, tools = (
        {(pin.name, pin.version) for pin in pins.read(ROOT / name)}
        for name in (pins.RUN_FILE, pins.DEV_FILE, pins.BUILD_FILE)
    )
    assert run < dev
    assert constraints == dev | tools
    assert build == tools


def test_every_declared_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    declared = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {pins.normalized(re.split(r"[^A-Za-z0-9._-]", line)[0]) for line in declared}
    assert names <= {pin.name for pin in pins.read(ROOT / pins.DEV_FILE)}


def _key(requirement: str) -> tuple[str, str]:
    name, _, rest = requirement.partition("==")
    return pins.normalized(name.split("[")[0]), rest.split(";")[0].strip()
