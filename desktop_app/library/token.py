"""Keeps the token for the Hub in the keyring of the operating system, and nowhere else."""

import logging

SERVICE = "causerie"
_log = logging.getLogger(__name__)


class TokenKeep:
    """The token of one host at a time; without a keyring it lasts for this run only.

    The keyring may ask the person to unlock it and takes a while to be found: not for a thread that must not wait.

    Attributes:
        host: of the endpoint that the token is for; a token is never handed to another.
    """

    def __init__(self, host: str = "huggingface.co") -> None:
        self.host = host
        self._tokens: dict[str, str] = {}

    def load(self) -> str:
        """Return the token; empty when there is none, or when the keyring is not there or stays locked."""
        if self.host not in self._tokens:
            self._tokens[self.host] = self._read()
        return self._tokens[self.host]

    def save(self, token: str) -> bool:
        """Keep a token. Returns False when there is no keyring for it, so that it is lost at the end of this run."""
        token = token.strip()
        if not token:
            return self.forget()
        self._tokens[self.host] = token
        try:
            import keyring

            keyring.set_password(SERVICE, self.host, token)
        except Exception as error:
            # Each system's keyring fails in ways of its own, on Linux also with errors of D-Bus; none may lose the
            # token that was just entered. Their words are not logged: some repeat what they were given.
            _log.warning("no keyring took the token: %s", type(error).__name__)
            return False
        return self._read() == token  # one that keyring knows by the name of null takes everything and keeps nothing

    def forget(self) -> bool:
        """Delete the token. Returns whether none is left in the keyring."""
        self._tokens[self.host] = ""
        if not self._read():
            return True
        try:
            import keyring

            keyring.delete_password(SERVICE, self.host)
        except Exception as error:
            _log.warning("no keyring deleted the token: %s", type(error).__name__)
        return not self._read()

    def _read(self) -> str:
        try:
            import keyring

            return keyring.get_password(SERVICE, self.host) or ""
        except Exception as error:
            _log.warning("no keyring could be asked for a token: %s", type(error).__name__)
            return ""
