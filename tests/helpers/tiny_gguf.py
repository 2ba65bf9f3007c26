"""Writes small GGUF models for tests: real architectures, real tokenizers, a few hundred kilobytes.

Two kinds of weights:

- *scripted*: a bigram table. The embedding is one-hot, attention and feed-forward add nothing, and the output matrix
  holds the table, so the next token depends on the last token alone and a test can write down what the model says.
- *random*: every layer counts, so that a wrong cache changes the text. Only printable ASCII is ever likely.

The vocabulary is every byte as a token of its own, a few control tokens, and whatever words a test adds.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import gguf
import numpy as np

BOS, START, END, THINK, END_THINK, PAD = "<|bos|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>", "<|pad|>"
TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
CONTROL = (BOS, START, END, PAD)
Transitions = Mapping[str | bytes, str | bytes | Mapping[str, float]]


def byte_letters() -> list[str]:
    """Return the character that byte-level BPE writes for each byte."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = iter(range(256, 512))
    return [chr(byte) if byte in plain else chr(next(others)) for byte in range(256)]


class Vocabulary:
    """Tokens of a byte-level vocabulary.

    Args:
        words: further tokens; text is never split into them, only the model produces them.
        add_bos: as in ``write_scripted``.
    """

    def __init__(self, words: Sequence[str] = (), *, add_bos: bool = False) -> None:
        self._add_bos = add_bos
        self._letters = byte_letters()
        self.special = [BOS, START, END, PAD, THINK, END_THINK]
        encoded = ["".join(self._letters[byte] for byte in word.encode()) for word in words]
        self.tokens = [*self.special, *self._letters, *encoded]
        self._words = {word: len(self.special) + 256 + index for index, word in enumerate(words)}

    def id(self, text: str | bytes) -> int:
        """Return the id of a special token, a word, or a single byte."""
        if isinstance(text, str) and text in self.special:
            return self.special.index(text)
        if isinstance(text, str) and text in self._words:
            return self._words[text]
        raw = text.encode() if isinstance(text, str) else text
        if len(raw) != 1:
            raise KeyError(text)
        return len(self.special) + raw[0]

    def write(self, writer: gguf.GGUFWriter) -> None:
        """Write the tokenizer's keys."""
        types = [gguf.TokenType.NORMAL] * len(self.tokens)
        for index, token in enumerate(self.special):
            types[index] = gguf.TokenType.CONTROL if token in CONTROL else gguf.TokenType.USER_DEFINED
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre("gpt-2")
        writer.add_token_list(self.tokens)
        writer.add_token_types(types)
        # One merge whose result is no token: the list must not be empty, and no text must ever be merged.
        writer.add_token_merges([f"{self._letters[0]} {self._letters[0]}"])
        writer.add_bos_token_id(0)
        writer.add_add_bos_token(self._add_bos)
        writer.add_eos_token_id(2)
        writer.add_pad_token_id(3)


