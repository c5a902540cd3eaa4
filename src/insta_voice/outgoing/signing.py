"""The signature on what goes out, the same for every receiver: HMAC-SHA256 over timestamp, full stop and body."""

import hashlib
import hmac


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The value of X-Insta-Signature. `timestamp` is that of X-Insta-Timestamp: seconds since 1970 as text."""
    signed = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={signed.hexdigest()}"
