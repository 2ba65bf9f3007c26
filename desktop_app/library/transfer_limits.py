"""What a transfer holds itself to: speed, patience, and the space that it leaves."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

LARGEST_BLOCK = 1 << 20
_SMALLEST_BLOCK = 4 << 10
_BLOCKS_A_SECOND = 20


class Limiter:
    """A speed limit that all transfers share.

    Args:
        bytes_per_second: 0 for none.
    """

    def __init__(self, bytes_per_second: int = 0) -> None:
        self._lock = threading.Lock()
        self._rate = max(0, bytes_per_second)
        self._free_at = 0.0

    @property
    def rate(self) -> int:
        """Bytes per second, 0 for none. What is set holds from the next block on."""
        return self._rate

    @rate.setter
    def rate(self, bytes_per_second: int) -> None:
        with self._lock:
            self._rate = max(0, bytes_per_second)
            self._free_at = 0.0

    @property
    def block(self) -> int:
        """How many bytes to take at once, so that a slow transfer still moves smoothly."""
        rate = self._rate
        return min(LARGEST_BLOCK, max(_SMALLEST_BLOCK, rate // _BLOCKS_A_SECOND)) if rate else LARGEST_BLOCK

    def delay(self, count: int) -> float:
        """Note that bytes came, and return how many seconds to wait before the next."""
        with self._lock:
            if not self._rate:
                return 0.0
            now = time.monotonic()
            self._free_at = max(self._free_at, now) + count / self._rate
            return self._free_at - now


def doubling(barren: int) -> float:
    """Seconds to wait after so many tries in a row without a new byte: 1, 2, 4, 8, 16, and then 30."""
    return min(2.0**barren, 30.0)


@dataclass(frozen=True)
class TransferRules:
    """How patient a transfer is, and how careful with the disk.

    Attributes:
        tries: it gives up after so many in a row that brought no new byte.
        backoff: seconds to wait before the next try, from the number of barren ones so far.
        longest_wait: seconds; also when the Hub asks for more.
        timeout: seconds without an answer, or without a byte of it, after which a connection counts as dead.
        margin: bytes that stay free on the disk.
        flush_every: bytes after which what has come is written through to the disk, in the background.
    """

    tries: int = 8
    backoff: Callable[[int], float] = doubling
    longest_wait: float = 600.0
    timeout: float = 15.0
    margin: int = 512 << 20
    flush_every: int = 64 << 20
