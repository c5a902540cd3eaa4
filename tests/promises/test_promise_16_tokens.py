"""Promise 16: only genuine, current ID tokens of the configured Firebase project pass.

Real verification: firebase-admin, RS256, certificates from a server. Each wrong token is one thing away from the
genuine one, and the genuine one passes in the same test, so a test server that refuses everything would fail.
"""

import base64
import json
import time
from typing import Any

import jwt
import pytest
from tests.support.firebase import (
    SigningKey,
    claims,
    encode_segment,
    sign,
    unsigned,
)

from insta_voice.auth.identity import IdTokenVerifier
from insta_voice.errors import AuthenticationError


async def refused(verifier: IdTokenVerifier, token: str) -> None:
    with pytest.raises(AuthenticationError) as caught:
        await verifier.verify(token)
    assert caught.value.status == 401
    assert caught.value.message.endswith("Sign in again.")


WRONG_CLAIMS: dict[str, dict[str, Any]] = {
    "audience of another project": {"aud": "another-project"},
    "several audiences": {"aud": ["insta-voice-test", "another-project"]},
    "no audience": {"aud": ...},
    "issuer of another project": {"iss": "https://securetoken.google.com/another-project"},
    "another issuer": {"iss": "https://accounts.google.com"},
    "no issuer": {"iss": ...},
    "expired": {"exp": lambda: int(time.time()) - 60},
    "no expiry": {"exp": ...},
    "expiry as text": {"exp": "never"},
    "expiry without end": {"exp": None},
    "issued in the future": {"iat": lambda: int(time.time()) + 60},
    "no time of issue": {"iat": ...},
    "signed in in the future": {"auth_time": lambda: int(time.time()) + 60},
    "no time of sign-in": {"auth_time": ...},
    "time of sign-in as text": {"auth_time": "yesterday"},
    "empty subject": {"sub": ""},
    "no subject": {"sub": ...},
    "subject too long": {"sub": "x" * 129},
    "subject not text": {"sub": 17},
    "subject with a line break": {"sub": "user\n1"},
}


@pytest.mark.parametrize("change", WRONG_CLAIMS.values(), ids=WRONG_CLAIMS.keys())
async def test_a_wrong_claim_is_refused(
    verifier: IdTokenVerifier, signing_key: SigningKey, change: dict[str, Any]
) -> None:
    wrong = {name: value() if callable(value) else value for name, value in change.items()}
    assert await verifier.verify(sign(signing_key, claims()))
    try:
        token = sign(signing_key, claims(**wrong))
    except (TypeError, jwt.PyJWTError):  # PyJWT will not sign some of these: sign the bytes
        header, payload = encode_segment({"alg": "RS256", "kid": "kid1"}), encode_segment(claims(**wrong))
        signature = jwt.get_algorithm_by_name("RS256").sign(f"{header}.{payload}".encode(), signing_key.private)
        token = f"{header}.{payload}.{encode_segment(signature)}"
    await refused(verifier, token)


@pytest.mark.parametrize("kid", ["kid2", None, ""], ids=["unknown kid", "no kid", "empty kid"])
async def test_a_wrong_key_id_is_refused(verifier: IdTokenVerifier, signing_key: SigningKey, kid: str | None) -> None:
    await refused(verifier, sign(signing_key, claims(), kid=kid))


async def test_another_key_is_refused(verifier: IdTokenVerifier) -> None:
    await refused(verifier, sign(SigningKey(), claims()))


async def test_other_algorithms_are_refused(verifier: IdTokenVerifier, signing_key: SigningKey) -> None:
    headers = {"kid": "kid1"}
    await refused(verifier, jwt.encode(claims(), "guess" * 10, algorithm="HS256", headers=headers))
    await refused(verifier, jwt.encode(claims(), signing_key.private, algorithm="RS512", headers=headers))
    await refused(verifier, jwt.encode(claims(), signing_key.private, algorithm="PS256", headers=headers))
    for alg in ("none", "None", "NONE", "", None, 5, ["RS256"]):
        await refused(verifier, unsigned(claims(), header={"alg": alg, "kid": "kid1", "typ": "JWT"}))


async def test_an_emulators_unsigned_token_is_refused(verifier: IdTokenVerifier) -> None:
    await refused(verifier, unsigned(claims()))


@pytest.mark.parametrize("claim", sorted(claims()))
async def test_a_mutated_claim_is_refused(verifier: IdTokenVerifier, signing_key: SigningKey, claim: str) -> None:
    header, payload, signature = sign(signing_key, claims()).split(".")
    held = json.loads(base64.urlsafe_b64decode(payload + "=="))
    held[claim] = held[claim] + 1 if isinstance(held[claim], int) else "mutated"
    await refused(verifier, f"{header}.{encode_segment(held)}.{signature}")


async def test_a_mutated_signature_is_refused(verifier: IdTokenVerifier, signing_key: SigningKey) -> None:
    """Also where a lenient decoder reads the same bytes: two texts must not be one token."""
    token = sign(signing_key, claims())
    assert await verifier.verify(token)
    body, signature = token.rsplit(".", 1)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for position in (0, len(signature) // 2, len(signature) - 1):
        other = alphabet[(alphabet.index(signature[position]) + 1) % 64]
        await refused(verifier, f"{body}.{signature[:position]}{other}{signature[position + 1 :]}")
    for changed in (signature[:-1], signature + "A", signature + "=", signature + "\n", ""):
        await refused(verifier, f"{body}.{changed}")


async def test_a_custom_token_is_refused(verifier: IdTokenVerifier, signing_key: SigningKey) -> None:
    audience = "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit"
    await refused(verifier, sign(signing_key, claims(aud=audience, uid="user-1")))


async def test_another_projects_genuine_token_is_refused(verifier: IdTokenVerifier, signing_key: SigningKey) -> None:
    """Google signs every project's tokens with the same keys: only audience and issuer tell them apart."""
    await refused(
        verifier,
        sign(signing_key, claims(aud="evil", iss="https://securetoken.google.com/evil")),
    )
