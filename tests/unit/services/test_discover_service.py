"""Finding models: nothing waits for the network, only the latest question is answered, and offline is offline."""

import itertools
import threading
import time

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail

from desktop_app.core.errors import HubError, ShelfError
from desktop_app.core.hub import HubQuery, Sort
from desktop_app.services.discover_service import ENOUGH
from desktop_app.services.events import BugNoticed, Event
from desktop_app.services.hub_events import (
    CatalogueListed,
    ConnectionsListed,
    HubModelOpened,
    HubSearched,
    OnlineChanged,
    SearchStarted,
    TokenKept,
)
from tests.helpers.hearing import until
from tests.helpers.hub_desk import hub_desk, put
from tests.helpers.loopback_hub import TOKEN, LoopbackHub

ONE = "acme/One-1B-GGUF"


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "hub"
    put(root, ONE, "One-1B-Q4_0.gguf", 1000, downloads=50)
    put(root, "acme/Two-2B-GGUF", "Two-2B-Q4_0.gguf", 2000, downloads=40)
    put(root, "beta/Large-70B-GGUF", "Large-70B-Q4_0.gguf", 2000, downloads=90)
    put(root, "beta/Nameless-GGUF", "Nameless-Q4_0.gguf", 2000, downloads=10)
    return root


@pytest.fixture
def hub(root):
    with LoopbackHub(root) as hub:
        yield hub


@pytest.fixture
def desk(hub, profile):
    with hub_desk(hub, profile) as desk:
        yield desk


@pytest.fixture
def many(root):
    """Models enough for several pages, every third of which fits."""
    for number in range(90):
        size = 1 if number % 3 == 0 else 700
        put(root, f"many/M{number:02}-{size}B-GGUF", f"M{number:02}-{size}B-Q4_0.gguf", 100, downloads=1000 - number)


def searched(desk, text, fits=lambda event: True):
    return desk.heard.wait(HubSearched, lambda event: event.query.text == text and fits(event))


def opened(desk, repo):
    return desk.heard.wait(HubModelOpened, lambda event: event.repo == repo)


def repos(event):
    return [model.repo for model in event.models]


