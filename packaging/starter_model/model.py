"""The network: a small decoder in the llama architecture.

RMSNorm, rotary positions on interleaved pairs (the order llama.cpp uses for this architecture, so that
the export needs no permutation), SwiGLU, and an output layer that shares the embedding.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class ModelConfig:
    """The shape of the network."""

    vocab_size: int = 4096
    context_length: int = 1024
    width: int = 256
    layers: int = 6
    heads: int = 4
    feed_forward: int = 768
    rope_base: float = 10000.0
    norm_epsilon: float = 1e-5
    dropout: float = 0.1

    @property
    def head_size(self) -> int:
        """Number of dimensions of one attention head."""
        return self.width // self.heads

    def as_dict(self) -> dict[str, float | int]:
        """A plain dictionary, for the checkpoint."""
        return asdict(self)


def rope_table(config: ModelConfig) -> tuple[Tensor, Tensor]:
    """Cosines and sines of the rotary angles, one row per position, one column per pair."""
    steps = torch.arange(0, config.head_size, 2, dtype=torch.float32) / config.head_size
    frequencies = config.rope_base**-steps
    angles = torch.outer(torch.arange(config.context_length, dtype=torch.float32), frequencies)
    return angles.cos(), angles.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn each pair of neighbouring dimensions (2i, 2i+1) by its angle."""
    even, odd = x.unflatten(-1, (-1, 2)).unbind(-1)
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), dim=-1).flatten(-2)


class RMSNorm(nn.Module):
    """Root mean square normalisation."""

    def __init__(self, width: int, epsilon: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        """Normalise the last axis."""
        return functional.rms_norm(x, self.weight.shape, self.weight, self.epsilon)


class Block(nn.Module):
    """One layer: attention, then a gated feed-forward network, each on a residual path."""

    def __init__(self, config: ModelConfig, dropout: float) -> None:
        super().__init__()
        width, hidden = config.width, config.feed_forward
        self.config = config
        self.attn_norm = RMSNorm(width, config.norm_epsilon)
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.attn_output = nn.Linear(width, width, bias=False)
        self.ffn_norm = RMSNorm(width, config.norm_epsilon)
        self.gate_up = nn.Linear(width, 2 * hidden, bias=False)
        self.ffn_down = nn.Linear(hidden, width, bias=False)
        self.dropout = nn.Dropout(dropout)

    def attend(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """Causal self-attention."""
        batch, length, width = x.shape
        shape = (batch, length, 3, self.config.heads, self.config.head_size)
        query, key, value = self.qkv(x).view(shape).permute(2, 0, 3, 1, 4)
        query, key = rotate(query, cos, sin), rotate(key, cos, sin)
        mixed = functional.scaled_dot_product_attention(
            query.to(value.dtype), key.to(value.dtype), value, is_causal=True
        )
        return self.attn_output(mixed.transpose(1, 2).reshape(batch, length, width))

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """Return a batch of vectors after attention and feed-forward, each added to what came in."""
        x = x + self.dropout(self.attend(self.attn_norm(x), cos, sin))
        gate, up = self.gate_up(self.ffn_norm(x)).chunk(2, dim=-1)
        return x + self.dropout(self.ffn_down(functional.silu(gate) * up))


class StarterModel(nn.Module):
    """The whole network, from token numbers to logits."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocab_size, config.width)
        self.dropout = nn.Dropout(config.dropout)
        # The first half understands questions and must generalise; the second half recites and must be exact.
        rates = [config.dropout if 2 * number < config.layers else 0.0 for number in range(config.layers)]
        self.blocks = nn.ModuleList(Block(config, rate) for rate in rates)
        self.norm = RMSNorm(config.width, config.norm_epsilon)
        cos, sin = rope_table(config)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        self.initialise()

    def initialise(self) -> None:
        """Small normal weights; the layers that write to the residual path start smaller."""
        residual = 0.02 / (2 * self.config.layers) ** 0.5
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                small = name.endswith(("attn_output.weight", "ffn_down.weight"))
                nn.init.normal_(parameter, std=residual if small else 0.02)

    def middle(self, tokens: Tensor) -> Tensor:
        """The state after the first half of the layers."""
        cos, sin = self.cos[: tokens.shape[1]], self.sin[: tokens.shape[1]]
        x = self.dropout(self.embedding(tokens))
        for block in self.blocks[: len(self.blocks) // 2]:
            x = block(x, cos, sin)
        return x

    def hidden(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """The normalised last hidden state at each position, and the state half-way through the layers."""
        cos, sin = self.cos[: tokens.shape[1]], self.sin[: tokens.shape[1]]
        x = middle = self.middle(tokens)
        for block in self.blocks[len(self.blocks) // 2 :]:
            x = block(x, cos, sin)
        return self.norm(x), middle

    def forward(self, tokens: Tensor) -> Tensor:
        """Return the logits of the next token at every place."""
        return functional.linear(self.hidden(tokens)[0], self.embedding.weight)

    def loss(self, tokens: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
        """Weighted mean loss of the next tokens, computed only where a weight is positive; and the middle states."""
        hidden, middle = self.hidden(tokens)
        hidden = hidden.flatten(0, 1)
        targets = tokens.roll(-1, dims=1).flatten()
        weights = weights.roll(-1, dims=1)
        weights[:, -1] = 0
        weights = weights.flatten()
        chosen = weights.nonzero().squeeze(1)
        # A round number of rows: the CPU library prepares its kernels anew for every shape it meets.
        chosen = functional.pad(chosen, (0, -len(chosen) % 128), value=len(weights) - 1)
        logits = functional.linear(hidden[chosen], self.embedding.weight)
        losses = functional.cross_entropy(logits.float(), targets[chosen], reduction="none")
        return (losses * weights[chosen]).sum() / weights.sum(), middle

    def parameter_count(self) -> int:
        """Number of trained parameters."""
        return sum(parameter.numel() for parameter in self.parameters())


class Guide(nn.Module):
    """A helper that exists only in training: it reads topic, language and length of the answer from the middle layer.

    Its loss teaches the first half of the network to understand the question, much faster than the words of the
    answers alone would.
    """

    def __init__(self, config: ModelConfig, topics: int) -> None:
        super().__init__()
        self.sizes = (topics + 1, 2, 2)
        self.width = config.width
        self.head = nn.Linear(config.width, sum(self.sizes))

    def forward(self, middle: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """The loss where there are labels, and the share of topics recognised."""
        chosen = (labels.flatten() >= 0).nonzero().squeeze(1)
        labels = labels.flatten()[chosen]
        states = functional.rms_norm(middle.flatten(0, 1)[chosen], (self.width,))
        parts = self.head(states).float().split(self.sizes, dim=-1)
        targets = (labels // 4, labels // 2 % 2, labels % 2)
        losses = [functional.cross_entropy(part, target) for part, target in zip(parts, targets, strict=True)]
        return torch.stack(losses).sum(), (parts[0].argmax(-1) == targets[0]).float().mean()
