"""Loading: model files that are missing, damaged, hostile or unusual, on real llama.cpp in its process."""

import os
import random
import struct
import warnings
from functools import partial
from pathlib import Path

import gguf
import numpy as np
import pytest

from desktop_app.core.errors import ModelError
from desktop_app.inference import gguf_file
from desktop_app.inference.exits import EngineExited
from desktop_app.inference.protocol import Failed, Generated, Load, Loaded, LoadProgress, Ready
from tests.helpers import tiny_gguf
from tests.helpers.engines import GREEDY, system, user
from tests.helpers.tiny_gguf import END


def test_what_is_known_of_a_loaded_model(shared, random_model):
    loaded = shared.load(random_model, context_length=300, threads=1)
    info = loaded.info
    assert info.path == str(random_model)
    assert (info.name, info.architecture, info.quantization) == ("tiny", "llama", "F32")
    assert (info.trained_context, info.context_length, info.layers, info.gpu_layers) == (512, 300, 2, 0)
    assert info.parameters > 90_000
    assert info.size == info.parameters * 4
    assert (info.threads, info.template, info.notes) == (1, "model", ())
    progress = [event.fraction for event in shared.heard.of(LoadProgress, loaded.id)]
    assert progress == sorted(progress)
    assert progress[-1] == 1.0


@pytest.mark.parametrize(
    ("options", "length"),
    [({}, 512), ({"context_limit": 128}, 128), ({"context_length": 64}, 64), ({"context_length": 1024}, 1024)],
)
def test_the_context_is_as_long_as_asked(shared, random_model, options, length):
    info = shared.load(random_model, **options).info
    assert info.context_length == length
    assert any("trained for" in note for note in info.notes) == (length > 512)


def test_loading_replaces_the_model(shared, random_model, scripted_model):
    shared.load(random_model)
    shared.reply("Hi", sampling=GREEDY)
    shared.load(scripted_model)
    assert shared.reply("Hi").text == "Hello wide world."


def test_a_bad_file_leaves_the_loaded_model_in_place(shared, scripted_model, tmp_path):
    shared.load(scripted_model)
    assert shared.load_fails(tmp_path / "none.gguf").problem.code == "model_missing"
    assert shared.reply("Hi").text == "Hello wide world."


# --- files that cannot be used


def _not_gguf(path):
    path.write_bytes(b"PK\x03\x04" + bytes(100))


def _empty(path):
    path.write_bytes(b"")


def _folder(path):
    path.mkdir()


def _version(number):
    return lambda path: path.write_bytes(b"GGUF" + number + bytes(40))


def _vocabulary_only(path):
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(32)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()


def _of_kind(architecture, kind=None):
    def write(path):
        writer = gguf.GGUFWriter(path, architecture)
        if kind:
            writer.add_type(kind)
        writer.add_tensor("t.weight", np.zeros(32, np.float32))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()

    return write


@pytest.mark.parametrize(
    ("write", "code"),
    [
        (lambda path: None, "model_missing"),
        (_folder, "model_not_a_file"),
        (_empty, "model_truncated"),
        (_not_gguf, "model_not_gguf"),
        (lambda path: path.write_bytes(b"GGUF\3\0\0\0"), "model_truncated"),
        (_version(b"\1\0\0\0"), "model_too_old"),
        (_version(b"\0\0\0\3"), "model_big_endian"),
        (_version(b"\x63\0\0\0"), "model_too_new"),
        (_vocabulary_only, "model_no_weights"),
        (_of_kind("clip"), "model_not_language"),
        (_of_kind("llama", "mmproj"), "model_not_language"),
        (_of_kind("llama", "adapter"), "model_not_language"),
        (_of_kind("dreamarch"), "model_unknown_architecture"),
        (_of_kind("llama"), "model_damaged"),
    ],
)
def test_files_that_cannot_be_used(shared, tmp_path, write, code):
    path = tmp_path / "some model.gguf"
    write(path)
    problem = shared.load_fails(path).problem
    assert problem.code == code
    assert "some model.gguf" in problem.sentence
    assert problem.action


