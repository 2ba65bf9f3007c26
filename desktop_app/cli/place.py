"""What a person names on the Hub: ``owner/name``, perhaps with a file, or an address as a browser has it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import parse_qs, unquote, urlsplit

import click

from desktop_app.core.errors import HubError, Problem
from desktop_app.core.hub import Choice, HubDetails, find_choice, recommended

_ADDRESS = re.compile(r"(?:https?://[^/\s]+|hf:/|(?:www\.)?(?:huggingface\.co|hf\.co))/(?P<rest>.+)", re.IGNORECASE)
_PLACE = re.compile(r"(?P<repo>[^/:\s]+/[^/:\s]+)(?::(?P<wanted>.+))?")
_OTHER_PARTS = ("api", "collections", "datasets", "docs", "papers", "settings", "spaces")  # of the website
_VIEWS = ("blob", "raw", "resolve", "tree")


@dataclass(frozen=True)
class Place:
    """A model of the Hub.

    Attributes:
        repo: ``owner/name``.
        wanted: a quantization, a file or a folder; empty for what is recommended.
        revision: a branch, tag or commit.
    """

    repo: str
    wanted: str = ""
    revision: str = "main"


class PlaceType(click.ParamType[Place]):
    """The argument that names a model."""

    name = "repo"

    def convert(self, value: str, param: click.Parameter | None, context: click.Context | None) -> Place:
        """Read it, or end with the usage."""
        place = read_place(value)
        if place is None:
            self.fail(
                f"“{value}” is not a model of the Hub; it looks like owner/name or owner/name:Q4_K_M.", param, context
            )
        return place


def read_place(text: str) -> Place | None:
    """Return the model that a text names; None when it names none."""
    text = text.strip()
    address = _ADDRESS.fullmatch(text)
    if address is not None:
        return _of_address(address["rest"])
    match = _PLACE.fullmatch(text.rstrip("/"))
    return Place(match["repo"], match["wanted"] or "") if match is not None else None


def _of_address(rest: str) -> Place | None:
    """Read what stands behind the host: ``owner/name``, then perhaps ``/blob/branch/file`` or ``?show_file_info=``."""
    try:
        parts = urlsplit(f"//host/{rest}")
    except ValueError:
        return None
    owner, _, behind = parts.path.strip("/").partition("/")
    name, *more = behind.split("/")
    match = _PLACE.fullmatch(unquote(f"{owner}/{name}"))
    if match is None or owner in _OTHER_PARTS:
        return None
    wanted = match["wanted"] or parse_qs(parts.query).get("show_file_info", [""])[0]
    if len(more) < 2 or more[0] not in _VIEWS:
        return Place(match["repo"], wanted)
    length = 3 if more[1:3] == ["refs", "pr"] else 1
    revision, path = (unquote("/".join(one)) for one in (more[1 : 1 + length], more[1 + length :]))
    return Place(match["repo"], path or wanted, revision)


def chosen(details: HubDetails, wanted: str, memory_total: int) -> Choice:
    """Return the choice that a person means, or the recommended one.

    Raises:
        HubError: there is none, or more than one.
    """
    repo, choices = details.model.repo, details.choices
    if not choices:
        raise HubError(Problem("no_choice", f"{repo} has no model file that Causerie can use."))
    found = _meant(choices, wanted.rstrip("/")) if wanted else recommended(choices, memory_total)
    if found is not None:
        return found
    names = ", ".join(dict.fromkeys(name_among(choices, one) for one in choices))
    if not wanted:
        raise HubError(
            Problem(
                "nothing_fits",
                f"No file of {repo} fits into the memory of this computer.",
                action=f"Name one to have it anyway: {names}.",
            )
        )
    several = [one for one in choices if one.label.casefold() == wanted.casefold()]
    if several:
        names = ", ".join(name_among(choices, one) for one in several)
        raise HubError(
            Problem("choice_unknown", f"{repo} has several files for “{wanted}”.", action=f"Name one of {names}.")
        )
    raise HubError(
        Problem("choice_unknown", f"{repo} has no “{wanted}” that Causerie can use.", action=f"It has {names}.")
    )


def _meant(choices: Sequence[Choice], wanted: str) -> Choice | None:
    """Return the choice that is named, or the only one in the folder that is."""
    found = find_choice(choices, wanted)
    if found is not None:
        return found
    inside = [one for one in choices if str(PurePosixPath(one.files[0].path).parent) == wanted]
    return inside[0] if len(inside) == 1 else None


def name_among(choices: Sequence[Choice], choice: Choice) -> str:
    """Return what a person types to mean a choice: its label, or its file where that is not enough."""
    return choice.label if find_choice(choices, choice.label) == choice else choice.files[0].path
