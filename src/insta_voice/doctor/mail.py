"""The mail server that tickets go through: reached, encrypted, and lets us in. No mail is sent."""

import ssl
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

from insta_voice.doctor.findings import Finding, has_problem, ok, problem, warning
from insta_voice.doctor.surroundings import Surroundings

PART: Final = "mail"
TIMEOUT_S: Final = 6.0  # of each step; mail servers that greet late on purpose take up to five seconds
LOCAL: Final = {"localhost", "127.0.0.1", "::1"}


async def check_mail(surroundings: Surroundings) -> list[Finding]:
    """Everything up to the login."""
    notify = surroundings.settings.notify
    if notify.smtp_url is None:
        return []
    found = []
    if not (notify.email_from and notify.email_to):
        missing = " and ".join(
            name
            for name, value in (("TICKET_EMAIL_FROM", notify.email_from), ("TICKET_EMAIL_TO", notify.email_to))
            if not value
        )
        found.append(
            problem(PART, f"No ticket is mailed without {missing}.", "Set what is missing, or remove TICKET_SMTP_URL.")
        )
    try:
        server = urlsplit(notify.smtp_url.get_secret_value())
        complete = server.scheme in ("smtp", "smtps") and bool(server.hostname) and server.port != 0
    except ValueError:
        complete = False
    if not complete:
        found.append(
            problem(
                PART,
                "TICKET_SMTP_URL is no address like smtp://user:password@host:587.",
                "Write smtps:// for port 465, smtp:// for 587; % and a code for / @ : in the password.",
            )
        )
    if has_problem(found):
        return found
    return await _log_in(
        server.hostname or "",
        server.port,
        unquote(server.username) if server.username else None,
        unquote(server.password) if server.password else None,
        tls=server.scheme == "smtps",
    )


async def _log_in(host: str, port: int | None, user: str | None, password: str | None, *, tls: bool) -> list[Finding]:
    client = aiosmtplib.SMTP(hostname=host, port=port, use_tls=tls, timeout=TIMEOUT_S)  # STARTTLS where it is offered
    try:
        await client.connect()
        encrypted = client.get_transport_info("sslcontext") is not None
        if user and password is not None:
            await client.login(user, password)
        await client.quit()
    except aiosmtplib.SMTPAuthenticationError:
        return [
            problem(
                PART,
                "The mail server does not take the user and password of TICKET_SMTP_URL.",
                "Many want a password made for programs (an app password); write % and a code for / @ : in it.",
            )
        ]
    except aiosmtplib.SMTPConnectTimeoutError:
        return [problem(PART, "The mail server does not answer.", "Try port 587; many hosts block port 25.")]
    except (ssl.SSLError, aiosmtplib.SMTPConnectError) as error:
        return [_no_connection(error, tls=tls)]
    except (aiosmtplib.SMTPException, OSError, TimeoutError):
        return [_hung_up()]
    finally:
        client.close()
    if user and not encrypted and host not in LOCAL:
        return [
            warning(
                PART,
                "The mail server takes the password, but offers no encryption: anyone on the way can read it.",
                "Use smtps:// with port 465, or a server with STARTTLS.",
            )
        ]
    return [ok(PART, "The mail server lets us in; no mail was sent.")]


def _no_connection(error: Exception, *, tls: bool) -> Finding:
    said = str(error).lower()
    if "certificate" in said:
        return problem(PART, "The mail server's certificate is not trusted.", "Correct the host name, or renew it.")
    if "wrong version" in said or "wrong_version" in said or (tls and "ssl" in said):
        return problem(
            PART, "The mail server speaks no TLS on this port.", "Use smtp:// with port 587, or smtps:// with 465."
        )
    if "name or service" in said or "name resolution" in said or "nodename" in said:
        return problem(PART, "The mail server's name is unknown here.", "Look for a typing mistake in TICKET_SMTP_URL.")
    if "connect call failed" in said or "refused" in said or "unreachable" in said:
        return problem(
            PART, "Nothing listens at the host and port of TICKET_SMTP_URL.", "Correct them, or start the server."
        )
    return _hung_up()


def _hung_up() -> Finding:
    return problem(
        PART,
        "The mail server hung up before the login.",
        "Compare TICKET_SMTP_URL with what your mail provider says: scheme, host and port.",
    )
