"""The mail server of TICKET_SMTP_URL, read and reached in one way by who delivers, who starts and who examines."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final, Literal
from urllib.parse import unquote, urlsplit

import aiosmtplib

Encryption = Literal["tls", "starttls", "offered"]
"""tls: from the start; starttls: asked for; offered: taken where it is offered, for a server on this machine."""

PORTS: Final[dict[Encryption, int]] = {"tls": 465, "starttls": 587, "offered": 25}  # RFC 8314, 6409, 5321


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes, and as whom. Without a user nobody logs in."""

    host: str
    port: int
    encryption: Encryption
    user: str | None
    password: str | None


def mail_server(address: str) -> MailServer | None:
    """What an address like smtp://user:password@host:587 says; None when it is none."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("smtp", "smtps") or not host or port == 0:
        return None
    encryption = _encryption(parts.scheme, host)
    user = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if user and parts.password else None
    return MailServer(host, port or PORTS[encryption], encryption, user, password)


def mail_client(server: MailServer, *, timeout_s: float) -> aiosmtplib.SMTP:
    """A client whose `connect` encrypts and logs in. What it raises is an aiosmtplib.SMTPException or an OSError."""
    return aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        use_tls=server.encryption == "tls",
        start_tls=True if server.encryption == "starttls" else None,
        timeout=timeout_s,
    )


def _encryption(scheme: str, host: str) -> Encryption:
    """STARTTLS is asked for, not merely taken where it is offered: who sits between could leave the offer out."""
    if scheme == "smtps":
        return "tls"
    return "offered" if _is_this_machine(host) else "starttls"


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
