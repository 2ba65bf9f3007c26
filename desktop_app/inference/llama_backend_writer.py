"""Evaluates prompts and writes replies with one loaded model, reusing what has been evaluated before."""

import ctypes
import sys
from dataclasses import dataclass
from time import perf_counter

from desktop_app.core.conversation import FinishReason, Statistics
from desktop_app.core.errors import EngineError, Problem
from desktop_app.core.sampling import SamplingSettings
from desktop_app.inference.backend import CancelFlag, Outcome
from desktop_app.inference.evaluated import Evaluated, exact_groups, prompt_groups
from desktop_app.inference.llama_backend_lib import lib, stop_when_raised
from desktop_app.inference.llama_backend_model import LoadedModel
from desktop_app.inference.llama_backend_sampler import SamplerChain
from desktop_app.inference.prompt import Prompt
from desktop_app.inference.stream import ReplyStream

_DECODED, _NO_ROOM, _ABORTED = 0, 1, 2


@dataclass
class _Times:
    received: float
    prompt_from: float
    prompt_to: float
    cached: int
    evaluated: int = 0
    first: float = 0.0


class Writer:
    """Owns sequence 0 of a model's context."""

    def __init__(self, model: LoadedModel) -> None:
        self._model = model
        self._done = Evaluated()

    def write(
        self, prompt: Prompt, sampling: SamplingSettings, flag: CancelFlag, reply: ReplyStream, received: float
    ) -> Outcome:
        """Evaluate a prompt and write the reply to it.

        Raises:
            EngineError: llama.cpp could not compute.
        """
        model = self._model
        lib.llama_set_abort_callback(model.context, stop_when_raised, ctypes.addressof(flag.memory))
        reply.begin(prompt.opened, model.stops, continuing=prompt.continuing)
        now = perf_counter()
        times = _Times(received, now, now, self._reuse(prompt.tokens, sampling))
        chain = SamplerChain(sampling, model.vocabulary, model.context_length, prompt.tokens)
        try:
            whole = self._evaluate(prompt.tokens, sampling, flag, reply, times)
            times.prompt_to = perf_counter()
            reason = self._generate(chain, sampling.max_tokens, flag, reply, times) if whole else FinishReason.CANCELLED
        finally:
            chain.free()
            # The flag's memory belongs to this command alone.
            lib.llama_set_abort_callback(model.context, lib.ggml_abort_callback(), None)
        return Outcome(reason, self._statistics(prompt, reply, times))

    def _reuse(self, tokens: list[int], sampling: SamplingSettings) -> int:
        """Cut what is evaluated down to what the prompt begins with; return its length."""
        exact = exact_groups(len(tokens), self._model.batch_size) if _reproducible(sampling) else None
        length = self._done.reusable(tokens, exact)
        self._cut(length)
        return len(self._done)

    def _cut(self, length: int) -> None:
        if length == len(self._done) and length:
            return
        if length == 0 or not lib.llama_memory_seq_rm(self._model.memory, 0, length, -1):
            # The memory of recurrent models cannot be cut, only emptied.
            lib.llama_memory_clear(self._model.memory, False)
            length = 0
        self._done.cut(length)

    def _evaluate(
        self, tokens: list[int], sampling: SamplingSettings, flag: CancelFlag, reply: ReplyStream, times: _Times
    ) -> bool:
        """Evaluate the rest of the prompt; False when cancelled."""
        total, batch = len(tokens), self._model.batch_size
        groups = exact_groups(total, batch) if _reproducible(sampling) else prompt_groups(times.cached, total, batch)
        reply.prompt(times.cached, total, times.cached)
        start = times.cached
        for end in groups:
            if end <= start:
                continue
            if flag.raised:
                return False
            buffer = (lib.llama_token * (end - start))(*tokens[start:end])
            result = lib.llama_decode(self._model.context, lib.llama_batch_get_one(buffer, end - start))
            if result == _ABORTED:
                self._forget_half_done()
                return False
            if result != _DECODED:
                raise self._failure(result)
            self._done.add(tokens[start:end])
            times.evaluated += end - start
            start = end
            reply.prompt(start, total, times.cached)
        lib.llama_synchronize(self._model.context)
        return True

    def _generate(
        self, chain: SamplerChain, max_tokens: int, flag: CancelFlag, reply: ReplyStream, times: _Times
    ) -> FinishReason:
        # This loop runs once per token: everything it needs is a local name.
        model, done = self._model, self._done
        context, pointer, piece_of, write = model.context, chain.pointer, model.piece, reply.write
        sample, decode = lib.llama_sampler_sample, lib.llama_decode
        buffer = (lib.llama_token * 1)()
        batch = lib.llama_batch_get_one(buffer, 1)
        room = model.context_length - len(done)
        limit = max_tokens or sys.maxsize
        while True:
            token = sample(pointer, context, -1)
            piece = piece_of(token)
            if not times.first:
                times.first = perf_counter()
            if piece is None:
                return FinishReason.STOP
            if write(piece):
                return FinishReason.STOP
            if reply.tokens >= limit:
                return FinishReason.LENGTH
            if flag.raised:
                return FinishReason.CANCELLED
            if reply.tokens > room:
                return FinishReason.CONTEXT_FULL
            buffer[0] = token
            result = decode(context, batch)
            if result != _DECODED:
                if result == _ABORTED:
                    self._forget_half_done()
                    return FinishReason.CANCELLED
                if result == _NO_ROOM:
                    return FinishReason.CONTEXT_FULL
                raise self._failure(result)
            done.add_token(token)

    def _forget_half_done(self) -> None:
        """Remove from the memory what an aborted call may have left beyond the tokens known to be evaluated."""
        length = len(self._done)
        if length == 0 or not lib.llama_memory_seq_rm(self._model.memory, 0, length, -1):
            lib.llama_memory_clear(self._model.memory, False)
            self._done.cut(0)

    def _failure(self, result: int) -> EngineError:
        lib.llama_memory_clear(self._model.memory, True)
        self._done.cut(0)
        return EngineError(
            Problem(
                "engine_compute_failed",
                "The model could not go on computing.",
                "Everything written so far is kept.",
                "Reload the model; a shorter context may help.",
                f"llama_decode returned {result}",
            )
        )

    def _statistics(self, prompt: Prompt, reply: ReplyStream, times: _Times) -> Statistics:
        return Statistics(
            prompt_tokens=len(prompt.tokens),
            cached_tokens=times.cached,
            evaluated_tokens=times.evaluated,
            completion_tokens=reply.tokens,
            prompt_seconds=times.prompt_to - times.prompt_from,
            generation_seconds=perf_counter() - times.prompt_to,
            time_to_first_token=times.first - times.received if times.first else 0.0,
            context_length=self._model.context_length,
            dropped_messages=prompt.dropped,
        )


def _reproducible(sampling: SamplingSettings) -> bool:
    """Whether the reply must come out the same each time, whatever was evaluated before: a seed was given."""
    return sampling.seed >= 0
