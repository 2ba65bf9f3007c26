"""A model's card as Markdown that can be shown: its HTML turned into what it means, or left out.

Cards on the Hub are Markdown for a web page: pictures in tables of HTML, centred paragraphs, anchors, comments. The
reader of Markdown shows HTML as text, which is right for a chat and unreadable for a card.
"""

import re
from collections.abc import Callable
from html import unescape

from desktop_app.core.markdown import Paragraph, parse, spans_text

MAX_CARD = 200_000  # characters; the longest cards of models are about half of it
_TEASER_SOURCE = 20_000
_TEASER = 320
_LEAST_TEASER = 60

# Every pattern is bound by what stands between two signs or by a length: a card is a stranger's text.
_FENCED = re.compile(r"^[ \t>]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t>]*(?P=fence)[`~]*[ \t]*$|\Z)", re.M | re.S)
_INLINE_CODE = re.compile(r"(?<!`)(`+)(?!`)[^\n]{1,1000}?(?<!`)\1(?!`)")
_GONE = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|svg|iframe|object|video|audio|picture|head|template)\b[^<>]*>.*?(?:</\1\s*>|\Z)",
    re.I | re.S,
)
# An attribute's value in quotes may hold anything, a > too.
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:\"[^\"<]*\"|'[^'<]*'|[^<>\"'])*)>", re.I)
_ATTRIBUTE = r"""\b{}\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
_HREF = re.compile(_ATTRIBUTE.format("href"), re.I)
_ALT = re.compile(_ATTRIBUTE.format("alt"), re.I)
_REFERENCE = re.compile(r"^ {0,3}\[([^\]\n]{1,200})\]:[ \t]*<?(\S+?)>?(?:[ \t]+[\"'(][^\n]*)?[ \t]*$", re.M)
_REFERRED = re.compile(r"\[([^\[\]\n]{1,500})\]\[([^\[\]\n]{0,200})\]")
# A picture says little without being seen; one that stands alone, or only links, says nothing.
_PICTURE = re.compile(r"!\[([^\[\]\n]*)\]\((?:[^()\n]|\([^()\n]*\))*\)")
_EMPTY_LINK = re.compile(r"\[\s*\]\((?:[^()\n]|\([^()\n]*\))*\)")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")
_BLOCKS = frozenset(
    (
        *("p", "div", "center", "section", "article", "header", "footer", "main", "blockquote", "figure", "details"),
        *("table", "thead", "tbody", "tr", "ul", "ol", "dl"),
    )
)
# What stands for a mark until all tags are gone, so that a mark around nothing can be told from Markdown's own.
_BOLD, _ITALIC, _CODE, _STRUCK = "\ue010", "\ue011", "\ue012", "\ue013"
_KEPT, _KEPT_END = "\ue000", "\ue001"
_MARKS = {
    **dict.fromkeys(("b", "strong"), _BOLD),
    **dict.fromkeys(("i", "em"), _ITALIC),
    **dict.fromkeys(("code", "kbd", "tt"), _CODE),
    **dict.fromkeys(("s", "del", "strike"), _STRUCK),
}
_MARKED = re.compile(f"([{_BOLD}-{_STRUCK}])[ \\t]*([^{_BOLD}-{_STRUCK}\\n]{{0,1000}}?)[ \\t]*\\1")
_UNUSED = str.maketrans(dict.fromkeys((_KEPT, _KEPT_END, _BOLD, _ITALIC, _CODE, _STRUCK)))
_LONE = re.compile(f"[{_BOLD}-{_STRUCK}]")
_WRITTEN = {_BOLD: "**", _ITALIC: "*", _CODE: "`", _STRUCK: "~~"}
_NESTED = 3  # marks in one another, such as bold italics
_INDENTED_TAG = re.compile(r"^[ \t]+(?=</?[a-z])", re.M | re.I)


def card_markdown(text: str) -> str:
    """Return a card without HTML, pictures and references, its code untouched."""
    text = text[:MAX_CARD].replace("\r\n", "\n").translate(_UNUSED)
    addresses = {match[1].casefold(): match[2] for match in _REFERENCE.finditer(text)}
    pieces: list[str] = []
    position = 0
    for match in _FENCED.finditer(text):
        pieces += (_prose(text[position : match.start()], addresses), match.group())
        position = match.end()
    pieces.append(_prose(text[position:], addresses))
    return "".join(pieces).strip("\n")


def teaser(card: str) -> str:
    """Return the first words of a card that say something, as plain text; empty when there are none."""
    for block in parse(card_markdown(card[:_TEASER_SOURCE])):
        if not isinstance(block, Paragraph):
            continue
        linked = sum(len(span.text) for span in block.spans if span.url)
        text = " ".join(spans_text(block.spans).split())
        if len(text) >= _LEAST_TEASER and linked * 2 < len(text):
            return text if len(text) <= _TEASER else text[:_TEASER].rsplit(" ", 1)[0].rstrip(",;:.") + "…"
    return ""


def _prose(text: str, addresses: dict[str, str]) -> str:
    """Return what is not fenced code, its inline code kept apart meanwhile."""
    text = _GONE.sub("", text)
    text = _outside_code(text, lambda part: _without_tags(_with_addresses(part, addresses)))
    return _BLANK_LINES.sub("\n\n", text)


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    codes: list[str] = []

    def keep(match: re.Match[str]) -> str:
        codes.append(match.group())
        return f"{_KEPT}{len(codes) - 1}{_KEPT_END}"

    kept = change(_INLINE_CODE.sub(keep, text))
    return re.sub(f"{_KEPT}(\\d+){_KEPT_END}", lambda match: codes[int(match[1])], kept)


def _with_addresses(text: str, addresses: dict[str, str]) -> str:
    """Put the addresses of references where they are referred to."""

    def address(match: re.Match[str]) -> str:
        found = addresses.get((match[2] or match[1]).casefold())
        return f"[{match[1]}]({found})" if found else match.group()

    return _REFERRED.sub(address, _REFERENCE.sub("", text)) if addresses else text


def _without_tags(text: str) -> str:
    links: list[str] = []
    # Without its tag, an indented line would be code.
    text = _TAG.sub(lambda match: _tag(match, links), _INDENTED_TAG.sub("", text))
    text = _PICTURE.sub(lambda match: match[1] if _says_something(match[1]) else "", text)
    text = _EMPTY_LINK.sub("", text)
    for _ in range(_NESTED):
        text = _MARKED.sub(
            lambda match: f"{_WRITTEN[match[1]]}{match[2]}{_WRITTEN[match[1]]}" if match[2] else "", text
        )
    return _LONE.sub("", text)


def _says_something(words: str) -> bool:
    """Whether a picture's words are words, not the name of a file."""
    return " " in words.strip() and not re.search(r"\.\w{3,4}$", words.strip())


