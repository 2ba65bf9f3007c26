"""What the settings say about the network, as the services take it, and the token that joins it."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from desktop_app.core.errors import HubError
from desktop_app.library.hub_errors import host_of
from desktop_app.library.hub_session import HubOptions, HubSession
from desktop_app.library.token import TokenKeep
from desktop_app.system.settings import Value

__all__ = ["HubOptions", "TokenHolder", "download_limit", "hub_options", "shelf_folder"]


class Values(Protocol):
    """Settings, or a copy of some that another thread may read."""

    def __getitem__(self, key: str, /) -> Value:
        """Return the value of a setting."""
        ...


def hub_options(settings: Values, data_dir: Path) -> HubOptions:
    """Return how the settings want the Hub to be reached. The token is not in them."""
    return HubOptions(
        online=bool(settings["online"]),
        endpoint=str(settings["hub_endpoint"]),
        proxy=str(settings["proxy"]),
        data_dir=data_dir,
    )


def download_limit(settings: Values) -> int:
    """Return the most that downloads may take together, bytes per second; 0 for no limit."""
    return int(settings["download_limit"]) * 1_000_000


def shelf_folder(settings: Values, default: Path) -> Path:
    """Return the folder of the shelf."""
    return Path(str(settings["models_folder"])) if settings["models_folder"] else default


class TokenHolder:
    """Gives the session the token of its endpoint, asked of the keyring once and only when the Hub is to be reached.

    For all threads, save that ``bring`` and ``keep`` may wait for a person to unlock the keyring.
    """

    def __init__(self, session: HubSession) -> None:
        self._session = session
        self._keeps: dict[str, TokenKeep] = {}
        self._asking = threading.Lock()
        self._changing = threading.Lock()

    def configure(self, options: HubOptions) -> None:
        """Take other options, with the token of their endpoint as far as it is known."""
        with self._changing:
            before = self._session.options
            same = options.endpoint == before.endpoint
            self._session.configure(replace(options, token=before.token if same else ""))
            if not same and (keep := self._keeps.get(self._host())) is not None:
                self._session.configure(replace(options, token=keep.load()))

    def bring(self) -> None:
        """See that the session has its token."""
        with self._asking:
            host = self._host()
            if host in self._keeps:
                return
            keep = TokenKeep(host)
            token = keep.load()
            with self._changing:
                self._keeps[host] = keep
            self._give(host, token)

    def keep(self, token: str, name_of: Callable[[], str]) -> tuple[bool, str]:
        """Take another token, an empty one to forget it.

        Args:
            token: of an account.
            name_of: asks the Hub whose it is, with the session that has the token already.

        Returns:
            Whether the keyring has it, and the name of the account; empty when it could not be asked.

        Raises:
            HubError: ``hub_token``: the Hub does not accept it. The one before stays.
        """
        with self._asking:
            host, before = self._host(), self._session.options.token
            self._give(host, token)
            name = ""
            if token and self._session.online:
                try:
                    name = name_of()
                except HubError as error:
                    if error.problem.code == "hub_token":
                        self._give(host, before)
                        raise
            keep = self._keeps.get(host) or TokenKeep(host)
            kept = keep.save(token)
            with self._changing:
                self._keeps[host] = keep
            return kept, name

    def _host(self) -> str:
        return host_of(self._session.endpoint)

    def _give(self, host: str, token: str) -> None:
        with self._changing:
            if host == self._host():  # the endpoint may have been changed meanwhile
                self._session.configure(replace(self._session.options, token=token))
