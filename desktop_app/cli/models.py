"""The group ``main.py models``; the modules that import it hang their commands on it."""

from pathlib import Path

import click

from desktop_app.cli.options import common


@click.group()
@common
def models(data_dir: Path | None, offline: bool) -> None:
    """Find models on the Hub, download them, and keep those on this computer."""
