"""What the commands of the shelf print: records for programs, lines for people."""

from dataclasses import asdict
from typing import Any

from desktop_app.cli.records import day, plain
from desktop_app.core.care import Checked, program_of
from desktop_app.core.model import ModelKind, ShelfModel

_INDENT = " " * 13


def model_record(model: ShelfModel) -> dict[str, Any]:
    """Return a model on this computer."""
    return {**asdict(model), "kind": model.kind.value, "label": model.label, "warning": model.warning}


def model_text(model: ShelfModel) -> str:
    """Return a model on lines to be read: size and name, path, what it is, and what to know before it is loaded."""
    lines = [f"{model.size / 1e9:8.2f} GB  {model.label}", f"{_INDENT}{model.path}"]
    if facts := " · ".join(_facts(model)):
        lines.append(f"{_INDENT}{facts}")
    if model.warning:
        lines.append(f"{_INDENT}{model.warning}")
    return "\n".join(map(plain, lines))


def _facts(model: ShelfModel) -> list[str]:
    facts = [model.kind.value] if model.kind not in (ModelKind.CHAT, ModelKind.DAMAGED) else []
    if model.architecture:
        facts.append(model.architecture)
    if model.parameters:
        facts.append(parameters_text(model.parameters))
    if model.context_length:
        facts.append(f"{model.context_length} tokens")
    if model.shards > 1:
        facts.append(f"{model.shards} files")
    if model.projector:
        facts.append("sees pictures")
    if program := program_of(model.origin):
        facts.append(f"from {program}")
    if model.last_used:
        facts.append(f"used {day(model.last_used)}")
    return facts


def parameters_text(parameters: int) -> str:
    """Return a number of weights such as ``8.0 B`` or ``35 M``."""
    return f"{parameters / 1e9:.1f} B" if parameters >= 1e9 else f"{parameters / 1e6:.0f} M"


def checked_record(checked: Checked) -> dict[str, Any]:
    """Return what the check of a file found."""
    return {
        "path": checked.path,
        "outcome": checked.outcome.value,
        "sha256": checked.sha256,
        "expected": checked.expected or None,
        "source": checked.source or None,
    }
