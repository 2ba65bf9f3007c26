"""The downloads: one item however many files, two at a time, and nothing lost whatever happens in between."""

import itertools
import json
import threading
import time
from dataclasses import replace
from functools import partial

import pytest

from desktop_app.core.downloads import DownloadState
from desktop_app.core.errors import ShelfError, UsageError
from desktop_app.library import manifest
from desktop_app.library.hub_session import ConnectionLog, HubOptions, HubSession
from desktop_app.library.locks import locked
from desktop_app.library.transfer import Limiter, TransferPhase, TransferRules, part_path
from desktop_app.services import download_places, download_service
from desktop_app.services.carrier import Carrier
from desktop_app.services.download_events import DownloadFailed, DownloadFinished, DownloadsListed
from desktop_app.services.events import BugNoticed, Noticed
from tests.helpers.hearing import until
from tests.helpers.hub_desk import QUICK, hub_desk, put
from tests.helpers.loopback_hub import LoopbackHub

QUEUED, RUNNING, WAITING = DownloadState.QUEUED, DownloadState.RUNNING, DownloadState.WAITING
PAUSED, FAILED, DONE = DownloadState.PAUSED, DownloadState.FAILED, DownloadState.DONE
SIZE, HALF = 300_000, 150_000
ONE = "acme/One-1B-GGUF"
SPLIT = "acme/Split-3B-GGUF"
SHARDS = ("Split-3B-Q4_0-00001-of-00002.gguf", "Split-3B-Q4_0-00002-of-00002.gguf")


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "hub"
    put(root, ONE, "One-1B-Q4_0.gguf", SIZE)
    for name in SHARDS:
        put(root, SPLIT, name, SIZE)
    put(root, SPLIT, "mmproj-F16.gguf", SIZE // 3)
    put(root, SPLIT, "Split-3B-Q8_0.gguf", SIZE)
    for name in ("A", "B", "C"):
        put(root, f"acme/{name}-1B-GGUF", f"{name}-1B-Q4_0.gguf", SIZE)
    return root


@pytest.fixture
def hub(root):
    with LoopbackHub(root) as hub:
        yield hub


@pytest.fixture
def desk(hub, profile):
    with hub_desk(hub, profile) as desk:
        yield desk


def slow(hub, rate=500_000):
    """Have downloads take a while."""
    hub.fault("/cdn/", times=-1, rate=rate)


def hold(hub):
    """Have downloads stop in the middle until they are let go, or for a minute."""
    hub.fault("/cdn/", times=-1, stall=(HALF, 60))


def let_go(hub):
    """Have the next requests served as usual; those that were held stay so."""
    hub.faults.clear()


def held(desk, number):
    """Wait until a download stands in the middle, and is told of."""
    one = desk.listed(lambda one: one.state is RUNNING and one.done > 0, number)
    part = part_path(desk.shelf / one.repo / one.files[0].path, one.files[0].sha256)
    until(lambda: part.exists() and part.stat().st_size == HALF)


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def fetched(hub):
    """The names of the files that were asked for, in order."""
    return [one["path"].rpartition("/")[2] for one in hub.asked(r"/resolve/.*\.gguf")]


class TestOne:
    def test_it_comes_whole_and_is_told(self, desk, root):
        one = desk.add(ONE)
        assert (one.repo, one.title, one.quantization, one.size) == (ONE, "One-1B", "Q4_0", SIZE)
        assert one.endpoint == desk.hub.endpoint
        event = desk.finished(one.id)
        target = desk.shelf / ONE / "One-1B-Q4_0.gguf"
        assert event.path == str(target)
        assert target.read_bytes() == (root / ONE / "One-1B-Q4_0.gguf").read_bytes()
        done = event.download
        assert (done.state, done.done, done.fraction, done.resumed_from) == (DONE, SIZE, 1.0, 0)
        assert (done.speed, done.seconds_left, done.problem) == (0.0, None, None)
        assert done.finished_at == pytest.approx(time.time(), abs=60)
        assert desk.state(one.id, DONE) == done
        assert files(desk.shelf / ONE) == [".causerie.json", "One-1B-Q4_0.gguf"]
        assert manifest.origin_of(target).sha256 == done.files[0].sha256

    def test_shards_and_projector_are_one_item_in_order(self, desk, root):
        one = desk.add(SPLIT)
        assert [file.path for file in one.files] == [*SHARDS, "mmproj-F16.gguf"]
        event = desk.finished(one.id)
        assert event.path == str(desk.shelf / SPLIT / SHARDS[0])
        assert event.download.size == event.download.done == 2 * SIZE + SIZE // 3
        assert fetched(desk.hub) == [*SHARDS, "mmproj-F16.gguf"]
        for name in (*SHARDS, "mmproj-F16.gguf"):
            assert (desk.shelf / SPLIT / name).read_bytes() == (root / SPLIT / name).read_bytes()
        assert set(manifest.read(desk.shelf / SPLIT)) == {*SHARDS, "mmproj-F16.gguf"}
        assert len(desk.heard.of(DownloadFinished)) == 1

    def test_progress_speed_and_time_left(self, desk):
        slow(desk.hub, 200_000)
        one = desk.add(ONE)
        desk.finished(one.id)
        told = [listed.downloads[0] for listed in desk.heard.of(DownloadsListed) if listed.downloads]
        done = [download.done for download in told]
        assert done == sorted(done)
        assert len(set(done)) >= 4
        speeds = [download.speed for download in told if download.state is RUNNING and download.speed]
        assert speeds
        assert all(50_000 < speed < 500_000 for speed in speeds)
        lefts = [download.seconds_left for download in told if download.seconds_left is not None]
        assert lefts
        assert all(0 <= left < 5 for left in lefts)

    def test_the_limit_holds(self, desk):
        desk.ask(desk.downloads.set_limit, 400_000)
        begin = time.monotonic()
        desk.finished(desk.add(ONE).id)
        assert time.monotonic() - begin > 0.5 * SIZE / 400_000

    def test_what_is_there_already_is_done_at_once_without_asking_anybody(self, desk):
        source, choice = desk.choice(SPLIT, "Q4_0")
        first = desk.ask(desk.downloads.add, source, choice)
        desk.finished(first.id)
        desk.ask(desk.downloads.clear_done)
        desk.hub.clear()
        desk.configure(online=False)
        desk.heard.forget()
        again = desk.ask(desk.downloads.add, source, choice)
        assert (again.state, again.resumed_from, again.done) == (DONE, again.size, again.size)
        assert desk.finished(again.id).path == str(desk.shelf / SPLIT / SHARDS[0])
        assert desk.hub.asked() == []

    def test_a_file_of_unknown_origin_is_checked_first(self, desk, root):
        target = desk.shelf / ONE / "One-1B-Q4_0.gguf"
        target.parent.mkdir(parents=True)
        target.write_bytes((root / ONE / "One-1B-Q4_0.gguf").read_bytes())
        one = desk.add(ONE)
        assert one.state is not DONE
        assert desk.finished(one.id).download.resumed_from == SIZE
        assert fetched(desk.hub) == []

    def test_a_wrong_file_of_the_same_size_is_replaced(self, desk, root):
        target = desk.shelf / ONE / "One-1B-Q4_0.gguf"
        target.parent.mkdir(parents=True)
        target.write_bytes(bytes(SIZE))
        desk.finished(desk.add(ONE).id)
        assert target.read_bytes() == (root / ONE / "One-1B-Q4_0.gguf").read_bytes()

    def test_the_same_twice_is_one_item(self, desk):
        hold(desk.hub)
        first = desk.add(ONE)
        assert desk.add(ONE).id == first.id
        held(desk, first.id)
        assert len(desk.queue()) == 1
        desk.ask(desk.downloads.pause, first.id)
        let_go(desk.hub)
        desk.ask(desk.downloads.resume, first.id)
        desk.finished(first.id)
        assert fetched(desk.hub) == ["One-1B-Q4_0.gguf"] * 2

    def test_what_was_deleted_comes_again_as_the_same_item(self, desk):
        first = desk.add(ONE)
        path = desk.shelf / ONE / "One-1B-Q4_0.gguf"
        desk.finished(first.id)
        path.unlink()
        desk.heard.forget()
        again = desk.add(ONE)
        assert again.id == first.id
        assert again.state is not DONE
        desk.finished(first.id)
        assert path.stat().st_size == SIZE

    def test_a_title_for_people(self, desk):
        source, choice = desk.choice(ONE, "Q4_0")
        one = desk.ask(desk.downloads.add, source, choice, "The One")
        assert one.label == "The One · Q4_0"
        desk.finished(one.id)

    def test_a_name_that_cannot_be_stored_is_refused(self, desk):
        (_, commit), choice = desk.choice(ONE, "Q4_0")
        with pytest.raises(ShelfError) as caught:
            desk.ask(desk.downloads.add, ("../..", commit), choice)
        assert caught.value.problem.code == "transfer_bad_name"
        assert desk.queue() == ()


class TestPlan:
    def test_before_in_the_middle_and_after(self, desk):
        source, choice = desk.choice(SPLIT, "Q4_0")
        plan = desk.ask(desk.downloads.plan, source, choice)
        assert plan.states == ("absent",) * 3
        assert (plan.download.done, plan.download.size) == (0, 2 * SIZE + SIZE // 3)
        assert [path.name for path in plan.paths] == [*SHARDS, "mmproj-F16.gguf"]
        assert plan.has_room
        desk.hub.fault(SHARDS[1], times=-1, stall=(SIZE // 2, 30))
        one = desk.add(SPLIT)
        desk.listed(lambda listed: listed.done > 1.2 * SIZE, one.id)
        plan = desk.ask(desk.downloads.plan, source, choice)
        assert plan.states == ("complete", "partial", "absent")
        assert plan.download.done > SIZE
        assert plan.others == 0
        other = desk.ask(desk.downloads.plan, *desk.choice(ONE, "Q4_0"))
        assert other.others > 0

    def test_no_room(self, desk, monkeypatch):
        monkeypatch.setattr(download_places, "free_bytes", lambda folder: SIZE // 2)
        plan = desk.ask(desk.downloads.plan, *desk.choice(ONE, "Q4_0"))
        assert (plan.free, plan.has_room) == (SIZE // 2, False)


class TestQueue:
    def test_two_at_once_in_order(self, desk):
        slow(desk.hub)
        ids = [desk.add(f"acme/{name}-1B-GGUF").id for name in "ABC"]
        ids.append(desk.add(ONE).id)
        for number in ids:
            desk.finished(number)
        names = fetched(desk.hub)
        assert sorted(names[:2]) == ["A-1B-Q4_0.gguf", "B-1B-Q4_0.gguf"]  # at once, so either may be heard first
        assert names[2:] == ["C-1B-Q4_0.gguf", "One-1B-Q4_0.gguf"]
        active = [sum(one.state.active for one in listed.downloads) for listed in desk.heard.of(DownloadsListed)]
        assert max(active) == 2

    def test_what_the_hub_has_changed_since_is_not_gone_on_with(self, desk, hub):
        hold(hub)
        old = desk.add(ONE)
        held(desk, old.id)
        desk.ask(desk.downloads.pause, old.id)
        let_go(hub)
        hub.publish(ONE, {"One-1B-Q4_0.gguf": b"GGUF of another day"})
        new = desk.add(ONE)
        desk.finished(new.id)
        assert [one.id for one in desk.queue()] == [new.id]
        until(lambda: files(desk.shelf / ONE) == [".causerie.json", "One-1B-Q4_0.gguf"])
        assert (desk.shelf / ONE / "One-1B-Q4_0.gguf").read_bytes() == b"GGUF of another day"

    def test_the_order_can_be_changed(self, desk):
        hold(desk.hub)
        a, b, c = (desk.add(f"acme/{name}-1B-GGUF").id for name in "ABC")
        last = desk.add(ONE).id
        desk.ask(desk.downloads.move, last, -1)
        assert [one.id for one in desk.queue()] == [a, b, last, c]
        desk.ask(desk.downloads.move, last, -50)
        desk.ask(desk.downloads.move, a, 1)
        assert [one.id for one in desk.queue()] == [last, b, a, c]
        desk.ask(desk.downloads.move, c, -1)
        desk.ask(desk.downloads.move, last, 50)
        assert [one.id for one in desk.queue()] == [b, c, a, last]
        let_go(desk.hub)
        desk.ask(desk.downloads.pause, a)
        desk.finished(c)
        desk.finished(last)
        assert fetched(desk.hub)[2:] == ["C-1B-Q4_0.gguf", "One-1B-Q4_0.gguf"]

    def test_what_is_done_stays_where_it_is_and_can_be_cleared(self, desk):
        first = desk.add(ONE).id
        desk.finished(first)
        hold(desk.hub)
        a, b = (desk.add(f"acme/{name}-1B-GGUF").id for name in "AB")
        desk.ask(desk.downloads.move, b, -5)
        desk.ask(desk.downloads.move, first, 5)
        assert [one.id for one in desk.queue()] == [first, b, a]
        desk.ask(desk.downloads.clear_done)
        assert [one.id for one in desk.queue()] == [b, a]
        assert (desk.shelf / ONE / "One-1B-Q4_0.gguf").is_file()

    @pytest.mark.parametrize("verb", ["pause", "resume", "cancel"])
    def test_an_unknown_one(self, desk, verb):
        with pytest.raises(UsageError) as caught:
            desk.ask(getattr(desk.downloads, verb), 99)
        assert caught.value.problem.code == "download_unknown"
        with pytest.raises(UsageError):
            desk.ask(desk.downloads.move, 99, 1)


class TestPausing:
    def test_the_part_stays_and_it_goes_on_there(self, desk):
        hold(desk.hub)
        one = desk.add(ONE)
        held(desk, one.id)
        desk.ask(desk.downloads.pause, one.id)
        paused = desk.state(one.id, PAUSED)
        assert (paused.speed, paused.seconds_left) == (0.0, None)
        part = part_path(desk.shelf / ONE / "One-1B-Q4_0.gguf", one.files[0].sha256)
        until(lambda: not part.with_name(f"{part.name}.lock").exists())
        size = part.stat().st_size
        assert size == HALF
        assert files(desk.shelf) == [f"{ONE}/{part.name}"]
        desk.hub.clear()
        desk.heard.forget()
        desk.ask(desk.downloads.resume, one.id)
        done = desk.finished(one.id).download
        assert done.resumed_from == size
        assert [request["headers"]["range"] for request in desk.hub.asked("/cdn/")] == [f"bytes={size}-"]

    def test_pause_and_resume_at_once_many_times(self, desk):
        slow(desk.hub, 1_000_000)
        one = desk.add(ONE)
        for _ in range(10):
            desk.ask(desk.downloads.pause, one.id)
            desk.ask(desk.downloads.resume, one.id)
        desk.finished(one.id)
        assert desk.heard.of(DownloadFailed) == []

    def test_another_takes_the_place(self, desk):
        hold(desk.hub)
        a, b, c = (desk.add(f"acme/{name}-1B-GGUF").id for name in "ABC")
        assert {one.id: one.state for one in desk.queue()}[c] is QUEUED
        desk.ask(desk.downloads.pause, a)
        held(desk, c)
        desk.ask(desk.downloads.resume, a)
        assert {one.id: one.state for one in desk.queue()}[a] is QUEUED
        let_go(desk.hub)
        desk.ask(desk.downloads.pause_all)
        desk.ask(desk.downloads.resume_all)
        for number in (a, b, c):
            desk.finished(number)

    def test_all_and_go_on(self, desk):
        hold(desk.hub)
        ids = [desk.add(f"acme/{name}-1B-GGUF").id for name in "ABC"]
        held(desk, ids[0])
        desk.ask(desk.downloads.pause_all)
        assert {one.state for one in desk.queue()} == {PAUSED}
        assert "C-1B-Q4_0.gguf" not in fetched(desk.hub), "the third must not begin for a moment"
        let_go(desk.hub)
        desk.ask(desk.downloads.resume_all)
        for number in ids:
            desk.finished(number)

    def test_pausing_what_is_done_changes_nothing(self, desk):
        one = desk.add(ONE)
        desk.finished(one.id)
        desk.ask(desk.downloads.pause, one.id)
        desk.ask(desk.downloads.resume, one.id)
        desk.ask(desk.downloads.resume_all)
        assert [listed.state for listed in desk.queue()] == [DONE]


class TestCancelling:
    def test_parts_and_empty_folders_are_deleted(self, desk):
        hold(desk.hub)
        one = desk.add(ONE)
        held(desk, one.id)
        desk.ask(desk.downloads.cancel, one.id)
        assert desk.queue() == ()
        until(lambda: list(desk.shelf.iterdir()) == [])

    def test_shards_of_an_incomplete_set_as_well(self, desk):
        desk.hub.fault(SHARDS[1], times=-1, stall=(SIZE // 2, 30))
        one = desk.add(SPLIT)
        desk.listed(lambda listed: listed.done > 1.2 * SIZE, one.id)
        assert (desk.shelf / SPLIT / SHARDS[0]).is_file()
        desk.ask(desk.downloads.cancel, one.id)
        until(lambda: list(desk.shelf.iterdir()) == [])

    def test_a_whole_model_stays(self, desk):
        desk.hub.fault("mmproj", times=-1, stall=(SIZE // 6, 30))
        one = desk.add(SPLIT)
        desk.listed(lambda listed: listed.done > 2.1 * SIZE, one.id)
        desk.ask(desk.downloads.cancel, one.id)
        until(lambda: files(desk.shelf / SPLIT) == [".causerie.json", *SHARDS])

    def test_a_file_that_another_download_needs_stays(self, desk):
        desk.hub.fault("mmproj", times=-1, stall=(SIZE // 6, 30))
        first = desk.add(SPLIT, "Q8_0")
        desk.listed(lambda listed: listed.done > SIZE, first.id)
        second = desk.add(SPLIT, "Q4_0")
        desk.ask(desk.downloads.pause, second.id)
        desk.ask(desk.downloads.cancel, first.id)
        part = part_path(desk.shelf / SPLIT / "mmproj-F16.gguf", second.files[2].sha256)
        until(lambda: not part.with_name(f"{part.name}.lock").exists())
        desk.queue()
        assert part.stat().st_size == SIZE // 6

    def test_a_paused_one(self, desk):
        hold(desk.hub)
        one = desk.add(ONE)
        held(desk, one.id)
        desk.ask(desk.downloads.pause, one.id)
        desk.ask(desk.downloads.cancel, one.id)
        until(lambda: list(desk.shelf.iterdir()) == [])
        assert desk.queue() == ()

    def test_one_that_never_began(self, desk):
        hold(desk.hub)
        *_, last = (desk.add(f"acme/{name}-1B-GGUF").id for name in "ABC")
        desk.ask(desk.downloads.cancel, last)
        assert last not in [one.id for one in desk.queue()]
        assert not (desk.shelf / "acme/C-1B-GGUF").exists()

    def test_what_is_done_only_leaves_the_list(self, desk):
        one = desk.add(SPLIT)
        desk.finished(one.id)
        (desk.shelf / SPLIT / SHARDS[1]).unlink()  # whatever a person does to it
        desk.ask(desk.downloads.cancel, one.id)
        assert desk.queue() == ()
        assert (desk.shelf / SPLIT / SHARDS[0]).is_file()

    def test_all_but_what_is_done(self, desk):
        done = desk.add(ONE).id
        desk.finished(done)
        hold(desk.hub)
        for name in "ABC":
            desk.add(f"acme/{name}-1B-GGUF")
        desk.ask(desk.downloads.cancel_all)
        assert [one.id for one in desk.queue()] == [done]
        until(lambda: files(desk.shelf) == [f"{ONE}/.causerie.json", f"{ONE}/One-1B-Q4_0.gguf"])

    def test_then_again(self, desk):
        hold(desk.hub)
        one = desk.add(ONE)
        held(desk, one.id)
        desk.ask(desk.downloads.cancel, one.id)
        let_go(desk.hub)
        again = desk.add(ONE)
        assert again.id != one.id
        desk.finished(again.id)


class TestNextStart:
    def test_what_ran_goes_on_and_the_rest_is_as_it_was(self, hub, profile):
        hold(hub)
        with hub_desk(hub, profile) as desk:
            a, b, c = (desk.add(f"acme/{name}-1B-GGUF").id for name in "ABC")
            held(desk, a)
            desk.ask(desk.downloads.pause, b)
        hub.clear()
        with hub_desk(hub, profile, owner="next") as desk:
            desk.ask(desk.downloads.start)
            assert desk.finished(a).download.resumed_from > 0
            desk.finished(c)
            assert {one.id: one.state for one in desk.queue()} == {a: DONE, b: PAUSED, c: DONE}
            assert "B-1B-Q4_0.gguf" not in fetched(hub)

    def test_a_killed_programs_downloads_go_on(self, hub, profile):
        hold(hub)
        with hub_desk(hub, profile, owner="killed") as desk:
            one = desk.add(ONE)
            held(desk, one.id)
            state = (profile / "downloads.json").read_bytes()
        (profile / "downloads.json").write_bytes(state)  # as it was while the program ran
        assert json.loads(state)["entries"][0]["owner"] == "killed"
        let_go(hub)
        with hub_desk(hub, profile, owner="next", living=lambda owner: owner == "next") as desk:
            desk.ask(desk.downloads.start)
            assert desk.finished(one.id).download.resumed_from > 0

    def test_a_command_leaves_them_alone(self, hub, profile):
        hold(hub)
        with hub_desk(hub, profile) as desk:
            one = desk.add(ONE)
            held(desk, one.id)
        hub.clear()
        with hub_desk(hub, profile, owner="command") as desk:
            [listed] = desk.queue()
            assert listed.state is QUEUED
            assert 0 < listed.done < SIZE
            other = desk.add("acme/A-1B-GGUF")
            desk.finished(other.id)
            assert fetched(hub) == ["A-1B-Q4_0.gguf"]
        with hub_desk(hub, profile, owner="window") as desk:
            desk.ask(desk.downloads.start)
            desk.finished(one.id)

    def test_a_command_goes_on_with_the_one_it_is_about(self, hub, profile):
        hold(hub)
        with hub_desk(hub, profile) as desk:
            one = desk.add(ONE)
            held(desk, one.id)
        let_go(hub)
        with hub_desk(hub, profile, owner="command") as desk:
            assert desk.add(ONE).id == one.id
            assert desk.finished(one.id).download.resumed_from > 0

    def test_offline_they_wait_and_say_why(self, hub, profile):
        hold(hub)
        with hub_desk(hub, profile) as desk:
            one = desk.add(ONE)
            held(desk, one.id)
        hub.clear()
        with hub_desk(hub, profile, owner="next", online=False) as desk:
            desk.ask(desk.downloads.start)
            waiting = desk.state(one.id, WAITING)
            assert waiting.problem.code == "hub_offline"
            assert 0 < waiting.done < SIZE
            assert hub.asked() == []
            desk.configure(online=True)
            desk.finished(one.id)

    def test_ending_takes_no_time(self, hub, profile):
        hub.fault("/cdn/", times=-1, stall=(10_000, 60))
        with hub_desk(hub, profile) as desk:
            ids = [desk.add(f"acme/{name}-1B-GGUF").id for name in "AB"]
            for number in ids:
                desk.listed(lambda one: one.done > 0, number)
            begin = time.monotonic()
            desk.ask(desk.downloads.close)
            assert time.monotonic() - begin < 1.0
        owners = [entry["owner"] for entry in json.loads((profile / "downloads.json").read_bytes())["entries"]]
        assert owners == ["", ""]


class TestOnline:
    def test_offline_nothing_connects(self, hub, profile):
        with hub_desk(hub, profile, online=False) as desk:
            source, choice = desk.choice(ONE, "Q4_0")
            hub.clear()
            one = desk.ask(desk.downloads.add, source, choice)
            assert (one.state, one.problem.code) == (WAITING, "hub_offline")
            desk.ask(desk.downloads.resume, one.id)
            assert desk.state(one.id, WAITING).problem.code == "hub_offline"
            assert hub.asked() == []
            assert desk.session.log.all() == ()
            desk.configure(online=True)
            desk.finished(one.id)

    def test_switched_off_in_the_middle_it_waits_and_goes_on_later(self, desk):
        hold(desk.hub)
        one = desk.add(ONE)
        held(desk, one.id)
        desk.configure(online=False)
        waiting = desk.state(one.id, WAITING)
        assert waiting.problem.code == "hub_offline"
        part = part_path(desk.shelf / ONE / "One-1B-Q4_0.gguf", one.files[0].sha256)
        until(lambda: not part.with_name(f"{part.name}.lock").exists())
        desk.hub.clear()
        assert desk.queue()[0].state is WAITING
        assert desk.hub.asked() == []
        desk.configure(online=True)
        assert desk.finished(one.id).download.resumed_from == HALF

    def test_paused_while_offline_it_stays_paused(self, hub, profile):
        with hub_desk(hub, profile, online=False) as desk:
            one = desk.add(ONE)
            desk.ask(desk.downloads.pause, one.id)
            hub.clear()
            desk.configure(online=True)
            [listed] = desk.queue()
            assert (listed.state, listed.problem) == (PAUSED, None)
            assert hub.asked() == []


class TestTrouble:
    def test_a_bad_connection_is_waited_out_and_the_reason_shown(self, hub, profile):
        rules = TransferRules(tries=5, backoff=lambda barren: 0.4, margin=0)
        hub.fault("/cdn/", truncate=100_000, reset=True)
        hub.fault("/resolve/.*gguf", status=503, skip=1, times=1)
        with hub_desk(hub, profile, rules=rules) as desk:
            one = desk.add(ONE)
            waiting = desk.listed(lambda listed: listed.state is WAITING, one.id)
            assert waiting.problem.code in ("transfer_cut", "hub_error")
            assert "tries again by itself" in waiting.problem.action
            assert waiting.speed == 0.0
            assert desk.finished(one.id).download.resumed_from == 0
            assert desk.queue()[0].problem is None

    def test_a_command_gives_up_and_the_next_try_goes_on(self, desk):
        desk.hub.fault("/cdn/", truncate=100_000)
        desk.hub.fault("/resolve/.*gguf", status=503, skip=1, times=2)
        one = desk.add(ONE)
        failed = desk.heard.wait(DownloadFailed)
        assert failed.problem.code == "transfer_gave_up"
        assert (failed.download.id, failed.download.state) == (one.id, FAILED)
        assert desk.state(one.id, FAILED).problem == failed.problem
        desk.ask(desk.downloads.resume, one.id)
        assert desk.finished(one.id).download.resumed_from == 100_000

    def test_a_program_that_stays_never_gives_up(self, desk, monkeypatch):
        monkeypatch.setitem(download_service.AGAIN_SECONDS, "transfer_gave_up", 0.3)
        desk.ask(desk.downloads.start)
        desk.hub.fault("/resolve/.*gguf", status=503, times=2 * QUICK.tries)
        one = desk.add(ONE)
        waiting = desk.listed(lambda listed: listed.problem is not None, one.id)
        assert waiting.state is WAITING
        desk.finished(one.id)
        assert desk.heard.of(DownloadFailed) == []

    def test_while_it_waits_for_later_others_have_its_place(self, desk):
        desk.ask(desk.downloads.start)
        for name in "AB":
            desk.hub.fault(f"{name}-1B-GGUF/resolve/.*gguf", status=503, times=-1)
        a, b, c = (desk.add(f"acme/{name}-1B-GGUF").id for name in "ABC")
        desk.finished(c)
        for number in (a, b):
            assert desk.state(number, WAITING).problem.code == "transfer_gave_up"
        desk.hub.clear()
        desk.ask(desk.downloads.resume, a)  # now, not in a minute
        desk.finished(a)
        desk.ask(desk.downloads.pause, b)
        assert {one.id: one.state for one in desk.queue()}[b] is PAUSED

    def test_a_refusal_fails_at_once_and_can_be_tried_again(self, desk, root):
        put(root, "acme/Gated-1B-GGUF", "Gated-1B-Q4_0.gguf", SIZE, gated="auto")
        one = desk.add("acme/Gated-1B-GGUF")
        failed = desk.heard.wait(DownloadFailed)
        assert failed.problem.code == "hub_gated"
        assert f"{desk.hub.endpoint}/acme/Gated-1B-GGUF" in failed.problem.action
        (root / "acme/Gated-1B-GGUF/.hub.json").unlink()
        desk.ask(desk.downloads.resume, one.id)
        desk.finished(one.id)

    def test_a_flipped_bit_is_found_and_nothing_is_kept_of_it(self, desk):
        desk.hub.fault("/cdn/", corrupt=1000)
        one = desk.add(ONE)
        assert desk.heard.wait(DownloadFailed).problem.code == "transfer_corrupt"
        assert [name for name in files(desk.shelf) if "One" in name.rpartition("/")[2]] == []
        desk.ask(desk.downloads.resume, one.id)
        desk.finished(one.id)

    def test_one_that_failed_does_not_hold_up_the_others(self, desk):
        for name in "AB":
            desk.hub.fault(f"{name}-1B-GGUF/resolve/.*gguf", status=404, times=-1)
        a, b, c = (desk.add(f"acme/{name}-1B-GGUF").id for name in "ABC")
        desk.finished(c)
        assert {one.id: one.state for one in desk.queue()} == {a: FAILED, b: FAILED, c: DONE}

    def test_a_shelf_that_is_not_there(self, desk):
        desk.shelf.rmdir()
        one = desk.add(ONE)
        assert one.state is FAILED
        assert desk.heard.wait(DownloadFailed).problem.code == "transfer_shelf_gone"
        assert not desk.shelf.exists()

    def test_an_error_of_ours_is_reported_and_the_rest_goes_on(self, desk, monkeypatch):
        def broken(*arguments, **more):
            raise ZeroDivisionError

        with monkeypatch.context() as patch:
            patch.setattr("desktop_app.services.carrier.Transfer", broken)
            one = desk.add(ONE)
            until(lambda: desk.heard.of(DownloadFailed))
        assert desk.heard.of(DownloadFailed)[0].problem.code == "bug"
        until(lambda: any("ZeroDivisionError" in event.report for event in desk.heard.of(BugNoticed)))
        desk.heard.forget()
        desk.ask(desk.downloads.resume, one.id)
        desk.finished(one.id)


class TestSpace:
    def test_the_whole_queue_must_have_room(self, desk, monkeypatch):
        hold(desk.hub)
        monkeypatch.setattr(download_places, "free_bytes", lambda folder: round(2.5 * SIZE))
        for name in "AB":
            desk.add(f"acme/{name}-1B-GGUF")
        with pytest.raises(ShelfError) as caught:
            desk.add("acme/C-1B-GGUF")
        problem = caught.value.problem
        assert problem.code == "transfer_no_space"
        assert "together with the other downloads" in problem.sentence
        assert len(desk.queue()) == 2

    def test_paused_ones_count_when_more_is_wanted(self, desk, monkeypatch):
        monkeypatch.setattr(download_places, "free_bytes", lambda folder: round(1.5 * SIZE))
        hold(desk.hub)
        one = desk.add(ONE)
        desk.ask(desk.downloads.pause, one.id)
        with pytest.raises(ShelfError):
            desk.add("acme/A-1B-GGUF")
        desk.ask(desk.downloads.cancel, one.id)
        let_go(desk.hub)
        desk.finished(desk.add("acme/A-1B-GGUF").id)

    def test_room_that_is_gone_when_its_turn_comes(self, desk, monkeypatch):
        hold(desk.hub)
        one = desk.add(ONE)
        desk.ask(desk.downloads.pause, one.id)
        with monkeypatch.context() as patch:
            patch.setattr(download_places, "free_bytes", lambda folder: 1000)
            desk.ask(desk.downloads.resume, one.id)
            assert desk.heard.wait(DownloadFailed).problem.code == "transfer_no_space"
        let_go(desk.hub)
        desk.ask(desk.downloads.resume, one.id)
        desk.finished(one.id)

    def test_the_margin_stays_free(self, hub, profile):
        with hub_desk(hub, profile, rules=replace(QUICK, margin=10**18)) as desk:
            with pytest.raises(ShelfError) as caught:
                desk.add(ONE)
            assert caught.value.problem.code == "transfer_no_space"
            assert "together" not in caught.value.problem.sentence
            assert desk.queue() == ()


class TestTwoPrograms:
    @pytest.fixture
    def other(self, hub, profile):
        with hub_desk(hub, profile, owner="other") as other:
            yield other

    def test_what_one_carries_the_other_shows_and_leaves_alone(self, desk, other):
        hold(desk.hub)
        one = desk.add(ONE)
        held(desk, one.id)
        other.ask(other.downloads.start)
        shown = other.state(one.id, WAITING)
        assert shown.problem.code == "download_elsewhere"
        assert "Another Causerie" in shown.problem.sentence
        assert shown.done > 0
        for verb in ("pause", "resume", "cancel"):
            with pytest.raises(ShelfError) as caught:
                other.ask(getattr(other.downloads, verb), one.id)
            assert caught.value.problem.code == "download_elsewhere"
        with pytest.raises(ShelfError):
            other.add(ONE)
        other.ask(other.downloads.pause_all)
        other.ask(other.downloads.cancel_all)
        let_go(desk.hub)
        desk.ask(desk.downloads.pause, one.id)
        desk.ask(desk.downloads.resume, one.id)
        desk.finished(one.id)
        assert [listed.state for listed in other.queue()] == [DONE]
        assert fetched(desk.hub) == ["One-1B-Q4_0.gguf"] * 2

    def test_neither_undoes_what_the_other_writes(self, desk, other):
        slow(desk.hub)
        first = desk.add("acme/A-1B-GGUF")
        second = other.add("acme/B-1B-GGUF")
        third = desk.add("acme/C-1B-GGUF")
        assert len({first.id, second.id, third.id}) == 3
        desk.finished(first.id)
        other.finished(second.id)
        desk.finished(third.id)
        for program in (desk, other):
            assert [(one.id, one.state) for one in program.queue()] == [
                (first.id, DONE),
                (second.id, DONE),
                (third.id, DONE),
            ]

    def test_what_rests_may_be_taken_up_by_either(self, desk, other):
        hold(desk.hub)
        one = desk.add(ONE)
        held(desk, one.id)
        desk.ask(desk.downloads.pause, one.id)
        until(lambda: other.queue()[0].state is PAUSED)
        other.ask(other.downloads.resume, one.id)
        assert desk.queue()[0].problem.code == "download_elsewhere"
        let_go(desk.hub)
        other.ask(other.downloads.pause, one.id)
        other.ask(other.downloads.resume, one.id)
        other.finished(one.id)

    def test_when_one_ends_the_one_that_stays_goes_on(self, hub, profile, monkeypatch):
        monkeypatch.setattr(download_service, "WATCH_SECONDS", 0.05)
        hold(hub)
        with hub_desk(hub, profile, owner="stays") as stays:
            with hub_desk(hub, profile, owner="ends") as ends:
                one = ends.add(ONE)
                held(ends, one.id)
                stays.ask(stays.downloads.start)
                stays.state(one.id, WAITING)
                let_go(hub)
            assert stays.finished(one.id).download.resumed_from > 0

    def test_a_file_that_somebody_else_downloads_is_waited_for(self, desk, monkeypatch):
        monkeypatch.setitem(download_service.AGAIN_SECONDS, "transfer_in_use", 0.05)
        source, choice = desk.choice(ONE, "Q4_0")
        part = part_path(desk.shelf / ONE / "One-1B-Q4_0.gguf", choice.files[0].sha256)
        part.parent.mkdir(parents=True)
        with locked(part.with_name(f"{part.name}.lock"), 1.0):
            one = desk.ask(desk.downloads.add, source, choice)
            waiting = desk.state(one.id, WAITING)
            assert waiting.problem.code == "transfer_in_use"
            assert "is downloading" in waiting.problem.sentence
        desk.finished(one.id)
        assert desk.heard.of(DownloadFailed) == []

    def test_two_downloads_that_share_a_file(self, desk, monkeypatch):
        monkeypatch.setitem(download_service.AGAIN_SECONDS, "transfer_in_use", 60.0)  # it need not be waited for
        desk.hub.fault("/cdn/.*mmproj", stall=(SIZE // 6, 60))
        first = desk.add(SPLIT, "Q8_0")
        desk.listed(lambda listed: listed.done > SIZE, first.id)
        second = desk.add(SPLIT, "Q4_0")
        waiting = desk.state(second.id, WAITING)
        assert waiting.problem.sentence == "Split-3B · Q8_0 needs mmproj-F16.gguf too, and is downloading it for both."
        desk.ask(desk.downloads.pause, first.id)
        assert desk.finished(second.id).download.resumed_from > 0
        desk.ask(desk.downloads.resume, first.id)
        desk.finished(first.id)
        assert desk.heard.of(DownloadFailed) == []


class TestTelling:
    def test_at_most_five_times_a_second(self, desk):
        moments = []
        desk.heard.watch = lambda event: (
            moments.append(time.monotonic()) if isinstance(event, DownloadsListed) else None
        )
        slow(desk.hub)
        ids = [desk.add(f"acme/{name}-1B-GGUF").id for name in "ABC"]
        for number in ids:
            desk.finished(number)
        desk.state(ids[-1], DONE)
        assert len(moments) >= 5
        assert min(later - earlier for earlier, later in itertools.pairwise(moments)) >= 0.19

    def test_at_rest_nothing_ticks(self, desk):
        desk.hub.fault("A-1B", times=-1, stall=(HALF, 60))
        running, paused = desk.add(ONE).id, desk.add("acme/A-1B-GGUF").id
        held(desk, paused)
        desk.ask(desk.downloads.pause, paused)
        desk.finished(running)
        desk.state(running, DONE)
        until(lambda: desk.ask(lambda: [one for _, _, one in desk.loop._timers if one._call is not None]) == [])

    def test_a_stalled_connection_is_seen_to_stall(self, desk, monkeypatch):
        monkeypatch.setattr("desktop_app.services.download_runner.TICK_SECONDS", 0.1)
        monkeypatch.setattr("desktop_app.core.downloads.PACE_SECONDS", 0.5)
        desk.hub.fault("/cdn/", rate=200_000, stall=(200_000, 60))
        one = desk.add(ONE)
        desk.listed(lambda listed: listed.speed > 0, one.id)
        desk.listed(lambda listed: listed.state is RUNNING and listed.done > 100_000 and listed.speed == 0.0, one.id)

    def test_checking_is_a_phase_of_its_own(self, hub, profile, root):
        with hub_desk(hub, profile) as desk:
            (repo, commit), choice = desk.choice(ONE, "Q4_0")
            one = desk.ask(download_places.download_of, (repo, commit), choice)
            shelf = desk.shelf
        target = shelf / ONE / "One-1B-Q4_0.gguf"
        target.parent.mkdir(parents=True)
        part_path(target, one.files[0].sha256).write_bytes((root / ONE / target.name).read_bytes()[: SIZE // 2])
        told, ended = [], threading.Event()
        session = HubSession(HubOptions(online=True, endpoint=hub.endpoint, data_dir=profile), ConnectionLog(None))
        carrier = Carrier(
            session,
            one,
            shelf,
            Limiter(),
            QUICK,
            lambda: None,
            lambda carrier: told.append(carrier.take_progress()),
            lambda carrier: ended.set(),
        )
        carrier.start()
        assert ended.wait(10)
        session.close()
        assert carrier.error is None
        assert carrier.resumed_from == SIZE // 2
        assert told[0].phase is TransferPhase.CHECKING
        assert all(progress.done == SIZE // 2 for progress in told if progress.phase is TransferPhase.CHECKING)
        assert told[-1].done == SIZE

    def test_what_is_there_of_later_files_counts_from_the_beginning(self, desk):
        desk.finished(desk.add(SPLIT, "Q8_0").id)  # brings the projector
        slow(desk.hub)
        desk.heard.forget()
        one = desk.add(SPLIT, "Q4_0")
        assert one.done == SIZE // 3
        desk.finished(one.id)
        told = [listed.downloads[-1] for listed in desk.heard.of(DownloadsListed)]
        done = [download.done for download in told if download.id == one.id]
        assert done == sorted(done)


class TestFile:
    def test_a_damaged_queue_is_told_and_does_no_harm(self, hub, profile):
        profile.mkdir()
        (profile / "downloads.json").write_bytes(b"{ not json")
        with hub_desk(hub, profile) as desk:
            desk.ask(desk.downloads.start)
            assert desk.heard.wait(Noticed).problem.code == "queue_damaged"
            desk.finished(desk.add(ONE).id)
        assert (profile / "downloads.json.damaged-1").read_bytes() == b"{ not json"

    def test_a_queue_that_cannot_be_written_is_told_once_and_the_download_ends_well(self, desk, profile):
        hold(desk.hub)
        one = desk.add(ONE)
        held(desk, one.id)
        path = profile / "downloads.json"
        path.unlink()
        path.mkdir()  # nothing can be put in its place
        desk.ask(desk.downloads.pause, one.id)
        let_go(desk.hub)
        desk.ask(desk.downloads.resume, one.id)
        desk.finished(one.id)
        assert [event.problem.code for event in desk.heard.of(Noticed)] == ["queue_unusable"]
        path.rmdir()
        desk.finished(desk.add("acme/A-1B-GGUF").id)
        assert {listed.state for listed in desk.queue()} == {DONE}
        entries = json.loads(path.read_bytes())["entries"]
        assert {entry["download"]["id"]: entry["download"]["state"] for entry in entries}[one.id] == "done"

    def test_what_cannot_be_kept_is_not_begun(self, desk, profile):
        source, choice = desk.choice(ONE, "Q4_0")
        desk.hub.clear()
        (profile / "downloads.json").mkdir()
        with pytest.raises(ShelfError) as caught:
            desk.ask(desk.downloads.add, source, choice)
        assert caught.value.problem.code == "queue_unusable"
        assert desk.hub.asked() == []
        (profile / "downloads.json").rmdir()

    def test_another_folder(self, desk, tmp_path):
        hold(desk.hub)
        one = desk.add(ONE)
        held(desk, one.id)
        other = tmp_path / "elsewhere"
        other.mkdir()
        let_go(desk.hub)
        desk.ask(partial(desk.downloads.set_folder, other))
        event = desk.finished(one.id)
        assert event.path == str(other / ONE / "One-1B-Q4_0.gguf")
        assert (other / ONE / "One-1B-Q4_0.gguf").stat().st_size == SIZE
