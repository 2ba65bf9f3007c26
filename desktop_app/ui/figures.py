"""Figures and states in words, for people: what a number means stands beside it."""

from html import escape

from PySide6.QtCore import QCoreApplication, QLocale

from desktop_app.core.conversation import FinishReason, Message, MessageState


def _tr(text: str) -> str:
    return QCoreApplication.translate("Figures", text)


def as_tooltip(text: str) -> str:
    """Return a text of a person or a model for a tooltip, which would otherwise draw markup and load local pictures."""
    return f"<qt>{escape(text)}</qt>" if text else ""


def grouped(number: int) -> str:
    """Return a whole number with the locale's group separators."""
    return QLocale().toString(number)


def speed_text(tokens_per_second: float) -> str:
    """Return a speed, such as ``11.4 tok/s``; a dash when it is not known."""
    if tokens_per_second <= 0:
        return "–"
    decimals = 1 if tokens_per_second < 100 else 0
    return _tr("{n} tok/s").replace("{n}", QLocale().toString(tokens_per_second, "f", decimals))


def tokens_text(count: int) -> str:
    """Return a number of tokens, such as ``1,204 tokens``."""
    if count < 2:  # languages differ in which of these two is a plural
        return _tr("1 token") if count == 1 else _tr("0 tokens")
    return _tr("{n} tokens").replace("{n}", grouped(count))


def seconds_text(seconds: float) -> str:
    """Return a duration, such as ``0.3 s`` or ``2 min 5 s``."""
    if seconds >= 90:
        minutes, rest = divmod(round(seconds), 60)
        return f"{minutes} min {rest} s"
    if seconds < 0.1:
        return f"{QLocale().toString(seconds * 1000, 'f', 0)} ms"
    return f"{QLocale().toString(seconds, 'f', 1)} s"


def size_text(size: int) -> str:
    """Return a number of bytes in three digits or so, such as ``4.9 GB`` or ``212 GB``."""
    number, unit = _size(size)
    return f"{number}\N{NO-BREAK SPACE}{unit}"


def part_text(done: int, size: int) -> str:
    """Return how much of so many bytes is there, such as ``1.6 of 2.5 GB``."""
    (part, unit), (whole, whole_unit) = _size(done), _size(size)
    if done and unit != whole_unit:
        part = f"{part}\N{NO-BREAK SPACE}{unit}"
    return _tr("{n} of {size}").replace("{n}", part).replace("{size}", f"{whole}\N{NO-BREAK SPACE}{whole_unit}")


def rate_text(bytes_per_second: float) -> str:
    """Return a speed of bytes, such as ``18 MB/s`` or ``9.4 MB/s``."""
    # A decimal that changes five times a second tells nobody anything.
    number, unit = _size(round(bytes_per_second), whole_from=10)
    return f"{number}\N{NO-BREAK SPACE}{unit}/s"


def _size(size: int, whole_from: int = 100) -> tuple[str, str]:
    """Return a number of bytes as number and unit, without decimals from a number on."""
    rounded = value = int(float(f"{size:.3g}"))  # before the unit is chosen: 1.0 MB rather than 1,000 kB
    while value >= 1000:
        value //= 1000
    decimals = 0 if value >= whole_from else 1
    text = QLocale().formattedDataSize(rounded, decimals, QLocale.DataSizeFormat.DataSizeSIFormat)
    number, unit = text.replace("\N{NO-BREAK SPACE}", " ").rsplit(" ", 1)
    return number, unit


def time_left_text(seconds: float) -> str:
    """Return a time to wait, as coarse as it is known: ``50 s``, ``3 min``, ``1 h 20 min``, ``3 days``."""
    if seconds < 57.5:
        shown = max(1, round(seconds)) if seconds <= 10 else 5 * round(seconds / 5)
        return f"{shown}\N{NO-BREAK SPACE}s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{max(1, minutes)}\N{NO-BREAK SPACE}min"
    minutes = 5 * round(minutes / 5)
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return _tr("{n} days").replace("{n}", grouped(round(hours / 24)))
    return f"{hours}\N{NO-BREAK SPACE}h" + (f" {rest}\N{NO-BREAK SPACE}min" if rest else "")


def finish_text(message: Message) -> str:
    """Return why a reply ended, in a word or two."""
    if message.state is MessageState.FAILED:
        return _tr("with an error")
    if message.state is MessageState.INTERRUPTED:
        return _tr("interrupted")
    return {
        FinishReason.STOP: _tr("by itself"),
        FinishReason.LENGTH: _tr("at the token limit"),
        FinishReason.CANCELLED: _tr("stopped by you"),
        FinishReason.CONTEXT_FULL: _tr("context full"),
    }.get(message.finish_reason or FinishReason.STOP, "")
