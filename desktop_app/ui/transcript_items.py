"""From a stored message to what the transcript shows of it."""

from PySide6.QtCore import QCoreApplication

from desktop_app.core.conversation import Message, MessageState, Statistics
from desktop_app.services.events import SiblingPlace
from desktop_app.ui.figures import grouped, seconds_text, speed_text
from desktop_app.ui.transcript.item import TranscriptItem


def item_of(message: Message, place: SiblingPlace) -> TranscriptItem:
    """Return what the transcript shows of a message."""
    return TranscriptItem(
        message_id=message.id,
        role=message.role,
        content=message.content,
        reasoning=message.reasoning,
        state=message.state,
        finish_reason=message.finish_reason,
        statistics=statistics_texts(message.statistics),
        sibling_index=place.index,
        sibling_count=place.count,
        error=message.error if message.state is MessageState.FAILED else "",
        model=message.model,
    )


def statistics_texts(statistics: Statistics | None) -> tuple[str, ...]:
    """Return the three figures that stand under a reply; none for one that was stopped before its first token."""
    if statistics is None or not statistics.completion_tokens:
        return ()
    first = QCoreApplication.translate("Transcript", "first token %1")
    cached = QCoreApplication.translate("Transcript", "%1 reused")
    texts = [speed_text(statistics.generation_tokens_per_second)]
    texts.append(first.replace("%1", seconds_text(statistics.time_to_first_token)))
    if statistics.cached_tokens:
        texts.append(cached.replace("%1", grouped(statistics.cached_tokens)))
    return tuple(texts)
