"""The transcript's pure decisions: rows, columns, the arrangement of buttons, sentences, colours of code."""

import pytest
from PySide6.QtWidgets import QApplication

from desktop_app.core.conversation import FinishReason, MessageState, Role, Statistics
from desktop_app.core.markdown import parse
from desktop_app.ui.highlight import ROLES, Highlighter, colours, lexer_for
from desktop_app.ui.theme import DARK, LIGHT, Palette
from desktop_app.ui.transcript.actions import arrange
from desktop_app.ui.transcript.item import TranscriptItem, note_for, reasoning_label
from desktop_app.ui.transcript.rows import rows_of
from desktop_app.ui.transcript.table_box import column_widths
from desktop_app.ui.transcript.text_leaf import is_right_to_left, slice_units, units
from desktop_app.ui.transcript_items import statistics_texts


def test_lists_become_rows_with_markers_and_indents() -> None:
    rows = rows_of(parse("- a\n  1. b\n  2. c\n- [x] d"))
    assert [(row.marker, row.indent, row.checked) for row in rows] == [
        ("•", 24, None),
        ("1.", 48, None),
        ("2.", 48, None),
        ("•", 24, True),
    ]
    assert rows[0].gap == 0
    assert {row.gap for row in rows[1:]} == {4}


def test_long_numbers_get_more_room() -> None:
    rows = rows_of(parse("99. a\n100. b"))
    assert {row.indent for row in rows} == {34}


def test_quotes_become_bars_that_go_on_over_the_gaps() -> None:
    rows = rows_of(parse("> a\n>\n> b\n>\n> > c\n\nafter"))
    assert [row.bars for row in rows] == [(0,), (0,), (0, 16), ()]
    assert [row.joined for row in rows] == [0, 1, 1, 0]


def test_an_item_that_begins_with_code_keeps_its_marker() -> None:
    rows = rows_of(parse("- ```\n  x\n  ```"))
    assert [row.marker for row in rows] == ["•", ""]


@pytest.mark.parametrize(
    ("natural", "available", "floors", "expected"),
    [
        ([100, 50], 400, [50, 50], [100, 50]),
        ([300, 100], 300, [50, 50], [200, 100]),
        ([300, 300], 300, [50, 50], [150, 150]),
        ([300, 300], 100, [90, 90], [90, 90]),
        ([500, 300, 20], 420, [50, 50, 20], [200, 200, 20]),
    ],
)
def test_columns_share_the_room(
    natural: list[float], available: float, floors: list[float], expected: list[float]
) -> None:
    assert column_widths(natural, available, floors) == pytest.approx(expected, abs=1)


def test_buttons_wrap() -> None:
    assert arrange([50, 50, 50], 120) == [(0, 0), (50, 0), (0, 1)]
    assert arrange([200, 50], 100) == [(0, 0), (0, 1)]
    assert arrange([], 100) == []


def item(**others: object) -> TranscriptItem:
    return TranscriptItem(**{"message_id": 1, "role": Role.ASSISTANT, "content": "x", **others})


@pytest.mark.parametrize(
    ("shown", "note"),
    [
        (item(), ""),
        (item(finish_reason=FinishReason.STOP), ""),
        (item(finish_reason=FinishReason.CANCELLED), "Stopped"),
        (item(finish_reason=FinishReason.LENGTH), "Cut at the token limit"),
        (item(finish_reason=FinishReason.CONTEXT_FULL), "Cut because the context is full"),
        (item(state=MessageState.INTERRUPTED), "Interrupted: the program ended while this was being written"),
        (item(state=MessageState.FAILED, error="No."), ""),
        (item(state=MessageState.STREAMING, finish_reason=FinishReason.LENGTH), ""),
    ],
)
def test_how_a_reply_ended_is_said(qapp: QApplication, shown: TranscriptItem, note: str) -> None:
    assert note_for(shown) == note


@pytest.mark.parametrize(
    ("seconds", "label"),
    [(None, "Reasoning"), (0.2, "Thought for 1 s"), (3.4, "Thought for 3 s"), (125.0, "Thought for 2 min 5 s")],
)
def test_reasoning_says_how_long_it_took(qapp: QApplication, seconds: float | None, label: str) -> None:
    assert reasoning_label(item(reasoning="r", reasoning_seconds=seconds)) == label


