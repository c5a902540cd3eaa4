"""Promises 8 and 20: webhooks are verified before they are parsed, and may come forged, twice, late or out of order."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import jwt
import pytest
from tests.support.api import Api, StartApi
from tests.support.media_server import media_server
from tests.support.webhooks import KEY, signature

from insta_voice.calls import get_any_call, list_all_calls
from insta_voice.errors import NotFoundError
from insta_voice.settings import LiveKitSettings


def report(kind: str, call: dict[str, str], user_id: str, *, agent: bool = False, **participant: Any) -> bytes:
    """A webhook's body as livekit-server writes it."""
    event: dict[str, Any] = {
        "event": kind,
        "id": f"EV_{uuid4().hex}",
        "createdAt": str(int(time.time())),
        "room": {
            "name": call["room_name"],
            "metadata": json.dumps({"call_id": call["call_id"], "user_id": user_id}),
            "aFieldOfTomorrow": 1,
        },
    }
    if kind.startswith("participant"):
        event["participant"] = {"identity": user_id, "kind": "AGENT" if agent else "STANDARD", **participant}
    return json.dumps(event).encode()


async def send(api: Api, body: bytes, authorization: str | None = None) -> httpx.Response:
    headers = {"Authorization": authorization if authorization is not None else signature(body)}
    return await api.http.post("/api/livekit/webhook", content=body, headers=headers)


@pytest.fixture
async def livekit() -> AsyncIterator[LiveKitSettings]:
    """A call server whose rooms are empty."""
    async with media_server() as settings:
        yield settings


async def state(api: Api, call_id: str) -> str:
    """open, or the reason it ended for, or absent."""
    try:
        call = await get_any_call(api.services.db, UUID(call_id))
    except NotFoundError:
        return "absent"
    return call.end_reason or "open"


async def test_a_joined_caller_opens_the_call_and_a_finished_room_closes_it(api: Api) -> None:
    call = (await api.ask_token("maya")).json()
    assert await state(api, call["call_id"]) == "absent"
    assert (await send(api, report("participant_joined", call, "maya"))).status_code == 204
    assert await state(api, call["call_id"]) == "open"
    assert (await send(api, report("room_finished", call, "maya"))).status_code == 204
    assert await state(api, call["call_id"]) == "closed"


async def test_any_order_and_number_of_reports_ends_the_same(api: Api) -> None:
    """Every order of a call's reports, each of them twice somewhere."""
    kinds = ("room_started", "participant_joined", "room_finished")
    for number, order in enumerate(itertools.permutations(kinds)):
        user = f"user-{number}"
        call = (await api.ask_token(user)).json()
        for kind in (*order, *order):
            assert (await send(api, report(kind, call, user))).status_code == 204
        assert await state(api, call["call_id"]) == "closed", order
    assert len(await list_all_calls(api.services.db)) == 6


async def test_reports_at_the_same_time_end_the_same(api: Api) -> None:
    call = (await api.ask_token("maya")).json()
    kinds = ("participant_joined", "room_finished") * 8
    answers = await asyncio.gather(*(send(api, report(kind, call, "maya")) for kind in kinds))
    assert {answer.status_code for answer in answers} == {204}
    assert await state(api, call["call_id"]) == "closed"
    assert len(await list_all_calls(api.services.db)) == 1


async def test_the_agent_coming_and_going_is_not_the_caller(api: Api) -> None:
    call = (await api.ask_token("maya")).json()
    await send(api, report("participant_joined", call, "maya", agent=True))
    assert await state(api, call["call_id"]) == "absent"
    await send(api, report("participant_joined", call, "maya"))
    await send(api, report("participant_left", call, "maya", agent=True, disconnectReason="CLIENT_INITIATED"))
    assert await state(api, call["call_id"]) == "open"


