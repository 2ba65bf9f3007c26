"""Markdown: what it reads, that a growing text never breaks or goes back, and that hostile text is bounded."""

import random
import time
from collections.abc import Iterator

import pytest

from desktop_app.core.markdown import (
    MAX_LINE,
    MAX_TEXT,
    Alignment,
    Block,
    Code,
    Heading,
    ListBlock,
    Paragraph,
    Quote,
    Rule,
    Span,
    SpanStyle,
    StreamingMarkdown,
    Table,
    parse,
    plain_text,
    safe_text,
    spans_text,
)
from desktop_app.core.markdown_reader import Reader

DOCUMENTS = {
    "prose": "# Title\n\nA **bold** and *soft* `code` text, [a link](https://example.org/a_(b)).\nNext line.\n\nEnd.",
    "lists": "- one\n- two\n  1. inner *a*\n  2. inner\n\n     more\n- [ ] open\n- [x] done\n\nafter\n\n3) c\n4) d\n",
    "code": "Before\n```python\nx = 1\n\n- no list\n| no | table |\n```\nafter `x`\n\n~~~\n```\n~~~\n\n    indented\n",
    "code at the end": "text\n\n```js\nlet a;\n```",
    "open code": "text\n\n```js\nlet a = `b`;\n\n# no heading",
    "fence in list": "- item\n  ```sh\n  ls\n\n  cd\n  ```\n- next\n> ```\n> quoted\n\nlazy",
    "indented fence": "  ```text\n  a\n   b\n  ```\nend\n",
    "table": "| a | b |\n|:--|--:|\n| **1** | `2` |\n| x<br>y | \\| |\n\nand a | b\n--|--\n1 | 2\n",
    "not a table": "| a | b |\nonly text\n\n|alone\n",
    "setext": "Heading\n===\n\nOther\n---\n\ntext\n\n---\n\n***\n\n___\ntext\n- - -\n",
    "quotes": "> a\nlazy\n> > deeper\n\n> - list\n>   in quote\n\n>\n> x\n",
    "emphasis": "**a *b* c** ***d*** _e_ __f__ snake_case 2 * 3 * 4 ~~g~~ **unclosed\n\n*x **y\n\nok",
    "links": "[a](b) [c](javascript:alert(1)) ![pic](http://x/y.png) [d](mailto:a@b.c) <https://e.f> https://g.h x",
    "brackets": "array[0] = [1, 2]; f(x)[y] [^1] [ref][1]\n\n[1]: https://example.org\n",
    "html": "<script>alert(1)</script>\n\n<div>\n**bold**\n</div>\n\n<!-- x -->\n",
    "edges": "\n\n\n#\n##\n# #\n-\n- \n1.\n>\n```\n```\n\n|\n||\n\\\n\\*\n&amp; &copy; &nope;\n",
    "line ends": "a\r\nb\rc\r\n\r\n- d\r\n",
    "scripts": "שלום **עולם**\n\nمرحبا\n\n😀 `😀` **😀**\n\n日本語。**太字**\n",
    "numbers": "42\n\n1. a\n\n2\n\n10000000000. no list\n",
    "headings": "# a\ntext\n## b ##\n###### c\n####### no\n#no\n",
    "loose": "- a\n\n- b\n\n  c\n\n\n- d\nlazy\n",
}


