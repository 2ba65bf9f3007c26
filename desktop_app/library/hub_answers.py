"""Reads what the Hub answers, believing none of it: whatever is missing or of another kind is left out."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from desktop_app.core.hub import (
    HubDetails,
    HubFile,
    HubModel,
    HubQuery,
    Sort,
    Task,
    choices_of,
    parameters_in,
)

COMMIT = re.compile(r"[0-9a-f]{40}")
REPO = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,96}")
FIELDS = ("author", "downloads", "likes", "lastModified", "gated", "tags", "pipeline_tag")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NEXT = re.compile(r'<([^<>]*)>\s*;[^,]*\brel="?next"?')
_SORTS = {Sort.TRENDING: "trendingScore", Sort.RECENT: "lastModified"}
# Of the Hub's repositories of GGUF files only about one in five has a pipeline tag. The Hub itself gives the tag
# "conversational" to those whose file has a chat template, models that see pictures among them.
_FILTERS = {Task.CHAT: "conversational", Task.EMBEDDING: "feature-extraction"}
_PIPELINES = {
    "text-generation": Task.CHAT,
    "conversational": Task.CHAT,
    "image-text-to-text": Task.VISION,
    "video-text-to-text": Task.VISION,
    "any-to-any": Task.VISION,
    "feature-extraction": Task.EMBEDDING,
    "sentence-similarity": Task.EMBEDDING,
}
_CODE = re.compile(r"(?<![a-z])coder?(?![a-z])|code(?:llama|gemma|stral|qwen)|starcoder", re.IGNORECASE)
# The Hub tells of the file it happened to read; when that is a projector, nothing it says is about the model.
_NOT_THE_MODEL = ("clip", "mmproj")
_FENCE = re.compile(r"---[ \t]*")
_CODE_LINE = re.compile(
    r"\[?(?:repository|code|source code|training code|github(?: repo(?:sitory)?)?)\b.{0,80}?(https?://[^\s<>()\[\]\"'|]+)",
    re.IGNORECASE,
)
_LINE = 500  # characters of a line that are looked at
# ISO 639-1. Tags of languages have no mark of their own.
_CODES = """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en
    eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka
    kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl
    nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw
    ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
_LANGUAGES = frozenset(_CODES.split())


def search_parameters(query: HubQuery, limit: int, cursor: str = "") -> list[tuple[str, str]]:
    """Return a search as the parameters of the Hub's API. What this computer can run is not the Hub's to know."""
    words = " ".join(query.text.split())
    filters = ["gguf", _FILTERS.get(query.task, "")]
    if query.task is Task.CODE:
        words = f"{words} code".lstrip()  # in the name of nearly all of them; the tag of that name is seldom set
    if query.licence:
        filters.append(f"license:{query.licence}")
    made = [
        *(("filter", one) for one in (*filters, query.language) if one),
        ("search", words),
        ("author", query.author.strip()),
        ("pipeline_tag", "image-text-to-text" if query.task is Task.VISION else ""),
        ("num_parameters", _bounds(query.parameters_from, query.parameters_to)),
        ("gated", {True: "true", False: "false", None: ""}[query.gated]),
        ("sort", _SORTS.get(query.sort, query.sort.value)),
        ("limit", str(limit)),
        *(("expand", one) for one in FIELDS),
        ("cursor", cursor),
    ]
    return [(name, value) for name, value in made if value]


def next_cursor(link: str) -> str:
    """Return the cursor of the next page from a ``Link`` header; empty at the end.

    Only the cursor is taken from it: where the next request goes is not for an answer to say.
    """
    match = _NEXT.search(link)
    if match is None:
        return ""
    try:
        return parse_qs(urlsplit(match[1]).query).get("cursor", [""])[0]
    except ValueError:
        return ""


