"""What browsers are told about every answer: where scripts may come from, who may be called, what may be kept."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from insta_voice.company import is_address, logo_origin
from insta_voice.settings import Settings

# Firebase Authentication's own addresses: accounts, and the refresh of ID tokens.
_FIREBASE: Final = ("https://identitytoolkit.googleapis.com", "https://securetoken.googleapis.com")
_GOOGLE_SCRIPT: Final = "https://apis.google.com"  # Firebase's Google button loads it to talk to its popup
_ONE_YEAR_S: Final = 31_536_000


def content_security_policy(settings: Settings) -> str:
    """A policy that lets the page's own files run, reach LiveKit and Firebase, and nothing else."""
    directives = {
        "default-src": ("'none'",),
        "script-src": ("'self'", _GOOGLE_SCRIPT),
        "style-src": ("'self'",),
        "img-src": ("'self'", "data:", *_logo_origin(settings)),
        "font-src": ("'self'",),
        "media-src": ("'self'", "blob:"),
        "worker-src": ("'self'", "blob:"),
        "connect-src": ("'self'", *_FIREBASE, *_livekit_sources(settings), *_emulator(settings)),
        "frame-src": (*_auth_frames(settings), *_emulator(settings)) or ("'none'",),
        "manifest-src": ("'self'",),
        "base-uri": ("'none'",),
        "form-action": ("'self'",),
        "frame-ancestors": ("'none'",),
        "object-src": ("'none'",),
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())


def _livekit_sources(settings: Settings) -> Iterator[str]:
    """The call server by web socket, and by HTTP, which its client asks why a connection failed."""
    address = urlsplit(settings.livekit.public_url or settings.livekit.url or "")
    if not address.netloc:
        return
    secure = address.scheme in ("wss", "https")
    yield f"{'wss' if secure else 'ws'}://{address.netloc}"
    yield f"{'https' if secure else 'http'}://{address.netloc}"
    if (address.hostname or "").endswith(".livekit.cloud"):  # LiveKit Cloud hands over to the nearest region
        yield "wss://*.livekit.cloud"
        yield "https://*.livekit.cloud"


def _logo_origin(settings: Settings) -> Iterator[str]:
    if (logo := settings.company.company_logo) and is_address(logo):
        yield logo_origin(logo)


def _emulator(settings: Settings) -> Iterator[str]:
    if settings.firebase.auth_emulator_host:
        yield f"http://{settings.firebase.auth_emulator_host}"


def _auth_frames(settings: Settings) -> Iterator[str]:
    if domain := auth_domain(settings):
        yield f"https://{domain}"


def auth_domain(settings: Settings) -> str:
    """Where Firebase's sign-in popup lives: the project's own domain unless another is set."""
    firebase = settings.firebase
    return firebase.auth_domain or (f"{firebase.project_id}.firebaseapp.com" if firebase.project_id else "")


def security_headers(settings: Settings) -> dict[str, str]:
    """Headers of every answer."""
    headers = {
        "Content-Security-Policy": content_security_policy(settings),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "strict-origin-when-cross-origin",  # Firebase's key restrictions read the origin
        "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin-allow-popups",  # Google's sign-in popup answers its opener
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if (settings.service.public_url or "").startswith("https://"):
        headers["Strict-Transport-Security"] = f"max-age={_ONE_YEAR_S}"
    return headers


class SecurityHeaders:
    """Middleware: adds the headers, and keeps personal answers out of every cache."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers)
