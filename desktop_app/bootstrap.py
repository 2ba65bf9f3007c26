"""The only place that wires: arguments, paths, settings, logs, database, engine, services, window or command line."""

import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from desktop_app.cli.commands import cli
from desktop_app.cli.session import Profile
from desktop_app.core.errors import BugError, KnownError, Problem
from desktop_app.services.events import ComputerDescribed
from desktop_app.services.host import Publish, ServiceHost, Services
from desktop_app.services.loop import ServiceLoop
from desktop_app.system.paths import AppPaths, starter_model
from desktop_app.system.settings import Settings


def main(arguments: Sequence[str]) -> int:
    """Run the program and return its exit code: 0, 1 for an error, 2 for wrong usage."""
    # Without any handler Python would print log lines, tracebacks among them, to the terminal.
    logging.getLogger().addHandler(logging.NullHandler())
    opened: list[AppPaths] = []

    def wire(data_dir: Path | None, offline: bool) -> Profile:
        profile = _wire(data_dir, offline)
        opened.append(profile.paths)
        return profile

    try:
        result = cli.main(list(arguments), prog_name="causerie", standalone_mode=False, obj=wire)
    except Exception as error:
        return _ended_by(error, opened[0] if opened else None)
    return result if isinstance(result, int) else 0


def _ended_by(error: Exception, paths: AppPaths | None) -> int:
    """Tell why a command ended, and return its exit code. ``paths`` are of the profile, once it is open."""
    import click

    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, click.Abort):
        return 1
    if isinstance(error, KnownError):
        problem = error.problem
    elif paths is None:
        raise error
    else:
        if not isinstance(error, BugError):  # of which the services have written the report
            from desktop_app.system.logs import report

            report(error, paths)
        problem = Problem(
            "bug",
            "Something went wrong inside Causerie itself.",
            "What was written is kept.",
            f"A report lies in {paths.crashes_dir}.",
        )
    print(problem, file=sys.stderr)  # noqa: T201 - the command line's own way to speak
    return 1


def _wire(data_dir: Path | None, offline: bool) -> Profile:
    """Open a profile: its folders, settings and log; nothing else yet."""
    paths = AppPaths.under(data_dir) if data_dir is not None else AppPaths.for_user()
    paths.ensure()
    settings, problem = Settings.load(paths.settings_file)
    if offline:
        os.environ["HF_HUB_OFFLINE"] = "1"
    return Profile(
        paths=paths,
        settings=settings,
        problems=(problem,) if problem is not None else (),
        make_host=lambda publish: make_host(paths, publish, os.environ.get("CAUSERIE_BACKEND")),
        open_window=_open_window,
    )


def make_host(paths: AppPaths, publish: Publish, backend: str | None = None) -> ServiceHost:
    """Make the host of a profile's services.

    Args:
        paths: of the profile.
        publish: hears the services.
        backend: dotted name of another module to run the model, for trying faults on purpose; llama.cpp by default.
    """

    def open_services(loop: ServiceLoop, publish: Publish) -> Services:
        return _open_services(paths, backend, loop, publish)

    def report(error: BaseException) -> str:
        from desktop_app.system.logs import report as write_report

        return write_report(error, paths)

    return ServiceHost(open_services, publish, report)


def _open_services(paths: AppPaths, backend: str | None, loop: ServiceLoop, publish: Publish) -> Services:
    """Open the database and make the services; on their thread."""
    from desktop_app.inference.engine import LLAMA, Engine
    from desktop_app.library.shelf import Shelf
    from desktop_app.services.chat_service import ChatService
    from desktop_app.services.history_service import HistoryService
    from desktop_app.services.model_service import EngineEvent, ModelService
    from desktop_app.storage.conversations import Conversations
    from desktop_app.storage.database import open_database
    from desktop_app.system.hardware import describe_hardware
    from desktop_app.system.processes import identity, is_alive

    database = open_database(paths.database, paths.backups_dir)
    store = Conversations(database, owner=identity(), owner_alive=is_alive)
    store.recover()

    def make_engine(hear: "EngineEvent") -> Engine:
        return Engine(paths.engine_log, lambda event: loop.post(lambda: hear(event)), backend or LLAMA)

    models = ModelService(make_engine, Shelf(paths.models_dir, starter_model()), publish)
    chat = ChatService(store, models, loop, publish)

    loop.post(lambda: publish(ComputerDescribed(describe_hardware())))

    def close() -> None:
        chat.close()
        models.close()
        database.close()

    return Services(chat=chat, models=models, history=HistoryService(store, chat, loop, publish), close=close)


def _open_window(profile: Profile, file: str) -> int:
    """Open the window; 1 with a sentence when the system lacks what it needs."""
    from desktop_app.system.display import display_problem
    from desktop_app.system.libraries import Part, import_problem, libraries_problem, missing_libraries

    if sys.platform.startswith("linux"):
        problem = libraries_problem(missing_libraries({Part.WINDOW})) or display_problem(os.environ)
        if problem is not None:
            raise KnownError(problem)
    try:
        from desktop_app.ui.application import run_window
    except ImportError as error:
        known: Problem | None = import_problem(error)
        if known is None:
            raise
        raise KnownError(known) from error
    return run_window(profile.paths, profile.settings, profile.make_host, profile.problems, file)
