"""The mail server that tickets go through: reached, encrypted, and lets us in. No mail is sent."""

import ssl
from typing import Final

import aiosmtplib

from insta_voice.doctor.findings import Finding, ok, problem, split_mend
from insta_voice.doctor.surroundings import Surroundings
from insta_voice.outgoing import MailServer, mail_client, mail_reasons, mail_server

PART: Final = "mail"
TIMEOUT_S: Final = 6.0  # of each step; mail servers that greet late on purpose take up to five seconds


async def check_mail(surroundings: Surroundings) -> list[Finding]:
    """Everything up to the login, in the way a ticket goes."""
    notify = surroundings.settings.notify
    if notify.smtp_url is None:
        return []
    if reasons := list(mail_reasons(notify)):
        return [problem(PART, *split_mend(reason)) for reason in reasons]
    server = mail_server(notify.smtp_url.get_secret_value())
    assert server is not None, "or there is a reason"
    return await _log_in(server)


async def _log_in(server: MailServer) -> list[Finding]:
    client = mail_client(server, timeout_s=TIMEOUT_S)
    try:
        await client.connect()
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
        return [_no_connection(error, tls=server.encryption == "tls")]
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        return [_no_encryption() if "STARTTLS" in str(error) else _hung_up()]
    finally:
        client.close()
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


def _no_encryption() -> Finding:
    return problem(
        PART,
        "The mail server offers no encryption (STARTTLS), and no ticket is sent without it.",
        "Use smtps:// with port 465, or a server with STARTTLS.",
    )


def _hung_up() -> Finding:
    return problem(
        PART,
        "The mail server hung up before the login.",
        "Compare TICKET_SMTP_URL with what your mail provider says: scheme, host and port.",
    )
