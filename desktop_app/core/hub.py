"""What the Hub offers: repositories of models, their files, and the choices that a person has among them.

Names of files follow the GGUF naming convention only loosely in practice; the rules here come from the names that the
Hub's larger publishers use.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath, PureWindowsPath

from desktop_app.core.model import quantization_of

LONGEST_NAME = 240  # bytes; most file systems allow 255, and a part file's ending needs some
LONGEST_PATH = 1000  # bytes; macOS ends at 1024 and Linux at 4096, the shelf's own folder included
_SHARD = re.compile(r"-(\d{5})-of-(\d{5})$", re.IGNORECASE)
_ROLES = (
    ("projector", re.compile(r"(?:^|[-_.])mmproj(?:[-_.]|$)", re.IGNORECASE)),
    ("draft", re.compile(r"^(?:mtp|eagle3|dflash|dspark)[-_.]", re.IGNORECASE)),
    ("imatrix", re.compile(r"^imatrix|[-_.]imatrix$", re.IGNORECASE)),
    ("adapter", re.compile(r"[-_.]lora$", re.IGNORECASE)),
    ("vocabulary", re.compile(r"[-_.]vocab$", re.IGNORECASE)),
)
_JOINED_BY_HAND = re.compile(r"\.gguf[-.](?:split|part)|\.part\d+of\d+", re.IGNORECASE)
_SIZE = re.compile(r"(?<![A-Za-z0-9.])(?:(\d+)x)?(\d+(?:\.\d+)?)([BM])(?![A-Za-z0-9])", re.IGNORECASE)
_REMOVED = re.compile(r"_\d_\d$")  # such as Q4_0_4_4: llama.cpp has not read these since the end of 2024
_RESERVED = re.compile(r"^(?:con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³]) *(?:\.|$)", re.IGNORECASE)
# Besides what Windows forbids: what a file system cannot encode, and what turns the direction of writing around, so
# that a name would not read as it is.
_FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]')


class FileRole(StrEnum):
    """What a GGUF file is for, as its name tells."""

    MODEL = "model"
    PROJECTOR = "projector"
    DRAFT = "draft"
    IMATRIX = "imatrix"
    ADAPTER = "adapter"
    VOCABULARY = "vocabulary"


@dataclass(frozen=True)
class HubFile:
    """A file of a repository.

    Attributes:
        path: within the repository, with slashes.
        size: bytes.
        sha256: 64 hexadecimal digits; empty for small files, which the Hub does not hash so.
    """

    path: str
    size: int
    sha256: str = ""


@dataclass(frozen=True)
class FileName:
    """What the name of a GGUF file says: ``shard`` of ``shards``, both 1 for a whole file."""

    base: str
    quantization: str
    role: FileRole
    shard: int = 1
    shards: int = 1


@dataclass(frozen=True)
class Choice:
    """One thing to download: a quantization with all its shards, and the companions it works with.

    Attributes:
        name: the base of the file names.
        quantization: empty when the name has none.
        files: the model's shards in order, one for a whole file.
        projector: lets the model see pictures.
        draft: a small model for speculative decoding that belongs to it.
    """

    name: str
    quantization: str
    files: tuple[HubFile, ...]
    projector: HubFile | None = None
    draft: HubFile | None = None

    @property
    def label(self) -> str:
        """The quantization, or the name where there is none."""
        return self.quantization or PurePosixPath(self.name).name

    @property
    def size(self) -> int:
        """Bytes of the model's own files."""
        return sum(file.size for file in self.files)

    @property
    def companions(self) -> tuple[HubFile, ...]:
        """Files that are downloaded with the model: its projector. A draft is only taken when asked for."""
        return (self.projector,) if self.projector is not None else ()

    @property
    def download_size(self) -> int:
        """Bytes of everything that is downloaded together."""
        return self.size + sum(file.size for file in self.companions)


class Sort(StrEnum):
    """Orders of a search, as the Hub's API spells them."""

    TRENDING = "trending_score"
    DOWNLOADS = "downloads"
    LIKES = "likes"
    RECENT = "last_modified"


class Task(StrEnum):
    """What a model is for; the values are ours, the Hub has several tags for each."""

    ANY = ""
    CHAT = "chat"
    VISION = "vision"
    EMBEDDING = "embedding"
    CODE = "code"


@dataclass(frozen=True)
class HubQuery:
    """A search.

    Attributes:
        parameters_from, parameters_to: in billions; 0 leaves the side open.
        licence: such as ``apache-2.0``; empty for any.
        language: an ISO 639-1 code; empty for any.
        gated: None for any.
        fits: only what this computer can run.
    """

    text: str = ""
    author: str = ""
    sort: Sort = Sort.TRENDING
    task: Task = Task.ANY
    parameters_from: float = 0.0
    parameters_to: float = 0.0
    licence: str = ""
    language: str = ""
    gated: bool | None = None
    fits: bool = False


