"""How long a shelf of many models takes to open: the first scan, the second, and what is known without a look.

Goal: the second opening of 500 models in 200 ms. One header with a vocabulary of 152,000 tokens is read besides.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import msgspec

from desktop_app.library import manifest
from desktop_app.library.header import read_header
from desktop_app.library.manifest import Origin
from desktop_app.library.shelf import Shelf
from tests.helpers.gguf_headers import vocabulary, write_header

QUANTIZATIONS = ("Q4_K_M", "Q5_K_M", "Q6_K", "Q8_0")
SHAPE = {".context_length": 40960, ".block_count": 28, "general.file_type": 15, "general.license": "apache-2.0"}


def fill(folder: Path, models: int, tokens: int) -> int:
    """Write a shelf with ``owner/repo/…`` and return its size in bytes."""
    words, merges = vocabulary(tokens)
    first = write_header(folder / "first.gguf", "qwen3", pairs=SHAPE, tensors=310, tokens=words, merges=merges)
    size = first.stat().st_size
    notes: dict[Path, dict[str, Origin]] = defaultdict(dict)
    for number in range(models - 1):
        name = f"Model-{number // 4:03d}-{QUANTIZATIONS[number % 4]}.gguf"
        path = folder / f"owner-{number // 20}" / f"Model-{number // 4:03d}-GGUF" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(first, path)
        repo = path.parent.relative_to(folder).as_posix()
        origin = Origin(repo=repo, commit="c" * 40, path=name, sha256=f"{number:064x}", size=size)
        notes[path.parent][name] = origin
    for place, origins in notes.items():
        (place / manifest.NAME).write_bytes(msgspec.json.encode(origins))
    return size * models


def timed(action: Callable[[], object], rounds: int = 1) -> tuple[float, float]:
    """Return the median and the worst time of an action, in milliseconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), max(times)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=500)
    parser.add_argument("--tokens", type=int, default=20_000, help="of each model's vocabulary")
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder, index = Path(place, "models"), Path(place, "shelf-index.json")
        size = fill(folder, options.models, options.tokens)
        print(f"{options.models} models with {options.tokens} tokens each, {size / 1e6:.0f} MB on the disk")

        def opened() -> Shelf:
            """As after a new start of the program: nothing is in memory."""
            return Shelf(folder, Path(place, "none.gguf"), index)

        assert opened().quick() == ()
        first, _ = timed(lambda: opened().scan())
        print(f"first scan:            {first:7.0f} ms, {first / options.models:.1f} ms a model")
        later, worst = timed(lambda: opened().scan(), options.rounds)
        print(f"second scan:           {later:7.0f} ms, median of {options.rounds}, worst {worst:.0f} ms (goal 200)")
        quick, worst = timed(lambda: opened().quick(), options.rounds)
        print(f"quick, after a start:  {quick:7.1f} ms, median of {options.rounds}, worst {worst:.1f} ms")
        assert len(opened().quick()) == options.models
        print(f"index on the disk:     {index.stat().st_size / 1e6:7.2f} MB")
        words, merges = vocabulary(152_000)
        large = write_header(Path(place, "large.gguf"), "qwen3", pairs=SHAPE, tensors=310, tokens=words, merges=merges)
        header, worst = timed(lambda: read_header(large), options.rounds)
        print(f"header, 152,000 words: {header:7.1f} ms, median of {options.rounds}, worst {worst:.1f} ms")


if __name__ == "__main__":
    main()
