"""What is typed, made into an expression; what is found, taken apart."""

import pytest

from desktop_app.core.search import MATCH_END, MATCH_START, MAX_TERMS, match_expression, snippet_parts


@pytest.mark.parametrize(
    ("query", "expression"),
    [
        ("", ""),
        ("  ", ""),
        ("token", '"token"*'),
        ("two words", '"two" "words"*'),
        ('"two words"', '"two words"'),
        ('"two words" more', '"two words" "more"*'),
        ('more "two words"', '"more" "two words"'),
        ('one" two', '"one" "two"*'),
        ('"a b" c" d', '"a b" "c" "d"*'),
        ("“two words”", '"two words"'),
        ("« deux mots »", '" deux mots "'),
        ("a AND b", '"a" "AND" "b"*'),
        ("col:x^2*", '"col:x^2*"*'),
        ("- * ^", ""),
        ("token -", '"token"*'),
        ("l'été", '"l\'été"*'),
        ("a\0b", '"a" "b"*'),
    ],
)
def test_expressions(query: str, expression: str) -> None:
    assert match_expression(query) == expression


def test_an_expression_has_a_bounded_number_of_terms() -> None:
    assert match_expression("word " * 1000).count("word") == MAX_TERMS


@pytest.mark.parametrize(
    ("snippet", "parts"),
    [
        ("", []),
        ("plain", [("plain", False)]),
        ("a [b] c", [("a ", False), ("b", True), (" c", False)]),
        ("[b][c]", [("b", True), ("c", True)]),
        ("a [b", [("a b", False)]),
        ("a] b", [("a b", False)]),
    ],
)
def test_parts_of_a_snippet(snippet: str, parts: list[tuple[str, bool]]) -> None:
    marked = snippet.replace("[", MATCH_START).replace("]", MATCH_END)
    assert list(snippet_parts(marked)) == parts
