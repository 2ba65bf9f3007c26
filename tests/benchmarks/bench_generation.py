"""Speed of the whole path (child, pipe, worker, services, SQLite) against a bare low-level loop in one process.

    python -m tests.benchmarks.bench_generation --model PATH [--runs N] [--tokens N] [--prompt N] [--threads N]

Both do the same work: as many prompt tokens, as many tokens written greedily, the same threads, batches and context.
Runs are interleaved, so that a busy machine disturbs both alike, and medians are compared. It prints ratios and
never fails. "Engine" is the child as it measures itself; "service" is the clock of the person who waits, from sending
to the end of the reply, everything included: storing, the pipe, template, tokenizer, prompt, generation, events.
"""

import argparse
import ctypes
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Self

import psutil

from desktop_app.bootstrap import make_host
from desktop_app.core.conversation import ChatMessage, FinishReason, Message, Role
from desktop_app.core.model import LoadOptions
from desktop_app.core.sampling import SamplingSettings
from desktop_app.inference.engine import physical_cores
from desktop_app.services.events import Event, ModelChanged, ModelState, ReplyEnded
from desktop_app.system.paths import AppPaths
from tests.helpers.engines import Driver

CONTEXT = 2048
BATCH = 256


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--tokens", type=int, default=200)
    parser.add_argument("--prompt", type=int, default=512, help="words of the prompt")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--bare", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.threads = options.threads or physical_cores()
    if options.bare:
        serve_bare(options)
    else:
        compare(options)


def compare(options: argparse.Namespace) -> None:
    """Interleave both and print medians and ratios."""
    words = " ".join(f"word{number % 97}" for number in range(options.prompt))
    with (
        tempfile.TemporaryDirectory() as folder,
        Driver.llama(Path(folder)) as driver,
        Conversing(Path(folder) / "profile", options) as service,
        bare_process(options) as bare,
    ):
        info = driver.load(options.model, context_length=CONTEXT, batch_size=BATCH, threads=options.threads).info
        print(
            f"{info.name}, {info.quantization}, {info.size / 2**20:.0f} MiB, {info.threads} threads, "
            f"load average {os.getloadavg()[0]:.1f}"
        )
        whole: list[tuple[float, float]] = []
        alone: list[tuple[float, float]] = []
        waited: list[tuple[float, float]] = []
        for run in range(options.runs + 1):
            if run == 1:  # the first warmed up
                before = processor_seconds(driver.engine.pid), processor_seconds(bare.pid)
            path = through_the_engine(driver, f"{run} {words}", options.tokens)
            loop = ask_bare(bare, path)
            seconds, message = service.ask(f"{run} {words}", options.tokens)
            figures = message.statistics
            same = figures.evaluated_tokens / loop[1] + figures.completion_tokens / loop[0]
            if run:
                whole.append((path.generation, path.prompt))
                alone.append(loop)
                waited.append((seconds, same))
        spent = (
            processor_seconds(driver.engine.pid) - before[0],
            processor_seconds(bare.pid) - before[1],
        )
        for index, name in enumerate(("generation", "prompt processing")):
            ours = statistics.median(each[index] for each in whole)
            theirs = statistics.median(each[index] for each in alone)
            ratio = statistics.median(a[index] / b[index] for a, b in zip(whole, alone, strict=True))
            print(f"{name:18} engine {ours:9.1f} tok/s   bare loop {theirs:9.1f} tok/s   ratio {ratio:.3f}")
        ratio = statistics.median(bare_seconds / seconds for seconds, bare_seconds in waited)
        print(
            f"{'whole reply':18} service {statistics.median(seconds for seconds, _ in waited):8.2f} s       "
            f"bare loop {statistics.median(same for _, same in waited):9.2f} s       ratio {ratio:.3f}"
        )
        print(
            f"{'processor time':18} engine {spent[0]:9.2f} s       bare loop {spent[1]:9.2f} s       "
            f"ratio {spent[1] / spent[0]:.3f}  (everything the child does; steadier than the clock)"
        )


