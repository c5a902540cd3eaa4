"""What doctor says of a Firebase project, asked of a server that answers as Google's do."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from tests.support.doctor import outside, said, surroundings
from tests.support.firebase import SigningKey
from tests.support.vendors import WEB_KEY, Firebase, Vendor, google_error, serving

from insta_voice.doctor.firebase import check_sign_in
from insta_voice.doctor.tokens import check_certificates, check_credentials
from insta_voice.stack.up_file import Addresses

PROJECT = {"FIREBASE_PROJECT_ID": "insta-voice-test", "FIREBASE_WEB_API_KEY": WEB_KEY}


@pytest.fixture
def firebase() -> Iterator[Firebase]:
    fake = Firebase("insta-voice-test", "acme.example")
    with serving(fake):
        yield fake


async def examined(firebase: Firebase, **changes: str) -> str:
    return said(await check_sign_in(surroundings({**PROJECT, **changes}, world=outside(firebase=firebase.url))))


async def test_a_project_that_is_right(firebase: Firebase) -> None:
    assert await examined(firebase, INSTA_PUBLIC_URL="https://help.acme.example") == (
        "ok: Firebase answers, and knows the page's key. | "
    )


WRONG = {
    "a number": ({"FIREBASE_PROJECT_ID": "123456789012"}, "problem: FIREBASE_PROJECT_ID is the project's number"),
    "no id": ({"FIREBASE_PROJECT_ID": "Acme Help"}, "problem: FIREBASE_PROJECT_ID cannot be 'Acme Help'"),
    "another key": (
        {"FIREBASE_WEB_API_KEY": "AIza" + "x" * 35},
        "problem: Firebase does not know FIREBASE_WEB_API_KEY",
    ),
    "no key": ({"FIREBASE_WEB_API_KEY": "hello"}, "warning: FIREBASE_WEB_API_KEY does not look like one"),
    "another project": ({"FIREBASE_PROJECT_ID": "acme-prod"}, "seems to belong to another project"),
    "an unknown domain": ({"INSTA_PUBLIC_URL": "https://help.acme.test"}, "problem: help.acme.test is not among"),
}


@pytest.mark.parametrize(("change", "sentence"), WRONG.values(), ids=WRONG.keys())
async def test_each_wrong_setting_has_its_sentence(firebase: Firebase, change: dict[str, str], sentence: str) -> None:
    assert sentence in await examined(firebase, **change)


REFUSED = {
    "a limited key": (
        google_error(403, "Requests from referer are blocked.", "API_KEY_HTTP_REFERRER_BLOCKED"),
        "warning: FIREBASE_WEB_API_KEY is limited to certain web sites",
    ),
    "no Authentication": (google_error(400, "CONFIGURATION_NOT_FOUND"), "problem: Authentication is not switched on"),
    "the API switched off": (
        google_error(403, "…has not been used", "SERVICE_DISABLED"),
        "Authentication is not switched on",
    ),
    "anything else": (google_error(418, "?"), "problem: Firebase refuses the page's key (HTTP 418)"),
}


@pytest.mark.parametrize(("reply", "sentence"), REFUSED.values(), ids=REFUSED.keys())
async def test_each_refusal_has_its_sentence(firebase: Firebase, reply: tuple[int, object], sentence: str) -> None:
    firebase.replies["/v1/projects"] = reply
    assert sentence in await examined(firebase)


async def test_ways_to_sign_in_that_are_closed(firebase: Firebase) -> None:
    firebase.replies["/v1/accounts:signInWithPassword"] = google_error(400, "PASSWORD_LOGIN_DISABLED")
    assert "warning: E-mail with password is not switched on" in await examined(firebase)
    firebase.replies["/v1/accounts:createAuthUri"] = google_error(
        400, "OPERATION_NOT_ALLOWED : The identity provider …"
    )
    assert "problem: Neither Google nor e-mail with password is switched on" in await examined(firebase)


async def test_a_firebase_that_is_not_reached() -> None:
    found = await check_sign_in(surroundings(PROJECT, world=outside()))
    assert "problem: Firebase is not reached: nothing listens there" in said(found)


async def test_nobody_is_made_by_looking(firebase: Firebase) -> None:
    await examined(firebase)
    assert "/v1/accounts:signUp" not in firebase.asked


async def test_an_emulator_that_is_gone() -> None:
    found = await check_sign_in(surroundings({"FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9"}))
    assert "problem: The sign-in emulator does not answer." in said(found)


@pytest.mark.parametrize(
    ("variables", "words"), [({}, "it has 4 demo users and keeps who signs up"), ({"DEMO_CONTENT": "false"}, "sign up")]
)
async def test_an_emulator_that_answers(variables: dict[str, str], words: str) -> None:
    emulator = Vendor({"/": (200, {})})
    up = Addresses("http://127.0.0.1:1", "ws://x", "postgresql://x", emulator.url, None, ())
    with serving(emulator):
        assert words in said(await check_sign_in(surroundings(variables, up=up)))


async def test_the_clock_is_compared_with_googles(firebase: Firebase) -> None:
    around = surroundings(PROJECT, world=outside(firebase=firebase.url))
    assert "the clocks agree" in said(await check_certificates(around))
    for ahead_s in (-100.0, 100.0):
        firebase.ahead_s = ahead_s
        assert re.search(
            r"problem: This machine's clock is (99|100|101) s away", said(await check_certificates(around))
        )


async def test_certificates_that_cannot_be_fetched(firebase: Firebase) -> None:
    assert "problem: Google's certificates cannot be fetched" in said(await check_certificates(surroundings(PROJECT)))
    firebase.replies["/certs"] = (503, {})
    around = surroundings(PROJECT, world=outside(firebase=firebase.url))
    assert "(HTTP 503)" in said(await check_certificates(around))


def key_file(folder: Path, token_uri: str, project: str = "insta-voice-test") -> Path:
    pem = SigningKey().private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "key.json"
    held = {
        "type": "service_account",
        "project_id": project,
        "private_key": pem.decode(),
        "client_email": "voice@insta-voice-test.iam.gserviceaccount.com",
        "token_uri": token_uri,
    }
    file.write_text(json.dumps(held))
    return file


async def credentials(file: Path | str) -> str:
    variables = {**PROJECT, "FIREBASE_CHECK_REVOKED": "true", "GOOGLE_APPLICATION_CREDENTIALS": str(file)}
    return said(await check_credentials(surroundings(variables)))


async def test_credentials_that_google_takes_and_that_it_does_not(firebase: Firebase, tmp_path: Path) -> None:
    firebase.replies["/token"] = (200, {"access_token": "x", "expires_in": 3600, "token_type": "Bearer"})
    file = key_file(tmp_path, f"{firebase.url}/token")
    firebase.reply = lambda path, request: firebase.replies[path]  # type: ignore[method-assign]  (no web key here)
    assert "ok: Google takes the credentials" in await credentials(file)
    firebase.replies["/token"] = (400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."})
    assert "problem: Google does not take these credentials" in await credentials(file)


async def test_credentials_that_are_none(tmp_path: Path) -> None:
    assert "cannot be read (No such file or directory)" in await credentials(tmp_path / "nothing.json")
    (tmp_path / "broken.json").write_text("[]")
    assert "holds no credentials" in await credentials(tmp_path / "broken.json")
    assert "belongs to another project" in await credentials(key_file(tmp_path, "http://127.0.0.1:9/token", "other"))


async def test_credentials_are_looked_for_only_where_they_are_needed() -> None:
    assert await check_credentials(surroundings(PROJECT)) == []
