"""Where models lie already: the caches of other programs, which are used in place and never changed.

Where each keeps its models, as their own code has it: huggingface_hub's ``constants.py`` and cache layout, LM Studio's
``findLMStudioHome``, Ollama's manifests (a Docker registry's), Jan's ``resolve_jan_data_folder``, GPT4All's settings.
Whatever cannot be read is passed over: these are other programs' folders, and they may look like anything.
"""

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from desktop_app.library import manifest

SUFFIX = ".gguf"
DEEPEST = 16
MOST_ENTRIES = 200_000  # files and folders seen below one; a person may add a whole disk
LONGEST_NOTE = 1 << 20  # bytes of a manifest or a settings file

_NOT_ENTERED = re.compile(r"\.Trash|\$RECYCLE\.BIN$|\.git$")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DIGEST = re.compile(r"sha256[:-]([0-9a-f]{64})")
_MODEL_PATH = re.compile(r"^modelPath=(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Found:
    """A file that is, or says it is, a GGUF.

    Attributes:
        path: where it lies.
        root: of what belongs together; a projector serves the models below its own folder and this one.
        origin: as in ``ShelfModel``.
        repo: on the Hub; empty when unknown.
        sha256: as its name or its program's notes tell; empty when they do not.
        name: for people, where the file's own says nothing.
        projector: that its program pairs it with.
    """

    path: Path
    root: Path
    origin: str
    repo: str = ""
    sha256: str = ""
    name: str = ""
    projector: Path | None = None


@dataclass(frozen=True)
class Surroundings:
    """The computer as other programs see it; a test has its own.

    Attributes:
        home: of the person; None when there is none.
        environment: variables.
        platform: as ``sys.platform``.
        system: the root of the file system.
    """

    home: Path | None
    environment: Mapping[str, str] = field(default_factory=dict)
    platform: str = sys.platform
    system: Path = Path("/")

    @classmethod
    def of_this_computer(cls) -> "Surroundings":
        """Return the real ones, as they are now: the Hub's client later points its variables at our own folder."""
        try:
            home = Path.home()
        except RuntimeError:
            home = None
        return cls(home, dict(os.environ))

    def variable(self, name: str) -> Path | None:
        """The absolute path that a variable holds; None when it holds none."""
        return self.absolute(self.environment.get(name, ""))

    def absolute(self, text: str) -> Path | None:
        """An absolute path, perhaps from home; None when it is none."""
        if re.match(r"~(?:[/\\]|$)", text) and self.home is not None:
            text = str(self.home) + text[1:]
        return Path(text) if text and "\0" not in text and Path(text).is_absolute() else None

    def below_home(self, *parts: str) -> Path | None:
        """A path below the home folder."""
        return self.home.joinpath(*parts) if self.home is not None else None

    @property
    def data(self) -> Path | None:
        """Where programs keep a person's data; on Windows the roaming kind."""
        if self.platform == "win32":
            return self.variable("APPDATA") or self.below_home("AppData", "Roaming")
        if self.platform == "darwin":
            return self.below_home("Library", "Application Support")
        return self.variable("XDG_DATA_HOME") or self.below_home(".local", "share")

    @property
    def local_data(self) -> Path | None:
        """Where programs keep data that stays on this computer."""
        if self.platform == "win32":
            return self.variable("LOCALAPPDATA") or self.below_home("AppData", "Local")
        return self.data

    @property
    def config(self) -> Path | None:
        """Where Qt keeps INI files, and XDG's programs their settings."""
        if self.platform == "win32":
            return self.data
        return self.variable("XDG_CONFIG_HOME") or self.below_home(".config")


def find_all(around: Surroundings) -> Iterator[Found]:
    """Return the GGUF files of all caches there are, some perhaps more than once."""
    for find in (huggingface, lmstudio, ollama, jan, gpt4all):
        yield from find(around)


def gguf_files(root: Path) -> Iterator[tuple[str, list[str]]]:
    """Return the folders below one in which a GGUF lies, and their files that matter here.

    Links to folders are not followed: they may lead anywhere, and round. Files end in ``.gguf``, or are a manifest of
    ours or a download's part.
    """
    left = MOST_ENTRIES
    waiting = [(str(root), 0)]
    while waiting and left > 0:
        folder, depth = waiting.pop()
        names = []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    left -= 1
                    if _matters(entry.name):
                        names.append(entry.name)
                    if entry.is_dir(follow_symlinks=False) and depth < DEEPEST and not _NOT_ENTERED.match(entry.name):
                        waiting.append((entry.path, depth + 1))
        except OSError:
            continue
        if any(name.lower().endswith(SUFFIX) for name in names):
            yield folder, names


def _matters(name: str) -> bool:
    folded = name.lower()
    if folded.startswith("._"):  # what macOS keeps beside each file on foreign drives
        return False
    return folded.endswith((SUFFIX, ".part")) or name == manifest.NAME


def _models(root: Path) -> Iterator[Path]:
    for folder, names in gguf_files(root):
        yield from (Path(folder, name) for name in names if name.lower().endswith(SUFFIX))


def huggingface(around: Surroundings) -> Iterator[Found]:
    """The cache of huggingface_hub: ``models--owner--name/snapshots/commit/…``, links to blobs named by their hash."""
    xdg, home = around.variable("XDG_CACHE_HOME"), around.variable("HF_HOME")
    hubs = (
        around.variable("HF_HUB_CACHE") or around.variable("HUGGINGFACE_HUB_CACHE"),
        home / "hub" if home else None,
        xdg / "huggingface" / "hub" if xdg else None,
        around.below_home(".cache", "huggingface", "hub"),
    )
    for hub in _distinct(hubs):
        for repository in _folders(hub):
            parts = repository.name.split("--")
            if parts[0] != "models" or len(parts) < 2:
                continue
            for snapshot in _snapshots(repository):
                for path in _models(snapshot):
                    yield Found(path, snapshot, "huggingface", "/".join(parts[1:]), _blob_hash(path))


def _snapshots(repository: Path) -> list[Path]:
    """All snapshots, that of the main branch first; of a file that several have, the first one is taken."""
    main = _read(repository / "refs" / "main").strip()
    return sorted(_folders(repository / "snapshots"), key=lambda snapshot: (snapshot.name != main, snapshot.name))


def _blob_hash(path: Path) -> str:
    try:
        name = path.readlink().name
    except (OSError, ValueError):
        return ""
    return name if _SHA256.fullmatch(name) else ""


def lmstudio(around: Surroundings) -> Iterator[Found]:
    """LM Studio's folder: ``publisher/model/file``, named as on the Hub."""
    pointer = around.below_home(".lmstudio-home-pointer")
    homes = (
        around.absolute(_read(pointer).strip()) if pointer else None,
        around.below_home(".lmstudio"),
        around.below_home(".cache", "lm-studio"),
    )
    for home in _distinct(homes):
        chosen = _object(home / "settings.json").get("downloadsFolder")
        folders = (
            around.absolute(chosen) if isinstance(chosen, str) else None,
            home / "models",
            home / ".internal" / "bundled-models",
        )
        for folder in _distinct(folders):
            for path in _models(folder):
                parts = path.relative_to(folder).parts
                repo, root = ("/".join(parts[:2]), folder.joinpath(*parts[:2])) if len(parts) > 2 else ("", folder)
                yield Found(path, root, "lmstudio", repo)


def ollama(around: Surroundings) -> Iterator[Found]:
    """Ollama's store: manifests ``host/namespace/model/tag`` name blobs, which have no ending."""
    stores = (
        around.variable("OLLAMA_MODELS"),
        around.below_home(".ollama", "models"),
        # the service's own account, as Ollama's installer and the packages of distributions set it up
        *(around.system / part for part in ("usr/share/ollama/.ollama/models", "var/lib/ollama/.ollama/models")),
        around.system / "var/lib/ollama",
    )
    for store in _distinct(stores):
        manifests = store / "manifests"
        for path in sorted(_files(manifests, deepest=6)):
            parts = path.relative_to(manifests).parts
            layers = _layers(path, store / "blobs")
            models = layers.get("model", [])
            if len(parts) != 4 or len(models) != 1:  # weights in several layers are not in one GGUF
                continue
            name, repo = _ollama_name(*parts)
            projector = next(iter(layers.get("projector", [])), None)
            yield Found(models[0], store, "ollama", repo, models[0].name[-64:], name, projector)


def _layers(noted: Path, blobs: Path) -> dict[str, list[Path]]:
    """The blobs that a manifest names, by the last word of their type."""
    found: dict[str, list[Path]] = {}
    layers = _object(noted).get("layers")
    for layer in layers if isinstance(layers, list) else ():
        kind, digest = (layer.get("mediaType"), layer.get("digest")) if isinstance(layer, dict) else (None, None)
        match = _DIGEST.fullmatch(digest) if isinstance(digest, str) else None
        if match and isinstance(kind, str):
            names = (f"sha256-{match[1]}", f"sha256:{match[1]}")  # the latter before version 0.1.30
            path = next((blobs / name for name in names if (blobs / name).is_file()), blobs / names[0])
            found.setdefault(kind.rpartition(".")[2], []).append(path)
    return found


def _ollama_name(host: str, namespace: str, model: str, tag: str) -> tuple[str, str]:
    """The name as ``ollama list`` has it, and the repository on the Hub."""
    if host in ("hf.co", "huggingface.co"):
        return re.sub(r"[-_.]gguf$", "", model, flags=re.IGNORECASE), f"{namespace}/{model}"
    full = model if tag == "latest" else f"{model}:{tag}"
    if host != "registry.ollama.ai":
        return f"{host}/{namespace}/{full}", ""
    return full if namespace == "library" else f"{namespace}/{full}", ""


def jan(around: Surroundings) -> Iterator[Found]:
    """Jan's data folder: ``llamacpp/models/id/model.gguf``, in older versions ``models/id/…``."""
    supports = [base / "Jan" for base in (around.data, around.config) if base is not None]
    chosen = [_object(support / "settings.json").get("data_folder") for support in supports]
    data = (
        around.variable("JAN_DATA_FOLDER"),
        *(around.absolute(folder) for folder in chosen if isinstance(folder, str)),
        *(support / "data" for support in supports),
        around.below_home("jan"),
    )
    for folder in _distinct(data):
        for models in (folder / "llamacpp" / "models", folder / "models"):
            for path in _models(models):
                root = path.parent if path.parent != models else models
                yield Found(path, root, "jan")


def gpt4all(around: Surroundings) -> Iterator[Found]:
    """GPT4All's folder, where downloads that are under way begin with ``incomplete``, and its Python package's."""
    data, config = around.local_data, around.config
    chosen = _MODEL_PATH.search(_read(config / "nomic.ai" / "GPT4All.ini")) if config else None
    folders = (
        around.absolute(chosen[1].strip().strip('"').replace("\\\\", "\\")) if chosen else None,
        data / "nomic.ai" / "GPT4All" if data else None,
        around.below_home(".cache", "gpt4all"),
    )
    for folder in _distinct(folders):
        for path in _models(folder):
            if not path.name.startswith("incomplete"):
                yield Found(path, folder, "gpt4all")


def _distinct(paths: Iterable[Path | None]) -> list[Path]:
    """The folders that are there, each once."""
    found: dict[str, Path] = {}
    for path in paths:
        try:
            if path is not None and path.is_dir():
                found.setdefault(os.path.realpath(path), path)
        except OSError:
            continue
    return list(found.values())


def _folders(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return sorted(Path(entry.path) for entry in entries if entry.is_dir())
    except OSError:
        return []


def _files(folder: Path, deepest: int) -> Iterator[Path]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False) and deepest > 1:
                    yield from _files(Path(entry.path), deepest - 1)
                elif entry.is_file() and not entry.name.startswith("."):
                    yield Path(entry.path)
    except OSError:
        return


def _read(file: Path) -> str:
    try:
        if not file.is_file():
            return ""
        with file.open("rb") as opened:
            return opened.read(LONGEST_NOTE).decode(errors="replace")
    except OSError:
        return ""


def _object(file: Path) -> dict[str, Any]:
    """The JSON object in a file; empty when there is none."""
    try:
        value = msgspec.json.decode(_read(file))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
