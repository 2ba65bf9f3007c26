"""What Discover lists, as rows: models that a search found, or families of the catalogue."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop_app.core.hub import CatalogueEntry, HubModel, HubQuery, Task, Verdict, likely_size, likely_verdict, verdict
from desktop_app.ui.figures import as_tooltip, size_text
from desktop_app.ui.models import model_facts as facts

Index = QModelIndex | QPersistentModelIndex
RESULT_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Result:
    """A row.

    Attributes:
        sentence: what a family is good at; empty for what a search found.
        verdict_text: in the words that stand in the badge.
    """

    repo: str
    name: str
    maker: str
    licence: str
    parameters: str
    verdict: Verdict
    verdict_text: str
    task: str = ""
    sentence: str = ""
    downloads: str = ""
    modified: str = ""
    gated: bool = False
    tip: str = ""

    @property
    def is_family(self) -> bool:
        """Whether it is one of the catalogue."""
        return bool(self.sentence)


class ResultList(QAbstractListModel):
    """The rows of Discover."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._results: tuple[Result, ...] = ()

    @property
    def results(self) -> tuple[Result, ...]:
        """What is listed."""
        return self._results

    def set_results(self, results: tuple[Result, ...]) -> None:
        """List these; rows that only come after those that are there leave the view where it is."""
        known = len(self._results)
        if known and results[:known] == self._results:
            if len(results) > known:
                self.beginInsertRows(QModelIndex(), known, len(results) - 1)
                self._results = results
                self.endInsertRows()
            return
        self.beginResetModel()
        self._results = results
        self.endResetModel()

    def result(self, index: Index) -> Result | None:
        """Return what stands at an index."""
        return self._results[index.row()] if index.isValid() and index.row() < len(self._results) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._results)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a view or a screen reader asks of a row."""
        result = self.result(index)
        if result is None:
            return None
        if role == RESULT_ROLE:
            return result
        if role == Qt.ItemDataRole.DisplayRole:
            return result.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(result)
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_tooltip("\n".join(part for part in (result.repo, result.tip) if part)).replace("\n", "<br>")
        return None

    def spoken(self, result: Result) -> str:
        """Return a row as a screen reader says it."""
        downloads = self.tr("{n} downloads").replace("{n}", result.downloads) if result.downloads else ""
        updated = self.tr("updated {date}").replace("{date}", result.modified) if result.modified else ""
        size = self.tr("{n} parameters").replace("{n}", result.parameters) if result.parameters != "–" else ""
        parts = (
            *(result.name, result.maker, size, result.licence, result.task, result.sentence),
            *(downloads, updated, self.tr("gated") if result.gated else "", result.verdict_text),
        )
        return ", ".join(part for part in parts if part)


def result_of(model: HubModel, memory_total: int) -> Result:
    """Return the row of a model that a search found.

    Args:
        model: as found.
        memory_total: of this computer in bytes; 0 when not known.
    """
    likely = likely_verdict(model, memory_total)
    return Result(
        repo=model.repo,
        name=model.name,
        maker=model.author,
        licence=facts.licence_text(model.licence),
        parameters=facts.parameters_text(model.parameters),
        verdict=likely,
        verdict_text=facts.verdict_text(likely),
        task=facts.task_text(model.task) if model.task != Task.CHAT else "",  # what nearly all of them are for
        downloads=facts.count_text(model.downloads),
        modified=facts.date_text(model.modified),
        gated=bool(model.gated),
        tip=_usual_size(model.parameters) if likely is not Verdict.UNKNOWN else "",
    )


def family_of(entry: CatalogueEntry, language: str, memory_total: int) -> Result:
    """Return the row of a family of the catalogue, its sentence in a language."""
    one, text = facts.family_verdict(entry, memory_total)
    sentence = entry.sentences.get(language) or entry.sentences.get("en") or entry.repo
    return Result(
        repo=entry.repo,
        name=entry.name,
        maker=entry.maker,
        licence=facts.licence_text(entry.licence),
        parameters=facts.sizes_text(entry.sizes),
        verdict=one,
        verdict_text=text,
        task=facts.task_text(entry.task.value),
        sentence=sentence,
    )


def _usual_size(parameters: int) -> str:
    text = QCoreApplication.translate("ResultRows", "At Q4_K_M, a file of this many parameters has about {size}.")
    return text.replace("{size}", size_text(likely_size(parameters)))


def fitting_families(
    entries: Iterable[CatalogueEntry], query: HubQuery, memory_total: int
) -> tuple[CatalogueEntry, ...]:
    """Return the families that a search means, in the catalogue's order."""
    return tuple(entry for entry in entries if _is_meant(entry, query, memory_total))


def _is_meant(entry: CatalogueEntry, query: HubQuery, memory_total: int) -> bool:
    text = " ".join((entry.name, entry.maker, entry.repo, entry.licence, *entry.sentences.values())).casefold()
    most = query.parameters_to or float("inf")
    sizes = [size for size in entry.sizes if query.parameters_from <= size <= most]
    if query.fits:
        sizes = [size for size in sizes if verdict(likely_size(round(size * 1e9)), memory_total) is Verdict.FITS]
    listed_licence = query.licence in ("", entry.licence)
    return (
        all(word in text for word in query.text.casefold().split())
        and query.task in (Task.ANY, entry.task)
        and bool(sizes)
        and listed_licence
        and (not query.language or query.language in entry.languages)
    )
