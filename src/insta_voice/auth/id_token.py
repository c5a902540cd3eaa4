"""What an ID token holds: its form before anybody works on it, and its claims once its signature holds."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from insta_voice.errors import AuthenticationError

CLOCK_SKEW_S: Final = 10  # our clock and Google's may differ by this much; firebase-admin allows up to 60
MAX_TOKEN_CHARS: Final = 8192  # real ones have about 1,000, and up to 2,400 with all custom claims allowed
_SEGMENT: Final = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a genuine token belongs to, as Firebase says it."""

    user_id: str
    email: str | None
    name: str | None
    email_verified: bool


def refuse_malformed(token: object) -> None:
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


def identity_of(claims: Mapping[str, Any], *, now: float) -> Identity:
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
