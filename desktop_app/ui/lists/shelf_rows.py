"""Which models of the shelf are listed and in what order, decided without widgets."""

import re
from collections.abc import Iterable
from enum import StrEnum
from pathlib import PurePath

from desktop_app.core.care import program_of
from desktop_app.core.model import ShelfModel

_NUMBER = re.compile(r"(\d+)")


class Order(StrEnum):
    """Orders of the list."""

    NAME = "name"
    SIZE = "size"
    USED = "used"


def arranged(models: Iterable[ShelfModel], query: str, order: Order) -> list[ShelfModel]:
    """Return the models that have every word of a query somewhere, in an order."""
    words = query.casefold().split()
    found = [model for model in models if all(word in _searched(model) for word in words)]
    found.sort(key=lambda model: (_natural(model.label), model.path))
    if order is Order.SIZE:
        found.sort(key=lambda model: -model.size)
    elif order is Order.USED:
        found.sort(key=lambda model: -model.last_used)
    return found


def can_chat(model: ShelfModel) -> bool:
    """Whether loading a model to chat with it makes sense."""
    return model.kind.can_chat and model.known_architecture


def _searched(model: ShelfModel) -> str:
    parts = (model.name, model.quantization, PurePath(model.path).name, model.architecture, model.repo, model.licence)
    return " ".join((*parts, model.kind.value, program_of(model.origin))).casefold()


def _natural(text: str) -> list[tuple[int, str]]:
    """Return what sorts a text as people do: ``Qwen3 8B`` before ``Qwen3 14B``."""
    pieces = _NUMBER.split(text.casefold())
    return [(int(piece), "") if piece.isdecimal() and piece.isascii() else (-1, piece) for piece in pieces]
