"""Settings, declared once in ``SETTINGS``: the dialog, the file and the checks all derive from that table."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from desktop_app.core.errors import Problem, SettingsError, UsageError
from desktop_app.core.model import LoadOptions
from desktop_app.system.files import first_free, write_atomically

Value = str | int | bool
Listener = Callable[[str, Value], None]


@dataclass(frozen=True)
class Setting:
    """One setting.

    Attributes:
        key: its name in the file and in the program.
        default: its type is the setting's type.
        label: what the dialog calls it.
        help: what it does, in one sentence or two.
        section: where the dialog shows it; "" for what the window remembers by itself.
        minimum, maximum: inclusive bounds of a number.
        step: of a number's field.
        unit: behind a number.
        choices: allowed texts, each with its label; empty allows any text.
        long: a text of several lines.
    """

    key: str
    default: Value
    label: str = ""
    help: str = ""
    section: str = ""
    minimum: int = 0
    maximum: int = 0
    step: int = 1
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    long: bool = False

    def checked(self, value: object) -> Value:
        """Return the value if it is one of this setting's; raise UsageError otherwise."""
        if not isinstance(value, str | int | bool) or type(value) is not type(self.default):
            kind = {str: "text", int: "a whole number", bool: "on or off"}[type(self.default)]
            raise UsageError(Problem("setting_type", f"{self._name} must be {kind}."))
        if self.choices and value not in dict(self.choices):
            names = ", ".join(name for name, _ in self.choices)
            raise UsageError(Problem("setting_choice", f"{self._name} must be one of: {names}."))
        if type(value) is int and not self.minimum <= value <= self.maximum:
            bounds = f"{self.minimum} to {self.maximum}"
            raise UsageError(Problem("setting_bounds", f"{self._name} must be from {bounds}, not {value}."))
        return value

    @property
    def _name(self) -> str:
        return self.label or self.key


APPEARANCE = "Appearance"
WRITING = "Writing"
MODEL = "Model"
NETWORK = "Network"

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "theme",
        "system",
        "Theme",
        "Light, dark, or whatever the rest of your computer uses.",
        APPEARANCE,
        choices=(("system", "Like the system"), ("light", "Light"), ("dark", "Dark")),
    ),
    Setting(
        "zoom",
        100,
        "Text size",
        "Makes everything in the window larger or smaller.",
        APPEARANCE,
        minimum=80,
        maximum=200,
        step=10,
        unit="%",
    ),
    Setting(
        "language",
        "system",
        "Language",
        "The language of the window. It does not change the language a model answers in.",
        APPEARANCE,
        choices=(("system", "Like the system"), ("en", "English"), ("fr", "Français")),
    ),
    Setting(
        "code_wrap",
        False,
        "Wrap long lines of code",
        "Long lines continue on the next one instead of being scrolled sideways.",
        APPEARANCE,
    ),
    Setting(
        "send_key",
        "enter",
        "Send with",
        "The key that sends your message; Shift+Enter always starts a new line.",
        WRITING,
        choices=(("enter", "Enter"), ("ctrl_enter", "Ctrl+Enter")),
    ),
    Setting(
        "system_prompt",
        "",
        "System prompt",
        "What a model is told before each new conversation. You can change it for one conversation in its side panel.",
        WRITING,
        long=True,
    ),
    Setting(
        "model",
        "",
        "Model at start",
        "The model file that is loaded when Causerie opens. Empty loads the starter model.",
        MODEL,
    ),
    Setting(
        "context_limit",
        8192,
        "Context",
        "How much of a conversation the model can look back on. More needs more memory; "
        "a model never gets more than it was trained for.",
        MODEL,
        minimum=512,
        maximum=131072,
        step=512,
        unit="tokens",
    ),
    Setting(
        "threads",
        0,
        "Processor threads",
        "How many processor cores work on a reply; 0 lets Causerie choose.",
        MODEL,
        minimum=0,
        maximum=512,
    ),
    Setting(
        "gpu_layers",
        -1,
        "Layers on the graphics card",
        "How much of the model runs on the graphics card; -1 lets Causerie choose, 0 uses the processor alone.",
        MODEL,
        minimum=-1,
        maximum=1000,
    ),
    Setting(
        "online",
        False,
        "Allow connections to the Hub",
        "Off, Causerie opens no connection at all. Discover and downloads need it; conversations never do.",
        NETWORK,
    ),
    Setting(
        "hub_endpoint",
        "",
        "Address of the Hub",
        "A mirror of the Hugging Face Hub. Empty uses the Hub itself. Your token is sent to this address.",
        NETWORK,
    ),
    Setting(
        "proxy",
        "",
        "Proxy",
        "The address of a proxy, such as http://proxy:3128. Empty uses what the rest of your computer uses.",
        NETWORK,
    ),
    Setting(
        "download_limit",
        0,
        "Speed limit of downloads",
        "Leaves some of your connection to others; 0 sets no limit.",
        NETWORK,
        minimum=0,
        maximum=100_000,
        unit="MB/s",
    ),
    Setting("models_folder", ""),
    Setting("sidebar_visible", True),
    Setting("sidebar_width", 272, minimum=160, maximum=800),
    Setting("inspector_visible", True),
    Setting("inspector_width", 304, minimum=200, maximum=800),
    Setting("window_geometry", ""),
)
BY_KEY: Mapping[str, Setting] = MappingProxyType({setting.key: setting for setting in SETTINGS})


