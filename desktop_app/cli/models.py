"""The group ``main.py models``; the modules that import it hang their commands on it."""

from collections.abc import Callable
from pathlib import Path

import click

from desktop_app.cli.options import common


class LaterGroup(click.Group):
    """A group whose commands are imported when one of them is asked for.

    The window's start does not pay for them and for what they import: some 40 ms of it, measured.

    Attributes:
        bring: imports the modules that hang their commands on the group.
    """

    bring: Callable[[], None] | None = None

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of the commands."""
        self._fill()
        return super().list_commands(context)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Return a command."""
        self._fill()
        return super().get_command(context, name)

    def _fill(self) -> None:
        bring, self.bring = self.bring, None
        if bring is not None:
            bring()


@click.group(cls=LaterGroup)
@common
def models(data_dir: Path | None, offline: bool) -> None:
    """Find models on the Hub, download them, and keep those on this computer."""
