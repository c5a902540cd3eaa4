"""The address people open: encrypted, known, and leading to this installation."""

from typing import Final
from urllib.parse import urlsplit

from insta_voice.command import command
from insta_voice.doctor.answers import WHY, ask
from insta_voice.doctor.findings import Finding, ok, problem, warning
from insta_voice.doctor.surroundings import Surroundings

PART: Final = "address"
LOCAL: Final = {"localhost", "127.0.0.1", "::1"}


async def check_address(surroundings: Surroundings) -> list[Finding]:
    """INSTA_PUBLIC_URL from here, which is not quite from where callers are."""
    service = surroundings.settings.service
    if not service.public_url:
        if surroundings.is_production:
            return [
                warning(
                    PART,
                    "INSTA_PUBLIC_URL is not set, so nobody can say whether people reach the page.",
                    "Set it to the https:// address that your proxy serves.",
                )
            ]
        return [ok(PART, f"The page is for this machine: {surroundings.up.url}")] if surroundings.up else []
    try:
        parts = urlsplit(service.public_url)
        complete = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        complete = False
    if not complete:
        return [problem(PART, "INSTA_PUBLIC_URL is no web address.", "Write it like https://help.example.com.")]
    host = parts.hostname or ""
    found = []
    if parts.scheme == "http" and host not in LOCAL:
        found.append(
            warning(
                PART,
                "INSTA_PUBLIC_URL is http: browsers give the microphone to https pages only.",
                "Put a TLS proxy before the page and write https://.",
            )
        )
    if host not in LOCAL and not service.trusted_proxies:
        found.append(
            warning(
                PART,
                "INSTA_TRUSTED_PROXIES is empty: behind a proxy all callers count as one address for the limits.",
                "Set it to your proxy's address as the API sees it, for example 127.0.0.1.",
            )
        )
    return [*found, *await _reached(service.public_url)]


async def _reached(url: str) -> list[Finding]:
    answer = await ask("GET", f"{url.rstrip('/')}/healthz")
    if answer.silence:
        what, mend = WHY[answer.silence]
        return [problem(PART, f"The page is not reached at INSTA_PUBLIC_URL: {what}.", mend)]
    if answer.body == {"status": "alive"}:
        return [ok(PART, "The page is reached at INSTA_PUBLIC_URL.")]
    if answer.status in (502, 503, 504):
        return [
            problem(
                PART,
                f"The proxy at INSTA_PUBLIC_URL answers, but finds no API behind it (HTTP {answer.status}).",
                f"Start {command('api')}, and let the proxy lead to INSTA_HOST and INSTA_PORT.",
            )
        ]
    return [
        problem(
            PART,
            f"What answers at INSTA_PUBLIC_URL is not this installation (HTTP {answer.status}).",
            "Let your proxy pass every path to insta-voice api, redirects aside.",
        )
    ]
