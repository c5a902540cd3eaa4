"""Settings that would open the door to strangers: with one of these nothing starts."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from insta_voice.auth.addresses import parse_proxies
from insta_voice.errors import ConfigurationError
from insta_voice.settings import Settings

MIN_SECRET_CHARS = 32  # 256 bits as text: what HS256 needs (RFC 7518, 3.2); livekit-server warns below it too
WELL_KNOWN = frozenset({"devkey", "secret", "APIdevkey", "changeme", "password"})  # livekit-server --dev and habit


def refuse_unsafe(settings: Settings) -> None:
    """Raise ConfigurationError with the first reason not to start; return when there is none."""
    for reason in unsafe_reasons(settings):
        raise ConfigurationError(reason)


def refuse_unfit_for_production(settings: Settings) -> None:
    """The same for parts that sign nobody in: what may be missing there is theirs to say, what is unsafe is not."""
    if settings.service.env == "production":
        for reason in _unfit_for_production(settings):
            raise ConfigurationError(reason)


def unsafe_reasons(settings: Settings) -> Iterator[str]:
    """Every reason not to start, a sentence with its mend each."""
    yield from _missing(settings)
    yield from _open_doors(settings)
    if settings.service.env == "production":
        yield from _unfit_for_production(settings)


def _missing(settings: Settings) -> Iterator[str]:
    livekit, firebase = settings.livekit, settings.firebase
    if not settings.database.url or not settings.database.url.get_secret_value():
        yield "DATABASE_URL is not set. Set it, or start everything with `insta-voice up`."
    if not livekit.url:
        yield "LIVEKIT_URL is not set. Set it, or start everything with `insta-voice up`."
    if not livekit.api_key:
        yield "LIVEKIT_API_KEY is not set: no call could be signed and no webhook checked. Set it."
    if not livekit.api_secret or not livekit.api_secret.get_secret_value():
        yield "LIVEKIT_API_SECRET is not set: no call could be signed and no webhook checked. Set it."
    if not firebase.project_id:
        yield "FIREBASE_PROJECT_ID is not set: nobody could sign in. Set it, or start everything with `insta-voice up`."
    if not firebase.web_api_key and not firebase.auth_emulator_host:
        yield "FIREBASE_WEB_API_KEY is not set: the page could not sign anyone in. Copy it from your Firebase project."
    notify = settings.notify
    if notify.webhook_url and not (notify.webhook_secret and notify.webhook_secret.get_secret_value()):
        yield "TICKET_WEBHOOK_SECRET is not set: tickets would go out unsigned. Set it, or remove TICKET_WEBHOOK_URL."


def _open_doors(settings: Settings) -> Iterator[str]:
    for origin in settings.service.allowed_origins:
        if "*" in origin:
            yield "INSTA_ALLOWED_ORIGINS holds *: any web site could act for your callers. Name the origins."
        elif not _is_origin(origin):
            yield f"INSTA_ALLOWED_ORIGINS holds {origin!r}, which is no origin. Write it like https://help.example.com."
    try:
        proxies = parse_proxies(settings.service.trusted_proxies)
    except ConfigurationError as error:
        yield error.message
    else:
        if any(network.prefixlen == 0 for network in proxies):
            yield "INSTA_TRUSTED_PROXIES trusts every address: anyone could forge theirs. Name your proxies."
    emulator = settings.firebase.auth_emulator_host
    if emulator and "//" in emulator:
        yield "FIREBASE_AUTH_EMULATOR_HOST holds an address with a scheme. Write it as host:port."


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
