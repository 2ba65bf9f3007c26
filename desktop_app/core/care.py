"""Caring for the shelf: what a check found, what takes up room, and what could be freed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from desktop_app.core.hub import preference
from desktop_app.core.model import ShelfModel

# Whose file it is, by ``ShelfModel.origin``; those that are not ours are used in place and never changed.
OWN_ORIGINS = frozenset(("shelf", "folder"))
PROGRAMS = {
    "huggingface": "the cache of Hugging Face",
    "lmstudio": "LM Studio",
    "ollama": "Ollama",
    "jan": "Jan",
    "gpt4all": "GPT4All",
    "starter": "Causerie itself",
}
UNUSED_SECONDS = 30 * 86_400.0
MOST_UNUSED = 5


class Outcome(StrEnum):
    """What the check of a file's hash found."""

    INTACT = "intact"
    DIFFERENT = "different"
    UNKNOWN = "unknown"  # there is nothing to compare with


@dataclass(frozen=True)
class Checked:
    """A file whose hash was computed.

    Attributes:
        sha256: of the file as it is, 64 hexadecimal digits.
        expected: as the source states it; empty when no source is known.
        source: who states it, such as ``owner/name``; for people. Empty for a copy of a person's own file.
    """

    path: str
    sha256: str
    expected: str = ""
    source: str = ""

    @property
    def outcome(self) -> Outcome:
        """What the two hashes say."""
        if not self.expected:
            return Outcome.UNKNOWN
        return Outcome.INTACT if self.sha256 == self.expected else Outcome.DIFFERENT

    @property
    def sentence(self) -> str:
        """The finding as a sentence."""
        name = PurePath(self.path).name
        right = f"the file that {self.source} offers" if self.source else "as it was when it was imported"
        if self.outcome is Outcome.INTACT:
            return f"{name} is intact: it is {right}."
        if self.outcome is Outcome.DIFFERENT:
            return f"{name} is damaged or was changed: it is not {right}."
        return f"{name} has the SHA-256 {self.sha256}. There is nothing to compare it with, as its source is not known."


class UpdateState(StrEnum):
    """How a file on the shelf compares with its source."""

    CURRENT = "current"
    NEWER = "newer"  # the source offers other bytes under the same name
    GONE = "gone"  # the source does not offer it any more
    UNKNOWN = "unknown"  # the source could not be asked


@dataclass(frozen=True)
class Update:
    """What the source of a file offers today.

    Attributes:
        commit: of the source, the newest.
        sha256: of the file there; empty when it is gone or unknown.
        reason: why it is unknown, as a sentence; empty otherwise.
    """

    path: str
    repo: str
    state: UpdateState
    commit: str = ""
    sha256: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Part:
    """The beginning of a file whose download or copy was not finished; ``size`` in bytes."""

    path: str
    size: int


@dataclass(frozen=True)
class Share:
    """What the models of one origin take up.

    Attributes:
        size: bytes, on all drives.
        here: those of them that are on the shelf's drive.
        models: how many.
    """

    origin: str
    size: int
    here: int
    models: int


@dataclass(frozen=True)
class DiskUse:
    """What the models of this computer take up, for a bar.

    Attributes:
        shares: by origin, the largest first.
        parts: bytes of downloads and copies that are not finished.
        free: bytes that are free on the shelf's drive.
        total: bytes of that drive; 0 when it is not connected.
    """

    shares: tuple[Share, ...]
    parts: int
    free: int
    total: int

    @property
    def models(self) -> int:
        """Bytes of the models on the shelf's drive."""
        return sum(share.here for share in self.shares)


class Reason(StrEnum):
    """Why a file could go."""

    DUPLICATE = "duplicate"
    PART = "part"
    SUPERSEDED = "superseded"
    UNUSED = "unused"


@dataclass(frozen=True)
class Suggestion:
    """A file that could go.

    Attributes:
        size: bytes that this frees.
        other: the file that would stay in its place; empty when there is none.
        sentence: why it could go.
    """

    reason: Reason
    path: str
    size: int
    sentence: str
    other: str = ""