def write_scripted(
    path: Path,
    transitions: Transitions,
    *,
    words: Sequence[str] = (),
    template: str | None = TEMPLATE,
    context_length: int = 512,
    name: str = "tiny",
    add_bos: bool = False,
) -> Path:
    """Write a model that follows a bigram table.

    Args:
        transitions: for a token, the token that follows, or several with their logits. Tokens are words, special
            tokens, single ASCII characters or single bytes; ``"\\n"`` is the last token of the default template's
            prompt. What has no entry ends the reply.
        add_bos: the tokenizer itself puts the beginning-of-sequence token before a text.
    """
    vocabulary = Vocabulary(words, add_bos=add_bos)
    size = len(vocabulary.tokens)
    width = -(-size // 32) * 32
    table = np.zeros((size, size), np.float32)  # [last, next]
    table[:, vocabulary.id(END)] = 0.1
    for last, following in transitions.items():
        choices = following if isinstance(following, Mapping) else {following: 20.0}
        for token, logit in choices.items():
            table[vocabulary.id(last), vocabulary.id(token)] = logit
    embedding = np.eye(size, width, dtype=np.float32)
    # RMS normalisation turns a one-hot row into one of height sqrt(width).
    output = np.zeros((size, width), np.float32)
    output[:, :size] = table.T / np.sqrt(width)
    _write(path, "llama", vocabulary, embedding, output, None, template, context_length, name)
    return path


def write_random(
    path: Path,
    *,
    arch: str = "llama",
    seed: int = 0,
    template: str | None = TEMPLATE,
    context_length: int = 512,
    name: str = "tiny",
) -> Path:
    """Write a model with random weights; ``arch`` is llama, qwen3 or mamba."""
    vocabulary = Vocabulary()
    generator = np.random.default_rng(seed)
    size, width = len(vocabulary.tokens), 64
    embedding = generator.standard_normal((size, width)).astype(np.float32)
    embedding[:, 0] = 4.0
    output = generator.standard_normal((size, width)).astype(np.float32) * 0.6
    output[:, 0] = -8.0
    for letter in "abcdefghijklmnopqrstuvwxyz ,.":
        output[vocabulary.id(letter), 0] = 8.0
    _write(path, arch, vocabulary, embedding, output, generator, template, context_length, name)
    return path


def _write(
    path: Path,
    arch: str,
    vocabulary: Vocabulary,
    embedding: np.ndarray,
    output: np.ndarray,
    generator: np.random.Generator | None,
    template: str | None,
    context_length: int,
    name: str,
) -> None:
    width, layers, heads, hidden = embedding.shape[1], 2, 4, 64
    writer = gguf.GGUFWriter(path, arch)
    writer.add_name(name)
    writer.add_context_length(context_length)
    writer.add_embedding_length(width)
    writer.add_block_count(layers)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    vocabulary.write(writer)
    if template is not None:
        writer.add_chat_template(template)

    def matrix(key: str, *shape: int, silent: bool = False) -> None:
        """Add a matrix; one that writes into the residual stream leaves its first channel alone."""
        if generator is None:
            values = np.zeros(shape, np.float32)
        else:
            values = (generator.standard_normal(shape) / np.sqrt(shape[-1])).astype(np.float32)
            if silent:
                values[0] = 0
        writer.add_tensor(key + ".weight", values)

    writer.add_tensor("token_embd.weight", embedding)
    writer.add_tensor("output.weight", output)
    writer.add_tensor("output_norm.weight", np.ones(width, np.float32))
    if arch == "mamba":
        _mamba(writer, matrix, width, layers)
    else:
        _attention(writer, matrix, arch, width, layers, heads, hidden)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _attention(writer, matrix, arch: str, width: int, layers: int, heads: int, hidden: int) -> None:
    head = 16
    writer.add_head_count(heads)
    writer.add_head_count_kv(heads)
    writer.add_feed_forward_length(hidden)
    writer.add_rope_dimension_count(head)
    writer.add_key_length(head)
    writer.add_value_length(head)
    for layer in range(layers):
        block = f"blk.{layer}."
        for norm in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"{block}{norm}.weight", np.ones(width, np.float32))
        for part in ("q", "k", "v"):
            matrix(f"{block}attn_{part}", heads * head, width)
        matrix(f"{block}attn_output", width, heads * head, silent=True)
        if arch == "qwen3":
            for part in ("q", "k"):
                writer.add_tensor(f"{block}attn_{part}_norm.weight", np.ones(head, np.float32))
        matrix(f"{block}ffn_gate", hidden, width)
        matrix(f"{block}ffn_up", hidden, width)
        matrix(f"{block}ffn_down", width, hidden, silent=True)


def _mamba(writer, matrix, width: int, layers: int) -> None:
    inner, state, rank, kernel = 2 * width, 16, 4, 4
    writer.add_head_count(0)
    writer.add_feed_forward_length(0)
    writer.add_ssm_conv_kernel(kernel)
    writer.add_ssm_inner_size(inner)
    writer.add_ssm_state_size(state)
    writer.add_ssm_time_step_rank(rank)
    for layer in range(layers):
        block = f"blk.{layer}."
        writer.add_tensor(f"{block}attn_norm.weight", np.ones(width, np.float32))
        matrix(f"{block}ssm_in", 2 * inner, width)
        matrix(f"{block}ssm_conv1d", inner, kernel)
        writer.add_tensor(f"{block}ssm_conv1d.bias", np.zeros(inner, np.float32))
        matrix(f"{block}ssm_x", rank + 2 * state, inner)
        matrix(f"{block}ssm_dt", inner, rank)
        writer.add_tensor(f"{block}ssm_dt.bias", np.zeros(inner, np.float32))
        writer.add_tensor(f"{block}ssm_a", -np.ones((inner, state), np.float32))
        writer.add_tensor(f"{block}ssm_d", np.ones(inner, np.float32))
        matrix(f"{block}ssm_out", width, inner, silent=True)
