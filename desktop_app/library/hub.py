"""What the Hub knows of models: search, a model's page, and who a token belongs to."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import msgspec

from desktop_app.core.errors import HubError, Problem
from desktop_app.core.hub import HubDetails, HubModel, HubQuery
from desktop_app.library.hub_answers import (
    REPO,
    next_cursor,
    read_details,
    read_files,
    read_models,
    search_parameters,
    with_card,
)
from desktop_app.library.hub_caller import Answer, HubCaller
from desktop_app.library.hub_errors import captive, from_status, host_of, strange, terms_url
from desktop_app.library.hub_session import HubSession

PAGE = 30
CARD = "README.md"
CARD_BYTES = 1_000_000
ANSWER_BYTES = 32_000_000  # a page with a chat template for each model is under one million


@dataclass(frozen=True)
class SearchPage:
    """Models in order; ``cursor`` asks for the next page and is empty at the end."""

    models: tuple[HubModel, ...]
    cursor: str = ""


class Hub:
    """Asks the Hub. Every call waits: ten seconds for each step, half a minute in all, or until ``cancel``.

    Calls raise HubError with one of the codes hub_offline, hub_address, hub_proxy, hub_unreachable, hub_timeout,
    hub_not_found, hub_gated, hub_token, hub_rate_limited, hub_captive (a web page came), hub_error or cancelled.
    For all threads.
    """

    def __init__(self, session: HubSession) -> None:
        self._session = session
        self._caller = HubCaller(session)

    def search(self, query: HubQuery, cursor: str = "") -> SearchPage:
        """Search among the models that have GGUF files.

        Args:
            query: ``fits`` is not looked at: the Hub does not know this computer.
            cursor: of an earlier page of the same search.
        """
        url = f"{self._session.endpoint}/api/models"
        answer = self._caller.get("Search", url, search_parameters(query, PAGE, cursor), limit=ANSWER_BYTES)
        self._accept(answer, url)
        try:
            return SearchPage(read_models(_json(answer, url)), next_cursor(answer.headers.get("link", "")))
        except ValueError as error:
            raise strange(host_of(url), str(error)) from error

    def details(self, repo: str, revision: str = "main") -> HubDetails:
        """Tell all about a model, as of the newest commit of a revision; the card as of that same commit.

        Args:
            repo: ``owner/name``.
            revision: a branch, tag or commit.
        """
        if not REPO.fullmatch(repo):
            raise HubError(
                Problem("hub_not_found", f"“{repo}” is not a model's name.", action="It looks like owner/name.")
            )
        endpoint = self._session.endpoint
        url = f"{endpoint}/api/models/{repo}/revision/{quote(revision, safe='')}"
        answer = self._caller.get("Model page", url, [("blobs", "true")], limit=ANSWER_BYTES)
        self._accept(answer, url, repo)
        fields = _json(answer, url)
        try:
            details = read_details(fields, terms_url(endpoint, repo))
        except ValueError as error:
            raise strange(host_of(url), str(error)) from error
        if any(file.path == CARD for file in read_files(fields)):
            return with_card(details, self._card(details.model.repo, details.commit))
        return details

    def whoami(self) -> str:
        """Return the name of the account that the token belongs to."""
        if not self._session.options.token:
            raise HubError(Problem("hub_token", "There is no token.", action="Enter one in the settings."))
        url = f"{self._session.endpoint}/api/whoami-v2"
        answer = self._caller.get("Token check", url, limit=ANSWER_BYTES)
        self._accept(answer, url)
        fields = _json(answer, url)
        name = fields.get("name") if isinstance(fields, dict) else None
        if not isinstance(name, str):
            raise strange(host_of(url), "the answer names no account")
        return name

    def cancel(self) -> None:
        """Give up all calls that wait, from any thread; they raise HubError("cancelled") at once."""
        self._caller.cancel()

    def close(self) -> None:
        """Cancel, and close the connections that are kept for the next call."""
        self._caller.close()

    def _card(self, repo: str, commit: str) -> str:
        """The text of a card; empty when it is only given to who accepts the terms."""
        url = f"{self._session.endpoint}/{repo}/resolve/{commit}/{CARD}"
        answer = self._caller.get("Model card", url, limit=CARD_BYTES, cut=True)
        try:
            self._accept(answer, url, repo)
        except HubError as error:
            if error.problem.code == "hub_gated":  # the page says so itself, and how to come by it
                return ""
            raise
        return answer.body.decode("utf-8", errors="ignore" if len(answer.body) >= CARD_BYTES else "replace")

    def _accept(self, answer: Answer, url: str, repo: str = "") -> None:
        """Raise HubError unless the answer is what was asked for."""
        if not 200 <= answer.status < 300:
            raise from_status(answer.status, answer.headers, url, repo, token=bool(self._session.options.token))
        if answer.headers.get("content-type", "").lower().startswith(("text/html", "application/xhtml")):
            raise captive(host_of(url))


def _json(answer: Answer, url: str) -> Any:
    try:
        return msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, RecursionError) as error:
        if answer.body.lstrip()[:1] == b"<":
            raise captive(host_of(url)) from error
        raise strange(host_of(url), str(error)) from error
