"""How fast a model will write here, before it is downloaded: a prediction from the memory's speed."""

import re

from desktop_app.core.hub import parameters_in

# What llama.cpp reaches of the memory's reading speed while it generates: between 0.75 and 0.95 on the computers tried.
EFFICIENCY = 0.85
SPREAD = 0.3
FAST = 100  # tokens per second; nobody reads faster, and a prediction this high is not exact
_ACTIVE = re.compile(r"(?<![A-Za-z0-9])A(\d+(?:\.\d+)?)B(?![A-Za-z0-9])", re.IGNORECASE)


def active_share(name: str, parameters: int = 0) -> float:
    """Return which part of its weights a model reads for each token: less than 1 for a mixture of experts.

    Args:
        name: of the model; makers write the active parameters into it, as in ``30B-A3B``.
        parameters: all of them; 0 takes what the name tells.
    """
    match = _ACTIVE.search(name)
    parameters = parameters or parameters_in(name)
    if match is None or not parameters:
        return 1.0
    return min(1.0, float(match[1]) * 1e9 / parameters)


def predicted_speed(size: int, bandwidth: float, share: float = 1.0) -> float:
    """Return tokens per second while generating, on the processor; the truth lies within 30 % mostly.

    Each token reads every active weight once, so the memory is what limits.

    Args:
        size: of the model's files in bytes.
        bandwidth: bytes per second that the memory yields; 0 when not known, which gives 0.
        share: of the weights that is active, as ``active_share`` tells.
    """
    return EFFICIENCY * bandwidth / (size * share) if size and share else 0.0
