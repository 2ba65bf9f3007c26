"""What names in the Hub's repositories tell, and which choices they make."""

from collections.abc import Callable

import pytest

from desktop_app.core.hub import (
    LONGEST_NAME,
    Choice,
    FileName,
    FileRole,
    HubFile,
    HubModel,
    Verdict,
    choices_of,
    find_choice,
    parameters_in,
    parse_name,
    path_problem,
    recommended,
    room_for_model,
    verdict,
)

GB = 10**9
SHA = "ab" * 32
MODEL, PROJECTOR, DRAFT = FileRole.MODEL, FileRole.PROJECTOR, FileRole.DRAFT


def hub_file(path: str, size: int = GB, sha256: str = SHA) -> HubFile:
    return HubFile(path, size, sha256)


def files(*paths: str) -> list[HubFile]:
    return [hub_file(path, GB + index) for index, path in enumerate(paths)]


def choice(quantization: str, size: int, name: str = "m") -> Choice:
    return Choice(f"{name}-{quantization}", quantization, (hub_file(f"{name}-{quantization}.gguf", size),))


# ---- names ----


@pytest.mark.parametrize(
    ("path", "quantization", "role"),
    [
        ("Qwen_Qwen3-8B-Q4_K_M.gguf", "Q4_K_M", MODEL),
        ("Qwen_Qwen3-8B-Q4_K_L.gguf", "Q4_K_L", MODEL),
        ("Meta-Llama-3.1-8B-Instruct-Q3_K_XL.gguf", "Q3_K_XL", MODEL),
        ("Llama-3.2-3B-Instruct-Q4_0_4_4.gguf", "Q4_0_4_4", MODEL),
        ("google_gemma-3-12b-it-bf16.gguf", "BF16", MODEL),
        ("Qwen3-30B-A3B-UD-Q4_K_XL.gguf", "UD-Q4_K_XL", MODEL),
        ("Qwen3-Coder-30B-A3B-Instruct-UD-TQ1_0.gguf", "UD-TQ1_0", MODEL),
        ("Qwen3-4B-UD-IQ1_S.gguf", "UD-IQ1_S", MODEL),
        ("gemma-3-270m-it-Q8_0.gguf", "Q8_0", MODEL),
        ("Qwen2.5-VL-7B-Instruct.i1-IQ4_XS.gguf", "IQ4_XS", MODEL),
        ("Llama-3-8B.i1-Q2_K_S.gguf", "Q2_K_S", MODEL),
        ("llama-2-7b-chat.Q4_0.gguf", "Q4_0", MODEL),
        ("mixtral-8x7b-instruct-v0.1.Q5_K_M.gguf", "Q5_K_M", MODEL),
        ("tinyllama-1.1b-chat-v1.0.Q3_K_L.gguf", "Q3_K_L", MODEL),
        ("qwen2.5-0.5b-instruct-q4_k_m.gguf", "Q4_K_M", MODEL),
        ("qwen2.5-0.5b-instruct-fp16.gguf", "F16", MODEL),
        ("Phi-3-mini-4k-instruct-fp16.gguf", "F16", MODEL),
        ("Phi-3-mini-4k-instruct-q4.gguf", "", MODEL),
        ("nomic-embed-text-v1.5.f32.gguf", "F32", MODEL),
        ("gpt-oss-20b-mxfp4.gguf", "MXFP4", MODEL),
        ("gpt-oss-120b-MXFP4_MOE.gguf", "MXFP4_MOE", MODEL),
        ("Qwen3-8B-NVFP4.gguf", "NVFP4", MODEL),
        ("Falcon3-7B-Instruct-1.58bit-TQ2_0.gguf", "TQ2_0", MODEL),
        ("ggml-model-Q4_K_M.gguf", "Q4_K_M", MODEL),
        ("SmolLM2-1.7B-Instruct-IQ3_XXS.gguf", "IQ3_XXS", MODEL),
        ("phi-4-IQ4_NL.gguf", "IQ4_NL", MODEL),
        ("model.gguf", "", MODEL),
        ("MODEL-Q6_K.GGUF", "Q6_K", MODEL),
        ("phi-4-q4_k_m_imatrix.gguf", "Q4_K_M", MODEL),
        ("Q8_0/model.gguf", "Q8_0", MODEL),
        ("UD-Q2_K_XL/model.gguf", "UD-Q2_K_XL", MODEL),
        ("Q8_0/model-Q4_K_M.gguf", "Q4_K_M", MODEL),
        ("mmproj-F16.gguf", "F16", PROJECTOR),
        ("mmproj-BF16.gguf", "BF16", PROJECTOR),
        ("mmproj-model-f16.gguf", "F16", PROJECTOR),
        ("mmproj-Qwen2.5-VL-7B-Instruct-f16.gguf", "F16", PROJECTOR),
        ("google_gemma-3-12b-it-mmproj-f32.gguf", "F32", PROJECTOR),
        ("Qwen2.5-VL-7B-Instruct.mmproj-Q8_0.gguf", "Q8_0", PROJECTOR),
        ("llava-v1.5-7b-mmproj.gguf", "", PROJECTOR),
        ("mmproj.gguf", "", PROJECTOR),
        ("MTP/mtp-GLM-4.6-Q8_0.gguf", "Q8_0", DRAFT),
        ("MTP/GLM-4.6-Q8_0.gguf", "Q8_0", DRAFT),
        ("mtp-Qwen3-Next-80B-A3B-Q4_0.gguf", "Q4_0", DRAFT),
        ("eagle3-llama-3.1-8b-F16.gguf", "F16", DRAFT),
        ("dflash_qwen3-4b-Q8_0.gguf", "Q8_0", DRAFT),
        ("dspark.qwen3-4b-Q8_0.gguf", "Q8_0", DRAFT),
        ("imatrix_unsloth.gguf", "", FileRole.IMATRIX),
        ("imatrix.gguf", "", FileRole.IMATRIX),
        ("Qwen3-8B.imatrix.gguf", "", FileRole.IMATRIX),
        ("imatrix-Q8_0.gguf", "Q8_0", FileRole.IMATRIX),
        ("Style-8B-F16-LoRA.gguf", "F16", FileRole.ADAPTER),
        ("ggml-vocab.gguf", "", FileRole.VOCABULARY),
        ("Llama-3-8B-vocab.gguf", "", FileRole.VOCABULARY),
        ("explorations-Q4_0.gguf", "Q4_0", MODEL),
        ("vocabulary-coach-Q4_0.gguf", "Q4_0", MODEL),
        ("mtproto-7b-Q4_0.gguf", "Q4_0", MODEL),
    ],
)
def test_a_name_tells_quantization_and_role(path: str, quantization: str, role: FileRole) -> None:
    name = parse_name(path)
    assert (name.quantization, name.role, name.shard, name.shards) == (quantization, role, 1, 1)
    assert name.base == path[: -len(".gguf")]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (
            "UD-Q2_K_XL/DeepSeek-R1-UD-Q2_K_XL-00002-of-00005.gguf",
            FileName("UD-Q2_K_XL/DeepSeek-R1-UD-Q2_K_XL", "UD-Q2_K_XL", MODEL, 2, 5),
        ),
        ("qwen2.5-7b-instruct-fp16-00001-of-00004.gguf", FileName("qwen2.5-7b-instruct-fp16", "F16", MODEL, 1, 4)),
        ("Q8_0/model-00003-of-00003.gguf", FileName("Q8_0/model", "Q8_0", MODEL, 3, 3)),
        ("a/BF16/Big-235B-A22B-00010-of-00010.gguf", FileName("a/BF16/Big-235B-A22B", "BF16", MODEL, 10, 10)),
        ("m-Q4_0-00001-of-00002.GGUF", FileName("m-Q4_0", "Q4_0", MODEL, 1, 2)),
        ("m-Q4_0-1-of-2.gguf", FileName("m-Q4_0-1-of-2", "Q4_0", MODEL, 1, 1)),
    ],
)
def test_a_name_tells_which_shard_it_is(path: str, told: FileName) -> None:
    assert parse_name(path) == told


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("Qwen3-8B", 8 * GB),
        ("Qwen3-30B-A3B-GGUF", 30 * GB),
        ("Llama-3.2-1B-Instruct", GB),
        ("Qwen2.5-0.5B", GB // 2),
        ("gemma-3-270m-it", 270_000_000),
        ("Mixtral-8x7B-v0.1", 56 * GB),
        ("gpt-oss-20b", 20 * GB),
        ("bitnet_b1.58-2B-4T", 2 * GB),
        ("tinyllama_1.1b_chat", 1_100_000_000),
        ("phi-4", 0),
        ("Phi-3-mini-4k-instruct", 0),
        ("model-1.58bit", 0),
        ("", 0),
    ],
)
def test_a_name_tells_how_large_the_model_is(name: str, parameters: int) -> None:
    assert parameters_in(name) == parameters


