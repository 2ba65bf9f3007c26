"""The model that ships with the program, on the program's own engine."""

import pytest

from desktop_app.core.sampling import SamplingSettings


@pytest.fixture(scope="module")
def answering(shared):
    return shared


@pytest.mark.parametrize(
    ("question", "topic"), [("What is a token?", "token"), ("What is temperature?", "temperature")]
)
def test_it_answers_on_the_topic(answering, starter, question, topic):
    answering.load(starter)
    reply = answering.reply(question, sampling=SamplingSettings(temperature=0, max_tokens=120))
    assert topic in reply.text.lower()


def test_it_needs_no_adaptation(answering, starter):
    info = answering.load(starter).info
    assert (info.architecture, info.template, info.notes) == ("llama", "model", ())
    assert info.quantization == "Q8_0"
