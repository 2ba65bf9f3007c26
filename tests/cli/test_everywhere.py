"""What every command has in common: where its profile is, how it fails, what it says of itself."""

import os
import sqlite3
from contextlib import closing

import pytest

from desktop_app import __version__
from desktop_app.system.paths import AppPaths
from tests.helpers.hearing import desk_in


class TestDataDir:
    @pytest.mark.parametrize(
        "place",
        [
            ("--data-dir", "DIR", "conversations", "list"),
            ("conversations", "--data-dir", "DIR", "list"),
            ("conversations", "list", "--data-dir", "DIR"),
            ("--offline", "--data-dir", "DIR", "conversations", "list"),
            ("conversations", "--offline", "list", "--data-dir", "DIR"),
            ("conversations", "list", "--offline", "--data-dir", "DIR"),
            ("models", "--data-dir", "DIR", "list"),
            ("chat", "--offline", "say x", "--data-dir", "DIR"),
            ("--data-dir", "DIR", "chat", "say x"),
            ("--data-dir", "DIR", "doctor"),
        ],
        ids=" ".join,
    )
    def test_it_may_stand_anywhere(self, cli, tmp_path, monkeypatch, place):
        monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
        folder = tmp_path / "elsewhere"
        done = cli(*[str(folder) if part == "DIR" else part for part in place], data_dir=False)
        assert done.code == 0, done.err
        assert AppPaths.under(folder).database.is_file()
        assert ("--offline" in place) == ("HF_HUB_OFFLINE" in os.environ)
        home = AppPaths.for_user()
        assert not home.data_dir.exists()

    def test_the_one_beside_the_command_counts(self, cli, tmp_path):
        near, far = tmp_path / "near", tmp_path / "far"
        cli("--data-dir", far, "conversations", "list", "--data-dir", near, data_dir=False)
        assert near.exists()
        assert not far.exists()

    def test_without_it_the_profile_is_the_users(self, cli):
        assert cli("conversations", "list", data_dir=False).code == 0
        assert AppPaths.for_user().database.is_file()

    def test_it_may_not_be_a_file(self, cli, tmp_path):
        file = tmp_path / "file"
        file.write_text("mine")
        assert cli("conversations", "list", "--data-dir", file, data_dir=False).code == 2

    @pytest.mark.parametrize("command", [("conversations", "list"), ("chat", "say x"), ("doctor",), ("models", "list")])
    def test_a_place_that_cannot_be_written_is_told(self, cli, tmp_path, command):
        (tmp_path / "file").write_text("mine")
        done = cli(*command, "--data-dir", tmp_path / "file" / "profile", data_dir=False)
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("Causerie could not create its folder")
        assert done.err.count("\n") == 1
        assert (tmp_path / "file").read_text() == "mine"


class TestDatabase:
    COMMANDS = (
        ("conversations", "list"),
        ("conversations", "delete", "1"),
        ("conversations", "search", "x"),
        ("models", "list"),
        ("chat", "say x"),
        ("chat", "--json", "say x"),
    )

    @pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
    def test_a_newer_one_is_refused_untouched(self, cli, profile, command):
        with desk_in(profile):
            pass
        paths = AppPaths.under(profile)
        with closing(sqlite3.connect(paths.database)) as connection:
            connection.execute("PRAGMA user_version = 999")
        before = paths.database.read_bytes()
        done = cli(*command)
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("Your conversations were saved by a newer version of Causerie")
        assert paths.database.read_bytes() == before

    @pytest.mark.parametrize("command", COMMANDS[:1] + COMMANDS[-1:], ids=" ".join)
    def test_a_damaged_one_is_left_alone(self, cli, profile, command):
        profile.mkdir()
        database = AppPaths.under(profile).database
        database.write_bytes(b"rubbish" * 1000)
        done = cli(*command)
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("The file of your conversations is damaged")
        assert database.read_bytes() == b"rubbish" * 1000


def test_damaged_settings_are_told_and_do_no_harm(cli, profile):
    paths = AppPaths.under(profile)
    paths.ensure()
    paths.settings_file.write_text("{ not json")
    done = cli("chat", "say fine")
    assert (done.code, done.out) == (0, "fine\n")
    assert done.err.count("\n") == 1
    assert "settings" in done.err


class TestDoctor:
    def test_for_programs(self, cli, profile):
        found = cli("doctor", "--json").record
        assert found["version"] == __version__
        assert found["paths"]["database"] == str(profile / "causerie.sqlite3")
        assert found["hardware"]["memory_total"] > 0
        assert found["hardware"]["logical_cores"] >= 1
        assert found["packages"]["llama-cpp-python"][0].isdigit()
        assert found["engine"]["backend"] == "scripted"
        assert found["engine"]["devices"][0]["name"] == "Scripted"
        assert found["storage_problem"] == ""

    def test_for_people(self, cli, profile):
        done = cli("doctor")
        assert done.code == 0
        assert done.out.startswith(f"Causerie {__version__}, Python ")
        assert str(profile / "causerie.sqlite3") in done.out
        assert "Engine: scripted" in done.out

    def test_an_engine_that_cannot_start_is_a_finding(self, cli, monkeypatch):
        monkeypatch.setattr("tests.cli.conftest.SCRIPTED", "no.such.module")
        monkeypatch.setenv("CAUSERIE_BACKEND", "no.such.module")
        done = cli("doctor", "--json")
        assert done.code == 0
        assert done.record["engine"]["problem"].startswith("The part that runs models could not be loaded")

    @pytest.mark.parametrize("how", [(), ("--json",)])
    def test_a_database_that_cannot_be_opened_is_a_finding(self, cli, profile, how):
        profile.mkdir()
        AppPaths.under(profile).database.write_bytes(b"rubbish" * 1000)
        done = cli("doctor", *how)
        assert done.code == 0
        assert "The file of your conversations is damaged" in done.out
        assert __version__ in done.out


class TestHelp:
    @pytest.mark.parametrize("command", [(), ("chat",), ("conversations",), ("models",), ("doctor",)], ids=" ".join)
    def test_every_command_explains_itself(self, cli, profile, command):
        done = cli(*command, "--help", data_dir=False)
        assert done.code == 0
        assert done.out.startswith("Usage: causerie")
        assert "--data-dir" in done.out
        assert "--offline" in done.out
        assert not profile.exists()

    def test_version(self, cli):
        assert cli("--version", data_dir=False).out == f"Causerie, version {__version__}\n"

    @pytest.mark.parametrize("command", [("nonesuch",), ("conversations", "nonesuch"), ("--nonesuch",)], ids=" ".join)
    def test_what_does_not_exist_is_wrong_usage(self, cli, command):
        done = cli(*command, data_dir=False)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("Usage: causerie")


def test_no_command_is_a_group_without_help(cli):
    done = cli("conversations", data_dir=False)
    assert done.code == 2
    assert "list" in done.err + done.out
