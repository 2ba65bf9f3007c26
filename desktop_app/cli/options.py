"""What the commands share: their common options, the profile that these name, and JSON for programs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from desktop_app.cli.session import Profile

Wire = Callable[[Path | None, bool], Profile]


def common(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that every command takes."""
    command = click.option("--offline", is_flag=True, help="Open no network connection.")(command)
    return click.option(
        "--data-dir",
        type=click.Path(path_type=Path, file_okay=False),
        help="A folder that holds a whole separate profile.",
    )(command)


def as_json(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option --json."""
    return click.option("--json", "json_", is_flag=True, help="Print JSON, for programs.")(command)


def profile_of(context: click.Context, data_dir: Path | None, offline: bool) -> Profile:
    """Open the profile that the options of the command, or of those above it, name."""
    above = context.parent
    while above is not None:
        data_dir = data_dir or above.params.get("data_dir")
        offline = offline or bool(above.params.get("offline"))
        above = above.parent
    wire: Wire = context.find_root().obj
    profile = wire(data_dir, offline)
    for problem in profile.problems:
        click.echo(str(problem), err=True)
    return profile


def print_json(value: Any) -> None:
    """Print a value as one line of JSON."""
    click.echo(json.dumps(value, ensure_ascii=False))
