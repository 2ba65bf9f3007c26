"""A move of the shelf, killed at random moments: the shelf is whole wherever the setting points.

The program prints before each step of the move that it knows of, so that a kill can be told to come right there or a
little later.
"""

import json
import random
import sys
import time
from pathlib import Path

import pytest

from desktop_app.library import care, manifest, moving
from tests.helpers.shelves import contents, put
from tests.helpers.stores import start_python

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")

KILLS = {"links": 10, "copies": 24}
FILES = 12
MOVE = """
import json, sys
from pathlib import Path
from desktop_app.library import copying, journal, moving

folder, new, links = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "links"
setting = folder / "setting.json"
if not links:
    moving.link = lambda *_: False
copying.BLOCK = 4096  # as if the files were large

def switch(to):
    print("switching", flush=True)
    temporary = setting.with_suffix(".tmp")
    temporary.write_text(json.dumps(str(to)))
    temporary.replace(setting)
    print("switched", flush=True)

def telling(method):
    def told(self, moved):
        print("file", flush=True)
        method(self, moved)
    return told

journal.Journal.note = telling(journal.Journal.note)
sys.stdin.readline()
print("begun", flush=True)
moving.move_shelf(Path(json.loads(setting.read_text())), new, folder / "move.json", switch, lambda *_: None, bool)
print("ended", flush=True)
"""


def fill(folder, chance):
    for number in range(FILES):
        data = b"GGUF" + chance.randbytes(chance.randrange(1000, 120_000))
        repo = f"maker/model{number}" if number % 3 else ""
        put(folder / (repo or ".") / f"model{number}-Q4_0.gguf", data, repo)
    put(folder / "maker" / "model1" / "more.gguf.0123456789ab.part", b"begin")


def models(folder):
    return {name: data for name, data in contents(folder).items() if name.endswith((".gguf", ".part"))}


def setting_of(folder):
    return Path(json.loads((folder / "setting.json").read_text()))


def kill_once(folder, new, how, chance):
    """Run a move and kill it at a random line that it prints, or up to some milliseconds later; None when it ended."""
    program = start_python(MOVE, folder, new, how)
    try:
        lines = chance.randrange(1, FILES + 6)
        program.stdin.write("go\n")
        program.stdin.flush()
        seen = ""
        for _ in range(lines):
            line = program.stdout.readline()
            if not line:
                break
            seen = line.strip()
        time.sleep(chance.choice((0.0, 0.0, 0.001, 0.004)))
        program.kill()
        killed = program.wait(60) == -9
        return seen if killed else None
    finally:
        program.stdin.close()
        program.stdout.close()
        program.wait(60)


@pytest.mark.parametrize("how", KILLS)
def test_a_killed_move_loses_nothing_and_goes_on(tmp_path, how):
    chance = random.Random(how)
    places = [tmp_path / "one", tmp_path / "two"]
    fill(places[0], chance)
    whole = models(places[0])
    notes = {folder: manifest.read(places[0] / folder) for folder in ("maker/model1", "maker/model2")}
    (tmp_path / "setting.json").write_text(json.dumps(str(places[0])))
    goal, kills, where, ended = 1, 0, [], 0
    while kills < KILLS[how]:
        line = kill_once(tmp_path, places[goal], how, chance)
        shelf = setting_of(tmp_path)
        there = models(shelf)
        assert {name: there.get(name) for name in whole} == whole, f"after a kill at “{line}”"
        for folder, noted in notes.items():
            assert manifest.read(shelf / folder) == noted
        if line is None:
            ended += 1
        else:
            kills += 1
            where.append(line)
        going = moving.unfinished_move(tmp_path / "move.json")
        if shelf == places[goal] and going is None:
            assert models(places[1 - goal]) == {}
            goal = 1 - goal  # and back again
    finish = start_python(MOVE, tmp_path, places[goal], how)
    out, _ = finish.communicate("go\n", timeout=60)
    assert out.endswith("ended\n")
    assert models(places[goal]) == whole
    assert models(places[1 - goal]) == {}
    assert not [file for file in tmp_path.rglob("*") if file.name.endswith(care.COPY)]
    assert moving.unfinished_move(tmp_path / "move.json") is None
    counts = {line: where.count(line) for line in sorted(set(where))}
    sys.stdout.write(f"{how}: {kills} kills, {ended} moves came to their end; the last line before a kill: {counts}\n")
    assert "file" in where
    assert len(counts) > 1
