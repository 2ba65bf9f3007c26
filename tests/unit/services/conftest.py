"""A running desk with the scripted model; the tests of a module share one, each with conversations of its own."""

from collections.abc import Iterator

import pytest

from tests.helpers.hearing import Desk, desk_in


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_in(tmp_path_factory.mktemp("profile")) as desk:
        desk.load()
        yield desk


@pytest.fixture
def desk(shared_desk: Desk) -> Desk:
    shared_desk.heard.forget()
    return shared_desk


@pytest.fixture
def own_desk(profile) -> Iterator[Desk]:
    """A desk of this test alone, without a model."""
    with desk_in(profile) as desk:
        yield desk
