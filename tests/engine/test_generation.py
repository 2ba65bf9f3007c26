"""Writing with real llama.cpp: sampling, limits, reuse of what was evaluated, stopping."""

import dataclasses
import itertools

import pytest

from desktop_app.core.conversation import FinishReason
from desktop_app.core.sampling import BY_KEY, SamplingSettings
from desktop_app.inference.protocol import DescribeSystem, PromptProgress, SystemDescription, TokenChunk
from tests.helpers import tiny_gguf
from tests.helpers.engines import Driver, assistant, system, user
from tests.helpers.tiny_gguf import END, END_THINK, THINK

LETTERS = SamplingSettings(temperature=1.0, top_k=0, top_p=1, min_p=0, max_tokens=40, seed=7)
GREEDY = SamplingSettings(temperature=0, max_tokens=24)


@pytest.fixture(scope="module")
def talker(shared, random_model):
    shared.load(random_model)
    return shared


@pytest.fixture(scope="module")
def speaker(tmp_path_factory, scripted_model):
    with Driver.llama(tmp_path_factory.mktemp("speaker")) as driver:
        driver.load(scripted_model)
        yield driver


def test_it_says_what_the_model_says(speaker):
    reply = speaker.reply("Hi")
    assert reply.text == "Hello wide world."
    assert reply.ended.finish_reason is FinishReason.STOP
    assert reply.ended.statistics.completion_tokens == 4


def test_statistics_add_up(fresh, scripted_model):
    info = fresh.load(scripted_model, context_length=256).info
    prompt = "<|bos|><|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
    statistics = fresh.reply("Hi").ended.statistics
    tokens = len(prompt) - sum(len(word) - 1 for word in ("<|bos|>", *["<|im_start|>"] * 2, "<|im_end|>"))
    assert statistics.prompt_tokens == statistics.evaluated_tokens == tokens
    assert statistics.cached_tokens == 0
    assert statistics.context_length == info.context_length == 256
    assert statistics.prompt_seconds > 0
    assert statistics.generation_seconds > 0
    assert statistics.prompt_seconds <= statistics.time_to_first_token
    assert statistics.generation_tokens_per_second > 0


def test_prompt_progress_is_told(fresh, random_model):
    fresh.load(random_model, batch_size=32)
    reply = fresh.reply("a" * 200)
    told = fresh.heard.of(PromptProgress, reply.ended.id)
    total = reply.ended.statistics.prompt_tokens
    assert (told[0].done, told[0].total, told[0].cached) == (0, total, 0)
    assert told[-1].done == total
    assert [event.done for event in told] == sorted({event.done for event in told})


# --- limits


def test_max_tokens(talker):
    reply = talker.reply("Hi", sampling=dataclasses.replace(GREEDY, max_tokens=5))
    assert reply.ended.finish_reason is FinishReason.LENGTH
    assert reply.ended.statistics.completion_tokens == len(reply.text) == 5


@pytest.mark.parametrize(
    ("stop", "text"),
    [
        ((" world",), "Hello wide"),
        (("de wo",), "Hello wi"),
        (("nothing", "."), "Hello wide world"),
        (("Hello",), ""),
        (("worldly",), "Hello wide world."),
    ],
)
def test_stop_strings(speaker, stop, text):
    reply = speaker.reply("Hi", sampling=dataclasses.replace(GREEDY, stop=stop))
    assert (reply.text, reply.ended.finish_reason) == (text, FinishReason.STOP)


def test_the_context_can_be_filled(fresh, models):
    path = tiny_gguf.write_scripted(models / "endless.gguf", {"\n": "a", "a": "b", "b": "a"}, context_length=96)
    fresh.load(path)
    reply = fresh.reply("Hi", sampling=SamplingSettings(temperature=0))
    statistics = reply.ended.statistics
    assert reply.ended.finish_reason is FinishReason.CONTEXT_FULL
    # The last token written is not evaluated, so one more than the context holds.
    assert statistics.prompt_tokens + statistics.completion_tokens == 96 + 1
    assert reply.text == ("ab" * 96)[: statistics.completion_tokens]


def test_a_message_longer_than_the_context(fresh, random_model):
    fresh.load(random_model, context_length=128)
    problem = fresh.failed(fresh.ask("x" * 500)).problem
    assert problem.code == "message_too_long"
    assert "128" in problem.sentence
    assert fresh.reply("short", sampling=GREEDY).text


