"""The services as a whole: opened and closed on their thread, errors told, storage missing."""

import shutil
import sqlite3
import threading
from contextlib import closing
from dataclasses import fields

import pytest

from desktop_app.bootstrap import make_host
from desktop_app.services.events import (
    BugNoticed,
    ConversationsListed,
    ModelChanged,
    ModelState,
    Noticed,
    ReplyGrew,
    ServicesStarted,
    StorageUnavailable,
)
from desktop_app.services.host import ServiceHost, Services
from desktop_app.system.paths import AppPaths
from tests.helpers.hearing import Hearing, desk_in, read


def test_a_known_error_is_a_notice_and_the_services_live_on(own_desk):
    own_desk.do(lambda services: services.history.rename(99, "x"))
    assert own_desk.heard.wait(Noticed).problem.code == "conversation_missing"
    own_desk.do(lambda services: services.history.list_conversations())
    own_desk.heard.wait(ConversationsListed)


def test_an_error_of_ours_is_a_report_in_the_profile_and_the_services_live_on(own_desk):
    own_desk.do(lambda services: services.nonsense)
    report = own_desk.heard.wait(BugNoticed).report
    assert "has no attribute 'nonsense'" in report
    kept = list(own_desk.paths.crashes_dir.glob("report-*.txt"))
    assert [path.read_text() for path in kept] == [report]
    own_desk.heard.forget()
    own_desk.do(lambda services: services.history.list_conversations())
    own_desk.heard.wait(ConversationsListed)


def test_a_database_that_cannot_be_used_is_told_and_closing_works(profile):
    paths = AppPaths.under(profile)
    paths.ensure()
    paths.database.write_bytes(b"no database at all" * 100)
    heard = Hearing()
    host = make_host(paths, heard)
    host.start()
    assert heard.wait(StorageUnavailable).problem.code == "database_damaged"
    host.do(lambda services: services.history.list_conversations())
    assert host.close()
    assert heard.kinds() == ["StorageUnavailable"]


def test_a_newer_database_is_refused_untouched(profile):
    with desk_in(profile):
        pass
    paths = AppPaths.under(profile)
    with closing(sqlite3.connect(paths.database)) as connection:
        connection.execute("PRAGMA user_version = 999")
    before = paths.database.read_bytes()
    heard = Hearing()
    host = make_host(paths, heard)
    host.start()
    assert heard.wait(StorageUnavailable).problem.code == "database_newer"
    assert host.close()
    assert paths.database.read_bytes() == before


def test_closing_twice_and_asking_after_it_do_nothing(profile):
    with desk_in(profile) as desk:
        assert desk.host.close()
        desk.do(lambda services: pytest.fail("asked after the end"))
    assert "BugNoticed" not in desk.heard.kinds()


def test_closing_ends_what_is_streaming_and_keeps_it(profile):
    with desk_in(profile) as desk:
        desk.load()
        conversation = desk.begin("stream 100000")
        desk.heard.wait(ReplyGrew, lambda event: event.tokens > 20)
    shown = "".join(event.text for event in desk.heard.of(ReplyGrew))
    row = read(desk.paths, "SELECT * FROM messages WHERE conversation_id = ? ORDER BY id", conversation.id)[1]
    assert (row["state"], row["finish_reason"]) == ("complete", "cancelled")
    assert row["content"] == shown
    assert row["content"].startswith("word1 word2 word3")


def test_closing_while_the_model_hangs_takes_no_longer_than_its_patience(profile):
    with desk_in(profile) as desk:
        desk.load()
        desk.begin("hang")
        assert desk.host.close(timeout=5)


def test_closing_before_the_engine_is_up(profile):
    with desk_in(profile) as desk:
        desk.begin_load()
        assert desk.host.close(timeout=5)
    states = [event.state for event in desk.heard.of(ModelChanged)]
    assert states[0] is ModelState.LOADING
    assert ModelState.CRASHED not in states


def test_the_services_are_made_and_closed_on_their_thread():
    seen, heard = [], Hearing()

    def open_services(loop, publish):
        seen.append(("open", threading.current_thread().name))
        return Services(
            *[None] * (len(fields(Services)) - 1), close=lambda: seen.append(("close", threading.current_thread().name))
        )

    host = ServiceHost(open_services, heard, lambda error: "report")
    host.start()
    heard.wait(ServicesStarted)
    assert host.close()
    assert seen == [("open", "services"), ("close", "services")]


def test_an_error_of_ours_while_opening_is_told(profile):
    heard = Hearing()

    def open_services(loop, publish):
        raise RuntimeError("broken")

    host = ServiceHost(open_services, heard, lambda error: f"report of {error}")
    host.start()
    assert heard.wait(BugNoticed).report == "report of broken"
    assert host.close()


def test_a_profile_whose_folder_was_taken_away_is_told(profile):
    paths = AppPaths.under(profile)
    paths.ensure()
    shutil.rmtree(profile)
    heard = Hearing()
    host = make_host(paths, heard)
    host.start()
    assert heard.wait(StorageUnavailable).problem.code == "database_read_only"
    assert host.close()
