"""A Hub on this computer's own loopback, with faults on purpose; the standard library serves it.

It serves ``root/<owner>/<repo>/**`` as repositories of models:

    with LoopbackHub(folder) as hub:
        hub.fault(r"/cdn/.*Q4_K_M", truncate=1_000_000)
        ...  # the client's endpoint is hub.endpoint

Like the Hub: search with a cursor in ``Link``, information on a model with ``?blobs`` and ``?expand``, the tree,
``whoami-v2``; ``resolve`` with ``X-Repo-Commit``, ``X-Linked-Etag`` and ``X-Linked-Size``; for large files a redirect
to another origin (a second port, "the CDN") with a signature that expires; byte ranges, ``If-Range``, 416; gated
models, tokens, ``X-Error-Code``. Files are large when they end in .gguf or exceed 10 MB. A file ``.hub.json`` in a
repository overrides or adds any field of its information: downloads, likes, tags, gated, private, cardData,
pipeline_tag, gguf, lastModified. It also serves as a proxy to itself, for addresses with http.

Effects of a fault, ``N`` counted from the start of the file:

- ``status=503``, with ``headers={}`` and ``body=""``
- ``html=True``: the page of a captive portal, with 200
- ``delay=SECONDS`` before the answer
- ``truncate=N``, with ``reset=True`` by RST instead of FIN
- ``stall=(N, SECONDS)``, ``rate=BYTES_PER_SECOND``
- ``corrupt=N`` flips a bit; ``etag="..."`` advertises another hash
- ``ignore_range=True``: 200 and the whole file
- ``chunked=True``: no content length
- ``redirect_loop=True``: from here to here
- ``redirect="http://..."``: to there
"""

import hashlib
import json
import random
import re
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desktop_app.core.hub import parameters_in
from tests.helpers.loopback_server import Fields, HubServer, Query, pick