def test_old_turns_are_dropped_in_steps_that_keep_the_prefix(fresh, random_model):
    fresh.load(random_model, context_length=256)
    branch = [system("be kind")]
    dropped, reused = [], []
    for turn in range(12):
        branch.append(user(f"question {turn} with some words in it"))
        statistics = fresh.reply(*branch, sampling=dataclasses.replace(GREEDY, max_tokens=8)).ended.statistics
        branch.append(assistant("an answer of some length"))
        dropped.append(statistics.dropped_messages)
        reused.append(statistics.cached_tokens)
        assert statistics.prompt_tokens + 8 <= 256
    assert dropped[0] == 0
    assert dropped[-1] > 0
    assert dropped == sorted(dropped)
    assert all(count % 2 == 0 for count in dropped)  # whole turns
    moves = sum(now != before for before, now in itertools.pairwise(dropped))
    assert moves < len([count for count in dropped if count])  # not at every turn
    steady = [turn for turn in range(1, 12) if dropped[turn] == dropped[turn - 1] > 0]
    assert all(reused[turn] > 60 for turn in steady)


# --- reuse


def test_a_further_turn_evaluates_only_what_is_new(talker):
    sampling = dataclasses.replace(GREEDY, max_tokens=20)
    first = talker.reply("tell me of the cache", sampling=sampling)
    second = talker.reply("tell me of the cache", assistant(first.text), user("more"), sampling=sampling)
    known = first.ended.statistics.prompt_tokens + first.ended.statistics.completion_tokens
    # All but the last token written, which was never evaluated.
    assert second.ended.statistics.cached_tokens == known - 1
    assert second.ended.statistics.evaluated_tokens == second.ended.statistics.prompt_tokens - known + 1


def test_the_same_prompt_again_evaluates_one_token(talker):
    talker.reply("once more", sampling=GREEDY)
    assert talker.reply("once more", sampling=GREEDY).ended.statistics.evaluated_tokens == 1


def test_an_edited_message_reuses_what_stands_before_it(talker):
    talker.reply(system("a long system prompt, the same for all"), user("first"), sampling=GREEDY)
    edited = talker.reply(system("a long system prompt, the same for all"), user("other"), sampling=GREEDY)
    assert edited.ended.statistics.cached_tokens > 40


@pytest.mark.parametrize("arch", ["llama", "qwen3", "mamba"])
def test_reuse_does_not_change_the_reply(fresh, models, tmp_path, arch):
    path = tiny_gguf.write_random(models / f"{arch}.gguf", arch=arch, seed=3)
    sampling = dataclasses.replace(GREEDY, max_tokens=30)
    branch = (user("first question"), assistant("an answer"), user("second"))
    fresh.load(path)
    fresh.reply(branch[0], sampling=sampling)
    fresh.reply(user("first quest"), assistant("something else"), user("x"), sampling=sampling)
    warm = fresh.reply(*branch, sampling=sampling)
    with Driver.llama(tmp_path / "cold") as other:
        other.load(path)
        cold = other.reply(*branch, sampling=sampling)
    assert warm.text == cold.text
    assert cold.ended.statistics.cached_tokens == 0
    # What a recurrent model has evaluated cannot be cut, so that it begins again.
    assert (warm.ended.statistics.cached_tokens > 10) == (arch != "mamba")


def test_a_recurrent_model_reuses_what_it_can_go_on_from(fresh, models):
    fresh.load(tiny_gguf.write_random(models / "mamba-on.gguf", arch="mamba", seed=3))
    first = fresh.reply("question", sampling=GREEDY)
    second = fresh.reply("question", assistant(first.text), user("more"), sampling=GREEDY)
    assert second.ended.statistics.cached_tokens >= first.ended.statistics.prompt_tokens


# --- seeds and settings


def test_the_same_seed_gives_the_same_text_whatever_was_evaluated_before(fresh, random_model, tmp_path):
    fresh.load(random_model, batch_size=32)
    branch = (system("s" * 50), user("the question of the day"), assistant("an answer, quite long"), user("and then"))
    texts = [fresh.reply(*branch, sampling=LETTERS).text]
    fresh.reply(*branch[:2], sampling=dataclasses.replace(LETTERS, seed=-1))
    texts.append(fresh.reply(*branch, sampling=LETTERS).text)
    fresh.reply(*branch, assistant(texts[0]), user("more"), sampling=dataclasses.replace(LETTERS, seed=-1))
    again = fresh.reply(*branch, sampling=LETTERS)
    texts.append(again.text)
    repeated = fresh.reply(*branch, sampling=LETTERS)
    texts.append(repeated.text)
    with Driver.llama(tmp_path / "other") as other:
        other.load(random_model, batch_size=32)
        texts.append(other.reply(*branch, sampling=LETTERS).text)
    assert len(texts[0]) > 20
    assert set(texts) == {texts[0]}
    assert repeated.ended.statistics.evaluated_tokens == 1


