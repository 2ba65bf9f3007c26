"""The transfer of one file: what it asks, tells and leaves; the faults have a table of their own in tests/faults."""

import errno
import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core.downloads import DownloadFile
from desktop_app.core.errors import HubError, KnownError, Problem, ShelfError
from desktop_app.library import manifest
from desktop_app.library.hub_session import ConnectionLog, HubOptions, HubSession
from desktop_app.library.transfer import (
    Limiter,
    Stopped,
    Transfer,
    TransferPhase,
    TransferResult,
    TransferRules,
    file_state,
    part_path,
)
from tests.helpers.loopback_hub import TOKEN, LoopbackHub

REPO, NAME = "maker/model", "model-Q4_K_M.gguf"
SIZE, MIDDLE = 1_200_000, 500_000
CDN, RESOLVE = "/cdn/", "/resolve/"
TRUTH = bytes(hashlib.shake_128(b"a model").digest(SIZE))
SHA256 = hashlib.sha256(TRUTH).hexdigest()
SOON = 2.0  # seconds; every wait below would otherwise last a minute
Told = tuple[TransferPhase, int, Problem | None]


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*os.environ,):
        if name.upper().startswith("HF_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[LoopbackHub]:
    folder = tmp_path / "repos" / REPO
    folder.mkdir(parents=True)
    (folder / NAME).write_bytes(TRUTH)
    with LoopbackHub(tmp_path / "repos") as made:
        yield made


@pytest.fixture
def log() -> ConnectionLog:
    return ConnectionLog(None)


@pytest.fixture
def session(hub: LoopbackHub, log: ConnectionLog, tmp_path: Path) -> Iterator[HubSession]:
    made = HubSession(HubOptions(online=True, endpoint=hub.endpoint, token=TOKEN, data_dir=tmp_path), log)
    yield made
    made.close()


class Trial:
    """One download at a time, and what it told."""

    def __init__(self, session: HubSession, hub: LoopbackHub, folder: Path) -> None:
        self.session = session
        self.hub = hub
        self.target = folder / "shelf" / REPO / NAME
        self.file = DownloadFile(NAME, SIZE, SHA256)
        self.told: list[Told] = []
        self.hear: Callable[[Told], object] = lambda told: None
        self.limiter = Limiter()
        self.commit = hub.commit(REPO)

    @property
    def part(self) -> Path:
        return part_path(self.target, self.file.sha256)

    def make(self, rules: TransferRules | None = None, **more: Any) -> Transfer:
        def progress(*told: Any) -> None:
            self.told.append(told)
            self.hear(told)

        rules = rules or rules_of()
        return Transfer(
            self.session, REPO, self.commit, self.file, self.target, self.limiter, progress, rules=rules, **more
        )

    def run(self, rules: TransferRules | None = None, **more: Any) -> TransferResult:
        return self.make(rules, **more).run()

    def fail(self, rules: TransferRules | None = None, **more: Any) -> KnownError:
        with pytest.raises(KnownError) as caught:
            self.run(rules, **more)
        return caught.value

    def put_part(self, data: bytes) -> None:
        self.part.parent.mkdir(parents=True)
        self.part.write_bytes(data)

    def waits(self) -> list[Problem]:
        return [problem for phase, _, problem in self.told if phase is TransferPhase.WAITING and problem]


def rules_of(**changes: Any) -> TransferRules:
    return TransferRules(**{"backoff": lambda barren: 0.0, "timeout": 60.0, "margin": 0, **changes})


@pytest.fixture
def trial(session: HubSession, hub: LoopbackHub, tmp_path: Path) -> Trial:
    return Trial(session, hub, tmp_path)


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


# ---- what it asks of the Hub ----


def test_it_begins_at_the_commit_and_shows_the_token_to_the_hub_alone(trial: Trial) -> None:
    result = trial.run()
    assert result == TransferResult(trial.target, SHA256, SIZE, 0)
    assert trial.target.read_bytes() == TRUTH
    asked = trial.hub.asked()
    assert [one["path"].partition("/cdn")[0] for one in asked] == [f"/{REPO}/resolve/{trial.commit}/{NAME}", ""]
    assert [one["headers"].get("authorization") for one in asked] == [f"Bearer {TOKEN}", None]
    assert {one["headers"]["accept-encoding"] for one in asked} == {"identity"}
    assert not any("range" in one["headers"] for one in asked)


def test_every_try_asks_for_a_fresh_link_and_only_for_what_is_missing(trial: Trial) -> None:
    for place in (200_000, 300_000, 900_000):
        trial.hub.fault(CDN, truncate=place)
    trial.run()
    ranges = [one["headers"].get("range") for one in trial.hub.asked(CDN)]
    assert ranges == [None, "bytes=200000-", "bytes=300000-", "bytes=900000-"]
    assert len(trial.hub.asked(RESOLVE)) == 4


def test_the_log_of_connections_counts_every_byte(trial: Trial, log: ConnectionLog) -> None:
    trial.run()
    to_hub, to_cdn = log.all()
    assert to_hub.purpose == to_cdn.purpose == f"Download of {REPO}/{NAME}"
    assert (to_hub.status, to_cdn.status) == (302, 200)
    assert SIZE < to_cdn.received < SIZE + 1000


def test_a_path_with_spaces_and_folders(trial: Trial, tmp_path: Path) -> None:
    folder = tmp_path / "repos" / REPO / "UD Q4" / "#1 100%"
    folder.mkdir(parents=True)
    (folder / "é+.gguf").write_bytes(TRUTH)
    trial.file = DownloadFile("UD Q4/#1 100%/é+.gguf", SIZE, SHA256)
    trial.commit = trial.hub.commit(REPO)
    assert trial.run().sha256 == SHA256


# ---- what it tells ----


def test_progress_grows_to_the_whole(trial: Trial) -> None:
    trial.run()
    assert {phase for phase, _, _ in trial.told} == {TransferPhase.DOWNLOADING}
    done = [done for _, done, _ in trial.told]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0, SIZE)