LARGE = 10_000_000
TOKEN = "hf_valid"
_BOUND = re.compile(r"(min|max):(\d+(?:\.\d+)?)([KMBT]?)", re.IGNORECASE)
_UNITS = {"": 1, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
_BY_DEFAULT = "_id id modelId likes private downloads tags pipeline_tag createdAt trendingScore"


class LoopbackHub:
    """The server; see the module.

    Args:
        root: the repositories; they may change while it runs.
        url_ttl: seconds for which the signature of a redirect is valid.
        page: models on a page of a search, at most.

    Attributes:
        log: the requests so far: ``t``, ``method``, ``path`` with its query, ``port``, ``headers`` in lower case.
    """

    def __init__(self, root: Path, *, url_ttl: float = 3600, tokens: tuple[str, ...] = (TOKEN,), page: int = 100):
        self.root, self.url_ttl, self.tokens, self.page = root, url_ttl, set(tokens), page
        self.faults: list[Fields] = []
        self.log: list[Fields] = []
        self.closing = threading.Event()
        self._lock = threading.RLock()
        self._hashes: dict[str, tuple[str, str]] = {}
        self._connections: set[socket.socket] = set()
        self._servers = [HubServer(self), HubServer(self)]
        self._threads = [threading.Thread(target=one.serve_forever, args=(0.05,), daemon=True) for one in self._servers]
        self.endpoint, self.cdn = (f"http://127.0.0.1:{one.server_port}" for one in self._servers)

    def __enter__(self) -> "LoopbackHub":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        for server in self._servers:
            server.shutdown()
            server.server_close()
        with self._lock:
            connections = tuple(self._connections)
        for one in connections:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def fault(
        self, path: str = ".*", *, method: str | None = None, times: int = 1, skip: int = 0, **effect: Any
    ) -> None:
        """Have requests fail.

        Args:
            path: a pattern found in the path, without the query.
            method: None for any.
            times: -1 for ever.
            skip: so many requests are served as usual first.
        """
        with self._lock:
            self.faults.append({"path": path, "method": method, "times": times, "skip": skip, **effect})

    def clear(self) -> None:
        """Forget faults and the log."""
        with self._lock:
            self.faults.clear()
            self.log.clear()

    def asked(self, pattern: str = "") -> list[Fields]:
        """Return the requests whose path matches a pattern, in order."""
        with self._lock:
            return [one for one in self.log if re.search(pattern, one["path"])]

    def commit(self, repo: str) -> str:
        """Return the commit that a repository is at; it changes with its files."""
        sha: str = self.info(repo)["sha"]
        return sha

    def publish(self, repo: str, files: Mapping[str, bytes | str | int], **fields: Any) -> None:
        """Write a repository, or more files into one.

        Args:
            repo: ``owner/name``.
            files: by path; a number makes so many bytes, which differ from file to file.
            fields: of its information, such as ``gated="auto"``.
        """
        folder = self.root / repo
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, int):
                content = random.Random(name).randbytes(content)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        if fields:
            (folder / ".hub.json").write_text(json.dumps(fields))

    # ---- for the handler ----

    def note(self, request: Fields) -> None:
        """Write a request into the log."""
        with self._lock:
            self.log.append(request)

    def keep(self, connection: socket.socket, *, is_open: bool) -> None:
        """Remember a connection, so that it can be ended."""
        with self._lock:
            (self._connections.add if is_open else self._connections.discard)(connection)

    def take_fault(self, method: str, path: str) -> Fields:
        """Return the effect for a request, and count it."""
        with self._lock:
            for one in self.faults:
                if one["times"] and one["method"] in (None, method) and re.search(one["path"], path):
                    if not one["skip"]:
                        one["times"] -= 1
                        return one
                    one["skip"] -= 1
        return {}

    def digests(self, path: Path) -> tuple[str, str]:
        """Return a file's git hash and its SHA-256; the git hash of a large file is that of its pointer."""
        stat = path.stat()
        key = f"{path}:{stat.st_size}:{stat.st_mtime_ns}"
        with self._lock:
            if key not in self._hashes:
                with path.open("rb") as file:
                    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
                pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {stat.st_size}\n"
                blob = pointer.encode() if self.is_large(path) else path.read_bytes()
                self._hashes[key] = hashlib.sha1(b"blob %d\0" % len(blob) + blob).hexdigest(), sha256
            return self._hashes[key]

    @staticmethod
    def is_large(path: Path) -> bool:
        """Whether the Hub keeps a file apart, with a SHA-256."""
        return path.suffix == ".gguf" or path.stat().st_size > LARGE

    def repos(self) -> list[str]:
        """Return the names of the repositories."""
        owners = (one for one in sorted(self.root.iterdir()) if one.is_dir())
        return [f"{owner.name}/{repo.name}" for owner in owners for repo in sorted(owner.iterdir()) if repo.is_dir()]

    def files(self, repo: str) -> list[Path]:
        """Return the files of a repository."""
        return [one for one in sorted((self.root / repo).rglob("*")) if one.is_file() and one.name != ".hub.json"]

    def entry(self, repo: str, path: Path) -> Fields:
        """Return a file as the tree shows it."""
        blob, sha256 = self.digests(path)
        size = path.stat().st_size
        made = {"type": "file", "path": path.relative_to(self.root / repo).as_posix(), "size": size, "oid": blob}
        return made | {"lfs": {"oid": sha256, "size": size, "pointerSize": 135}} if self.is_large(path) else made

    def info(self, repo: str, *, blobs: bool = False) -> Fields:
        """Return all that is told of a repository."""
        base, files = self.root / repo, self.files(repo)
        entries = [self.entry(repo, one) for one in files]
        newest = datetime.fromtimestamp(max((one.stat().st_mtime for one in files), default=0), UTC)
        stamp = newest.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        made: Fields = {
            "_id": hashlib.md5(repo.encode()).hexdigest()[:24],
            "id": repo,
            "modelId": repo,
            "author": repo.split("/")[0],
            "sha": hashlib.sha1(json.dumps(entries).encode()).hexdigest(),
            **dict.fromkeys(("private", "gated", "disabled"), False),
            **dict.fromkeys(("downloads", "likes", "trendingScore"), 0),
            "tags": [],
            "pipeline_tag": "text-generation",
            "createdAt": stamp,
            "lastModified": stamp,
            "usedStorage": sum(one["size"] for one in entries),
            "siblings": [_sibling(one, blobs=blobs) for one in entries],
        }
        if (base / ".hub.json").exists():
            made |= json.loads((base / ".hub.json").read_text())
        if any(one.suffix == ".gguf" for one in files) and "gguf" not in made["tags"]:
            made["tags"] = ["gguf", *made["tags"]]
        return made

    def search(self, query: Query) -> list[Fields]:
        """Return all models that a search finds, in order."""
        order = query.get("sort", ["trendingScore"])[0]
        found = [one for one in map(self.info, self.repos()) if _matches(one, query)]
        found.sort(key=lambda one: one.get(order) or 0, reverse=True)
        default = _BY_DEFAULT + (" author sha gated lastModified siblings" if "full" in query else "")
        return [pick(one, query, default) for one in found]


def _sibling(entry: Fields, *, blobs: bool) -> Fields:
    made: Fields = {"rfilename": entry["path"]}
    if blobs:
        made |= {"size": entry["size"], "blobId": entry["oid"]}
        if "lfs" in entry:
            made["lfs"] = {"sha256": entry["lfs"]["oid"], "size": entry["size"], "pointerSize": 135}
    return made


def _matches(model: Fields, query: Query) -> bool:
    one = {name: values[0] for name, values in query.items()}
    return (
        not model["private"]
        and all(word in model["id"].lower() for word in one.get("search", "").lower().split())
        and all(tag in model["tags"] for tag in query.get("filter", []))
        and one.get("author", model["author"]) == model["author"]
        and one.get("pipeline_tag", model["pipeline_tag"]) == model["pipeline_tag"]
        and ("gated" not in one or bool(model["gated"]) == (one["gated"] == "true"))
        and _within(model, one.get("num_parameters", ""))
    )


def _within(model: Fields, bounds: str) -> bool:
    total = model.get("gguf", {}).get("total") or parameters_in(model["id"])
    for side, number, unit in _BOUND.findall(bounds):
        bound = float(number) * _UNITS[unit.upper()]
        if not total or (total < bound if side == "min" else total > bound):
            return False
    return True
