"""A model on this computer in words: what it is, where it is from, what is wrong with it."""

from datetime import date, datetime
from pathlib import PurePath

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from desktop_app.core.care import OWN_ORIGINS, Outcome, Update, UpdateState, program_of
from desktop_app.core.model import ModelKind, ShelfModel
from desktop_app.services.events import ModelChanged, ModelState
from desktop_app.ui.figures import grouped, size_text
from desktop_app.ui.lists.shelf_rows import can_chat
from desktop_app.ui.models.model_facts import licence_text, parameters_text
from desktop_app.ui.models.shelf_badges import Badge


def _tr(text: str) -> str:
    return QCoreApplication.translate("Shelf", text)


def is_ours(model: ShelfModel) -> bool:
    """Whether the file may be renamed or deleted here: what other programs keep is used in place."""
    return model.origin in OWN_ORIGINS and not model.starter


def badges(model: ShelfModel, state: ModelChanged) -> tuple[Badge, ...]:
    """Return what marks a model out among the others."""
    found = []
    if state.path == model.path and state.state is ModelState.READY:
        found.append(Badge(_tr("Loaded"), "good", _tr("This model answers in your conversations now.")))
    if (kind := _kind(model.kind)) is not None:
        found.append(kind)
    if _is_unknown(model):
        tip = _tr("The llama.cpp in this version of Causerie does not know this kind of model yet.")
        found.append(Badge(_tr("Not supported yet"), "caution", tip))
    if model.duplicates:
        names = "\n".join(model.duplicates)
        tip = _tr("The same file is on this computer more than once. The others:") + f"\n{names}"
        copies = _tr("{n} copies").replace("{n}", grouped(len(model.duplicates) + 1))
        found.append(Badge(copies, "note", tip))
    return tuple(found)


def checked_badge(outcome: Outcome) -> Badge | None:
    """Return what the check of a file's hash says of it."""
    if outcome is Outcome.INTACT:
        return Badge(_tr("Intact"), "good", _tr("Its hash was checked: it is the file that its source offers."))
    if outcome is Outcome.DIFFERENT:
        return Badge(
            _tr("Not as offered"), "bad", _tr("Its hash was checked: it is not the file that its source offers.")
        )
    return None


def update_badge(update: Update) -> Badge | None:
    """Return what the source of a file offers today."""
    if update.state is UpdateState.NEWER:
        return Badge(_tr("Update"), "note", _tr("Its source offers another file under this name now."))
    if update.state is UpdateState.GONE:
        return Badge(_tr("Withdrawn"), "secondary", _tr("Its source does not offer this file any more."))
    return None


def _kind(kind: ModelKind) -> Badge | None:
    texts = {
        ModelKind.BASE: (
            _tr("Base model"),
            "caution",
            _tr("Not trained to chat: it goes on with a text instead of answering it."),
        ),
        ModelKind.EMBEDDING: (
            _tr("Embedding"),
            "secondary",
            _tr("Turns texts into numbers so that they can be compared and found; it cannot chat."),
        ),
        ModelKind.RERANKER: (
            _tr("Reranker"),
            "secondary",
            _tr("Puts what a search has found in order; it cannot chat."),
        ),
        ModelKind.PROJECTOR: (
            _tr("Projector"),
            "secondary",
            _tr("Lets another model look at pictures; it is of no use alone."),
        ),
        ModelKind.DRAFT: (
            _tr("Draft"),
            "secondary",
            _tr("A small companion that makes a larger model write faster; it is of no use alone."),
        ),
        ModelKind.ADAPTER: (
            _tr("Adapter"),
            "secondary",
            _tr("A LoRA: a change to another model; it is of no use alone."),
        ),
        ModelKind.VOCABULARY: (
            _tr("Vocabulary"),
            "secondary",
            _tr("Only the tokens of a model, without the model itself."),
        ),
        ModelKind.OTHER: (_tr("Other"), "secondary", _tr("A GGUF file, but no model that can chat.")),
        ModelKind.DAMAGED: (_tr("Damaged"), "bad", _tr("The file cannot be read as a model.")),
    }
    return Badge(*texts[kind]) if kind in texts else None


