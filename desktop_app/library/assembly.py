"""Makes models of files: shards come together, projectors find their models, and equal files are told of each other."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_app.core.architectures import KNOWN_ARCHITECTURES
from desktop_app.core.errors import Problem
from desktop_app.core.gguf import refusal
from desktop_app.core.hub import FileName, HubFile, nearest_companion, parse_name
from desktop_app.core.model import ModelKind, ShelfModel, name_of
from desktop_app.library.header import HeaderFacts, kind_of
from desktop_app.library.index import Entry
from desktop_app.library.manifest import Origin
from desktop_app.library.places import SUFFIX, Found

# Names that programs give to every model; what it is then stands in its header or its folder's name.
_SAYS_NOTHING = re.compile(r"(?:ggml[-_.]?)?(?:model|weights|gguf|main)?", re.IGNORECASE)
_PROJECTOR_WORDS = re.compile(r"mmproj|model|clip|vision|projector", re.IGNORECASE)


@dataclass(frozen=True)
class Placed:
    """A file with what its header tells.

    Attributes:
        note: of where it was downloaded; None when it was not.
        downloading: names of part files in its folder.
    """

    found: Found
    entry: Entry
    note: Origin | None = None
    downloading: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.found.path

    @property
    def name(self) -> FileName:
        """What its name tells, or its folder's where it is silent."""
        inner = self.path.relative_to(self.found.root).as_posix() if self.path.suffix.lower() == SUFFIX else "model"
        return parse_name(inner)

    @property
    def sha256(self) -> str:
        """As its source tells; empty when it does not, or when the file is not the one it speaks of."""
        if self.note is not None and self.note.size == self.entry.size:
            return self.note.sha256
        return self.found.sha256


@dataclass(frozen=True)
class _Made:
    """A model with what is needed to put it beside others."""

    model: ShelfModel
    files: tuple[Placed, ...]
    hashes: tuple[str, ...]


def assemble(files: Iterable[Placed], used: Mapping[str, float]) -> tuple[ShelfModel, ...]:
    """Return the models that the files are, by name.

    A set of shards that is being downloaded is left out; one that lacks a shard otherwise is a damaged model. A
    projector that serves a model is no entry of its own.

    Args:
        files: each once.
        used: when models were last used, by path.
    """
    made = [one for group in _groups(files) if (one := _made(group)) is not None]
    made = _with_projectors(made)
    same = defaultdict(list)
    for one in made:
        if one.hashes:
            same[one.hashes].append(one.model.path)
    return tuple(
        replace(
            one.model,
            last_used=used.get(one.model.path, 0.0),
            duplicates=tuple(path for path in same[one.hashes] if path != one.model.path) if one.hashes else (),
        )
        for one in sorted(made, key=_order)
    )


def single(file: Placed) -> ShelfModel:
    """Return the model that one file is, whatever lies beside it."""
    return _described([file])


def _order(one: _Made) -> tuple[str, Path]:
    file = one.files[0]
    return (file.found.name or file.path.name).lower(), file.path


def _groups(files: Iterable[Placed]) -> list[list[Placed]]:
    """The files, shards of one set together and in order."""
    groups: dict[tuple[str, str, int], dict[int, Placed]] = {}
    for file in files:
        name = file.name
        in_set = name.shards > 1 and 1 <= name.shard <= name.shards
        key = (str(file.path.parent), name.base, name.shards) if in_set else (str(file.path), "", 1)
        groups.setdefault(key, {})[name.shard] = file
    return [[parts[number] for number in sorted(parts)] for parts in groups.values()]


def _made(files: list[Placed]) -> _Made | None:
    first = files[0]
    shards = first.name.shards
    if len(files) < shards:
        if _is_coming(first):
            return None
        return _Made(_damaged(files, _missing_part(files, shards)), tuple(files), ())
    hashes = tuple(file.sha256 for file in files)
    return _Made(_described(files), tuple(files), hashes if all(hashes) else ())


def _is_coming(file: Placed) -> bool:
    """Whether a download is under way that makes the set whole."""
    base = re.sub(r"-\d{5}-of-\d{5}$", "", file.path.stem)
    coming = re.compile(re.escape(base) + r"-\d{5}-of-\d{5}\.gguf\.", re.IGNORECASE)
    return any(coming.match(part) for part in file.downloading)


def _missing_part(files: list[Placed], shards: int) -> Problem:
    there = {file.name.shard for file in files}
    number = next(number for number in range(1, shards + 1) if number not in there)
    first = files[0].path
    missing = re.sub(r"-\d{5}(-of-\d{5})$", rf"-{number:05d}\1", first.stem) + first.suffix
    fault = f"needs its part “{missing}”, which is not there"
    return refusal("model_part_missing", first.name, fault, "Put all parts into one folder.").problem