def program_of(origin: str) -> str:
    """The program to which the files of an origin belong, for people; empty for our own."""
    return "" if origin in OWN_ORIGINS else PROGRAMS.get(origin, "")


def what_to_free(
    models: Iterable[ShelfModel],
    parts: Iterable[Part],
    now: float,
    arrived: Mapping[str, float] | None = None,
    in_use: str = "",
) -> tuple[Suggestion, ...]:
    """Suggest what to delete, the largest first; each file at most once, and none that is not ours.

    Args:
        models: all models of this computer.
        parts: unfinished files that no download is going to finish.
        now: seconds since the epoch.
        arrived: by path, since when a file is there (seconds since the epoch); 0 when it is not told.
        in_use: the path of the model that is loaded.
    """
    everything = tuple(models)
    found: dict[str, Suggestion] = {}
    kept = {in_use}  # what stays in the place of another does not go for another reason
    for one in (*_duplicates(everything), *_superseded(everything), *_unused(everything, now, arrived or {})):
        if one.path not in kept and one.path not in found and one.other not in found:
            found[one.path] = one
            kept.add(one.other)
    beginnings = [
        Suggestion(Reason.PART, part.path, part.size, "This download or copy was never finished, and none goes on.")
        for part in parts
    ]
    return tuple(sorted((*found.values(), *beginnings), key=lambda one: (-one.size, one.path)))


def _duplicates(models: tuple[ShelfModel, ...]) -> Iterable[Suggestion]:
    """All but one of the files that are alike; the one in another program's folder stays, as it is not ours."""
    for alike in _groups(models, lambda model: model.sha256):
        kept = max(alike, key=lambda model: (model.origin not in OWN_ORIGINS, model.last_used, model.path))
        where = program_of(kept.origin)
        place = f"with {where}" if where else "on the shelf"
        sentence = f"The same file is {place}, as {PurePath(kept.path).name}."
        for model in alike:
            if model is not kept and model.origin in OWN_ORIGINS:
                yield Suggestion(Reason.DUPLICATE, model.path, model.size, sentence, kept.path)


def _superseded(models: tuple[ShelfModel, ...]) -> Iterable[Suggestion]:
    """Of several quantizations of one model, all but the one that is used, else the one that is recommended."""
    for kin in _groups(models, _family):
        if len({model.quantization for model in kin}) < 2:
            continue
        kept = max(kin, key=lambda model: (model.last_used, -preference(model.quantization), model.size, model.path))
        why = "used last" if kept.last_used else "recommended"
        for model in kin:
            if model.quantization != kept.quantization and model.origin in OWN_ORIGINS:
                sentence = f"{kept.quantization} of the same model is there as well, and is the one {why}."
                yield Suggestion(Reason.SUPERSEDED, model.path, model.size, sentence, kept.path)


def _unused(models: tuple[ShelfModel, ...], now: float, arrived: Mapping[str, float]) -> Iterable[Suggestion]:
    """The largest models that nobody has used for a month."""
    idle = [
        model
        for model in models
        if model.origin in OWN_ORIGINS and now - max(model.last_used, arrived.get(model.path, 0.0)) > UNUSED_SECONDS
    ]
    idle.sort(key=lambda model: (-model.size, model.path))
    for model in idle[:MOST_UNUSED]:
        days = int((now - model.last_used) / 86_400)
        since = f"It was last used {days} days ago." if model.last_used else "It was never used here."
        yield Suggestion(Reason.UNUSED, model.path, model.size, since)


def _family(model: ShelfModel) -> str:
    """What the quantizations of one model have in common; empty when it cannot be told."""
    if not model.quantization or not model.parameters:
        return ""
    return "|".join((model.name.casefold(), model.architecture, str(model.parameters), model.kind.value))


def _groups(models: Iterable[ShelfModel], key: Callable[[ShelfModel], str]) -> list[list[ShelfModel]]:
    """Models that share a key which is not empty, where several do."""
    groups: dict[str, list[ShelfModel]] = {}
    for model in models:
        if name := key(model):
            groups.setdefault(name, []).append(model)
    return [group for group in groups.values() if len(group) > 1]
