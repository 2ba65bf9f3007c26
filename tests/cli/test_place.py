"""What a person names on the Hub, as it is typed and as it is pasted."""

import pytest

from desktop_app.cli.place import Place, read_place

ONE = "acme/One-1B-GGUF"
HUB = f"https://huggingface.co/{ONE}"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (ONE, Place(ONE)),
        (f"  {ONE}/ ", Place(ONE)),
        (f"{ONE}:q4_k_m", Place(ONE, "q4_k_m")),
        (f"{ONE}:a folder/m.gguf", Place(ONE, "a folder/m.gguf")),
        (HUB, Place(ONE)),
        (f"{HUB}/", Place(ONE)),
        (f"{HUB}:Q8_0", Place(ONE, "Q8_0")),
        (f"{HUB}?library=llama-cpp-python", Place(ONE)),
        (f"{HUB}#how-to-use", Place(ONE)),
        (f"{HUB}?show_file_info=One-1B-Q8_0.gguf", Place(ONE, "One-1B-Q8_0.gguf")),
        (f"{HUB}/tree/main", Place(ONE)),
        (f"{HUB}/tree/dev", Place(ONE, "", "dev")),
        (f"{HUB}/tree/main/Q8_0", Place(ONE, "Q8_0")),
        (f"{HUB}/tree/refs%2Fpr%2F1", Place(ONE, "", "refs/pr/1")),
        (f"{HUB}/blob/refs/pr/1/m.gguf", Place(ONE, "m.gguf", "refs/pr/1")),
        (f"{HUB}/blob/main/Q8_0/One%201B.gguf", Place(ONE, "Q8_0/One 1B.gguf")),
        (f"{HUB}/resolve/main/m.gguf?download=true", Place(ONE, "m.gguf")),
        (f"{HUB}/discussions/3", Place(ONE)),
        (f"huggingface.co/{ONE}", Place(ONE)),
        (f"hf.co/{ONE}:Q8_0", Place(ONE, "Q8_0")),
        (f"hf://{ONE}", Place(ONE)),
        (f"http://127.0.0.1:8080/{ONE}/blob/main/m.gguf", Place(ONE, "m.gguf")),
    ],
)
def test_a_model(text, place):
    assert read_place(text) == place


@pytest.mark.parametrize(
    "text",
    [
        "",
        "acme",
        "acme/",
        "a/b/c",
        f"{ONE}:",
        "https://huggingface.co",
        "https://huggingface.co/acme",
        "https://huggingface.co/datasets/acme/texts",
        "https://huggingface.co/spaces/acme/demo",
        f"ollama run hf.co/{ONE}",
        f"ftp://huggingface.co/{ONE}",
    ],
)
def test_no_model(text):
    assert read_place(text) is None
