"""Every fault that a download can meet, what must come of it, and that the next try brings the file."""

import shutil
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from desktop_app.library.transfer import Transfer, part_path
from tests.faults.elsewhere import Elsewhere, why_no_mounts
from tests.faults.scene import MIDDLE, NO_MARGIN, SIZE, Outcome, Scene, scene

CDN, RESOLVE = "/cdn/", "/resolve/"
EVER = -1
Arrange = Callable[[Scene], "Play | None"]
Play = Callable[[], tuple[Outcome, Outcome]]


@dataclass(frozen=True)
class Case:
    """A fault.

    Attributes:
        fault: in words.
        arrange: puts it into a scene; what it returns runs both transfers in another way than usual.
        code: of the problem that must come, or ``complete`` or ``stopped``.
        state: of the file afterwards.
        again: the code of a second transfer when the fault has passed.
        posix: whether it needs a system like Linux.
    """

    fault: str
    arrange: Arrange
    code: str = "complete"
    state: str = "complete"
    again: str = "complete"
    posix: bool = False


@dataclass(frozen=True)
class Row:
    """What came of a case."""

    case: Case
    first: Outcome
    again: Outcome = field(default_factory=Outcome)
    tries: int = 0


CASES: list[Case] = []


def case(fault: str, code: str = "complete", state: str = "complete", **more: object) -> Callable[[Arrange], Arrange]:
    """Take a function into the list."""

    def take(arrange: Arrange) -> Arrange:
        CASES.append(Case(fault, arrange, code, state, **more))
        return arrange

    return take


def play(one: Case) -> Row:
    """Run a case: once with its fault, once when it has passed."""
    if one.posix and sys.platform == "win32":
        return Row(one, Outcome(impossible="Windows has nothing like it"))
    with scene() as made:
        both = one.arrange(made)
        if both is not None:
            return Row(one, *both())
        first = made.run()
        tries = made.tries_made
        return Row(one, first, made.again(), tries)


# ---- the connection ----


@case("none")
def _nothing(_: Scene) -> None:
    pass


@case("the connection ends in the middle (FIN)")
def _truncated(scene: Scene) -> None:
    scene.hub.fault(CDN, truncate=MIDDLE)


@case("the connection ends twelve times in a row, each time further on")
def _truncated_often(scene: Scene) -> None:
    for number in range(12):
        scene.hub.fault(CDN, truncate=(number + 1) * 100_000)


@case("the connection ends before the first byte, for ever", "transfer_gave_up", "absent")
def _never_a_byte(scene: Scene) -> None:
    scene.hub.fault(CDN, times=EVER, truncate=0)


@case("the connection is reset in the middle (RST)")
def _reset(scene: Scene) -> None:
    scene.hub.fault(CDN, truncate=MIDDLE, reset=True)


@case("the body stalls in the middle")
def _stalled(scene: Scene) -> None:
    scene.timeout = 0.4
    scene.hub.fault(CDN, stall=(MIDDLE, 60))


@case("the answer does not begin")
def _silent(scene: Scene) -> None:
    scene.timeout = 0.4
    scene.hub.fault(RESOLVE, delay=60)


@case("the answer never begins", "transfer_gave_up", "absent")
def _silent_for_ever(scene: Scene) -> None:
    scene.timeout, scene.tries = 0.3, 3
    scene.hub.fault(RESOLVE, times=EVER, delay=60)


@case("nobody answers at the address", "transfer_gave_up", "absent")
def _refused(scene: Scene) -> None:
    scene.session.configure(scene.options(endpoint="http://127.0.0.1:9"))
    scene.before_again = lambda: scene.session.configure(scene.options())


# ---- what the Hub answers ----


@case("429 from the Hub")
def _limited(scene: Scene) -> None:
    scene.hub.fault(RESOLVE, status=429, headers={"Retry-After": "0"})


@case("429 on the body")
def _limited_body(scene: Scene) -> None:
    scene.hub.fault(CDN, status=429, headers={"RateLimit": '"resolvers";r=0;t=0'})


@case("503 from the Hub")
def _busy(scene: Scene) -> None:
    scene.hub.fault(RESOLVE, status=503)


