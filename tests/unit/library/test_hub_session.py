"""The one way to the network: nothing without leave, everything in the log, the token for the endpoint alone."""

import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median

import httpx2
import pytest

from desktop_app.core.errors import HubError
from desktop_app.library import hub_client
from desktop_app.library.hub_session import ConnectionLog, HubOptions, HubSession
from tests.helpers.loopback_hub import TOKEN, LoopbackHub

ROOT = Path(__file__).parents[3]
FILE = "/o/m/resolve/main/m-Q4_0.gguf"
SIZE = 300_000


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*os.environ,):
        if name.upper().startswith("HF_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[LoopbackHub]:
    (tmp_path / "repos").mkdir()
    with LoopbackHub(tmp_path / "repos") as made:
        made.publish("o/m", {"m-Q4_0.gguf": SIZE, "README.md": "# m"})
        yield made


@pytest.fixture
def options(hub: LoopbackHub, tmp_path: Path) -> HubOptions:
    return HubOptions(online=True, endpoint=hub.endpoint, token=TOKEN, data_dir=tmp_path)


@pytest.fixture
def session(options: HubOptions) -> Iterator[HubSession]:
    with closing(HubSession(options, ConnectionLog(None))) as made:
        yield made


def changed(options: HubOptions, **changes: object) -> HubOptions:
    return HubOptions(**{**{name: getattr(options, name) for name in HubOptions.__dataclass_fields__}, **changes})


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(HubError) as caught:
        call()
    return caught.value.problem.code


@contextmanager
def in_thread(call: Callable[[], object]) -> Iterator[list[BaseException]]:
    """Make a call on a thread that ends within the block; what it raised is in the list then."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            call()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    yield raised
    thread.join(20)
    assert not thread.is_alive()


def wait_until(check: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.002)


# ---- offline ----


def test_offline_nothing_reaches_a_socket(
    hub: LoopbackHub, options: HubOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a socket was opened")

    log = ConnectionLog(None)
    with closing(HubSession(changed(options, online=False), log)) as session:
        monkeypatch.setattr(socket, "create_connection", refuse)
        monkeypatch.setattr(socket, "getaddrinfo", refuse)
        assert code_of(lambda: session.client("Search")) == "hub_offline"
        assert code_of(session.api) == "hub_offline"
    assert hub.log == []
    assert log.all() == ()


def test_a_client_made_before_is_offline_too(hub: LoopbackHub, session: HubSession, options: HubOptions) -> None:
    client = session.client("Search")
    session.configure(changed(options, online=False))
    with pytest.raises(httpx2.ReadError):
        client.get(hub.endpoint + "/api/models")
    assert hub.log == []


def test_switching_off_ends_what_is_under_way(hub: LoopbackHub, session: HubSession, options: HubOptions) -> None:
    hub.fault(FILE, delay=30)
    with session.client("Download") as client, in_thread(lambda: client.get(hub.endpoint + FILE)) as raised:
        wait_until(lambda: hub.log)
        session.configure(changed(options, online=False))
    assert isinstance(raised[0], httpx2.TransportError)


def test_the_command_line_forbids_what_the_settings_allow(session: HubSession, monkeypatch: pytest.MonkeyPatch) -> None:
    assert session.online
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert not session.online
    assert code_of(lambda: session.client("Search")) == "hub_offline"


def test_new_options_change_what_is_asked(hub: LoopbackHub, session: HubSession, options: HubOptions) -> None:
    session.configure(changed(options, token=""))
    with session.client("Search") as client:
        client.get(hub.endpoint + "/api/models")
    assert "authorization" not in hub.log[0]["headers"]


# ---- the endpoint ----


def test_the_endpoint_is_the_settings_then_the_environments_then_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    log = ConnectionLog(None)
    assert HubSession(HubOptions(), log).endpoint == "https://huggingface.co"
    monkeypatch.setenv("HF_ENDPOINT", "https://mirror.example/hub/")
    assert HubSession(HubOptions(), log).endpoint == "https://mirror.example/hub"
    assert HubSession(HubOptions(endpoint=" other.example "), log).endpoint == "https://other.example"


@pytest.mark.parametrize("endpoint", ["ftp://hub.example", "https://", "http://[", "https://hub.example:port", "://"])
def test_an_endpoint_that_is_no_web_address_is_told_of(endpoint: str, tmp_path: Path) -> None:
    session = HubSession(HubOptions(online=True, endpoint=endpoint, data_dir=tmp_path), ConnectionLog(None))
    assert code_of(lambda: session.client("Search")) == "hub_address"


def test_what_belongs_to_the_endpoint(tmp_path: Path) -> None:
    session = HubSession(HubOptions(endpoint="https://hub.example/mirror"), ConnectionLog(None))
    assert session.is_endpoint("https://hub.example:443/a/b")
    assert session.is_endpoint("https://HUB.example/")
    for other in (
        "http://hub.example/",
        "https://hub.example:8443/",
        "https://cdn.hub.example/",
        "https://x@evil/",
        "",
    ):
        assert not session.is_endpoint(other)


# ---- the token and what else is told ----


def test_the_token_goes_to_the_endpoint_and_not_to_where_it_leads(hub: LoopbackHub, session: HubSession) -> None:
    with session.client("Download") as client:
        assert client.get(hub.endpoint + FILE).status_code == 200
        client.get(hub.cdn + "/api/models", headers={"Authorization": f"Bearer {TOKEN}"})
    asked = [(one["port"] == httpx2.URL(hub.endpoint).port, one["headers"].get("authorization")) for one in hub.log]
    assert asked == [(True, f"Bearer {TOKEN}"), (False, None), (False, None)]


def test_no_token_is_found_by_itself(
    hub: LoopbackHub, session: HubSession, options: HubOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_of_the_environment")
    monkeypatch.setenv("HUGGING_FACE_HUB_TOKEN", "hf_of_the_environment")
    cache = Path.home() / ".cache" / "huggingface"
    cache.mkdir(parents=True)
    (cache / "token").write_text("hf_of_the_cache")
    (Path.home() / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    session.configure(changed(options, token=""))
    assert "authorization" not in {name.lower() for name in session.headers()}
    with session.client("Search") as client:
        client.get(hub.endpoint + "/api/models")
    list(session.api().list_models(filter="gguf"))
    assert len(hub.log) == 2
    assert not any("authorization" in one["headers"] for one in hub.log)


def test_a_token_that_no_header_can_carry_is_told_of(session: HubSession, options: HubOptions) -> None:
    session.configure(changed(options, token="hf_é\n"))
    assert code_of(lambda: session.client("Search")) == "hub_token"


def test_requests_tell_who_asks_and_nothing_else(hub: LoopbackHub, session: HubSession) -> None:
    hub.fault("/api/models", status=200, headers={"Set-Cookie": "id=1"}, body="[]")
    with session.client("Search") as client:
        for _ in range(2):
            client.get(hub.endpoint + "/api/models")
    allowed = {"host", "accept", "accept-encoding", "connection", "user-agent", "authorization"}
    assert set(hub.log[1]["headers"]) == allowed
    assert [part.split("/")[0] for part in hub.log[1]["headers"]["user-agent"].split("; ")] == [
        "causerie",
        "hf_hub",
        "python",
    ]


def test_words_of_a_search_and_the_token_stay_out_of_the_programs_log(
    hub: LoopbackHub, session: HubSession, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), session.client("Search") as client:
        client.get(hub.endpoint + "/api/models?search=secretword")
        list(session.api().list_models(search="secretword"))
    assert len(hub.log) == 2
    assert "secretword" not in caplog.text
    assert TOKEN not in caplog.text


def test_the_token_does_not_show(options: HubOptions) -> None:
    assert TOKEN not in repr(options)


# ---- the library ----


def test_the_librarys_own_client_makes_only_the_request_that_is_meant(hub: LoopbackHub, session: HubSession) -> None:
    assert [one.id for one in session.api().list_models(filter="gguf")] == ["o/m"]
    assert [one["path"].partition("?")[0] for one in hub.log] == ["/api/models"]
    assert [(one.host, one.purpose, one.status) for one in session.log.all()] == [("127.0.0.1", "Hub", 200)]


def test_the_library_is_imported_late_with_its_variables_set_and_home_left_alone(tmp_path: Path) -> None:
    program = """
import os, sys
from pathlib import Path
from desktop_app.library.hub import Hub
from desktop_app.library.hub_session import ConnectionLog, HubOptions, HubSession
options = HubOptions(online=True, endpoint="http://127.0.0.1:9", data_dir=Path(sys.argv[1]))
session = HubSession(options, ConnectionLog(None))
Hub(session)
early = [name for name in sys.modules if name.startswith(("huggingface_hub", "httpx2", "keyring", "filelock"))]
session.headers()
from huggingface_hub import constants
assert early == [], early
assert constants.HF_HUB_DISABLE_TELEMETRY and constants.HF_HUB_DISABLE_IMPLICIT_TOKEN
assert constants.HF_HUB_DISABLE_PROGRESS_BARS and os.environ["HF_HUB_DISABLE_XET"] == "1"
assert constants.HF_HOME == str(Path(sys.argv[1], "hf")), constants.HF_HOME
assert os.environ.get("HF_HOME") == (sys.argv[2] or None), os.environ.get("HF_HOME")
"""
    for home in ("", str(tmp_path / "of the person")):
        environment = {**os.environ, **({"HF_HOME": home} if home else {})}
        command = [sys.executable, "-c", program, str(tmp_path / "data"), home]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")


# ---- the log ----


def test_each_hop_is_a_line_with_its_bytes(hub: LoopbackHub, session: HubSession) -> None:
    began = time.time()
    with session.client("Download of m") as client:
        assert len(client.get(hub.endpoint + FILE).content) == SIZE
    first, second = session.log.all()
    assert (first.host, first.purpose, first.status, first.error) == ("127.0.0.1", "Download of m", 302, "")
    assert (second.status, second.error) == (200, "")
    assert SIZE < second.received < SIZE + 1000
    assert 100 < first.sent < 1000
    assert 0 < first.received < 1000
    assert began <= first.time <= second.time <= time.time()


def test_what_failed_is_a_line_too(hub: LoopbackHub, session: HubSession, options: HubOptions) -> None:
    hub.fault("/cdn/", truncate=1000)
    with session.client("Download") as client, pytest.raises(httpx2.RemoteProtocolError):
        client.get(hub.endpoint + FILE)
    cut = session.log.all()[-1]
    assert cut.status == 200
    assert cut.error
    assert 1000 <= cut.received < 2000
    with closing(socket.create_server(("127.0.0.1", 0))) as nobody:
        port = nobody.getsockname()[1]
    with session.client("Download") as client, pytest.raises(httpx2.ConnectError):
        client.get(f"http://127.0.0.1:{port}/")
    refused = session.log.all()[-1]
    assert (refused.status, refused.received) == (0, 0)
    assert "refused" in refused.error


def test_a_long_answer_is_told_of_while_it_comes(
    hub: LoopbackHub, session: HubSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_client, "_NOTE_EVERY", 0.0)
    heard: list[int] = []
    session.log.listen(lambda connection: heard.append(connection.received))
    hub.fault("/cdn/", rate=2_000_000)
    with session.client("Download") as client:
        client.get(hub.endpoint + FILE)
    assert len([one for one in heard if 1000 < one < SIZE]) > 3


def test_bytes_read_past_the_client_are_counted(hub: LoopbackHub, session: HubSession) -> None:
    with session.client("Download") as client, client.stream("GET", hub.endpoint + FILE) as response:
        response.extensions["count"](12_345_678)
    assert session.log.all()[-1].received > 12_345_678


# ---- giving up ----


@pytest.mark.parametrize("fault", [{"delay": 30}, {"stall": (1000, 30)}], ids=["before the answer", "in the middle"])
def test_a_stalled_request_ends_at_once(hub: LoopbackHub, session: HubSession, fault: dict[str, object]) -> None:
    took = []
    for _ in range(3):
        hub.clear()
        hub.fault("/cdn/", **fault)
        client = session.client("Download")
        with in_thread(lambda client=client: client.get(hub.endpoint + FILE)) as raised:
            wait_until(lambda: hub.asked("/cdn/"))
            began = time.monotonic()
            client.abort()
        took.append(time.monotonic() - began)
        assert isinstance(raised[0], httpx2.TransportError)
        assert client.is_closed
    assert median(took) < 0.1


def test_after_giving_up_nothing_more_is_asked(hub: LoopbackHub, session: HubSession) -> None:
    client = session.client("Download")
    client.abort()
    with pytest.raises(httpx2.ReadError):
        client.get(hub.endpoint + FILE)
    assert hub.log == []


def test_closing_the_session_ends_all_and_a_new_client_works(hub: LoopbackHub, session: HubSession) -> None:
    hub.fault(FILE, delay=30)
    with session.client("Download") as client, in_thread(lambda: client.get(hub.endpoint + FILE)) as raised:
        wait_until(lambda: hub.log)
        session.close()
    assert isinstance(raised[0], httpx2.TransportError)
    with session.client("Search") as client:
        assert client.get(hub.endpoint + "/api/models").status_code == 200


def test_every_step_has_a_time_limit(hub: LoopbackHub, session: HubSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_client, "SECONDS", 0.2)
    hub.fault("/api/models", delay=30)
    with session.client("Search") as client, pytest.raises(httpx2.ReadTimeout):
        client.get(hub.endpoint + "/api/models")


def test_redirects_without_end_end(hub: LoopbackHub, session: HubSession) -> None:
    hub.fault(FILE, times=-1, redirect_loop=True)
    with session.client("Download") as client, pytest.raises(httpx2.TooManyRedirects):
        client.get(hub.endpoint + FILE)
    assert len(hub.log) == hub_client.MAX_REDIRECTS + 1


# ---- proxies ----


@pytest.mark.parametrize("cut", [0, len("http://")], ids=["as an address", "as host and port"])
def test_the_persons_proxy_is_used(hub: LoopbackHub, session: HubSession, options: HubOptions, cut: int) -> None:
    session.configure(changed(options, endpoint="http://hub.example", proxy=hub.endpoint[cut:]))
    with session.client("Search") as client:
        assert client.get("http://hub.example/api/models").json()[0]["id"] == "o/m"
    assert hub.log[0]["path"] == "http://hub.example/api/models"
    assert session.log.all()[0].host == "hub.example"


def test_the_systems_proxy_is_used_where_it_is_meant(
    hub: LoopbackHub, session: HubSession, options: HubOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", hub.endpoint)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    session.configure(changed(options, endpoint="http://hub.example"))
    with session.client("Search") as client:
        client.get("http://hub.example/api/models")
        client.get(hub.cdn + "/api/models")
    assert [one["path"] for one in hub.log] == ["http://hub.example/api/models", "/api/models"]


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "gopher://127.0.0.1:9", "http://[", "http://"])
def test_a_proxy_that_cannot_be_used_is_told_of(session: HubSession, options: HubOptions, proxy: str) -> None:
    session.configure(changed(options, proxy=proxy))
    with session.client("Search") as client:
        assert code_of(lambda: client.get(session.endpoint)) == "hub_proxy"
