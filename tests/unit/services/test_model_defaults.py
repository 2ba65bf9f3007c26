"""What a person settled for a model holds whenever it is loaded, by whatever way."""

import pytest

from desktop_app.core.model import LoadOptions, ModelDefaults
from desktop_app.services.events import ModelChanged, ModelState


@pytest.mark.parametrize(
    "load",
    [
        lambda services, path: services.models.load_path(path, LoadOptions()),
        lambda services, path: services.models.load_default(path, LoadOptions()),
        lambda services, path: services.models.load(services.shelf.find(path), LoadOptions()),
    ],
    ids=["by its path", "at the start", "from the list"],
)
def test_the_context_settled_for_a_model(own_desk, tmp_path, load):
    path = str(tmp_path / "settled.gguf")
    own_desk.ask(lambda services: services.shelf.set_defaults(path, ModelDefaults(context_length=1536)))
    own_desk.ask(lambda services: load(services, path))
    ready = own_desk.heard.wait(ModelChanged, lambda event: event.state is ModelState.READY)
    assert ready.info.context_length == 1536


def test_a_change_holds_from_the_next_load_on(own_desk, tmp_path):
    path = str(tmp_path / "settled.gguf")
    own_desk.ask(lambda services: services.models.load_path(path, LoadOptions()))
    own_desk.heard.wait(ModelChanged, lambda event: event.state is ModelState.READY)
    own_desk.ask(lambda services: services.shelf.set_defaults(path, ModelDefaults(context_length=1536)))
    own_desk.heard.forget()
    own_desk.ask(lambda services: services.models.reload())
    ready = own_desk.heard.wait(ModelChanged, lambda event: event.state is ModelState.READY)
    assert ready.info.context_length == 1536
