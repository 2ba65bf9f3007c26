"""What a person is told when the Hub, or the road to it, fails."""

import re
import ssl
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from desktop_app.core.errors import HubError, Problem

ERROR_CODE = "x-error-code"
GATED = "GatedRepo"
# The Hub's form of the IETF's draft: "api";r=0;t=55, that is, none remain and the window begins anew in 55 seconds.
_RATE_LIMIT = re.compile(r"r\s*=\s*0\s*;\s*t\s*=\s*(\d{1,6})(?!\d)")
_SECONDS = re.compile(r"[0-9]{1,6}")


def host_of(url: str) -> str:
    """The host of an address, or the address itself when it has none."""
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url


def offline() -> HubError:
    """Connections are switched off."""
    return HubError(
        Problem(
            "hub_offline",
            "Causerie is offline.",
            action="Allow connections to the Hub in the settings, and start without --offline, to search and download.",
        )
    )


def cancelled() -> HubError:
    """The person, or a newer request, gave it up."""
    return HubError(Problem("cancelled", "It was cancelled."))


def bad_address(text: str) -> HubError:
    """The endpoint in the settings is no web address."""
    return HubError(
        Problem(
            "hub_address",
            f"The address of the Hub, “{text}”, is not a web address.",
            action="Correct it in the settings or in the variable HF_ENDPOINT; both empty mean the Hugging Face Hub.",
        )
    )


def bad_proxy(reason: str) -> HubError:
    """The proxy cannot be used as it is given."""
    return HubError(
        Problem(
            "hub_proxy",
            "The proxy cannot be used: its address must begin with http:// or https://.",
            action="Correct the proxy in the settings, or in the settings of your computer.",
            detail=reason,
        )
    )


def bad_token() -> HubError:
    """What was entered as a token cannot be one."""
    return HubError(
        Problem(
            "hub_token",
            "The token has a space or a letter in it that no token has.",
            action="Copy it from the website again and enter it in the settings.",
        )
    )


def captive(host: str, detail: str = "") -> HubError:
    """A web page came instead of data."""
    return HubError(
        Problem(
            "hub_captive",
            f"A web page came instead of an answer from {host}.",
            action="Your network may ask you to sign in first: open any page in your browser, sign in, and try again.",
            detail=detail,
        )
    )


def strange(host: str, reason: str) -> HubError:
    """An answer that makes no sense."""
    return HubError(
        Problem(
            "hub_error",
            f"{host} answered with something that Causerie does not understand.",
            action="Try again later; a newer version of Causerie may help.",
            detail=reason,
        )
    )


def slow(host: str, reason: str = "") -> HubError:
    """No answer in time."""
    return HubError(
        Problem(
            "hub_timeout",
            f"{host} did not answer in time.",
            action="Check your connection and try again.",
            detail=reason,
        )
    )


def from_transport(error: Exception, url: str) -> HubError:
    """Tell of a request that brought no answer.

    Args:
        error: what httpx2 raised.
        url: what was asked.
    """
    import httpx2  # late, like all of the network: a program that stays offline never pays for it

    host = host_of(url)
    detail = f"{type(error).__name__}: {error}"
    if isinstance(error, httpx2.TimeoutException):
        return slow(host, detail)
    if isinstance(error, httpx2.TooManyRedirects):
        return HubError(
            Problem(
                "hub_error",
                f"{host} sent Causerie from one address to the next without end.",
                action="Try again later; with a mirror, check its address in the settings.",
                detail=detail,
            )
        )
    if isinstance(error, httpx2.ProxyError):
        return HubError(
            Problem(
                "hub_unreachable",
                f"The proxy refused the connection to {host}.",
                action="Check the proxy in the settings, or in the settings of your computer.",
                detail=detail,
            )
        )
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error)):
        return HubError(
            Problem(
                "hub_unreachable",
                f"The connection to {host} is not safe: its certificate does not prove that it is {host}.",
                action="Check the date of your computer, and whether your network asks you to sign in in a browser.",
                detail=detail,
            )
        )
    if isinstance(error, (httpx2.RemoteProtocolError, httpx2.ReadError, httpx2.WriteError, httpx2.DecodingError)):
        return HubError(
            Problem("hub_unreachable", f"The connection to {host} broke off.", "", "Try again in a moment.", detail)
        )
    return HubError(
        Problem(
            "hub_unreachable",
            f"{host} cannot be reached.",
            action="Check your connection, and the proxy if you use one, and try again.",
            detail=detail,
        )
    )


