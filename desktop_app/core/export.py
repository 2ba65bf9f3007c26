"""Conversations as files for people and programs: Markdown, plain text, and a JSON document that holds everything."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from desktop_app.core import sampling
from desktop_app.core.conversation import Conversation, Message, Role, Tree

FORMAT = "causerie-conversation"
FORMAT_VERSION = 1

_SPEAKERS = {Role.SYSTEM: "System", Role.USER: "You", Role.ASSISTANT: "Model"}


def to_markdown(conversation: Conversation, branch: Sequence[Message]) -> str:
    """Write the branch, root first, as Markdown: a heading a message, what was said as it was said.

    The reasoning of a model stands as a quotation before its answer; an empty message leaves only its heading.
    """
    parts = [f"# {_one_line(conversation.title) or 'Conversation'}"]
    if conversation.system_prompt:
        parts += ["## System prompt", conversation.system_prompt.strip("\n")]
    for message in branch:
        parts.append(f"## {_speaker(message)}")
        if message.reasoning.strip():
            parts.append("\n".join(f"> {line}".rstrip() for line in message.reasoning.strip("\n").splitlines()))
        if message.content.strip():
            parts.append(_fences_closed(message.content.strip("\n")))
        if message.error:
            parts.append(f"*{_one_line(message.error)}*")
    return "\n\n".join(parts) + "\n"


def to_text(conversation: Conversation, branch: Sequence[Message]) -> str:
    """Write the branch as plain text: the title, then each message below the name of who wrote it."""
    parts = [_one_line(conversation.title) or "Conversation"]
    parts += [f"{_speaker(message)}:\n{message.content.strip(chr(10))}" for message in branch]
    return "\n\n".join(parts) + "\n"


def to_document(conversation: Conversation, tree: Tree) -> dict[str, Any]:
    """Return the conversation with its whole tree as plain JSON types.

    ``format`` and ``version`` come first; a later version may add keys, and counts up when a key changes its
    meaning. ``messages`` are ordered by ``id``, parents before children; ``parent`` is null for a first message and
    ``leaf`` names the last message of the branch on view. Times are ISO 8601 in UTC. Absent figures are null.
    """
    return {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "title": conversation.title,
        "created_at": _iso(conversation.created_at),
        "updated_at": _iso(conversation.updated_at),
        "system_prompt": conversation.system_prompt,
        "sampling": sampling.to_dict(conversation.sampling),
        "leaf": conversation.leaf_id,
        "messages": [_message(message) for _, message in sorted(tree.messages.items())],
    }


def to_json(conversation: Conversation, tree: Tree) -> str:
    """Write ``to_document`` as JSON text."""
    return json.dumps(to_document(conversation, tree), ensure_ascii=False, indent=2) + "\n"


def _message(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "parent": message.parent_id,
        "role": str(message.role),
        "content": message.content,
        "reasoning": message.reasoning,
        "created_at": _iso(message.created_at),
        "state": str(message.state),
        "finish_reason": None if message.finish_reason is None else str(message.finish_reason),
        "error": message.error,
        "model": message.model,
        "system_prompt": message.system_prompt,
        "sampling": None if message.sampling is None else sampling.to_dict(message.sampling),
        "statistics": None if message.statistics is None else asdict(message.statistics),
    }


def _speaker(message: Message) -> str:
    name = _SPEAKERS[message.role]
    return f"{name} ({_one_line(message.model)})" if message.role is Role.ASSISTANT and message.model else name


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _fences_closed(text: str) -> str:
    """Close a code block that a cut reply left open, or it would swallow the messages after it.

    A fence is three or more backticks or tildes, indented by at most three spaces; it is closed by at least as many
    of the same and nothing else on the line (CommonMark 0.31, section 4.5).
    """
    fence = ""
    for line in text.splitlines():
        bare = line.strip()
        mark = bare[:1]
        length = len(bare) - len(bare.lstrip(mark)) if mark in ("`", "~") else 0
        if length < 3 or len(line) - len(line.lstrip(" ")) > 3:
            continue
        if not fence:
            # A backtick fence has no backtick in its info string: ```code``` on one line is inline code.
            if mark == "~" or "`" not in bare[length:]:
                fence = mark * length
        elif bare == mark * length and fence[0] == mark and length >= len(fence):
            fence = ""
    return f"{text}\n{fence}" if fence else text


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
