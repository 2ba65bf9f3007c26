import pytest

from desktop_app.core.conversation import ChatMessage, Role
from desktop_app.core.errors import UsageError
from desktop_app.core.reasoning import THINK
from desktop_app.inference.prompt import PromptBuilder
from desktop_app.inference.protocol import CountTokens
from desktop_app.inference.template import ChatTemplate

SOURCE = (
    "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}"
    "{% if add_generation_prompt %}[assistant]{% endif %}"
)
OPENING = SOURCE.replace("[assistant]", "[assistant]<think>\n")


def user(text):
    return ChatMessage(Role.USER, text)


def assistant(text, reasoning=""):
    return ChatMessage(Role.ASSISTANT, text, reasoning)


def system(text):
    return ChatMessage(Role.SYSTEM, text)


def builder(source=SOURCE, context=1000):
    """Tokens are letters; a whole prompt begins with token 0."""
    return PromptBuilder(
        ChatTemplate(source, "M"), source, lambda text, whole: [0] * whole + [ord(letter) for letter in text], context
    )


def text_of(prompt):
    assert prompt.tokens[0] == 0
    return "".join(map(chr, prompt.tokens[1:]))


def build(*messages, source=SOURCE, context=1000, continue_last=False, max_tokens=0):
    return builder(source, context).build(messages, max_tokens, continue_last=continue_last)


def test_a_prompt():
    prompt = build(system("s"), user("u"), assistant("a"), user("v"))
    assert text_of(prompt) == "[system]s[user]u[assistant]a[user]v[assistant]"
    assert (prompt.dropped, prompt.opened, prompt.continuing) == (0, None, False)


def test_reasoning_opened_by_the_template():
    assert build(user("u"), source=OPENING).opened is THINK


@pytest.mark.parametrize(
    ("source", "last", "tail", "opened"),
    [
        (SOURCE, assistant("half"), "[assistant]half", None),
        (SOURCE, assistant("half", "why"), "[assistant]<think>\nwhy\n</think>\n\nhalf", None),
        (SOURCE, assistant("", "half"), "[assistant]<think>\nhalf", THINK),
        (OPENING, assistant("half"), "[assistant]<think>\n</think>\n\nhalf", None),
        (OPENING, assistant("half", "why"), "[assistant]<think>\nwhy\n</think>\n\nhalf", None),
        (OPENING, assistant("", "half"), "[assistant]<think>\nhalf", THINK),
    ],
)
def test_continuing_a_cut_reply(source, last, tail, opened):
    prompt = build(user("u"), last, source=source, continue_last=True)
    assert text_of(prompt) == "[user]u" + tail
    assert prompt.opened is opened
    assert prompt.continuing


def test_continuing_with_no_reply_yet_answers():
    prompt = build(user("u"), continue_last=True)
    assert text_of(prompt) == "[user]u[assistant]"
    assert not prompt.continuing


def test_old_turns_are_dropped_and_the_system_prompt_kept():
    branch = [message for number in range(30) for message in (user(f"q{number:02}" + "x" * 20), assistant("y" * 20))]
    prompt = build(system("sys"), *branch, user("newest"), context=400)
    text = text_of(prompt)
    assert text.startswith("[system]sys[user]q")
    assert text.endswith("[user]newest[assistant]")
    assert prompt.dropped > 0
    assert prompt.dropped % 2 == 0
    assert len(prompt.tokens) <= 300


def test_nothing_to_answer():
    with pytest.raises(UsageError):
        build()
    with pytest.raises(UsageError):
        build(user(""))


def count(system_prompt="", messages=(), draft="", context=1000):
    return builder(context=context).count(
        CountTokens(id=5, system_prompt=system_prompt, messages=tuple(messages), draft=draft)
    )


def test_counting_parts_and_whole():
    counted = count("abc", (user("de"), assistant("fghi")), "jklmn")
    assert (counted.system_prompt, counted.draft) == (3, 5)
    assert counted.system_prompt + counted.conversation + counted.draft == counted.total
    assert counted.total == 1 + len("[system]abc[user]de[assistant]fghi[user]jklmn[assistant]")
    assert (counted.context_length, counted.kept_from, counted.id) == (1000, 0, 5)


def test_counting_nothing():
    assert count().total == 0
    assert count("abc").total == 3


def test_counting_what_is_kept():
    branch = [message for number in range(30) for message in (user("x" * 20), assistant("y" * 20))]
    counted = count("s", branch, "newest", context=400)
    assert counted.kept_from > 0
    assert counted.total <= 300
    assert counted.total - counted.conversation == len("s") + len("newest")
    assert counted.conversation >= 20 * (60 - counted.kept_from)


def test_counting_a_draft_that_is_too_long_tells_the_truth():
    counted = count("", (user("a"), assistant("b")), "x" * 2000)
    assert counted.total > counted.context_length
    assert counted.kept_from == 2