def test_other_seeds_give_other_texts(talker):
    texts = {talker.reply("Hi", sampling=dataclasses.replace(LETTERS, seed=seed)).text for seed in range(6)}
    assert len(texts) == 6


def test_no_seed_draws_a_new_one(talker):
    unseeded = dataclasses.replace(LETTERS, seed=-1)
    assert len({talker.reply("Hi", sampling=unseeded).text for _ in range(4)}) == 4


def test_temperature_0_is_greedy_whatever_the_seed(talker):
    texts = {talker.reply("Hi", sampling=dataclasses.replace(GREEDY, seed=seed)).text for seed in (1, 2, 3)}
    assert len(texts) == 1


OPEN = SamplingSettings(temperature=1.0, top_k=0, top_p=1, min_p=0, max_tokens=30)


@pytest.mark.parametrize(
    "narrow", [{"temperature": 0.01}, {"top_k": 1}, {"top_p": 0.01}, {"min_p": 1.0}, {"typical_p": 0.05}]
)
def test_filters_narrow_the_choice(speaker, narrow):
    def second_words(settings):
        return {
            speaker.reply("Hi", sampling=dataclasses.replace(settings, seed=seed)).text.split()[1] for seed in range(16)
        }

    everything = second_words(OPEN)
    assert len(everything) >= 3
    assert len(second_words(dataclasses.replace(OPEN, **narrow))) == 1


@pytest.mark.parametrize("penalty", [{"repeat_penalty": 2.0}, {"frequency_penalty": 2.0}, {"presence_penalty": 2.0}])
def test_penalties_see_the_reply_and_the_prompt(fresh, models, penalty):
    # Left alone it says "aaaa…"; 1.5 less and it turns to b.
    choices = {"a": 3.0, "b": 2.0}
    path = tiny_gguf.write_scripted(models / "stutter.gguf", {"\n": choices, "a": choices, "b": choices})
    fresh.load(path)
    settings = SamplingSettings(temperature=0, max_tokens=6)
    assert fresh.reply("-", sampling=settings).text == "aaaaaa"
    assert "b" in fresh.reply("-", sampling=dataclasses.replace(settings, **penalty)).text
    # The prompt's "a" counts too, unless the window is too short to see it.
    assert fresh.reply("a", sampling=dataclasses.replace(settings, **penalty)).text[0] == "b"
    short = dataclasses.replace(settings, **penalty, repeat_last_n=2)
    assert fresh.reply("a", sampling=short).text[0] == "a"
    off = dataclasses.replace(settings, **penalty, repeat_last_n=0)
    assert fresh.reply("a", sampling=off).text == "aaaaaa"
    whole = dataclasses.replace(settings, **penalty, repeat_last_n=-1)
    assert fresh.reply("a", user("-" * 80), sampling=whole).text[0] == "b"


@pytest.mark.parametrize("key", sorted(BY_KEY))
@pytest.mark.parametrize("end", ["minimum", "maximum"])
def test_every_setting_is_accepted_at_its_bounds(talker, key, end):
    parameter = BY_KEY[key]
    value = getattr(parameter, end)
    settings = dataclasses.replace(LETTERS, **{key: int(value) if parameter.whole else float(value)})
    if key != "max_tokens":
        settings = dataclasses.replace(settings, max_tokens=4)
    assert talker.reply("Hi", sampling=settings).ended.statistics.completion_tokens >= 0


# --- text


def test_characters_made_of_several_tokens_arrive_whole(fresh, models):
    family = "😀é日"
    raw = family.encode()
    assert len(set(raw)) == len(raw)  # each byte names the next one
    transitions = {"\n": raw[:1], **{raw[i : i + 1]: raw[i + 1 : i + 2] for i in range(len(raw) - 1)}, raw[-1:]: END}
    fresh.load(tiny_gguf.write_scripted(models / "emoji.gguf", transitions))
    reply = fresh.reply("Hi")
    chunks = fresh.heard.of(TokenChunk, reply.ended.id)
    assert reply.text == family
    assert not any("\ufffd" in chunk.text for chunk in chunks)
    cut = fresh.reply("Hi", sampling=SamplingSettings(temperature=0, max_tokens=6))
    assert cut.text == "😀é"[:2]