def test_what_is_there_is_checked_first(trial: Trial) -> None:
    trial.put_part(TRUTH[:MIDDLE])
    assert trial.run().resumed_from == MIDDLE
    phases = [phase for phase, _, _ in trial.told]
    assert phases == sorted(phases)  # checking, then downloading
    checked = [done for phase, done, _ in trial.told if phase is TransferPhase.CHECKING]
    assert checked[0] == 0
    assert next(done for phase, done, _ in trial.told if phase is TransferPhase.DOWNLOADING) == MIDDLE


def test_a_wait_says_why_and_how_long(trial: Trial) -> None:
    trial.hub.fault(CDN, truncate=MIDDLE)
    trial.hub.fault(RESOLVE, skip=1, status=429, headers={"Retry-After": "3600"})
    trial.hub.fault(CDN, html=True)
    trial.run(rules_of(longest_wait=0.01))
    cut, limited, page = trial.waits()
    assert [cut.code, limited.code, page.code] == ["transfer_cut", "hub_rate_limited", "hub_captive"]
    assert str(cut) == (
        "The connection to 127.0.0.1 broke off. What has arrived is kept. Check your connection. "
        "Causerie tries again by itself at once."
    )
    assert "sign in" in page.action
    assert "try again" not in " ".join(map(str, (cut, limited, page)))


def test_the_hubs_own_wish_for_a_pause_is_granted(trial: Trial) -> None:
    trial.hub.fault(RESOLVE, status=429, headers={"Retry-After": "1"})
    began = time.monotonic()
    trial.run()
    assert time.monotonic() - began >= 1.0
    assert trial.waits()[0].action == "Causerie tries again by itself in a second."


def test_patience_is_counted_in_tries_without_a_byte(trial: Trial) -> None:
    barren: list[int] = []

    def backoff(count: int) -> float:
        barren.append(count)
        return 0.0

    trial.hub.fault(RESOLVE, times=3, status=500)
    trial.hub.fault(CDN, truncate=MIDDLE)
    trial.hub.fault(RESOLVE, times=-1, skip=1, status=502)
    error = trial.fail(rules_of(backoff=backoff, tries=5))
    assert isinstance(error, HubError)
    assert error.problem.code == "transfer_gave_up"
    assert error.problem.kept == "What has arrived is kept."
    assert "5 tries" in error.problem.sentence
    assert barren == [1, 2, 3, 0, 1, 2, 3, 4]
    assert len(trial.hub.asked(RESOLVE)) == 9
    assert trial.part.read_bytes() == TRUTH[:MIDDLE]


