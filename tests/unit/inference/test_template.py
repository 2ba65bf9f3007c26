import threading

import pytest

from desktop_app.core.conversation import ChatMessage, Role
from desktop_app.core.errors import ModelError
from desktop_app.inference.template import CHATML, ChatTemplate, limited

SYSTEM, USER, ASSISTANT = Role.SYSTEM, Role.USER, Role.ASSISTANT
LINES = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"
NO_SYSTEM = "{% if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
ALTERNATE = (
    "{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('must alternate') }}{% endif %}{% endfor %}"
)


def render(source, *messages, **options):
    return ChatTemplate(source, "M", "<s>", "</s>", **options).render([ChatMessage(*each) for each in messages])


def test_chatml():
    assert render(CHATML, (SYSTEM, "s"), (USER, "u")) == (
        "<|im_start|>system\ns<|im_end|>\n<|im_start|>user\nu<|im_end|>\n<|im_start|>assistant\n"
    )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ bos_token }}|{{ eos_token }}", "<s>|</s>"),
        ("  {% if true %}\n  x\n  {% endif %}\n", "  x\n"),  # trim_blocks and lstrip_blocks
        ("{{ {'a': '<é>', 'b': [1]} | tojson }}", '{"a": "<é>", "b": [1]}'),
        ("{{ strftime_now('%Y') | length }}", "4"),
        ("{% for m in messages %}{% if loop.first %}{% continue %}{% endif %}x{% endfor %}", "x"),
        ("{% generation %}a{% endgeneration %}", "a"),
        ("{{ add_generation_prompt }}", "True"),
        ("{% if tools %}t{% else %}no{% endif %}", "no"),
        ("{% for t in tools %}t{% endfor %}ok", "ok"),
        ("{% if nothing is defined %}x{% endif %}ok", "ok"),
        ("{{ messages[1]['content'][::-1] }}", "olleh"),
        ("{% set ns = namespace(n=1) %}{% set ns.n = ns.n + 1 %}{{ ns.n }}", "2"),
        ("{{ messages[0].reasoning_content is defined }}", "False"),
    ],
)
def test_what_templates_rely_on(source, text):
    assert render(source, (USER, "hi"), (USER, "hello")) == text


def test_reasoning_is_offered_to_the_template():
    assert render("{{ messages[0].reasoning_content }}", (ASSISTANT, "a", "because")) == "because"


def test_a_refused_system_prompt_goes_before_the_first_user_message():
    template = ChatTemplate(NO_SYSTEM + LINES, "M")
    assert template.notes == ()
    template.probe()
    text = template.render([ChatMessage(SYSTEM, "s"), ChatMessage(USER, "u"), ChatMessage(ASSISTANT, "a")])
    assert text == "user: s\n\nu\nassistant: a\n"
    assert "system prompt" in template.notes[0]


def test_a_system_prompt_that_is_left_out_is_noticed():
    template = ChatTemplate("{% for m in messages if m.role != 'system' %}{{ m.content }};{% endfor %}", "M")
    template.probe()
    assert template.render([ChatMessage(SYSTEM, "s"), ChatMessage(USER, "u")]) == "s\n\nu;"
    assert template.notes


def test_neighbours_of_one_role_are_joined_when_the_template_insists():
    messages = (USER, "one"), (USER, "two"), (ASSISTANT, "three")
    assert render(LINES, *messages).count("user:") == 2
    assert render(ALTERNATE + LINES, *messages) == "user: one\n\ntwo\nassistant: three\n"


def test_both_at_once():
    text = render(NO_SYSTEM + ALTERNATE + LINES, (SYSTEM, "s"), (USER, "one"), (USER, "two"))
    assert text == "user: s\n\none\n\ntwo\n"


def test_a_system_prompt_alone():
    assert render(NO_SYSTEM + LINES, (SYSTEM, "s")) == "user: s\n"


@pytest.mark.parametrize(
    "source",
    [
        "{% if %}",
        "{{ raise_exception('never') }}",
        "{{ messages.a.b }}",
        "{{ 1 // 0 }}",
        "{{ undefined_function() }}",
        "{{ ().__class__.__bases__[0].__subclasses__() }}",
        "{{ messages.append(1) }}",
        "{{ cycler.__init__.__globals__ }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{{ 2 ** 99 ** 99 }}",
        "{{ 'x' * 2000000 }}",
        "{{ 2000000 * [1] }}",
        "{{ '%0999999999d' % 1 }}",
        "{% for i in range(100001) %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    ],
)
def test_a_template_that_fails_names_the_model(source):
    with pytest.raises(ModelError, match="“Some Model”") as caught:
        ChatTemplate(source, "Some Model").render([ChatMessage(USER, "hi")])
    assert caught.value.problem.code == "template_failed"
    assert "Traceback" not in caught.value.problem.sentence


def test_a_template_without_end_is_ended():
    source = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
    before = set(threading.enumerate())
    with pytest.raises(ModelError, match="longer than"):
        ChatTemplate(source, "M", seconds=0.1).render([ChatMessage(USER, "hi")])
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
        assert not thread.is_alive()


def test_limited_hands_on_results_and_errors():
    assert limited(lambda: 5, 1) == 5
    with pytest.raises(KeyError):
        limited(lambda: {}["x"], 1)