def fault(model: ShelfModel) -> str:
    """Say why a model cannot be used, and what to do; empty when it can."""
    if model.kind is ModelKind.DAMAGED:
        return model.fault or _tr("The file is damaged, not complete, or no GGUF file at all.")
    if _is_unknown(model):
        text = _tr("This version of Causerie cannot load models of the kind “{kind}” yet.")
        return text.replace("{kind}", model.architecture)
    return ""


def _is_unknown(model: ShelfModel) -> bool:
    return model.kind.can_chat and not model.known_architecture


def about(model: ShelfModel, state: ModelChanged, today: date) -> tuple[str, str]:
    """Return the line below a model's name, and the name of its colour in the palette."""
    if state.path == model.path:
        if state.state is ModelState.LOADING:
            return _tr("Loading: {n} %").replace("{n}", str(round(state.fraction * 100))), "secondary"
        if state.problem is not None:
            return str(state.problem), "bad"
    if wrong := fault(model):
        return wrong, "bad" if model.kind is ModelKind.DAMAGED else "caution"
    return " · ".join(facts(model, today)), "secondary"


def facts(model: ShelfModel, today: date) -> list[str]:
    """Return what is known of a model, the most telling first."""
    found = []
    if model.starter:
        found.append(_tr("comes with Causerie, small and quick"))
    if model.parameters:
        found.append(_tr("{n} parameters").replace("{n}", parameters_text(model.parameters)))
    if model.context_length:
        found.append(_tr("{n} context").replace("{n}", grouped(model.context_length)))
    if model.projector:
        found.append(_tr("with a projector"))
    if model.shards > 1:
        found.append(_tr("{n} files").replace("{n}", grouped(model.shards)))
    if model.licence:
        found.append(licence_text(model.licence))
    if place := origin_text(model):
        found.append(place)
    if model.last_used:
        found.append(used_text(model.last_used, today))
    return found or [PurePath(model.path).name]


def origin_text(model: ShelfModel) -> str:
    """Say where a file is from; empty for a plain file of the shelf."""
    if model.starter:
        return ""
    if model.origin == "elsewhere":
        return _tr("not on the shelf")
    if model.origin == "huggingface":
        return _tr("in the cache of Hugging Face")
    if program := program_of(model.origin):
        return _tr("kept by {program}").replace("{program}", program)
    return model.repo.partition("/")[0]


def used_text(when: float, today: date) -> str:
    """Say when a model was last used, in seconds since the epoch."""
    day = datetime.fromtimestamp(when).astimezone().date()
    days = (today - day).days
    if days <= 0:
        return _tr("used today")
    if days == 1:
        return _tr("used yesterday")
    if days < 30:
        return _tr("used {n} days ago").replace("{n}", str(days))
    text = QLocale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.ShortFormat)
    return _tr("used {date}").replace("{date}", text)


def spoken(model: ShelfModel, state: ModelChanged, marks: tuple[Badge, ...], today: date) -> str:
    """Return a row as a screen reader says it."""
    words = [badge.text for badge in marks]
    return ", ".join((model.label, *words, size_text(model.size), about(model, state, today)[0]))


def tooltip(model: ShelfModel, today: date) -> str:
    """Return what a row says at length: the facts, the file, its projector and where it was downloaded from."""
    lines = [fault(model), " · ".join(facts(model, today)), model.path]
    if model.projector:
        lines.append(_tr("Projector: {path}").replace("{path}", model.projector))
    if model.repo:
        lines.append(_tr("From {repo}").replace("{repo}", model.repo))
    if not model.has_template and model.kind is ModelKind.CHAT:
        lines.append(_tr("The file carries no chat template; ChatML stands in, so replies may be odd."))
    return "\n".join(line for line in lines if line)


def load_tip(model: ShelfModel) -> str:
    """Say why a model is not offered to be loaded; empty when it is."""
    if can_chat(model):
        return ""
    return fault(model) or next((badge.tip for badge in (_kind(model.kind),) if badge is not None), "")