def test_the_usual_pauses() -> None:
    assert [TransferRules().backoff(count) for count in range(8)] == [1, 2, 4, 8, 16, 30, 30, 30]


# ---- stopping ----


def stop_when(trial: Trial, fits: Callable[[Told], bool], after: float = 0.0, **rules: Any) -> float:
    """Stop at something it tells; returns the seconds that it took to end."""
    asked: list[float] = []

    def stop() -> None:
        asked.append(time.monotonic())
        transfer.stop()

    def hear(told: Told) -> None:
        if fits(told) and not timers:
            timers.append(threading.Timer(after, stop))
            timers[0].start()

    timers: list[threading.Timer] = []
    trial.hear = hear
    transfer = trial.make(rules_of(**rules))
    with pytest.raises(Stopped):
        transfer.run()
    timers[0].join()
    return time.monotonic() - asked[0]


def test_stop_while_the_body_stalls(trial: Trial) -> None:
    trial.hub.fault(CDN, stall=(MIDDLE, 60))
    assert stop_when(trial, lambda told: told[1] > 0, after=0.2) < SOON
    assert trial.part.read_bytes() == TRUTH[:MIDDLE]
    assert names(trial.target.parent) == [trial.part.name]


def test_stop_before_the_answer_begins(trial: Trial) -> None:
    trial.hub.fault(RESOLVE, delay=60)
    assert stop_when(trial, lambda told: told[0] is TransferPhase.DOWNLOADING, after=0.2) < SOON
    assert names(trial.target.parent) == []


def test_stop_while_it_waits(trial: Trial) -> None:
    trial.hub.fault(RESOLVE, status=503)
    assert stop_when(trial, lambda told: told[0] is TransferPhase.WAITING, backoff=lambda barren: 60.0) < SOON


def test_stop_while_it_checks(trial: Trial) -> None:
    trial.put_part(TRUTH[:MIDDLE])
    transfer = trial.make()
    trial.hear = lambda told: transfer.stop()
    with pytest.raises(Stopped):
        transfer.run()
    assert [phase for phase, _, _ in trial.told] == [TransferPhase.CHECKING]
    assert trial.hub.asked() == []


def test_stop_while_it_is_slowed_down(trial: Trial) -> None:
    trial.limiter.rate = 10_000
    assert stop_when(trial, lambda told: told[1] > 0) < SOON
    assert file_state(trial.target, trial.file) == "partial"


def test_stop_before_it_runs(trial: Trial) -> None:
    transfer = trial.make()
    transfer.stop()
    with pytest.raises(Stopped):
        transfer.run()
    assert trial.hub.asked() == []


