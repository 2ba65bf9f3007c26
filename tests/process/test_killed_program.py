"""The whole program killed at random moments while it writes: no committed message is lost, and the disk is close.

Several programs run at once, each in a profile of its own, in which one is killed after the other.
"""

import json
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from desktop_app.system.paths import AppPaths
from tests.helpers.hearing import until
from tests.helpers.programs import ROOT, Program, run
from tests.helpers.stores import open_in

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")

KILLS, LANES = 54, 3
WINDOW_KILLS, WINDOW_LANES = 6, 2
MOST_BEHIND = 1.0
SCRIPTS = ("stream 2000", "stream 2000", "slow 400", "stream 300")
# The window with someone at the keyboard who says what the environment asks for, and prints what is shown.
WINDOW = f"""
import json, os, sys
sys.path.insert(0, {str(ROOT)!r})
import desktop_app.ui.application as application
from PySide6.QtCore import QObject
from desktop_app.services.events import ModelChanged, ModelState, ReplyEnded, ReplyGrew

def show(record):
    print(json.dumps(record), flush=True)

class Typing(QObject):  # lives on the thread of the window, and so hears there
    def __init__(self, window):
        super().__init__(window)
        self.window = window

    def hear(self, event):
        if isinstance(event, ReplyGrew):
            show({{"event": "token", "text": event.text, "message_id": event.message_id}})
        elif isinstance(event, ReplyEnded):
            show({{"event": "done"}})
        elif isinstance(event, ModelChanged) and event.state is ModelState.READY:
            self.window.chat.composer.set_text(os.environ["SAY"])
            self.window.chat.composer.input.submitted.emit()

def make_window(host, bridge, *more):
    window = original(host, bridge, *more)
    bridge.published.connect(Typing(window).hear)
    return window

if __name__ == "__main__":
    original, application.make_window = application.make_window, make_window
    from desktop_app.bootstrap import main
    sys.exit(main(sys.argv[1:]))
"""


@dataclass
class Lane:
    """A profile, what is known to be in it, and how far the disk was behind at each kill.

    Attributes:
        goes_on: the last conversation, if its last reply has words; without any the scripted model would be given
            two questions as one.
    """

    profile: Path
    chance: random.Random
    said: dict[int, tuple[str, str]] = field(default_factory=dict)
    cut: set[int] = field(default_factory=set)
    behind: list[float] = field(default_factory=list)
    goes_on: int | None = None
    kills: int = 0
    told: int = 0


def full_text(script: str) -> str:
    return "".join(f"word{number} " for number in range(1, int(script.split()[1]) + 1))


def terminal(lane: Lane, script: str) -> Program:
    """Start a chat in the terminal, in a new conversation or in the last one."""
    go_on = ["--conversation", lane.goes_on] if lane.goes_on and lane.chance.random() < 0.7 else []
    return Program("chat", "--json", script, *go_on, "--data-dir", lane.profile)


def window(lane: Lane, script: str, file: Path) -> Program:
    """Start the window with someone who types."""
    start = (sys.executable, str(file))
    return Program("--data-dir", lane.profile, start=start, SAY=script, QT_QPA_PLATFORM="offscreen")


def kill_once(lane: Lane, program: Program, script: str) -> None:
    """Kill a program at a random moment and look at what it leaves."""
    if lane.chance.random() < 0.8:
        program.wait_line('"token"')
        time.sleep(lane.chance.uniform(0, 1.6))
    else:
        time.sleep(lane.chance.uniform(0, 1.2))  # perhaps before it has begun
    killed = time.monotonic()
    program.kill()
    finished = program.wait()
    assert finished.code in (-9, 0), finished  # a short reply may end before
    lane.kills += finished.code == -9
    until(lambda: not program.members())
    look(lane, killed, program.lines, script)


