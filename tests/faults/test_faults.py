"""Whatever happens, a file is absent, partial and named so, or complete and verified; and the next try brings it."""

import pytest

from tests.faults.cases import CASES, Case, play
from tests.faults.table import problem_of


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.fault)
def test_fault(case: Case) -> None:
    row = play(case)
    if row.first.impossible:
        pytest.skip(row.first.impossible)
    assert problem_of(row) == ""


def test_no_fault_is_listed_twice() -> None:
    assert len({case.fault for case in CASES}) == len(CASES) > 60
