"""``main.py models search``, ``show``, ``plan`` and ``download``: the Hub from a terminal.

A person who types one of these wants to connect, so they do whatever the setting says; ``--offline`` forbids it.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from desktop_app.cli.models import models
from desktop_app.cli.options import as_json, common, print_json, profile_of
from desktop_app.cli.place import Place, PlaceType, chosen
from desktop_app.cli.session import Session, ending_softly, running
from desktop_app.core.errors import KnownError
from desktop_app.core.hub import HubQuery, Sort, Task, recommended
from desktop_app.library.hub_errors import cancelled

SORTS = {"trending": Sort.TRENDING, "downloads": Sort.DOWNLOADS, "likes": Sort.LIKES, "recent": Sort.RECENT}
TASKS = [task.value for task in Task if task is not Task.ANY]


@contextmanager
def on_the_hub(context: click.Context, data_dir: Path | None, offline: bool) -> Iterator[Session]:
    """Run the services with the network allowed."""
    with ending_softly(), running(profile_of(context, data_dir, offline)) as session:
        session.ask(lambda services: services.discover.allow_for_now())
        yield session


class _Speed(click.FloatRange):
    """A speed: a number that is one, which those of Python need not be."""

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> float:
        speed = float(super().convert(value, param, context))
        if not math.isfinite(speed):
            self.fail(f"{value} is not a speed.", param, context)
        return speed


@models.command()
@click.argument("text", default="")
@click.option("--author", default="", help="Only what this account of the Hub offers.")
@click.option("--sort", type=click.Choice(list(SORTS)), default="trending", show_default=True, help="What comes first.")
@click.option("--task", type=click.Choice(TASKS), default=None, help="What the model is for.")
@click.option("--licence", "--license", default="", help="Such as apache-2.0.")
@click.option("--language", default="", help="A language of two letters, such as fr.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="How many at most.")
@click.option("--fits", is_flag=True, help="Only what this computer can run, as far as names tell.")
@as_json
@common
@click.pass_context
def search(
    context: click.Context,
    text: str,
    author: str,
    sort: str,
    task: str | None,
    licence: str,
    language: str,
    limit: int,
    fits: bool,
    json_: bool,
    data_dir: Path | None,
    offline: bool,
) -> None:
    """Search the Hub for models by TEXT."""
    from desktop_app.cli import hub_records

    query = HubQuery(text, author, SORTS[sort], Task(task or ""), licence=licence, language=language, fits=fits)
    with on_the_hub(context, data_dir, offline) as session:
        discover = session.ask(lambda services: services.discover)
        found, memory = discover.search_now(query, limit), discover.memory_total
    if json_:
        print_json([hub_records.model_record(one, memory) for one in found])
        return
    for one in found:
        click.echo(hub_records.model_line(one, memory))
    if not found:
        click.echo("Nothing found.", err=True)


@models.command()
@click.argument("place", metavar="REPO", type=PlaceType())
@as_json
@common
@click.pass_context
def show(context: click.Context, place: Place, json_: bool, data_dir: Path | None, offline: bool) -> None:
    """Show what the Hub says of a model, and its files."""
    from desktop_app.cli import hub_records

    with on_the_hub(context, data_dir, offline) as session:
        discover = session.ask(lambda services: services.discover)
        details, memory = discover.details_now(place.repo, place.revision), discover.memory_total
        bandwidth = discover.bandwidth_now()
    if json_:
        print_json(hub_records.details_record(details, memory, bandwidth))
    else:
        click.echo(hub_records.details_text(details, memory, bandwidth))


@models.command()
@click.argument("place", metavar="REPO[:QUANT|:FILE]", type=PlaceType())
@as_json
@common
@click.pass_context
def plan(context: click.Context, place: Place, json_: bool, data_dir: Path | None, offline: bool) -> None:
    """Tell what a download would fetch, what of it is there already, and whether there is room."""
    from desktop_app.cli import hub_records

    with on_the_hub(context, data_dir, offline) as session:
        discover = session.ask(lambda services: services.discover)
        details, memory = discover.details_now(place.repo, place.revision), discover.memory_total
        choice = chosen(details, place.wanted, memory)
        planned = session.ask(lambda services: services.downloads.plan(details, choice))
        speed = hub_records.speed_of(details, choice, memory, discover.bandwidth_now())
    record = hub_records.plan_record(
        planned, choice, memory, speed, is_recommended=choice == recommended(details.choices, memory)
    )
    if json_:
        print_json(record)
    else:
        click.echo(hub_records.plan_text(record))


@models.command()
@click.argument("place", metavar="REPO[:QUANT|:FILE]", type=PlaceType())
@click.option("--limit", type=_Speed(0, min_open=True), help="The highest speed, in MB/s.")
@as_json
@common
@click.pass_context
def download(
    context: click.Context,
    place: Place,
    limit: float | None,
    json_: bool,
    data_dir: Path | None,
    offline: bool,
) -> int:
    """Download a model; the recommended file when none is named.

    The same command goes on where it was interrupted, by Ctrl+C or by anything else.
    """
    from desktop_app.cli.download import follow, telling_of

    telling = telling_of(json_)
    try:
        with on_the_hub(context, data_dir, offline) as session:
            discover = session.ask(lambda services: services.discover)
            details = discover.details_now(place.repo, place.revision)
            choice = chosen(details, place.wanted, discover.memory_total)
            if limit is not None:
                rate = max(1, round(limit * 1e6))
                session.ask(lambda services: services.downloads.set_limit(rate))
            return follow(session, details, choice, telling)
    except KnownError as error:
        telling.failed(error.problem)
    except KeyboardInterrupt:
        telling.failed(cancelled().problem)
    return 1