def look(lane: Lane, killed: float, lines: list[tuple[float, str]], script: str) -> None:
    """Check the database against what was printed and when."""
    records = []
    for moment, line in lines:
        with suppress(json.JSONDecodeError):  # the last line may have been cut
            records.append((moment, json.loads(line)))
    if not records and not AppPaths.under(lane.profile).database.exists():
        return
    with open_in(lane.profile) as database:
        assert database.check() == ()
        rows = {row["id"]: row for row in database.query("SELECT * FROM messages ORDER BY id")}
    for message_id, before in lane.said.items():
        assert (rows[message_id]["role"], rows[message_id]["content"]) == before
    if records:  # this start has got as far as to tidy up after the one before
        assert all(rows[message_id]["state"] == "interrupted" for message_id in lane.cut)
        lane.cut.clear()
    new = [row for message_id, row in rows.items() if message_id not in lane.said]
    tokens = [(moment, record) for moment, record in records if record["event"] == "token"]
    if tokens:
        lane.told += 1
        assert [row["role"] for row in new] == ["user", "assistant"]
        assert new[0]["content"] == script
    if len(new) == 2:
        check_reply(lane, new[1], killed, tokens, script, any(one["event"] == "done" for _, one in records))
    lane.goes_on = new[1]["conversation_id"] if len(new) == 2 and new[1]["content"] else None
    lane.said.update({row["id"]: (row["role"], row["content"]) for row in new})
    lane.cut.update(row["id"] for row in new if row["state"] == "streaming")


def check_reply(lane, reply, killed, tokens, script, ended) -> None:
    on_disk, whole = reply["content"], full_text(script)
    assert whole.startswith(on_disk)
    if ended:
        assert (on_disk, reply["state"], reply["finish_reason"]) == (whole, "complete", "stop")
    else:
        assert reply["state"] in ("streaming", "complete")
    shown, behind = "", 0.0
    for moment, record in tokens:
        shown += record["text"]
        if len(shown) > len(on_disk):
            behind = max(behind, killed - moment)
    assert whole.startswith(shown)
    lane.behind.append(behind)


def run_lane(lane: Lane, kills: int, start) -> Lane:
    while lane.kills < kills:
        script = lane.chance.choice(SCRIPTS)
        kill_once(lane, start(lane, script), script)
    tidied = run("conversations", "list", "--json", "--data-dir", lane.profile)
    assert tidied.code == 0
    with open_in(lane.profile) as database:
        assert database.check() == ()
        states = {row["id"]: row["state"] for row in database.query("SELECT id, state FROM messages")}
    assert "streaming" not in states.values()
    assert all(states[message_id] == "interrupted" for message_id in lane.cut)
    return lane


def run_lanes(folder: Path, kills: int, lanes: int, start) -> list[Lane]:
    started = [Lane(folder / f"profile{number}", random.Random(number)) for number in range(lanes)]
    with ThreadPoolExecutor(lanes) as pool:
        return list(pool.map(lambda lane: run_lane(lane, kills // lanes, start), started))


def report(lanes: list[Lane], name: str) -> float:
    behind = sorted(one for lane in lanes for one in lane.behind)
    told = sum(lane.told for lane in lanes)
    kills = sum(lane.kills for lane in lanes)
    sys.stdout.write(f"{name}: {kills} kills, {told} amid words; the disk was behind by at most {behind[-1]:.3f} s\n")
    assert told >= kills * 0.5  # most of them hit a program that was writing
    return behind[-1]


@pytest.mark.timeout(300)
def test_a_killed_chat_loses_nothing_and_leaves_nobody_behind(tmp_path):
    lanes = run_lanes(tmp_path, KILLS, LANES, terminal)
    assert report(lanes, "terminal") <= MOST_BEHIND


@pytest.mark.timeout(300)
def test_a_killed_window_loses_nothing_either(tmp_path):
    file = tmp_path / "window.py"
    file.write_text(WINDOW, encoding="utf-8")
    lanes = run_lanes(tmp_path, WINDOW_KILLS, WINDOW_LANES, lambda lane, script: window(lane, script, file))
    assert report(lanes, "window") <= MOST_BEHIND