class Conversing:
    """The services on a profile of their own, with a model loaded."""

    def __init__(self, profile: Path, options: argparse.Namespace) -> None:
        self._heard: SimpleQueue[Event] = SimpleQueue()
        paths = AppPaths.under(profile)
        paths.ensure()
        self._host = make_host(paths, self._heard.put)
        self._host.start()
        load = LoadOptions(context_length=CONTEXT, threads=options.threads)
        self._host.do(lambda services: services.models.load_path(str(options.model), load))
        self._wait(lambda event: isinstance(event, ModelChanged) and event.state is ModelState.READY)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._host.close()

    def ask(self, text: str, tokens: int) -> tuple[float, Message]:
        """Ask in a new conversation; return the seconds from sending to the reply's end, and the reply."""
        sampling = SamplingSettings(temperature=0, max_tokens=tokens)
        began = time.perf_counter()
        self._host.do(lambda services: services.chat.send(None, text, "", sampling))
        ended = self._wait(lambda event: isinstance(event, ReplyEnded))
        assert isinstance(ended, ReplyEnded)
        return time.perf_counter() - began, ended.message

    def _wait(self, matches: Callable[[Event], bool]) -> Event:
        while not matches(event := self._heard.get(timeout=600)):
            pass
        return event


def processor_seconds(pid: int | None) -> float:
    """Return the processor time a process has used so far, to 10 ms."""
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


class Measured:
    """One reply through the engine, timed by the parent's own clock."""

    def __init__(self, driver: Driver, text: str, tokens: int) -> None:
        sampling = SamplingSettings(temperature=0, max_tokens=tokens)
        ended = driver.reply(ChatMessage(Role.USER, text), sampling=sampling).ended
        figures = ended.statistics
        self.tokens = figures.completion_tokens
        # A reply that ends by itself has evaluated its last token too, to learn that it was the last.
        self.evaluated = self.tokens - (ended.finish_reason is FinishReason.LENGTH)
        self.prompt_tokens = figures.evaluated_tokens
        self.generation = figures.generation_tokens_per_second
        self.prompt = figures.prompt_tokens_per_second


def through_the_engine(driver: Driver, text: str, tokens: int) -> Measured:
    """Ask the engine; the text differs from run to run from its first word on, so that nothing is reused."""
    return Measured(driver, text, tokens)


def bare_process(options: argparse.Namespace) -> "subprocess.Popen[str]":
    """Start the bare loop in a process of its own, without engine, worker or pipe protocol."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_generation", "--bare", "--model", str(options.model)]
    command += ["--threads", str(options.threads)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL
    )


def ask_bare(bare: "subprocess.Popen[str]", path: Measured) -> tuple[float, float]:
    """Let the bare loop do the same work; return tokens per second of generation and of prompt processing."""
    assert bare.stdin is not None
    assert bare.stdout is not None
    print(path.prompt_tokens, path.tokens, path.evaluated, file=bare.stdin, flush=True)
    generation, processing = map(float, bare.stdout.readline().split())
    return generation, processing


def serve_bare(options: argparse.Namespace) -> None:
    """The loop that everything is measured against: decode and sample, nothing else."""
    from desktop_app.inference.llama_backend_lib import lib, start

    start()
    model = lib.llama_model_load_from_file(os.fsencode(options.model), lib.llama_model_default_params())
    parameters = lib.llama_context_default_params()
    parameters.n_ctx, parameters.n_batch, parameters.n_ubatch = CONTEXT, BATCH, BATCH
    parameters.n_threads = parameters.n_threads_batch = options.threads
    context = lib.llama_init_from_model(model, parameters)
    chain = lib.llama_sampler_chain_init(lib.llama_sampler_chain_default_params())
    lib.llama_sampler_chain_add(chain, lib.llama_sampler_init_greedy())
    size = lib.llama_vocab_n_tokens(lib.llama_model_get_vocab(model))
    for line in sys.stdin:
        prompt, tokens, evaluated_tokens = map(int, line.split())
        lib.llama_memory_clear(lib.llama_get_memory(context), False)
        numbers = [(7919 * index) % size for index in range(prompt)]
        began = time.perf_counter()
        decode_in_batches(context, numbers, lib)
        evaluated = time.perf_counter()
        buffer = (lib.llama_token * 1)()
        batch = lib.llama_batch_get_one(buffer, 1)
        for _ in range(evaluated_tokens):
            buffer[0] = lib.llama_sampler_sample(chain, context, -1)
            lib.llama_decode(context, batch)
        lib.llama_sampler_sample(chain, context, -1)
        ended = time.perf_counter()
        print(tokens / (ended - evaluated), prompt / (evaluated - began), flush=True)


def decode_in_batches(context: object, numbers: list[int], lib: object) -> None:
    """Evaluate a prompt."""
    decode: Callable[..., int] = lib.llama_decode  # type: ignore[attr-defined]
    for start in range(0, len(numbers), BATCH):
        part = numbers[start : start + BATCH]
        buffer = (ctypes.c_int32 * len(part))(*part)
        decode(context, lib.llama_batch_get_one(buffer, len(part)))  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
