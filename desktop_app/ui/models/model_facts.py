"""What is said of models, in words: sizes, licences, dates, and whether they run on this computer."""

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from desktop_app.core.downloads import Download, DownloadState
from desktop_app.core.hub import CatalogueEntry, Task, Verdict, likely_size, verdict
from desktop_app.core.speed import FAST, predicted_speed

# As the makers write them; every other licence is shown as the Hub names it.
_LICENCES = {
    "apache-2.0": "Apache-2.0",
    "mit": "MIT",
    "bsd-3-clause": "BSD-3-Clause",
    "gpl-3.0": "GPL-3.0",
    "agpl-3.0": "AGPL-3.0",
    "cc-by-4.0": "CC BY 4.0",
    "cc-by-sa-4.0": "CC BY-SA 4.0",
    "cc-by-nc-4.0": "CC BY-NC 4.0",
    "cc-by-nc-sa-4.0": "CC BY-NC-SA 4.0",
    "gemma": "Gemma",
    "llama2": "Llama 2",
    "llama3": "Llama 3",
    "llama3.1": "Llama 3.1",
    "llama3.2": "Llama 3.2",
    "llama3.3": "Llama 3.3",
    "llama4": "Llama 4",
    "mrl": "Mistral Research",
    "lfm1.0": "LFM 1.0",
    "falcon-llm-license": "Falcon LLM",
}
_UNITS = ((10**9, "B"), (10**6, "M"))


def _tr(text: str) -> str:
    return QCoreApplication.translate("ModelFacts", text)


def _rounded(number: float) -> str:
    """Return a number with one decimal where it is small and has one."""
    decimals = 0 if number >= 100 or abs(number - round(number)) < 0.05 else 1
    return QLocale().toString(number, "f", decimals)


def parameters_text(parameters: int) -> str:
    """Return a number of parameters, such as ``8.2 B``; a dash when it is not known."""
    for size, unit in _UNITS:
        if parameters >= size:
            return f"{_rounded(parameters / size)}\N{NO-BREAK SPACE}{unit}"
    return "–" if not parameters else QLocale().toString(parameters)


def count_text(count: int) -> str:
    """Return a count as one remembers it: 840, 12.3 k, 1.2 M."""
    if count < 1000:
        return str(count)
    if count < 999_500:
        return f"{_rounded(count / 1e3)}\N{NO-BREAK SPACE}k"
    return f"{_rounded(count / 1e6)}\N{NO-BREAK SPACE}M"


def bits_text(size: int, parameters: int) -> str:
    """Return how many bits of a file of ``size`` bytes there are for each parameter; a dash when not known."""
    return QLocale().toString(size * 8 / parameters, "f", 1) if parameters else "–"


def predicted_text(size: int, bandwidth: float, share: float, one: Verdict) -> str:
    """Return how fast a file will write here, such as ``12 tok/s``; empty where it cannot run or that is not known."""
    speed = predicted_speed(size, bandwidth, share)
    if not speed or one is Verdict.TOO_LARGE:
        return ""
    if speed >= FAST:
        return _tr("over {n} tok/s").replace("{n}", str(FAST))
    number = f"{speed:.0f}" if speed >= 10 else QLocale().toString(speed, "f", 1)
    return _tr("{n} tok/s").replace("{n}", number)


def date_text(seconds: float) -> str:
    """Return a day, such as ``3 May 2026``; a dash when it is not known."""
    return QLocale().toString(QDateTime.fromSecsSinceEpoch(int(seconds)).date(), "d MMM yyyy") if seconds else "–"


def day_text(day: str) -> str:
    """Return a day given as ``2026-11-21`` in the locale's words."""
    made = QDateTime.fromString(day, "yyyy-MM-dd").date()
    return QLocale().toString(made, "d MMMM yyyy") if made.isValid() else day


def licence_text(licence: str) -> str:
    """Return a licence by the name it goes by; an empty text when none is told."""
    return _LICENCES.get(licence.lower(), licence)


def task_text(task: str) -> str:
    """Return what a model is for; an empty text for what the program has no word for."""
    return {
        Task.CHAT.value: _tr("Chat"),
        Task.VISION.value: _tr("Sees pictures"),
        Task.EMBEDDING.value: _tr("Embeddings"),
        Task.CODE.value: _tr("Code"),
    }.get(task, "")


def language_names() -> dict[str, str]:
    """Return the languages that are often asked for, by code.

    Their names are in the window's language: their own would be in scripts that many computers have no letters for.
    """
    return {
        "en": _tr("English"),
        "fr": _tr("French"),
        "de": _tr("German"),
        "es": _tr("Spanish"),
        "it": _tr("Italian"),
        "pt": _tr("Portuguese"),
        "nl": _tr("Dutch"),
        "pl": _tr("Polish"),
        "cs": _tr("Czech"),
        "sv": _tr("Swedish"),
        "el": _tr("Greek"),
        "uk": _tr("Ukrainian"),
        "ru": _tr("Russian"),
        "tr": _tr("Turkish"),
        "ar": _tr("Arabic"),
        "he": _tr("Hebrew"),
        "hi": _tr("Hindi"),
        "zh": _tr("Chinese"),
        "ja": _tr("Japanese"),
        "ko": _tr("Korean"),
        "vi": _tr("Vietnamese"),
        "th": _tr("Thai"),
        "id": _tr("Indonesian"),
    }


def verdict_text(one: Verdict) -> str:
    """Return a verdict in a word or two; an empty text when there is none."""
    return {
        Verdict.FITS: _tr("Fits"),
        Verdict.TIGHT: _tr("Barely fits"),
        Verdict.TOO_LARGE: _tr("Too large"),
    }.get(one, "")


def sizes_text(sizes: tuple[float, ...]) -> str:
    """Return the sizes of a family (billions of parameters), such as ``600 M to 32 B``."""
    least, most = parameters_text(round(min(sizes) * 1e9)), parameters_text(round(max(sizes) * 1e9))
    return least if least == most else _tr("{least} to {most}").replace("{least}", least).replace("{most}", most)


def family_verdict(entry: CatalogueEntry, memory_total: int) -> tuple[Verdict, str]:
    """Whether a family runs in this much memory (bytes), and in what words: often its smaller members do."""
    verdicts = {size: verdict(likely_size(round(size * 1e9)), memory_total) for size in entry.sizes}
    fitting = [size for size, one in verdicts.items() if one is Verdict.FITS]
    if not fitting:
        best = verdicts[min(verdicts)]
        return best, verdict_text(best)
    if len(fitting) == len(verdicts):
        return Verdict.FITS, verdict_text(Verdict.FITS)
    largest = parameters_text(round(max(fitting) * 1e9))
    return Verdict.FITS, _tr("Fits up to {size}").replace("{size}", largest)


def going_online_text() -> str:
    """Return what is sent to whom by going online, in one sentence."""
    return _tr(
        "Going online sends what you search for, and which models you open or download, to huggingface.co, "
        "which also sees your internet address; your conversations never leave this computer."
    )


def download_text(download: Download) -> str:
    """Return where a download stands, in a word or two."""
    if download.state in (DownloadState.RUNNING, DownloadState.PAUSED):
        percent = _tr("{n} %").replace("{n}", str(int(download.fraction * 100)))
        return percent if download.state is DownloadState.RUNNING else f"{_tr('paused')}, {percent}"
    return {
        DownloadState.QUEUED: _tr("in the queue"),
        DownloadState.CHECKING: _tr("being checked"),
        DownloadState.WAITING: _tr("waiting for the network"),
        DownloadState.FAILED: _tr("stopped by an error"),
    }.get(download.state, _tr("on the shelf"))