def _tag(match: re.Match[str], links: list[str]) -> str:
    """Return what stands for a tag in Markdown."""
    closes, name, rest = bool(match[1]), match[2].lower(), match[3]
    if name == "a":
        return _link(rest, links, closes=closes)
    if name in _MARKS:
        return _MARKS[name]
    if len(name) == 2 and name[0] == "h" and name[1] in "123456":
        return "\n\n" if closes else f"\n\n{'#' * int(name[1])} "
    if name == "img":
        return f"![{_value(_ALT, rest)}](-)"
    return _plain_tag(name, closes=closes)


def _plain_tag(name: str, *, closes: bool) -> str:
    if name == "br":
        return "\n"
    if name == "hr":
        return "\n\n---\n\n"
    if name == "li":
        return "" if closes else "\n- "
    if name in ("td", "th", "dd"):
        return " " if closes else ""
    if name in ("summary", "dt", "figcaption", "caption"):
        return f"{_BOLD}\n\n" if closes else f"\n\n{_BOLD}"
    return "\n\n" if name in _BLOCKS else ""


def _link(rest: str, links: list[str], *, closes: bool) -> str:
    """Open or close a link; one without a web address is only its words."""
    if closes:
        address = links.pop() if links else ""
        return f"]({address})" if address else ""
    address = unescape(_value(_HREF, rest)).strip()
    usable = address.lower().startswith(("http://", "https://")) and not re.search(r"[\s()<>]", address)
    links.append(address if usable else "")
    return "[" if usable else ""


def _value(attribute: re.Pattern[str], rest: str) -> str:
    match = attribute.search(rest)
    return unescape(next((one for one in match.groups() if one is not None), "")) if match else ""
