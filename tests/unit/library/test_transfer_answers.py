"""Answers that are not the file, whatever they pretend, and the roads on which the file comes."""

import hashlib
import os
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.core.downloads import DownloadFile
from desktop_app.core.errors import KnownError
from desktop_app.library.hub_session import ConnectionLog, HubOptions, HubSession
from desktop_app.library.transfer import Limiter, Transfer, TransferResult, TransferRules, part_path
from tests.helpers.odd_server import answering, certificate, read_request, serving, tunnelling

NAME = "model.gguf"
TRUTH = bytes(hashlib.shake_128(b"a model").digest(3_000_000))
FILE = DownloadFile(NAME, len(TRUTH), hashlib.sha256(TRUTH).hexdigest())
SIZE = f"Content-Length: {len(TRUTH)}"
HAVE = 1000
REST = f"Content-Length: {len(TRUTH) - HAVE}"
RANGE = f"Content-Range: bytes {HAVE}-{len(TRUTH) - 1}/{len(TRUTH)}"


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*os.environ,):
        if name.upper().startswith("HF_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def log() -> ConnectionLog:
    return ConnectionLog(None)


def answer(status: str, *headers: str, body: bytes = TRUTH) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode() + body


def download(folder: Path, log: ConnectionLog, endpoint: str, proxy: str = "", tries: int = 1) -> TransferResult:
    session = HubSession(HubOptions(online=True, endpoint=endpoint, proxy=proxy, data_dir=folder), log)
    rules = TransferRules(tries, lambda barren: 0.0, timeout=5.0, margin=0)
    target = folder / "shelf" / NAME
    transfer = Transfer(session, "o/m", "c" * 40, FILE, target, Limiter(), lambda *_: None, rules=rules)
    try:
        return transfer.run()
    finally:
        session.close()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param(answer("200 OK", SIZE, "Content-Encoding: gzip"), "transfer_unexpected", id="packed"),
        pytest.param(answer("200 OK", "Content-Length: 5", body=b"short"), "transfer_unexpected", id="short"),
        pytest.param(answer("200 OK", f"{SIZE}0"), "transfer_unexpected", id="long"),
        pytest.param(answer("200 OK", SIZE, "Content-Type: Text/HTML"), "hub_captive", id="page of the right size"),
        pytest.param(answer("200 OK", "Content-Type: text/html; charset=utf-8"), "hub_captive", id="page without size"),
        pytest.param(answer("206 Partial Content", SIZE), "transfer_unexpected", id="part without a range"),
        pytest.param(
            answer("206 Partial Content", REST, RANGE, body=TRUTH[HAVE:]), "transfer_unexpected", id="other part"
        ),
        pytest.param(answer("416 Range Not Satisfiable", body=b""), "transfer_unexpected", id="no such range"),
        pytest.param(answer("511 Network Authentication Required", body=b""), "hub_captive", id="sign in first"),
        pytest.param(answer("302 Found", "Location: http://[", body=b""), "hub_unreachable", id="broken redirect"),
        pytest.param(b"", "transfer_cut", id="nothing"),
        pytest.param(b"\x16\x03\x01 hello", "transfer_cut", id="no HTTP"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Le", "transfer_cut", id="half a head"),
    ],
)
def test_it_is_not_taken_for_the_file(tmp_path: Path, log: ConnectionLog, given: bytes, code: str) -> None:
    with serving(answering(given)) as port, pytest.raises(KnownError) as caught:
        download(tmp_path, log, f"http://127.0.0.1:{port}")
    assert caught.value.problem.code == "transfer_gave_up"
    reason = caught.value.problem.detail.partition(":")[0]
    assert reason == code or (code == "transfer_cut" and reason == "hub_unreachable")
    shelf = tmp_path / "shelf"
    assert all(
        TRUTH.startswith(one.read_bytes()) and one == part_path(shelf / NAME, FILE.sha256) for one in shelf.iterdir()
    )


