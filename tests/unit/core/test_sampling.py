"""Sampling settings: declared once, checked, written and read."""

import json
import math
from dataclasses import fields
from typing import Any

import pytest

from desktop_app.core.errors import UsageError
from desktop_app.core.sampling import (
    BY_KEY,
    MAX_STOP_STRINGS,
    PARAMETERS,
    Parameter,
    SamplingSettings,
    changed,
    from_dict,
    overrides,
    to_dict,
)

DEFAULTS = SamplingSettings()


def test_every_field_but_the_stop_strings_is_declared_once() -> None:
    assert [parameter.key for parameter in PARAMETERS] == list(BY_KEY)
    assert {field.name for field in fields(SamplingSettings)} == {*BY_KEY, "stop"}


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.key)
def test_each_declaration_is_sound(parameter: Parameter) -> None:
    assert parameter.minimum <= parameter.default <= parameter.maximum
    assert parameter.step > 0
    assert parameter.whole == isinstance(getattr(DEFAULTS, parameter.key), int)
    assert not parameter.whole or parameter.step == int(parameter.step)
    assert parameter.label
    assert parameter.help.endswith(".")


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.key)
def test_bounds_are_inclusive_and_kept(parameter: Parameter) -> None:
    for value in (parameter.minimum, parameter.maximum):
        got = getattr(changed(DEFAULTS, **{parameter.key: value}), parameter.key)
        assert got == value
        assert isinstance(got, int if parameter.whole else float)
    for value in (parameter.minimum - 0.5, parameter.maximum + 0.5, math.inf, -math.inf):
        with pytest.raises(UsageError) as caught:
            changed(DEFAULTS, **{parameter.key: value})
        assert caught.value.problem.code == "sampling_bounds"
        assert parameter.label in caught.value.problem.sentence


@pytest.mark.parametrize("value", ["1", None, True, math.nan, [1], {}])
def test_only_numbers_are_numbers(value: Any) -> None:
    for key in ("temperature", "top_k"):
        with pytest.raises(UsageError) as caught:
            changed(DEFAULTS, **{key: value})
        assert caught.value.problem.code == "sampling_type"


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(UsageError, match="heat"):
        changed(DEFAULTS, heat=1)


def test_a_refused_value_refuses_all_and_changes_nothing() -> None:
    before = SamplingSettings()
    with pytest.raises(UsageError):
        changed(before, temperature=1.0, top_p=7)
    assert before == DEFAULTS
    assert changed(before, temperature=1, top_p=0.5) == SamplingSettings(temperature=1.0, top_p=0.5)


@pytest.mark.parametrize(
    ("value", "stop"),
    [
        ("END", ("END",)),
        ("", ()),
        (["a", "", "b", "a"], ("a", "b")),
        (("\n\n",), ("\n\n",)),
        ([str(number) for number in range(MAX_STOP_STRINGS)], tuple(str(n) for n in range(MAX_STOP_STRINGS))),
    ],
)
def test_stop_strings(value: Any, stop: tuple[str, ...]) -> None:
    assert changed(DEFAULTS, stop=value).stop == stop


@pytest.mark.parametrize("value", [[1], None, [None], [str(number) for number in range(MAX_STOP_STRINGS + 1)]])
def test_refused_stop_strings(value: Any) -> None:
    with pytest.raises(UsageError):
        changed(DEFAULTS, stop=value)


def test_what_is_written_is_read() -> None:
    settings = SamplingSettings(temperature=0.0, top_k=1, seed=2**31 - 1, stop=("a", "b"), max_tokens=5)
    for write in (to_dict, overrides):
        assert from_dict(json.loads(json.dumps(write(settings)))) == settings
    assert overrides(DEFAULTS) == {}
    assert overrides(settings) == {
        "temperature": 0.0,
        "top_k": 1,
        "seed": 2**31 - 1,
        "stop": ["a", "b"],
        "max_tokens": 5,
    }


def test_what_cannot_be_used_keeps_its_default() -> None:
    assert from_dict({"temperature": 99, "top_k": "many", "heat": 1, "stop": [1], "top_p": 0.5}) == SamplingSettings(
        top_p=0.5
    )