class TestSearch:
    def test_it_begins_and_brings_what_is_there(self, desk):
        desk.ask(desk.discover.search, HubQuery("B-GGUF", sort=Sort.DOWNLOADS))
        event = searched(desk, "B-GGUF")
        assert repos(event) == ["beta/Large-70B-GGUF", ONE, "acme/Two-2B-GGUF"]
        assert (event.more, event.problem) == (False, None)
        assert event.models[1].parameters == 10**9
        kinds = desk.heard.kinds()
        assert kinds.index("SearchStarted") < kinds.index("HubSearched")

    def test_nothing_found_is_an_answer(self, desk):
        desk.ask(desk.discover.search, HubQuery("nonesuch"))
        event = searched(desk, "nonesuch")
        assert (event.models, event.more, event.problem) == ((), False, None)

    def test_page_after_page(self, desk, many):
        query = HubQuery("many", sort=Sort.DOWNLOADS)
        desk.ask(desk.discover.search, query)
        first = searched(desk, "many")
        assert first.more
        desk.ask(desk.discover.more)
        desk.ask(desk.discover.more)  # while the page is being asked for
        second = searched(desk, "many", lambda event: len(event.models) > len(first.models))
        assert second.models[: len(first.models)] == first.models
        desk.ask(desk.discover.more)
        last = searched(desk, "many", lambda event: not event.more)
        assert repos(last) == [f"many/M{n:02}-{1 if n % 3 == 0 else 700}B-GGUF" for n in range(90)]
        requests = len(desk.hub.asked("/api/models"))
        desk.ask(desk.discover.more)
        assert len(desk.hub.asked("/api/models")) == requests == 3
        assert len(desk.heard.of(SearchStarted)) == 1

    def test_the_latest_supersedes_at_once(self, desk):
        desk.hub.fault("/api/models", delay=30)
        desk.ask(desk.discover.search, HubQuery("one"))
        until(lambda: desk.hub.asked("search=one"))
        begin = time.monotonic()
        desk.ask(desk.discover.search, HubQuery("two"))
        assert repos(searched(desk, "two")) == ["acme/Two-2B-GGUF"]
        assert time.monotonic() - begin < 3
        assert [event.query.text for event in desk.heard.of(HubSearched)] == ["two"]

    def test_typing_fast_tells_of_the_last_only(self, desk):
        for length in range(1, 5):
            desk.ask(desk.discover.search, HubQuery("larg"[:length]))
        assert repos(searched(desk, "larg")) == ["beta/Large-70B-GGUF"]
        latest = None
        for event in [*desk.heard.of(Event)]:
            if isinstance(event, SearchStarted):
                latest = event.query
            elif isinstance(event, HubSearched):
                assert event.query == latest
        assert latest.text == "larg"

    def test_cancelled_nothing_more_is_heard(self, desk):
        desk.hub.fault("/api/models", delay=30)
        desk.ask(desk.discover.search, HubQuery("one"))
        until(lambda: desk.hub.asked("search=one"))
        desk.ask(desk.discover.cancel)
        desk.ask(desk.discover.more)
        desk.ask(desk.discover.search, HubQuery("two"))
        searched(desk, "two")
        assert [event.query.text for event in desk.heard.of(HubSearched)] == ["two"]

    def test_nothing_waits_for_the_network(self, desk):
        desk.hub.fault("/api/models", delay=30, times=2)
        desk.ask(desk.discover.search, HubQuery("one"))
        desk.ask(desk.discover.open, ONE)
        until(lambda: len(desk.hub.asked("/api/models")) == 2)
        begin = time.monotonic()
        for _ in range(20):
            desk.ask(lambda: None)
        assert time.monotonic() - begin < 0.5

    @pytest.mark.parametrize(
        ("fault", "code"),
        [({"html": True}, "hub_captive"), ({"status": 429}, "hub_rate_limited"), ({"status": 503}, "hub_error")],
    )
    def test_what_goes_wrong_is_told(self, desk, fault, code):
        desk.hub.fault("/api/models", times=-1, **fault)
        desk.ask(desk.discover.search, HubQuery("one"))
        event = searched(desk, "one")
        assert (event.models, event.more, event.problem.code) == ((), False, code)

    def test_a_page_that_goes_wrong_keeps_those_before(self, desk, many):
        desk.ask(desk.discover.search, HubQuery("many"))
        first = searched(desk, "many")
        desk.hub.fault("/api/models", status=503)
        desk.ask(desk.discover.more)
        failed = searched(desk, "many", lambda event: event.problem is not None)
        assert failed.models == first.models
        assert failed.more
        desk.ask(desk.discover.more)
        searched(desk, "many", lambda event: len(event.models) > len(first.models))

    def test_an_error_of_ours_is_a_report(self, desk, monkeypatch):
        monkeypatch.setattr("desktop_app.library.hub.read_models", lambda fields: 1 / 0)
        desk.ask(desk.discover.search, HubQuery("one"))
        until(lambda: any("ZeroDivisionError" in event.report for event in desk.heard.of(BugNoticed)))


class TestFits:
    def test_only_what_this_computer_can_run(self, desk):
        desk.ask(desk.discover.search, HubQuery("gguf", fits=True, sort=Sort.DOWNLOADS))
        assert repos(searched(desk, "gguf")) == [ONE, "acme/Two-2B-GGUF"]

    def test_pages_are_read_until_there_are_enough(self, desk, many):
        desk.ask(desk.discover.search, HubQuery("many", fits=True, sort=Sort.DOWNLOADS))
        first = searched(desk, "many")
        assert len(first.models) >= ENOUGH
        assert all("-1B-" in model.repo for model in first.models)
        if first.more:
            desk.ask(desk.discover.more)
            searched(desk, "many", lambda event: not event.more)
        assert len(desk.heard.of(HubSearched)[-1].models) == 30

    def test_memory_decides(self, hub, profile):
        with hub_desk(hub, profile, memory=256 * 10**9) as desk:
            desk.ask(desk.discover.search, HubQuery("large", fits=True))
            assert repos(searched(desk, "large")) == ["beta/Large-70B-GGUF"]
            assert desk.discover.memory_total == 256 * 10**9


