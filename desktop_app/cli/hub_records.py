"""What the commands on the Hub print: records for programs, lines for people."""

from typing import Any

from desktop_app.cli.place import name_among
from desktop_app.cli.records import iso, plain
from desktop_app.core.hub import Choice, HubDetails, HubFile, HubModel, Verdict, likely_verdict, recommended, verdict
from desktop_app.core.speed import FAST, active_share, predicted_speed
from desktop_app.library.transfer_problems import size_text
from desktop_app.services.download_places import DownloadPlan

WORDS = {Verdict.FITS: "fits", Verdict.TIGHT: "tight", Verdict.TOO_LARGE: "too large", Verdict.UNKNOWN: ""}


def model_record(model: HubModel, memory_total: int) -> dict[str, Any]:
    """Return what a search tells of a model."""
    return {
        "repo": model.repo,
        "author": model.author,
        "name": model.name,
        "parameters": model.parameters or None,
        "downloads": model.downloads,
        "likes": model.likes,
        "modified": iso(model.modified) if model.modified else None,
        "gated": model.gated or None,
        "licence": model.licence or None,
        "task": model.task or None,
        "languages": list(model.languages),
        "verdict": likely_verdict(model, memory_total).value,
    }


def model_line(model: HubModel, memory_total: int) -> str:
    """Return a model as two lines."""
    facts = (
        _parameters(model.parameters),
        WORDS[likely_verdict(model, memory_total)],
        f"{model.downloads} downloads",
        iso(model.modified)[:10] if model.modified else "",
        model.licence,
        "asks to accept terms" if model.gated else "",
    )
    return f"{model.repo}\n    {plain(', '.join(fact for fact in facts if fact))}"


def choice_record(choice: Choice, memory_total: int, speed: float, *, is_recommended: bool) -> dict[str, Any]:
    """Return one of the files, or sets of files, of a model; ``speed`` is predicted, 0 when not known."""
    return {
        "quantization": choice.quantization or None,
        "name": choice.name,
        "bytes": choice.size,
        "download_bytes": choice.download_size,
        "verdict": verdict(choice.size, memory_total).value,
        "predicted_tokens_per_second": _rounded(speed),
        "recommended": is_recommended,
        "files": [_file_record(file) for file in choice.files],
        "projector": _file_record(choice.projector) if choice.projector else None,
        "draft": _file_record(choice.draft) if choice.draft else None,
    }


def speed_of(details: HubDetails, choice: Choice, memory_total: int, bandwidth: float) -> float:
    """Return how many tokens per second a choice will write here; 0 when it cannot run or that is not known."""
    if verdict(choice.size, memory_total) is Verdict.TOO_LARGE:
        return 0.0
    return predicted_speed(choice.size, bandwidth, active_share(details.model.name, details.parameters))


def _speed_text(speed: float) -> str:
    if not speed:
        return ""
    return f"over {FAST} tok/s" if speed >= FAST else f"about {speed:.{0 if speed >= 10 else 1}f} tok/s"


def _rounded(speed: float) -> float | None:
    return round(speed, 1) if speed else None


def details_record(details: HubDetails, memory_total: int, bandwidth: float) -> dict[str, Any]:
    """Return all that the Hub says of a model, save the text of its card."""
    best = recommended(details.choices, memory_total)
    return {
        **model_record(details.model, memory_total),
        "commit": details.commit,
        "architecture": details.architecture or None,
        "context_length": details.context_length or None,
        "parameters": details.parameters or details.model.parameters or None,
        "base_models": list(details.base_models),
        "openness": dict(details.openness),
        "terms_url": details.terms_url or None,
        "has_template": details.has_template,
        "choices": [
            choice_record(
                one, memory_total, speed_of(details, one, memory_total, bandwidth), is_recommended=one == best
            )
            for one in details.choices
        ],
        "recommended": best.label if best else None,
    }


def details_text(details: HubDetails, memory_total: int, bandwidth: float) -> str:
    """Return a model's page for a terminal."""
    model = details.model
    facts = {
        "Parameters": _parameters(details.parameters or model.parameters),
        "Architecture": details.architecture,
        "Context": f"{details.context_length} tokens" if details.context_length else "",
        "Licence": model.licence,
        "Languages": ", ".join(model.languages),
        "Made from": ", ".join(details.base_models),
        "Terms": f"to be accepted on {details.terms_url}" if details.terms_url else "",
        **{key.capitalize(): text for key, text in details.openness},
    }
    best = recommended(details.choices, memory_total)
    named = name_among(details.choices, best) if best else ""
    rows = []
    for one in details.choices:
        mark = "*" if one == best else " "
        extra = " with its projector" if one.projector else ""
        shards = f" in {len(one.files)} files" if len(one.files) > 1 else ""
        word = WORDS[verdict(one.size, memory_total)]
        name, speed = name_among(details.choices, one), speed_of(details, one, memory_total, bandwidth)
        facts_of_it = f"{size_text(one.download_size):>9}  {word:<9}  {_speed_text(speed):<15}"
        rows.append(f"{mark} {name:<14} {facts_of_it}{shards}{extra}".rstrip())
    return "\n".join(
        [
            model.repo,
            *(plain(f"  {name + ':':<14} {text}") for name, text in facts.items() if text),
            "",
            *(rows or ["It has no model file that Causerie can use."]),
            *(["", f"* is recommended: models download {model.repo}:{named}"] if best else []),
        ]
    )


def plan_record(
    plan: DownloadPlan, choice: Choice, memory_total: int, speed: float, *, is_recommended: bool
) -> dict[str, Any]:
    """Return what a download would mean."""
    one = plan.download
    files = zip(one.files, plan.paths, plan.states, strict=True)
    return {
        "repo": one.repo,
        "commit": one.commit,
        "quantization": one.quantization or None,
        "recommended": is_recommended,
        "verdict": verdict(choice.size, memory_total).value,
        "predicted_tokens_per_second": _rounded(speed),
        "files": [
            {"path": str(path), "name": file.path, "bytes": file.size, "sha256": file.sha256, "state": state}
            for file, path, state in files
        ],
        "bytes": one.size,
        "there": one.done,
        "missing": one.size - one.done,
        "free": plan.free,
        "other_downloads": plan.others,
        "has_room": plan.has_room,
    }


def plan_text(record: dict[str, Any]) -> str:
    """Return a plan for a terminal."""
    told = (WORDS[Verdict(record["verdict"])], _speed_text(record["predicted_tokens_per_second"] or 0.0))
    word = ", ".join(text for text in told if text)
    others = f", the other downloads need {size_text(record['other_downloads'])}" if record["other_downloads"] else ""
    room = "There is room for it." if record["has_room"] else "There is no room for it."
    return "\n".join(
        [
            f"{record['repo']} {record['quantization'] or ''}".rstrip() + (f" ({word})" if word else ""),
            *(f"  {size_text(file['bytes']):>9}  {file['state']:<8}  {file['path']}" for file in record["files"]),
            f"{size_text(record['missing'])} of {size_text(record['bytes'])} are missing; "
            f"{size_text(record['free'])} are free{others}. {room}",
        ]
    )


def _file_record(file: HubFile) -> dict[str, Any]:
    return {"path": file.path, "bytes": file.size, "sha256": file.sha256}


def _parameters(count: int) -> str:
    if not count:
        return ""
    return f"{count / 1e9:.3g} B" if count >= 1e9 else f"{count / 1e6:.3g} M"
