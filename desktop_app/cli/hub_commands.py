"""``main.py models search``, ``show``, ``plan`` and ``download``: the Hub from a terminal.

A person who types one of these wants to connect, so they do whatever the setting says; ``--offline`` forbids it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from desktop_app.cli.models import models
from desktop_app.cli.options import as_json, common, print_json, profile_of
from desktop_app.cli.session import Session, running
from desktop_app.core.errors import HubError, Problem
from desktop_app.core.hub import Choice, HubDetails, HubQuery, Sort, Task, find_choice, recommended

SORTS = {"trending": Sort.TRENDING, "downloads": Sort.DOWNLOADS, "likes": Sort.LIKES, "recent": Sort.RECENT}
TASKS = [task.value for task in Task if task is not Task.ANY]
_PLACE = re.compile(r"(?:https?://[^/]+/)?(?P<repo>[^/:\s]+/[^/:\s]+)(?::(?P<wanted>.+))?")


@contextmanager
def on_the_hub(context: click.Context, data_dir: Path | None, offline: bool) -> Iterator[Session]:
    """Run the services with the network allowed."""
    with running(profile_of(context, data_dir, offline)) as session:
        session.ask(lambda services: services.discover.allow_for_now())
        yield session


class _Place(click.ParamType[tuple[str, str]]):
    """``owner/name``, perhaps with ``:`` and a quantization or a file."""

    name = "repo"

    def convert(self, value: str, param: click.Parameter | None, context: click.Context | None) -> tuple[str, str]:
        match = _PLACE.fullmatch(value)
        if match is None:
            self.fail(
                f"“{value}” is not a model of the Hub; it looks like owner/name or owner/name:Q4_K_M.", param, context
            )
        return match["repo"], match["wanted"] or ""


def _chosen(details: HubDetails, wanted: str, memory_total: int) -> Choice:
    """Return the choice that a person means, or the recommended one.

    Raises:
        HubError: there is none, or more than one.
    """
    repo, choices = details.model.repo, details.choices
    if not choices:
        raise HubError(Problem("no_choice", f"{repo} has no model file that Causerie can use."))
    found = find_choice(choices, wanted) if wanted else recommended(choices, memory_total)
    if found is not None:
        return found
    names = ", ".join(dict.fromkeys(one.label for one in choices))
    if wanted:
        raise HubError(Problem("choice_unknown", f"“{wanted}” is not one file of {repo}.", action=f"It has {names}."))
    raise HubError(
        Problem(
            "nothing_fits",
            f"No file of {repo} fits into the memory of this computer.",
            action=f"Name one to have it anyway: {names}.",
        )
    )


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
@click.argument("place", metavar="REPO", type=_Place())
@as_json
@common
@click.pass_context
def show(context: click.Context, place: tuple[str, str], json_: bool, data_dir: Path | None, offline: bool) -> None:
    """Show what the Hub says of a model, and its files."""
    from desktop_app.cli import hub_records

    with on_the_hub(context, data_dir, offline) as session:
        discover = session.ask(lambda services: services.discover)
        details, memory = discover.details_now(place[0]), discover.memory_total
    if json_:
        print_json(hub_records.details_record(details, memory))
    else:
        click.echo(hub_records.details_text(details, memory))


@models.command()
@click.argument("place", metavar="REPO[:QUANT|:FILE]", type=_Place())
@as_json
@common
@click.pass_context
def plan(context: click.Context, place: tuple[str, str], json_: bool, data_dir: Path | None, offline: bool) -> None:
    """Tell what a download would fetch, what of it is there already, and whether there is room."""
    from desktop_app.cli import hub_records

    with on_the_hub(context, data_dir, offline) as session:
        discover = session.ask(lambda services: services.discover)
        details, memory = discover.details_now(place[0]), discover.memory_total
        choice = _chosen(details, place[1], memory)
        planned = session.ask(lambda services: services.downloads.plan(details, choice))
    record = hub_records.plan_record(
        planned, choice, memory, is_recommended=choice == recommended(details.choices, memory)
    )
    if json_:
        print_json(record)
    else:
        click.echo(hub_records.plan_text(record))


@models.command()
@click.argument("place", metavar="REPO[:QUANT|:FILE]", type=_Place())
@click.option("--limit", type=click.FloatRange(0, min_open=True), help="The highest speed, in MB/s.")
@as_json
@common
@click.pass_context
def download(
    context: click.Context,
    place: tuple[str, str],
    limit: float | None,
    json_: bool,
    data_dir: Path | None,
    offline: bool,
) -> int:
    """Download a model; the recommended file when none is named.

    The same command goes on where it was interrupted, by Ctrl+C or by anything else.
    """
    from desktop_app.cli.download import follow

    with on_the_hub(context, data_dir, offline) as session:
        discover = session.ask(lambda services: services.discover)
        details = discover.details_now(place[0])
        choice = _chosen(details, place[1], discover.memory_total)
        if limit is not None:
            rate = max(1, round(limit * 1e6))
            session.ask(lambda services: services.downloads.set_limit(rate))
        return follow(session, details, choice, json_)
