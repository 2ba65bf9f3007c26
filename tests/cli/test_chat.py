"""``main.py chat``: one question and its reply."""

import json
import signal

import pytest

from desktop_app.bootstrap import main
from desktop_app.core.sampling import PARAMETERS
from desktop_app.system.paths import AppPaths, starter_model
from desktop_app.system.settings import Settings
from tests.helpers.hearing import desk_in, read

LAST_KEYS = {
    "text",
    "reasoning",
    "finish_reason",
    "prompt_tokens",
    "cached_tokens",
    "evaluated_tokens",
    "completion_tokens",
    "prompt_tokens_per_second",
    "generation_tokens_per_second",
    "time_to_first_token",
    "conversation_id",
    "message_id",
}


def rows(profile, sql="SELECT * FROM messages ORDER BY id"):
    return read(AppPaths.under(profile), sql)


class TestText:
    def test_the_reply_is_all_that_is_printed(self, cli):
        done = cli("chat", "say Hello, world")
        assert (done.code, done.out, done.err) == (0, "Hello, world\n", "")

    def test_a_reply_that_ends_a_line_gets_no_second_end(self, cli):
        assert cli("chat", "say one\ntwo\n").out == "one\ntwo\n"

    def test_reasoning_is_not_mixed_into_what_a_program_reads(self, cli):
        assert cli("chat", "think").out == "Done.\n"

    def test_letters_of_any_script(self, cli):
        assert cli("chat", "say Grüße, 你好, 🙂 مرحبا").out == "Grüße, 你好, 🙂 مرحبا\n"

    def test_everything_is_kept(self, cli, profile):
        cli("chat", "say kept", "--system", "Be kind.")
        assert [(row["role"], row["content"], row["state"]) for row in rows(profile)] == [
            ("user", "say kept", "complete"),
            ("assistant", "kept", "complete"),
        ]
        [conversation] = rows(profile, "SELECT * FROM conversations")
        assert (conversation["title"], conversation["system_prompt"]) == ("say kept", "Be kind.")


class TestJson:
    def test_every_line_is_an_object_and_the_last_one_has_it_all(self, cli, profile):
        done = cli("chat", "--json", "stream 100")
        assert done.code == 0
        *before, last = done.records
        assert set(last) - {"event", "error"} == LAST_KEYS
        assert last["event"] == "done"
        assert last["text"] == "".join(f"word{number} " for number in range(1, 101))
        assert last["text"] == "".join(record["text"] for record in before if record["event"] == "token")
        assert {record["event"] for record in before} == {"model", "prompt", "token"}
        assert last["finish_reason"] == "stop"
        assert (last["prompt_tokens"], last["cached_tokens"], last["evaluated_tokens"]) == (2, 0, 2)
        assert last["completion_tokens"] == 100
        assert last["generation_tokens_per_second"] > 0
        assert last["prompt_tokens_per_second"] > 0
        assert last["time_to_first_token"] > 0
        user, reply = rows(profile)
        assert (last["conversation_id"], last["message_id"]) == (user["conversation_id"], reply["id"])

    def test_reasoning_has_its_own_key(self, cli):
        last = cli("chat", "--json", "think").records[-1]
        assert (last["reasoning"], last["text"]) == ("Let me see.", "Done.")

    def test_letters_are_not_escaped(self, cli):
        assert "Grüße 🙂" in cli("chat", "--json", "say Grüße 🙂").out

    def test_the_model_is_told_first(self, cli):
        first = cli("chat", "--json", "say x").records[0]
        assert (first["event"], first["path"]) == ("model", str(starter_model()))