@case("500 on the body, in the middle")
def _busy_body(scene: Scene) -> None:
    scene.hub.fault(CDN, truncate=MIDDLE)
    scene.hub.fault(CDN, times=3, status=500)


@case("502 for ever, in the middle", "transfer_gave_up", "partial")
def _busy_for_ever(scene: Scene) -> None:
    scene.hub.fault(CDN, truncate=MIDDLE)
    scene.hub.fault(RESOLVE, times=EVER, skip=1, status=502)


@case("a web page instead of the Hub's answer")
def _page(scene: Scene) -> None:
    scene.hub.fault(RESOLVE, html=True)


@case("a web page instead of the body, in the middle")
def _page_as_body(scene: Scene) -> None:
    scene.hub.fault(CDN, truncate=MIDDLE)
    scene.hub.fault(CDN, html=True)


@case("a web page for ever", "transfer_gave_up", "absent")
def _page_for_ever(scene: Scene) -> None:
    scene.hub.fault(times=EVER, html=True)


@case("the Hub names another hash", "transfer_changed", "absent")
def _other_hash(scene: Scene) -> None:
    scene.hub.fault(RESOLVE, etag="0" * 64)


@case("the file is another than its listed hash says", "transfer_corrupt", "absent", again="transfer_corrupt")
def _wrong_hash(scene: Scene) -> None:
    scene.put("tokenizer.json", scene.truth)  # a small file, for which the Hub names no hash while it is fetched
    scene.commit = scene.hub.commit("maker/model")
    scene.ask_for("tokenizer.json", sha256="0" * 64)


@case("a bit flips on the way", "transfer_corrupt", "absent")
def _flipped(scene: Scene) -> None:
    scene.hub.fault(CDN, corrupt=MIDDLE)


@case("a bit flips in the part on the disk", "transfer_corrupt", "absent")
def _flipped_on_disk(scene: Scene) -> None:
    data = bytearray(scene.truth[:MIDDLE])
    data[1000] ^= 1
    scene.put_part(bytes(data))


@case("the part is longer than the file")
def _long_part(scene: Scene) -> None:
    scene.put_part(scene.truth + b"more")


@case("the part is whole, and the program had ended before it was given its name")
def _whole_part(scene: Scene) -> None:
    scene.put_part(scene.truth)
    scene.hub.fault(times=EVER, status=500)


@case("the repository changed in the middle, the commit is gone", "hub_not_found", "partial")
def _changed_commit(scene: Scene) -> None:
    scene.hub.fault(CDN, truncate=MIDDLE)
    scene.during = lambda _: scene.put("README.md", b"new")
    scene.before_again = scene.source.with_name("README.md").unlink


@case("the file has another size than listed", "transfer_gave_up", "absent")
def _other_size(scene: Scene) -> None:
    scene.hub.fault(RESOLVE, times=EVER, redirect=f"{scene.hub.endpoint}/api/models")


@case("ranges are ignored, in the middle")
def _ignored_range(scene: Scene) -> None:
    scene.hub.fault(CDN, truncate=MIDDLE)
    scene.hub.fault(CDN, ignore_range=True)


@case("ranges are ignored and the connection ends at the same place, for ever", "transfer_gave_up", "partial")
def _never_further(scene: Scene) -> None:
    scene.hub.fault(CDN, times=EVER, ignore_range=True, truncate=MIDDLE)


@case("no content length")
def _no_length(scene: Scene) -> None:
    scene.hub.fault(CDN, chunked=True)


@case("no content length, and the connection ends in the middle")
def _no_length_truncated(scene: Scene) -> None:
    scene.hub.fault(CDN, chunked=True, truncate=MIDDLE)
    scene.hub.fault(CDN, chunked=True)


@case("the link has run out, in the middle")
def _expired(scene: Scene) -> None:
    scene.hub.fault(CDN, truncate=MIDDLE)
    scene.hub.fault(CDN, status=403)


@case("all links have run out", "transfer_gave_up", "absent")
def _expired_for_ever(scene: Scene) -> None:
    scene.hub.url_ttl = -10
    scene.before_again = lambda: setattr(scene.hub, "url_ttl", 3600)