class TestPages:
    def test_a_page_opens_and_is_kept(self, desk):
        desk.ask(desk.discover.open, ONE)
        event = opened(desk, ONE)
        assert event.problem is None
        assert event.details.commit == desk.hub.commit(ONE)
        assert [choice.quantization for choice in event.details.choices] == ["Q4_0"]
        desk.hub.clear()
        desk.heard.forget()
        desk.ask(desk.discover.open, ONE)
        assert opened(desk, ONE).details == event.details
        desk.configure(online=False)
        desk.heard.forget()
        desk.ask(desk.discover.open, ONE)
        assert opened(desk, ONE).details == event.details
        assert desk.hub.asked() == []

    def test_anew(self, desk, root):
        desk.ask(desk.discover.open, ONE)
        before = opened(desk, ONE).details
        put(root, ONE, "One-1B-Q8_0.gguf", 3000)
        desk.heard.forget()
        desk.ask(desk.discover.open, ONE, anew=True)
        after = opened(desk, ONE).details
        assert after.commit != before.commit
        assert len(after.choices) == 2

    def test_another_supersedes(self, desk):
        desk.hub.fault("/api/models/acme/One", delay=30)
        desk.ask(desk.discover.open, ONE)
        until(lambda: desk.hub.asked("acme/One"))
        desk.ask(desk.discover.open, "acme/Two-2B-GGUF")
        assert opened(desk, "acme/Two-2B-GGUF").details is not None
        desk.ask(desk.discover.open, ONE)
        assert opened(desk, ONE).details is not None
        assert [event.repo for event in desk.heard.of(HubModelOpened)] == ["acme/Two-2B-GGUF", ONE]

    def test_the_same_again_while_it_opens_is_told_once_and_well(self, desk):
        desk.hub.fault("/api/models/acme/One", delay=30)
        desk.ask(desk.discover.open, ONE)
        until(lambda: desk.hub.asked("acme/One"))
        desk.ask(desk.discover.open, ONE)
        assert opened(desk, ONE).details is not None
        desk.ask(lambda: None)
        assert [event.problem for event in desk.heard.of(HubModelOpened)] == [None]

    def test_a_search_does_not_give_up_a_page(self, desk):
        desk.hub.fault("/api/models/acme/One", delay=1)
        desk.ask(desk.discover.open, ONE)
        until(lambda: desk.hub.asked("acme/One"))
        desk.ask(desk.discover.search, HubQuery("one"))
        desk.ask(desk.discover.search, HubQuery("two"))
        assert opened(desk, ONE).details is not None

    @pytest.mark.parametrize("repo", ["acme/nonesuch", "no model at all"])
    def test_what_is_not_there(self, desk, repo):
        desk.ask(desk.discover.open, repo)
        event = opened(desk, repo)
        assert event.details is None
        assert event.problem.code == "hub_not_found"

    def test_a_failure_is_not_kept(self, desk):
        desk.hub.fault("/api/models/acme/One", status=503)
        desk.ask(desk.discover.open, ONE)
        assert opened(desk, ONE).problem.code == "hub_error"
        desk.heard.forget()
        desk.ask(desk.discover.open, ONE)
        assert opened(desk, ONE).details is not None


class TestOffline:
    def test_nothing_connects_and_the_reason_comes_at_once(self, hub, profile):
        with hub_desk(hub, profile, online=False) as desk:
            desk.ask(desk.discover.search, HubQuery("one"))
            assert desk.heard.kinds() == ["SearchStarted", "HubSearched"]
            assert searched(desk, "one").problem.code == "hub_offline"
            desk.ask(desk.discover.more)
            desk.ask(desk.discover.open, ONE)
            assert opened(desk, ONE).problem.code == "hub_offline"
            for ask in (lambda: desk.discover.search_now(HubQuery("one"), 5), lambda: desk.discover.details_now(ONE)):
                with pytest.raises(HubError) as caught:
                    ask()
                assert caught.value.problem.code == "hub_offline"
            assert hub.asked() == []
            assert desk.session.log.all() == ()

    def test_the_environment_forbids_whatever_is_set(self, hub, profile, monkeypatch):
        monkeypatch.setenv("HF_HUB_OFFLINE", "1")
        with hub_desk(hub, profile, online=True) as desk:
            desk.ask(desk.discover.search, HubQuery("one"))
            assert searched(desk, "one").problem.code == "hub_offline"
            with pytest.raises(HubError) as caught:
                desk.ask(desk.discover.allow_for_now)
            assert caught.value.problem.code == "hub_offline"
            assert "HF_HUB_OFFLINE" in caught.value.problem.sentence
            assert hub.asked() == []

    def test_a_command_may_connect_once(self, hub, profile):
        with hub_desk(hub, profile, online=False) as desk:
            desk.ask(desk.discover.allow_for_now)
            assert desk.discover.details_now(ONE).model.repo == ONE

    def test_the_catalogue_is_there(self, hub, profile):
        with hub_desk(hub, profile, online=False) as desk:
            desk.ask(desk.discover.catalogue)
            event = desk.heard.wait(CatalogueListed)
            assert len(event.entries) >= 25
            assert event.day >= "2026-11-21"
            assert hub.asked() == []

    def test_a_missing_catalogue_is_told(self, desk, tmp_path):
        desk.discover._catalogue_file = tmp_path / "nowhere.toml"
        with pytest.raises(ShelfError):
            desk.ask(desk.discover.catalogue)


