"""What commands print: records for programs, lines for people."""

import re
from datetime import datetime
from typing import Any

from desktop_app.core.conversation import Conversation, Message, Tree
from desktop_app.core.export import to_json, to_markdown, to_text
from desktop_app.core.sampling import to_dict
from desktop_app.core.search import SearchHit, snippet_parts

# What would move a terminal's cursor, colour it or turn the direction of writing around: names of files, and what the
# Hub and the headers of files say, may hold anything.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """Return a line for a terminal, with a mark in place of each character that could disturb it."""
    return _UNSEEN.sub("\ufffd", text)


def iso(seconds: float) -> str:
    """Return a time as ISO 8601, in local time with its offset."""
    return datetime.fromtimestamp(seconds).astimezone().isoformat(timespec="seconds")


def day(seconds: float) -> str:
    """Return a local date and time to be read."""
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")


def conversation_record(conversation: Conversation) -> dict[str, Any]:
    """Return what is known of a conversation besides its messages."""
    return {
        "id": conversation.id,
        "title": conversation.title,
        "created_at": iso(conversation.created_at),
        "updated_at": iso(conversation.updated_at),
        "pinned": conversation.pinned,
        "system_prompt": conversation.system_prompt,
        "sampling": to_dict(conversation.sampling),
    }


def message_record(message: Message) -> dict[str, Any]:
    """Return a message."""
    return {
        "id": message.id,
        "parent_id": message.parent_id,
        "role": message.role.value,
        "content": message.content,
        "reasoning": message.reasoning,
        "created_at": iso(message.created_at),
        "state": message.state.value,
        "finish_reason": message.finish_reason.value if message.finish_reason else None,
        "model": message.model,
        "error": message.error,
    }


def hit_record(hit: SearchHit) -> dict[str, Any]:
    """Return a place where a search found something."""
    return {
        "conversation_id": hit.conversation_id,
        "message_id": hit.message_id,
        "title": hit.title,
        "snippet": plain_snippet(hit),
        "role": hit.role.value if hit.role else None,
        "date": iso(hit.date),
    }


def plain_snippet(hit: SearchHit) -> str:
    """Return a hit's snippet on one line, without marks."""
    return " ".join("".join(text for text, _ in snippet_parts(hit.snippet)).split())


def exported(conversation: Conversation, tree: Tree, format_: str) -> str:
    """Return a conversation as ``"markdown"``, ``"json"`` or ``"text"``, ending with a line break."""
    if format_ == "json":
        text = to_json(conversation, tree)
    else:
        text = (to_markdown if format_ == "markdown" else to_text)(conversation, tree.branch(conversation.leaf_id))
    return text if text.endswith("\n") else f"{text}\n"
