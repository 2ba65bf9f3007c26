"""Export to GGUF: python -m starter_model.export CHECKPOINT TOKENIZER OUTPUT [--type q8_0|f16|f32]."""

from __future__ import annotations

import argparse
from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Quantization
from numpy.typing import NDArray
from tokenizers import Tokenizer

from .model import ModelConfig, StarterModel
from .tokenizer import CHAT_TEMPLATE, END_ID, END_OF_TEXT_ID, SPECIAL, merges_of
from .train import load

TYPES = {
    "q8_0": (Quantization.Q8_0, gguf.LlamaFileType.MOSTLY_Q8_0),
    "f16": (Quantization.F16, gguf.LlamaFileType.MOSTLY_F16),
    "f32": (Quantization.F32, gguf.LlamaFileType.ALL_F32),
}
DESCRIPTION = (
    "A very small model trained from scratch for the Causerie desktop chat. It answers, in English and French, about "
    "Causerie and about the basic terms of language models; it declines everything else in one sentence."
)


def tensors_of(model: StarterModel) -> dict[str, NDArray[np.float32]]:
    """The weights under the names that llama.cpp uses.

    Rotary positions were trained on interleaved pairs, as llama.cpp computes them: nothing is permuted.
    The output layer is absent, because it is the embedding.
    """
    result = {"token_embd.weight": model.embedding.weight, "output_norm.weight": model.norm.weight}
    for number, block in enumerate(model.blocks):
        query, key, value = block.qkv.weight.chunk(3)
        gate, up = block.gate_up.weight.chunk(2)
        parts = {
            "attn_norm": block.attn_norm.weight,
            "attn_q": query,
            "attn_k": key,
            "attn_v": value,
            "attn_output": block.attn_output.weight,
            "ffn_norm": block.ffn_norm.weight,
            "ffn_gate": gate,
            "ffn_up": up,
            "ffn_down": block.ffn_down.weight,
        }
        result |= {f"blk.{number}.{name}.weight": tensor for name, tensor in parts.items()}
    return {name: tensor.detach().float().contiguous().numpy() for name, tensor in result.items()}


def add_shape(writer: gguf.GGUFWriter, config: ModelConfig) -> None:
    """Metadata about the network."""
    writer.add_context_length(config.context_length)
    writer.add_embedding_length(config.width)
    writer.add_block_count(config.layers)
    writer.add_feed_forward_length(config.feed_forward)
    writer.add_head_count(config.heads)
    writer.add_head_count_kv(config.heads)
    writer.add_layer_norm_rms_eps(config.norm_epsilon)
    writer.add_rope_dimension_count(config.head_size)
    writer.add_rope_freq_base(config.rope_base)
    writer.add_vocab_size(config.vocab_size)


def add_tokenizer(writer: gguf.GGUFWriter, tokenizer: Tokenizer) -> None:
    """Metadata about the tokenizer; the prompt begins with no token of its own, so none is added."""
    vocabulary = tokenizer.get_vocab()
    tokens = sorted(vocabulary, key=vocabulary.__getitem__)
    kinds = [gguf.TokenType.CONTROL if token in SPECIAL else gguf.TokenType.NORMAL for token in tokens]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(merges_of(tokenizer))
    writer.add_bos_token_id(END_OF_TEXT_ID)
    writer.add_eos_token_id(END_ID)
    writer.add_eot_token_id(END_ID)
    writer.add_pad_token_id(END_OF_TEXT_ID)
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(CHAT_TEMPLATE)


def export(model: StarterModel, tokenizer: Tokenizer, path: Path, kind: str = "q8_0") -> None:
    """Write the GGUF file; norms always stay in 32 bits."""
    quantization, file_type = TYPES[kind]
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_name("Causerie Starter")
    writer.add_description(DESCRIPTION)
    writer.add_author("The Causerie authors")
    writer.add_license("MIT")
    writer.add_languages(["en", "fr"])
    writer.add_size_label(f"{model.parameter_count() / 1e6:.1f}M")
    writer.add_file_type(file_type)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    add_shape(writer, model.config)
    add_tokenizer(writer, tokenizer)
    for name, array in tensors_of(model).items():
        if array.ndim == 1 or quantization is Quantization.F32:
            writer.add_tensor(name, array)
        else:
            writer.add_tensor(name, gguf.quants.quantize(array, quantization), raw_dtype=quantization)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main() -> None:
    """Export a checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("tokenizer", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--type", choices=sorted(TYPES), default="q8_0")
    args = parser.parse_args()
    args.output.parent.mkdir(parents=True, exist_ok=True)
    part = args.output.with_suffix(".part")
    export(load(args.checkpoint), Tokenizer.from_file(str(args.tokenizer)), part, args.type)
    part.replace(args.output)
    print(f"{args.output.name}: {args.output.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