@pytest.mark.parametrize(
    ("repo", "author", "name"),
    [
        ("bartowski/Qwen_Qwen3-8B-GGUF", "bartowski", "Qwen_Qwen3-8B"),
        ("Qwen/qwen2.5-0.5b-gguf", "Qwen", "qwen2.5-0.5b"),
        ("o/GGUF", "o", "GGUF"),
        ("o/-GGUF", "o", "o/-GGUF"),
        ("o/gguf-tools", "o", "gguf-tools"),
    ],
)
def test_a_repository_has_an_author_and_a_name(repo: str, author: str, name: str) -> None:
    assert (HubModel(repo).author, HubModel(repo).name) == (author, name)


# ---- paths that may not be used ----


@pytest.mark.parametrize(
    "path",
    [
        "model-Q4_0.gguf",
        "UD-Q2_K_XL/DeepSeek-R1-00001-of-00005.gguf",
        "Modèle é 日本.gguf",
        "a.b/c..d.gguf",
        "..model.gguf",
        "console.gguf",
        "nullable/com10.gguf",
        "a" * (LONGEST_NAME - 5) + ".gguf",
    ],
)
def test_ordinary_paths_have_no_problem(path: str) -> None:
    assert path_problem(path) == ""


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("", "relative"),
        ("/etc/model.gguf", "relative"),
        ("C:/model.gguf", "relative"),
        ("c:model.gguf", "relative"),
        ("//server/share/model.gguf", "relative"),
        ("\\\\server\\share\\model.gguf", "relative"),
        ("a\\..\\model.gguf", "relative"),
        ("../model.gguf", "leads out"),
        ("a/../../model.gguf", "leads out"),
        ("a/..", "leads out"),
        ("./model.gguf", "leads out"),
        ("a//model.gguf", "leads out"),
        ("a/", "leads out"),
        ("con.gguf", "reserve"),
        ("AUX", "reserve"),
        ("Nul.tar.gguf", "reserve"),
        ("com1/model.gguf", "reserve"),
        ("LPT9.gguf", "reserve"),
        ("COM¹.gguf", "reserve"),
        ("con .gguf", "reserve"),
        ("CONIN$", "reserve"),
        ("model.gguf.", "reserve"),
        ("model.gguf ", "reserve"),
        ("folder /model.gguf", "reserve"),
        ("model:stream.gguf", "character"),
        ("mod?l.gguf", "character"),
        ("mod*l.gguf", "character"),
        ('"model".gguf', "character"),
        ("<model>.gguf", "character"),
        ("a|b.gguf", "character"),
        ("model\0.gguf", "character"),
        ("model\n.gguf", "character"),
        ("model\x7f.gguf", "character"),
        ("model\udc80.gguf", "character"),
        ("model\u202efugg.exe", "character"),
        ("a" * 400, "long"),
        ("é" * (LONGEST_NAME // 2 + 1), "long"),
        ("/".join(["folder"] * 1000) + "/model.gguf", "long"),
    ],
)
def test_a_path_that_could_harm_is_refused_with_a_reason(path: str, reason: str) -> None:
    assert reason in path_problem(path)


