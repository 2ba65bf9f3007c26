"""What is said above the list while the Hub is searched."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop_app.core.errors import Problem
from desktop_app.core.hub import HubModel, HubQuery
from desktop_app.ui.figures import grouped


@dataclass(frozen=True)
class Found:
    """What a search of the Hub has brought.

    Attributes:
        models: of all pages so far.
        more: whether there are further pages.
        problem: why the latest page did not come.
    """

    query: HubQuery
    models: tuple[HubModel, ...] = ()
    more: bool = False
    problem: Problem | None = None


def _tr(text: str) -> str:
    return QCoreApplication.translate("BrowseTexts", text)


def summary_text(found: Found | None, *, waits: bool, comes: bool) -> str:
    """Return what a search has brought, in one line.

    Args:
        found: what is listed; None before anything is.
        waits: the Hub is being asked anew.
        comes: the next page is on its way.
    """
    if waits or found is None:
        return _tr("Searching the Hub…")
    count = grouped(len(found.models))
    if comes:
        return _tr("{n} models, more are coming…").replace("{n}", count)
    if found.problem is not None:
        return _tr("{n} models. {problem}").replace("{n}", count).replace("{problem}", found.problem.sentence)
    if found.more:
        return _tr("{n} models, and more at the end of the list.").replace("{n}", count)
    return _tr("1 model.") if len(found.models) == 1 else _tr("{n} models.").replace("{n}", count)
