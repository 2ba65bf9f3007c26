"""Prints the whole table of faults: ``python -m tests.faults.table``."""

import sys

from tests.faults.cases import CASES, Row, play
from tests.faults.scene import SIZE, Outcome, say


def main() -> int:
    """Play every case and print it; 1 when one did not end as it must."""
    rows = []
    say("fault | what happened | state of the file | the next try\n--- | --- | --- | ---")
    for case in CASES:
        row = play(case)
        rows.append(row)
        say(f"{case.fault} | {happened(row)} | {state(row.first)} | {then(row)}")
    wrong = [row for row in rows if problem_of(row)]
    impossible = sum(bool(row.first.impossible) for row in rows)
    say(f"\n{len(rows)} faults, {len(wrong)} not as they must be, {impossible} not possible on this system.")
    for row in wrong:
        say(f"{row.case.fault}: {problem_of(row)}")
    return 1 if wrong else 0


def happened(row: Row) -> str:
    """Return what came of the first transfer."""
    first = row.first
    if first.impossible:
        return f"not possible here: {first.impossible}"
    if first.code == "complete":
        return f"complete after {row.tries} {'try' if row.tries == 1 else 'tries'}"
    return f"{first.code}: {first.sentence}" if first.sentence else first.code


def state(outcome: Outcome) -> str:
    """Return the state of the file."""
    return f"partial, {outcome.size:,} of {SIZE:,} bytes, all right" if outcome.state == "partial" else outcome.state


def then(row: Row) -> str:
    """Return what came of the transfer after the fault."""
    if row.first.impossible:
        return ""
    if row.again.code != "complete":
        return row.again.code
    return f"complete, {row.again.resumed_from:,} bytes were there" if row.again.resumed_from else "complete"


def problem_of(row: Row) -> str:
    """Say what is wrong with a row; empty when nothing is."""
    case, first, again = row.case, row.first, row.again
    if first.impossible:
        return ""
    if (first.code, first.state) != (case.code, case.state):
        return f"{first.code}, {first.state}; {case.code}, {case.state} was expected: {first.sentence}"
    if again.code != case.again or again.state != ("complete" if again.code == "complete" else "absent"):
        return f"the next try: {again.code}, {again.state}: {again.sentence}"
    if case.state == "partial" and (not first.size or again.resumed_from < first.size):
        return f"{again.resumed_from} of {first.size} bytes were used again"
    return ""


if __name__ == "__main__":
    sys.exit(main())