# ---- choices ----


def test_quantizations_are_choices_the_largest_first() -> None:
    found = choices_of([hub_file("m-Q4_K_M.gguf", 4), hub_file("m-Q8_0.gguf", 8), hub_file("README.md", 1, "")])
    assert [(one.name, one.quantization, one.size) for one in found] == [
        ("m-Q8_0", "Q8_0", 8),
        ("m-Q4_K_M", "Q4_K_M", 4),
    ]


def test_shards_are_one_choice_in_order() -> None:
    found = choices_of(files(*(f"Q8_0/m-Q8_0-{number:05}-of-00003.gguf" for number in (3, 1, 2))))
    assert len(found) == 1
    assert [file.path[-19:-14] for file in found[0].files] == ["00001", "00002", "00003"]
    assert found[0].size == 3 * GB + 3
    assert found[0].label == "Q8_0"


@pytest.mark.parametrize(
    "paths",
    [
        ["m-Q8_0-00001-of-00003.gguf", "m-Q8_0-00003-of-00003.gguf"],
        ["m-Q8_0-00002-of-00002.gguf"],
        ["m-Q8_0-00001-of-00002.gguf", "m-Q8_0-00002-of-00003.gguf"],
        ["m-Q8_0-00000-of-00001.gguf"],
        ["m-Q8_0-00001-of-00000.gguf"],
    ],
)
def test_an_incomplete_set_of_shards_is_no_choice(paths: list[str]) -> None:
    assert choices_of(files(*paths, "m-Q4_0.gguf")) == choices_of([files(*paths, "m-Q4_0.gguf")[-1]])