@pytest.fixture(params=DOCUMENTS.values(), ids=DOCUMENTS.keys())
def document(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def content(block: Block) -> tuple[object, ...]:
    return (type(block), block.identity, plain_text([block]))


def stream(text: str, sizes: Iterator[int] | None = None) -> StreamingMarkdown:
    """Feed a text in pieces; what is closed must never change."""
    reader = StreamingMarkdown()
    closed: list[Block] = []
    position = 0
    while position < len(text):
        size = next(sizes) if sizes else 1
        reader.append(text[position : position + size])
        position += size
        blocks = reader.blocks
        assert reader.closed_count >= len(closed)
        assert blocks[: len(closed)] == closed
        closed = blocks[: reader.closed_count]
    reader.finish()
    assert reader.blocks[: len(closed)] == closed
    return reader


def test_streamed_character_by_character_ends_as_the_whole(document: str) -> None:
    assert tuple(stream(document).blocks) == parse(document)


def test_streamed_text_ends_as_one_reading_of_the_whole_source(document: str) -> None:
    expected = Reader(safe_text(document)).blocks()
    assert [content(block) for block in parse(document)] == [content(block) for block in expected]


def test_random_documents_stream_without_a_step_back() -> None:
    pieces = [
        "a",
        "b",
        "**c",
        "*",
        "_d_",
        "`",
        "``",
        "```",
        "~~~",
        "~~",
        "[x](y)",
        "[",
        "](",
        ")",
        "|",
        "|-",
        "-",
        "1.",
    ]
    pieces += ["#", ">", "|\n", "|---|---|\n", "| a | b |\n", "![", "\\", "<", "&lt;", "    ", "\n    ", "\n- ", "***"]
    pieces += ["\n", "\n\n", " ", "  ", "```py\n", "```\n", "- ", "> ", "\n\n", "\n"]
    chance = random.Random(7)
    for _ in range(250):
        text = "".join(chance.choice(pieces) for _ in range(chance.randint(5, 60)))
        assert tuple(stream(text).blocks) == parse(text), text
        expected = Reader(text).blocks()
        assert [content(block) for block in parse(text)] == [content(block) for block in expected], text


def test_chunks_of_any_size_give_the_same_blocks(document: str) -> None:
    chance = random.Random(3)
    sizes = iter(lambda: chance.randint(1, 9), None)
    assert tuple(stream(document * 3, sizes).blocks) == parse(document * 3)


def shown(text: str) -> list[Block]:
    reader = StreamingMarkdown()
    reader.append(text)
    return reader.blocks


def only_spans(text: str) -> tuple[Span, ...]:
    (block,) = shown(text)
    assert isinstance(block, (Paragraph, Heading))
    return block.spans


@pytest.mark.parametrize(
    ("half", "expected"),
    [
        ("**bol", (Span("bol", SpanStyle.STRONG),)),
        ("**bold*", (Span("bold", SpanStyle.STRONG),)),
        ("a *", (Span("a "),)),
        ("a **", (Span("a "),)),
        ("a `co", (Span("a "), Span("co", SpanStyle.CODE))),
        ("`a``", (Span("a", SpanStyle.CODE),)),
        ("~~st", (Span("st", SpanStyle.STRIKE),)),
        ("***x", (Span("x", SpanStyle.STRONG | SpanStyle.EMPHASIS),)),
        ("**a *b", (Span("a ", SpanStyle.STRONG), Span("b", SpanStyle.STRONG | SpanStyle.EMPHASIS))),
        ("[te", (Span("te"),)),
        ("[text]", (Span("text"),)),
        ("[text](http", (Span("text"),)),
        ("see [**te", (Span("see "), Span("te", SpanStyle.STRONG))),
        ("![pic](http://x", (Span("pic"),)),
        ("<https://a.b", (Span("https://a.b", url="https://a.b"),)),
        ("2 * 3", (Span("2 * 3"),)),
        ("snake_case_na", (Span("snake_case_na"),)),
        ("a[0", (Span("a[0"),)),
        ("# Ti **t", (Span("Ti "), Span("t", SpanStyle.STRONG))),
    ],
)
def test_half_written_text_is_completed(half: str, expected: tuple[Span, ...]) -> None:
    spans = only_spans(half)
    joined = tuple((span.text.rstrip() if span is spans[-1] else span.text, span.style, span.url) for span in spans)
    wanted = tuple(
        (span.text.rstrip() if span is expected[-1] else span.text, span.style, span.url) for span in expected
    )
    assert joined == wanted


@pytest.mark.parametrize("marker", ["#", "##", "-", "- ", "1", "1.", "1. ", "- [", "- [ ]", ">", "**", "`", "|", "~"])
def test_a_lone_marker_waits(marker: str) -> None:
    assert plain_text(shown(f"text\n\n{marker}")).strip() in ("text", "text\n\n•")


@pytest.mark.parametrize("underline", ["-", "---", "=", "==="])
def test_a_paragraph_does_not_become_a_heading_before_the_underline_is_whole(underline: str) -> None:
    (block,) = shown(f"text\n{underline}")
    assert isinstance(block, Paragraph)
    assert isinstance(shown(f"text\n{underline}\n")[0], Heading)


@pytest.mark.parametrize(
    "half", ["| a | b", "| a | b |", "| a | b |\n", "| a | b |\n|", "| a | b |\n|--", "| a | b |\n|:-:|-"]
)
def test_the_first_line_of_a_table_is_a_table_already(half: str) -> None:
    (block,) = shown(half)
    assert isinstance(block, Table)
    assert [spans_text(cell) for cell in block.rows[0]] == ["a", "b"]
    assert len(block.rows) == 1


@pytest.mark.parametrize("name", ["prose", "lists", "table", "code", "quotes"])
def test_raw_markers_never_flash(name: str) -> None:
    document = DOCUMENTS[name]
    final = plain_text(parse(document))
    for end in range(1, len(document)):
        text = plain_text([block for block in shown(document[:end]) if not isinstance(block, Code)])
        for marker in ("**", "](", "`", "~~", "|-", "[ ]", "#"):
            assert marker not in text or marker in final, document[:end]


def test_an_unclosed_fence_is_code_and_its_language_waits_for_the_end_of_the_line() -> None:
    (opening,) = shown("```pyth")
    assert isinstance(opening, Code)
    assert opening.language == ""
    (block,) = shown("```python\nx = 1\n``")
    assert isinstance(block, Code)
    assert (block.language, block.text) == ("python", "x = 1")


def test_blocks_that_do_not_change_keep_their_identity_while_a_list_grows() -> None:
    reader = StreamingMarkdown()
    reader.append("- first **item**\n- second")
    before = reader.blocks[0]
    reader.append(" grows")
    after = reader.blocks[0]
    assert isinstance(before, ListBlock)
    assert isinstance(after, ListBlock)
    assert before.identity != after.identity
    assert before.items[0].blocks[0].identity == after.items[0].blocks[0].identity
    assert before.items[1].blocks[0].identity != after.items[1].blocks[0].identity


def test_every_kind_of_block() -> None:
    text = "## H\n\np\n\n- [x] a\n- b\n\n5. n\n\n> q\n\n```c\nint\n```\n\n"
    text += "| l | r | c | s |\n|:-|-:|:-:|-|\n| 1 | 2 | 3 | 4 |\n\n---\n"
    heading, paragraph, bullets, numbers, quote, code, table, rule = parse(text)
    assert isinstance(heading, Heading)
    assert heading.level == 2
    assert isinstance(paragraph, Paragraph)
    assert isinstance(bullets, ListBlock)
    assert [item.checked for item in bullets.items] == [True, None]
    assert isinstance(numbers, ListBlock)
    assert numbers.first_number == 5
    assert isinstance(quote, Quote)
    assert isinstance(code, Code)
    assert code.language == "c"
    assert isinstance(table, Table)
    assert table.alignments == (Alignment.LEFT, Alignment.RIGHT, Alignment.CENTRE, Alignment.START)
    assert isinstance(rule, Rule)
    assert "".join(text[block.start : block.end] for block in parse(text)).replace("\n", "") == text.replace("\n", "")


def test_only_web_and_mail_addresses_are_links() -> None:
    spans = only_spans_of("[a](javascript:x) [b](file:///etc/passwd) [c](HTTPS://e.org) [d](mailto:x@y.z)")
    assert [span.url for span in spans if span.url] == ["HTTPS://e.org", "mailto:x@y.z"]


def only_spans_of(text: str) -> tuple[Span, ...]:
    (block,) = parse(text)
    assert isinstance(block, Paragraph)
    return block.spans


def test_a_bare_address_leaves_out_the_sentence_around_it() -> None:
    spans = only_spans_of("See (https://a.b/c_(d)), or https://e.f/?g=h.")
    assert [span.url for span in spans if span.url] == ["https://a.b/c_(d)", "https://e.f/?g=h"]


def test_an_image_is_its_text_and_leads_nowhere() -> None:
    assert only_spans_of("![a *b*](https://x.y/z.png)") == (Span("a b"),)


def test_html_is_text() -> None:
    text = "<img src=x onerror=alert(1)>\n\na <b>c</b>"
    assert plain_text(parse(text)) == text


def test_plain_text_of_nested_blocks() -> None:
    text = "1. a\n   - b\n\n     c\n2. d\n\n> e\n\n| f | g |\n|-|-|\n| h | i |"
    assert plain_text(parse(text)) == "1. a\n   • b\n     c\n2. d\n\ne\n\nf\tg\nh\ti"


def test_control_characters_and_overrides_become_signs() -> None:
    assert safe_text("a\x00b\x1b[0m\u202ec\u2028d\ud800") == "a␀b␛[0m\ufffdc\nd\ufffd"
    assert safe_text("keeps\ttabs and \u2067isolates\u2069") == "keeps\ttabs and \u2067isolates\u2069"


@pytest.mark.parametrize(
    "hostile",
    [
        "x" * 10_000_000,
        "word " * 2_000_000,
        ">" * 100_000 + " deep",
        "> " * 100_000 + "deep",
        "- " * 50_000 + "deep",
        "\n".join(">" * depth + " x" for depth in range(0, 3000, 10)),
        "\n".join("  " * depth + "- x" for depth in range(800)),
        "[" * 50_000,
        "![" * 30_000,
        "[a](" * 20_000,
        "*a **b " * 20_000,
        "`" * 50_000,
        "".join("`" * length + " " for length in range(400)),
        "~~" * 30_000,
        "_*" * 30_000,
        "<" * 50_000,
        "[a](<b" * 10_000,
        "&" * 50_000,
        "\\" * 50_000,
        "| a " * 20_000 + "\n" + "|-" * 20_000,
        "| a | b |\n|---|---|\n" + "| c | d |\n" * 20_000,
        "```\n" + "code\n" * 200_000,
        "\x00\u202e" * 100_000,
        "# " * 50_000,
        "-" * 100_000,
        "a\n" * 60_000,
        "1. a\n" * 12_000,
    ],
    ids=lambda text: f"{text[:12]!r} {len(text)}",
)
def test_hostile_text_is_shown_in_bounded_time_and_nesting(hostile: str) -> None:
    started = time.perf_counter()
    blocks = parse(hostile)
    # Not a measurement: a bound that only runaway work would pass, on the slowest of machines.
    assert time.perf_counter() - started < 30
    assert blocks
    assert depth_of(blocks) < 30
    assert all(len(spans_text(block.spans)) <= 8_000 for block in blocks if isinstance(block, Paragraph))


def depth_of(blocks: tuple[Block, ...]) -> int:
    deepest = 0
    for block in blocks:
        inner: list[Block] = []
        if isinstance(block, Quote):
            inner = list(block.blocks)
        elif isinstance(block, ListBlock):
            inner = [part for item in block.items for part in item.blocks]
        deepest = max(deepest, 1 + depth_of(tuple(inner)) if inner else 1)
    return deepest


def test_what_is_nested_too_deeply_is_not_left_out() -> None:
    assert "at the bottom" in plain_text(parse("> " * 200 + "at the bottom"))
    assert "at the bottom" in plain_text(parse("- " * 200 + "at the bottom"))


def test_a_long_line_and_a_long_text_lose_no_word() -> None:
    words = " ".join(f"w{number}" for number in range(300_000))
    assert len(words) > MAX_TEXT
    assert plain_text(parse(words)).split() == words.split()
    line = "y" * (MAX_LINE * 3 + 5)
    assert plain_text(parse(line)).replace("\n", "") == line


def test_long_text_streams_to_the_same_blocks() -> None:
    text = "\n\n".join(f"Paragraph **{number}** with words.\n- item {number}" for number in range(2_000))
    reader = StreamingMarkdown()
    for position in range(0, len(text), 4_999):
        reader.append(text[position : position + 4_999])
    reader.finish()
    assert tuple(reader.blocks) == parse(text)
