"""The same services with llama.cpp and the starter model, and with files that are none."""

import pytest

from desktop_app.core.conversation import FinishReason, MessageState
from desktop_app.core.sampling import SamplingSettings
from desktop_app.services.events import ModelChanged, ModelState, ReplyGrew, TokensCounted
from desktop_app.services.model_service import LoadOptions
from desktop_app.system.paths import starter_model
from tests.helpers.hearing import desk_in
from tests.helpers.tiny_gguf import END, write_scripted

EXACT = SamplingSettings(temperature=0.8, seed=42, max_tokens=24)


@pytest.fixture(scope="module")
def llama(tmp_path_factory):
    if not starter_model().is_file():
        pytest.skip("the starter model is not there")
    with desk_in(tmp_path_factory.mktemp("profile"), backend=None) as desk:
        desk.load(str(starter_model()))
        yield desk


def test_a_conversation_is_answered_and_only_new_words_are_evaluated(llama):
    first = llama.say("Hello! What is a token?", sampling=SamplingSettings(max_tokens=24))
    assert first.content.strip()
    assert first.state is MessageState.COMPLETE
    assert first.content == "".join(event.text for event in llama.heard.of(ReplyGrew))
    assert 0 < first.statistics.completion_tokens <= 24
    second = llama.say("Thank you.", first.conversation_id)
    assert second.statistics.cached_tokens >= first.statistics.prompt_tokens
    assert second.statistics.evaluated_tokens < second.statistics.prompt_tokens
    assert second.statistics.evaluated_tokens + second.statistics.cached_tokens == second.statistics.prompt_tokens


def test_the_same_seed_says_the_same_and_another_branch_is_a_sibling(llama):
    first = llama.say("Tell me about sampling.", sampling=EXACT)
    llama.heard.forget()
    llama.do(lambda services: services.chat.regenerate(first.id))
    again = llama.ended(first.conversation_id).message
    assert (again.content, again.parent_id) == (first.content, first.parent_id)
    assert again.id != first.id


def test_a_cut_reply_goes_on(llama):
    whole = llama.say("What is a context window?", sampling=SamplingSettings(temperature=0, max_tokens=20))
    cut = llama.say("What is a context window?", sampling=SamplingSettings(temperature=0, max_tokens=8))
    assert cut.finish_reason is FinishReason.LENGTH
    llama.ask(
        lambda services: services.chat.set_sampling(cut.conversation_id, SamplingSettings(temperature=0, max_tokens=12))
    )
    llama.heard.forget()
    llama.do(lambda services: services.chat.continue_reply(cut.id))
    longer = llama.ended(cut.conversation_id).message
    assert longer.content == whole.content
    assert llama.stored(cut.id)["content"] == longer.content


def test_the_meter_counts_with_the_real_tokenizer(llama):
    llama.heard.forget()
    llama.do(lambda services: services.chat.count_tokens(None, "Be kind.", "Hello there"))
    count = llama.heard.wait(TokensCounted).count
    assert 0 < count.system_prompt < count.total
    assert 0 < count.draft < count.total
    assert count.context_length > 0


def test_stopping_is_soon(llama):
    conversation = llama.begin("Tell me everything.", sampling=SamplingSettings(temperature=1.5, seed=1))
    llama.do(lambda services: services.chat.stop(conversation.id))
    assert llama.ended(conversation.id).message.finish_reason in (FinishReason.CANCELLED, FinishReason.STOP)


@pytest.mark.parametrize("damage", ["missing", "empty", "no GGUF", "truncated", "a folder"])
def test_a_file_that_is_no_model_is_told_and_another_one_loads(profile, tmp_path, damage):
    path = tmp_path / "broken.gguf"
    good = write_scripted(tmp_path / "good.gguf", {"\n": "A", "A": "B", "B": END})
    if damage == "empty":
        path.touch()
    elif damage == "no GGUF":
        path.write_bytes(b"This is no model. " * 1000)
    elif damage == "truncated":
        path.write_bytes(good.read_bytes()[:-1000])
    elif damage == "a folder":
        path.mkdir()
    with desk_in(profile, backend=None) as desk:
        desk.do(lambda services: services.models.load_path(str(path), LoadOptions()))
        conversation = desk.ask(lambda services: services.chat.send(None, "Hello"))
        failed = desk.heard.wait(ModelChanged, lambda event: event.state in (ModelState.FAILED, ModelState.CRASHED))
        assert failed.state is ModelState.FAILED
        assert failed.problem.sentence.endswith(".")
        ended = desk.ended(conversation.id)
        assert ended.problem == failed.problem
        desk.load(str(good))
        desk.do(lambda services: services.chat.regenerate(ended.message.id))
        assert desk.ended(conversation.id).message.content == "AB"
