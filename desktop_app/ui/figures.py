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
    """Return a number of bytes, such as ``4.9 GB``."""
    text = QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)
    return text.replace(" ", "\N{NO-BREAK SPACE}")


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