class TestConversation:
    def test_it_goes_on(self, cli, profile):
        first = cli("chat", "--json", "say one").records[-1]
        second = cli("chat", "--json", "-c", first["conversation_id"], "say two").records[-1]
        assert second["conversation_id"] == first["conversation_id"]
        assert second["prompt_tokens"] == 5
        assert [row["content"] for row in rows(profile)] == ["say one", "one", "say two", "two"]

    def test_its_settings_stay_unless_others_are_given(self, cli, profile):
        cli("chat", "say one", "--system", "Be kind.", "--temperature", 0.1, "--seed", 5)
        cli("chat", "-c", 1, "say two")
        cli("chat", "-c", 1, "say three", "--system", "Be brief.", "--seed", 6)
        replies = [row for row in rows(profile) if row["role"] == "assistant"]
        given = [
            (row["system_prompt"], *map(json.loads(row["sampling"]).get, ("temperature", "seed"))) for row in replies
        ]
        assert given == [("Be kind.", 0.1, 5), ("Be kind.", 0.1, 5), ("Be brief.", 0.1, 6)]

    def test_an_unknown_one_is_an_error_and_leaves_nothing(self, cli, profile):
        done = cli("chat", "-c", 99, "say lost")
        assert (done.code, done.out) == (1, "")
        assert done.err == "There is no conversation number 99.\n"
        assert rows(profile) == []

    def test_one_in_the_trash_is_an_error(self, cli):
        cli("chat", "say one")
        cli("conversations", "delete", 1)
        done = cli("chat", "-c", 1, "say two")
        assert (done.code, done.out) == (1, "")
        assert "in the trash" in done.err


class TestSampling:
    def test_every_setting_is_an_option_and_reaches_the_reply(self, cli, profile):
        values = {
            parameter.key: parameter.maximum
            if parameter.whole
            else round((parameter.minimum + parameter.maximum) / 2, 3)
            for parameter in PARAMETERS
        }
        options = [part for key, value in values.items() for part in (f"--{key.replace('_', '-')}", f"{value:g}")]
        options[options.index("--seed") + 1] = values["seed"] = 12345
        assert cli("chat", "say one", *options, "--stop", "never", "--stop", "ever").code == 0
        stored = json.loads(rows(profile)[1]["sampling"])
        assert stored == {**values, "stop": ["never", "ever"]}

    def test_max_tokens_cuts_the_reply(self, cli):
        last = cli("chat", "--json", "stream 9", "--max-tokens", 2).records[-1]
        assert (last["text"], last["finish_reason"], last["completion_tokens"]) == ("word1 word2 ", "length", 2)

    def test_stop_strings_end_it(self, cli):
        assert cli("chat", "stream 9", "--stop", "word7", "--stop", "word3").out == "word1 word2 \n"

    def test_the_context_length_reaches_the_engine(self, cli):
        first = cli("chat", "--json", "say x", "--context", 777).records[0]
        assert first["context_length"] == 777

    @pytest.mark.parametrize(
        "wrong",
        [
            *[(f"--{p.key.replace('_', '-')}", p.maximum + 1) for p in PARAMETERS],
            *[(f"--{p.key.replace('_', '-')}", p.minimum - 1) for p in PARAMETERS],
            ("--temperature", "warm"),
            ("--temperature", "nan"),
            ("--top-k", "1.5"),
            ("--context", 3),
            ("--context", 10**12),
            ("--conversation", "first"),
            ("--stop", "\udcff"),
            ("--stop",),
            ("--no-such-option",),
            tuple(part for number in range(17) for part in ("--stop", number)),
        ],
        ids=lambda wrong: " ".join(map(ascii, wrong))[:30],
    )
    def test_wrong_usage_is_2_and_touches_nothing(self, cli, profile, wrong):
        done = cli("chat", "say x", *wrong, data_dir=False) if len(wrong) == 1 else cli("chat", "say x", *wrong)
        assert (done.code, done.out) == (2, "")
        assert "Error: " in done.err
        assert not profile.exists()


class TestModels:
    def test_an_unknown_name(self, cli, profile):
        done = cli("chat", "say lost", "--model", "nonesuch")
        assert (done.code, done.out) == (1, "")
        assert done.err == "There is no model named “nonesuch” on this computer. See: models list.\n"
        assert rows(profile) == []

    @pytest.mark.parametrize("name", ["missing", "denied", "damaged"])
    @pytest.mark.parametrize("how", [(), ("--json",)])
    def test_a_file_that_cannot_be_used(self, cli, profile, name, how):
        done = cli("chat", "say kept", "--model", f"/somewhere/{name}.gguf", *how)
        assert (done.code, done.out) == (1, "")
        assert done.err.count("\n") == 1
        assert done.err.startswith("The model file")
        assert [row["content"] for row in rows(profile)] == ["say kept", ""]
        assert [row["state"] for row in rows(profile)] == ["complete", "failed"]

    def test_by_name_from_the_shelf(self, cli, profile):
        (profile / "models").mkdir(parents=True)
        (profile / "models" / "tiny-Q4_0.gguf").write_bytes(b"GGUF")
        for name in ("tiny", "tiny-Q4_0.gguf"):
            first = cli("chat", "--json", "say x", "--model", name).records[0]
            assert (first["name"], first["path"]) == ("tiny · Q4_0", str(profile / "models" / "tiny-Q4_0.gguf"))

    def test_the_one_chosen_in_the_settings(self, cli, profile):
        paths = AppPaths.under(profile)
        paths.ensure()
        settings, _ = Settings.load(paths.settings_file)
        settings.update({"model": "/somewhere/chosen.gguf"})
        assert cli("chat", "--json", "say x").records[0]["path"] == "/somewhere/chosen.gguf"
        assert cli("chat", "--json", "say x", "-m", "/else/other.gguf").records[0]["path"] == "/else/other.gguf"


