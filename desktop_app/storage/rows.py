"""Rows of the database and the vocabulary of ``core``, one made into the other."""

import json
import sqlite3
from dataclasses import asdict, fields
from functools import lru_cache
from typing import Any

from desktop_app.core import sampling
from desktop_app.core.conversation import Conversation, FinishReason, Message, MessageState, Role, Statistics
from desktop_app.core.sampling import SamplingSettings

_STATISTICS = {field.name: field.type for field in fields(Statistics)}


def conversation_from(row: sqlite3.Row) -> Conversation:
    """Read a row of ``conversations``."""
    return Conversation(
        id=row["id"],
        title=row["title"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        leaf_id=row["leaf_id"],
        system_prompt=row["system_prompt"],
        sampling=_sampling_from(row["sampling"]),
        pinned=bool(row["pinned"]),
        deleted_at=row["deleted_at"],
    )


def message_from(row: sqlite3.Row) -> Message:
    """Read a row of ``messages``."""
    return Message(
        id=row["id"],
        conversation_id=row["conversation_id"],
        parent_id=row["parent_id"],
        role=Role(row["role"]),
        content=row["content"],
        created_at=row["created_at"],
        reasoning=row["reasoning"],
        state=MessageState(row["state"]),
        model=row["model"],
        system_prompt=row["system_prompt"],
        sampling=None if row["sampling"] is None else _sampling_from(row["sampling"]),
        statistics=None if row["statistics"] is None else _statistics_from(row["statistics"]),
        finish_reason=None if row["finish_reason"] is None else FinishReason(row["finish_reason"]),
        error=row["error"],
    )


def sampling_text(settings: SamplingSettings) -> str:
    """Write all values, the defaults too: a later version may have others, and what was used stays known."""
    return json.dumps(sampling.to_dict(settings), ensure_ascii=False)


def statistics_text(statistics: Statistics | None) -> str | None:
    """Write the figures as a JSON object."""
    return None if statistics is None else json.dumps(asdict(statistics))


def storable(text: str) -> str:
    """Return the text without lone surrogates, which are no characters and which UTF-8 cannot hold.

    They come from half a pasted emoji or from undecodable bytes on the command line. Pairs are joined, others become
    the replacement character.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


@lru_cache(maxsize=256)  # a conversation's messages mostly share one text
def _sampling_from(text: str) -> SamplingSettings:
    return sampling.from_dict(_object(text))


def _statistics_from(text: str) -> Statistics:
    known = {key: value for key, value in _object(text).items() if key in _STATISTICS and _is_number(value)}
    return Statistics(**known)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _object(text: str) -> dict[str, Any]:
    """Read a JSON object; what is not one, or comes from elsewhere, is empty rather than an error in the way."""
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