def test_positions_count_as_qt_counts() -> None:
    text = "a😀b"
    assert units(text) == 4
    assert slice_units(text, 1, 3) == "😀"
    assert slice_units("abc", 1, 2) == "b"


def test_the_direction_is_that_of_the_first_letter() -> None:
    assert is_right_to_left("שלום world")
    assert is_right_to_left("123 مرحبا")
    assert not is_right_to_left("world שלום")
    assert not is_right_to_left("123")


# Code.


def lexed(highlighter: Highlighter) -> None:
    while not highlighter.is_done:
        highlighter.advance(0.001)


def luminance(colour: str) -> float:
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_of_code_can_be_read(palette: Palette) -> None:
    ground = luminance(palette.code)
    for role, colour in colours(palette).items():
        low, high = sorted((ground, luminance(colour)))
        assert (high + 0.05) / (low + 0.05) >= 4.5, role
    assert {role for _, role in ROLES} == set(colours(palette))


def test_code_is_coloured_by_lines() -> None:
    highlighter = Highlighter("python")
    highlighter.set_lines(['x = "a"  # note', "def f(): pass"], is_growing=False)
    lexed(highlighter)
    assert (4, 3, "string") in joined(highlighter.runs(0))
    assert (9, 6, "comment") in highlighter.runs(0)
    assert (0, 3, "keyword") in highlighter.runs(1)
    assert highlighter.runs(99) == ()


def test_the_last_line_is_coloured_too() -> None:
    highlighter = Highlighter("diff")
    highlighter.set_lines(["- a", "+ b"], is_growing=False)
    lexed(highlighter)
    assert [highlighter.runs(n)[0][2] for n in range(2)] == ["deleted", "string"]


def joined(runs: tuple[tuple[int, int, str], ...]) -> list[tuple[int, int, str]]:
    whole: list[tuple[int, int, str]] = []
    for start, length, role in runs:
        if whole and whole[-1][2] == role and whole[-1][0] + whole[-1][1] == start:
            whole[-1] = (whole[-1][0], whole[-1][1] + length, role)
        else:
            whole.append((start, length, role))
    return whole


def test_growing_code_ends_with_the_colours_of_the_whole() -> None:
    lines = ["def f():", '    """Text', "    of two lines.", '    """', "    return 1", "", "x = f()"] * 5
    growing = Highlighter("python")
    for count in range(1, len(lines) + 1):
        growing.set_lines(lines[:count], is_growing=True)
        lexed(growing)
    growing.set_lines(lines, is_growing=False)
    lexed(growing)
    whole = Highlighter("python")
    whole.set_lines(lines, is_growing=False)
    lexed(whole)
    assert [growing.runs(n) for n in range(len(lines))] == [whole.runs(n) for n in range(len(lines))]
    assert any(growing.runs(n) for n in range(len(lines)))


def test_colours_stay_while_the_end_is_being_written() -> None:
    highlighter = Highlighter("python")
    highlighter.set_lines(["x = 1", "y"], is_growing=True)
    lexed(highlighter)
    first = highlighter.runs(0)
    assert first
    highlighter.set_lines(["x = 1", "y = 2", ""], is_growing=True)
    assert highlighter.runs(0) == first
    lexed(highlighter)
    assert highlighter.runs(0) == first
    assert highlighter.runs(1)


def test_unknown_languages_and_enormous_code_stay_plain() -> None:
    assert lexer_for("no such language") is None
    assert lexer_for("") is None
    assert lexer_for("rs") is not None
    for language, lines in (("nonsense", ["x = 1"]), ("python", ["x" * 10_000]), ("python", ["x = 1"] * 100_000)):
        highlighter = Highlighter(language)
        highlighter.set_lines(lines, is_growing=False)
        assert highlighter.is_done
        assert highlighter.runs(0) == ()


def test_a_reply_without_a_token_has_no_figures() -> None:
    assert statistics_texts(None) == ()
    assert statistics_texts(Statistics(prompt_tokens=9, prompt_seconds=0.2)) == ()
    told = statistics_texts(Statistics(completion_tokens=10, generation_seconds=2.0, time_to_first_token=0.5))
    assert told == ("5.0 tok/s", "first token 0.5 s")
