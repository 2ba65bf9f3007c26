"""What the model is given of a branch, and what a conversation is called."""

import pytest

from desktop_app.core.conversation import ChatMessage, Message, Role, prompt_messages, title_from

USER, ASSISTANT, SYSTEM = Role.USER, Role.ASSISTANT, Role.SYSTEM


def branch(*said):
    return [
        Message(number, 1, number - 1 or None, role, text, 0.0, *more)
        for number, (role, text, *more) in enumerate(said, 1)
    ]


def given(*said, system=""):
    return [(message.role, message.content) for message in prompt_messages(branch(*said), system)]


def test_turns_as_they_are():
    assert given((USER, "a"), (ASSISTANT, "b"), (USER, "c")) == [(USER, "a"), (ASSISTANT, "b"), (USER, "c")]


def test_the_system_prompt_comes_first():
    assert given((USER, "a"), system="Be kind.") == [(SYSTEM, "Be kind."), (USER, "a")]


@pytest.mark.parametrize("system", ["", "  \n "])
def test_an_empty_system_prompt_is_none(system):
    assert given((USER, "a"), system=system) == [(USER, "a")]


def test_a_reply_without_text_is_left_out_and_its_neighbours_joined():
    assert given((USER, "a"), (ASSISTANT, ""), (USER, "b")) == [(USER, "a\n\nb")]


def test_many_neighbours_of_one_role_are_one_message():
    assert given((USER, "a"), (USER, "b"), (USER, "c"), (ASSISTANT, "d")) == [(USER, "a\n\nb\n\nc"), (ASSISTANT, "d")]


def test_reasoning_is_handed_on():
    messages = prompt_messages(branch((USER, "a"), (ASSISTANT, "b", "because")), "")
    assert messages[1] == ChatMessage(ASSISTANT, "b", "because")


def test_a_reply_that_was_cut_while_it_reasoned_is_not_left_out():
    messages = prompt_messages(branch((USER, "a"), (ASSISTANT, "", "hm")), "")
    assert messages[1] == ChatMessage(ASSISTANT, "", "hm")


def test_nothing_said_is_nothing_given():
    assert prompt_messages([], "") == ()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("What is a token?", "What is a token?"),
        ("  What\n\tis  it? ", "What is it?"),
        ("# Heading", "Heading"),
        ("> quoted *words*", "quoted *words*"),
        ("```python\nprint()\n```", "python print() ```"),
        ("- item", "item"),
        ("***", "***"),
        ("", ""),
        ("日本語", "日本語"),
    ],
)
def test_titles(text, title):
    assert title_from(text) == title


def test_a_long_message_is_cut_between_words():
    title = title_from("one two three " * 20)
    assert title == "one two three one two three one two three one two three…"
    assert len(title) <= 60


def test_a_long_word_is_cut_inside():
    assert title_from("x" * 100) == "x" * 59 + "…"


def test_punctuation_before_the_dots_goes():
    assert title_from("a" * 40 + ", " + "b" * 40) == "a" * 40 + "…"


@pytest.mark.parametrize("length", range(55, 65))
def test_a_title_is_never_longer_than_its_limit(length):
    assert len(title_from("ab " * (length // 3) + "c" * (length % 3))) <= 60
    assert len(title_from("x" * length)) <= 60
