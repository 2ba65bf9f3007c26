import random

import pytest

from desktop_app.inference.protocol import PromptProgress, TokenChunk
from desktop_app.inference.stream import ReplyStream, StopStrings


def run(text, stops, pieces):
    finder, out = StopStrings(stops), ""
    for piece in pieces:
        out += finder.feed(piece)
        if finder.met:
            return out, True
    return out + finder.finish(), False


@pytest.mark.parametrize(
    ("text", "stops", "out", "met"),
    [
        ("hello world", ("wor",), "hello ", True),
        ("hello world", ("worse",), "hello world", False),
        ("aaab", ("aab",), "a", True),
        ("ababac", ("abac",), "ab", True),
        ("one\n\ntwo", ("\n\n",), "one", True),
        ("xyz", ("yz", "xyz"), "", True),
        ("abcd", ("bc", "abcd"), "a", True),
        ("ends with half a st", ("stop",), "ends with half a st", False),
        ("stop", ("stop",), "", True),
        ("anything", (), "anything", False),
        ("anything", ("",), "anything", False),
        ("Hé 😀 end", ("😀",), "Hé ", True),
    ],
)
def test_stop_strings(text, stops, out, met):
    assert run(text, stops, [text]) == (out, met)
    assert run(text, stops, list(text)) == (out, met)


@pytest.mark.parametrize("seed", range(100))
def test_where_chunks_are_cut_does_not_matter(seed):
    chance = random.Random(seed)
    text = "".join(chance.choice("ab") for _ in range(40))
    stops = ["".join(chance.choice("ab") for _ in range(chance.randint(3, 7))) for _ in range(3)]
    pieces, rest = [], text
    while rest:
        size = chance.randint(1, 6)
        pieces.append(rest[:size])
        rest = rest[size:]
    assert run(text, stops, pieces) == run(text, stops, [text])
    # The plain meaning: the string that is complete first, and of those the longest.
    ends = [(text.find(stop) + len(stop), -len(stop), stop) for stop in stops if stop in text]
    expected = text if not ends else text[: min(ends)[0] - len(min(ends)[2])]
    assert run(text, stops, [text])[0] == expected


def streamed(pieces, stops=(), **begin):
    events = []
    reply = ReplyStream(7, events.append, stops)
    reply.begin(**begin)
    for piece in pieces:
        if reply.write(piece):
            break
    reply.finish()
    return reply, [event for event in events if isinstance(event, TokenChunk)]


def text_of(chunks):
    return "".join(chunk.text for chunk in chunks)


def test_the_first_token_goes_out_at_once_and_the_others_together():
    _, chunks = streamed([b"one ", b"two ", b"three "])
    assert [chunk.text for chunk in chunks] == ["one ", "two three "]
    assert [chunk.tokens for chunk in chunks] == [1, 3]
    assert {chunk.id for chunk in chunks} == {7}


def test_bytes_become_whole_characters():
    text = "né 😀 日本 👩‍👩‍👧"
    _, chunks = streamed([bytes((byte,)) for byte in text.encode()])
    assert text_of(chunks) == text


def test_bytes_that_are_no_text_are_replaced():
    _, chunks = streamed([b"a\xff\xfeb"])
    assert text_of(chunks) == "a\ufffd\ufffdb"


def test_an_unfinished_character_at_the_end_is_left_out():
    _, chunks = streamed([b"ok ", "😀".encode()[:3]])
    assert text_of(chunks) == "ok "


def test_stop_strings_are_found_across_tokens():
    reply, chunks = streamed([b"one st", b"op two"], ("stop",))
    assert text_of(chunks) == "one "
    assert reply.tokens == 2


def test_what_looked_like_a_stop_string_is_written_in_the_end():
    _, chunks = streamed([b"one st"], ("stop",))
    assert text_of(chunks) == "one st"


def test_further_stop_strings():
    events = []
    reply = ReplyStream(7, events.append, ("zzz",))
    reply.begin(stops=("<|im_end|>",))
    assert reply.write(b"one<|im_end|>two")
    reply.finish()
    assert text_of(events) == "one"


def test_no_empty_chunks():
    _, chunks = streamed([b"", b"<thi", b"nk>", b"x</think>", b"", b"y", b""])
    assert all(chunk.text or chunk.reasoning for chunk in chunks)
    assert "".join(chunk.reasoning for chunk in chunks) == "x"
    assert text_of(chunks) == "y"


def test_prompt_progress_is_thinned_out_but_ends():
    events = []
    reply = ReplyStream(7, events.append)
    for done in range(0, 1001, 10):
        reply.prompt(done, 1000, 0)
    assert events[0] == PromptProgress(id=7, done=0, total=1000, cached=0)
    assert events[-1].done == 1000
    assert len(events) < 20
