"""Every failure of the road to the Hub has a sentence of its own that says what to do."""

import ssl

import httpx2
import pytest

from desktop_app.core.errors import HubError
from desktop_app.library.hub_errors import from_status, from_transport, retry_after

URL = "https://hub.example/api/models/o/m"


@pytest.mark.parametrize(
    ("status", "headers", "token", "code", "told"),
    [
        (401, {"x-error-code": "GatedRepo"}, False, "hub_gated", "enter a token of that account"),
        (403, {"x-error-code": "GatedRepo"}, True, "hub_gated", "https://hub.example/o/m"),
        (401, {"x-error-code": "RepoNotFound"}, False, "hub_not_found", "If it is private"),
        (401, {}, True, "hub_token", "Make a new token"),
        (404, {"x-error-code": "RepoNotFound"}, True, "hub_not_found", "no model named o/m"),
        (404, {"x-error-code": "EntryNotFound"}, True, "hub_not_found", "no longer has this file"),
        (404, {"x-error-code": "RevisionNotFound"}, True, "hub_not_found", "no longer has this version"),
        (410, {}, False, "hub_not_found", "withdrawn"),
        (403, {}, True, "hub_error", "refuses to give o/m"),
        (451, {}, False, "hub_error", "error 451"),
        (429, {"retry-after": "30"}, False, "hub_rate_limited", "Wait 30 seconds"),
        (429, {"ratelimit": '"api";r=0;t=240'}, False, "hub_rate_limited", "Wait 4 minutes"),
        (429, {}, False, "hub_rate_limited", "Wait a few minutes"),
        (500, {}, False, "hub_error", "trouble of its own"),
        (503, {}, False, "hub_error", "Try again in a few minutes"),
        (511, {}, False, "hub_captive", "sign in"),
        (304, {}, False, "hub_error", "error 304"),
    ],
)
def test_refusals(status: int, headers: dict[str, str], token: bool, code: str, told: str) -> None:
    for given in (headers, httpx2.Headers({name.title(): value for name, value in headers.items()})):
        problem = from_status(status, given, URL, "o/m", token=token).problem
        assert problem.code == code
        assert told in str(problem)
        assert problem.action
        assert str(status) in problem.detail


def test_whoever_asks_without_a_model_is_told_of_the_token() -> None:
    assert from_status(401, {}, "https://hub.example/api/whoami-v2", token=True).problem.code == "hub_token"
    assert from_status(404, {}, "https://hub.example/api/models").problem.action == "Check the address."


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, 0),
        ({"retry-after": "-5"}, 0),
        ({"retry-after": "9" * 50}, 0),
        ({"retry-after": "²"}, 0),
        ({"ratelimit": '"api";r=0;t=55'}, 56),
        ({"ratelimit": '"api";r=12;t=55', "retry-after": "3"}, 3),
        ({"ratelimit": '"api";r=0;t=' + "9" * 50}, 0),
        ({"ratelimit": "nonsense"}, 0),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], seconds: int) -> None:
    assert retry_after(headers) == seconds


def from_certificate() -> httpx2.ConnectError:
    made = httpx2.ConnectError("failed")
    made.__cause__ = ssl.SSLCertVerificationError("self-signed certificate")
    return made


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (httpx2.ConnectError("[Errno -2] Name or service not known"), "hub_unreachable", "cannot be reached"),
        (httpx2.ConnectTimeout("timed out"), "hub_timeout", "in time"),
        (httpx2.ReadTimeout("timed out"), "hub_timeout", "in time"),
        (httpx2.ProxyError("407"), "hub_unreachable", "The proxy refused"),
        (httpx2.RemoteProtocolError("peer closed"), "hub_unreachable", "broke off"),
        (httpx2.ReadError("reset"), "hub_unreachable", "broke off"),
        (httpx2.TooManyRedirects("20"), "hub_error", "without end"),
        (from_certificate(), "hub_unreachable", "certificate"),
        (httpx2.InvalidURL("no"), "hub_unreachable", "cannot be reached"),
    ],
)
def test_roads_that_end(error: Exception, code: str, told: str) -> None:
    made = from_transport(error, URL)
    assert isinstance(made, HubError)
    assert made.problem.code == code
    assert told in made.problem.sentence
    assert "hub.example" in made.problem.sentence
    assert made.problem.action
    assert type(error).__name__ in made.problem.detail


def test_a_host_is_named_whatever_the_address() -> None:
    assert "http://[" in from_transport(httpx2.InvalidURL("no"), "http://[").problem.sentence