class TestSwitching:
    def test_on_and_off_is_told_once_each(self, hub, profile):
        with hub_desk(hub, profile, online=False) as desk:
            desk.configure(online=True)
            desk.configure(online=True, proxy="")
            desk.configure(online=False)
            assert [event.online for event in desk.heard.of(OnlineChanged)] == [True, False]

    def test_off_in_the_middle_of_a_search_and_a_page(self, desk):
        desk.hub.fault("/api/models", delay=30, times=2)
        desk.ask(desk.discover.search, HubQuery("one"))
        desk.ask(desk.discover.open, ONE)
        until(lambda: len(desk.hub.asked("/api/models")) == 2)
        desk.configure(online=False)
        assert searched(desk, "one").problem.code == "hub_offline"
        assert opened(desk, ONE).problem.code == "hub_offline"
        assert len(desk.heard.of(HubSearched)) == len(desk.heard.of(HubModelOpened)) == 1

    def test_another_endpoint_answers_what_was_being_asked(self, desk, tmp_path):
        put(tmp_path / "mirror", ONE, "One-1B-Q6_K.gguf", 700)
        desk.ask(desk.discover.open, ONE)
        assert opened(desk, ONE).details.choices[0].quantization == "Q4_0"
        desk.hub.fault("/api/models", delay=30)
        desk.ask(desk.discover.search, HubQuery("one"))
        until(lambda: desk.hub.asked("search=one"))
        with LoopbackHub(tmp_path / "mirror") as mirror:
            desk.configure(endpoint=mirror.endpoint)
            assert repos(searched(desk, "one")) == [ONE]
            desk.heard.forget()
            desk.ask(desk.discover.open, ONE)
            assert opened(desk, ONE).details.choices[0].quantization == "Q6_K"
            desk.configure(online=False)


class TestStanding:
    def test_told_when_asked(self, desk):
        desk.ask(desk.discover.standing)
        assert [event.online for event in desk.heard.of(OnlineChanged)] == [True]


class TestConnections:
    def test_told_when_asked_and_whenever_there_are_new_ones(self, desk):
        desk.discover.details_now(ONE)
        assert desk.heard.of(ConnectionsListed) == []
        desk.ask(desk.discover.connections)
        [first] = desk.heard.of(ConnectionsListed)
        assert {connection.host for connection in first.connections} == {"127.0.0.1"}
        assert first.online
        desk.discover.search_now(HubQuery("one"), 5)
        desk.heard.wait(
            ConnectionsListed,
            lambda event: any(one.purpose == "Search" and one.received > 0 for one in event.connections),
        )
        desk.ask(desk.discover.forget_connections)
        desk.heard.forget()
        desk.discover.search_now(HubQuery("two"), 5)
        desk.ask(lambda: None)
        assert desk.heard.of(ConnectionsListed) == []

    def test_not_oftener_than_a_person_can_read(self, desk):
        moments = []
        desk.heard.watch = lambda event: (
            moments.append(time.monotonic()) if isinstance(event, ConnectionsListed) else None
        )
        desk.ask(desk.discover.connections)
        until(lambda: desk.discover.search_now(HubQuery("one"), 5) and len(moments) >= 4)
        # The first is the answer itself, and the second the first that comes by itself.
        assert min(later - earlier for earlier, later in itertools.pairwise(moments[1:])) >= 0.45
        desk.ask(desk.discover.forget_connections)


class TestNow:
    def test_a_search_reads_as_many_pages_as_it_needs(self, desk, many):
        query = HubQuery("many", sort=Sort.DOWNLOADS)
        assert len(desk.discover.search_now(query, 5)) == 5
        assert len(desk.discover.search_now(query, 45)) == 45
        assert len(desk.discover.search_now(query, 500)) == 90
        found = desk.discover.search_now(HubQuery("many", fits=True), 25)
        assert len(found) == 25
        assert all("-1B-" in one.repo for one in found)


class _Keyring(KeyringBackend):
    """A keyring in memory."""

    priority = -1  # never found by itself

    def __init__(self):
        super().__init__()
        self.kept = {}
        self.asked = 0

    def get_password(self, service, username):
        self.asked += 1
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


