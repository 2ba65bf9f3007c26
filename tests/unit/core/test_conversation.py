"""The tree of messages and what it answers."""

import random

import pytest

from desktop_app.core.conversation import ChatMessage, Message, Role, Statistics, Tree, prompt_messages, title_from


def message(number: int, parent_id: int | None, content: str = "") -> Message:
    return Message(number, 1, parent_id, Role.USER, content, float(number))


@pytest.fixture
def tree() -> Tree:
    """1 ─ 2 ─ 4 ─ 6, 1 ─ 3 ─ 5, and 7 beside 1; given in no order."""
    links = {6: 4, 3: 1, 1: None, 7: None, 5: 3, 2: 1, 4: 2}
    return Tree(message(number, parent) for number, parent in links.items())


def ids(messages: list[Message]) -> list[int]:
    return [message.id for message in messages]


def test_an_empty_tree() -> None:
    tree = Tree()
    assert len(tree) == 0
    assert tree.branch(None) == []
    assert tree.branch(5) == []
    assert tree.newest_leaf(None) is None
    assert tree.children(None) == ()


def test_branches_siblings_children_and_leaves(tree: Tree) -> None:
    assert len(tree) == 7
    assert 6 in tree
    assert 8 not in tree
    assert tree[6].id == 6
    assert ids(tree.branch(6)) == [1, 2, 4, 6]
    assert ids(tree.branch(5)) == [1, 3, 5]
    assert ids(tree.branch(1)) == [1]
    assert tree.siblings(2) == (2, 3)
    assert tree.siblings(7) == (1, 7)
    assert tree.siblings(6) == (6,)
    assert tree.children(1) == (2, 3)
    assert tree.children(None) == (1, 7)
    assert tree.newest_leaf(1) == 5
    assert tree.newest_leaf(2) == 6
    assert tree.newest_leaf(None) == 7


def test_adding_a_known_message_replaces_it_in_its_place(tree: Tree) -> None:
    tree.add(message(2, 1, "new"))
    assert len(tree) == 7
    assert tree.siblings(2) == (2, 3)
    assert tree[2].content == "new"
    assert ids(tree.branch(6)) == [1, 2, 4, 6]


def test_removing_takes_all_below(tree: Tree) -> None:
    tree.remove(2)
    assert sorted(tree.messages) == [1, 3, 5, 7]
    assert tree.children(1) == (3,)
    tree.remove(1)
    assert sorted(tree.messages) == [7]
    tree.remove(7)
    assert len(tree) == 0
    with pytest.raises(KeyError):
        tree.remove(7)


def test_a_long_conversation_is_as_easy_as_a_short_one() -> None:
    tree = Tree(message(number, number - 1 or None) for number in range(1, 20_001))
    assert len(tree.branch(20_000)) == 20_000
    assert tree.newest_leaf(None) == 20_000
    tree.remove(1)
    assert len(tree) == 0


@pytest.mark.parametrize("seed", range(5))
def test_random_trees_agree_with_their_links(seed: int) -> None:
    generator = random.Random(seed)
    tree, parents = Tree(), {}
    for number in range(1, 200):
        if parents and generator.random() < 0.1:
            doomed = {generator.choice(list(parents))}
            tree.remove(*doomed)
            for one in sorted(parents):
                if parents[one] in doomed:
                    doomed.add(one)
            for one in doomed:
                del parents[one]
        parents[number] = generator.choice([None, *parents])
        tree.add(message(number, parents[number]))
    assert {number: tree[number].parent_id for number in tree.messages} == parents
    for number in parents:
        assert set(tree.children(number)) == {child for child in parents if parents[child] == number}
        assert tree.siblings(number) == tuple(sorted(one for one in parents if parents[one] == parents[number]))
        branch = ids(tree.branch(number))
        assert [parents[one] for one in branch] == [None, *branch[:-1]]


def test_speeds_come_from_tokens_and_seconds() -> None:
    statistics = Statistics(
        prompt_tokens=30,
        cached_tokens=10,
        evaluated_tokens=20,
        completion_tokens=8,
        prompt_seconds=0.5,
        generation_seconds=2.0,
    )
    assert statistics.prompt_tokens_per_second == 40.0
    assert statistics.generation_tokens_per_second == 4.0
    assert Statistics().prompt_tokens_per_second == 0.0
    assert Statistics().generation_tokens_per_second == 0.0


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("What is a token?", "What is a token?"),
        ("  What\n\nis   a\ttoken? ", "What is a token?"),
        ("# Heading", "Heading"),
        ("> `code` - list", "code` - list"),
        ("", ""),
        (" \n ", ""),
        ("a" * 60, "a" * 60),
        ("a" * 61, "a" * 59 + "…"),
        (
            "one two three four five six seven eight nine ten eleven, twelve",
            "one two three four five six seven eight nine ten eleven…",
        ),
    ],
)
def test_titles_are_the_first_words(text: str, title: str) -> None:
    assert title_from(text) == title


def test_titles_are_never_longer_than_asked() -> None:
    generator = random.Random(1)
    for _ in range(300):
        text = "".join(generator.choices("ab é,. 漢\n", k=generator.randint(0, 200)))
        assert len(title_from(text, 30)) <= 30


def said(role: Role, content: str, reasoning: str = "") -> Message:
    return Message(1, 1, None, role, content, 0.0, reasoning)


def test_a_prompt_begins_with_the_system_prompt_unless_it_is_blank() -> None:
    question = said(Role.USER, "Hello")
    assert prompt_messages([question], "Be kind.") == (
        ChatMessage(Role.SYSTEM, "Be kind."),
        ChatMessage(Role.USER, "Hello"),
    )
    assert prompt_messages([question], " \n") == (ChatMessage(Role.USER, "Hello"),)
    assert prompt_messages([], "") == ()


def test_a_prompt_leaves_out_replies_without_text_and_joins_neighbours() -> None:
    branch = [
        said(Role.USER, "One"),
        said(Role.ASSISTANT, ""),
        said(Role.USER, "Two"),
        said(Role.ASSISTANT, "", "only a thought"),
        said(Role.USER, "Three"),
        said(Role.ASSISTANT, "Answer", "thought"),
    ]
    assert prompt_messages(branch, "") == (
        ChatMessage(Role.USER, "One\n\nTwo"),
        ChatMessage(Role.ASSISTANT, "", "only a thought"),
        ChatMessage(Role.USER, "Three"),
        ChatMessage(Role.ASSISTANT, "Answer", "thought"),
    )
