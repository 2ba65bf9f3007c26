"""The only place that wires: arguments, paths, settings, logs, database, engine, services, window or command line."""

import itertools
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.cli.commands import cli
from desktop_app.cli.session import Profile
from desktop_app.core.errors import BugError, KnownError, Problem
from desktop_app.core.hub import HubDetails
from desktop_app.services.events import ComputerDescribed, Event, ModelChanged, ModelState
from desktop_app.services.host import Publish, ServiceHost, Services
from desktop_app.services.loop import ServiceLoop
from desktop_app.system.paths import AppPaths, resources_dir, starter_model
from desktop_app.system.settings import Settings, Value

if TYPE_CHECKING:  # made on the services' thread, and imported there
    from desktop_app.library.hub_session import HubSession
    from desktop_app.library.queue_file import QueueFile
    from desktop_app.library.shelf import Shelf
    from desktop_app.services.download_service import DownloadService
    from desktop_app.services.model_service import ModelService
    from desktop_app.services.network import TokenHolder
    from desktop_app.services.shelf_neighbours import Neighbours

_hosts = itertools.count(1)


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
        make_host=lambda publish: make_host(
            paths, publish, os.environ.get("CAUSERIE_BACKEND"), settings, resume_downloads=False
        ),
        open_window=_open_window,
    )


def make_host(
    paths: AppPaths,
    publish: Publish,
    backend: str | None = None,
    settings: Settings | None = None,
    *,
    resume_downloads: bool = True,
) -> ServiceHost:
    """Make the host of a profile's services.

    Args:
        paths: of the profile.
        publish: hears the services.
        backend: dotted name of another module to run the model, for trying faults on purpose; llama.cpp by default.
        settings: of the profile; read from its file by default. Later changes are told to the services.
        resume_downloads: whether to go on with what was being downloaded; a command leaves that to the window.
    """
    settings = settings or Settings.load(paths.settings_file)[0]
    # A copy: settings belong to the thread that calls, and the services are made on another.
    network = {key: settings[key] for key in ("online", "hub_endpoint", "proxy", "download_limit", "models_folder")}

    def open_services(loop: ServiceLoop, publish: Publish) -> Services:
        return _open_services(paths, backend, network, resume_downloads, loop, publish)

    def report(error: BaseException) -> str:
        from desktop_app.system.logs import report as write_report

        return write_report(error, paths)

    return ServiceHost(open_services, publish, report)


def _open_services(
    paths: AppPaths,
    backend: str | None,
    network: Mapping[str, Value],
    resume_downloads: bool,
    loop: ServiceLoop,
    publish: Publish,
) -> Services:
    """Open the database and make the services; on their thread."""
    from desktop_app.inference.engine import LLAMA, Engine
    from desktop_app.library.hub_session import ConnectionLog, HubSession
    from desktop_app.library.queue_file import QueueFile
    from desktop_app.library.records import Records
    from desktop_app.library.shelf import Shelf
    from desktop_app.library.transfer import Limiter
    from desktop_app.services.chat_service import ChatService
    from desktop_app.services.discover_service import DiscoverService
    from desktop_app.services.download_service import DownloadService
    from desktop_app.services.history_service import HistoryService
    from desktop_app.services.model_service import EngineEvent, ModelService
    from desktop_app.services.network import TokenHolder, download_limit, hub_options, shelf_folder
    from desktop_app.services.shelf_service import ShelfService
    from desktop_app.storage.conversations import Conversations
    from desktop_app.storage.database import open_database
    from desktop_app.system.bandwidth import memory_bandwidth
    from desktop_app.system.hardware import describe_hardware
    from desktop_app.system.processes import identity, is_alive

    database = open_database(paths.database, paths.backups_dir)
    store = Conversations(database, owner=identity(), owner_alive=is_alive)
    store.recover()

    def make_engine(hear: "EngineEvent") -> Engine:
        return Engine(paths.engine_log, lambda event: loop.post(lambda: hear(event)), backend or LLAMA)

    def hear_model(event: Event) -> None:
        publish(event)
        if isinstance(event, ModelChanged) and event.state is ModelState.READY:
            care.used(event.path)

    folder = shelf_folder(network, paths.models_dir)
    records = Records(paths.data_dir / "shelf.json")
    index = paths.cache_dir / "shelf-index.json"
    shelf = Shelf(folder, starter_model(), index, records.folders, places=True, used=records.last_used)
    models = ModelService(make_engine, shelf, hear_model, records.defaults)
    chat = ChatService(store, models, loop, publish)

    session = HubSession(hub_options(network, paths.data_dir), ConnectionLog(paths.data_dir / "connections.jsonl"))
    tokens = TokenHolder(session)
    # Numbered, because one process may have several hosts one after another, or in tests beside each other.
    queue = QueueFile(
        paths.data_dir / "downloads.json",
        owner=f"{identity()}#{next(_hosts)}",
        alive=lambda owner: is_alive(owner.partition("#")[0]),
    )
    downloads = DownloadService(
        session, loop, publish, folder, queue, Limiter(download_limit(network)), prepare=tokens.bring
    )
    discover = DiscoverService(
        session,
        loop,
        publish,
        memory_total=cache(lambda: describe_hardware().memory_total),
        catalogue_file=resources_dir() / "catalogue.toml",
        tokens=tokens,
        configured=downloads.network_changed,
        bandwidth=lambda: memory_bandwidth(paths.cache_dir / "bandwidth.json", describe_hardware().physical_cores),
    )

    neighbours = _neighbours(paths, shelf, models, downloads, queue, session, tokens)
    care = ShelfService(shelf, records, loop, publish, paths.data_dir / "shelf-move.json", neighbours)

    loop.post(lambda: publish(ComputerDescribed(describe_hardware())))
    if resume_downloads:
        loop.post(downloads.start)

    def close() -> None:
        chat.close()
        care.close()
        downloads.close()
        discover.close()
        models.close()
        database.close()

    return Services(
        chat=chat,
        models=models,
        history=HistoryService(store, chat, loop, publish),
        discover=discover,
        downloads=downloads,
        shelf=care,
        close=close,
    )


def _neighbours(
    paths: AppPaths,
    shelf: "Shelf",
    models: "ModelService",
    downloads: "DownloadService",
    queue: "QueueFile",
    session: "HubSession",
    tokens: "TokenHolder",
) -> "Neighbours":
    """Tell the service of the shelf how to reach the rest of the program."""
    from desktop_app.library.hub import Hub
    from desktop_app.services.download_places import parts_of
    from desktop_app.services.shelf_neighbours import HubAsked, Neighbours
    from desktop_app.services.shelf_settings import relocated, switch_shelf

    hub = Hub(session)

    def details(repo: str) -> HubDetails:
        tokens.bring()
        return hub.details(repo)

    def relocate(old: Path, new: Path) -> None:
        models.follow(lambda path: relocated(path, old, new))
        downloads.set_folder(shelf.folder)

    return Neighbours(
        in_use=lambda: models.state.path if models.state.state in (ModelState.LOADING, ModelState.READY) else "",
        hub=HubAsked(details, hub.cancel),
        wanted_parts=lambda: parts_of(shelf.folder, (entry.download for entry in queue.read())),
        hold_downloads=downloads.hold,
        switch=lambda old, new: switch_shelf(paths.settings_file, paths.models_dir, old, new),
        relocated=relocate,
    )


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

    def make(publish: Publish) -> ServiceHost:
        return make_host(profile.paths, publish, os.environ.get("CAUSERIE_BACKEND"), profile.settings)

    return run_window(profile.paths, profile.settings, make, profile.problems, file)
