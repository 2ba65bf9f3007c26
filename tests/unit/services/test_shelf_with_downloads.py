"""The shelf moves while something is being downloaded: the download waits, comes along and goes on there."""

import pytest

from desktop_app.core.downloads import DownloadState
from desktop_app.library import moving
from desktop_app.library.records import Records
from desktop_app.library.shelf import Shelf
from desktop_app.library.transfer import part_path
from desktop_app.services.download_events import DownloadFinished
from desktop_app.services.download_places import parts_of
from desktop_app.services.shelf_events import ShelfWorkEnded, UpdatesFound
from desktop_app.services.shelf_neighbours import HubAsked, Neighbours
from desktop_app.services.shelf_service import ShelfService
from tests.helpers.hub_desk import HubDesk, put
from tests.helpers.loopback_hub import LoopbackHub
from tests.helpers.shelves import contents

REPO, NAME, SIZE = "maker/Little-GGUF", "Little-Q4_0.gguf", 1_500_000


@pytest.fixture
def desk(tmp_path):
    with LoopbackHub(tmp_path / "hub") as hub:
        put(hub.root, REPO, NAME, SIZE)
        made = HubDesk(hub, tmp_path)
        yield made
        made.close()


@pytest.fixture
def shelf(desk, tmp_path):
    from desktop_app.library.hub import Hub

    hub = Hub(desk.session)
    neighbours = Neighbours(
        hub=HubAsked(hub.details, hub.cancel),
        wanted_parts=lambda: parts_of(desk.shelf, desk.downloads.list()),
        hold_downloads=desk.downloads.hold,
        relocated=lambda _old, new: desk.downloads.set_folder(new),
    )
    records = Records(tmp_path / "shelf.json")
    made = ShelfService(
        Shelf(desk.shelf, tmp_path / "none.gguf"), records, desk.loop, desk.heard, tmp_path / "move.json", neighbours
    )
    yield made
    desk.ask(made.close)
    hub.close()


@pytest.mark.parametrize("links", [True, False])
def test_a_download_goes_on_at_the_new_place(desk, shelf, tmp_path, monkeypatch, links):
    if not links:
        monkeypatch.setattr(moving, "link", lambda *_: False)
    desk.hub.fault("/cdn/", times=-1, rate=300_000)
    one = desk.add(REPO)
    desk.listed(lambda found: found.done > 100_000, one.id)
    new = tmp_path / "new"
    desk.ask(shelf.move_to, str(new))
    assert desk.heard.wait(ShelfWorkEnded).problem is None
    desk.hub.clear()
    finished = desk.heard.wait(DownloadFinished)
    assert finished.path == str(new / REPO / NAME)
    assert finished.download.resumed_from > 0
    assert (new / REPO / NAME).read_bytes() == (desk.hub.root / REPO / NAME).read_bytes()
    assert contents(tmp_path / "models") == {}


def test_while_held_nothing_runs_and_nothing_begins(desk):
    desk.hub.fault("/cdn/", times=-1, rate=300_000)
    one = desk.add(REPO)
    desk.listed(lambda found: found.done > 100_000, one.id)
    desk.ask(desk.downloads.hold, True)
    desk.state(one.id, DownloadState.QUEUED)
    [file] = one.files
    part = part_path(desk.shelf / REPO / NAME, file.sha256)
    desk.heard.forget()
    desk.ask(desk.downloads.resume, one.id)
    assert desk.ask(desk.downloads.list)[0].state is DownloadState.QUEUED
    assert 0 < part.stat().st_size < SIZE
    desk.hub.clear()
    desk.ask(desk.downloads.hold, False)
    desk.state(one.id, DownloadState.DONE)


def test_a_newer_file_on_the_hub_is_found(desk, shelf, tmp_path):
    one = desk.add(REPO)
    desk.state(one.id, DownloadState.DONE)
    desk.ask(shelf.check_updates)
    assert [update.state for update in desk.heard.wait(UpdatesFound).updates] == ["current"]
    (desk.hub.root / REPO / NAME).write_bytes(b"GGUF of another day")
    desk.heard.forget()
    desk.ask(shelf.check_updates)
    [update] = desk.heard.wait(UpdatesFound).updates
    assert (update.state, update.commit) == ("newer", desk.hub.commit(REPO))
