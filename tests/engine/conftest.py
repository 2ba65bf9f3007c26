"""Real llama.cpp on small models that are written once per run."""

from pathlib import Path

import pytest

from tests.helpers import tiny_gguf
from tests.helpers.engines import Driver
from tests.helpers.tiny_gguf import END

STARTER = Path(__file__).resolve().parents[2] / "resources" / "starter" / "causerie-starter-Q8_0.gguf"


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """A folder for models; a test that needs one of its own writes it there under its own name."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def random_model(models):
    """Every layer counts; replies are letters."""
    return tiny_gguf.write_random(models / "random.gguf")


@pytest.fixture(scope="session")
def scripted_model(models):
    """Says "Hello wide world." at temperature 0; elsewhere the second word varies."""
    transitions = {
        "\n": "Hello",
        "Hello": {" wide": 20.0, " old": 19.5, " new": 19.0, " odd": 15.0},
        **dict.fromkeys((" wide", " old", " new", " odd"), " world"),
        " world": ".",
        ".": END,
    }
    words = ("Hello", " wide", " old", " new", " odd", " world")
    return tiny_gguf.write_scripted(models / "scripted.gguf", transitions, words=words)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One process for the tests of a module that only load and ask."""
    with Driver.llama(tmp_path_factory.mktemp("engine")) as driver:
        yield driver


@pytest.fixture
def fresh(tmp_path):
    """A process of the test's own."""
    with Driver.llama(tmp_path) as driver:
        yield driver


@pytest.fixture
def starter():
    """The model that ships with the program."""
    if not STARTER.exists():
        pytest.skip("the starter model has not been built")
    return STARTER
