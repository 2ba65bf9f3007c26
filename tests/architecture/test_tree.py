"""What holds for every file of the project: no registry, no machine, one version, small modules."""

import fnmatch
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import desktop_app

ROOT = Path(__file__).resolve().parents[2]

# In pieces, so that this file does not find itself.
REGISTRIES = tuple(
    "".join(parts).encode()
    for parts in (
        ("pypi", ".org"),
        ("python", "hosted.org"),
        ("deb.", "debian.org"),
        ("npmjs", ".org"),
        ("npmjs", ".com"),
        ("conda.", "anaconda.org"),
    )
)
# Folders of the machines that this is built on; a made-up home in a test is nobody's.
MACHINE_PATHS = re.compile(rb"(?<![\w.\-/])/(?:work|root|farm)/")
LONGEST_MODULE = 400


def _files() -> Iterator[Path]:
    """Yield every file that is or could be tracked: all but what .gitignore names."""
    lines = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    ignored = [line.strip().rstrip("/") for line in lines if line.strip() and not line.startswith("#")]
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name != ".git" and not _matches(name, ignored)]
        yield from (Path(folder, name) for name in sorted(names) if not _matches(name, ignored))


def _matches(name: str, patterns: list[str]) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


def test_the_walk_sees_the_project() -> None:
    seen = {str(path.relative_to(ROOT)) for path in _files()}
    assert {"main.py", "README.md", "pyproject.toml", ".ci/run", "desktop_app/core/errors.py"} <= seen
    assert not any(name.startswith((".venv", ".git/", ".cache")) for name in seen)


def test_no_file_names_a_registry() -> None:
    found = [
        (str(path.relative_to(ROOT)), host) for path in _files() for host in REGISTRIES if host in path.read_bytes()
    ]
    assert found == []


def test_no_file_names_a_path_of_one_machine() -> None:
    found = [
        (str(path.relative_to(ROOT)), match[0])
        for path in _files()
        if path != Path(__file__)
        for match in [MACHINE_PATHS.search(path.read_bytes())]
        if match
    ]
    assert found == []


def test_the_lock_file_with_addresses_is_never_tracked() -> None:
    assert "uv.lock" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert "version" not in project["project"]
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"]["path"] == "desktop_app/__init__.py"
    quoted = re.compile(rf"""["']{re.escape(desktop_app.__version__)}["']""")
    holders = [
        str(path.relative_to(ROOT))
        for path in _files()
        if path.suffix in (".py", ".toml", ".cfg", ".json", ".xml", ".desktop")
        and quoted.search(path.read_text("utf-8"))
    ]
    assert holders == ["desktop_app/__init__.py"]


def test_modules_stay_small_and_have_a_name_of_their_own() -> None:
    modules = sorted((ROOT / "desktop_app").rglob("*.py"))
    long = {str(path.relative_to(ROOT)): lines for path in modules if (lines := _lines(path)) > LONGEST_MODULE}
    assert long == {}
    assert [str(path.relative_to(ROOT)) for path in modules if path.stem in ("utils", "util", "misc", "helpers")] == []


def _lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())
