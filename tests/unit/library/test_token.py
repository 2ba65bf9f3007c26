"""The token lies in the system's keyring or nowhere; the keyrings here are real backends of the keyring package."""

import logging
from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringLocked, PasswordDeleteError

from desktop_app.library.token import TokenKeep

TOKEN = "hf_secretsecret"


class MemoryKeyring(KeyringBackend):
    """Keeps passwords; fails with ``error``, and deletes nothing while it is ``stubborn``."""

    priority = -1  # never found by itself: only for whom it is set

    def __init__(self) -> None:
        super().__init__()
        self.passwords: dict[tuple[str, str], str] = {}
        self.error: Exception | None = None
        self.stubborn = False

    def _check(self) -> None:
        if self.error is not None:
            raise self.error

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.passwords.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.passwords[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        if self.stubborn:
            raise PasswordDeleteError("not allowed")
        del self.passwords[service, username]


@pytest.fixture(autouse=True)
def _keyring_of_before() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


@pytest.fixture
def ring() -> MemoryKeyring:
    made = MemoryKeyring()
    keyring.set_keyring(made)
    return made


def test_a_token_outlives_the_program(ring: MemoryKeyring) -> None:
    assert TokenKeep().load() == ""
    assert TokenKeep().save(f"  {TOKEN}\n")
    assert ring.passwords == {("causerie", "huggingface.co"): TOKEN}
    assert TokenKeep().load() == TOKEN


def test_a_token_is_only_given_to_the_host_it_was_entered_for(ring: MemoryKeyring) -> None:
    keep = TokenKeep()
    keep.save(TOKEN)
    assert TokenKeep("mirror.example").load() == ""
    keep.host = "mirror.example"
    assert keep.load() == ""
    keep.save("hf_other")
    keep.host = "huggingface.co"
    assert keep.load() == TOKEN


def test_forgetting_leaves_nothing(ring: MemoryKeyring) -> None:
    keep = TokenKeep()
    keep.save(TOKEN)
    assert keep.forget()
    assert keep.load() == ""
    assert ring.passwords == {}
    assert keep.forget()


def test_saving_nothing_forgets(ring: MemoryKeyring) -> None:
    keep = TokenKeep()
    keep.save(TOKEN)
    assert keep.save("  ")
    assert ring.passwords == {}


@pytest.mark.parametrize("make", [fail.Keyring, null.Keyring], ids=["none", "null"])
def test_without_a_keyring_it_lasts_for_this_run(make: type[KeyringBackend]) -> None:
    keyring.set_keyring(make())
    keep = TokenKeep()
    assert not keep.save(TOKEN)
    assert keep.load() == TOKEN
    assert TokenKeep().load() == ""
    assert keep.forget()
    assert keep.load() == ""


@pytest.mark.parametrize("error", [KeyringLocked("locked"), RuntimeError(f"D-Bus lost {TOKEN}")], ids=["locked", "odd"])
def test_a_keyring_that_fails_loses_no_token_and_tells_no_one(
    ring: MemoryKeyring, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    keep = TokenKeep()
    ring.error = error
    with caplog.at_level(logging.DEBUG):
        assert keep.load() == ""
        assert not keep.save(TOKEN)
        assert keep.load() == TOKEN
    assert type(error).__name__ in caplog.text
    assert TOKEN not in caplog.text


def test_a_token_that_cannot_be_deleted_is_not_used_any_more(ring: MemoryKeyring) -> None:
    keep = TokenKeep()
    keep.save(TOKEN)
    ring.stubborn = True
    assert not keep.forget()
    assert ring.passwords == {("causerie", "huggingface.co"): TOKEN}
    assert keep.load() == ""