class TestToken:
    @pytest.fixture
    def ring(self):
        before, ring = keyring.get_keyring(), _Keyring()
        keyring.set_keyring(ring)
        yield ring
        keyring.set_keyring(before)

    @pytest.fixture
    def no_ring(self):
        before = keyring.get_keyring()
        keyring.set_keyring(fail.Keyring())
        yield
        keyring.set_keyring(before)

    def save(self, desk, text):
        desk.heard.forget()
        desk.ask(desk.discover.save_token, text)
        return desk.heard.wait(TokenKept)

    def sent(self, desk):
        return {request["headers"].get("authorization") for request in desk.hub.asked("/api/models")}

    def test_it_is_asked_whose_it_is_and_kept(self, desk, ring):
        assert self.save(desk, f" {TOKEN}\n") == TokenKept(kept=True, name="tester")
        assert list(ring.kept.values()) == [TOKEN]
        desk.discover.details_now(ONE)
        assert self.sent(desk) == {f"Bearer {TOKEN}"}

    def test_the_next_run_has_it(self, hub, profile, ring):
        ring.kept["causerie", "127.0.0.1"] = TOKEN
        with hub_desk(hub, profile) as desk:
            assert ring.asked == 0, "no keyring is asked before the Hub is"
            desk.discover.details_now(ONE)
            desk.discover.details_now(ONE)
            assert self.sent(desk) == {f"Bearer {TOKEN}"}
            assert ring.asked == 1

    def test_without_a_keyring_it_holds_for_this_run(self, desk, no_ring):
        assert self.save(desk, TOKEN) == TokenKept(kept=False, name="tester")
        desk.discover.details_now(ONE)
        assert self.sent(desk) == {f"Bearer {TOKEN}"}

    def test_a_wrong_one_is_refused_and_the_one_before_stays(self, desk, ring):
        self.save(desk, TOKEN)
        refused = self.save(desk, "hf_wrong")
        assert (refused.kept, refused.name, refused.problem.code) == (False, "", "hub_token")
        assert list(ring.kept.values()) == [TOKEN]
        desk.discover.details_now(ONE)
        assert self.sent(desk) == {f"Bearer {TOKEN}"}

    def test_an_empty_one_forgets(self, desk, ring):
        self.save(desk, TOKEN)
        assert self.save(desk, "  ") == TokenKept(kept=True, name="")
        assert ring.kept == {}
        desk.discover.details_now(ONE)
        assert self.sent(desk) == {None}

    def test_offline_it_is_kept_without_asking(self, hub, profile, ring):
        with hub_desk(hub, profile, online=False) as desk:
            assert self.save(desk, TOKEN) == TokenKept(kept=True, name="")
            assert hub.asked() == []

    def test_a_page_is_asked_for_again_with_it(self, desk, root, ring):
        desk.ask(desk.discover.open, ONE)
        opened(desk, ONE)
        self.save(desk, TOKEN)
        desk.hub.clear()
        desk.ask(desk.discover.open, ONE)
        opened(desk, ONE)
        assert self.sent(desk) == {f"Bearer {TOKEN}"}

    def test_switching_off_and_on_keeps_it_and_another_endpoint_does_not_get_it(self, desk, ring, tmp_path):
        self.save(desk, TOKEN)
        desk.configure(online=False)
        desk.configure(online=True)
        desk.discover.details_now(ONE)
        assert self.sent(desk) == {f"Bearer {TOKEN}"}
        put(tmp_path / "mirror", ONE, "One-1B-Q6_K.gguf", 700)
        with LoopbackHub(tmp_path / "mirror") as mirror:
            elsewhere = mirror.endpoint.replace("127.0.0.1", "localhost")
            desk.configure(endpoint=elsewhere)
            desk.discover.details_now(ONE)
            assert [one["headers"].get("authorization") for one in mirror.asked("/api/models")] == [None]
            desk.configure(endpoint=desk.hub.endpoint)
        desk.hub.clear()
        desk.discover.details_now(ONE)
        assert self.sent(desk) == {f"Bearer {TOKEN}"}

    def test_a_keyring_that_takes_its_time_holds_up_nobody_and_overwrites_nothing(
        self, hub, profile, ring, monkeypatch
    ):
        """As when a person is asked to unlock it; meanwhile the same person goes offline."""
        asked, unlocked = threading.Event(), threading.Event()

        def slowly(service, username):
            asked.set()
            unlocked.wait(10)
            return TOKEN

        monkeypatch.setattr(ring, "get_password", slowly)
        with hub_desk(hub, profile) as desk:
            desk.ask(desk.discover.search, HubQuery("one"))
            assert asked.wait(10)
            desk.configure(online=False)
            unlocked.set()
            assert searched(desk, "one").problem.code == "hub_offline"
            until(lambda: desk.session.options.token == TOKEN)
            assert not desk.session.online
            assert hub.asked() == []