@case("a redirect loop")
def _loop(scene: Scene) -> None:
    scene.hub.fault(RESOLVE, times=3, redirect_loop=True)


@case("a redirect loop for ever", "transfer_gave_up", "absent")
def _loop_for_ever(scene: Scene) -> None:
    scene.hub.fault(times=EVER, redirect_loop=True)


@case("a redirect to somewhere that is no web address", "transfer_gave_up", "absent")
def _strange_redirect(scene: Scene) -> None:
    scene.hub.fault(RESOLVE, times=EVER, redirect="file:///etc/hostname")


@case("the model is gated", "hub_gated", "absent")
def _gated(scene: Scene) -> None:
    rights = scene.source.with_name(".hub.json")
    rights.write_text('{"gated": "auto"}')
    scene.before_again = rights.unlink


@case("the model became gated in the middle", "hub_gated", "partial")
def _gated_later(scene: Scene) -> None:
    scene.hub.fault(CDN, truncate=MIDDLE)
    rights = scene.source.with_name(".hub.json")
    scene.during = lambda _: rights.write_text('{"gated": "auto"}')
    scene.before_again = rights.unlink


@case("404: there is no such model", "hub_not_found", "absent")
def _no_model(scene: Scene) -> None:
    scene.hub.fault(RESOLVE, status=404, headers={"X-Error-Code": "RepoNotFound"})


@case("404: there is no such file", "hub_not_found", "absent", again="hub_not_found")
def _no_file(scene: Scene) -> None:
    scene.ask_for("other-Q4_K_M.gguf")


@case("offline", "hub_offline", "absent")
def _offline(scene: Scene) -> None:
    scene.session.configure(scene.options(online=False))
    scene.before_again = lambda: scene.session.configure(scene.options())


@case("switched offline in the middle", "hub_offline", "partial")
def _switched_off(scene: Scene) -> None:
    scene.hub.fault(CDN, stall=(MIDDLE, 60))
    scene.during = lambda _: scene.session.configure(scene.options(online=False))
    scene.before_again = lambda: scene.session.configure(scene.options())


# ---- names ----


def _named(path: str) -> Arrange:
    return lambda scene: scene.ask_for(path)


for _fault, _path in (
    ("a name with ..", "../../outside.gguf"),
    ("an absolute name", "/etc/model.gguf"),
    ("a name with a drive", "C:model.gguf"),
    ("a name with backslashes", "..\\model.gguf"),
    ("a reserved name", "NUL.gguf"),
    ("a reserved folder", "aux/model.gguf"),
    ("a name of 400 characters", "m" * 395 + ".gguf"),
):
    case(_fault, "transfer_bad_name", "absent", again="transfer_bad_name")(_named(_path))


@case("a hash that is a path", "transfer_bad_name", "absent", again="transfer_bad_name")
def _hash_as_path(scene: Scene) -> None:
    scene.ask_for("model.gguf", sha256="/../../../x" * 6)


@case("a name of 240 bytes, the longest that is allowed")
def _long_name(scene: Scene) -> None:
    name = "é" * 117 + "-.gguf"
    scene.put(name, scene.truth)
    scene.commit = scene.hub.commit("maker/model")
    scene.ask_for(name)


# ---- the disk ----


@case("too little space for it and the rest of the queue", "transfer_no_space", "absent")
def _no_room(scene: Scene) -> None:
    scene.reserve = 1 << 60


def _on_a_disk(mount: str, **asks: object) -> Arrange:
    """Play in a process that mounts a file system over the shelf."""

    def arrange(scene: Scene) -> Play:
        commands = {name: [part.format(shelf=scene.shelf) for part in one] for name, one in asks.items() if name in DO}
        others = {name: value for name, value in asks.items() if name not in DO}

        def both() -> tuple[Outcome, Outcome]:
            if reason := why_no_mounts():
                return Outcome(impossible=reason), Outcome(impossible=reason)
            return Elsewhere(scene, mount=mount, **commands, **others).outcomes()

        return both

    return arrange