def test_an_unknown_architecture_is_named(shared, tmp_path):
    _of_kind("dreamarch")(tmp_path / "m.gguf")
    assert "dreamarch" in shared.load_fails(tmp_path / "m.gguf").problem.sentence


@pytest.mark.parametrize("share", [0.0005, 0.01, 0.5, 0.99, 0.99999])
def test_a_truncated_file(shared, random_model, tmp_path, share):
    data = random_model.read_bytes()
    path = tmp_path / "cut.gguf"
    path.write_bytes(data[: int(len(data) * share)])
    assert shared.load_fails(path).problem.code == "model_truncated"


@pytest.mark.parametrize(
    ("at", "value"),
    [(8, 2**63), (8, 2**40), (16, 2**63), (16, 2**33), (24, 2**62)],
    ids=["t63", "t40", "k63", "k33", "s"],
)
def test_absurd_counts_are_not_believed(shared, random_model, tmp_path, at, value):
    data = bytearray(random_model.read_bytes())
    struct.pack_into("<Q", data, at, value)
    path = tmp_path / "absurd.gguf"
    path.write_bytes(data)
    assert shared.load_fails(path).problem.code == "model_damaged"


def test_no_permission(random_model, tmp_path):
    path = tmp_path / "private.gguf"
    path.write_bytes(random_model.read_bytes())
    path.chmod(0)
    if os.geteuid() != 0:
        with pytest.raises(ModelError, match="may not be read") as caught:
            gguf_file.check(path)
        assert caught.value.problem.code == "model_no_permission"
        return
    # The superuser may read everything, so a fork that has become nobody tries it.
    ours, theirs = os.pipe()
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # threads do not matter to this child
        child = os.fork()
    if child == 0:
        os.setgid(65534)
        os.setuid(65534)
        try:
            gguf_file.check(path)
        except ModelError as error:
            os.write(theirs, error.problem.code.encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as answer:
        assert answer.read() == b"model_no_permission"
    os.waitpid(child, 0)


def test_a_part_of_a_split_model_is_missing(shared, tmp_path):
    split = tmp_path / "m-00001-of-00002.gguf"
    _with_split_count(split)
    problem = shared.load_fails(split).problem
    assert problem.code == "model_part_missing"
    assert "m-00002-of-00002.gguf" in problem.sentence
    second = tmp_path / "m-00002-of-00002.gguf"
    _with_split_count(second)
    assert "not the first" in shared.load_fails(second).problem.sentence


def _with_split_count(target: Path) -> None:
    writer = gguf.GGUFWriter(target, "llama")
    writer.add_uint16("split.count", 2)
    writer.add_tensor("t.weight", np.zeros(32, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@pytest.mark.parametrize("first", range(0, 40, 10))
def test_an_altered_header_never_harms_the_parent(fresh, random_model, tmp_path, first):
    """Each file either loads, or is refused with a sentence, or ends the child, which starts again."""
    good = random_model.read_bytes()
    path = tmp_path / "altered.gguf"
    for seed in range(first, first + 10):
        path.write_bytes(_altered(good, seed))
        fresh.engine.start()
        fresh.heard.clear()
        fresh.engine.send(Load(id=fresh.engine.next_id(), path=str(path), threads=1, context_length=64))
        write = fresh.ask("Hi", sampling=GREEDY)
        fresh.heard.wait_until(partial(_is_over, write))
        for failed in fresh.heard.of(Failed):
            assert failed.problem.code != "engine_bug", failed.problem.detail
            assert failed.problem.sentence
        for exited in fresh.heard.of(EngineExited):
            assert exited.problem.code in ("engine_crashed", "engine_out_of_memory")


def _altered(good: bytes, seed: int) -> bytes:
    chance = random.Random(seed)
    data = bytearray(good)
    header = len(data) - 364_800  # the weights follow
    for _ in range(chance.choice((1, 2, 8))):
        data[chance.randrange(4, header)] = chance.randrange(256)
    return data


def _is_over(command, events):
    return any(
        isinstance(event, EngineExited) or (isinstance(event, Generated | Failed) and event.id == command)
        for event in events
    )


def test_it_loads_a_good_file_after_all_that(fresh, random_model):
    assert fresh.load(random_model).info.name == "tiny"
    assert fresh.heard.of(Ready)
    assert fresh.heard.of(Loaded)


# --- chat templates


def test_a_model_without_a_template_gets_chatml_and_a_note(shared, models):
    path = tiny_gguf.write_scripted(models / "bare.gguf", {"\n": "O", "O": "k", "k": END}, template=None)
    info = shared.load(path).info
    assert info.template == "chatml"
    assert any("ChatML" in note for note in info.notes)
    assert shared.reply(system("s"), user("Hi")).text == "Ok"


def test_chatml_written_out_in_letters_ends_the_reply_too(shared, models):
    end = "<|im_end|>"
    transitions = {"\n": "O", "O": "k", "k": "<|", "<|": "im", "im": "_end", "_end": "|>", "|>": "z", "z": END}
    words = ("<|", "im", "_end", "|>")
    path = tiny_gguf.write_scripted(models / "letters.gguf", transitions, words=words, template=None)
    shared.load(path)
    reply = shared.reply("Hi")
    assert reply.text == "Ok"
    assert end not in reply.text


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{{ raise_exception('this model cannot chat') }}", "this model cannot chat"),
        ("{% for %}", "template"),
        ("{{ messages.nothing.at.all }}", "template"),
        ("{{ 1 / 0 }}", "template"),
        ("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}", "longer than"),
        ("{{ 'x' * 999999999 }}", "repetition"),
        ("{{ 9 ** 9 ** 9 }}", "powers"),
        ("{{ ''.__class__.__mro__ }}", "template"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "template"),
    ],
)
def test_a_broken_template_names_the_model(shared, models, template, words):
    path = tiny_gguf.write_scripted(models / "broken.gguf", {}, template=template, name="Broken One")
    problem = shared.load_fails(path).problem
    assert problem.code == "template_failed"
    assert "Broken One" in problem.sentence
    assert words in problem.sentence


@pytest.mark.parametrize(
    "refusal",
    ["{% if messages[0].role == 'system' %}{{ raise_exception('no system role') }}{% endif %}", None],
    ids=["refuses", "ignores"],
)
def test_a_template_without_a_place_for_the_system_prompt(shared, models, refusal):
    if refusal is None:
        template = tiny_gguf.TEMPLATE.replace("%}<|im_start|>{{", "if message.role != 'system' %}<|im_start|>{{", 1)
    else:
        template = refusal + tiny_gguf.TEMPLATE
    path = tiny_gguf.write_scripted(models / "nosystem.gguf", {"\n": "O", "O": END}, template=template)
    info = shared.load(path).info
    assert any("system prompt" in note for note in info.notes)
    assert shared.reply(system("be brief"), user("Hi")).text == "O"
    with_prompt, without = shared.count("be brief", (user("Hi"),)), shared.count("", (user("Hi"),))
    assert with_prompt.total == without.total + len("be brief\n\n")


def test_a_template_that_wants_turns_to_alternate(shared, models):
    strict = (
        "{% for message in messages %}{% if (message.role == 'user') != (loop.index0 % 2 == 0) %}"
        "{{ raise_exception('roles must alternate') }}{% endif %}{% endfor %}"
    )
    path = tiny_gguf.write_scripted(models / "strict.gguf", {"\n": "O", "O": END}, template=strict + tiny_gguf.TEMPLATE)
    shared.load(path)
    assert shared.reply(system("be brief"), user("Hi"), user("again")).text == "O"


def test_the_beginning_token_is_never_doubled(shared, models):
    with_bos = tiny_gguf.write_scripted(models / "with.gguf", {"\n": "O", "O": END})
    bare = tiny_gguf.TEMPLATE.replace("{{ bos_token }}", "")
    without = tiny_gguf.write_scripted(models / "without.gguf", {"\n": "O", "O": END}, template=bare, add_bos=True)
    both = tiny_gguf.write_scripted(models / "both.gguf", {"\n": "O", "O": END}, add_bos=True)
    counts = set()
    for path in (with_bos, without, both):
        shared.load(path)
        counts.add(shared.reply("Hi").ended.statistics.prompt_tokens)
    assert len(counts) == 1