async def test_whoever_hangs_up_before_an_agent_came_can_call_again_at_once(
    start_api: StartApi, livekit: LiveKitSettings
) -> None:
    api = await start_api(LIVEKIT_URL=livekit.url)
    call = (await api.ask_token("maya")).json()
    await send(api, report("participant_joined", call, "maya"))
    busy = await api.ask_token("maya")
    assert (busy.status_code, int(busy.headers["Retry-After"]) > 0) == (429, True)

    await send(api, report("participant_left", call, "maya", disconnectReason="DUPLICATE_IDENTITY"))
    await send(api, report("participant_left", call, "maya", disconnectReason="SIGNAL_CLOSE"))
    assert await state(api, call["call_id"]) == "open"  # they may come back, or be there already
    await send(api, report("participant_left", call, "maya", disconnectReason="CLIENT_INITIATED"))
    assert await state(api, call["call_id"]) == "caller_left"
    again = (await api.ask_token("maya")).json()
    assert again["call_id"] != call["call_id"]


async def test_a_call_server_that_is_away_is_asked_again_later(api: Api) -> None:
    """livekit-server repeats a report that was answered with 5xx."""
    call = (await api.ask_token("maya")).json()
    left = await send(api, report("participant_left", call, "maya", disconnectReason="CLIENT_INITIATED"))
    assert (left.status_code, left.json()["code"]) == (503, "media_unavailable")


@pytest.mark.parametrize(
    "forge",
    [
        lambda body: "",
        lambda body: "garbage",
        lambda body: "Bearer ",
        lambda body: signature(body, secret="another-secret-of-thirty-two-chars"),
        lambda body: signature(body, key="another-key"),
        lambda body: signature(body + b" "),
        lambda body: signature(body, sha256=...),
        lambda body: signature(body, sha256=""),
        lambda body: signature(body, sha256="not base64!"),
        lambda body: signature(body, sha256=17),
        lambda body: signature(body, exp=int(time.time()) - 600),
        lambda body: signature(body, exp=...),
        lambda body: signature(body, nbf=int(time.time()) + 600),
        lambda body: signature(body).rsplit(".", 1)[0] + ".",
        lambda body: jwt.encode({"iss": KEY, "exp": int(time.time()) + 300}, None, algorithm="none"),
    ],
)
async def test_a_forged_report_changes_nothing(api: Api, forge: Any) -> None:
    call = (await api.ask_token("maya")).json()
    body = report("participant_joined", call, "maya")
    refused = await send(api, body, forge(body))
    assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated")
    assert await state(api, call["call_id"]) == "absent"


async def test_a_callers_own_join_token_signs_no_report(api: Api) -> None:
    """It is signed with the same secret, and every caller holds one."""
    call = (await api.ask_token("maya")).json()
    body = report("participant_joined", call, "maya")
    assert (await send(api, body, call["participant_token"])).status_code == 401


async def test_nothing_is_parsed_before_the_signature_holds(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    from insta_voice.auth.livekit import webhooks

    def parsed(*_: object, **__: object) -> None:
        raise AssertionError("parsed")

    monkeypatch.setattr(webhooks, "Parse", parsed)
    assert (await send(api, b"\xff{not json", "garbage")).status_code == 401
    assert (await send(api, b"{}", signature(b"{ }"))).status_code == 401


async def test_signed_nonsense_is_said_and_harmless(api: Api) -> None:
    for body in (b"", b"\xff\xfe", b"[]", b"not json", b'{"event": 5, "room": "x"}', b'{"room": {"metadata": "[]"}}'):
        assert (await send(api, body)).status_code in (204, 422)


async def test_rooms_and_callers_that_are_not_ours_change_nothing(api: Api) -> None:
    call = (await api.ask_token("maya")).json()
    strange = [
        report("participant_joined", {**call, "call_id": str(uuid4())}, "maya"),
        report("room_finished", {**call, "call_id": str(uuid4())}, "maya"),
        report("participant_joined", call, "leo"),
        report("room_finished", {**call, "call_id": "x"}, "maya"),
        b'{"event": "room_finished", "room": {"name": "someone-elses"}}',
        b'{"event": "track_published"}',
        b"{}",
    ]
    for body in strange:
        assert (await send(api, body)).status_code == 204
    assert await list_all_calls(api.services.db) == []


async def test_an_endless_report_is_cut_off(api: Api) -> None:
    body = b"x" * (300 * 1024)
    refused = await send(api, body)
    assert (refused.status_code, refused.headers["content-type"]) == (413, "application/problem+json")
