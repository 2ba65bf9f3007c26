"""The program as a terminal has it: pipes, Ctrl+C, typing, and no window to be had."""

import os
import signal
import subprocess
import sys

import psutil
import pytest

from desktop_app.system.display import NO_DISPLAY_SENTENCE
from desktop_app.system.paths import AppPaths
from tests.helpers.hearing import read, until
from tests.helpers.programs import Program, command, environment, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX terminals and signals")


class TestPipes:
    def test_the_question_may_come_through_a_pipe(self, profile):
        done = run("chat", "--data-dir", profile, stdin="say one\ntwo, Grüße\n")
        assert (done.code, done.out, done.err) == (0, "one\ntwo, Grüße\n", "")
        rows = read(AppPaths.under(profile), "SELECT content FROM messages ORDER BY id")
        assert rows[0]["content"] == "say one\ntwo, Grüße"

    @pytest.mark.parametrize("stdin", ["", " \n "])
    def test_an_empty_pipe_is_an_error(self, profile, stdin):
        done = run("chat", "--data-dir", profile, stdin=stdin)
        assert (done.code, done.out) == (1, "")
        assert done.err == "There is nothing to send: standard input is empty.\n"

    @pytest.mark.parametrize("errors", ["strict", "surrogateescape"])  # as locales have it
    def test_what_is_no_text_is_told(self, profile, errors):
        variables = {"PYTHONIOENCODING": f"utf-8:{errors}"}
        done = run("chat", "--data-dir", profile, stdin=b"say \xff\xfe", **variables)
        assert (done.code, done.out) == (1, "")
        assert done.err == "Standard input is not text in UTF-8.\n"

    @pytest.mark.timeout(60)
    def test_too_much_is_told_instead_of_cut(self, profile):
        done = run("chat", "--data-dir", profile, stdin=b"x" * (16 * 2**20 + 1))
        assert (done.code, done.out) == (1, "")
        assert done.err == "Standard input is too long for one message.\n"

    @pytest.mark.parametrize("how", [("--json",), ()])
    def test_a_reader_that_leaves_ends_the_program_quietly(self, profile, how):
        """As in ``main.py chat … | head -1``."""
        with subprocess.Popen(
            command("chat", *how, "stream 100000", "--data-dir", profile),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
        ) as process:
            seen = b""
            while b"word1 " not in seen:
                seen += process.stdout.read1()
            process.stdout.close()
            error = process.stderr.read()
            assert process.wait(20) in (0, 1)
        assert error == b""
        [_, reply] = read(AppPaths.under(profile), "SELECT * FROM messages ORDER BY id")
        assert (reply["state"], reply["finish_reason"]) == ("complete", "cancelled")
        assert reply["content"].startswith("word1 ")

    def test_arguments_that_are_no_text_do_no_harm(self, profile):
        done = subprocess.run(
            [*map(os.fsencode, command("chat", "--data-dir", profile)), b"say caf\xe9", b"--system", b"\xff"],
            capture_output=True,
            env=environment(),
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stdout.decode(), done.stderr) == (0, "caf\ufffd\n", b"")

    def test_a_locale_without_letters_does_no_harm(self, profile):
        done = run("chat", "--data-dir", profile, "say Grüße", LC_ALL="C")
        assert (done.code, done.out) == (0, "Grüße\n")


class TestCtrlC:
    def test_it_stops_the_reply_and_the_program_ends_well(self, profile):
        program = Program("chat", "--json", "slow 400", "--data-dir", profile)
        program.wait_line('"token"')
        engines = [one for one in program.members() if one.pid != program.process.pid]
        assert engines
        program.interrupt()
        done = program.wait()
        assert (done.code, done.err) == (0, "")
        last = done.records[-1]
        assert (last["event"], last["finish_reason"]) == ("done", "cancelled")
        assert last["text"].startswith("word1 ")
        [_, reply] = read(AppPaths.under(profile), "SELECT * FROM messages ORDER BY id")
        assert (reply["content"], reply["finish_reason"]) == (last["text"], "cancelled")
        until(lambda: not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in engines))

    def test_twice_ends_a_program_whose_model_hangs(self, profile):
        program = Program("chat", "--json", "hang", "--data-dir", profile)
        program.wait_line('"token"')
        until(lambda: '"token"' in program.lines[-1][1])
        program.interrupt()
        program.interrupt()
        done = program.wait()
        assert "Traceback" not in done.err
        assert until(lambda: not program.members())

    def test_before_anything_has_begun(self, profile):
        program = Program("chat", "--json", "slow 400", "--model", "/x/stall.gguf", "--data-dir", profile)
        until(lambda: AppPaths.under(profile).database.exists() and len(program.members()) > 1)
        program.interrupt()
        done = program.wait()
        assert "Traceback" not in done.err
        assert until(lambda: not program.members())

    def test_a_polite_end_leaves_nothing_running_and_the_next_start_tidies_up(self, profile):
        program = Program("chat", "--json", "slow 400", "--data-dir", profile)
        program.wait_line('"token"')
        program.process.send_signal(signal.SIGTERM)
        program.wait()
        assert until(lambda: not program.members())
        shown = run("conversations", "show", "1", "--json", "--data-dir", profile).record
        assert shown["messages"][-1]["state"] == "interrupted"


class TestTyping:
    def type_and_read(self, profile, *lines, end=b""):
        import pty

        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            command("chat", "--data-dir", profile),
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
            start_new_session=True,
        )
        os.close(theirs)
        printed = []
        with process:
            for line, answer in lines:
                os.write(ours, line.encode() + b"\n")
                assert process.stdout.read(len(answer)).decode() == answer
                printed.append(answer)
            os.write(ours, end)
            rest, error = process.stdout.read(), process.stderr.read()
        os.close(ours)
        return process.returncode, rest, error.decode()

    @pytest.mark.parametrize("end", [b"\n", b"\x04"], ids=["an empty line", "Ctrl+D"])
    def test_turn_after_turn_in_one_conversation(self, profile, end):
        code, rest, error = self.type_and_read(profile, ("say one", "one\n"), ("say two", "two\n"), end=end)
        assert (code, rest) == (0, b"")
        assert "Traceback" not in error
        rows = read(AppPaths.under(profile), "SELECT * FROM messages ORDER BY id")
        assert [(row["conversation_id"], row["content"]) for row in rows] == [
            (1, "say one"),
            (1, "one"),
            (1, "say two"),
            (1, "two"),
        ]


class TestWithoutADisplay:
    @pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there always is one")
    def test_the_same_chat_opens_in_the_terminal(self, profile):
        done = run("--data-dir", profile, stdin="say here")
        assert (done.code, done.out) == (0, "here\n")
        assert done.err == f"{NO_DISPLAY_SENTENCE}\n"

    @pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there always is one")
    def test_with_a_model_file(self, profile):
        done = run("--data-dir", profile, "/x/damaged.gguf", stdin="say here")
        assert done.code == 1
        assert done.err.endswith("The model file is damaged. Choose another model.\n")


def test_two_terminals_at_once(profile):
    programs = [Program("chat", "--json", f"say number {n}", "--data-dir", profile) for n in range(3)]
    done = [program.wait() for program in programs]
    assert [one.code for one in done] == [0, 0, 0]
    assert [one.records[-1]["text"] for one in done] == ["number 0", "number 1", "number 2"]
    assert len({one.records[-1]["conversation_id"] for one in done}) == 3
