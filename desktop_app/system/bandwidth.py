"""How fast this computer reads its memory, which bounds how fast a model writes: each token reads all weights once."""

import ctypes
import json
import sys
import threading
import time
from pathlib import Path

from desktop_app.system.files import write_atomically
from desktop_app.system.hardware import processor_name

BLOCK = 64 << 20  # larger than any processor's caches
SECONDS = 0.4


def memory_bandwidth(file: Path, threads: int) -> float:
    """Return the reading speed of the memory in bytes per second; measured once and kept in ``file``.

    Args:
        file: where the figure is kept, together with the processor that it holds for.
        threads: that read at once; as many as a model is run with.
    """
    processor = processor_name()
    try:
        kept = json.loads(file.read_bytes())
        if kept["processor"] == processor and kept["threads"] == threads and kept["bandwidth"] > 0:
            return float(kept["bandwidth"])
    except (OSError, ValueError, KeyError, TypeError):
        pass  # not measured yet, or not by us
    bandwidth = measure(threads)
    text = json.dumps({"processor": processor, "threads": threads, "bandwidth": bandwidth})
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, text.encode())
    except OSError:
        pass  # it is measured anew the next time
    return bandwidth


def measure(threads: int, seconds: float = SECONDS, block: int = BLOCK) -> float:
    """Return how many bytes per second so many threads read together.

    The C library's ``memchr`` looks in vain through a block for each thread; ctypes lets the threads run at once. On
    two cores with 28 GB/s by this measure, llama.cpp generated with 26.
    """
    library = ctypes.cdll.msvcrt if sys.platform == "win32" else ctypes.CDLL(None)
    search = library.memchr
    search.restype, search.argtypes = ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
    blocks = [ctypes.create_string_buffer(block) for _ in range(threads)]
    for one in blocks:
        ctypes.memset(one, 1, block)  # so that the pages are really there
    done = [0] * threads
    ready = threading.Barrier(threads + 1)
    ended = threading.Event()

    def read(number: int) -> None:
        address = ctypes.addressof(blocks[number])
        ready.wait()
        while not ended.is_set():
            search(address, 0, block)
            done[number] += block

    readers = [threading.Thread(target=read, args=(number,), daemon=True) for number in range(threads)]
    for reader in readers:
        reader.start()
    ready.wait()
    begun = time.perf_counter()
    ended.wait(seconds)
    ended.set()
    for reader in readers:
        reader.join()
    return sum(done) / (time.perf_counter() - begun)
