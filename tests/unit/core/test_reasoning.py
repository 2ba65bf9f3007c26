import random

import pytest

from desktop_app.core.reasoning import FAMILIES, THINK, ReasoningSplitter, family_of, opened_by, overlap


def split(text, chunks, **options):
    splitter = ReasoningSplitter(**options)
    parts = [splitter.feed(chunk) for chunk in chunks]
    assert "".join(chunks) == text
    parts.append(splitter.finish())
    return "".join(part[0] for part in parts), "".join(part[1] for part in parts)


def every_way(text, **options):
    """Split a text whole, letter by letter, and in random pieces; all must agree."""
    results = {split(text, [text], **options), split(text, list(text), **options)}
    for seed in range(20):
        chance, rest, pieces = random.Random(seed), text, []
        while rest:
            size = chance.randint(1, 9)
            pieces.append(rest[:size])
            rest = rest[size:]
        results.add(split(text, pieces, **options))
    assert len(results) == 1
    return results.pop()


@pytest.mark.parametrize(
    ("text", "reasoning", "answer"),
    [
        ("Just an answer.", "", "Just an answer."),
        ("", "", ""),
        ("  \n", "", "  \n"),
        (" An answer with a space before it", "", " An answer with a space before it"),
        ("<think>\nHm.\n</think>\n\nYes.", "Hm.", "Yes."),
        ("\n<think>Hm.</think>Yes.", "Hm.", "Yes."),
        ("<think>\n\n</think>\n\nYes.", "", "Yes."),
        ("<think>Cut off amid a thou", "Cut off amid a thou", ""),
        ("<think>half a tag </thi", "half a tag </thi", ""),
        ("<think>a < b and </ and </thinks</think>c", "a < b and </ and </thinks", "c"),
        ("<think>one</think>\n<think>two</think>\nYes.", "onetwo", "Yes."),
        ("<thinking>Hm.</thinking>Yes.", "Hm.", "Yes."),
        ("<thin", "", "<thin"),
        ("<table> is a tag", "", "<table> is a tag"),
        ("Use <think> and </think> tags.", "", "Use <think> and </think> tags."),
        ("[THINK]Hm.[/THINK]Yes.", "Hm.", "Yes."),
        ("<|channel>thought\nHm.<channel|>Yes.", "Hm.", "Yes."),
        (
            "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Yes.",
            "Hm.",
            "Yes.",
        ),
        ("<|channel|>final<|message|>Yes.", "", "Yes."),
        ("<think>Hm.</think>", "Hm.", ""),
        ("<think>Hm.</think>\n\n", "Hm.", ""),
        (
            "<think>keeps\n\n  its inner space\n</think>\n  indented answer",
            "keeps\n\n  its inner space",
            "indented answer",
        ),
    ],
)
def test_reasoning_and_answer(text, reasoning, answer):
    assert every_way(text) == (reasoning, answer)


def test_tags_that_the_prompt_has_opened():
    assert every_way("\nHm.\n</think>\n\nYes.", opened=THINK) == ("Hm.", "Yes.")


def test_going_on_amid_reasoning_keeps_the_space_before_it():
    assert every_way(" and so.</think>Yes.", opened=THINK, continuing=True) == (" and so.", "Yes.")


def test_going_on_amid_an_answer_finds_no_reasoning():
    assert every_way("<think> is a tag", continuing=True) == ("", "<think> is a tag")


def test_an_ordinary_answer_is_not_held_back():
    assert ReasoningSplitter().feed("H") == ("", "H")


@pytest.mark.parametrize("family", FAMILIES)
def test_prompts_that_open_or_close_the_tags(family):
    assert opened_by(f"<|assistant|>{family.opening}\n") is family
    assert opened_by(f"<|assistant|>{family.opening}\n\n{family.closing}\n\n") is None
    assert opened_by("<|assistant|>\n") is None


@pytest.mark.parametrize(
    ("template", "opening"),
    [
        ("… '<think>' … '</think>' …", "<think>"),
        ("[THINK] … [/THINK]", "[THINK]"),
        ("<|channel|>analysis<|message|> … <|end|>", "<|channel|>analysis<|message|>"),
        ("nothing of the kind", "<think>"),
    ],
)
def test_the_tags_a_template_speaks_of(template, opening):
    assert family_of(template).opening == opening


@pytest.mark.parametrize(
    ("text", "tag", "size"),
    [("abc", "cde", 1), ("abcd", "cde", 2), ("cde", "cde", 0), ("", "cde", 0), ("xyz", "cde", 0)],
)
def test_overlap(text, tag, size):
    assert overlap(text, tag) == size
