"""What is wrong with where tickets go and account facts come from, a sentence with its mend each."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from insta_voice.outgoing.mail import mail_server
from insta_voice.settings import NotifySettings, Settings


def outgoing_reasons(settings: Settings) -> Iterator[str]:
    """Every reason not to start: what cannot work would be promised to callers."""
    yield from _webhook_reasons(settings)
    yield from mail_reasons(settings.notify)
    yield from _account_reasons(settings)


def mail_reasons(notify: NotifySettings) -> Iterator[str]:
    """Why no ticket can be mailed; nothing when none is to be."""
    if notify.smtp_url is None:
        return
    if mail_server(notify.smtp_url.get_secret_value()) is None:
        yield (
            "TICKET_SMTP_URL is no address like smtp://user:password@host:587. "
            "Write smtps:// for port 465, smtp:// for 587; % and a code for / @ : in the password."
        )
    if not (notify.email_from and notify.email_to):
        yield (
            "TICKET_EMAIL_FROM or TICKET_EMAIL_TO is not set: no ticket could be mailed. "
            "Set both, or remove TICKET_SMTP_URL."
        )
    elif "@" not in notify.email_from or "@" not in notify.email_to:
        yield "TICKET_EMAIL_FROM or TICKET_EMAIL_TO is no mail address. Write it like support@example.com."


def _webhook_reasons(settings: Settings) -> Iterator[str]:
    address = settings.notify.webhook_url
    if not address:
        return
    scheme = _scheme(address)
    if scheme is None:
        yield "TICKET_WEBHOOK_URL is no web address. Write it like https://desk.example.com/tickets."
    elif scheme == "http" and settings.service.env == "production":
        yield "TICKET_WEBHOOK_URL is http: what callers said would be readable on the way. Use https."


def _account_reasons(settings: Settings) -> Iterator[str]:
    account = settings.account
    if not account.url:
        return
    scheme = _scheme(account.url)
    if scheme is None:
        yield "ACCOUNT_URL is no web address. Write it like https://example.com/voice/account."
    elif scheme == "http" and settings.service.env == "production" and not account.allow_private:
        yield (
            "ACCOUNT_URL is http: account facts would be readable on the way. Use https, or say with "
            "ACCOUNT_ALLOW_PRIVATE=true that it is in your own network."
        )
    if not (account.secret and account.secret.get_secret_value()):
        yield "ACCOUNT_SECRET is not set: your endpoint could not tell us from anybody. Set it, or remove ACCOUNT_URL."
    if not account.fields:
        yield "ACCOUNT_FIELDS is not set: nothing that ACCOUNT_URL tells would be used. Name the facts to use."


def _scheme(url: str) -> str | None:
    """http or https; None where a host is missing, or a port is no number."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts.scheme if usable else None
