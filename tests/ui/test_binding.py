"""The Qt binding itself, on this Python."""

import sys

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

CALLS = 1000


def test_calls_do_not_wear_out_none(qtbot: QtBot) -> None:
    """A call that returns None gives its caller a reference to None.

    PySide6 6.12.0 on Python 3.11 does not: each such call takes one reference away, and after some ten thousand of
    them the interpreter aborts ("none_dealloc: deallocating None"). From Python 3.12 on None cannot be deallocated.
    """
    thing = QObject()
    before = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(CALLS):
        thing.setObjectName("name")
        thing.parent()
        thing.blockSignals(False)
    after = sys.getrefcount(None), sys.getrefcount(True)
    assert abs(after[0] - before[0]) < CALLS / 10
    assert abs(after[1] - before[1]) < CALLS / 10
