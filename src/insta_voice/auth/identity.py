"""Firebase ID tokens: which person holds this one, checked by firebase-admin and a little more strictly."""

import asyncio
import base64
import binascii
import logging
import os
import re
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import firebase_admin
import google.auth.credentials
import google.auth.exceptions
from firebase_admin import auth, credentials, exceptions

from insta_voice.errors import (
    AccountDisabledError,
    AuthenticationError,
    ConfigurationError,
    IdentityUnavailableError,
    InstaVoiceError,
)
from insta_voice.settings import FirebaseSettings

log = logging.getLogger(__name__)

CLOCK_SKEW_S: Final = 10  # our clock and Google's may differ by this much; firebase-admin allows up to 60
MAX_TOKEN_CHARS: Final = 8192  # real ones have about 1,000, and up to 2,400 with all custom claims allowed
THREADS: Final = 2  # a verification takes about 0.3 ms; only the hourly fetch of certificates waits
FETCH_TIMEOUT_S: Final = 4.0  # one request to Google, so that an answer is given within VERIFY_TIMEOUT_S
VERIFY_TIMEOUT_S: Final = 8.0
EMULATOR_VARIABLE: Final = "FIREBASE_AUTH_EMULATOR_HOST"  # read by firebase-admin itself, at each verification
_SEGMENT: Final = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a genuine token belongs to, as Firebase says it."""

    user_id: str
    email: str | None
    name: str | None
    email_verified: bool


class _NoCredentials(credentials.Base):
    """Verification needs Google's public certificates only; nothing of this machine's is sent or looked for."""

    def get_credential(self) -> google.auth.credentials.Credentials:
        return google.auth.credentials.AnonymousCredentials()  # type: ignore[no-untyped-call]


def _credentials(settings: FirebaseSettings) -> credentials.Base:
    """Only the question whether a token was revoked is asked in this installation's name."""
    if settings.check_revoked:
        return credentials.ApplicationDefault()  # type: ignore[no-untyped-call]
    return _NoCredentials()