class Settings:
    """The settings of one profile, in memory and in their file.

    What the file holds beyond our settings, from a newer version perhaps, is written back unchanged; so is a value
    that this version refuses, until the setting is set anew. Use it from one thread.
    """

    def __init__(self, path: Path) -> None:
        """Take the defaults. ``load`` reads the file."""
        self.path = path
        self._values: dict[str, Value] = {}
        self._foreign: dict[str, Any] = {}
        self._listeners: list[Listener] = []
        self._unread = False

    @classmethod
    def load(cls, path: Path) -> tuple["Settings", Problem | None]:
        """Read the settings at ``path``; without a file they are the defaults.

        A damaged file is kept aside. The second value says what is to be told about that, or about single values
        that could not be used.
        """
        settings = cls(path)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return settings, None
        except OSError as error:
            settings._unread = True
            return settings, _unreadable(path, error)
        try:
            document = json.loads(data)
            if not isinstance(document, dict):
                raise ValueError("not an object")
        except (ValueError, RecursionError) as error:
            return settings, _set_aside(path, error)
        return settings, settings._take(document)

    def __getitem__(self, key: str) -> Value:
        """Return the value of a setting; UsageError for an unknown one."""
        return self._values.get(key, setting(key).default)

    def text(self, key: str) -> str:
        """Return the value of a text setting."""
        value = self[key]
        if not isinstance(value, str):
            raise TypeError(key)
        return value

    def number(self, key: str) -> int:
        """Return the value of a number setting."""
        value = self[key]
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(key)
        return value

    def flag(self, key: str) -> bool:
        """Return the value of an on-or-off setting."""
        value = self[key]
        if not isinstance(value, bool):
            raise TypeError(key)
        return value

    def set(self, key: str, value: Value) -> None:
        """Change a setting, save the file and tell the listeners.

        Raises:
            UsageError: unknown key or refused value; nothing has changed.
            SettingsError: the file could not be written; the value holds until the program ends.
        """
        self.update({key: value})

    def reset(self, key: str) -> None:
        """Go back to a setting's default."""
        self.set(key, setting(key).default)

    def update(self, values: Mapping[str, Value]) -> None:
        """Change several settings, all or none, and save once. Raises like ``set``."""
        checked = {key: setting(key).checked(value) for key, value in values.items()}
        changed = {key: value for key, value in checked.items() if value != self[key] or key in self._foreign}
        if not changed:
            return
        for key, value in changed.items():
            self._foreign.pop(key, None)
            self._values[key] = value
        try:
            self._save()
        finally:
            for key, value in changed.items():
                for listener in tuple(self._listeners):
                    listener(key, value)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener(key, value)`` after each change; the returned function ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _take(self, document: dict[str, Any]) -> Problem | None:
        refused: list[str] = []
        for key, value in document.items():
            try:
                self._values[key] = setting(key).checked(value)
            except UsageError as error:
                self._foreign[key] = value
                if key in BY_KEY:
                    refused.append(error.problem.sentence)
        if not refused:
            return None
        return Problem(
            "settings_values",
            f"Some settings could not be used. {' '.join(refused)}",
            "Their defaults are used; the other settings are as you left them.",
            "Choose them anew in the settings.",
        )

    def _save(self) -> None:
        """Write only what differs from the defaults, so that a later version may improve a default."""
        own = {key: value for key, value in self._values.items() if value != setting(key).default}
        text = json.dumps({**self._foreign, **own}, ensure_ascii=True, indent=2, sort_keys=True)
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._unread:  # it exists, but nobody knows what it holds
                self.path.replace(first_free(self.path, "unread"))
                self._unread = False
            write_atomically(self.path, f"{text}\n".encode())
        except OSError as error:
            raise SettingsError(
                Problem(
                    "settings_not_saved",
                    f"Your settings could not be saved: {(error.strerror or str(error)).lower()}.",
                    "The change holds until you close Causerie, and the file of settings is as it was.",
                    f"Make sure that there is space and that writing is allowed in {self.path.parent}.",
                    str(error),
                )
            ) from error


def setting(key: str) -> Setting:
    """Return the declaration of a setting; UsageError for an unknown one."""
    try:
        return BY_KEY[key]
    except KeyError:
        raise UsageError(Problem("setting_unknown", f"There is no setting named “{key}”.")) from None


def _unreadable(path: Path, error: OSError) -> Problem:
    return Problem(
        "settings_unreadable",
        f"Your settings could not be read: {(error.strerror or str(error)).lower()}.",
        "The defaults are used, and the file was left as it is.",
        f"Allow Causerie to read {path}.",
        str(error),
    )


def _set_aside(path: Path, error: Exception) -> Problem:
    aside = first_free(path, "damaged")
    try:
        path.replace(aside)
    except OSError as failure:
        return _unreadable(path, failure)
    return Problem(
        "settings_damaged",
        "The file of your settings was damaged, so Causerie starts with the defaults.",
        f"The damaged file was kept: {aside}.",
        "Look through your settings once.",
        str(error),
    )


def load_options(settings: Settings, context_length: int = 0) -> LoadOptions:
    """Return how the settings want models to be loaded; a context length given here goes before theirs."""
    return LoadOptions(
        context_length=context_length,
        context_limit=settings.number("context_limit"),
        threads=settings.number("threads"),
        gpu_layers=settings.number("gpu_layers"),
    )
