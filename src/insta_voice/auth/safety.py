"""Settings that would open the door to strangers: with one of these nothing starts (promise 18).

Each part asks for what concerns it: the API cannot do without any service, `up` starts what is not set, the workers
sign nobody in. What is unsafe is unsafe for all of them. The profiles in the database are `auth.demo_people`'s.
"""

from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from insta_voice.auth.addresses import parse_proxies
from insta_voice.auth.signup_reasons import signup_reasons
from insta_voice.command import command
from insta_voice.company import greeting_reasons, page_reasons
from insta_voice.costs import cost_reasons
from insta_voice.errors import ConfigurationError
from insta_voice.outgoing import outgoing_reasons
from insta_voice.settings import Settings

MIN_SECRET_CHARS = 32  # 256 bits as text: what HS256 needs (RFC 7518, 3.2); livekit-server warns below it too
WELL_KNOWN = frozenset({"devkey", "secret", "APIdevkey", "changeme", "password"})  # livekit-server --dev and habit


def refuse_unsafe(settings: Settings) -> None:
    """For the API: raise ConfigurationError with the first reason not to start; return when there is none."""
    _refuse(unsafe_reasons(settings))


def refuse_unsafe_part(settings: Settings) -> None:
    """The same for the workers, which sign nobody in: what they miss is theirs to say, what is unsafe is not."""
    _refuse(_unsafe_anywhere(settings))


def refuse_unsafe_installation(settings: Settings) -> None:
    """The same for `up`, which starts what is not set."""
    _refuse(unsafe_installation(settings))


def unsafe_reasons(settings: Settings) -> Iterator[str]:
    """Every reason for the API not to start, a sentence with its mend each."""
    yield from _missing(settings)
    yield from _unsafe_for_the_page(settings)
    yield from _unsafe_anywhere(settings)


def unsafe_installation(settings: Settings) -> Iterator[str]:
    """Every reason for an installation not to start: an empty address is no reason, half a service is."""
    if settings.service.env == "production" and not settings.firebase.project_id:
        yield (
            "INSTA_ENV is production and FIREBASE_PROJECT_ID is not set: the sign-in emulator lets anyone in. "
            "Set your Firebase project, or INSTA_ENV=development."
        )
    yield from _unsafe_for_the_page(settings)
    yield from _unsafe_anywhere(settings)


def _refuse(reasons: Iterable[str]) -> None:
    for reason in reasons:
        raise ConfigurationError(reason)


def _unsafe_anywhere(settings: Settings) -> Iterator[str]:
    yield from _unsigned(settings)
    yield from _open_doors(settings)
    yield from signup_reasons(settings)
    yield from greeting_reasons(settings)
    yield from outgoing_reasons(settings)
    yield from cost_reasons(settings)
    if settings.service.env == "production":
        yield from _unfit_for_production(settings)


def _missing(settings: Settings) -> Iterator[str]:
    if not settings.database.url or not settings.database.url.get_secret_value():
        yield f"DATABASE_URL is not set. Set it, or start everything with `{command('up')}`."
    if not settings.livekit.url:
        yield f"LIVEKIT_URL is not set. Set it, or start everything with `{command('up')}`."
    if not settings.firebase.project_id:
        yield (
            f"FIREBASE_PROJECT_ID is not set: nobody could sign in. Set it, or start everything with `{command('up')}`."
        )


def _unsafe_for_the_page(settings: Settings) -> Iterator[str]:
    yield from page_reasons(settings)
    firebase = settings.firebase
    if firebase.project_id and not firebase.web_api_key and not firebase.auth_emulator_host:
        yield "FIREBASE_WEB_API_KEY is not set: the page could not sign anyone in. Copy it from your Firebase project."
    if settings.service.env != "production":
        return
    public = settings.service.public_url
    if public and not _is_private(public):
        yield (
            "INSTA_PUBLIC_URL is not https: sign-ins would be readable on the way, and browsers refuse the microphone. "
            "Put a TLS proxy before the page and write https://."
        )
    calls = settings.livekit.public_url or settings.livekit.url
    if calls and not _is_private(calls):
        yield (
            "Browsers would reach LiveKit without encryption, and refuse to. "
            "Set LIVEKIT_URL, or LIVEKIT_PUBLIC_URL beside an internal one, to a wss:// address."
        )


def _unsigned(settings: Settings) -> Iterator[str]:
    """Services whose keys were forgotten."""
    livekit, notify = settings.livekit, settings.notify
    if livekit.url and not livekit.api_key:
        yield "LIVEKIT_API_KEY is not set: no call could be signed and no webhook checked. Set it."
    if livekit.url and not (livekit.api_secret and livekit.api_secret.get_secret_value()):
        yield "LIVEKIT_API_SECRET is not set: no call could be signed and no webhook checked. Set it."
    if notify.webhook_url and not (notify.webhook_secret and notify.webhook_secret.get_secret_value()):
        yield "TICKET_WEBHOOK_SECRET is not set: tickets would go out unsigned. Set it, or remove TICKET_WEBHOOK_URL."


def _open_doors(settings: Settings) -> Iterator[str]:
    emulator = settings.firebase.auth_emulator_host
    if emulator and "//" in emulator:
        yield "FIREBASE_AUTH_EMULATOR_HOST holds an address with a scheme. Write it as host:port."
    for origin in settings.service.allowed_origins:
        if "*" in origin:
            yield "INSTA_ALLOWED_ORIGINS holds *: any web site could act for your callers. Name the origins."
        elif not _is_origin(origin):
            yield f"INSTA_ALLOWED_ORIGINS holds {origin!r}, which is no origin. Write it like https://help.example.com."
    if any("*" in proxy for proxy in settings.service.trusted_proxies):
        yield "INSTA_TRUSTED_PROXIES holds *: anyone could forge their address. Name your proxies."
        return
    try:
        proxies = parse_proxies(settings.service.trusted_proxies)
    except ConfigurationError as error:
        yield error.message
    else:
        if any(network.prefixlen == 0 for network in proxies):
            yield "INSTA_TRUSTED_PROXIES trusts every address: anyone could forge theirs. Name your proxies."


def _unfit_for_production(settings: Settings) -> Iterator[str]:
    if settings.firebase.auth_emulator_host:
        yield "FIREBASE_AUTH_EMULATOR_HOST is set in production: its tokens are unsigned. Remove it."
    if (settings.firebase.project_id or "").startswith("demo-"):
        yield "FIREBASE_PROJECT_ID begins with demo-, which no real project does. Set your own in production."
    livekit = settings.livekit
    secret = livekit.api_secret.get_secret_value() if livekit.api_secret else ""
    if livekit.api_key in WELL_KNOWN or secret in WELL_KNOWN:
        yield "LIVEKIT_API_KEY or LIVEKIT_API_SECRET is the well-known development one. Make your own for production."
    elif secret and len(secret) < MIN_SECRET_CHARS:
        yield f"LIVEKIT_API_SECRET is shorter than {MIN_SECRET_CHARS} characters. Make a longer one for production."
    for origin in settings.service.allowed_origins:
        if origin.startswith("http://") and "*" not in origin:
            yield f"INSTA_ALLOWED_ORIGINS holds {origin!r} without encryption. Use https in production."


def _is_private(address: str) -> bool:
    """Whether nobody between can read what goes to `address`: encrypted, or on this machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme in ("https", "wss"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return bool(
            parts.scheme in ("http", "https")
            and parts.hostname
            and not parts.path
            and not parts.query
            and not parts.fragment
            and parts.username is None
            and (parts.port is None or parts.port > 0)
        )
    except ValueError:
        return False
