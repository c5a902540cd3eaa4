"""Which ID tokens pass. firebase-admin verifies against our certificate server exactly as it would with Google's."""

import asyncio
import hmac
import threading
import time

import pytest
from tests.support.firebase import (
    PROJECT_ID,
    CertificateServer,
    SigningKey,
    claims,
    encode_segment,
    sign,
    unsigned,
)
from tests.support.settings import complete_settings

from insta_voice.auth.id_token import Identity
from insta_voice.auth.identity import EMULATOR_VARIABLE, IdTokenVerifier
from insta_voice.errors import AuthenticationError, ConfigurationError, IdentityUnavailableError
from insta_voice.settings import FirebaseSettings


async def test_a_genuine_token_names_its_holder(verifier: IdTokenVerifier, signing_key: SigningKey) -> None:
    identity = await verifier.verify(sign(signing_key, claims(sub="maya")))
    assert identity == Identity("maya", "someone@example.com", "Some One", email_verified=True)


async def test_a_token_without_profile_claims_still_names_its_holder(
    verifier: IdTokenVerifier, signing_key: SigningKey
) -> None:
    token = sign(signing_key, claims(email=..., name=..., email_verified=...))
    assert await verifier.verify(token) == Identity("user-1", None, None, email_verified=False)


async def test_claims_for_people_are_cleaned_of_what_postgres_refuses(
    verifier: IdTokenVerifier, signing_key: SigningKey
) -> None:
    identity = await verifier.verify(sign(signing_key, claims(name="Ma\x00ya\n", email=17)))
    assert (identity.name, identity.email) == ("Maya", None)


async def test_small_clock_differences_pass(verifier: IdTokenVerifier, signing_key: SigningKey) -> None:
    now = int(time.time())
    assert await verifier.verify(sign(signing_key, claims(iat=now + 7, auth_time=now + 7)))
    assert await verifier.verify(sign(signing_key, claims(exp=now - 5)))


@pytest.mark.parametrize("set_by_s", [-3600 * 2, 3600 * 2])
async def test_a_clock_that_was_set_refuses_every_sign_in(
    verifier: IdTokenVerifier, signing_key: SigningKey, set_by_s: float
) -> None:
    """Ahead, tokens have expired; behind, they come from the future. Not one that is good by the right clock passes."""
    token = sign(signing_key, claims())
    assert await verifier.verify(token)
    wrong = IdTokenVerifier(complete_settings().firebase, clock=lambda: time.time() + set_by_s)
    try:
        with pytest.raises(AuthenticationError):
            await wrong.verify(token)
    finally:
        wrong.close()


async def test_certificates_are_fetched_once(
    verifier: IdTokenVerifier, signing_key: SigningKey, certificate_server: CertificateServer
) -> None:
    for number in range(5):
        await verifier.verify(sign(signing_key, claims(sub=f"user-{number}")))
    assert certificate_server.fetched == 1


async def test_unreachable_certificates_are_not_the_callers_fault(
    verifier: IdTokenVerifier, signing_key: SigningKey, certificate_server: CertificateServer
) -> None:
    certificate_server.available = False
    with pytest.raises(IdentityUnavailableError):
        await verifier.verify(sign(signing_key, claims()))


async def test_verification_leaves_the_event_loop_alone(
    verifier: IdTokenVerifier, signing_key: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The certificate fetch once ran on the loop: every call of the process stood still for it."""
    from firebase_admin import auth

    loop, entered, held, threads = asyncio.get_running_loop(), asyncio.Event(), threading.Event(), []

    def slow(*_: object, **__: object) -> dict[str, object]:
        threads.append(threading.current_thread().name)
        loop.call_soon_threadsafe(entered.set)
        held.wait(5)
        return claims()

    monkeypatch.setattr(auth, "verify_id_token", slow)
    pending = asyncio.create_task(verifier.verify(sign(signing_key, claims())))
    await entered.wait()
    assert not pending.done()  # and yet this line runs
    held.set()
    assert (await pending).user_id == "user-1"
    assert threads[0].startswith("id-token")


@pytest.mark.parametrize(
    "token",
    [
        "",
        "garbage",
        "a.b",
        "a.b.c.d",
        "..",
        "ä.ö.ü",
        "A" * 9000,
        "\x00.\x00.\x00",
        "e30.e30.!!",
        "W10.W10.",
        "e30.e30.",
    ],
    ids=["empty", "garbage", "two-parts", "four-parts", "dots", "umlauts", "huge", "nul", "alphabet", "lists", "bare"],
)
async def test_what_is_no_token_is_refused(verifier: IdTokenVerifier, token: str) -> None:
    with pytest.raises(AuthenticationError):
        await verifier.verify(token)


@pytest.mark.parametrize("token", [None, b"bytes", 7, ["a"]], ids=["none", "bytes", "number", "list"])
async def test_what_is_no_text_is_refused(verifier: IdTokenVerifier, token: object) -> None:
    with pytest.raises(AuthenticationError):
        await verifier.verify(token)  # type: ignore[arg-type]


async def test_the_emulator_variable_alone_opens_no_door(
    certificate_server: CertificateServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """firebase-admin trusts unsigned tokens while this variable is set, whatever our settings say."""
    monkeypatch.setenv(EMULATOR_VARIABLE, "127.0.0.1:9099")
    verifier = IdTokenVerifier(complete_settings().firebase)
    with pytest.raises(AuthenticationError):
        await verifier.verify(unsigned(claims()))
    monkeypatch.setenv(EMULATOR_VARIABLE, "127.0.0.1:9099")  # set again while running
    with pytest.raises(IdentityUnavailableError):
        await verifier.verify(unsigned(claims()))
    verifier.close()


async def test_expired_emulator_tokens_are_refused_by_us(monkeypatch: pytest.MonkeyPatch) -> None:
    """firebase-admin checks no time of an emulator's token."""
    monkeypatch.delenv(EMULATOR_VARIABLE, raising=False)
    settings = FirebaseSettings(project_id=PROJECT_ID, auth_emulator_host="127.0.0.1:9099", web_api_key="any")
    verifier = IdTokenVerifier(settings)
    assert (await verifier.verify(unsigned(claims()))).user_id == "user-1"
    for change in ({"exp": int(time.time()) - 60}, {"iat": int(time.time()) + 60}, {"auth_time": ...}):
        with pytest.raises(AuthenticationError):
            await verifier.verify(unsigned(claims(**change)))
    verifier.close()


async def test_no_project_is_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError):
        IdTokenVerifier(complete_settings(FIREBASE_PROJECT_ID=None).firebase)


async def test_a_token_signed_with_the_public_certificate_is_refused(
    verifier: IdTokenVerifier, signing_key: SigningKey
) -> None:
    """The classic confusion: HS256 with the public certificate as the secret."""
    signed = f"{encode_segment({'alg': 'HS256', 'kid': 'kid1'})}.{encode_segment(claims())}"
    digest = hmac.digest(signing_key.certificate.encode(), signed.encode(), "sha256")
    with pytest.raises(AuthenticationError):
        await verifier.verify(f"{signed}.{encode_segment(digest)}")
