"""What of a model can be downloaded, as rows: each quantization with its size, and how it stands on this computer."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum, auto
from pathlib import Path, PurePosixPath
from typing import Any

from PySide6.QtCore import QAbstractListModel, QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop_app.core.downloads import Download, DownloadState
from desktop_app.core.hub import Choice, HubDetails, HubFile, Verdict, recommended, verdict
from desktop_app.core.model import ShelfModel
from desktop_app.core.speed import active_share
from desktop_app.ui.figures import as_tooltip, size_text
from desktop_app.ui.models import model_facts as facts

Index = QModelIndex | QPersistentModelIndex
CHOICE_ROLE = Qt.ItemDataRole.UserRole


def _tr(text: str) -> str:
    return QCoreApplication.translate("ChoiceRows", text)


class Standing(Enum):
    """Where a choice stands."""

    FREE = auto()  # to be downloaded
    COMING = auto()
    STOPPED = auto()  # by an error; asking for it again goes on
    HERE = auto()


@dataclass(frozen=True)
class ChoiceRow:
    """A row.

    Attributes:
        speed: predicted, in words; empty while it cannot be told.
        note: what comes with it, such as several files or a projector.
        state: where it stands, in words; empty while it is free.
        best: whether it is the one that is recommended.
        why: a sentence about what stopped it.
    """

    choice: Choice
    size: str
    bits: str
    note: str
    verdict: Verdict
    verdict_text: str
    best: bool
    speed: str = ""
    standing: Standing = Standing.FREE
    state: str = ""
    why: str = ""

    @property
    def label(self) -> str:
        """The quantization, or the file's name where there is none."""
        return self.choice.label


class ChoiceList(QAbstractListModel):
    """The rows of a model's page, the largest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[ChoiceRow] = []

    @property
    def rows(self) -> tuple[ChoiceRow, ...]:
        """What is listed."""
        return tuple(self._rows)

    def set_rows(self, rows: Iterable[ChoiceRow]) -> None:
        """List these; the same choices keep their places and the keyboard."""
        new = list(rows)
        if [one.choice for one in new] != [one.choice for one in self._rows]:
            self.beginResetModel()
            self._rows = new
            self.endResetModel()
            return
        for number, row in enumerate(new):
            if row != self._rows[number]:
                self._rows[number] = row
                index = self.index(number)
                self.dataChanged.emit(index, index)

    def row(self, index: Index) -> ChoiceRow | None:
        """Return what stands at an index."""
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a view or a screen reader asks of a row."""
        row = self.row(index)
        if row is None:
            return None
        if role == CHOICE_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.label
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_tooltip(row.why or self._hint(row))
        return None

    def spoken(self, row: ChoiceRow) -> str:
        """Return a row as a screen reader says it."""
        bits = self.tr("{n} bits per weight").replace("{n}", row.bits) if row.bits != "–" else ""
        best = self.tr("recommended") if row.best else ""
        todo = row.state or self.tr("Enter downloads it")
        said = (row.label, best, row.size, bits, row.note, row.speed, row.verdict_text, todo)
        return ", ".join(one for one in said if one)

    def _hint(self, row: ChoiceRow) -> str:
        if row.standing is Standing.HERE:
            return self.tr("{name} is on the shelf.").replace("{name}", row.label)
        if row.standing is Standing.COMING:
            return self.tr("Show the downloads")
        text = self.tr("Download {name}, {size}")
        return text.replace("{name}", row.label).replace("{size}", size_text(row.choice.download_size))


def rows_of(details: HubDetails, memory_total: int, bandwidth: float = 0.0) -> list[ChoiceRow]:
    """Return the rows of a model's page, none of them downloaded yet.

    Args:
        details: of the model.
        memory_total: of this computer in bytes; 0 when not known.
        bandwidth: of its memory in bytes per second; 0 when not known.
    """
    best = recommended(details.choices, memory_total)
    apart = common_projector(details.choices) is None
    share = active_share(details.model.name, details.parameters)
    rows = [
        _row_of(choice, details.parameters, memory_total, best=choice == best, apart=apart)
        for choice in details.choices
    ]
    return [replace(row, speed=facts.predicted_text(row.choice.size, bandwidth, share, row.verdict)) for row in rows]


def common_projector(choices: tuple[Choice, ...]) -> HubFile | None:
    """Return the projector that all choices come with; None when there is none, or not one for all."""
    projectors = {choice.projector for choice in choices}
    return projectors.pop() if len(projectors) == 1 else None


def _row_of(choice: Choice, parameters: int, memory_total: int, *, best: bool, apart: bool) -> ChoiceRow:
    """Return a row; ``apart`` when it must say itself that it comes with a projector."""
    notes = []
    if len(choice.files) > 1:
        notes.append(_tr("{n} files").replace("{n}", str(len(choice.files))))
    if choice.projector is not None and apart:
        text = _tr("sees pictures, + {size}")
        notes.append(text.replace("{size}", size_text(choice.projector.size)))
    one = verdict(choice.size, memory_total)
    return ChoiceRow(
        choice=choice,
        size=size_text(choice.size),
        bits=facts.bits_text(choice.size, parameters),
        note=" · ".join(notes),
        verdict=one,
        verdict_text=facts.verdict_text(one),
        best=best,
    )


def standing_rows(
    rows: Iterable[ChoiceRow],
    repo: str,
    downloads: Iterable[Download],
    shelf: Iterable[ShelfModel],
    asked: Iterable[str] = (),
) -> list[ChoiceRow]:
    """Return rows with where each stands.

    Args:
        rows: of a model's page.
        repo: the model's.
        downloads: the queue.
        shelf: what is on this computer.
        asked: paths of the first files of what was asked for and is not in the queue yet.
    """
    queue = {one.files[0].path: one for one in downloads if one.repo == repo and one.files}
    # A hash tells for certain; without one, a file of the same name and size is taken for the same.
    here: set[object] = {one.sha256 for one in shelf if one.sha256}
    here |= {(Path(one.path).name, one.size) for one in shelf if not one.sha256}
    return [_standing(row, queue.get(row.choice.files[0].path), here, set(asked)) for row in rows]


def _standing(row: ChoiceRow, download: Download | None, here: set[object], asked: set[str]) -> ChoiceRow:
    first = row.choice.files[0]
    name = PurePosixPath(first.path).name
    is_here = bool(here & {first.sha256, (name, row.choice.size)})
    if download is not None and download.state is DownloadState.FAILED:
        why = str(download.problem) if download.problem else ""
        return replace(row, standing=Standing.STOPPED, state=facts.download_text(download), why=why)
    if download is not None and download.state is not DownloadState.DONE:
        return replace(row, standing=Standing.COMING, state=facts.download_text(download), why="")
    if is_here or download is not None:
        return replace(row, standing=Standing.HERE, state=_tr("on the shelf"), why="")
    if first.path in asked:
        return replace(row, standing=Standing.COMING, state=_tr("in the queue"), why="")
    return replace(row, standing=Standing.FREE, state="", why="")
