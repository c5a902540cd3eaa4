"""What is wrong with where tickets go and account facts come from, a sentence with its mend each."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from insta_voice.settings import Settings


def outgoing_reasons(settings: Settings) -> Iterator[str]:
    """Every reason not to start."""
    tickets = settings.notify.webhook_url
    if tickets and settings.service.env == "production" and _scheme(tickets) == "http":
        yield "TICKET_WEBHOOK_URL is http: what callers said would be readable on the way. Use https."
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
    try:
        parts = urlsplit(url)
        return parts.scheme if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None
