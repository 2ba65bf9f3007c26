"""Conversations written for people and for programs."""

import json
from datetime import UTC, datetime

import pytest
from markdown_it import MarkdownIt

from desktop_app.core.conversation import Conversation, FinishReason, Message, MessageState, Role, Statistics, Tree
from desktop_app.core.export import to_document, to_json, to_markdown, to_text
from desktop_app.core.sampling import SamplingSettings

MOMENT = datetime(2026, 2, 3, 4, 5, 6, 789000, tzinfo=UTC).timestamp()
CONVERSATION = Conversation(
    7, "Été\nà Paris", MOMENT, MOMENT + 1, leaf_id=2, system_prompt="Be brief.", sampling=SamplingSettings(top_k=5)
)
QUESTION = Message(1, 7, None, Role.USER, "Où est le **café** ?\n", MOMENT)
ANSWER = Message(
    2,
    7,
    1,
    Role.ASSISTANT,
    "Au coin.",
    MOMENT,
    reasoning="First thought.\n\nSecond thought.",
    model="starter.gguf",
    system_prompt="Be brief.",
    sampling=SamplingSettings(seed=3, stop=("#",)),
    statistics=Statistics(prompt_tokens=9, completion_tokens=3),
    finish_reason=FinishReason.STOP,
)
OTHER = Message(3, 7, 1, Role.ASSISTANT, "Je", MOMENT, state=MessageState.FAILED, error="The model\nstopped.")


def test_markdown() -> None:
    assert to_markdown(CONVERSATION, [QUESTION, ANSWER]) == (
        "# Été à Paris\n\n"
        "## System prompt\n\n"
        "Be brief.\n\n"
        "## You\n\n"
        "Où est le **café** ?\n\n"
        "## Model (starter.gguf)\n\n"
        "> First thought.\n>\n> Second thought.\n\n"
        "Au coin.\n"
    )


def test_markdown_tells_of_errors() -> None:
    assert to_markdown(Conversation(1, "", 0, 0), [OTHER]) == (
        "# Conversation\n\n## Model\n\nJe\n\n*The model stopped.*\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "```py\nprint(1)",
        "~~~~\n```\n~~~",
        "text\n\n   ````\n```",
        "```\ndone\n```\n\n```js\nopen",
        "```\ndone\n```",
        "inline ``` code",
        "```inline``` code",
        "    ```\nnot a fence",
        "```\n    ```",
        "``` \n```x",
    ],
)
def test_a_cut_code_block_does_not_swallow_the_next_message(text: str) -> None:
    cut = Message(1, 1, None, Role.ASSISTANT, text, 0)
    tokens = MarkdownIt().parse(to_markdown(Conversation(1, "One", 0, 0), [cut, QUESTION]))
    headings = [tokens[i + 1].content for i, token in enumerate(tokens) if token.type == "heading_open"]
    assert headings == ["One", "Model", "You"]


def test_a_whole_code_block_is_left_as_it_is() -> None:
    whole = Message(1, 1, None, Role.ASSISTANT, "```\na\n```\ntext ```", 0)
    assert to_markdown(Conversation(1, "One", 0, 0), [whole]).endswith("```\na\n```\ntext ```\n")


def test_plain_text() -> None:
    assert to_text(CONVERSATION, [QUESTION, ANSWER]) == (
        "Été à Paris\n\nYou:\nOù est le **café** ?\n\nModel (starter.gguf):\nAu coin.\n"
    )


def test_the_document_holds_the_whole_tree() -> None:
    document = to_document(CONVERSATION, Tree([OTHER, ANSWER, QUESTION]))
    assert list(document)[:2] == ["format", "version"]
    assert (document["format"], document["version"]) == ("causerie-conversation", 1)
    assert (document["title"], document["leaf"], document["system_prompt"]) == ("Été\nà Paris", 2, "Be brief.")
    assert document["created_at"] == "2026-02-03T04:05:06.789Z"
    assert document["sampling"]["top_k"] == 5
    assert [(one["id"], one["parent"]) for one in document["messages"]] == [(1, None), (2, 1), (3, 1)]
    question, answer, other = document["messages"]
    assert (question["sampling"], question["statistics"], question["finish_reason"]) == (None, None, None)
    assert (answer["reasoning"], answer["model"]) == (ANSWER.reasoning, "starter.gguf")
    assert (answer["sampling"]["seed"], answer["sampling"]["stop"]) == (3, ["#"])
    assert answer["statistics"]["completion_tokens"] == 3
    assert answer["finish_reason"] == "stop"
    assert (other["state"], other["error"]) == ("failed", "The model\nstopped.")


def test_the_document_is_plain_json() -> None:
    tree = Tree([QUESTION, ANSWER, OTHER])
    text = to_json(CONVERSATION, tree)
    assert json.loads(text) == to_document(CONVERSATION, tree)
    assert "Été" in text
    assert text.endswith("}\n")


def test_an_empty_conversation() -> None:
    empty = Conversation(1, "", 0, 0)
    assert to_markdown(empty, []) == "# Conversation\n"
    assert to_text(empty, []) == "Conversation\n"
    assert to_document(empty, Tree())["messages"] == []
