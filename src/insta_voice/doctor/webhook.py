"""Where tickets go by webhook, and whether they go anywhere at all."""

import asyncio
import ssl
from typing import Final

import httpx

from insta_voice.doctor.findings import Finding, ok, problem, warning
from insta_voice.doctor.surroundings import Surroundings
from insta_voice.errors import OutgoingError
from insta_voice.outgoing import choose_address, usual_reach

PART: Final = "tickets"
CONNECT_TIMEOUT_S: Final = 5.0
LEAST_SECRET_CHARS: Final = 16  # 64 bits even when only hexadecimal digits are used


async def check_webhook(surroundings: Surroundings) -> list[Finding]:
    """The address is one we go to, and something listens there. Nothing is posted."""
    settings = surroundings.settings
    if not settings.notify.webhook_url and settings.notify.smtp_url is None:
        return [
            warning(
                PART,
                "Tickets have nowhere to go, so callers are told to write to SUPPORT_CONTACT.",
                "Set TICKET_WEBHOOK_URL with TICKET_WEBHOOK_SECRET, or TICKET_SMTP_URL, TICKET_EMAIL_FROM and …_TO.",
            )
        ]
    if not settings.notify.webhook_url:
        return []
    found = []
    secret = settings.notify.webhook_secret
    if secret and len(secret.get_secret_value()) < LEAST_SECRET_CHARS:
        found.append(
            warning(
                PART,
                f"TICKET_WEBHOOK_SECRET is shorter than {LEAST_SECRET_CHARS} characters: it can be guessed.",
                "Make one: openssl rand -hex 32",
            )
        )
    refusal = await _reach(surroundings, settings.notify.webhook_url)
    return [*found, refusal or ok(PART, "The ticket webhook is reached; nothing was posted.")]


async def _reach(surroundings: Surroundings, address: str) -> Finding | None:
    """Why a request to `address` would not arrive, or None."""
    try:
        url = httpx.URL(address)
        host = await choose_address(url, surroundings.outside.resolve, reach=usual_reach(surroundings.settings))
    except httpx.InvalidURL:
        return problem(PART, "TICKET_WEBHOOK_URL is no web address.", "Write it like https://desk.example.com/tickets.")
    except OutgoingError as error:
        return _not_allowed(error.detail)
    secure = url.scheme == "https"
    context = ssl.create_default_context() if secure else None
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            _, writer = await asyncio.open_connection(
                host, url.port or (443 if secure else 80), ssl=context, server_hostname=url.host if secure else None
            )
        writer.close()
    except ssl.SSLError:
        return problem(
            PART, "The certificate at TICKET_WEBHOOK_URL is not trusted.", "Renew it, or correct the host name."
        )
    except TimeoutError:
        return problem(PART, "The host of TICKET_WEBHOOK_URL does not answer.", "Look for a firewall in between.")
    except OSError:
        return problem(PART, "Nothing listens at TICKET_WEBHOOK_URL.", "Start it, or correct the address.")
    return None


def _not_allowed(detail: str) -> Finding:
    if "private" in detail:
        return problem(
            PART,
            "TICKET_WEBHOOK_URL leads to a private address, to which nothing of ours is sent.",
            "Give it a public address, or put a proxy with one before it.",
        )
    if "plain http" in detail:
        return problem(
            PART, "TICKET_WEBHOOK_URL is http: what callers said would be readable on the way.", "Use https."
        )
    if "unknown" in detail:
        return problem(PART, "The name in TICKET_WEBHOOK_URL is unknown here.", "Look for a typing mistake.")
    return problem(PART, "TICKET_WEBHOOK_URL is no web address.", "Write it like https://desk.example.com/tickets.")
