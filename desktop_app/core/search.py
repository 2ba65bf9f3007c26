"""What a person types into the search box, made into an FTS5 expression, and what comes back."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from desktop_app.core.conversation import Role

# Noncharacters: Unicode reserves them for a program's own use, so no text that people exchange contains them.
MATCH_START = "\ufdd0"
MATCH_END = "\ufdd1"

MAX_TERMS = 24
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))


@dataclass(frozen=True)
class SearchHit:
    """A place where the words were found.

    Attributes:
        message_id: None when the title matched.
        title: of the conversation.
        snippet: the words around the match, each match between MATCH_START and MATCH_END.
        role: who wrote the message; None when the title matched.
        date: when the message was written; when the conversation last changed for a title.
    """

    conversation_id: int
    message_id: int | None
    title: str
    snippet: str
    role: Role | None
    date: float


def match_expression(query: str) -> str:
    """Make an FTS5 expression: every word must occur, the last one may be unfinished, quoted words stand together.

    Whatever else FTS5 would take for an operator is text. Returns "" when there is no word to look for.
    """
    parts = query.translate(_QUOTES).replace("\0", " ").split('"')
    # An odd number of quotes leaves the last one without its partner: it is no quote.
    if len(parts) % 2 == 0:
        parts[-2:] = [f"{parts[-2]} {parts[-1]}"]
    terms: list[str] = []
    last_is_word = False
    for index, part in enumerate(parts):
        quoted = index % 2 == 1
        for term in [part] if quoted else part.split():
            if _has_token(term):
                terms.append(f'"{term}"')
                last_is_word = not quoted
    terms = terms[:MAX_TERMS]
    return " ".join(terms) + ("*" if last_is_word else "")


def snippet_parts(snippet: str) -> Iterator[tuple[str, bool]]:
    """Split a snippet into pieces of text, each with whether it matched."""
    for piece in re.split(f"({MATCH_START}[^{MATCH_END}]*{MATCH_END})", snippet):
        if piece.startswith(MATCH_START) and piece.endswith(MATCH_END):
            yield piece[1:-1], True
        elif piece:
            yield piece.replace(MATCH_START, "").replace(MATCH_END, ""), False


def _has_token(text: str) -> bool:
    """Whether FTS5's unicode61 finds a token in it: letters, numbers and private characters make tokens."""
    categories = {unicodedata.category(character) for character in text}
    return any(category[0] in "LN" or category == "Co" for category in categories)