def read_models(answer: Any) -> tuple[HubModel, ...]:
    """Read a page of a search.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(answer, list):
        raise ValueError("a page of a search is a list")
    models = (read_model(one) for one in answer if isinstance(one, dict))
    return tuple(one for one in models if REPO.fullmatch(one.repo) and (not one.tags or "gguf" in one.tags))


def read_model(fields: Mapping[str, Any]) -> HubModel:
    """Read a repository as both a search and its own page tell of it."""
    tags, card, repo = _texts(fields.get("tags")), _mapping(fields.get("cardData")), _text(fields.get("id"))
    return HubModel(
        repo=repo,
        downloads=_count(fields.get("downloads")),
        likes=_count(fields.get("likes")),
        modified=_moment(fields.get("lastModified")),
        gated=_gated(fields.get("gated")),
        licence=_licence(card, tags),
        task=_task(_text(fields.get("pipeline_tag")), tags, repo),
        languages=_languages(card, tags),
        parameters=parameters_in(repo.partition("/")[2]),
        tags=tags,
    )


def read_details(fields: Any, terms: str) -> HubDetails:
    """Read a repository's own page, without its card.

    Args:
        fields: the answer.
        terms: where the terms are accepted if there are any.

    Raises:
        ValueError: it has no name or no commit, so that nothing could be downloaded from it.
    """
    fields = _mapping(fields)
    model, commit = read_model(fields), _text(fields.get("sha"))
    if not REPO.fullmatch(model.repo) or not COMMIT.fullmatch(commit):
        raise ValueError("the answer names no model and commit")
    header, card = _mapping(fields.get("gguf")), _mapping(fields.get("cardData"))
    if _text(header.get("architecture")) in _NOT_THE_MODEL:
        header = {}
    parameters = _count(header.get("total")) or model.parameters
    return HubDetails(
        model=replace(model, parameters=parameters),
        commit=commit,
        choices=choices_of(read_files(fields)),
        architecture=_text(header.get("architecture")),
        context_length=_count(header.get("context_length")),
        parameters=parameters,
        base_models=_base_models(card, model.tags),
        openness=_openness(card, model),
        terms_url=terms if model.gated else "",
        has_template=bool(_text(header.get("chat_template"))) if header else None,
    )


def read_files(fields: Mapping[str, Any]) -> tuple[HubFile, ...]:
    """Read the files of a repository."""
    siblings = fields.get("siblings")
    return tuple(
        HubFile(path, _count(one.get("size")), _sha256(one))
        for one in (siblings if isinstance(siblings, list) else ())
        if isinstance(one, dict) and (path := _text(one.get("rfilename")))
    )


def with_card(details: HubDetails, card: str) -> HubDetails:
    """Add a card: the text of README.md, of which the metadata block is taken off."""
    text = _without_metadata(card.lstrip("\ufeff\r\n"))
    link = _code_link(text)
    openness = (*details.openness, ("code", link)) if link else details.openness
    return replace(details, card=text, openness=openness)


def _without_metadata(card: str) -> str:
    """The card behind the block between two lines of three hyphens, or all of it when it does not begin so."""
    lines = card.splitlines(keepends=True)
    if not lines or not _FENCE.fullmatch(lines[0].rstrip("\r\n")):
        return card
    for number, line in enumerate(lines[1:], 1):
        if _FENCE.fullmatch(line.rstrip("\r\n")):
            return "".join(lines[number + 1 :]).lstrip("\r\n")
    return card


def _code_link(card: str) -> str:
    """The address in the first line that begins by saying that it tells of the code; line by line, to stay fast."""
    for line in card.splitlines():
        if match := _CODE_LINE.match(line[:_LINE].lstrip(" \t>*_#|-")):
            return match[1].rstrip(".,;:*_`")
    return ""


def _bounds(low: float, high: float) -> str:
    sides = (f"{name}:{_billions(value)}" for name, value in (("min", low), ("max", high)) if value > 0)
    return ",".join(sides)


def _billions(value: float) -> str:
    return f"{value:.0f}B" if value == round(value) else f"{value * 1000:.0f}M"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _count(value: Any) -> int:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 2**63
    return int(value) if usable else 0


def _moment(value: Any) -> float:
    try:
        moment = datetime.fromisoformat(_text(value))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def _gated(value: Any) -> str:
    return value if value in ("auto", "manual") else "auto" if value else ""


def _sha256(file: Mapping[str, Any]) -> str:
    found = _text(_mapping(file.get("lfs")).get("sha256"))
    return found if _SHA256.fullmatch(found) else ""


def _tagged(tags: Iterable[str], prefix: str) -> tuple[str, ...]:
    return tuple(one.removeprefix(prefix) for one in tags if one.startswith(prefix))


def _licence(card: Mapping[str, Any], tags: tuple[str, ...]) -> str:
    found = _texts(card.get("license")) or _tagged(tags, "license:")
    licence = found[0] if found else ""
    return _text(card.get("license_name")) or licence if licence in ("", "other") else licence


def _languages(card: Mapping[str, Any], tags: tuple[str, ...]) -> tuple[str, ...]:
    # YAML reads Norwegian's code as False; the tags have it right.
    told = tuple(one for one in tags if one in _LANGUAGES)
    return told or tuple(one for one in _texts(card.get("language")) if len(one) <= 16)


def _task(pipeline: str, tags: tuple[str, ...], repo: str) -> str:
    """Ours where there is one, else the Hub's, such as ``text-to-image``."""
    task = _PIPELINES.get(pipeline)
    if task is None:
        if pipeline:
            return pipeline
        task = next((known for one in tags if (known := _PIPELINES.get(one)) is not None), None)
    if task is Task.CHAT and (_CODE.search(repo.partition("/")[2]) or "code" in tags):
        task = Task.CODE
    return task.value if task is not None else ""


def _base_models(card: Mapping[str, Any], tags: tuple[str, ...]) -> tuple[str, ...]:
    told = _texts(card.get("base_model")) or tuple(
        one.rpartition(":")[2] for one in _tagged(tags, "base_model:") if "/" in one
    )
    return tuple(dict.fromkeys(one for one in told if REPO.fullmatch(one)))


def _openness(card: Mapping[str, Any], model: HubModel) -> tuple[tuple[str, str], ...]:
    """What the metadata states: how the weights may be used, which data they learned from, which paper tells of it."""
    weights = " ".join(filter(None, (model.licence, _text(card.get("license_link")))))
    data = _texts(card.get("datasets")) or _tagged(model.tags, "dataset:")
    papers = (f"https://arxiv.org/abs/{one}" for one in _tagged(model.tags, "arxiv:"))
    facts = (("weights", weights), ("data", ", ".join(data)), ("paper", ", ".join(papers)))
    return tuple((key, text) for key, text in facts if text)
