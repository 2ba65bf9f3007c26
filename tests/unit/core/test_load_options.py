"""How a model is loaded: what was settled for it goes before the settings, what is asked for once before both."""

import pytest

from desktop_app.core.model import LoadOptions, ModelDefaults


@pytest.mark.parametrize(
    ("options", "defaults", "loaded"),
    [
        (LoadOptions(0, 4096, 12, 4), ModelDefaults(), LoadOptions(0, 4096, 12, 4)),
        (LoadOptions(gpu_layers=12), ModelDefaults(2048, 0), LoadOptions(2048, gpu_layers=0)),
        (LoadOptions(512), ModelDefaults(2048), LoadOptions(512)),
        (LoadOptions(), ModelDefaults(template="{{ x }}"), LoadOptions(template="{{ x }}")),
        (LoadOptions(), ModelDefaults(system_prompt="Be brief.", notes="mine"), LoadOptions()),
    ],
    ids=["nothing settled", "settled", "asked for once", "template", "what loading does not need"],
)
def test_with_defaults(options, defaults, loaded):
    assert options.with_defaults(defaults) == loaded
