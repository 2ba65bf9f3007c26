"""Answers of the Hub are read as far as they make sense, and believed no further."""

import time
from typing import Any

import pytest

from desktop_app.core.hub import HubQuery, Sort, Task
from desktop_app.library.hub_answers import (
    next_cursor,
    read_details,
    read_model,
    read_models,
    search_parameters,
    with_card,
)

COMMIT = "0123456789abcdef0123456789abcdef01234567"
SHA = "ab" * 32
TAGS = ["gguf", "text-generation", "en", "fr", "license:apache-2.0", "region:us", "conversational"]
Fields = dict[str, Any]


def page(**fields: Any) -> Fields:
    return {"id": "maker/Model-8B-GGUF", "sha": COMMIT, "tags": TAGS, "siblings": [], **fields}


def parameters(query: HubQuery, limit: int = 30, cursor: str = "") -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for name, value in search_parameters(query, limit, cursor):
        made.setdefault(name, []).append(value)
    return made


# ---- what is asked ----


def test_the_plain_search_asks_for_models_with_gguf_and_for_what_is_shown() -> None:
    assert parameters(HubQuery()) == {
        "filter": ["gguf"],
        "sort": ["trendingScore"],
        "limit": ["30"],
        "expand": ["author", "downloads", "likes", "lastModified", "gated", "tags", "pipeline_tag"],
    }


def test_each_filter_has_its_parameter() -> None:
    asked = parameters(
        HubQuery(
            text="  qwen   3 ",
            author=" Qwen ",
            sort=Sort.RECENT,
            parameters_from=0.5,
            parameters_to=9,
            licence="apache-2.0",
            language="fr",
            gated=False,
        ),
        limit=7,
        cursor="abc",
    )
    asked.pop("expand")
    assert asked == {
        "filter": ["gguf", "license:apache-2.0", "fr"],
        "search": ["qwen 3"],
        "author": ["Qwen"],
        "sort": ["lastModified"],
        "num_parameters": ["min:500M,max:9B"],
        "gated": ["false"],
        "limit": ["7"],
        "cursor": ["abc"],
    }


@pytest.mark.parametrize(
    ("query", "name", "values"),
    [
        (HubQuery(task=Task.CHAT), "filter", ["gguf", "conversational"]),
        (HubQuery(task=Task.EMBEDDING), "filter", ["gguf", "feature-extraction"]),
        (HubQuery(task=Task.VISION), "pipeline_tag", ["image-text-to-text"]),
        (HubQuery(task=Task.CODE), "search", ["code"]),
        (HubQuery(task=Task.CODE, text="qwen"), "search", ["qwen code"]),
        (HubQuery(gated=True), "gated", ["true"]),
        (HubQuery(parameters_to=3), "num_parameters", ["max:3B"]),
        (HubQuery(parameters_from=1.5), "num_parameters", ["min:1500M"]),
        (HubQuery(sort=Sort.DOWNLOADS), "sort", ["downloads"]),
        (HubQuery(sort=Sort.LIKES), "sort", ["likes"]),
    ],
)
def test_tasks_bounds_and_orders(query: HubQuery, name: str, values: list[str]) -> None:
    assert parameters(query)[name] == values


@pytest.mark.parametrize(
    ("link", "cursor"),
    [
        ("", ""),
        ('<https://hub.example/api/models?filter=gguf&cursor=eyJ%3D>; rel="next"', "eyJ="),
        ('<https://a/?cursor=1>; rel="prev", <https://a/?cursor=2>; rel="next"', "2"),
        ("<https://a/?cursor=3>; title=x; rel=next", "3"),
        ('<https://a/?page=2>; rel="next"', ""),
        ('<https://[/?cursor=4>; rel="next"', ""),
        ('<https://a/?cursor=5>; rel="last"', ""),
    ],
)
def test_the_next_page(link: str, cursor: str) -> None:
    assert next_cursor(link) == cursor


# ---- a model ----


def test_a_model_of_a_search() -> None:
    model = read_model(
        page(
            downloads=12, likes=3, lastModified="2026-06-10T20:27:21.000Z", gated="auto", pipeline_tag="text-generation"
        )
    )
    assert (model.repo, model.author, model.name) == ("maker/Model-8B-GGUF", "maker", "Model-8B")
    assert (model.downloads, model.likes, model.gated) == (12, 3, "auto")
    assert model.modified == 1781123241.0
    assert (model.licence, model.task, model.languages) == ("apache-2.0", "chat", ("en", "fr"))
    assert model.parameters == 8_000_000_000


