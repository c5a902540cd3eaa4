"""Promise 39, the API's side: errors say what to do and nothing else; no 5xx for any generated input."""

import random
import string
from pathlib import Path

import pytest
from tests.support.api import Api, StartApi
from tests.support.firebase import SigningKey, claims, sign
from tests.support.problems import is_problem

SEED = 20261122
ODD = ["", "\x00", "\x7f", "ä", "💥", "%00", "%ff", "../", "..%2f", "//", "\\", "{}", "null", "-1", "1e999", "A" * 5000]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"]


def odd_text(chance: random.Random) -> str:
    alphabet = string.printable + "\x00\x1bäöü💥\u202e"
    return "".join(chance.choice(alphabet) for _ in range(chance.randint(0, 40))) + chance.choice(ODD)


def odd_path(chance: random.Random, paths: list[str]) -> str:
    """A route that exists, some of them with an odd end."""
    path = chance.choice(paths)
    if "{" not in path and chance.random() < 0.7:
        return path
    return path.split("{")[0].rstrip("/") + "/" + "".join(f"%{byte:02x}" for byte in odd_text(chance).encode())


def odd_headers(chance: random.Random) -> dict[str, bytes]:
    """Two headers with what a server lets through: no line breaks, no NUL."""
    names = chance.sample(["Authorization", "X-Forwarded-For", "Origin", "Range", "Accept"], 2)
    return {
        name: bytes(b for b in odd_text(chance).encode("latin-1", "ignore") if b not in b"\r\n\0") for name in names
    }


async def test_no_input_is_answered_with_5xx(start_api: StartApi, tmp_path: Path) -> None:
    """Odd requests from a fixed seed against every route there is, signed in and not. Only /readyz may say 503."""
    (tmp_path / "index.html").write_text("<!doctype html>")
    api = await start_api(page=tmp_path)
    chance = random.Random(SEED)
    paths = [*api.app.openapi()["paths"], "/", "/assets/x.js", "/api/nowhere", "/help/x", "/api/openapi.json"]
    seen = set()
    for _ in range(400):
        headers = odd_headers(chance)
        if chance.random() < 0.5:
            headers["Authorization"] = api.bearer("maya")["Authorization"].encode()
        path, method = odd_path(chance, paths), chance.choice(METHODS)
        answer = await api.http.request(method, path, headers=headers, content=odd_text(chance).encode())
        seen.add(answer.status_code)
        assert answer.status_code < 500 or path == "/readyz", (method, path, headers, answer.text)
        if answer.status_code >= 400 and method != "HEAD" and path != "/readyz":
            assert is_problem(answer), (method, path, answer.text)
    assert {200, 401, 404, 405} <= seen


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "bearer x y", "Token x", "Bearer \x7f"])
async def test_a_sign_in_that_cannot_be_read_is_a_401(api: Api, header: str) -> None:
    answer = await api.http.post("/api/token", headers={"Authorization": header})
    assert answer.status_code == 401
    assert is_problem(answer)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_every_refusal_of_a_token_is_one_sentence(api: Api, signing_key: SigningKey) -> None:
    expired = sign(signing_key, claims(exp=1))
    answer = await api.http.post("/api/token", headers={"Authorization": f"Bearer {expired}"})
    assert answer.json() == {
        "type": "urn:insta-voice:unauthenticated",
        "title": "Unauthorized",
        "status": 401,
        "detail": "Your sign-in has expired. Sign in again.",
        "code": "unauthenticated",
    }


async def test_a_person_firebase_allows_and_we_have_never_seen_is_made_whatever_they_are_called(api: Api) -> None:
    odd = api.bearer("ü" * 128, name="\x00\u202e💥" * 50, email="x" * 1000)
    answer = await api.http.get("/api/me", headers=odd)
    assert answer.status_code == 200
    assert "\x00" not in answer.json()["name"]


async def test_an_unforeseen_error_says_nothing_of_how_we_are_built(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    from insta_voice.api import config

    def broken(_: object) -> None:
        raise RuntimeError("secret internals of /srv/app")

    monkeypatch.setattr(config, "page_config", broken)
    answer = await api.http.get("/api/config")
    assert answer.status_code == 500
    assert is_problem(answer)
    assert "secret" not in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_database_that_is_away_is_a_503_with_a_time(start_api: StartApi, tmp_path: Path) -> None:
    api = await start_api(DATABASE_URL="postgresql://nobody:hunter2@127.0.0.1:9/none", DATABASE_CONNECT_TIMEOUT_S="0.2")
    for method, path in (("POST", "/api/token"), ("GET", "/api/me"), ("GET", "/api/me/calls")):
        answer = await api.http.request(method, path, headers=api.bearer())
        assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
        assert is_problem(answer)
        assert int(answer.headers["Retry-After"]) >= 1
        assert "hunter2" not in answer.text
    assert (await api.http.get("/healthz")).json() == {"status": "alive"}
    assert (await api.http.get("/readyz")).json() == {
        "status": "unavailable",
        "reason": "The database does not answer.",
    }
