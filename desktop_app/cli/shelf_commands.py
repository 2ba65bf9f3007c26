"""``main.py models list``, ``import``, ``verify``, ``delete`` and ``move``: care for the shelf from a terminal."""

from pathlib import Path

import click

from desktop_app.cli.models import models
from desktop_app.cli.options import as_json, common, print_json, profile_of
from desktop_app.cli.records import plain
from desktop_app.cli.session import Profile, running
from desktop_app.core.errors import KnownError, Problem, ShelfError
from desktop_app.core.model import ShelfModel
from desktop_app.library.care import gone
from desktop_app.services.host import Services


@models.command("list")
@as_json
@common
@click.pass_context
def list_models(context: click.Context, json_: bool, data_dir: Path | None, offline: bool) -> None:
    """List the models on this computer."""
    from desktop_app.cli import shelf_records

    with running(profile_of(context, data_dir, offline)) as session:
        found, folder = session.ask(lambda services: (services.shelf.list_now(), services.shelf.folder))
    if not folder.is_dir():
        click.echo(str(gone(folder)), err=True)
    if json_:
        print_json([shelf_records.model_record(model) for model in found])
        return
    for model in found:
        click.echo(shelf_records.model_text(model))
    if not found:
        click.echo(f"There are no models in {folder}.", err=True)


@models.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--move", is_flag=True, help="Do not keep the original.")
@as_json
@common
@click.pass_context
def import_model(
    context: click.Context, file: Path, move: bool, json_: bool, data_dir: Path | None, offline: bool
) -> None:
    """Copy the GGUF file FILE onto the shelf, with all parts of its model."""
    from desktop_app.cli.shelf_work import follow

    with running(profile_of(context, data_dir, offline)) as session:
        ended = follow(session, lambda services: services.shelf.import_file(str(file), move), "Copying")
    if ended.problem is not None:
        raise KnownError(ended.problem)
    if json_:
        print_json({"imported": ended.paths[0]})
    else:
        click.echo(ended.paths[0])


@models.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--all", "all_", is_flag=True, help="Verify all models on this computer.")
@as_json
@common
@click.pass_context
def verify(
    context: click.Context, names: tuple[str, ...], all_: bool, json_: bool, data_dir: Path | None, offline: bool
) -> None:
    """Compute the hashes of models and compare them with what their source says; exit with 1 when one differs."""
    from desktop_app.cli import shelf_records
    from desktop_app.cli.shelf_work import follow
    from desktop_app.services.shelf_events import ModelsVerified

    if bool(names) == all_:
        raise click.UsageError("Name the models to verify, or say --all.", context)
    verified: list[ModelsVerified] = []

    def hear(event: object) -> None:
        if isinstance(event, ModelsVerified):
            verified.append(event)

    def begin(services: Services) -> None:
        found = None if all_ else [services.shelf.find(name) for name in names]
        services.shelf.verify_many(found)

    with running(profile_of(context, data_dir, offline)) as session:
        ended = follow(session, begin, "Checking", hear)
    results = [one for event in verified for one in event.results]
    if json_:
        print_json([shelf_records.checked_record(one) for one in results])
    else:
        for one in results:
            click.echo(plain(one.sentence))
    for problem in {str(problem): problem for event in verified for problem in event.problems}.values():
        if problem != ended.problem:
            click.echo(str(problem), err=True)
    if ended.problem is not None:
        raise KnownError(ended.problem)


@models.command()
@click.argument("name")
@as_json
@common
@click.pass_context
def delete(context: click.Context, name: str, json_: bool, data_dir: Path | None, offline: bool) -> None:
    """Move a model to the system's trash."""
    from desktop_app.cli.shelf_work import follow

    model: list[ShelfModel] = []

    def begin(services: Services) -> None:
        model.append(services.shelf.find(name))
        services.shelf.delete(model[0].path)

    with running(profile_of(context, data_dir, offline)) as session:
        ended = follow(session, begin, "Deleting")
    if ended.problem is not None:
        raise KnownError(ended.problem)
    if json_:
        print_json({"deleted": model[0].path, "files": list(ended.paths)})
    else:
        click.echo(plain(ended.detail), err=True)


@models.command()
@click.argument("folder", type=click.Path(path_type=Path))
@as_json
@common
@click.pass_context
def move(context: click.Context, folder: Path, json_: bool, data_dir: Path | None, offline: bool) -> None:
    """Move the whole shelf to FOLDER; called again, it goes on with a move that was interrupted."""
    from desktop_app.cli.shelf_work import follow

    profile = profile_of(context, data_dir, offline)
    _require_no_window(profile)
    with running(profile) as session:
        ended = follow(session, lambda services: services.shelf.move_to(str(folder.expanduser().absolute())), "Moving")
        shelf = session.ask(lambda services: str(services.shelf.folder))
    if json_ and (ended.problem is None or ended.detail):
        print_json({"folder": shelf, "bytes": ended.size, "left": list(ended.paths)})
    if ended.problem is not None:
        raise KnownError(ended.problem)
    if not json_:
        click.echo(plain(ended.detail), err=True)


def _require_no_window(profile: Profile) -> None:
    """Refuse while a window of the profile is open: it would go on with, and save, the settings that it has read.

    Raises:
        ShelfError: ``window_open``.
    """
    from desktop_app.system.processes import identity

    try:
        first = profile.paths.lock_file.read_text(errors="replace").partition("\n")[0]
    except FileNotFoundError:
        return
    except OSError:
        first = ""  # on Windows a lock that is held may not be readable
    if not first.isdecimal() or identity(int(first)):
        sentence = "The window of Causerie is open."
        action = "Close it, or move the models in its settings."
        raise ShelfError(Problem("window_open", sentence, "Nothing was moved.", action))