@pytest.mark.parametrize(
    ("fields", "task"),
    [
        ({"pipeline_tag": "image-text-to-text"}, "vision"),
        ({"pipeline_tag": "sentence-similarity"}, "embedding"),
        ({"pipeline_tag": "text-to-image"}, "text-to-image"),
        ({"tags": ["gguf", "conversational"]}, "chat"),
        ({"tags": ["gguf"]}, ""),
        ({"id": "Qwen/Qwen2.5-Coder-7B-Instruct-GGUF"}, "code"),
        ({"id": "TheBloke/CodeLlama-7B-GGUF"}, "code"),
        ({"id": "bartowski/codegemma-7b-it-GGUF"}, "code"),
        ({"id": "maker/starcoder2-3b-GGUF"}, "code"),
        ({"id": "maker/Decoder-8B-GGUF"}, "chat"),
        ({"id": "maker/Encode-8B-GGUF"}, "chat"),
        ({"tags": [*TAGS, "code"]}, "code"),
        ({"tags": [*TAGS, "code"], "pipeline_tag": "feature-extraction"}, "embedding"),
    ],
)
def test_what_it_is_for(fields: Fields, task: str) -> None:
    assert read_model(page(**fields)).task == task


@pytest.mark.parametrize(
    ("card", "tags", "licence"),
    [
        ({"license": "mit"}, [], "mit"),
        ({"license": ["mit", "gpl-3.0"]}, [], "mit"),
        ({"license": "other", "license_name": "llama3.1"}, ["license:other"], "llama3.1"),
        ({"license": "other"}, [], "other"),
        ({"license": "apache-2.0", "license_name": "mine"}, [], "apache-2.0"),
        (None, ["license:gemma"], "gemma"),
        ({"license": None}, [], ""),
    ],
)
def test_its_licence(card: Any, tags: list[str], licence: str) -> None:
    assert read_model(page(cardData=card, tags=["gguf", *tags])).licence == licence


@pytest.mark.parametrize(
    ("gated", "read"), [(False, ""), (None, ""), ("manual", "manual"), ("auto", "auto"), (True, "auto")]
)
def test_whether_it_is_gated(gated: Any, read: str) -> None:
    assert read_model(page(gated=gated)).gated == read


def test_norwegian_is_a_language_though_yaml_says_no() -> None:
    assert read_model(page(tags=["gguf", "no", "en"], cardData={"language": [False, "en"]})).languages == ("no", "en")
    assert read_model(page(tags=["gguf"], cardData={"language": "zh-Hans"})).languages == ("zh-Hans",)


@pytest.mark.parametrize("junk", [None, 5, "x", [], {}, [None], {"a": []}, -1, 1e400, True, [["gguf"]]])
@pytest.mark.parametrize("name", ["downloads", "likes", "lastModified", "tags", "pipeline_tag", "cardData"])
def test_a_field_of_the_wrong_kind_is_left_out(name: str, junk: Any) -> None:
    model = read_model(page(**{name: junk}))
    assert model.repo == "maker/Model-8B-GGUF"
    assert model.downloads >= 0
    assert all(isinstance(one, str) for one in model.tags)


@pytest.mark.parametrize(
    "repo", ["", None, 5, "name", "a/b/c", "../etc", "a/..\\b", "-a/b", "a/b?x=1", "a/b#c", "a b/c", "a/" + "b" * 200]
)
def test_models_without_a_real_name_are_left_out(repo: Any) -> None:
    assert read_models([page(id=repo), page()]) == (read_model(page()),)


def test_models_without_gguf_are_left_out() -> None:
    assert read_models([page(tags=["safetensors"]), page(tags=[]), "x"]) == (read_model(page(tags=[])),)


@pytest.mark.parametrize("answer", [None, {}, "x", {"error": "no"}])
def test_a_page_of_a_search_is_a_list(answer: Any) -> None:
    with pytest.raises(ValueError, match="list"):
        read_models(answer)


# ---- a model's page ----


