"""Builds llama.cpp's sampler chain from the settings of a conversation."""

import secrets
from collections.abc import Sequence

from desktop_app.core.sampling import RANDOM_SEED, SamplingSettings
from desktop_app.inference.llama_backend_lib import lib


class SamplerChain:
    """A chain of samplers in llama.cpp's default order; settings that change nothing are left out.

    The order is penalties, top-k, typical-p, top-p, min-p, temperature, and the draw. At temperature 0 the likeliest
    token is taken after the penalties.

    Args:
        vocabulary: number of tokens.
        context_length: what ``repeat_last_n`` -1 stands for.
        prompt: its last tokens are seen by the penalties, as in llama.cpp's own programs.

    Attributes:
        pointer: for ``llama_sampler_sample``.
    """

    def __init__(self, settings: SamplingSettings, vocabulary: int, context_length: int, prompt: Sequence[int]) -> None:
        parameters = lib.llama_sampler_chain_default_params()
        self.pointer = lib.llama_sampler_chain_init(parameters)
        window = context_length if settings.repeat_last_n < 0 else min(settings.repeat_last_n, context_length)
        if window and _penalises(settings):
            self._add(
                lib.llama_sampler_init_penalties(
                    vocabulary,
                    window,
                    settings.repeat_penalty,
                    settings.frequency_penalty,
                    settings.presence_penalty,
                )
            )
            for token in prompt[-window:]:
                lib.llama_sampler_accept(self.pointer, token)
        if settings.temperature <= 0:
            self._add(lib.llama_sampler_init_greedy())
        else:
            self._add_filters(settings, vocabulary)

    def free(self) -> None:
        """Free the chain and its samplers."""
        if self.pointer is not None:
            lib.llama_sampler_free(self.pointer)
            self.pointer = None

    def _add_filters(self, settings: SamplingSettings, vocabulary: int) -> None:
        if 0 < settings.top_k < vocabulary:
            self._add(lib.llama_sampler_init_top_k(settings.top_k))
        if settings.typical_p < 1:
            self._add(lib.llama_sampler_init_typical(settings.typical_p, 1))
        if settings.top_p < 1:
            self._add(lib.llama_sampler_init_top_p(settings.top_p, 1))
        if settings.min_p > 0:
            self._add(lib.llama_sampler_init_min_p(settings.min_p, 1))
        if settings.temperature != 1:
            self._add(lib.llama_sampler_init_temp(settings.temperature))
        seed = secrets.randbits(31) if settings.seed == RANDOM_SEED else settings.seed
        self._add(lib.llama_sampler_init_dist(seed))

    def _add(self, sampler: object) -> None:
        lib.llama_sampler_chain_add(self.pointer, sampler)


def _penalises(settings: SamplingSettings) -> bool:
    return settings.repeat_penalty != 1 or settings.frequency_penalty != 0 or settings.presence_penalty != 0