class IdTokenVerifier:
    """Verifies ID tokens of one Firebase project in threads of its own; certificates stay cached in it.

    While the settings name no emulator, firebase-admin is kept from trusting one by the environment variable it
    reads, because an emulator's tokens are unsigned.
    """

    def __init__(self, settings: FirebaseSettings, *, clock: Callable[[], float] = time.time) -> None:
        if not settings.project_id:
            raise ConfigurationError("FIREBASE_PROJECT_ID is not set, so no sign-in can be checked. Set it.")
        self._emulator = settings.auth_emulator_host or ""
        self._check_revoked = settings.check_revoked
        self._clock = clock
        self._trust_only_the_configured_emulator()
        self._app = firebase_admin.initialize_app(  # type: ignore[no-untyped-call]
            _credentials(settings),
            {"projectId": settings.project_id, "httpTimeout": FETCH_TIMEOUT_S},
            name=f"insta-voice-{uuid4().hex}",
        )
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="id-token")

    def _trust_only_the_configured_emulator(self) -> None:
        if self._emulator:
            os.environ[EMULATOR_VARIABLE] = self._emulator
        else:
            os.environ.pop(EMULATOR_VARIABLE, None)

    def close(self) -> None:
        """Let go of the threads and of firebase-admin's app."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        firebase_admin.delete_app(self._app)  # type: ignore[no-untyped-call]

    async def verify(self, token: str) -> Identity:
        """The holder of `token`.

        Raises AuthenticationError when it is not a genuine, current token of the project, AccountDisabledError
        when Firebase says so (with FIREBASE_CHECK_REVOKED), IdentityUnavailableError when it cannot be checked.
        """
        _refuse_malformed(token)
        checked = asyncio.get_running_loop().run_in_executor(self._threads, self._verify, token)
        try:
            claims = await asyncio.wait_for(checked, VERIFY_TIMEOUT_S)
        except TimeoutError as error:
            raise IdentityUnavailableError(detail="verification timed out", retry_after_s=5) from error
        return _identity(claims, now=self._clock())

    def _verify(self, token: str) -> Mapping[str, Any]:
        if os.environ.get(EMULATOR_VARIABLE, "") != self._emulator:
            raise IdentityUnavailableError(detail=f"{EMULATOR_VARIABLE} changed while running")
        try:
            claims: Mapping[str, Any] = auth.verify_id_token(  # type: ignore[no-untyped-call]
                token, self._app, check_revoked=self._check_revoked, clock_skew_seconds=CLOCK_SKEW_S
            )
        except Exception as error:
            raise _translated(error) from error
        return claims


def _translated(error: Exception) -> InstaVoiceError:
    """Our error for firebase-admin's; its messages quote the token's claims, so only the kind is kept."""
    kind = type(error).__name__
    if isinstance(error, auth.UserDisabledError):
        return AccountDisabledError(detail=kind)
    if isinstance(error, auth.ExpiredIdTokenError | auth.RevokedIdTokenError):
        return AuthenticationError("Your sign-in has expired. Sign in again.", detail=kind)
    if isinstance(error, auth.InvalidIdTokenError | auth.UserNotFoundError):
        return AuthenticationError(detail=kind)
    if isinstance(error, exceptions.FirebaseError | google.auth.exceptions.GoogleAuthError | OSError):
        return IdentityUnavailableError(detail=kind, retry_after_s=5)
    # firebase-admin reads the claims before it checks the signature: what breaks it there is a bad token.
    return AuthenticationError(detail=kind)


def _refuse_malformed(token: object) -> None:
    """Refuse what is no compact JWT before any thread works on it; decoders further on are lenient."""
    if not isinstance(token, str) or not token or len(token) > MAX_TOKEN_CHARS:
        raise AuthenticationError(detail="not a token")
    segments = token.split(".")
    if len(segments) != 3 or not all(_is_canonical(segment) for segment in segments[:2]):
        raise AuthenticationError(detail="not a JWT")
    if segments[2] and not _is_canonical(segments[2]):  # the emulator's tokens have no signature
        raise AuthenticationError(detail="not a JWT")


def _is_canonical(segment: str) -> bool:
    if not _SEGMENT.fullmatch(segment):
        return False
    try:
        decoded = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except (binascii.Error, ValueError):
        return False
    return base64.urlsafe_b64encode(decoded).rstrip(b"=").decode() == segment


def _identity(claims: Mapping[str, Any], *, now: float) -> Identity:
    """Check what firebase-admin leaves open (auth_time always; every time for emulator tokens) and pick the rest."""
    times = [claims.get(name) for name in ("iat", "auth_time", "exp")]
    if not all(isinstance(at, int | float) and not isinstance(at, bool) for at in times):
        raise AuthenticationError(detail="a time is missing")
    issued, signed_in, expires = (float(at) for at in times if at is not None)
    if issued > now + CLOCK_SKEW_S or signed_in > now + CLOCK_SKEW_S:
        raise AuthenticationError(detail="from the future")
    if expires <= now - CLOCK_SKEW_S:
        raise AuthenticationError("Your sign-in has expired. Sign in again.", detail="expired")
    user_id = claims.get("sub")
    if not isinstance(user_id, str) or not 1 <= len(user_id) <= 128 or not user_id.isprintable():
        raise AuthenticationError(detail="no subject")
    return Identity(
        user_id=user_id,
        email=_text(claims.get("email")),
        name=_text(claims.get("name")),
        email_verified=claims.get("email_verified") is True,
    )


def _text(value: object) -> str | None:
    """A claim for people to read: text without control characters (Postgres refuses NUL), bounded, or nothing."""
    if not isinstance(value, str):
        return None
    cleaned = "".join(character for character in value if character.isprintable()).strip()
    return cleaned[:320] or None  # 320: the longest address e-mail allows (RFC 3696, erratum 1690)
