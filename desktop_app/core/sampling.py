"""Sampling settings, declared once: type, default, bounds, label and a one-sentence explanation.

The inspector, the command line, the storage and the engine all derive from ``PARAMETERS``.
Names and meanings are llama.cpp's (``llama_sampler_init_*``).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from desktop_app.core.errors import Problem, UsageError

RANDOM_SEED = -1


@dataclass(frozen=True)
class SamplingSettings:
    """How the next token is chosen.

    Attributes:
        temperature: divides the logits; 0 always takes the likeliest token.
        top_k: keep the k likeliest tokens; 0 keeps all.
        top_p: keep the likeliest tokens whose probabilities add up to p; 1 keeps all.
        min_p: keep tokens at least p times as likely as the likeliest; 0 keeps all.
        typical_p: locally typical sampling; 1 keeps all.
        repeat_penalty: divides the logits of recent tokens; 1 changes nothing.
        repeat_last_n: how many recent tokens the penalties look at; -1 is the whole context.
        frequency_penalty: subtracted from a logit once per earlier occurrence.
        presence_penalty: subtracted from a logit once if the token occurred.
        seed: of the random numbers; -1 draws a new one each time.
        max_tokens: longest reply in tokens; 0 has no limit but the context.
        stop: the reply ends before any of these strings.
    """

    temperature: float = 0.7
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    typical_p: float = 1.0
    repeat_penalty: float = 1.0
    repeat_last_n: int = 64
    frequency_penalty: float = 0.0
    presence_penalty: float = 0.0
    seed: int = RANDOM_SEED
    max_tokens: int = 0
    stop: tuple[str, ...] = ()


@dataclass(frozen=True)
class Parameter:
    """One sampling setting as people meet it.

    Attributes:
        key: the field of ``SamplingSettings``.
        minimum, maximum: inclusive bounds.
        step: of the slider; 1 for whole numbers.
        label: the field's usual name.
        help: what it does, in one sentence.
        basic: shown at once rather than under "All samplers".
    """

    key: str
    minimum: float
    maximum: float
    step: float
    label: str
    help: str
    basic: bool = False

    @property
    def whole(self) -> bool:
        """Whether the value is an integer."""
        return isinstance(self.default, int)

    @property
    def default(self) -> float:
        """The value of an untouched conversation."""
        value: float = getattr(_DEFAULTS, self.key)
        return value


_DEFAULTS = SamplingSettings()
MAX_STOP_STRINGS = 16

PARAMETERS: tuple[Parameter, ...] = (
    Parameter(
        "temperature", 0, 2, 0.05, "Temperature", "Low repeats the likeliest words, high takes risks.", basic=True
    ),
    Parameter("top_p", 0, 1, 0.01, "Top-p", "Keep the likeliest words that add up to this probability.", basic=True),
    Parameter("top_k", 0, 200, 1, "Top-k", "Never look beyond this many of the likeliest words; 0 looks at all.", True),
    Parameter("min_p", 0, 1, 0.01, "Min-p", "Drop words much less likely than the likeliest one."),
    Parameter("typical_p", 0.05, 1, 0.01, "Typical-p", "Keep words about as surprising as expected; 1 keeps all."),
    Parameter(
        "repeat_penalty", 1, 2, 0.01, "Repeat penalty", "Make words that appeared recently less likely; 1 is off."
    ),
    Parameter("repeat_last_n", -1, 4096, 1, "Repeat window", "How many recent tokens penalties look at; -1 is all."),
    Parameter(
        "frequency_penalty", -2, 2, 0.05, "Frequency penalty", "Lower a word each time it has already been used."
    ),
    Parameter("presence_penalty", -2, 2, 0.05, "Presence penalty", "Lower a word once it has been used at all."),
    Parameter("seed", -1, 2**31 - 1, 1, "Seed", "The same seed and settings give the same reply; -1 draws a new one."),
    Parameter("max_tokens", 0, 131072, 1, "Max tokens", "Longest reply in tokens; 0 ends only with the context."),
)
BY_KEY: Mapping[str, Parameter] = {parameter.key: parameter for parameter in PARAMETERS}


def changed(settings: SamplingSettings, **values: Any) -> SamplingSettings:
    """Return ``settings`` with some values replaced, after checking their types and bounds.

    Raises:
        UsageError: an unknown name, a wrong type or a value out of bounds.
    """
    checked: dict[str, Any] = {}
    for key, value in values.items():
        if key == "stop":
            checked[key] = _checked_stop(value)
            continue
        parameter = BY_KEY.get(key)
        if parameter is None:
            raise UsageError(Problem("sampling_unknown", f"There is no sampling setting named “{key}”."))
        checked[key] = _checked_number(parameter, value)
    return replace(settings, **checked)


def to_dict(settings: SamplingSettings) -> dict[str, Any]:
    """Return all values as plain JSON types."""
    return {**asdict(settings), "stop": list(settings.stop)}


def overrides(settings: SamplingSettings) -> dict[str, Any]:
    """Return only the values that differ from the defaults, as plain JSON types."""
    return {key: value for key, value in to_dict(settings).items() if value != to_dict(_DEFAULTS)[key]}


def from_dict(values: Mapping[str, Any]) -> SamplingSettings:
    """Read what ``to_dict`` or ``overrides`` wrote; unknown or damaged values keep their defaults."""
    settings = SamplingSettings()
    known = {field.name for field in fields(SamplingSettings)}
    for key, value in values.items():
        if key in known:
            try:
                settings = changed(settings, **{key: value})
            except UsageError:
                continue
    return settings


def _checked_number(parameter: Parameter, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise UsageError(Problem("sampling_type", f"{parameter.label} must be a number."))
    if not parameter.minimum <= value <= parameter.maximum:
        bounds = f"{parameter.minimum:g} to {parameter.maximum:g}"
        raise UsageError(Problem("sampling_bounds", f"{parameter.label} must be from {bounds}, not {value:g}."))
    return int(value) if parameter.whole else float(value)


def _checked_stop(value: Any) -> tuple[str, ...]:
    strings = tuple(value) if isinstance(value, list | tuple) else (value,)
    if not all(isinstance(text, str) and _is_text(text) for text in strings):
        raise UsageError(Problem("sampling_type", "Stop strings must be text."))
    kept = tuple(dict.fromkeys(text for text in strings if text))
    if len(kept) > MAX_STOP_STRINGS:
        raise UsageError(Problem("sampling_bounds", f"There can be at most {MAX_STOP_STRINGS} stop strings."))
    return kept


def _is_text(text: str) -> bool:
    """Whether it has no lone surrogates, for which undecodable bytes on a command line stand."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
