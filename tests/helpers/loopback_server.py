"""How the Hub on loopback answers over HTTP, and how it fails on purpose; see ``loopback_hub``."""

import json
import math
import re
import socket
import struct
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

if TYPE_CHECKING:
    from tests.helpers.loopback_hub import LoopbackHub

BLOCK = 1 << 20
_API = re.compile(r"/api/models/([^/]+/[^/]+)(?:/(revision|tree|paths-info|refs)(?:/([^/]+))?(?:/(.+))?)?")
_RESOLVE = re.compile(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)")
_CDN = re.compile(r"/cdn/(\d+)/([^/]+/[^/]+)/(.+)")
_RANGE = re.compile(r"bytes=(\d+)-(\d*)|bytes=-(\d+)")

Query = dict[str, list[str]]
Fields = dict[str, Any]


def pick(info: Fields, query: Query, default: str = "") -> Fields:
    """Return the fields that ``expand`` asks for, else the default ones, else all."""
    wanted = query.get("expand", []) + query.get("expand[]", [])
    keys = ["_id", "id", *wanted] if wanted else default.split() or list(info)
    return {key: info[key] for key in keys if key in info}


class HubServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, hub: "LoopbackHub") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hub = hub

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: that clients hang up is what is tested."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version, timeout, wbufsize = "HTTP/1.1", 60, 0
    server: HubServer
    connection: socket.socket

    def setup(self) -> None:
        super().setup()
        self.hub = self.server.hub
        self.hub.keep(self.connection, is_open=True)

    def finish(self) -> None:
        self.hub.keep(self.connection, is_open=False)
        super().finish()

    def log_message(self, *_: Any) -> None:
        pass

    def answer(self, status: int = 200, body: Any = b"", headers: Fields | None = None, kind: str = "application/json"):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": len(data), **(headers or {})}.items():
            self.send_header(name, str(value))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def refuse(self, status: int, code: str, message: str, **headers: str) -> None:
        self.answer(status, {"error": message}, {"X-Error-Code": code, "X-Error-Message": message, **headers})

    def handle_any(self) -> None:
        url = urlsplit(self.path)
        path, query = unquote(url.path), parse_qs(url.query)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        port = self.server.server_port
        self.hub.note({"t": time.time(), "method": self.command, "path": self.path, "port": port, "headers": headers})
        fault = self.hub.take_fault(self.command, path)
        self.hub.closing.wait(fault.get("delay", 0))
        if not self._fail(fault):
            self._serve(path, query, body, fault)

    def _fail(self, fault: Fields) -> bool:
        """Answer as a fault wants it; False when the answer comes all the same."""
        if "status" in fault:
            self.answer(fault["status"], fault.get("body", "").encode(), fault.get("headers"), "text/plain")
        elif fault.get("html"):
            self.answer(body=b"<!DOCTYPE html><html><title>Sign in to the Wi-Fi</title></html>", kind="text/html")
        elif fault.get("redirect_loop"):
            self.answer(302, b"", {"Location": self.path}, "text/plain")
        elif "redirect" in fault:
            self.answer(302, b"", {"Location": fault["redirect"]}, "text/plain")
        else:
            return False
        return True

    def _serve(self, path: str, query: Query, body: bytes, fault: Fields) -> None:
        if match := _CDN.fullmatch(path):
            file = self.hub.root / match[2] / match[3]
            if int(match[1]) < time.time() or file not in self.hub.files(match[2]):
                self.answer(403, b"<Error><Code>AccessDenied</Code></Error>", kind="application/xml")
            else:
                self.send_file(file, fault)
        elif path == "/api/whoami-v2":
            known = self._token() in self.hub.tokens
            self.answer(200 if known else 401, {"name": "tester"} if known else {"error": "Invalid"})
        elif path == "/api/models":
            self._search(query)
        elif match := _API.fullmatch(path):
            self._tell(match, query, body)
        elif match := _RESOLVE.fullmatch(path):
            self._resolve(match, fault)
        else:
            self.answer(404, {"error": "Not Found"})

    def _token(self) -> str:
        return (self.headers.get("Authorization") or "").removeprefix("Bearer ")

    def _search(self, query: Query) -> None:
        rows, start = self.hub.search(query), int(query.get("cursor", ["0"])[0])
        stop = start + min(int(query.get("limit", [str(self.hub.page)])[0]), self.hub.page)
        again = "&".join(f"{name}={quote(one)}" for name, many in query.items() if name != "cursor" for one in many)
        link = {"Link": f'<{self.hub.endpoint}/api/models?{again}&cursor={stop}>; rel="next"'}
        self.answer(body=rows[start:stop], headers=link if stop < len(rows) else {})

    def _knows(self, repo: str, revision: str) -> bool:
        """Whether there is such a repository and revision; answers otherwise."""
        if repo not in self.hub.repos():
            known = self._token() in self.hub.tokens
            self.refuse(404 if known else 401, "RepoNotFound", "Repository not found")
        elif revision not in ("main", self.hub.commit(repo)):
            self.refuse(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        else:
            return True
        return False

    def _tell(self, match: re.Match[str], query: Query, body: bytes) -> None:
        repo, kind = match[1], match[2]
        if not self._knows(repo, match[3] or "main"):
            return
        files = self.hub.files(repo)
        if kind in (None, "revision"):
            self.answer(body=pick(self.hub.info(repo, blobs="blobs" in query), query))
        elif kind == "refs":
            branch = {"name": "main", "ref": "refs/heads/main", "targetCommit": self.hub.commit(repo)}
            self.answer(body={"branches": [branch], "tags": [], "converts": []})
        elif kind == "tree":
            self.answer(body=[self.hub.entry(repo, one) for one in files])
        else:
            asked = {self.hub.root / repo / one for one in parse_qs(body.decode()).get("paths", [])}
            self.answer(body=[self.hub.entry(repo, one) for one in files if one in asked])

    def _resolve(self, match: re.Match[str], fault: Fields) -> None:
        repo, name = match[1], match[3]
        path = self.hub.root / repo / name
        if not self._knows(repo, match[2]):
            return None
        sha = self.hub.commit(repo)
        if self.hub.info(repo)["gated"] and self._token() not in self.hub.tokens:
            refused = f"Access to model {repo} is restricted."
            return self.refuse(403 if self._token() else 401, "GatedRepo", refused)
        if path not in self.hub.files(repo):
            return self.refuse(404, "EntryNotFound", "Entry not found", **{"X-Repo-Commit": sha})
        blob, sha256 = self.hub.digests(path)
        if not self.hub.is_large(path):
            return self.send_file(path, fault, {"X-Repo-Commit": sha, "ETag": f'"{blob}"'})
        expires = int(time.time() + self.hub.url_ttl)
        headers = {
            "X-Repo-Commit": sha,
            "X-Linked-Etag": f'"{fault.get("etag", sha256)}"',
            "ETag": f'"{sha256}"',
            "X-Linked-Size": path.stat().st_size,
            "Accept-Ranges": "bytes",
            "Location": f"{self.hub.cdn}/cdn/{expires}/{repo}/{quote(name)}",
        }
        return self.answer(302, b"Found. Redirecting", headers, "text/plain")

    def send_file(self, path: Path, fault: Fields, headers: Fields | None = None) -> None:
        size, start, stop, status = path.stat().st_size, 0, path.stat().st_size, 200
        kind = "text/plain; charset=utf-8" if path.suffix == ".md" else "application/octet-stream"
        out = {
            "Content-Type": kind,
            "ETag": f'"{self.hub.digests(path)[1]}"',
            "Accept-Ranges": "bytes",
            **(headers or {}),
        }
        asked = _RANGE.fullmatch(self.headers.get("Range", ""))
        if asked and not fault.get("ignore_range") and self.headers.get("If-Range", out["ETag"]) == out["ETag"]:
            start = int(asked[1]) if asked[1] else max(0, size - int(asked[3]))
            stop, status = (min(int(asked[2]) + 1, size) if asked[2] else size), 206
            out["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
            if start >= size:
                return self.answer(416, b"", {"Content-Range": f"bytes */{size}"})
        chunked = bool(fault.get("chunked"))
        self.send_response(status)
        for name, value in (
            out | ({"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": stop - start})
        ).items():
            self.send_header(name, str(value))
        self.end_headers()
        if self.command != "HEAD":
            self.send_body(path, start, stop, fault)
        return None

    def send_body(self, path: Path, position: int, stop: int, fault: Fields) -> None:
        cut, began, start = min(stop, fault.get("truncate", math.inf)), time.monotonic(), position
        stall, pause = fault.get("stall", (math.inf, 0))
        with path.open("rb") as file:
            while position < cut and not self.hub.closing.is_set():
                count = int(min(BLOCK, cut - position, stall - position if position < stall else math.inf))
                if "rate" in fault:
                    count = min(count, max(1, int(fault["rate"] / 20)))
                self._send_block(file, position, count, fault)
                position += count
                if position == stall:
                    self.hub.closing.wait(pause)
                if "rate" in fault:
                    self.hub.closing.wait(max(0.0, (position - start) / fault["rate"] - (time.monotonic() - began)))
        if position < stop:
            self._hang_up(reset=bool(fault.get("reset")))
        elif fault.get("chunked"):
            self.wfile.write(b"0\r\n\r\n")

    def _send_block(self, file: Any, position: int, count: int, fault: Fields) -> None:
        bad, chunked = fault.get("corrupt", -1), fault.get("chunked")
        if not chunked and not position <= bad < position + count:
            self.connection.sendfile(file, position, count)
            return
        file.seek(position)
        data = bytearray(file.read(count))
        if position <= bad < position + count:
            data[bad - position] ^= 1
        self.wfile.write(b"%x\r\n%s\r\n" % (count, bytes(data)) if chunked else data)

    def _hang_up(self, *, reset: bool) -> None:
        self.close_connection = True
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        else:
            self.connection.shutdown(socket.SHUT_RDWR)


for _method in ("GET", "HEAD", "POST"):
    setattr(_Handler, f"do_{_method}", _Handler.handle_any)