DO = ("during", "between")
REMOUNT = ("mount", "-o")
case("too little space on the disk", "transfer_no_space", "absent")(
    _on_a_disk("size=1m", between=(*REMOUNT, "remount,size=8m", "{shelf}"))
)
case("the disk becomes full while it is written", "transfer_no_space", "partial")(
    _on_a_disk("size=1m", margin=NO_MARGIN, between=(*REMOUNT, "remount,size=8m", "{shelf}"))
)
case("the disk is write-protected", "transfer_read_only", "absent")(
    _on_a_disk("ro", between=(*REMOUNT, "remount,rw", "{shelf}"))
)
case("the drive is taken away in the middle", "transfer_shelf_gone", "absent")(
    _on_a_disk("size=8m", during=("umount", "-l", "{shelf}"), between=("mount", "-t", "tmpfs", "none", "{shelf}"))
)


@case("the file system allows no file as large", "transfer_too_large", "partial", posix=True)
def _too_large(scene: Scene) -> Play:
    return lambda: Elsewhere(scene, largest=MIDDLE).outcomes()


@case("the program may not write in the shelf", "transfer_read_only", "absent", posix=True)
def _without_rights(scene: Scene) -> Play:
    return lambda: Elsewhere(scene, without_rights=True).outcomes()


@case("the shelf is not there", "transfer_shelf_gone", "absent")
def _no_shelf(scene: Scene) -> None:
    scene.shelf.rmdir()
    scene.before_again = scene.shelf.mkdir


@case("the shelf is deleted in the middle", "transfer_shelf_gone", "absent", posix=True)
def _shelf_deleted(scene: Scene) -> None:
    scene.during = lambda _: shutil.rmtree(scene.shelf)
    scene.before_again = scene.shelf.mkdir


@case("the shelf is moved elsewhere in the middle", "transfer_shelf_gone", "absent", posix=True)
def _shelf_moved(scene: Scene) -> None:
    elsewhere = scene.folder / "moved"
    scene.during = lambda _: scene.shelf.rename(elsewhere)
    scene.before_again = lambda: elsewhere.rename(scene.shelf)


@case("the part is deleted in the middle", "transfer_shelf_gone", "absent", posix=True)
def _part_deleted(scene: Scene) -> None:
    scene.during = lambda _: part_path(scene.target, scene.file.sha256).unlink()


@case("an older file of the same name and size is there")
def _older(scene: Scene) -> None:
    scene.target.parent.mkdir(parents=True)
    scene.target.write_bytes(bytes(SIZE))


# ---- programs ----


@case("stopped in the middle", "stopped", "partial")
def _stopped(scene: Scene) -> None:
    scene.hub.fault(CDN, stall=(MIDDLE, 60))
    scene.during = Transfer.stop


@case("stopped on a connection that has stalled", "stopped", "partial")
def _stopped_stalled(scene: Scene) -> None:
    scene.hub.fault(CDN, stall=(MIDDLE, 60))
    scene.during = lambda transfer: threading.Timer(0.3, transfer.stop).start()


@case("two programs at once: this one", "transfer_in_use", "partial")
def _two(scene: Scene) -> Play:
    def both() -> tuple[Outcome, Outcome]:
        scene.hub.fault(CDN, stall=(MIDDLE, 60))
        other = Elsewhere(scene)
        try:
            other.wait_for_bytes()
            first = scene.run()
        finally:
            other.kill()
        lock = part_path(scene.target, scene.file.sha256)
        lock = lock.with_name(f"{lock.name}.lock")
        # The other holds its lock file while it lives, and leaves it when it is killed.
        state = first.state.replace(f", but beside it lie ['{lock.name}']", "")
        return Outcome(first.code, first.sentence, state, first.size), scene.again()

    return both


@case("killed in the middle", "killed", "partial", posix=True)
def _killed(scene: Scene) -> Play:
    def both() -> tuple[Outcome, Outcome]:
        scene.hub.fault(CDN, stall=(MIDDLE, 60))
        other = Elsewhere(scene)
        other.wait_for_bytes()
        other.kill()
        part = part_path(scene.target, scene.file.sha256)
        assert part.with_name(f"{part.name}.lock").exists()
        assert scene.truth.startswith(part.read_bytes())
        return Outcome("killed", state="partial", size=part.stat().st_size), scene.again()

    return both
