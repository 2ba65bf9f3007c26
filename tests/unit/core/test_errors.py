"""Errors that a person meets say what happened, what was kept and what to do."""

import inspect

import pytest

from desktop_app.core import errors
from desktop_app.core.errors import BugError, CauserieError, KnownError, Problem

KNOWN = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, KnownError)]


def test_a_problem_reads_in_order_and_leaves_out_what_is_empty() -> None:
    whole = Problem("code", "It broke.", "All was kept.", "Try again.", "line 1\nline 2")
    assert str(whole) == "It broke. All was kept. Try again."
    assert str(Problem("code", "It broke.", action="Try again.")) == "It broke. Try again."
    assert str(Problem("code", "It broke.")) == "It broke."


def test_technical_lines_are_never_shown_by_accident() -> None:
    problem = Problem("code", "It broke.", detail="/home/someone/secret")
    assert "secret" not in f"{problem} {problem!r}"


@pytest.mark.parametrize("kind", KNOWN, ids=lambda kind: kind.__name__)
def test_a_known_error_carries_its_problem(kind: type[KnownError]) -> None:
    problem = Problem("code", "It broke.", "All was kept.", "Try again.")
    with pytest.raises(KnownError, match=r"It broke\. All was kept\. Try again\.") as caught:
        raise kind(problem)
    assert caught.value.problem is problem


def test_a_bug_is_no_known_error() -> None:
    assert issubclass(BugError, CauserieError)
    assert not issubclass(BugError, KnownError)
    assert len(KNOWN) >= 6