def test_the_same_shards_in_two_folders_are_two_choices() -> None:
    both = files(*(f"{folder}/m-0000{number}-of-00002.gguf" for folder in ("Q4_0", "Q8_0") for number in (1, 2)))
    assert {one.quantization for one in choices_of(both)} == {"Q4_0", "Q8_0"}


@pytest.mark.parametrize(
    "path",
    [
        "m-Q8_0.gguf.part1of2",
        "m-Q8_0.gguf-split-a",
        "m-Q8_0.gguf.part1of2.gguf",
        "imatrix_unsloth.gguf",
        "m-F16-LoRA.gguf",
        "m-vocab.gguf",
        "mmproj-F16.gguf",
        "../m-Q8_0.gguf",
        "con/m-Q8_0.gguf",
        "m-Q8_0.safetensors",
        "m-Q4_0_4_4.gguf",
    ],
)
def test_what_cannot_be_loaded_is_no_choice(path: str) -> None:
    assert choices_of(files(path)) == ()


def test_a_file_without_a_hash_cannot_be_checked_and_is_no_choice() -> None:
    assert choices_of([hub_file("m-Q8_0.gguf", 5, "")]) == ()


def test_an_empty_file_is_no_model():
    assert choices_of([hub_file("m-Q8_0.gguf", 0)]) == ()


def test_the_projector_comes_along_and_the_draft_only_when_asked_for() -> None:
    found = choices_of(
        [hub_file("m-Q4_0.gguf", 100), hub_file("mmproj-m-F16.gguf", 20), hub_file("MTP/mtp-m-Q8_0.gguf", 3)]
    )
    assert [one.quantization for one in found] == ["Q4_0"]
    assert found[0].projector == hub_file("mmproj-m-F16.gguf", 20)
    assert found[0].draft == hub_file("MTP/mtp-m-Q8_0.gguf", 3)
    assert found[0].companions == (found[0].projector,)
    assert (found[0].size, found[0].download_size) == (100, 120)


