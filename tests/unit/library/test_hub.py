"""Search, a model's page and the token's owner, asked of a real server on loopback, with every fault it knows."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from statistics import median

import pytest

from desktop_app.core.errors import HubError, Problem
from desktop_app.core.hub import HubQuery, Sort, Task
from desktop_app.library import hub as hub_module
from desktop_app.library import hub_caller, hub_client
from desktop_app.library.hub import Hub
from desktop_app.library.hub_session import ConnectionLog, HubOptions, HubSession
from tests.helpers.loopback_hub import TOKEN, LoopbackHub

CARD = "---\nlicense: mit\n---\n# Alpha\n\n- **Repository:** https://github.com/o/alpha\n"


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "HF_ENDPOINT", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LoopbackHub]:
    (tmp_path / "repos").mkdir()
    with LoopbackHub(tmp_path / "repos") as made:
        made.publish(
            "o/Alpha-8B-GGUF",
            {"alpha-Q4_K_M.gguf": 5000, "alpha-Q8_0.gguf": 8000, "mmproj-alpha-F16.gguf": 700, "README.md": CARD},
            downloads=500,
            likes=1,
            trendingScore=3,
            tags=["en", "conversational", "license:mit"],
            gguf={"total": 8_000_000_000, "architecture": "llama", "context_length": 4096, "chat_template": "x"},
            cardData={"license": "mit", "base_model": "o/Alpha-8B"},
        )
        made.publish(
            "o/Beta-1B-GGUF",
            {"beta-Q4_0.gguf": 900},
            downloads=900,
            likes=5,
            trendingScore=1,
            tags=["fr", "license:apache-2.0"],
            lastModified="2030-01-01T00:00:00.000Z",
        )
        made.publish("p/Gamma-Coder-3B-GGUF", {"gamma-Q4_0.gguf": 900}, gated="manual", trendingScore=2, likes=3)
        made.publish("p/Delta", {"model.safetensors": 100}, trendingScore=99)
        yield made


@pytest.fixture
def options(server: LoopbackHub, tmp_path: Path) -> HubOptions:
    return HubOptions(online=True, endpoint=server.endpoint, data_dir=tmp_path)


@pytest.fixture
def session(options: HubOptions) -> Iterator[HubSession]:
    with closing(HubSession(options, ConnectionLog(None))) as made:
        yield made


@pytest.fixture
def hub(session: HubSession) -> Iterator[Hub]:
    with closing(Hub(session)) as made:
        yield made


def problem_of(call: Callable[[], object]) -> Problem:
    with pytest.raises(HubError) as caught:
        call()
    return caught.value.problem


def found(hub: Hub, query: HubQuery) -> list[str]:
    return [model.name for model in hub.search(query).models]


def with_token(session: HubSession, token: str = TOKEN) -> None:
    old = session.options
    session.configure(HubOptions(online=True, endpoint=old.endpoint, token=token, data_dir=old.data_dir))


# ---- search ----


@pytest.mark.parametrize(
    ("query", "names"),
    [
        (HubQuery(), ["Alpha-8B", "Gamma-Coder-3B", "Beta-1B"]),
        (HubQuery(sort=Sort.DOWNLOADS), ["Beta-1B", "Alpha-8B", "Gamma-Coder-3B"]),
        (HubQuery(sort=Sort.LIKES), ["Beta-1B", "Gamma-Coder-3B", "Alpha-8B"]),
        (HubQuery(text="alpha"), ["Alpha-8B"]),
        (HubQuery(author="p"), ["Gamma-Coder-3B"]),
        (HubQuery(task=Task.CHAT), ["Alpha-8B"]),
        (HubQuery(task=Task.CODE), ["Gamma-Coder-3B"]),
        (HubQuery(licence="apache-2.0"), ["Beta-1B"]),
        (HubQuery(language="fr"), ["Beta-1B"]),
        (HubQuery(gated=True), ["Gamma-Coder-3B"]),
        (HubQuery(gated=False), ["Alpha-8B", "Beta-1B"]),
        (HubQuery(parameters_from=2, parameters_to=7), ["Gamma-Coder-3B"]),
        (HubQuery(text="nothing like this"), []),
    ],
)
def test_search(hub: Hub, query: HubQuery, names: list[str]) -> None:
    assert found(hub, query) == names


def test_the_newest_first(hub: Hub) -> None:
    assert found(hub, HubQuery(sort=Sort.RECENT))[0] == "Beta-1B"


def test_pages_follow_each_other_to_the_end(server: LoopbackHub, hub: Hub) -> None:
    server.page = 2
    first = hub.search(HubQuery())
    second = hub.search(HubQuery(), first.cursor)
    assert [model.name for page in (first, second) for model in page.models] == [
        "Alpha-8B",
        "Gamma-Coder-3B",
        "Beta-1B",
    ]
    assert first.cursor
    assert second.cursor == ""


def test_a_page_that_names_another_host_is_not_followed_there(server: LoopbackHub, hub: Hub) -> None:
    link = {"Link": '<http://evil.example/api/models?cursor=1>; rel="next"'}
    server.fault("/api/models", status=200, headers=link, body="[]")
    page = hub.search(HubQuery())
    assert page.cursor == "1"
    hub.search(HubQuery(), page.cursor)
    assert "cursor=1" in server.log[-1]["path"]


def test_strange_words_are_only_words(server: LoopbackHub, hub: Hub) -> None:
    assert found(hub, HubQuery(text="a&filter=x#%00/é", author="../x?y")) == []
    assert len(server.log) == 1


# ---- a model's page ----


def test_a_models_page(server: LoopbackHub, hub: Hub) -> None:
    details = hub.details("o/Alpha-8B-GGUF")
    assert details.commit == server.commit("o/Alpha-8B-GGUF")
    assert [(choice.quantization, choice.size) for choice in details.choices] == [("Q8_0", 8000), ("Q4_K_M", 5000)]
    assert details.choices[0].projector is not None
    assert details.choices[0].projector.size == 700
    sha = server.digests(server.root / "o/Alpha-8B-GGUF/alpha-Q8_0.gguf")[1]
    assert details.choices[0].files[0].sha256 == sha
    assert details.card.startswith("# Alpha")
    assert ("code", "https://github.com/o/alpha") in details.openness
    assert (details.architecture, details.has_template, details.base_models) == ("llama", True, ("o/Alpha-8B",))


def test_the_card_is_that_of_the_commit(server: LoopbackHub, hub: Hub) -> None:
    details = hub.details("o/Alpha-8B-GGUF", details_commit := server.commit("o/Alpha-8B-GGUF"))
    asked = server.asked("README.md")
    assert [one["path"] for one in asked] == [f"/o/Alpha-8B-GGUF/resolve/{details_commit}/README.md"]
    assert details.commit == details_commit


def test_without_a_card_none_is_asked_for(server: LoopbackHub, hub: Hub) -> None:
    assert hub.details("o/Beta-1B-GGUF").card == ""
    assert len(server.log) == 1


def test_a_huge_card_is_cut_at_a_million_bytes(server: LoopbackHub, hub: Hub, session: HubSession) -> None:
    server.publish("o/Beta-1B-GGUF", {"README.md": "é" * 4_000_000})
    card = hub.details("o/Beta-1B-GGUF").card
    assert len(card.encode()) == 1_000_000
    assert "\ufffd" not in card
    assert session.log.all()[-1].received < 3_000_000


def test_a_gated_model_shows_its_files_and_where_its_terms_are(server: LoopbackHub, hub: Hub) -> None:
    server.publish("p/Gamma-Coder-3B-GGUF", {"README.md": "# Secret"})
    details = hub.details("p/Gamma-Coder-3B-GGUF")
    assert details.choices[0].size == 900
    assert details.terms_url == f"{server.endpoint}/p/Gamma-Coder-3B-GGUF"
    assert details.card == ""


def test_with_a_token_a_gated_card_is_read(server: LoopbackHub, hub: Hub, session: HubSession) -> None:
    server.publish("p/Gamma-Coder-3B-GGUF", {"README.md": "# Secret"})
    with_token(session)
    assert hub.details("p/Gamma-Coder-3B-GGUF").card == "# Secret"


def test_a_commit_that_is_gone_is_told_of(hub: Hub) -> None:
    problem = problem_of(lambda: hub.details("o/Alpha-8B-GGUF", "0" * 40))
    assert problem.code == "hub_not_found"
    assert "version" in problem.sentence


@pytest.mark.parametrize("repo", ["", "alpha", "o/a/b", "o/..", "../../api/whoami-v2", "o/a?x", "o/a b", "o/é"])
def test_what_is_no_name_is_not_asked_for(server: LoopbackHub, hub: Hub, repo: str) -> None:
    assert problem_of(lambda: hub.details(repo)).code == "hub_not_found"
    assert server.log == []


# ---- whoami ----


def test_the_owner_of_the_token(hub: Hub, session: HubSession) -> None:
    with_token(session)
    assert hub.whoami() == "tester"
    with_token(session, "hf_wrong")
    assert problem_of(hub.whoami).code == "hub_token"


def test_without_a_token_nobody_is_asked(server: LoopbackHub, hub: Hub) -> None:
    assert problem_of(hub.whoami).code == "hub_token"
    assert server.log == []


# ---- privacy ----


def test_only_what_is_meant_is_asked(server: LoopbackHub, hub: Hub, session: HubSession) -> None:
    hub.search(HubQuery(text="alpha"))
    hub.details("o/Alpha-8B-GGUF")
    commit = server.commit("o/Alpha-8B-GGUF")
    assert [(one["method"], one["path"].partition("?")[0]) for one in server.log] == [
        ("GET", "/api/models"),
        ("GET", "/api/models/o/Alpha-8B-GGUF/revision/main"),
        ("GET", f"/o/Alpha-8B-GGUF/resolve/{commit}/README.md"),
    ]
    assert [one.purpose for one in session.log.all()] == ["Search", "Model page", "Model card"]
    assert {one.status for one in session.log.all()} == {200}


def test_offline_nothing_is_asked(server: LoopbackHub, hub: Hub, session: HubSession, tmp_path: Path) -> None:
    session.configure(HubOptions(online=False, endpoint=server.endpoint, token=TOKEN, data_dir=tmp_path))
    for call in (lambda: hub.search(HubQuery()), lambda: hub.details("o/Alpha-8B-GGUF"), hub.whoami):
        assert problem_of(call).code == "hub_offline"
    assert server.log == []
    assert session.log.all() == ()


def test_one_connection_serves_several_questions(server: LoopbackHub, hub: Hub) -> None:
    opened: set[socket.socket] = set()
    keep = server.keep
    server.keep = lambda connection, *, is_open: (opened.add(connection), keep(connection, is_open=is_open))[1]  # type: ignore[method-assign]
    hub.search(HubQuery())
    hub.details("o/Alpha-8B-GGUF")
    assert len(server.log) == 3
    assert len(opened) == 1


# ---- faults ----


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"html": True}, "hub_captive"),
        ({"status": 200, "body": "<html>Sign in</html>"}, "hub_captive"),
        ({"status": 200, "body": "not JSON"}, "hub_error"),
        ({"status": 200, "body": '{"error": "no"}'}, "hub_error"),
        ({"status": 200, "body": "[" * 100_000}, "hub_error"),
        ({"status": 200, "body": ""}, "hub_error"),
        ({"status": 401}, "hub_token"),
        ({"status": 403}, "hub_error"),
        ({"status": 404}, "hub_not_found"),
        ({"status": 429, "headers": {"Retry-After": "17"}}, "hub_rate_limited"),
        ({"status": 500}, "hub_error"),
        ({"status": 502, "body": "<html>Bad gateway</html>"}, "hub_error"),
        ({"status": 511}, "hub_captive"),
        ({"redirect_loop": True, "times": -1}, "hub_error"),
        ({"redirect": "http://[/"}, "hub_unreachable"),
        ({"redirect": "ftp://127.0.0.1/"}, "hub_unreachable"),
        ({"status": 200, "headers": {"Content-Encoding": "gzip"}, "body": "[]"}, "hub_unreachable"),
        ({"status": 200, "headers": {"Content-Length": "100"}, "body": "["}, "hub_timeout"),
    ],
)
def test_each_fault_of_a_search_has_its_sentence(
    server: LoopbackHub, hub: Hub, fault: dict[str, object], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_client, "SECONDS", 0.5)
    server.fault("/api/models", **fault)
    problem = problem_of(lambda: hub.search(HubQuery()))
    assert problem.code == code
    assert problem.action
    server.clear()
    assert len(hub.search(HubQuery()).models) == 3


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"html": True}, "hub_captive"),
        ({"status": 401}, "hub_not_found"),
        ({"status": 401, "headers": {"X-Error-Code": "GatedRepo"}}, "hub_gated"),
        ({"status": 403, "headers": {"X-Error-Code": "GatedRepo"}}, "hub_gated"),
        ({"status": 404}, "hub_not_found"),
        ({"status": 429}, "hub_rate_limited"),
        ({"status": 503}, "hub_error"),
        ({"status": 200, "body": "{}"}, "hub_error"),
        ({"status": 200, "body": "[]"}, "hub_error"),
    ],
)
def test_each_fault_of_a_models_page_has_its_sentence(
    server: LoopbackHub, hub: Hub, fault: dict[str, object], code: str
) -> None:
    server.fault("/api/models/o/", **fault)
    assert problem_of(lambda: hub.details("o/Alpha-8B-GGUF")).code == code


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"html": True}, "hub_captive"),
        ({"truncate": 10}, "hub_unreachable"),
        ({"truncate": 10, "reset": True}, "hub_unreachable"),
        ({"status": 503}, "hub_error"),
    ],
)
def test_each_fault_of_a_card_has_its_sentence(
    server: LoopbackHub, hub: Hub, fault: dict[str, object], code: str
) -> None:
    server.fault("README.md", **fault)
    assert problem_of(lambda: hub.details("o/Alpha-8B-GGUF")).code == code


def test_a_card_without_a_length_is_read(server: LoopbackHub, hub: Hub) -> None:
    server.fault("README.md", chunked=True)
    assert hub.details("o/Alpha-8B-GGUF").card.startswith("# Alpha")


def test_the_place_of_the_terms_is_told(server: LoopbackHub, hub: Hub) -> None:
    server.fault("/api/models/", status=401, headers={"X-Error-Code": "GatedRepo"})
    assert f"{server.endpoint}/o/Alpha-8B-GGUF" in problem_of(lambda: hub.details("o/Alpha-8B-GGUF")).action


def test_nobody_there(hub: Hub, session: HubSession, tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as nobody:
        port = nobody.getsockname()[1]
    session.configure(HubOptions(online=True, endpoint=f"http://127.0.0.1:{port}", data_dir=tmp_path))
    assert problem_of(lambda: hub.search(HubQuery())).code == "hub_unreachable"


def test_an_answer_of_no_end_is_refused(server: LoopbackHub, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "ANSWER_BYTES", 1000)
    server.fault("/api/models", status=200, body=" " * 100_000)
    problem = problem_of(lambda: hub.search(HubQuery()))
    assert problem.code == "hub_error"
    assert "1000 bytes" in problem.detail


# ---- waiting and giving up ----


def test_a_server_that_says_nothing(server: LoopbackHub, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_client, "SECONDS", 0.2)
    server.fault("/api/models", delay=30)
    problem = problem_of(lambda: hub.search(HubQuery()))
    assert problem.code == "hub_timeout"


def test_a_server_that_drips(server: LoopbackHub, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_caller, "SECONDS", 0.5)
    server.fault("README.md", rate=20)
    began = time.monotonic()
    assert problem_of(lambda: hub.details("o/Alpha-8B-GGUF")).code == "hub_timeout"
    assert time.monotonic() - began < 5


class Waiting:
    """A call on a thread of its own, and when it ended with what."""

    def __init__(self, call: Callable[[], object]) -> None:
        self.code = ""
        self.ended = 0.0
        self._call = call
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._call()
        except HubError as error:
            self.ended = time.monotonic()
            self.code = error.problem.code

    def join(self) -> None:
        self._thread.join(20)
        assert not self._thread.is_alive()


def wait_until(check: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.002)


@pytest.mark.parametrize(
    ("path", "fault"),
    [("/api/models", {"delay": 30}), ("README.md", {"delay": 30}), ("README.md", {"stall": (10, 30)})],
    ids=["before the answer", "before the card", "in the card"],
)
def test_cancelling_on_a_stalled_server(server: LoopbackHub, hub: Hub, path: str, fault: dict[str, object]) -> None:
    took = []
    for _ in range(3):
        server.clear()
        server.fault(path, **fault)
        waiting = Waiting(lambda: hub.details("o/Alpha-8B-GGUF"))
        wait_until(lambda: server.asked(re.escape(path)))
        began = time.monotonic()
        hub.cancel()
        waiting.join()
        took.append(waiting.ended - began)
        assert waiting.code == "cancelled"
    assert median(took) < 0.1
    server.clear()
    assert hub.details("o/Alpha-8B-GGUF").card


def test_cancelling_while_a_connection_is_opened(hub: Hub, session: HubSession, tmp_path: Path) -> None:
    took = []
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        endpoint = f"https://127.0.0.1:{silent.getsockname()[1]}"
        session.configure(HubOptions(online=True, endpoint=endpoint, data_dir=tmp_path))
        for _ in range(3):
            waiting = Waiting(lambda: hub.search(HubQuery()))
            taken, _ = silent.accept()  # the greeting of TLS is never answered
            with closing(taken):
                began = time.monotonic()
                hub.cancel()
                waiting.join()
            took.append(waiting.ended - began)
            assert waiting.code == "cancelled"
    assert median(took) < 0.1


def test_going_offline_ends_a_search_that_waits(
    server: LoopbackHub, hub: Hub, session: HubSession, tmp_path: Path
) -> None:
    server.fault("/api/models", delay=30)
    waiting = Waiting(lambda: hub.search(HubQuery()))
    wait_until(lambda: server.log)
    session.configure(HubOptions(online=False, endpoint=server.endpoint, data_dir=tmp_path))
    waiting.join()
    assert waiting.code == "hub_offline"


def test_cancelling_ends_all_calls_and_spares_those_to_come(server: LoopbackHub, hub: Hub) -> None:
    server.fault("/api/models", delay=30, times=3)
    calls = [Waiting(lambda: hub.search(HubQuery())) for _ in range(3)]
    wait_until(lambda: len(server.log) == 3)
    hub.cancel()
    for one in calls:
        one.join()
    assert [one.code for one in calls] == ["cancelled"] * 3
    assert len(hub.search(HubQuery()).models) == 3


def test_cancelling_nothing_is_nothing(hub: Hub) -> None:
    hub.cancel()
    assert len(hub.search(HubQuery()).models) == 3
