"""Reports as livekit-server signs them."""

import base64
import hashlib
import time
from typing import Any

import jwt
from tests.support.settings import COMPLETE

KEY, SECRET = COMPLETE["LIVEKIT_API_KEY"], COMPLETE["LIVEKIT_API_SECRET"]


def signature(body: bytes, *, key: str = KEY, secret: str = SECRET, **changes: Any) -> str:
    """The Authorization header livekit-server sends: a JWT over the body's hash; `...` leaves a claim out."""
    claims: dict[str, Any] = {
        "iss": key,
        "nbf": int(time.time()) - 5,
        "exp": int(time.time()) + 300,
        "sha256": base64.b64encode(hashlib.sha256(body).digest()).decode(),
        **changes,
    }
    return jwt.encode({name: value for name, value in claims.items() if value is not ...}, secret, algorithm="HS256")
