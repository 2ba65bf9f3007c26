"""The one way to the network: switched off unless the person allows it, logged, without telemetry.

huggingface_hub reads its variables when it is first imported, so that import happens here and nowhere else. It and
what it needs take a quarter of a second and are imported at the first use.
"""

import logging
import os
import re
import ssl
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import desktop_app
from desktop_app.library.connections import Connection, ConnectionLog
from desktop_app.library.hub_errors import bad_address, bad_token, offline

if TYPE_CHECKING:
    from huggingface_hub import HfApi

    from desktop_app.library.hub_client import HubClient

__all__ = ["Connection", "ConnectionLog", "HubOptions", "HubSession"]

THE_HUB = "https://huggingface.co"
_TRUE = ("1", "ON", "YES", "TRUE")
_TOKEN = re.compile(r"[!-~]*")  # what a header can carry
_PORTS = {"http": 80, "https": 443}
_VARIABLES = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_XET": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
}
_importing = threading.Lock()


@dataclass(frozen=True)
class HubOptions:
    """How the person wants to reach the Hub.

    Attributes:
        online: whether connections are allowed at all.
        endpoint: a mirror; empty for that of the environment, else the Hub itself.
        proxy: empty for the system's.
        token: sent to the endpoint alone; empty for none.
        data_dir: below it huggingface_hub may keep files of its own.
    """

    online: bool = False
    endpoint: str = ""
    proxy: str = ""
    token: str = field(default="", repr=False)
    data_dir: Path = field(default_factory=Path)


class HubSession:
    """Makes clients and headers for the Hub as the person configured it. For all threads."""

    def __init__(self, options: HubOptions, log: ConnectionLog) -> None:
        self.log = log
        self._options = options
        self._lock = threading.RLock()
        self._clients: set[HubClient] = set()
        self._context: ssl.SSLContext | None = None
        self._serves_library = False

    @property
    def options(self) -> HubOptions:
        """The options in force."""
        return self._options

    @property
    def online(self) -> bool:
        """Whether connections are allowed. ``HF_HUB_OFFLINE`` in the environment forbids them whatever is set."""
        return self._options.online and os.environ.get("HF_HUB_OFFLINE", "").upper() not in _TRUE

    @property
    def endpoint(self) -> str:
        """The address of the Hub, without a slash at its end."""
        address = self._options.endpoint.strip() or os.environ.get("HF_ENDPOINT", "").strip() or THE_HUB
        return (address if "://" in address else f"https://{address}").rstrip("/")

    @property
    def proxy(self) -> str:
        """The proxy that the person set; empty for the system's."""
        return self._options.proxy.strip()

    def configure(self, options: HubOptions) -> None:
        """Take other options; whatever is under way the old way ends at once with an error of its connection."""
        with self._lock:
            old, self._options = self._options, options
        if (old.online, old.endpoint, old.proxy, old.token) != (
            options.online,
            options.endpoint,
            options.proxy,
            options.token,
        ):
            self.close()

    def check(self) -> None:
        """Raise HubError when no connection can be made: offline, no web address, or a token that cannot be one."""
        if not self.online:
            raise offline()
        if _origin(self.endpoint) is None:
            raise bad_address(self.endpoint)
        if not _TOKEN.fullmatch(self._options.token):
            raise bad_token()

    def is_endpoint(self, url: str) -> bool:
        """Whether an address belongs to the configured endpoint: the same scheme, host and port."""
        origin = _origin(url)
        return origin is not None and origin == _origin(self.endpoint)

    def ssl_context(self) -> ssl.SSLContext:
        """What proves who the other side is: the system's certificates, or those that SSL_CERT_FILE names."""
        import httpx2

        with self._lock:
            if self._context is None:
                self._context = httpx2.create_ssl_context()
            return self._context

    def headers(self) -> dict[str, str]:
        """Headers for the endpoint: who asks, and the token when there is one."""
        self._import_library()
        from huggingface_hub.utils._headers import build_hf_headers  # utils has it too, but not for type checkers

        made: dict[str, str] = build_hf_headers(
            token=self._options.token or False,
            library_name="causerie",
            library_version=desktop_app.__version__,
        )
        return made

    def client(self, purpose: str) -> "HubClient":
        """Return a client with the headers already set; close it, or use it as a context manager.

        Args:
            purpose: of its requests, in a few English words, for the log of connections.

        Raises:
            HubError: offline, or the endpoint is no web address. The same later, from a request.
        """
        self.check()
        headers = self.headers()
        from desktop_app.library.hub_client import HubClient

        made = HubClient(purpose, self, self.log, headers, self._forget)
        with self._lock:
            self._clients.add(made)
        return made

    def api(self) -> "HfApi":
        """Return huggingface_hub's own client, on a logged connection.

        It has neither our time limits nor our words for errors: for what `Hub` does not offer.

        Raises:
            HubError: as ``client``.
        """
        self.check()
        self._import_library()
        from huggingface_hub import HfApi, set_client_factory

        with self._lock:
            set_client_factory(lambda: self.client("Hub"))
            self._serves_library = True
        return HfApi(
            endpoint=self.endpoint,
            token=self._options.token or False,
            library_name="causerie",
            library_version=desktop_app.__version__,
        )

    def close(self) -> None:
        """End every connection at once. New ones may be made afterwards."""
        with self._lock:
            clients = tuple(self._clients)
            library, self._serves_library = self._serves_library, False
        for one in clients:
            one.abort()
        if library:
            from huggingface_hub import close_session

            close_session()

    def _forget(self, client: "HubClient") -> None:
        with self._lock:
            self._clients.discard(client)

    def _import_library(self) -> None:
        """Import huggingface_hub so that it neither calls home, nor finds tokens by itself, nor fills other folders."""
        with _importing:
            os.environ.update(_VARIABLES)
            home = os.environ.get("HF_HOME")
            os.environ["HF_HOME"] = str(self._options.data_dir / "hf")
            try:
                from huggingface_hub import constants
            finally:
                # Put back: it also tells where the person's own cache of models is, which the shelf looks into.
                if home is None:
                    del os.environ["HF_HOME"]
                else:
                    os.environ["HF_HOME"] = home
            # Again, in case that it had been imported before.
            constants.HF_HUB_DISABLE_TELEMETRY = True
            constants.HF_HUB_DISABLE_IMPLICIT_TOKEN = True
            # Their lines hold addresses, in which the words of a search stand, and headers, in which the token does.
            for name in ("httpx2", "httpcore2", "huggingface_hub"):
                logging.getLogger(name).setLevel(logging.WARNING)


def _origin(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of a web address; None for anything else."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname else None