def test_reasoning_in_tags_is_parted(fresh, models):
    transitions = {"\n": THINK, THINK: "Hm", "Hm": END_THINK, END_THINK: "So", "So": END}
    fresh.load(tiny_gguf.write_scripted(models / "think.gguf", transitions, words=("Hm", "So")))
    reply = fresh.reply("Hi")
    assert (reply.reasoning, reply.text) == ("Hm", "So")


def test_reasoning_that_the_template_has_opened(fresh, models):
    transitions = {THINK: "Hm", "Hm": END_THINK, END_THINK: "So", "So": END}
    template = tiny_gguf.TEMPLATE.replace("assistant\n", "assistant\n<think>")
    fresh.load(tiny_gguf.write_scripted(models / "opened.gguf", transitions, words=("Hm", "So"), template=template))
    reply = fresh.reply("Hi")
    assert (reply.reasoning, reply.text) == ("Hm", "So")


# --- going on and stopping


def test_a_cut_reply_is_continued(fresh, models):
    transitions = {"\n": "O", "O": "n", "n": "e", "e": " ", " ": "t", "t": "w", "w": "o", "o": END}
    fresh.load(tiny_gguf.write_scripted(models / "one.gguf", transitions))
    cut = fresh.reply("Hi", sampling=SamplingSettings(temperature=0, max_tokens=3))
    rest = fresh.reply("Hi", assistant(cut.text), continue_last=True)
    assert (cut.text, rest.text) == ("One", " two")
    assert rest.ended.statistics.evaluated_tokens == 1


def test_a_reply_cut_amid_its_reasoning_is_continued(fresh, models):
    transitions = {"\n": THINK, THINK: "H", "H": "m", "m": END_THINK, END_THINK: "S", "S": "o", "o": END}
    fresh.load(tiny_gguf.write_scripted(models / "hm.gguf", transitions))
    rest = fresh.reply("Hi", assistant("", "H"), continue_last=True)
    assert (rest.reasoning, rest.text) == ("m", "So")


def test_cancel_while_writing_keeps_what_was_evaluated(fresh, models):
    path = tiny_gguf.write_scripted(models / "on.gguf", {"\n": "a", "a": "b", "b": "a"}, context_length=4096)
    fresh.load(path, context_length=4096)
    command = fresh.ask("Hi", sampling=SamplingSettings(temperature=0))
    fresh.heard.wait(TokenChunk, command)
    fresh.engine.cancel(command)
    reply = fresh.ended(command)
    assert reply.ended.finish_reason in (FinishReason.CANCELLED, FinishReason.CONTEXT_FULL)
    rest = fresh.reply("Hi", assistant(reply.text), user("more"), sampling=GREEDY)
    written = reply.ended.statistics
    if rest.ended.statistics.dropped_messages == 0:
        assert rest.ended.statistics.cached_tokens >= written.prompt_tokens + written.completion_tokens - 1


def test_cancel_while_the_prompt_is_processed(fresh, models):
    path = tiny_gguf.write_random(models / "long.gguf", context_length=16384)
    fresh.load(path, context_length=16384, context_limit=16384)
    text = "abcdefgh" * 1400
    command = fresh.ask(text, sampling=GREEDY)
    fresh.heard.wait(PromptProgress, command)
    fresh.engine.cancel(command)
    reply = fresh.ended(command)
    statistics = reply.ended.statistics
    assert (reply.text, reply.ended.finish_reason) == ("", FinishReason.CANCELLED)
    assert statistics.evaluated_tokens < statistics.prompt_tokens
    # What was evaluated is kept and right: the reply is that of a process that was never stopped.
    again = fresh.reply(text[:2000], sampling=GREEDY)
    fresh.load(path, context_length=16384, context_limit=16384)
    assert fresh.reply(text[:2000], sampling=GREEDY).text == again.text


def test_llama_cpp_describes_itself_without_a_model(fresh):
    command = fresh.engine.next_id()
    fresh.engine.send(DescribeSystem(id=command))
    said = fresh.heard.wait(SystemDescription, command)
    assert said.backend.startswith("llama.cpp ")
    assert "CPU" in said.features
    assert any(device.kind == "cpu" and device.memory_total > 0 for device in said.devices)


def test_counting_agrees_with_the_prompt(talker):
    branch = (user("one"), assistant("two"))
    count = talker.count("be brief", branch, "three")
    asked = talker.reply(system("be brief"), *branch, user("three"), sampling=GREEDY).ended.statistics
    assert count.total == asked.prompt_tokens
    assert (count.system_prompt, count.draft) == (8, 5)
    assert count.system_prompt + count.conversation + count.draft == count.total
    assert count.context_length == asked.context_length
    assert count.kept_from == 0
    assert talker.count("", (), "x" * 3000).total > count.context_length