def test_a_models_page() -> None:
    details = read_details(
        page(
            gguf={"total": 8_030_000_000, "architecture": "llama", "context_length": 131072, "chat_template": "{{x}}"},
            cardData={
                "license": "apache-2.0",
                "license_link": "https://maker.example/licence",
                "base_model": "maker/Model-8B",
                "datasets": ["a/b", "c/d"],
            },
            tags=[*TAGS, "arxiv:2407.10671"],
            siblings=[
                {"rfilename": "README.md", "size": 10},
                {"rfilename": "m-Q4_K_M.gguf", "size": 100, "lfs": {"sha256": SHA, "size": 100}},
                {"rfilename": "m-Q8_0.gguf", "size": 200, "lfs": {"sha256": "short"}},
                {"rfilename": "../m-Q2_K.gguf", "size": 50, "lfs": {"sha256": SHA}},
            ],
        ),
        terms="https://hub.example/maker/Model-8B-GGUF",
    )
    assert details.commit == COMMIT
    assert details.parameters == details.model.parameters == 8_030_000_000
    assert (details.architecture, details.context_length, details.has_template) == ("llama", 131072, True)
    assert details.base_models == ("maker/Model-8B",)
    assert [(choice.quantization, choice.size, choice.files[0].sha256) for choice in details.choices] == [
        ("Q4_K_M", 100, SHA)
    ]
    assert details.openness == (
        ("weights", "apache-2.0 https://maker.example/licence"),
        ("data", "a/b, c/d"),
        ("paper", "https://arxiv.org/abs/2407.10671"),
    )
    assert details.terms_url == ""


def test_what_the_hub_read_from_a_projector_says_nothing_of_the_model() -> None:
    details = read_details(page(gguf={"total": 400_000_000, "architecture": "clip", "context_length": 77}), "")
    assert (details.architecture, details.context_length, details.has_template) == ("", 0, None)
    assert details.parameters == 8_000_000_000


def test_a_model_without_a_template_is_told_from_one_of_which_nothing_is_known() -> None:
    assert read_details(page(gguf={"architecture": "llama"}), "").has_template is False
    assert read_details(page(gguf=None), "").has_template is None


def test_the_base_model_is_found_in_the_tags_too() -> None:
    tags = ["gguf", "base_model:a/b", "base_model:quantized:a/b", "base_model:merge:c/d", "base_model:nonsense"]
    assert read_details(page(tags=tags), "").base_models == ("a/b", "c/d")


def test_a_gated_model_says_where_its_terms_are() -> None:
    assert read_details(page(gated="manual"), "https://hub.example/terms").terms_url == "https://hub.example/terms"


@pytest.mark.parametrize(
    "answer", [None, [], {}, page(sha=None), page(sha="main"), page(sha=COMMIT[:39]), page(id="x")]
)
def test_a_page_without_name_or_commit_is_none(answer: Any) -> None:
    with pytest.raises(ValueError, match="commit"):
        read_details(answer, "")


@pytest.mark.parametrize("siblings", [None, 5, {}, [None, 5, {"rfilename": 5}, {"size": 3}]])
def test_a_page_without_files_offers_nothing(siblings: Any) -> None:
    assert read_details(page(siblings=siblings), "").choices == ()


# ---- the card ----


@pytest.mark.parametrize(
    ("card", "text"),
    [
        ("---\nlicense: mit\n---\n# Title\n", "# Title\n"),
        ("---\r\nlicense: mit\r\n---\r\n\r\n# Title", "# Title"),
        ("\ufeff---\na: b\n---\nText", "Text"),
        ("---\na: |\n  x --- y\n---   \nText\n---\nmore", "Text\n---\nmore"),
        ("---\na: b\n---", ""),
        ("# Title\n\n---\nnot metadata\n---\n", "# Title\n\n---\nnot metadata\n---\n"),
        ("---\nnever closed", "---\nnever closed"),
        ("----\nnot metadata\n---\n", "----\nnot metadata\n---\n"),
        ("", ""),
    ],
)
def test_the_metadata_block_is_taken_off(card: str, text: str) -> None:
    assert with_card(read_details(page(), ""), card).card == text


@pytest.mark.parametrize(
    ("card", "link"),
    [
        ("- **Repository:** https://github.com/o/r\n", "https://github.com/o/r"),
        ("Text\n* **Code:** [here](https://github.com/o/r).", "https://github.com/o/r"),
        ("| Training code | https://github.com/o/r |", "https://github.com/o/r"),
        ("[GitHub](https://github.com/o/r)", "https://github.com/o/r"),
        ("- **Repository:** [More Information Needed]\n\nSee https://other.example", ""),
        ("We use the code of https://other.example", ""),
        ("Codestral is at https://other.example", ""),
    ],
)
def test_the_card_may_say_where_the_code_is(card: str, link: str) -> None:
    openness = dict(with_card(read_details(page(), ""), card).openness)
    assert openness.get("code", "") == link


def test_a_hostile_card_is_read_in_no_time() -> None:
    for card in ("---\n" + "-" * 1_000_000, "---\n" * 250_000, "> " * 500_000, "code " * 200_000, "\n" * 1_000_000):
        began = time.process_time()
        assert len(with_card(read_details(page(), ""), card).card) <= len(card)
        assert time.process_time() - began < 2