def test_stop_while_the_disk_writes(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, freed, real = threading.Event(), threading.Event(), os.fsync

    def slow(handle: int) -> None:
        begun.set()
        freed.wait(60)
        real(handle)

    monkeypatch.setattr(os, "fsync", slow)
    transfer = trial.make()
    stopper = threading.Thread(target=lambda: begun.wait(60) and transfer.stop())
    stopper.start()
    try:
        with pytest.raises(Stopped):
            transfer.run()
    finally:
        freed.set()
        stopper.join()
    monkeypatch.undo()
    assert trial.part.read_bytes() == TRUTH
    assert trial.run().resumed_from == SIZE
    assert trial.target.read_bytes() == TRUTH


def test_what_the_listener_raises_ends_it(trial: Trial) -> None:
    def hear(told: Told) -> None:
        if told[1]:
            raise ZeroDivisionError

    trial.hear = hear
    with pytest.raises(ZeroDivisionError):
        trial.run()
    assert names(trial.target.parent) == [trial.part.name]


# ---- what it leaves ----


def test_its_origin_is_noted(trial: Trial) -> None:
    before = time.time()
    trial.run()
    origin = manifest.read(trial.target.parent)[NAME]
    assert (origin.repo, origin.commit, origin.path) == (REPO, trial.commit, NAME)
    assert (origin.sha256, origin.size, origin.endpoint) == (SHA256, SIZE, trial.hub.endpoint)
    assert before <= origin.downloaded_at <= time.time()
    assert names(trial.target.parent) == [manifest.NAME, NAME]


def test_a_file_that_is_noted_is_not_fetched_again(trial: Trial) -> None:
    trial.run()
    trial.hub.clear()
    trial.told.clear()
    assert trial.run() == TransferResult(trial.target, SHA256, SIZE, SIZE)
    assert trial.hub.asked() == []
    assert trial.told == []


def test_a_file_that_is_there_unnoted_is_checked_and_noted(trial: Trial) -> None:
    trial.target.parent.mkdir(parents=True)
    trial.target.write_bytes(TRUTH)
    assert trial.run().resumed_from == SIZE
    assert trial.hub.asked() == []
    assert {phase for phase, _, _ in trial.told} == {TransferPhase.CHECKING}
    assert manifest.read(trial.target.parent)[NAME].sha256 == SHA256


def test_the_old_file_stays_until_the_new_one_is_whole(trial: Trial) -> None:
    trial.target.parent.mkdir(parents=True)
    trial.target.write_bytes(b"old")
    trial.hub.fault(CDN, truncate=MIDDLE)
    trial.hub.fault(RESOLVE, skip=1, status=404)
    assert trial.fail().problem.code == "hub_not_found"
    assert trial.target.read_bytes() == b"old"
    assert file_state(trial.target, trial.file) == "partial"
    trial.run()
    assert trial.target.read_bytes() == TRUTH


def test_it_is_on_the_disk_before_it_has_its_name(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    part = trial.part.name
    sync, replace = os.fsync, Path.replace

    def noted_sync(handle: int) -> None:
        handles = Path("/proc/self/fd")
        steps.append(f"sync {(handles / str(handle)).resolve().name if handles.exists() else part}")
        sync(handle)

    def noted_replace(path: Path, target: Path) -> Path:
        steps.append(f"replace {path.name}")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    trial.run()
    assert steps[:2] == [f"sync {part}", f"replace {part}"]
    assert not Path("/proc/self/fd").exists() or steps[2] == f"sync {trial.target.parent.name}"


def test_it_is_written_through_as_it_comes(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (sizes.append(os.fstat(handle).st_size), real(handle)))
    trial.hub.fault(CDN, rate=2_000_000)
    trial.run(rules_of(flush_every=200_000))
    assert len([size for size in sizes if 200_000 <= size < SIZE]) >= 2


@pytest.mark.skipif(os.name != "posix", reason="Windows does not let an open file be deleted")
def test_a_part_that_is_taken_away_is_soon_missed(trial: Trial) -> None:
    trial.hub.fault(CDN, rate=300_000)
    trial.hear = lambda told: trial.part.unlink(missing_ok=True) if told[1] else None
    assert trial.fail().problem.code == "transfer_shelf_gone"
    assert trial.told[-1][1] < SIZE


@pytest.mark.skipif(os.name != "posix", reason="Windows does not let an open file be deleted")
def test_another_file_in_the_place_of_the_part_is_not_taken_for_it(trial: Trial) -> None:
    def hear(told: Told) -> None:
        if told[1] == SIZE:
            trial.part.unlink()
            trial.part.write_bytes(bytes(SIZE))

    trial.hear = hear
    assert trial.fail().problem.code == "transfer_shelf_gone"
    assert not trial.target.exists()


def test_a_part_that_something_else_wrote_to_is_not_taken_for_the_file(trial: Trial) -> None:
    def hear(told: Told) -> None:
        if told[1] == SIZE:
            os.truncate(trial.part, SIZE + 1)

    trial.hear = hear
    assert trial.fail().problem.code == "transfer_shelf_gone"
    assert not trial.target.exists()
    trial.hear = lambda told: None
    assert trial.run().resumed_from == 0
    assert trial.target.read_bytes() == TRUTH


def test_a_disk_that_loses_what_it_was_given(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(_: int) -> None:
        raise OSError(errno.EIO, "lost")

    monkeypatch.setattr(os, "fsync", lose)
    error = trial.fail()
    assert isinstance(error, ShelfError)
    assert error.problem.code == "transfer_disk"
    assert not trial.target.exists()


def test_an_empty_file(trial: Trial) -> None:
    trial.file = DownloadFile(NAME, 0, hashlib.sha256(b"").hexdigest())
    assert trial.run().bytes == 0
    assert trial.target.read_bytes() == b""
    assert names(trial.target.parent) == [manifest.NAME, NAME]


@pytest.mark.parametrize(("commit", "repo"), [("main", REPO), ("a" * 39, REPO), (None, "../elsewhere")])
def test_what_is_not_pinned_or_not_a_name_is_refused(trial: Trial, commit: str | None, repo: str) -> None:
    transfer = Transfer(
        trial.session, repo, commit or trial.commit, trial.file, trial.target, trial.limiter, lambda *_: None
    )
    with pytest.raises(ShelfError) as caught:
        transfer.run()
    assert caught.value.problem.code == "transfer_bad_name"
    assert not trial.target.parent.exists()


def test_room_is_left_for_the_rest_of_the_queue(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    usage = shutil.disk_usage(trial.hub.root)._replace(free=SIZE + 600)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)
    rules = rules_of(margin=500)
    assert trial.fail(rules, reserve=101).problem.code == "transfer_no_space"
    assert trial.fail(rules_of(margin=601)).problem.code == "transfer_no_space"
    assert trial.hub.asked() == []
    assert names(trial.target.parent) == []
    assert trial.run(rules, reserve=100).bytes == SIZE


def test_the_margin_is_half_a_gigabyte() -> None:
    assert TransferRules().margin == 512 * 1024 * 1024


def test_two_transfers_of_the_same_file(trial: Trial) -> None:
    trial.hub.fault(CDN, stall=(MIDDLE, 60))
    errors: list[str] = []
    first = trial.make()

    def hear(told: Told) -> None:
        if told[1] and not errors:
            errors.append("")
            try:
                trial.run()
            except KnownError as error:
                errors.append(error.problem.code)
            first.stop()

    trial.hear = hear
    with pytest.raises(Stopped):
        first.run()
    assert errors == ["", "transfer_in_use"]
    trial.hub.clear()
    trial.hear = lambda told: None
    assert trial.run().bytes == SIZE


def test_files_of_one_folder_at_once(trial: Trial, tmp_path: Path) -> None:
    files = [f"model-0000{number}-of-00004.gguf" for number in range(1, 5)]
    for name in files:
        (tmp_path / "repos" / REPO / name).write_bytes(TRUTH)
    commit = trial.hub.commit(REPO)

    def bring(name: str) -> None:
        file = DownloadFile(name, SIZE, SHA256)
        target = trial.target.with_name(name)
        Transfer(trial.session, REPO, commit, file, target, trial.limiter, lambda *_: None, rules=rules_of()).run()

    threads = [threading.Thread(target=bring, args=(name,)) for name in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names(trial.target.parent) == [manifest.NAME, *files]
    assert sorted(manifest.read(trial.target.parent)) == files


# ---- names and states ----


def test_the_part_is_named_after_the_hash(tmp_path: Path) -> None:
    target = tmp_path / NAME
    assert part_path(target, SHA256) == tmp_path / f"{NAME}.{SHA256[:12]}.part"
    assert part_path(target, SHA256.upper()) == part_path(target, SHA256)
    assert part_path(target, "0" * 64) != part_path(target, SHA256)


@pytest.mark.parametrize("name", ["m" * 235 + ".gguf", "é" * 117 + ".gguf", "字" * 78 + ".gguf"])
def test_a_long_name_has_a_part_and_a_lock_all_the_same(tmp_path: Path, name: str) -> None:
    part = part_path(tmp_path / name, SHA256)
    lock = part.with_name(f"{part.name}.lock")
    lock.touch()
    assert len(os.fsencode(lock.name)) <= 255
    assert part.name.endswith(f".{SHA256[:12]}.part")


def test_the_state_of_a_file(tmp_path: Path) -> None:
    file, target = DownloadFile(NAME, 3, SHA256), tmp_path / "folder" / NAME
    assert file_state(target, file) == "absent"
    target.parent.mkdir()
    part_path(target, SHA256).write_bytes(b"a")
    assert file_state(target, file) == "partial"
    target.write_bytes(b"ab")
    assert file_state(target, file) == "partial"
    target.write_bytes(b"abc")
    assert file_state(target, file) == "complete"
    note = manifest.Origin(repo=REPO, commit="c" * 40, path=NAME, sha256="0" * 64, size=3)
    manifest.record(target, note)
    assert file_state(target, file) == "partial"
    part_path(target, SHA256).unlink()
    assert file_state(target, file) == "absent"
