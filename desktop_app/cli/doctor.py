"""What this installation is, where everything lies, and what the engine sees."""

import platform
import queue
from dataclasses import asdict
from importlib import metadata
from typing import Any

import msgspec

from desktop_app import __version__
from desktop_app.cli.session import Profile, running
from desktop_app.core.errors import KnownError, Problem
from desktop_app.inference.protocol import SystemDescription
from desktop_app.system.hardware import describe_hardware
from desktop_app.system.paths import starter_model

PACKAGES = ("pyside6-essentials", "llama-cpp-python", "huggingface-hub", "gguf", "sqlite-utils", "psutil")
ENGINE_SECONDS = 30.0


def examine(profile: Profile) -> dict[str, Any]:
    """Return all findings. The engine is asked in its own process; when it fails, its sentence is the finding."""
    paths = profile.paths
    storage_problem = ""
    try:
        answer = _ask_engine(profile)
    except KnownError as error:  # the conversations cannot be opened: the more reason to tell the rest
        storage_problem = str(error.problem)
        answer = Problem("engine_not_asked", "The engine was not asked.")
    engine: dict[str, Any] = (
        {"problem": str(answer)}
        if isinstance(answer, Problem)
        else {
            "backend": answer.backend,
            "features": answer.features,
            "devices": [msgspec.structs.asdict(device) for device in answer.devices],
        }
    )
    return {
        "version": __version__,
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PACKAGES},
        "hardware": asdict(describe_hardware()),
        "paths": {
            "database": str(paths.database),
            "models": str(paths.models_dir),
            "settings": str(paths.settings_file),
            "logs": str(paths.log_dir),
            "starter_model": str(starter_model()),
        },
        "starter_model_present": starter_model().is_file(),
        "storage_problem": storage_problem,
        "engine": engine,
    }


def _ask_engine(profile: Profile) -> SystemDescription | Problem:
    answers: queue.SimpleQueue[SystemDescription | Problem] = queue.SimpleQueue()
    with running(profile) as session:
        session.ask(lambda services: services.models.describe_system(answers.put))
        try:
            return answers.get(timeout=ENGINE_SECONDS)
        except queue.Empty:
            return Problem("engine_silent", "The engine did not answer.")


def readable(findings: dict[str, Any]) -> str:
    """Return the findings as lines for people."""
    hardware, engine = findings["hardware"], findings["engine"]
    lines = [
        f"Causerie {findings['version']}, Python {findings['python']}",
        "Packages: " + ", ".join(f"{name} {version}" for name, version in findings["packages"].items()),
        "",
        f"System:     {hardware['system']} ({hardware['machine']})",
        f"Processor:  {hardware['processor']}, {hardware['physical_cores']} cores, {hardware['logical_cores']} threads",
        f"Memory:     {hardware['memory_total'] / 1e9:.1f} GB, {hardware['memory_available'] / 1e9:.1f} GB free",
        "",
        *(f"{name.replace('_', ' ').capitalize() + ':':<15} {path}" for name, path in findings["paths"].items()),
        "",
    ]
    if findings["storage_problem"]:
        lines += [findings["storage_problem"], ""]
    if "problem" in engine:
        lines.append(f"Engine: {engine['problem']}")
        return "\n".join(lines)
    lines.append(f"Engine: {engine['backend']}")
    for device in engine["devices"]:
        memory = f", {device['memory_free'] / 1e9:.1f} of {device['memory_total'] / 1e9:.1f} GB free"
        lines.append(f"  {device['kind']:<5} {device['name']}: {device['description']}{memory}")
    lines.append(f"  {engine['features'].strip()}")
    return "\n".join(lines)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"
