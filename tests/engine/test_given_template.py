"""A chat template that a person gave for a model, in the place of its own, on real llama.cpp."""

from tests.helpers import tiny_gguf
from tests.helpers.engines import GREEDY
from tests.helpers.tiny_gguf import END

PLAIN = "{% for message in messages %}{{ message.content }}?{% endfor %}"


def test_a_given_template_writes_the_prompt(shared, tmp_path):
    # The model's own template ends a prompt with a line's end, the given one with a question mark.
    transitions = {"\n": "own", "own": END, "?": "given", "given": END}
    model = tiny_gguf.write_scripted(tmp_path / "two.gguf", transitions, words=("own", "given"))
    assert shared.load(model).info.template == "model"
    assert shared.reply("Hi", sampling=GREEDY).text == "own"
    assert shared.load(model, template=PLAIN).info.template == "person"
    assert shared.reply("Hi", sampling=GREEDY).text == "given"


def test_a_given_template_that_is_none_is_refused(shared, tmp_path):
    model = tiny_gguf.write_scripted(tmp_path / "one.gguf", {"\n": "own", "own": END}, words=("own",))
    failed = shared.load_fails(model, template="{% for %}")
    assert "template" in failed.problem.sentence
