"""A download killed at random moments: no wrong file under its name, not a byte less than before, and it ends well.

One process imports everything and makes a copy of itself for each download, which is what is killed.
"""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop_app.core.downloads import DownloadFile
from desktop_app.library import manifest
from desktop_app.library.hub_session import ConnectionLog, HubOptions, HubSession
from desktop_app.library.transfer import Limiter, Transfer, file_state, part_path
from tests.helpers.hearing import until
from tests.helpers.loopback_hub import LoopbackHub
from tests.helpers.stores import start_python

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL and fork")

KILLS = 60
REPO, NAME = "maker/model", "model-Q4_K_M.gguf"
SIZE, RATE = 2_000_000, 4_000_000
MOTHER = f"""
import os, sys
from pathlib import Path
from desktop_app.core.downloads import DownloadFile
from desktop_app.library.hub_session import ConnectionLog, HubOptions, HubSession
from desktop_app.library.transfer import Limiter, Transfer, TransferRules

endpoint, commit, sha256, data_dir = sys.argv[1:]
session = HubSession(HubOptions(online=True, endpoint=endpoint, data_dir=Path(data_dir)), ConnectionLog(None))
session.client("nothing").close()
session.ssl_context()
import filelock
print("ready", flush=True)
for line in sys.stdin:
    if (child := os.fork()) == 0:
        file = DownloadFile({NAME!r}, {SIZE}, sha256)
        rules = TransferRules(flush_every=200_000)
        told = lambda *_: None
        Transfer(session, {REPO!r}, commit, file, Path(line.strip()), Limiter({RATE}), told, rules=rules).run()
        os._exit(0)
    print("child", child, flush=True)
    sys.stdin.readline()  # until it is waited for, its number is no other's
    print("ended", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@dataclass
class Mother:
    """The process that starts the downloads."""

    process: subprocess.Popen[str]

    def start(self, target: Path) -> int:
        """Start one and return its number."""
        self.say(target)
        return int(self.heard("child"))

    def kill(self, child: int) -> bool:
        """Kill it; False when it had ended by itself, and well."""
        os.kill(child, signal.SIGKILL)
        self.say("")
        code = int(self.heard("ended"))
        assert code in (0, -signal.SIGKILL)
        return code != 0

    def say(self, line: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def heard(self, word: str) -> str:
        """Return what follows a word at the beginning of a line."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith(word):
                return line.removeprefix(word).strip()
        raise AssertionError("it ended")


@pytest.fixture
def truth() -> bytes:
    return random.Random(11).randbytes(SIZE)


@pytest.fixture
def hub(tmp_path: Path, truth: bytes) -> Iterator[LoopbackHub]:
    folder = tmp_path / "repos" / REPO
    folder.mkdir(parents=True)
    (folder / NAME).write_bytes(truth)
    with LoopbackHub(tmp_path / "repos") as made:
        yield made


@pytest.fixture
def mother(tmp_path: Path, hub: LoopbackHub, truth: bytes) -> Iterator[Mother]:
    sha256 = hashlib.sha256(truth).hexdigest()
    process = start_python(MOTHER, hub.endpoint, hub.commit(REPO), sha256, tmp_path)
    made = Mother(process)
    made.heard("ready")
    yield made
    process.communicate()


def size_of(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def check(target: Path, file: DownloadFile, truth: bytes) -> str:
    """Return the state of the file after a kill."""
    state, part = file_state(target, file), part_path(target, file.sha256)
    if state == "complete":
        assert target.read_bytes() == truth
        assert not part.exists()
    else:
        assert not target.exists()
        assert truth.startswith(part.read_bytes() if part.exists() else b"")
    notes = {manifest.NAME, f"{manifest.NAME}.lock", f"{manifest.NAME}.tmp"}
    if target.parent.exists():
        assert {one.name for one in target.parent.iterdir()} <= {target.name, part.name, f"{part.name}.lock", *notes}
    return state


def test_a_killed_download_goes_on(tmp_path: Path, hub: LoopbackHub, mother: Mother, truth: bytes) -> None:
    file = DownloadFile(NAME, SIZE, hashlib.sha256(truth).hexdigest())
    chance, states, kills, number = random.Random(3), Counter[str](), 0, 0
    targets = [tmp_path / "shelf0" / NAME]
    while kills < KILLS:
        target = targets[-1]
        part = part_path(target, file.sha256)
        before = size_of(part)
        child = mother.start(target)
        if chance.random() < 0.25:  # in the last moments, when it is flushed, renamed and noted
            until(lambda part=part, target=target: size_of(part) > SIZE * 0.98 or target.exists())
            time.sleep(chance.uniform(0, 0.01))
        else:
            time.sleep(chance.uniform(0, 0.3))
        kills += mother.kill(child)
        state = check(target, file, truth)
        states[state] += 1
        if state == "complete":
            number += 1
            targets.append(tmp_path / f"shelf{number}" / NAME)
        else:
            assert size_of(part) >= before
    assert states["partial"] >= 10, states
    session = HubSession(HubOptions(online=True, endpoint=hub.endpoint, data_dir=tmp_path), ConnectionLog(None))
    for target in targets:
        had = size_of(part_path(target, file.sha256))
        result = Transfer(session, REPO, hub.commit(REPO), file, target, Limiter(), lambda *_: None).run()
        assert result.resumed_from in (had, SIZE)
        assert check(target, file, truth) == "complete"
        assert manifest.read(target.parent)[NAME].sha256 == file.sha256
        assert not part_path(target, file.sha256).with_name(f"{NAME}.lock").exists()
    session.close()
