"""What a model's file name tells."""

import pytest

from desktop_app.core.model import ShelfModel, is_chat_candidate, name_of, quantization_of


@pytest.mark.parametrize(
    ("stem", "quantization", "name"),
    [
        ("Llama-3.2-1B-Instruct-Q4_K_M", "Q4_K_M", "Llama-3.2-1B-Instruct"),
        ("llama-3.2-1b-instruct-q4_k_m", "Q4_K_M", "llama-3.2-1b-instruct"),
        ("Meta-Llama-3-8B-Instruct.Q5_K_S", "Q5_K_S", "Meta-Llama-3-8B-Instruct"),
        ("Qwen3-30B-A3B-UD-Q4_K_XL", "UD-Q4_K_XL", "Qwen3-30B-A3B"),
        ("gemma-3-4b-it-IQ2_XXS", "IQ2_XXS", "gemma-3-4b-it"),
        ("phi-4-IQ4_NL", "IQ4_NL", "phi-4"),
        ("phi-4-iq4_xs", "IQ4_XS", "phi-4"),
        ("gpt-oss-20b-MXFP4", "MXFP4", "gpt-oss-20b"),
        ("gpt-oss-20b-mxfp4_moe", "MXFP4_MOE", "gpt-oss-20b"),
        ("bitnet-TQ1_0", "TQ1_0", "bitnet"),
        ("tiny-f16", "F16", "tiny"),
        ("tiny-FP16", "F16", "tiny"),
        ("tiny_fp32", "F32", "tiny"),
        ("tiny-BF16", "BF16", "tiny"),
        ("tiny-Q2_K", "Q2_K", "tiny"),
        ("tiny-Q3_K_L", "Q3_K_L", "tiny"),
        ("tiny-Q8_0", "Q8_0", "tiny"),
        ("Mistral-7B-Q4_0-v2", "Q4_0", "Mistral-7B-v2"),
        ("Big-70B-Q6_K-00001-of-00002", "Q6_K", "Big-70B"),
        ("model", "", "model"),
        ("Q4_K_M", "Q4_K_M", "model"),
        ("FAQ4_0bot", "", "FAQ4_0bot"),
        ("", "", "model"),
    ],
)
def test_quantization_and_name(stem, quantization, name):
    assert quantization_of(stem) == quantization
    assert name_of(stem) == name


@pytest.mark.parametrize(
    "stem",
    [
        "mmproj-model-f16",
        "MMPROJ-model",
        "mtp-model",
        "model-00002-of-00003",
        "imatrix",
        "model-imatrix",
        "style-lora",
        "llama-vocab",
        "eagle3_model",
    ],
)
def test_what_is_no_model_to_chat_with(stem):
    assert not is_chat_candidate(stem)


@pytest.mark.parametrize("stem", ["model-Q4_0", "model-00001-of-00003", "explorations", "vocabulary-coach-Q8_0"])
def test_what_is_one(stem):
    assert is_chat_candidate(stem)


def test_the_label_is_name_and_quantization():
    assert ShelfModel("/x", "Tiny", "Q8_0", 1).label == "Tiny · Q8_0"
    assert ShelfModel("/x", "Tiny", "", 1).label == "Tiny"
