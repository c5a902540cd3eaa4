"""Asking a service over HTTP: its answer, or one word for why there is none."""

import ssl
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, Final, Literal

import httpx

TIMEOUT_S: Final = 6.0  # below the time a check has; a healthy service answers within one second

Silence = Literal["", "unknown", "refused", "certificate", "timeout", "broken"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `silence` says why nothing did; `date_s` is the server's clock in Unix seconds."""

    status: int = 0
    body: Any = None
    silence: Silence = ""
    date_s: float | None = None

    def error_text(self) -> str:
        """The machine-readable words of an error body, to look for codes in; never to be shown."""
        return str(self.body) if self.body is not None else ""


async def ask(
    method: str,
    url: str,
    *,
    headers: dict[str, str] | None = None,
    params: dict[str, str] | None = None,
    json: Any = None,
    here: bool = False,
) -> Answer:
    """One request. `here` is for parts on this machine, to which no proxy leads."""
    try:
        async with httpx.AsyncClient(
            timeout=TIMEOUT_S, trust_env=not here, follow_redirects=False, verify=_authorities()
        ) as client:
            response = await client.request(method, url, headers=headers, params=params, json=json)
    except httpx.TimeoutException:
        return Answer(silence="timeout")
    except httpx.ConnectError as error:
        return Answer(silence=_why(str(error).lower()))
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return Answer(silence="broken")
    return Answer(response.status_code, _json(response), date_s=_date(response))


@cache
def _authorities() -> ssl.SSLContext:
    """The authorities we trust, read once: it takes 30 ms, and a dozen requests are made."""
    return httpx.create_ssl_context()


def _why(said: str) -> Silence:
    if "certificate" in said or "ssl" in said:
        return "certificate"
    if "name or service" in said or "name resolution" in said or "nodename" in said or "no address" in said:
        return "unknown"
    return "refused"


def _json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None


def _date(response: httpx.Response) -> float | None:
    try:
        return parsedate_to_datetime(response.headers["date"]).timestamp()
    except (KeyError, ValueError, TypeError):
        return None


# What a service that does not answer means for a sentence, and what to do.
WHY: Final[dict[Silence, tuple[str, str]]] = {
    "unknown": (
        "its name is unknown here",
        "Look whether this machine reaches a name server, and for a typing mistake.",
    ),
    "refused": ("nothing listens there", "Start it, or correct the address and port."),
    "certificate": ("its certificate is not trusted", "Renew it, or correct the host name."),
    "timeout": ("it does not answer", "Look for a firewall in between."),
    "broken": ("what answers there is something else", "Correct the address."),
}