def test_more_than_the_file(tmp_path: Path, log: ConnectionLog) -> None:
    """Where nothing tells the length, it depends on how the bytes arrive whether the end is seen."""
    target, reason = tmp_path / "shelf" / NAME, ""
    with serving(answering(answer("200 OK", body=TRUTH + b"more"))) as port:
        try:
            download(tmp_path, log, f"http://127.0.0.1:{port}")
        except KnownError as error:
            reason = error.problem.detail.partition(":")[0]
    assert reason in ("", "transfer_unexpected")
    assert target.exists() == (not reason)
    assert TRUTH.startswith((part_path(target, FILE.sha256) if reason else target).read_bytes())


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified", "400 Bad Request", "405 Not Allowed"])
def test_what_no_further_try_can_help(tmp_path: Path, log: ConnectionLog, status: str) -> None:
    with serving(answering(answer(status, body=b""))) as port, pytest.raises(KnownError) as caught:
        download(tmp_path, log, f"http://127.0.0.1:{port}", tries=8)
    assert caught.value.problem.code == "hub_error"
    assert len(log.all()) == 1
    assert list((tmp_path / "shelf").iterdir()) == []


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(answer("206 Partial Content", REST, RANGE, body=TRUTH[HAVE:]), id="the rest"),
        pytest.param(
            answer("206 Partial Content", RANGE.replace(f"/{len(TRUTH)}", "/*"), body=TRUTH[HAVE:]),
            id="the rest without a length",
        ),
        pytest.param(answer("200 OK", SIZE), id="all of it"),
        pytest.param(answer("200 OK", "Connection: close"), id="all of it without a length"),
    ],
)
def test_it_goes_on(tmp_path: Path, log: ConnectionLog, second: bytes) -> None:
    first = answer("200 OK", SIZE, body=TRUTH[:HAVE])
    with serving(answering(first, second)) as port:
        download(tmp_path, log, f"http://127.0.0.1:{port}", tries=2)
    assert (tmp_path / "shelf" / NAME).read_bytes() == TRUTH
    assert len(log.all()) == 2


# ---- the roads ----


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Return what a server shows so that the client trusts it."""
    pytest.importorskip("cryptography", reason="makes the certificate; the Linux program comes with it")
    context, file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return context


@pytest.fixture
def safe(trusted: ssl.SSLContext) -> Iterator[int]:
    """Yield the port of a server that speaks TLS, which the client trusts."""
    with serving(answering(answer("200 OK", SIZE)), trusted) as port:
        yield port


def test_over_tls(tmp_path: Path, log: ConnectionLog, safe: int) -> None:
    assert download(tmp_path, log, f"https://127.0.0.1:{safe}").bytes == len(TRUTH)
    assert len(TRUTH) < log.all()[0].received < len(TRUTH) + 1000


def test_over_tls_through_a_proxy(tmp_path: Path, log: ConnectionLog, safe: int) -> None:
    seen: list[str] = []
    with serving(tunnelling(seen)) as proxy:
        download(tmp_path, log, f"https://127.0.0.1:{safe}", f"http://127.0.0.1:{proxy}")
    assert seen == [f"CONNECT 127.0.0.1:{safe} HTTP/1.1"]
    assert (tmp_path / "shelf" / NAME).read_bytes() == TRUTH


def test_over_tls_inside_the_tls_of_a_proxy(
    tmp_path: Path, log: ConnectionLog, safe: int, trusted: ssl.SSLContext
) -> None:
    seen: list[str] = []
    with serving(tunnelling(seen), trusted) as proxy:
        download(tmp_path, log, f"https://127.0.0.1:{safe}", f"https://127.0.0.1:{proxy}")
    assert (tmp_path / "shelf" / NAME).read_bytes() == TRUTH


def test_a_certificate_that_nobody_knows(
    tmp_path: Path, log: ConnectionLog, safe: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(KnownError) as caught:
        download(tmp_path, log, f"https://127.0.0.1:{safe}")
    assert "certificate" in caught.value.problem.sentence
    assert list((tmp_path / "shelf").iterdir()) == []


def test_through_a_plain_proxy(tmp_path: Path, log: ConnectionLog) -> None:
    asked: list[str] = []

    def proxy(connection) -> None:
        asked.append(read_request(connection).split("\r\n")[0])
        connection.sendall(answer("200 OK", SIZE))

    with serving(proxy) as port:
        download(tmp_path, log, "http://hub.example", f"http://127.0.0.1:{port}")
    assert asked == [f"GET http://hub.example/o/m/resolve/{'c' * 40}/{NAME} HTTP/1.1"]
    assert (tmp_path / "shelf" / NAME).read_bytes() == TRUTH
