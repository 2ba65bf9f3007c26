"""Download of a large file over the loopback with its hash checked, against curl; processor, memory, time to stop.

Interleaved runs, medians. The Hub, the transfer and curl are processes of their own; both follow the Hub's redirect.
The file is sparse and, where there is a folder in memory, so is all that is written: the disk is not what is measured.
"""

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.stores import ROOT

MEMORY = Path("/dev/shm")
SMALL = 64 << 20
STOPS = 10
HUB = """
import json, sys
from pathlib import Path
from tests.helpers.loopback_hub import LoopbackHub
root = Path(sys.argv[1])
with LoopbackHub(root) as hub:
    files = {one.name: hub.digests(one)[1] for one in hub.files("bench/model")}
    hub.fault(r"/cdn/.*stalls", times=-1, stall=(1 << 20, 600))
    print(json.dumps([hub.endpoint, hub.commit("bench/model"), files]), flush=True)
    sys.stdin.read()
"""


@dataclass
class Hub:
    """The server in its process."""

    process: subprocess.Popen[str]
    endpoint: str
    commit: str
    hashes: dict[str, str]


@dataclass
class Run:
    """One download: seconds, processor seconds, and for ours the most memory it took (bytes)."""

    seconds: float
    cpu: float
    rss: float = 0.0


def start_hub(folder: Path, sizes: dict[str, int]) -> Hub:
    """Make the files, all zeros, and serve them."""
    repo = folder / "root" / "bench" / "model"
    repo.mkdir(parents=True)
    for name, size in sizes.items():
        with (repo / name).open("wb") as file:
            file.truncate(size)
    command = [sys.executable, "-c", HUB, str(folder / "root")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    return Hub(process, *json.loads(process.stdout.readline()))


def ours(hub: Hub, name: str, size: int, target: Path, stall: bool = False) -> dict[str, float]:
    """Download with our transfer."""
    command = [sys.executable, "-m", "tests.benchmarks.download_once", hub.endpoint, hub.commit, name]
    command += [str(size), hub.hashes[name], str(target), str(int(stall))]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def curl(program: str, hub: Hub, name: str, target: Path) -> Run:
    """Download with curl, which checks nothing."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    url = f"{hub.endpoint}/bench/model/resolve/{hub.commit}/{name}"
    subprocess.run([program, "-sSfL", "-o", str(target), url], check=True)
    seconds, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Run(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def measure(folder: Path, size: int, runs: int, program: str | None) -> None:
    """Run and print."""
    hub = start_hub(folder, {"model.gguf": size, "small.gguf": min(SMALL, size), "stalls.gguf": 2 << 20})
    mine: list[Run] = []
    curls: list[Run] = []
    try:
        small = ours(hub, "small.gguf", min(SMALL, size), folder / "small.gguf")
        for _ in range(runs):
            if program:
                curls.append(curl(program, hub, "model.gguf", folder / "curl.gguf"))
                (folder / "curl.gguf").unlink()
            mine.append(Run(**ours(hub, "model.gguf", size, folder / "ours" / "model.gguf")))
            shutil.rmtree(folder / "ours")
        stops = [
            ours(hub, "stalls.gguf", 2 << 20, folder / f"{number}.gguf", stall=True)["stopped"]
            for number in range(STOPS)
        ]
    finally:
        hub.process.communicate()
    report("ours, hash checked", mine, size)
    if curls:
        report("curl", curls, size)
        ratios = [theirs.seconds / one.seconds for theirs, one in zip(curls, mine, strict=True)]
        print(f"ratio                 {statistics.median(ratios):.2f} of curl's speed (goal 0.7)")
    else:
        print("curl is not installed: nothing to compare with")
    flat = max(one.rss for one in mine)
    print(f"peak memory           {flat / 1e6:.0f} MB; {small['rss'] / 1e6:.0f} MB for a file of {SMALL / 1e6:.0f} MB")
    print(
        f"stall to stopped      {max(stops) * 1000:.0f} ms at most, {statistics.median(stops) * 1000:.0f} ms the median"
        f" of {STOPS} (goal 100 ms)"
    )


def report(name: str, runs: list[Run], size: int) -> None:
    """Print one line."""
    speed = size / 1e6 / statistics.median(one.seconds for one in runs)
    fastest = size / 1e6 / min(one.seconds for one in runs)
    cpu = statistics.median(one.cpu for one in runs) * 1e9 / size
    print(
        f"{name:<22}{speed:.0f} MB/s, median of {len(runs)} (fastest {fastest:.0f}); {cpu:.2f} processor seconds per GB"
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=2000, help="of the file, in MB")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where to write; a folder in memory where there is one")
    given = parser.parse_args()
    size = given.size * 1_000_000
    parent = given.folder
    if parent is None and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2 * size + (1 << 30):
        parent = MEMORY
    with tempfile.TemporaryDirectory(dir=parent) as folder:
        print(f"{given.size} MB, written to {folder}")
        measure(Path(folder), size, given.runs, shutil.which("curl"))


if __name__ == "__main__":
    main()
