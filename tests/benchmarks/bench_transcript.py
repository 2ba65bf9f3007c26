"""How long the transcript holds up the event loop. Run as a module: ``python -m tests.benchmarks.bench_transcript``.

For conversations of 0, 25,000 and 300,000 characters (messages of ordinary length, and one single message), it prints
how long opening takes until the first picture is painted, and the stalls of the event loop while 200 tokens a second
stream in: the longest time that an event would have waited, sampled by a timer that would fire every millisecond.
"""

import argparse
import os
import resource
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from desktop_app.core.conversation import MessageState, Role
from desktop_app.ui.theme import ThemeManager, load_fonts
from desktop_app.ui.transcript import TranscriptItem, TranscriptView

PASSAGE = """## What a tokenizer does

A tokenizer cuts text into the pieces it saw **most often** while it was trained. Frequent words stay whole; rare ones \
are built from *several* pieces, and a space usually belongs to the `token` that follows it.

- first point of a list with [a link](https://example.org/page)
- second point, a little longer than the first one so that it wraps onto a second line of the column
  1. a nested number
  2. another

```python
def pieces(text: str) -> list[str]:
    # Every piece is an entry of the vocabulary.
    return [tokenizer.decode([token]) for token in tokenizer.encode(text)]
```

| model | bits | size |
|:------|-----:|-----:|
| Q4_K_M | 4.8 | 2.5 GB |
| Q8_0 | 8.5 | 4.3 GB |

> Counting tokens matters because the context window is measured in them.

"""
TOKENS_A_SECOND = 200


def conversation(characters: int, *, single: bool) -> list[TranscriptItem]:
    """Return a branch of about so many characters, in messages of ordinary length or in one reply."""
    items: list[TranscriptItem] = []
    if single and characters:
        content = PASSAGE * (characters // len(PASSAGE))
        items = [TranscriptItem(1, Role.USER, "Tell me all."), TranscriptItem(2, Role.ASSISTANT, content)]
    else:
        while sum(len(item.content) for item in items) < characters:
            items.append(TranscriptItem(len(items) + 1, Role.USER, "And what does that mean for the next question?"))
            items.append(TranscriptItem(len(items) + 1, Role.ASSISTANT, PASSAGE * 2))
    items.append(TranscriptItem(len(items) + 1, Role.USER, "Go on."))
    return items


class StallMeter(QObject):
    """Fires as often as the loop lets it and notes the gaps."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start(1)

    @Slot()
    def _on_timeout(self) -> None:
        now = time.perf_counter()
        self.gaps.append(1000 * (now - self._last) - 1)
        self._last = now

    def stop(self) -> None:
        """Measure no longer."""
        self._timer.stop()


def run_loop(seconds: float) -> None:
    """Let the event loop run."""
    loop = QEventLoop()
    QTimer.singleShot(int(1000 * seconds), loop.quit)
    loop.exec()


def open_time(view: TranscriptView, items: list[TranscriptItem]) -> float:
    """Return the milliseconds from handing over a branch to its first picture."""
    view.set_branch([])
    QApplication.processEvents()
    started = time.perf_counter()
    view.set_branch(items)
    view.grab()
    return 1000 * (time.perf_counter() - started)


def stream(view: TranscriptView, items: list[TranscriptItem], seconds: float) -> list[float]:
    """Stream a reply behind a branch and return the stalls in milliseconds."""
    reply = TranscriptItem(10_000_000, Role.ASSISTANT, "", state=MessageState.STREAMING)
    view.set_branch([*items, reply])
    run_loop(0.5)
    text = PASSAGE * 50
    # Four characters a token, handed over as the engine does: at most one batch every 16 ms.
    step = max(1, round(4 * TOKENS_A_SECOND * 0.016))
    position = 0

    def feed() -> None:
        nonlocal position
        view.append_text(reply.message_id, text[position : position + step])
        position += step

    feeder = QTimer()
    feeder.timeout.connect(feed)
    meter = StallMeter()
    feeder.start(16)
    run_loop(seconds)
    feeder.stop()
    meter.stop()
    return meter.gaps


def percentile(values: list[float], share: float) -> float:
    """Return the value below which a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def say(line: str) -> None:
    """Print a line of the table at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8.0, help="how long to stream into each conversation")
    options = parser.parse_args()
    application = QApplication([])
    load_fonts(Path(__file__).parents[2] / "resources" / "fonts")
    view = TranscriptView(ThemeManager("light"))
    view.resize(720, 700)
    view.show()
    open_time(view, conversation(2_000, single=False))
    run_loop(0.5)
    say("conversation              open      stall p50     p99   worst   (ms)   memory MB")
    for characters, single in ((0, False), (25_000, False), (300_000, False), (25_000, True), (300_000, True)):
        items = conversation(characters, single=single)
        opened = statistics.median(open_time(view, items) for _ in range(3))
        gaps = stream(view, items, options.seconds)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        name = f"{characters:>7,} {'in one reply' if single else 'in messages'}"
        say(
            f"{name:<22} {opened:7.1f}  {percentile(gaps, 0.5):11.1f} {percentile(gaps, 0.99):7.1f} "
            f"{max(gaps):7.1f}          {memory:9.0f}"
        )
    many = [
        TranscriptItem(number, Role.USER if number % 2 else Role.ASSISTANT, "A message of ordinary length. " * 8)
        for number in range(1, 5001)
    ]
    say(f"{'5,000 messages':<22} {statistics.median(open_time(view, many) for _ in range(3)):7.1f}")
    application.quit()


if __name__ == "__main__":
    main()
