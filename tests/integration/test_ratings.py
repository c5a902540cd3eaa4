"""What a caller says of a call afterwards: kept once, shown with the call, theirs alone."""

from typing import Any

import pytest
from tests.support.api import Api
from tests.support.records import make_call

from insta_voice.db import Database


async def rate(api: Api, call_id: object, body: Any, user_id: str = "maya") -> Any:
    return await api.http.put(f"/api/me/calls/{call_id}/rating", json=body, headers=api.bearer(user_id))


async def test_a_rating_is_shown_with_the_call_and_replaced_by_the_next(api: Api, db: Database) -> None:
    call_id = await make_call(db)
    said = await rate(api, call_id, {"solved": True, "comment": "  Quick.\x1b[31m\n "})
    assert said.status_code == 200
    assert said.json().keys() == {"solved", "comment", "rated_at"}
    assert (said.json()["solved"], said.json()["comment"]) == (True, "Quick.[31m")
    listed = (await api.http.get("/api/me/calls", headers=api.bearer("maya"))).json()["calls"]
    whole = (await api.http.get(f"/api/me/calls/{call_id}", headers=api.bearer("maya"))).json()
    assert listed[0]["rating"] == whole["rating"] == said.json()

    again = await rate(api, call_id, {"solved": False})
    assert (again.json()["solved"], again.json()["comment"]) == (False, None)
    whole = (await api.http.get(f"/api/me/calls/{call_id}", headers=api.bearer("maya"))).json()
    assert whole["rating"] == again.json()


async def test_a_call_without_one_says_so(api: Api, db: Database) -> None:
    call_id = await make_call(db)
    assert (await api.http.get(f"/api/me/calls/{call_id}", headers=api.bearer("maya"))).json()["rating"] is None


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        [],
        {"solved": None},
        {"solved": "yes"},
        {"solved": 1},
        {"comment": "x"},
        {"solved": True, "comment": "x" * 501},
        {"solved": True, "comment": 7},
        {"solved": True, "comment": {"a": "b"}},
        {"solved": True, "user_id": "leo"},
    ],
)
async def test_what_is_no_rating_is_refused_and_changes_nothing(api: Api, db: Database, body: Any) -> None:
    call_id = await make_call(db)
    refused = await rate(api, call_id, body)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_input")
    assert (await api.http.get(f"/api/me/calls/{call_id}", headers=api.bearer("maya"))).json()["rating"] is None


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b'{"solved": true, "comment": "\\ud800"}', 422),  # half a character: no text that could be kept
        (b'{"solved": true, "comment": "\\u0000"}', 200),
        (b'{"solved": true, "comment": "' + "💥".encode() * 500 + b'"}', 200),
        (b'{"solved": tru', 422),
        (b"\xff\xfe", 422),
        (b'{"solved": true, "comment": "' + b"x" * 300_000 + b'"}', 413),
    ],
)
async def test_no_body_is_too_odd_for_an_answer(api: Api, db: Database, raw: bytes, status: int) -> None:
    call_id = await make_call(db)
    headers = {**api.bearer("maya"), "Content-Type": "application/json"}
    answer = await api.http.put(f"/api/me/calls/{call_id}/rating", content=raw, headers=headers)
    assert answer.status_code == status, answer.text


async def test_a_stranger_cannot_make_us_hold_a_long_body(api: Api) -> None:
    """Nobody's bytes are kept before it is known whose they are."""
    read = 0

    async def endless() -> Any:
        nonlocal read
        for _ in range(1000):
            read += 65_536
            yield b"x" * 65_536

    answer = await api.http.put("/api/me/calls/x/rating", content=endless())
    assert answer.status_code == 413
    assert read <= 512 * 1024


async def test_anothers_call_is_not_rated(api: Api, db: Database) -> None:
    call_id = await make_call(db, "maya")
    refused = await rate(api, call_id, {"solved": False, "comment": "spite"}, "leo")
    assert refused.status_code == 404
    assert (await api.http.get(f"/api/me/calls/{call_id}", headers=api.bearer("maya"))).json()["rating"] is None
