"""A database and its repository for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.storage.conversations import Conversations
from desktop_app.storage.database import Database
from tests.helpers.stores import open_in, store_of


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_in(tmp_path) as database:
        yield database


@pytest.fixture
def store(database: Database) -> Conversations:
    return store_of(database)
