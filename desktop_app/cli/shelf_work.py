"""Following work on the shelf in a terminal: a line that moves, and Ctrl+C that stops the work and not the program."""

import shutil
import sys
from collections.abc import Callable

import click

from desktop_app.cli.download import duration_text
from desktop_app.cli.session import Session
from desktop_app.services.events import Event
from desktop_app.services.host import Services
from desktop_app.services.shelf_events import ShelfWorkEnded, ShelfWorkProgressed


def follow(
    session: Session,
    begin: Callable[[Services], object],
    what: str,
    hear: Callable[[Event], None] = lambda _event: None,
) -> ShelfWorkEnded:
    """Begin work and wait for its end.

    Args:
        session: the running services.
        begin: begins it; what it raises is raised here.
        what: is being done, for the line.
        hear: gets every event before the end.
    """
    line = _Line()
    session.on_interrupt = lambda: session.do(lambda services: services.shelf.stop_work())
    session.ask(begin)
    for event in session.events():
        hear(event)
        if isinstance(event, ShelfWorkProgressed):
            line.show(progress_line(what, event))
        elif isinstance(event, ShelfWorkEnded):
            line.clear()
            return event
    raise AssertionError("events do not end")


def progress_line(what: str, event: ShelfWorkProgressed) -> str:
    """Return how far work is."""
    left = f"  {duration_text(event.seconds_left)} left" if event.seconds_left is not None else ""
    return f"{what} {int(100 * event.fraction):>3} %{left}"


class _Line:
    """The line that moves; only a terminal has one."""

    def __init__(self) -> None:
        self._width = 0
        self._moves = sys.stderr.isatty()

    def show(self, text: str) -> None:
        """Draw the line anew."""
        if self._moves:
            text = text[: shutil.get_terminal_size().columns - 1]
            click.echo(f"\r{text.ljust(self._width)}", nl=False, err=True)
            self._width = len(text)

    def clear(self) -> None:
        """Remove the line."""
        if self._width:
            click.echo(f"\r{' ' * self._width}\r", nl=False, err=True)
