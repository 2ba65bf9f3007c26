"""The catalogue of models worth knowing that comes with the program: useful at once, and without any network."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from desktop_app.core.errors import Problem, ShelfError
from desktop_app.core.hub import CatalogueEntry, Task

LANGUAGES = ("en", "fr")


@dataclass(frozen=True)
class Catalogue:
    """What the catalogue's file holds; ``day`` is when it was noted, as ``2026-11-21``."""

    day: str
    entries: tuple[CatalogueEntry, ...]


def read_catalogue(path: Path) -> Catalogue:
    """Read the catalogue's file: ``day``, and a ``[[family]]`` for each entry.

    Raises:
        ShelfError: ``catalogue_unreadable``: it is missing, or is not what it should be.
    """
    try:
        with path.open("rb") as file:
            document = tomllib.load(file)
        day = date.fromisoformat(document["day"]).isoformat()
        return Catalogue(day, tuple(_entry(family) for family in document["family"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ShelfError(
            Problem(
                "catalogue_unreadable",
                "The catalogue that comes with Causerie cannot be read.",
                action="Search the Hub instead; installing Causerie again brings the catalogue back.",
                detail=f"{path}: {type(error).__name__}: {error}",
            )
        ) from error


def _entry(family: dict[str, object]) -> CatalogueEntry:
    sizes, languages = family["sizes"], family["languages"]
    if not isinstance(sizes, list) or not isinstance(languages, list):
        raise TypeError("sizes and languages are lists")
    return CatalogueEntry(
        repo=_text(family, "repo"),
        name=_text(family, "name"),
        maker=_text(family, "maker"),
        licence=_text(family, "licence"),
        sizes=tuple(float(size) for size in sizes),
        task=Task(_text(family, "task")),
        languages=tuple(str(language) for language in languages),
        sentences={language: _text(family, language) for language in LANGUAGES if language in family},
    )


def _text(family: dict[str, object], key: str) -> str:
    value = family[key]
    if not isinstance(value, str) or not value:
        raise TypeError(f"{key} is a text")
    return value