def from_status(status: int, headers: Mapping[str, str], url: str, repo: str = "", token: bool = False) -> HubError:
    """Tell of an answer that is a refusal.

    Args:
        status: of HTTP, 300 or more.
        headers: of the answer, httpx2's own or a plain mapping with names in lower case.
        url: what was asked.
        repo: the model that was asked for, empty for none.
        token: whether a token was sent.
    """
    host, code = host_of(url), headers.get(ERROR_CODE, "")
    message = headers.get("x-error-message", "")
    detail = f"HTTP {status} {code} {message}".rstrip()
    if code == GATED:
        return _gated(url, repo, token, detail)
    if status == 429:
        return _rate_limited(host, headers, detail)
    if status == 401 and (token or not repo):
        return HubError(
            Problem(
                "hub_token",
                f"{host} does not accept your token." if token else f"{host} wants to know who asks.",
                action="Make a new token on its website, under Settings, Access Tokens, and enter it in the settings.",
                detail=detail,
            )
        )
    if status in (401, 404, 410):
        return _not_found(host, repo, code, token, detail)
    if status == 511:
        return captive(host, detail)
    if status >= 500:
        return HubError(
            Problem(
                "hub_error",
                f"{host} has trouble of its own at the moment (error {status}).",
                action="Try again in a few minutes.",
                detail=detail,
            )
        )
    return HubError(
        Problem(
            "hub_error",
            f"{host} refuses to give {repo or 'an answer'} (error {status}).",
            action="Its page on the website may say why." if repo else "Try again later.",
            detail=detail,
        )
    )


def retry_after(headers: Mapping[str, str]) -> int:
    """Seconds that a refusal asks to wait; 0 when it does not say."""
    if match := _RATE_LIMIT.search(headers.get("ratelimit", "")):
        return int(match[1]) + 1
    after = headers.get("retry-after", "")
    return int(after) if _SECONDS.fullmatch(after) else 0


def terms_url(endpoint: str, repo: str) -> str:
    """The page on which the terms of a gated model are accepted."""
    return f"{endpoint}/{repo}"


def _gated(url: str, repo: str, token: bool, detail: str) -> HubError:
    page = terms_url(url.partition("/api/models/")[0].partition(f"/{repo}/")[0], repo)
    action = (
        f"Accept its terms on {page} with the account of your token; for some models the maker must agree as well."
        if token
        else f"Accept its terms on {page} with your account, then enter a token of that account in the settings."
    )
    return HubError(
        Problem("hub_gated", f"{repo or 'This model'} is only given to who accepts its terms.", "", action, detail)
    )


def _rate_limited(host: str, headers: Mapping[str, str], detail: str) -> HubError:
    seconds = retry_after(headers)
    wait = "Wait a few minutes" if not seconds else f"Wait {_duration(seconds)}"
    return HubError(
        Problem(
            "hub_rate_limited",
            f"{host} has had too many requests from your address.",
            action=f"{wait} and try again; with a token it allows more.",
            detail=detail,
        )
    )


def _duration(seconds: int) -> str:
    if seconds < 90:
        return "a second" if seconds == 1 else f"{seconds} seconds"
    return f"{round(seconds / 60)} minutes"


def _not_found(host: str, repo: str, code: str, token: bool, detail: str) -> HubError:
    if code in ("EntryNotFound", "RevisionNotFound"):
        what = "this file" if code == "EntryNotFound" else "this version"
        return HubError(
            Problem(
                "hub_not_found",
                f"{repo or host} no longer has {what}.",
                action="Open the model's page again to see what it has now.",
                detail=detail,
            )
        )
    private = "" if token else " If it is private, enter a token of an account that may see it."
    return HubError(
        Problem(
            "hub_not_found",
            f"{host} has no model named {repo}." if repo else f"{host} does not have what was asked for.",
            action=f"Check its name; it may have been renamed or withdrawn.{private}" if repo else "Check the address.",
            detail=detail,
        )
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