class TestFaults:
    @pytest.mark.parametrize(
        ("script", "sentence"),
        [
            ("abort", "The model's process crashed (an internal check failed)."),
            ("segfault", "The model's process crashed (a memory fault)."),
            ("oom", "The system ended the model's process, most likely because memory ran out."),
            ("error", "The script asked for an error."),
            ("bug", "Something went wrong inside the model's process."),
        ],
    )
    def test_the_words_so_far_then_a_sentence(self, cli, profile, script, sentence):
        done = cli("chat", script)
        assert done.code == 1
        assert done.out.startswith("One ")
        assert done.err.startswith(sentence)
        assert "Traceback" not in done.err
        reply = rows(profile)[1]
        assert (reply["state"], reply["content"]) == ("failed", done.out.removesuffix("\n"))

    def test_with_json_the_last_line_is_the_error(self, cli):
        done = cli("chat", "--json", "abort")
        assert done.code == 1
        last = done.records[-1]
        assert (last["event"], last["finish_reason"]) == ("error", None)
        assert last["text"].startswith("One ")
        assert last["error"] == done.err.strip()
        assert set(last) >= LAST_KEYS

    def test_an_empty_question(self, cli, profile):
        done = cli("chat", "  ")
        assert (done.code, done.out, done.err) == (1, "", "There is nothing to send.\n")
        assert rows(profile) == []

    def test_an_error_of_ours_is_a_sentence_and_a_report(self, cli, profile, monkeypatch):
        monkeypatch.setattr("desktop_app.services.chat_service.title_from", lambda text: 1 / 0)
        done = cli("chat", "say x")
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("Something went wrong inside Causerie itself.")
        assert "Traceback" not in done.err
        reports = list((profile / "logs" / "crashes").glob("report-*.txt"))
        assert len(reports) == 1
        assert "ZeroDivisionError" in reports[0].read_text()
        assert str(reports[0].parent) in done.err

    def test_an_error_of_ours_in_the_services_is_told_once(self, cli, profile, monkeypatch):
        monkeypatch.setattr("desktop_app.services.model_service.ModelService._on_failed", lambda self, event: 1 / 0)
        done = cli("chat", "error")
        assert done.code == 1
        assert done.err.startswith("Something went wrong inside Causerie itself.")
        assert len(list((profile / "logs" / "crashes").glob("report-*.txt"))) == 1


def test_another_program_is_writing_in_the_conversation(cli, profile):
    with desk_in(profile) as desk:
        desk.load()
        conversation = desk.begin("stall")
        done = cli("chat", "-c", conversation.id, "me too")
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("Another window or terminal is writing a reply here.")


def test_ctrl_c_means_afterwards_what_it_meant_before(cli):
    before = signal.getsignal(signal.SIGINT)
    cli("chat", "say x")
    assert signal.getsignal(signal.SIGINT) is before


def test_the_environment_names_no_backend_by_default(profile, capsys):
    """The real starter model answers when nothing else is asked for."""
    if not starter_model().is_file():
        pytest.skip("the starter model is not there")
    assert main(["chat", "Hello", "--json", "--temperature", "0", "--max-tokens", "8", "--data-dir", str(profile)]) == 0
    *_, last = map(json.loads, capsys.readouterr().out.splitlines())
    assert last["completion_tokens"] in range(1, 9)
    assert last["text"].strip()
    assert last["evaluated_tokens"] == last["prompt_tokens"] > 0
