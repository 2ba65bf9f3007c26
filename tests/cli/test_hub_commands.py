"""``main.py models search``, ``show``, ``plan`` and ``download``, against a Hub on the loopback."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from desktop_app.cli.download import duration_text, progress_line
from desktop_app.core.downloads import Download, DownloadFile, DownloadState
from desktop_app.library.transfer import part_path
from desktop_app.system.paths import AppPaths
from desktop_app.system.settings import Settings
from tests.helpers.hearing import until
from tests.helpers.hub_desk import hub_desk, put
from tests.helpers.loopback_hub import LoopbackHub
from tests.helpers.programs import Program, command, environment, run

ONE, SPLIT = "acme/One-1B-GGUF", "acme/Split-3B-GGUF"
SHARDS = ("Split-3B-Q4_K_M-00001-of-00002.gguf", "Split-3B-Q4_K_M-00002-of-00002.gguf")
SIZE = 300_000


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "hub"
    put(root, ONE, "One-1B-Q4_K_M.gguf", SIZE, downloads=50, likes=3, tags=["gguf", "license:mit", "fr", "en"])
    put(root, ONE, "One-1B-Q8_0.gguf", 2 * SIZE, downloads=50, likes=3, tags=["gguf", "license:mit", "fr", "en"])
    for name in SHARDS:
        put(root, SPLIT, name, SIZE, downloads=10)
    put(root, SPLIT, "mmproj-F16.gguf", 1000, downloads=10)
    put(root, "beta/Large-700B-GGUF", "Large-700B-Q4_K_M.gguf", 2000, downloads=90, gated="auto")
    return root


@pytest.fixture
def hub(root, monkeypatch):
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    with LoopbackHub(root) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        yield hub


def target(profile, repo, name):
    return profile / "models" / repo / name


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


class TestSearch:
    def test_for_people(self, cli, hub):
        done = cli("models", "search", "one")
        assert (done.code, done.err) == (0, "")
        name, facts = done.out.splitlines()
        assert name == ONE
        for part in ("1 B", "fits", "50 downloads", "mit"):
            assert part in facts

    def test_for_programs(self, cli, hub):
        done = cli("models", "search", "--sort", "downloads", "--json")
        assert done.code == 0
        found = done.record
        assert [one["repo"] for one in found] == ["beta/Large-700B-GGUF", ONE, SPLIT]
        assert (found[0]["gated"], found[0]["verdict"]) == ("auto", "too_large")
        assert found[1] | {"modified": "", "task": ""} == {
            "repo": ONE,
            "author": "acme",
            "name": "One-1B",
            "parameters": 10**9,
            "downloads": 50,
            "likes": 3,
            "modified": "",
            "gated": None,
            "licence": "mit",
            "task": "",
            "languages": found[1]["languages"],
            "verdict": "fits",
        }
        assert sorted(found[1]["languages"]) == ["en", "fr"]

    def test_what_is_asked_reaches_the_hub(self, cli, hub):
        wanted = ("--author", "acme", "--licence", "mit", "--language", "fr", "--limit", "1", "--fits")
        assert [one["repo"] for one in cli("models", "search", "--json", *wanted).record] == [ONE]
        assert "author=acme" in hub.asked("/api/models")[0]["path"]

    def test_nothing(self, cli, hub):
        done = cli("models", "search", "nonesuch")
        assert (done.code, done.out, done.err) == (0, "", "Nothing found.\n")
        assert cli("models", "search", "nonesuch", "--json").record == []

    @pytest.mark.parametrize("wrong", [("--sort", "size"), ("--task", "dancing"), ("--limit", "0"), ("--limit", "x")])
    def test_wrong_usage(self, cli, hub, wrong, profile):
        assert cli("models", "search", "x", *wrong).code == 2
        assert hub.asked() == []
        assert not profile.exists()


class TestShow:
    def test_for_people(self, cli, hub):
        done = cli("models", "show", SPLIT)
        assert (done.code, done.err) == (0, "")
        assert done.out.startswith(f"{SPLIT}\n")
        assert "in 2 files with its projector" in done.out
        assert f"* is recommended: models download {SPLIT}:Q4_K_M" in done.out

    def test_for_programs(self, cli, hub):
        record = cli("models", "show", ONE, "--json").record
        assert (record["repo"], record["commit"], record["recommended"]) == (ONE, hub.commit(ONE), "Q4_K_M")
        assert [(one["quantization"], one["bytes"], one["recommended"]) for one in record["choices"]] == [
            ("Q8_0", 2 * SIZE, False),
            ("Q4_K_M", SIZE, True),
        ]
        assert {one["verdict"] for one in record["choices"]} == {"fits"}
        by_size = sorted(record["choices"], key=lambda one: one["bytes"])
        speeds = [one["predicted_tokens_per_second"] for one in by_size]
        assert speeds == sorted(speeds, reverse=True), "a larger file is read more slowly"
        assert speeds[-1] > 0
        [split] = cli("models", "show", SPLIT, "--json").record["choices"]
        assert [file["path"] for file in split["files"]] == list(SHARDS)
        assert split["projector"]["path"] == "mmproj-F16.gguf"
        assert split["download_bytes"] == 2 * SIZE + 1000

    def test_an_address_will_do(self, cli, hub):
        assert cli("models", "show", f"https://huggingface.co/{ONE}", "--json").record["repo"] == ONE

    def test_what_stands_on_the_screen_is_what_a_person_can_type(self, cli, hub, root):
        put(root, "acme/Same-GGUF", "new/m-Q4_K_M.gguf", 2000)
        put(root, "acme/Same-GGUF", "old/m-Q4_K_M.gguf", 1000)
        shown = cli("models", "show", "acme/Same-GGUF").out
        assert "* is recommended: models download acme/Same-GGUF:new/m-Q4_K_M.gguf" in shown
        assert cli("models", "plan", "acme/Same-GGUF:new/m-Q4_K_M.gguf").code == 0
        done = cli("models", "plan", "acme/Same-GGUF:q4_k_m")
        assert (done.code, done.err) == (
            1,
            "acme/Same-GGUF has several files for “q4_k_m”. Name one of new/m-Q4_K_M.gguf, old/m-Q4_K_M.gguf.\n",
        )

    def test_what_the_hub_says_does_not_move_the_cursor(self, cli, hub, root):
        put(root, "acme/Bad-1B-GGUF", "Bad-1B-Q4_0.gguf", 1000, tags=["gguf", "license:\x1b[2Jx"])
        assert "\N{REPLACEMENT CHARACTER}[2Jx" in cli("models", "show", "acme/Bad-1B-GGUF").out
        assert "\N{REPLACEMENT CHARACTER}[2Jx" in cli("models", "search", "bad").out

    def test_a_branch_of_an_address(self, cli, hub):
        done = cli("models", "show", f"https://huggingface.co/{ONE}/tree/dev")
        assert (done.code, done.out) == (1, "")
        assert f"/api/models/{ONE}/revision/dev" in hub.asked()[0]["path"]

    def test_what_is_not_there(self, cli, hub):
        done = cli("models", "show", "acme/nonesuch")
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("127.0.0.1 has no model named acme/nonesuch.")
        assert done.err.count("\n") == 1

    @pytest.mark.parametrize(
        "place", ["acme", "a/b/c", "", ":Q4_0", "acme/", "https://huggingface.co/datasets/a/b", "hf.co/acme"]
    )
    def test_wrong_usage(self, cli, hub, place, profile):
        for verb in ("show", "plan", "download"):
            assert cli("models", verb, place).code == 2
        assert hub.asked() == []
        assert not profile.exists()


class TestPlan:
    def test_before_and_after(self, cli, hub, profile):
        before = cli("models", "plan", SPLIT, "--json").record
        assert [(file["name"], file["state"]) for file in before["files"]] == [
            (SHARDS[0], "absent"),
            (SHARDS[1], "absent"),
            ("mmproj-F16.gguf", "absent"),
        ]
        assert before["files"][0]["path"] == str(target(profile, SPLIT, SHARDS[0]))
        assert (before["bytes"], before["there"], before["missing"]) == (2 * SIZE + 1000, 0, 2 * SIZE + 1000)
        assert (before["verdict"], before["recommended"], before["has_room"]) == ("fits", True, True)
        assert before["predicted_tokens_per_second"] > 0
        assert before["free"] > 0
        assert not target(profile, SPLIT, "").exists()
        assert cli("models", "download", SPLIT).code == 0
        after = cli("models", "plan", f"{SPLIT}:Q4_K_M", "--json").record
        assert {file["state"] for file in after["files"]} == {"complete"}
        assert (after["there"], after["missing"]) == (2 * SIZE + 1000, 0)

    def test_for_people(self, cli, hub):
        done = cli("models", "plan", f"{ONE}:Q8_0")
        assert done.code == 0
        assert "absent" in done.out
        assert "There is room for it." in done.out
        assert "600 kB of 600 kB are missing" in done.out


class TestDownload:
    def test_the_recommended_file_in_a_pipe(self, cli, hub, root, profile):
        done = cli("models", "download", ONE)
        path = target(profile, ONE, "One-1B-Q4_K_M.gguf")
        assert (done.code, done.out) == (0, f"{path}\n")
        assert path.read_bytes() == (root / ONE / path.name).read_bytes()
        assert done.err.splitlines() == [
            f"One-1B · Q4_K_M, 300 kB, goes to {path}",
            "One-1B · Q4_K_M is complete, and its hash was checked.",
        ]

    @pytest.mark.parametrize("wanted", ["Q8_0", "q8_0", "One-1B-Q8_0.gguf"])
    def test_the_one_that_is_named(self, cli, hub, profile, wanted):
        assert cli("models", "download", f"{ONE}:{wanted}").out == f"{target(profile, ONE, 'One-1B-Q8_0.gguf')}\n"

    def test_for_programs(self, cli, hub, profile):
        done = cli("models", "download", SPLIT, "--json")
        assert (done.code, done.err) == (0, "")
        first, *_, last = done.records
        path = target(profile, SPLIT, SHARDS[0])
        assert (first["event"], first["path"], first["total"]) == ("start", str(path), 2 * SIZE + 1000)
        assert {record["event"] for record in done.records[1:-1]} <= {"progress"}
        assert last == {
            "event": "done",
            "path": str(path),
            "sha256": sha256(path),
            "bytes": 2 * SIZE + 1000,
            "resumed_from": 0,
            "files": [
                {
                    "name": name,
                    "bytes": target(profile, SPLIT, name).stat().st_size,
                    "sha256": sha256(path.parent / name),
                }
                for name in (*SHARDS, "mmproj-F16.gguf")
            ],
        }

    def test_again_it_is_there_at_once(self, cli, hub):
        first = cli("models", "download", ONE, "--json").records[-1]
        hub.clear()
        again = cli("models", "download", ONE, "--json")
        assert again.code == 0
        assert again.records[-1] == first | {"resumed_from": SIZE}
        assert hub.asked("resolve.*gguf") == []

    def test_progress_and_the_limit(self, cli, hub):
        records = cli("models", "download", ONE, "--json", "--limit", "0.3").records
        progress = [record for record in records if record["event"] == "progress"]
        assert len(progress) >= 3
        done = [record["bytes"] for record in progress]
        assert done == sorted(done)
        assert {record["total"] for record in progress} == {SIZE}
        speeds = [record["bytes_per_second"] for record in progress if record["bytes_per_second"]]
        assert speeds
        assert max(speeds) < 900_000

    def test_the_settings_limit_holds_without_another(self, cli, hub, root, profile):
        paths = AppPaths.under(profile)
        paths.ensure()
        Settings.load(paths.settings_file)[0].set("download_limit", 1)
        put(root, "acme/Long-1B-GGUF", "Long-1B-Q4_0.gguf", 2_000_000)
        begin = time.monotonic()
        assert cli("models", "download", "acme/Long-1B-GGUF").code == 0
        assert time.monotonic() - begin > 1.5

    def test_the_folder_of_the_settings(self, cli, hub, profile, tmp_path):
        paths = AppPaths.under(profile)
        paths.ensure()
        (tmp_path / "shelf").mkdir()
        Settings.load(paths.settings_file)[0].set("models_folder", str(tmp_path / "shelf"))
        assert cli("models", "download", ONE).out == f"{tmp_path}/shelf/{ONE}/One-1B-Q4_K_M.gguf\n"

    def test_the_setting_stays_off(self, cli, hub, profile):
        assert cli("models", "download", ONE).code == 0
        assert Settings.load(AppPaths.under(profile).settings_file)[0].flag("online") is False
        [entry] = json.loads((profile / "downloads.json").read_bytes())["entries"]
        assert (entry["download"]["state"], entry["owner"]) == ("done", "")

    @pytest.mark.parametrize(
        ("place", "words"),
        [
            (f"{ONE}:Q9_9", "acme/One-1B-GGUF has no “Q9_9” that Causerie can use. It has Q8_0, Q4_K_M."),
            ("beta/Large-700B-GGUF", "only given to who accepts its terms"),
            ("acme/nonesuch", "has no model named acme/nonesuch"),
            ("acme/Empty-GGUF", "has no model file"),
        ],
    )
    def test_what_cannot_be_had(self, cli, hub, root, profile, place, words):
        put(root, "acme/Empty-GGUF", "README.md", 10, tags=["gguf"])
        done = cli("models", "download", place)
        assert (done.code, done.out) == (1, "")
        assert words in done.err.splitlines()[-1]
        assert "Traceback" not in done.err
        assert list(profile.rglob("*.gguf*")) == []

    def test_what_does_not_fit_must_be_named(self, cli, hub, monkeypatch):
        monkeypatch.setattr("desktop_app.core.hub.room_for_model", lambda memory: 1000)
        monkeypatch.setattr("desktop_app.core.hub.verdict", lambda size, memory: "too_large")
        done = cli("models", "download", ONE)
        assert done.code == 1
        assert "No file of acme/One-1B-GGUF fits" in done.err
        assert "Q8_0, Q4_K_M" in done.err
        assert cli("models", "download", f"{ONE}:Q4_K_M").code == 0

    def test_a_failure_for_programs_ends_with_its_reason(self, cli, hub):
        hub.fault("/cdn/", times=-1, corrupt=1000)
        done = cli("models", "download", ONE, "--json")
        assert done.code == 1
        last = done.records[-1]
        assert (last["event"], last["code"]) == ("error", "transfer_corrupt")
        assert done.err == f"{last['error']}\n"

    @pytest.mark.parametrize(
        ("place", "how", "code"),
        [
            ("acme/nonesuch", (), "hub_not_found"),
            (f"{ONE}:Q9_9", (), "choice_unknown"),
            (ONE, ("--offline",), "hub_offline"),
        ],
    )
    def test_for_programs_the_last_event_tells_the_end_whatever_it_is(self, cli, hub, place, how, code):
        done = cli("models", "download", place, "--json", *how)
        assert done.code == 1
        [last] = done.records
        assert (last["event"], last["code"]) == ("error", code)
        assert done.err == f"{last['error']}\n"

    @pytest.mark.parametrize("speed", ["nan", "inf", "0", "-1", "fast"])
    def test_what_is_no_speed(self, cli, hub, speed):
        done = cli("models", "download", ONE, "--limit", speed)
        assert (done.code, done.out) == (2, "")
        assert hub.asked() == []

    def test_no_room(self, cli, hub, monkeypatch, profile):
        monkeypatch.setattr("desktop_app.services.download_places.free_bytes", lambda folder: 1000)
        done = cli("models", "download", ONE)
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("There is no room for One-1B · Q4_K_M")
        assert not (profile / "models" / "acme").exists()

    def test_what_another_program_downloads_is_left_to_it(self, cli, hub, profile):
        hub.fault("/cdn/", times=-1, stall=(SIZE // 2, 60))
        with hub_desk(hub, profile, owner="window") as window:
            one = window.add(ONE, "Q4_K_M")
            window.listed(lambda listed: listed.done > 0, one.id)
            owner = json.loads((profile / "downloads.json").read_bytes())["entries"][0]["owner"]
            assert owner == "window"
            # Its owner must be a living program for the command, which asks the system.
            text = (profile / "downloads.json").read_text()
            (profile / "downloads.json").write_text(text.replace('"window"', f'"{_identity()}#0"'))
            done = cli("models", "download", ONE)
            assert (done.code, done.out) == (1, "")
            assert "Another Causerie is downloading One-1B · Q4_K_M." in done.err
            (profile / "downloads.json").write_text(text)


def _identity():
    from desktop_app.system.processes import identity

    return identity()


class TestOffline:
    COMMANDS = (("search", "one"), ("show", ONE), ("plan", ONE), ("download", ONE))

    @pytest.mark.parametrize("verb", COMMANDS, ids=lambda verb: verb[0])
    @pytest.mark.parametrize("how", ["option", "variable"])
    def test_nothing_connects(self, cli, hub, profile, monkeypatch, verb, how):
        monkeypatch.setenv("HF_HUB_OFFLINE", "0" if how == "option" else "1")
        done = cli("models", *verb, *(["--offline"] if how == "option" else []))
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("Causerie was told to stay offline")
        assert done.err.count("\n") == 1
        assert hub.asked() == []
        assert list(profile.rglob("*.gguf*")) == []

    def test_a_hub_that_cannot_be_reached(self, cli, monkeypatch):
        monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
        monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
        done = cli("models", "search", "one")
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("127.0.0.1 cannot be reached.")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals and terminals")
class TestProgram:
    def variables(self, hub):
        return {"HF_ENDPOINT": hub.endpoint}

    def part(self, profile, root):
        path = target(profile, ONE, "One-1B-Q4_K_M.gguf")
        return part_path(path, sha256(root / ONE / path.name))

    def held(self, hub, profile, root, *how):
        """Start a download that stands still in the middle."""
        hub.fault("/cdn/", times=-1, stall=(SIZE // 2, 60))
        program = Program("models", "download", ONE, *how, "--data-dir", profile, **self.variables(hub))
        until(lambda: self.part(profile, root).exists() and self.part(profile, root).stat().st_size == SIZE // 2)
        return program

    def test_ctrl_c_pauses_and_the_same_command_goes_on(self, hub, profile, root):
        program = self.held(hub, profile, root, "--json")
        program.interrupt()
        done = program.wait()
        assert (done.code, done.err) == (1, "")
        assert (done.records[-1]["event"], done.records[-1]["total"]) == ("paused", SIZE)
        assert self.part(profile, root).stat().st_size == SIZE // 2
        [entry] = json.loads((profile / "downloads.json").read_bytes())["entries"]
        assert (entry["download"]["state"], entry["owner"]) == ("paused", "")
        hub.clear()
        again = run("models", "download", ONE, "--json", "--data-dir", profile, **self.variables(hub))
        assert again.code == 0
        assert again.records[-1]["resumed_from"] == SIZE // 2
        assert [one["headers"]["range"] for one in hub.asked("/cdn/")] == [f"bytes={SIZE // 2}-"]

    @pytest.mark.parametrize("number", [signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)])
    def test_the_system_ends_it_and_the_same_command_goes_on(self, hub, profile, root, number):
        program = self.held(hub, profile, root, "--json")
        program.process.send_signal(number)
        done = program.wait()
        assert (done.code, done.err) == (1, "")
        assert done.records[-1]["event"] == "paused"
        [entry] = json.loads((profile / "downloads.json").read_bytes())["entries"]
        assert entry["owner"] == ""
        hub.clear()
        again = run("models", "download", ONE, "--json", "--data-dir", profile, **self.variables(hub))
        assert again.records[-1]["resumed_from"] == SIZE // 2

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux alone has a file that is always full")
    def test_output_without_room_is_told_and_nothing_reported(self, hub, profile):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                command("models", "list", "--data-dir", profile),
                stdout=full,
                stderr=subprocess.PIPE,
                env=environment(),
                check=False,
            )
        assert done.returncode == 1
        assert done.stderr.decode().startswith("The output could not be written: no space left on device.")
        assert list(AppPaths.under(profile).crashes_dir.iterdir()) == []

    def test_ctrl_c_tells_a_person_how_to_go_on(self, hub, profile, root):
        program = self.held(hub, profile, root)
        program.interrupt()
        done = program.wait()
        assert (done.code, done.out) == (1, "")
        assert "The same command goes on from here." in done.err
        assert "Traceback" not in done.err

    def test_ctrl_c_while_the_hub_is_asked(self, hub, profile):
        hub.fault("/api/models", delay=30)
        program = Program("models", "download", ONE, "--data-dir", profile, **self.variables(hub))
        until(lambda: hub.asked("/api/models"))
        program.interrupt()
        done = program.wait()
        assert done.code != 0
        assert "Traceback" not in done.err

    def test_killed_it_goes_on(self, hub, profile, root):
        program = self.held(hub, profile, root)
        program.kill()
        assert program.wait().code == -signal.SIGKILL
        hub.clear()
        again = run("models", "download", ONE, "--json", "--data-dir", profile, **self.variables(hub))
        assert again.code == 0
        assert again.records[-1]["resumed_from"] == SIZE // 2
        assert sorted(path.name for path in (profile / "models" / ONE).iterdir()) == [
            ".causerie.json",
            "One-1B-Q4_K_M.gguf",
        ]

    def test_a_terminal_has_a_line_that_moves(self, hub, profile):
        import pty

        hub.fault("/cdn/", rate=200_000)
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            command("models", "download", ONE, "--data-dir", profile),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=theirs,
            env=environment(**self.variables(hub), COLUMNS="80"),
            start_new_session=True,
        )
        os.close(theirs)
        shown = b""
        try:
            while block := os.read(ours, 4096):
                shown += block
        except OSError:  # Linux's word for the end of a terminal
            pass
        with process:
            assert process.stdout.read().decode() == f"{target(profile, ONE, 'One-1B-Q4_K_M.gguf')}\n"
        os.close(ours)
        assert process.returncode == 0
        lines = shown.decode().split("\r")
        assert sum(" %  [" in line for line in lines) >= 3
        assert all(len(line.rstrip("\n")) < 80 for line in lines if " %  [" in line)


class TestLine:
    def one(self, **values):
        return Download(1, ONE, "c" * 40, "One", "Q4_0", (DownloadFile("x", 8_000_000_000, "a" * 64),), **values)

    def test_all_there_is_to_tell(self):
        one = self.one(state=DownloadState.RUNNING, done=2_000_000_000, speed=12_300_000.0, seconds_left=488.0)
        bar = "######" + "." * 18
        assert progress_line(one, 100) == f" 25 %  [{bar}]  2.0 GB of 8.0 GB  12 MB/s  8 min left"
        assert len(progress_line(one, 40)) == 40

    def test_checking(self):
        one = self.one(state=DownloadState.CHECKING, done=2_000_000_000, checked=500_000_000)
        assert progress_line(one, 100) == "Checking what is there: 500 MB read"

    @pytest.mark.parametrize(
        ("seconds", "text"),
        [(0.2, "0 s"), (59, "59 s"), (61, "1 min"), (3540, "59 min"), (3599, "1 h 0 min"), (11_100, "3 h 5 min")],
    )
    def test_durations(self, seconds, text):
        assert duration_text(seconds) == text