@dataclass(frozen=True)
class HubModel:
    """A repository as a search shows it.

    Attributes:
        repo: ``owner/name``.
        modified: seconds since the epoch; 0 when not told.
        gated: empty when free, else ``auto`` or ``manual``.
        parameters: as the name tells; 0 when it does not.
    """

    repo: str
    downloads: int = 0
    likes: int = 0
    modified: float = 0.0
    gated: str = ""
    licence: str = ""
    task: str = ""
    languages: tuple[str, ...] = ()
    parameters: int = 0
    tags: tuple[str, ...] = ()

    @property
    def author(self) -> str:
        """The owner of the repository."""
        return self.repo.partition("/")[0]

    @property
    def name(self) -> str:
        """The repository's name without the owner and the ending that only says GGUF."""
        return re.sub(r"[-_.]gguf$", "", self.repo.partition("/")[2], flags=re.IGNORECASE) or self.repo


@dataclass(frozen=True)
class HubDetails:
    """All that a model's page shows.

    Attributes:
        commit: 40 hexadecimal digits; everything else is as of this commit.
        card: Markdown, without the metadata block.
        openness: what the card states about weights, data and code, as pairs of a key and a text.
        terms_url: where a gated model's terms are accepted; empty when it is free.
    """

    model: HubModel
    commit: str
    choices: tuple[Choice, ...]
    card: str = ""
    architecture: str = ""
    context_length: int = 0
    parameters: int = 0
    base_models: tuple[str, ...] = ()
    openness: tuple[tuple[str, str], ...] = ()
    terms_url: str = ""
    has_template: bool | None = None


class Verdict(StrEnum):
    """Whether a model runs on this computer."""

    FITS = "fits"
    TIGHT = "tight"
    TOO_LARGE = "too_large"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class CatalogueEntry:
    """A family of models that is worth knowing.

    Attributes:
        sentences: by language code, what it is good and less good at, in one sentence.
        sizes: in billions of parameters.
    """

    repo: str
    name: str
    maker: str
    licence: str
    sizes: tuple[float, ...]
    task: Task
    languages: tuple[str, ...]
    sentences: dict[str, str] = field(default_factory=dict)


def parse_name(path: str) -> FileName:
    """Tell base, quantization, role and shard of a ``.gguf`` path. Folders may carry the quantization."""
    folder, _, name = path.rpartition("/")
    stem = re.sub(r"\.gguf$", "", name, flags=re.IGNORECASE)
    shard, shards = 1, 1
    if match := _SHARD.search(stem):
        shard, shards, stem = int(match[1]), int(match[2]), stem[: match.start()]
    quantization = quantization_of(stem) or quantization_of(folder.rpartition("/")[2])
    role = next((FileRole(role) for role, pattern in _ROLES if pattern.search(stem)), FileRole.MODEL)
    if role is FileRole.IMATRIX and quantization and not stem.lower().startswith("imatrix"):
        role = FileRole.MODEL  # quantized with an importance matrix; not the matrix itself
    if folder.rpartition("/")[2].lower() == "mtp" and role is FileRole.MODEL:
        role = FileRole.DRAFT
    return FileName(f"{folder}/{stem}".lstrip("/"), quantization, role, shard, shards)


def path_problem(path: str) -> str:
    """Say why a repository's path may not be used as one on this computer; empty when it may.

    Windows' rules hold everywhere, so that a shelf can be carried from one system to another.
    """
    parts = path.split("/")
    if not path or path.startswith("/") or PureWindowsPath(path).drive or "\\" in path:
        return "it is not a relative path"
    if any(part in ("", ".", "..") for part in parts):
        return "it leads out of its folder"
    for part in parts:
        if _FORBIDDEN.search(part):
            return "it contains a character that not every system allows"
        if _RESERVED.match(part) or part.endswith((".", " ")):
            return "it is a name that some systems reserve"
        if len(part.encode(errors="replace")) > LONGEST_NAME:
            return "it is too long"
    return "it is too long" if len(path.encode(errors="replace")) > LONGEST_PATH else ""


def choices_of(files: Iterable[HubFile]) -> tuple[Choice, ...]:
    """Group the GGUF files of a repository into choices, the largest first.

    Shards come as one; an incomplete set, a file that must be joined by hand, an empty one, one without a hash, one
    whose name cannot be stored and one of a kind that llama.cpp has given up are left out.
    """
    groups: dict[tuple[str, str, int], dict[int, HubFile]] = {}
    projectors: list[HubFile] = []
    drafts: list[HubFile] = []
    for file in files:
        usable = file.path.lower().endswith(".gguf") and file.size and file.sha256 and not path_problem(file.path)
        if not usable or _JOINED_BY_HAND.search(file.path):
            continue
        name = parse_name(file.path)
        if name.role is FileRole.PROJECTOR:
            projectors.append(file)
        elif name.role is FileRole.DRAFT:
            drafts.append(file)
        elif name.role is FileRole.MODEL and not _REMOVED.search(name.quantization):
            groups.setdefault((name.base, name.quantization, name.shards), {})[name.shard] = file
    found = []
    for (base, quantization, shards), parts in groups.items():
        if set(parts) == set(range(1, shards + 1)):
            ordered = tuple(parts[number] for number in sorted(parts))
            projector, draft = nearest_companion(ordered[0], projectors), nearest_companion(ordered[0], drafts)
            found.append(Choice(base, quantization, ordered, projector, draft))
    return tuple(sorted(found, key=lambda choice: (-choice.size, choice.name)))


