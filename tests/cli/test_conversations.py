"""``main.py conversations …`` and ``models list``: for people and, with --json, for programs."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from desktop_app.system.paths import starter_model
from tests.helpers.hearing import desk_in


@pytest.fixture
def filled(cli, profile):
    """Two conversations: one with a branch and a system prompt, one plain."""
    with desk_in(profile) as desk:
        desk.load()
        first = desk.say("say Albatross", system_prompt="Be kind.")
        desk.heard.forget()
        desk.do(lambda services: services.chat.edit(first.parent_id, "say Bluebird"))
        desk.ended(first.conversation_id)
        desk.say("say Crow")
    return cli


class TestList:
    def test_nothing_yet(self, cli):
        done = cli("conversations", "list")
        assert (done.code, done.out, done.err) == (0, "", "There are no conversations yet.\n")
        assert cli("conversations", "list", "--json").record == []

    def test_the_latest_first(self, filled):
        lines = filled("conversations", "list").out.splitlines()
        assert [line.split()[0] for line in lines] == ["2", "1"]
        assert lines[0].endswith("say Crow")
        assert lines[1].endswith("say Albatross")

    def test_for_programs(self, filled):
        records = filled("conversations", "list", "--json").record
        assert [record["id"] for record in records] == [2, 1]
        assert set(records[0]) == {"id", "title", "created_at", "updated_at", "pinned", "system_prompt", "sampling"}
        assert records[1]["system_prompt"] == "Be kind."
        assert datetime.fromisoformat(records[0]["updated_at"]).tzinfo is not None

    def test_not_more_than_asked_for(self, filled):
        assert len(filled("conversations", "list", "--limit", 1, "--json").record) == 1
        assert filled("conversations", "list", "--limit", 0).code == 2


class TestShow:
    def test_the_branch_on_view(self, filled):
        done = filled("conversations", "show", 1)
        assert done.code == 0
        assert "Bluebird" in done.out
        assert "say Albatross:" not in done.out
        assert done.out.startswith("say Albatross\n\nYou:\nsay Bluebird\n\nModel (any):\nBluebird\n")

    def test_for_programs(self, filled):
        record = filled("conversations", "show", 1, "--json").record
        assert (record["id"], record["title"]) == (1, "say Albatross")
        assert [(one["role"], one["content"], one["state"]) for one in record["messages"]] == [
            ("user", "say Bluebird", "complete"),
            ("assistant", "Bluebird", "complete"),
        ]
        assert record["messages"][1]["finish_reason"] == "stop"

    def test_an_unknown_one(self, cli):
        done = cli("conversations", "show", 7)
        assert (done.code, done.out, done.err) == (1, "", "There is no conversation number 7.\n")

    def test_a_number_is_needed(self, cli):
        assert cli("conversations", "show", "first").code == 2
        assert cli("conversations", "show").code == 2


class TestSearch:
    def test_titles_and_messages(self, filled):
        done = filled("conversations", "search", "albatross")
        assert done.code == 0
        assert "say Albatross" in done.out
        assert filled("conversations", "search", "albatross", "--json").record[0]["conversation_id"] == 1

    def test_for_programs(self, filled):
        hits = filled("conversations", "search", "bluebird", "--json").record
        assert {(hit["conversation_id"], hit["role"], hit["snippet"]) for hit in hits} == {
            (1, "user", "say Bluebird"),
            (1, "assistant", "Bluebird"),
        }

    def test_nothing_found(self, filled):
        done = filled("conversations", "search", "dodo")
        assert (done.code, done.out, done.err) == (0, "", "Nothing found.\n")
        assert filled("conversations", "search", "dodo", "--json").record == []

    @pytest.mark.parametrize("query", ['"', "(", "a AND", "-", "caf\udce9"])
    def test_anything_may_be_asked(self, filled, query):
        assert filled("conversations", "search", "--json", "--limit", 3, query).code == 0

    def test_not_more_than_asked_for(self, filled):
        assert len(filled("conversations", "search", "say", "--limit", 1, "--json").record) == 1


class TestExport:
    def test_markdown_by_default(self, filled):
        done = filled("conversations", "export", 1)
        assert done.out.startswith("# say Albatross\n")
        assert "## System prompt\n\nBe kind.\n" in done.out
        assert "Bluebird" in done.out

    def test_text(self, filled):
        assert filled("conversations", "export", 1, "--format", "text").out.startswith("say Albatross\n\nYou:\n")

    @pytest.mark.parametrize("how", [("--format", "json"), ("--json",)])
    def test_json_has_all_branches(self, filled, how):
        document = filled("conversations", "export", 1, *how).record
        assert document["format"] == "causerie-conversation"
        assert [one["content"] for one in document["messages"]] == [
            "say Albatross",
            "Albatross",
            "say Bluebird",
            "Bluebird",
        ]

    def test_into_a_file(self, filled, tmp_path):
        target = tmp_path / "out.md"
        done = filled("conversations", "export", 1, "-o", target)
        assert (done.code, done.out) == (0, "")
        assert target.read_text(encoding="utf-8").startswith("# say Albatross\n")

    def test_into_a_place_that_cannot_be_written(self, filled, tmp_path):
        done = filled("conversations", "export", 1, "-o", tmp_path / "nowhere" / "out.md")
        assert (done.code, done.out) == (1, "")
        assert done.err.endswith("could not be written: no such file or directory.\n")

    def test_an_unknown_format(self, filled):
        assert filled("conversations", "export", 1, "--format", "pdf").code == 2


class TestDelete:
    def test_deleted_ones_are_in_the_trash_until_restored(self, filled):
        assert (filled("conversations", "delete", 1).code, filled("conversations", "delete", 1).code) == (0, 0)
        assert [one["id"] for one in filled("conversations", "list", "--json").record] == [2]
        assert [one["id"] for one in filled("conversations", "list", "--trash", "--json").record] == [1]
        assert filled("conversations", "search", "albatross", "--json").record == []
        assert filled("conversations", "restore", 1).code == 0
        assert [one["id"] for one in filled("conversations", "list", "--json").record] == [2, 1]
        assert filled("conversations", "list", "--trash").err == "The trash is empty.\n"
        assert "Bluebird" in filled("conversations", "show", 1).out

    def test_several_at_once(self, filled):
        done = filled("conversations", "delete", 1, 2, "--json")
        assert done.record == {"deleted": [1, 2]}
        assert filled("conversations", "list", "--json").record == []
        assert filled("conversations", "restore", 2, "--json").record == {"restored": 2}

    def test_an_unknown_one(self, filled):
        done = filled("conversations", "delete", 9)
        assert (done.code, done.err) == (1, "There is no conversation number 9.\n")
        assert filled("conversations", "restore", 9).code == 1
        assert filled("conversations", "delete").code == 2


class TestModels:
    def test_list(self, cli, profile):
        (profile / "models").mkdir(parents=True)
        (profile / "models" / "tiny-Q4_0.gguf").write_bytes(b"GGUF")
        records = cli("models", "list", "--json").record
        assert [(Path(one["path"]).name, one["name"], one["quantization"], one["starter"]) for one in records] == [
            ("tiny-Q4_0.gguf", "tiny", "Q4_0", False),
            (starter_model().name, "Causerie Starter", "Q8_0", True),
        ]
        assert records[0]["size"] == 4
        lines = cli("models", "list").out.splitlines()
        assert lines[0].endswith("tiny · Q4_0")
        assert lines[1].strip() == str(profile / "models" / "tiny-Q4_0.gguf")


def test_json_output_is_one_line(filled):
    for command in (("list",), ("show", 1), ("search", "say"), ("delete", 1)):
        out = filled("conversations", *command, "--json").out
        assert out.count("\n") == 1
        json.loads(out)