def _damaged(files: Sequence[Placed], problem: Problem) -> ShelfModel:
    return replace(_described(files), kind=ModelKind.DAMAGED, fault=str(problem))


def _described(files: Sequence[Placed]) -> ShelfModel:
    """The model that a whole set of files is."""
    first = files[0]
    facts = first.entry.facts or HeaderFacts()
    every = [file.entry.facts for file in files if file.entry.facts is not None]
    whole = replace(facts, tensors=sum(one.tensors for one in every), parameters=sum(one.parameters for one in every))
    problem = next((file.entry.problem for file in files if file.entry.problem is not None), None)
    if problem is None and facts.split_count > 1 and facts.split_count != len(files):
        fault = f"is one of {facts.split_count} parts of a model, and its name does not tell which"
        problem = refusal("model_part_missing", first.path.name, fault, "Give the parts their own names again.").problem
    name = first.name
    shown = _shown_name(first, facts)
    return ShelfModel(
        path=str(first.path),
        name=shown,
        quantization=name.quantization or facts.quantization,
        size=sum(file.entry.size for file in files),
        kind=ModelKind.DAMAGED if problem else kind_of(whole, f"{first.path.stem} {shown}", name.role),
        architecture=facts.architecture,
        parameters=whole.parameters,
        context_length=facts.context_length,
        has_template=facts.has_template,
        licence=facts.licence,
        repo=first.note.repo if first.note else first.found.repo,
        sha256=first.sha256,
        origin=first.found.origin,
        shards=len(files),
        known_architecture=not facts.architecture or facts.architecture in KNOWN_ARCHITECTURES,
        fault=str(problem) if problem else "",
    )


def _shown_name(file: Placed, facts: HeaderFacts) -> str:
    if file.found.name:
        return file.found.name
    name = name_of(file.path.stem)
    if not _SAYS_NOTHING.fullmatch(name):
        return name
    return facts.name or name_of(file.found.root.name) or name


def _with_projectors(made: list[_Made]) -> list[_Made]:
    """Attach projectors to the models they serve; those that serve one are left out."""
    projectors: dict[Path, list[_Made]] = defaultdict(list)
    models: dict[Path, list[_Made]] = defaultdict(list)
    for one in made:
        if one.model.kind is ModelKind.PROJECTOR:
            projectors[one.files[0].found.root].append(one)
        elif one.model.kind.can_chat:
            models[one.files[0].found.root].append(one)
    attached: dict[str, ShelfModel] = {}
    for root, companions in projectors.items():
        attached |= _pairs(root, models[root], companions)
    hidden = {projector.path for projector in attached.values()}
    result = []
    for one in made:
        if one.model.path in hidden:
            continue
        near, paired = attached.get(one.model.path), one.files[0].found.projector
        path, size = (near.path, near.size) if near else (str(paired or ""), _size(paired))
        result.append(replace(one, model=replace(one.model, projector=path, projector_size=size)) if size else one)
    return result


def _pairs(root: Path, models: list[_Made], projectors: list[_Made]) -> dict[str, ShelfModel]:
    """The projector of each model of a root, by path: the nearest that is not another model's."""
    places = {one.model.path: one.files[0].path.relative_to(root).as_posix() for one in (*models, *projectors)}
    near: dict[str, list[tuple[HubFile, ShelfModel]]] = defaultdict(list)
    for projector in projectors:
        place = places[projector.model.path]
        folder = place.rpartition("/")[0]
        below = [one.model for one in models if not folder or places[one.model.path].startswith(f"{folder}/")]
        alone = len({_plain(model.name) for model in below}) == 1
        for model in below:
            # On the Hub a folder holds one model; here it may hold any number, and then the names decide.
            if alone or _is_named_after(projector.model.path, model.name):
                near[model.path].append((HubFile(place, projector.model.size), projector.model))
    found = {}
    for one in models:
        companions = near[one.model.path]
        nearest = nearest_companion(HubFile(places[one.model.path], one.model.size), [file for file, _ in companions])
        for file, companion in companions:
            if file is nearest:
                found[one.model.path] = companion
    return found


def _is_named_after(projector: str, model: str) -> bool:
    words = _plain(_PROJECTOR_WORDS.sub("", name_of(Path(projector).stem)))
    plain = _plain(_PROJECTOR_WORDS.sub("", model))
    return bool(words and plain) and (words.startswith(plain) or plain.startswith(words))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _size(path: Path | None) -> int:
    try:
        return path.stat().st_size if path else 0
    except OSError:
        return 0