def nearest_companion(model: HubFile, companions: list[HubFile]) -> HubFile | None:
    """The companion in the deepest folder shared with the model; of several there, F16 first, then the smallest.

    F16 is what llama.cpp computes projectors in; a larger one brings nothing.
    """
    folder = model.path.rpartition("/")[0]
    near = [one for one in companions if _holds(one.path.rpartition("/")[0], folder)]
    preferred = {"F16": 0, "BF16": 1, "Q8_0": 2}
    return min(
        near,
        key=lambda one: (
            -one.path.count("/"),
            preferred.get(parse_name(one.path).quantization, 3),
            one.size,
            one.path,
        ),
        default=None,
    )


def _holds(folder: str, inner: str) -> bool:
    return not folder or inner == folder or inner.startswith(f"{folder}/") or folder == f"{inner}/MTP".lstrip("/")


# Where the best balance of size and quality lies, and where to look next: llama.cpp's own default comes first.
_PREFERENCE = ("Q4_K_M", "UD-Q4_K_XL", "Q4_K_L", "Q5_K_M", "IQ4_XS", "Q4_K_S", "MXFP4", "MXFP4_MOE", "Q4_0", "Q8_0")


def room_for_model(memory_total: int) -> int:
    """Bytes a model file may have so that it runs beside the system and its own context: two thirds of the memory."""
    return memory_total * 2 // 3


def verdict(size: int, memory_total: int) -> Verdict:
    """Whether a file of this size runs in this much memory (bytes), by a rule of thumb."""
    if not memory_total:
        return Verdict.UNKNOWN
    if size <= room_for_model(memory_total):
        return Verdict.FITS
    return Verdict.TIGHT if size <= memory_total * 85 // 100 else Verdict.TOO_LARGE


def likely_size(parameters: int) -> int:
    """Bytes of a model's file at Q4_K_M: llama.cpp's own table has 4.89 bits for each weight of an 8 B model there."""
    return parameters * 489 // 800


def likely_verdict(model: HubModel, memory_total: int) -> Verdict:
    """Whether a model of a search runs in this much memory (bytes), as its name tells its size."""
    return verdict(likely_size(model.parameters), memory_total) if model.parameters else Verdict.UNKNOWN


def recommended(choices: Iterable[Choice], memory_total: int) -> Choice | None:
    """The choice for a computer with this much memory (bytes); None when nothing fits.

    Q4_K_M or its nearest kin that fits, else the largest that does, else the smallest of those that barely do.
    """
    choices = tuple(choices)
    fitting = [one for one in choices if verdict(one.size, memory_total) in (Verdict.FITS, Verdict.UNKNOWN)]
    for name in _PREFERENCE:
        for one in fitting:
            if one.quantization == name:
                return one
    if fitting:
        return max(fitting, key=lambda one: one.size)
    tight = [one for one in choices if verdict(one.size, memory_total) is Verdict.TIGHT]
    return min(tight, key=lambda one: one.size, default=None)


def preference(quantization: str) -> int:
    """The place of a quantization among those that are recommended, 0 the first; the last place for all others."""
    return _PREFERENCE.index(quantization) if quantization in _PREFERENCE else len(_PREFERENCE)


def find_choice(choices: Iterable[Choice], wanted: str) -> Choice | None:
    """The choice that a quantization, a file's path or its name means; None when none or several fit."""
    folded = wanted.casefold()
    tests = (
        lambda one: one.quantization.casefold() == folded,
        lambda one: any(file.path.casefold() == folded for file in one.files),
        lambda one: any(PurePosixPath(file.path).name.casefold() == folded for file in one.files),
        lambda one: PurePosixPath(one.name).name.casefold() == folded,
    )
    everything = list(choices)
    for test in tests:
        fits = [one for one in everything if test(one)]
        if len(fits) == 1:
            return fits[0]
    return None


def parameters_in(name: str) -> int:
    """The number of parameters that a repository's or file's name tells (``Qwen3-8B``, ``8x7B``); 0 when none."""
    match = _SIZE.search(name)
    if match is None:
        return 0
    unit = 1e9 if match[3].upper() == "B" else 1e6
    return round(int(match[1] or 1) * float(match[2]) * unit)
