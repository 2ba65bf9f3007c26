"""Settings: declared once, checked, saved whole, never lost silently."""

import json
from pathlib import Path

import pytest

from desktop_app.core.errors import SettingsError, UsageError
from desktop_app.system.settings import SETTINGS, Setting, Settings, Value


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


@pytest.fixture
def settings(file: Path) -> Settings:
    settings, problem = Settings.load(file)
    assert problem is None
    return settings


def write(file: Path, document: object) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(document if isinstance(document, str) else json.dumps(document))


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_each_declaration_is_sound(setting: Setting) -> None:
    assert setting.checked(setting.default) == setting.default
    assert bool(setting.label) == bool(setting.help) == bool(setting.section)
    if setting.section:
        assert setting.help.endswith(".")
        assert setting.help[0].isupper()
    if type(setting.default) is int:
        assert setting.minimum < setting.maximum
        for value in (setting.minimum - 1, setting.maximum + 1):
            with pytest.raises(UsageError):
                setting.checked(value)
    if setting.choices:
        with pytest.raises(UsageError):
            setting.checked("no such choice")
    for wrong in (None, 1.5, [], {}):
        with pytest.raises(UsageError):
            setting.checked(wrong)


def test_keys_are_declared_once() -> None:
    assert len({setting.key for setting in SETTINGS}) == len(SETTINGS)


def test_without_a_file_there_are_defaults_and_no_file(settings: Settings, file: Path) -> None:
    assert {setting.key: settings[setting.key] for setting in SETTINGS} == {s.key: s.default for s in SETTINGS}
    assert not file.exists()


def test_what_is_set_is_found_again(settings: Settings, file: Path) -> None:
    values: dict[str, Value] = {
        "theme": "dark",
        "zoom": 130,
        "code_wrap": True,
        "system_prompt": "Sois bref.\nÉté ☀ \ud83d",
        "gpu_layers": 0,
    }
    for key, value in values.items():
        settings.set(key, value)
    again, problem = Settings.load(file)
    assert problem is None
    assert {key: again[key] for key in values} == values
    assert (again.text("theme"), again.number("zoom"), again.flag("code_wrap")) == ("dark", 130, True)
    assert again["language"] == "system"


def test_only_what_differs_from_the_defaults_is_written(settings: Settings, file: Path) -> None:
    settings.set("zoom", 120)
    settings.set("theme", "dark")
    settings.reset("theme")
    assert json.loads(file.read_text()) == {"zoom": 120}


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("colour", "red", "setting_unknown"),
        ("zoom", 79, "setting_bounds"),
        ("zoom", 201, "setting_bounds"),
        ("zoom", "100", "setting_type"),
        ("zoom", True, "setting_type"),
        ("code_wrap", 1, "setting_type"),
        ("theme", "pink", "setting_choice"),
        ("theme", 1, "setting_type"),
    ],
)
def test_what_makes_no_sense_is_refused(settings: Settings, file: Path, key: str, value: Value, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        settings.update({"language": "fr", key: value})
    assert caught.value.problem.code == code
    assert settings["language"] == "system"  # all or none
    assert not file.exists()


def test_unknown_settings_cannot_be_read(settings: Settings) -> None:
    with pytest.raises(UsageError):
        settings["colour"]
    with pytest.raises(UsageError):
        settings.reset("colour")


def test_a_typed_reading_of_another_type_is_our_mistake(settings: Settings) -> None:
    for read, key in ((settings.text, "zoom"), (settings.number, "code_wrap"), (settings.flag, "theme")):
        with pytest.raises(TypeError):
            read(key)


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", "null", '{"zoom": 120', "\x00\x01", "[" * 100_000])
def test_a_damaged_file_is_kept_aside_and_told(file: Path, text: str) -> None:
    for number in (1, 2):
        write(file, text)
        settings, problem = Settings.load(file)
        assert problem is not None
        assert problem.code == "settings_damaged"
        aside = file.with_name(f"settings.json.damaged-{number}")
        assert str(aside) in problem.kept
        assert aside.read_text() == text
        assert not file.exists()
        assert settings["zoom"] == 100
    settings.set("zoom", 120)
    assert json.loads(file.read_text()) == {"zoom": 120}


def test_bytes_that_are_no_text_are_kept_aside(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b'{"theme": "\xff"}')
    problem = Settings.load(file)[1]
    assert problem is not None
    assert file.with_name("settings.json.damaged-1").read_bytes() == b'{"theme": "\xff"}'


def test_what_a_newer_version_wrote_is_written_back(file: Path) -> None:
    write(file, {"zoom": 120, "hologram": {"depth": [3]}})
    settings, problem = Settings.load(file)
    assert problem is None
    settings.set("theme", "dark")
    assert json.loads(file.read_text()) == {"zoom": 120, "theme": "dark", "hologram": {"depth": [3]}}


def test_single_values_that_are_refused_are_told_and_kept_until_set_anew(file: Path) -> None:
    write(file, {"zoom": 900, "theme": "sepia", "language": "fr"})
    settings, problem = Settings.load(file)
    assert problem is not None
    assert problem.code == "settings_values"
    assert "Text size" in problem.sentence
    assert "Theme" in problem.sentence
    assert (settings["zoom"], settings["theme"], settings["language"]) == (100, "system", "fr")
    settings.set("zoom", 100)
    assert json.loads(file.read_text()) == {"theme": "sepia", "language": "fr"}


def test_a_file_that_cannot_be_read_is_told_and_not_overwritten(file: Path) -> None:
    file.mkdir(parents=True)
    (file / "mine").write_text("mine")
    settings, problem = Settings.load(file)
    assert problem is not None
    assert problem.code == "settings_unreadable"
    settings.set("zoom", 120)
    assert json.loads(file.read_text()) == {"zoom": 120}
    assert (file.with_name("settings.json.unread-1") / "mine").read_text() == "mine"


def test_a_file_that_cannot_be_written_is_told_and_the_value_holds(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where the folder should be")
    settings = Settings(tmp_path / "config" / "settings.json")
    heard: list[tuple[str, Value]] = []
    settings.listen(lambda key, value: heard.append((key, value)))
    with pytest.raises(SettingsError) as caught:
        settings.set("zoom", 120)
    assert caught.value.problem.code == "settings_not_saved"
    assert settings["zoom"] == 120
    assert heard == [("zoom", 120)]


def test_listeners_hear_changes_and_nothing_else(settings: Settings) -> None:
    heard: list[tuple[str, Value]] = []
    stop = settings.listen(lambda key, value: heard.append((key, value)))
    settings.set("zoom", 120)
    settings.set("zoom", 120)
    settings.update({"theme": "dark", "zoom": 130})
    settings.reset("theme")
    assert heard == [("zoom", 120), ("theme", "dark"), ("zoom", 130), ("theme", "system")]
    stop()
    settings.set("zoom", 140)
    assert len(heard) == 4


def test_a_value_that_does_not_change_is_not_written(settings: Settings, file: Path) -> None:
    settings.set("zoom", 100)
    assert not file.exists()
