"""Firebase ID tokens that are as real as Google's: our key pair, our certificate server, the real verification.

firebase-admin fetches the certificates from loopback instead of Google; nothing else is changed.
"""

import base64
import datetime
import json
import time
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from tests.support.loopback import LoopbackServer, Request
from tests.support.settings import complete_settings

from insta_voice.auth.identity import IdTokenVerifier

PROJECT_ID = "insta-voice-test"
KEY_ID = "kid1"


class SigningKey:
    """An RSA key and its self-signed certificate."""

    def __init__(self) -> None:
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "securetoken.test")])
        now = datetime.datetime.now(datetime.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.private.public_key())
            .serial_number(1)
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .sign(self.private, hashes.SHA256())
        )
        self.certificate = certificate.public_bytes(serialization.Encoding.PEM).decode()


class CertificateServer(LoopbackServer):
    """Serves `{"kid1": certificate}` on loopback as Google does, cacheable; counts what was fetched."""

    def __init__(self, certificates: dict[str, str]) -> None:
        self.fetched = 0
        self.available = True
        server = self

        class Certificates(Request):
            def do_GET(self) -> None:
                server.fetched += 1
                status = 200 if server.available else 503
                self.send(json.dumps(certificates).encode(), status, Cache_Control="public, max-age=3600")

        super().__init__(Certificates)
        self.url = f"http://{self.host}/certs"


def claims(**changes: Any) -> dict[str, Any]:
    """The claims of a genuine, current token; a change to `...` leaves that claim out."""
    now = int(time.time())
    genuine: dict[str, Any] = {
        "iss": f"https://securetoken.google.com/{PROJECT_ID}",
        "aud": PROJECT_ID,
        "sub": "user-1",
        "user_id": "user-1",
        "auth_time": now - 60,
        "iat": now - 30,
        "exp": now + 3600,
        "email": "someone@example.com",
        "email_verified": True,
        "name": "Some One",
        "firebase": {"sign_in_provider": "password", "identities": {}},
    }
    genuine.update(changes)
    return {name: value for name, value in genuine.items() if value is not ...}


def sign(key: SigningKey, payload: dict[str, Any], *, kid: str | None = KEY_ID) -> str:
    """An RS256 token."""
    return jwt.encode(payload, key.private, algorithm="RS256", headers={"kid": kid} if kid else None)


def encode_segment(value: Any) -> str:
    """One segment of a JWT, for tokens no library would make."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unsigned(payload: Any, *, header: Any = None) -> str:
    """A token as the Auth emulator makes them: alg none, no signature."""
    return f"{encode_segment(header or {'alg': 'none', 'typ': 'JWT'})}.{encode_segment(payload)}."


@pytest.fixture(scope="session")
def signing_key() -> SigningKey:
    """The project's key."""
    return SigningKey()


@pytest.fixture
def certificate_server(signing_key: SigningKey, monkeypatch: pytest.MonkeyPatch) -> Iterator[CertificateServer]:
    """Where firebase-admin fetches certificates for this test. Build verifiers after it."""
    from firebase_admin import _token_gen

    server = CertificateServer({KEY_ID: signing_key.certificate})
    monkeypatch.setattr(_token_gen, "ID_TOKEN_CERT_URI", server.url)
    monkeypatch.delenv("FIREBASE_AUTH_EMULATOR_HOST", raising=False)
    yield server
    server.close()


@pytest.fixture
def verifier(certificate_server: CertificateServer) -> Iterator[IdTokenVerifier]:
    """What decides which of our tokens pass."""
    built = IdTokenVerifier(complete_settings().firebase)
    yield built
    built.close()