@pytest.mark.parametrize(
    ("projectors", "chosen"),
    [
        (["mmproj-BF16.gguf", "mmproj-F16.gguf", "mmproj-F32.gguf"], "mmproj-F16.gguf"),
        (["mmproj-BF16.gguf", "mmproj-F32.gguf"], "mmproj-BF16.gguf"),
        (["mmproj-F16.gguf", "Q4_0/mmproj-F32.gguf"], "Q4_0/mmproj-F32.gguf"),
        (["Q8_0/mmproj-F16.gguf", "mmproj-F32.gguf"], "mmproj-F32.gguf"),
        (["Q8_0/mmproj-F16.gguf"], ""),
        (["Q4_00/mmproj-F16.gguf"], ""),
        ([], ""),
    ],
)
def test_the_nearest_projector_is_taken(projectors: list[str], chosen: str) -> None:
    (found,) = choices_of(files("Q4_0/m-Q4_0.gguf", *projectors))
    assert (found.projector.path if found.projector else "") == chosen


def test_a_choice_without_a_quantization_goes_by_its_name() -> None:
    (found,) = choices_of(files("a/model.gguf"))
    assert found.label == "model"


# ---- what runs here, and what to take ----


def test_verdicts() -> None:
    assert room_for_model(9 * GB) == 6 * GB
    assert verdict(6 * GB, 9 * GB) is Verdict.FITS
    assert verdict(6 * GB + 1, 9 * GB) is Verdict.TIGHT
    assert verdict(7_650_000_000, 9 * GB) is Verdict.TIGHT
    assert verdict(7_650_000_001, 9 * GB) is Verdict.TOO_LARGE
    assert verdict(1, 0) is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("sizes", "memory", "taken"),
    [
        ({"Q8_0": 8, "Q4_K_M": 5, "Q2_K": 3}, 16, "Q4_K_M"),
        ({"Q8_0": 8, "UD-Q4_K_XL": 5, "Q4_0": 4}, 16, "UD-Q4_K_XL"),
        ({"Q8_0": 8, "Q4_K_M": 5, "IQ4_XS": 4}, 7, "IQ4_XS"),
        ({"F16": 16, "Q8_0": 8}, 16, "Q8_0"),
        ({"Q6_K": 6, "Q2_K": 3}, 16, "Q6_K"),
        ({"Q6_K": 6, "Q3_K_M": 4, "Q2_K": 3}, 7, "Q3_K_M"),
        ({"Q4_K_M": 5, "Q2_K": 4.9}, 6, "Q2_K"),
        ({"Q4_K_M": 50}, 16, ""),
        ({"Q8_0": 80, "Q4_K_M": 50}, 0, "Q4_K_M"),
        ({}, 16, ""),
    ],
)
def test_the_recommendation(sizes: dict[str, float], memory: int, taken: str) -> None:
    offered = [choice(name, int(size * GB)) for name, size in sizes.items()]
    for make in (list, tuple, iter):
        found = recommended(make(offered), memory * GB)
        assert (found.quantization if found else "") == taken


OFFERED = choices_of(
    files(
        "m-Q4_K_M.gguf",
        "m-Q8_0-00001-of-00002.gguf",
        "m-Q8_0-00002-of-00002.gguf",
        "a/big-Q6_K.gguf",
        "b/big-Q6_K.gguf",
    )
)


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("Q4_K_M", "m-Q4_K_M.gguf"),
        ("q4_k_m", "m-Q4_K_M.gguf"),
        ("m-q4_k_m.gguf", "m-Q4_K_M.gguf"),
        ("m-Q4_K_M", "m-Q4_K_M.gguf"),
        ("Q8_0", "m-Q8_0-00001-of-00002.gguf"),
        ("m-Q8_0-00002-of-00002.gguf", "m-Q8_0-00001-of-00002.gguf"),
        ("a/big-Q6_K.gguf", "a/big-Q6_K.gguf"),
        ("Q6_K", ""),
        ("big-Q6_K.gguf", ""),
        ("Q5_K_M", ""),
        ("", ""),
    ],
)
@pytest.mark.parametrize("make", [tuple, iter])
def test_a_choice_is_found_by_what_a_person_writes(make: Callable[..., object], wanted: str, path: str) -> None:
    found = find_choice(make(OFFERED), wanted)
    assert (found.files[0].path if found else "") == path
