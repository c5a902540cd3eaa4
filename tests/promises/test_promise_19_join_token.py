"""Promise 19: a join token does one thing. Every claim of it is compared, so that a new one must be looked at."""

import asyncio
import json
import re
import time
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from tests.support.api import Api
from tests.support.settings import COMPLETE, complete_settings

from insta_voice.auth.livekit import mint_join_token


def decoded(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(
        token, COMPLETE["LIVEKIT_API_SECRET"], algorithms=["HS256"], issuer=COMPLETE["LIVEKIT_API_KEY"]
    )
    return claims


async def test_the_token_says_exactly_this(api: Api) -> None:
    answer = await api.ask_token("maya")
    assert answer.status_code == 201
    body = answer.json()
    assert list(body) == ["server_url", "participant_token", "room_name", "call_id"]
    assert body["server_url"] == COMPLETE["LIVEKIT_URL"]

    claims = decoded(body["participant_token"])
    issued, expires = claims.pop("nbf"), claims.pop("exp")
    assert abs(issued - time.time()) < 5
    assert 0 < expires - issued <= 600
    job = json.dumps({"call_id": body["call_id"], "user_id": "maya", "language": "en"})
    assert claims == {
        "iss": COMPLETE["LIVEKIT_API_KEY"],
        "sub": "maya",
        "name": "Some One",
        "attributes": {"call_id": body["call_id"]},
        "video": {
            "roomJoin": True,
            "room": body["room_name"],
            "canPublish": True,
            "canPublishSources": ["microphone"],
            "canPublishData": True,
            "canSubscribe": True,
            "canUpdateOwnMetadata": False,
        },
        "roomConfig": {
            "name": body["room_name"],
            "metadata": job,
            "emptyTimeout": 60,
            "departureTimeout": 15,
            "maxParticipants": 6,
            "agents": [{"agentName": "insta-voice", "metadata": job}],
        },
    }


async def test_the_browser_chooses_nothing(api: Api) -> None:
    """Starter token routes let the page name the room, the identity, the metadata or the agent."""
    wishes = {
        "room_name": "call-of-someone-else",
        "participant_identity": "admin",
        "participant_name": "Admin",
        "participant_metadata": "{}",
        "participant_attributes": {"role": "admin"},
        "room_config": {"agents": [{"agent_name": "mine", "metadata": "mine"}]},
        "ttl": 86400,
    }
    answer = await api.http.post("/api/token", params={"room": "mine"}, json=wishes, headers=api.bearer("maya"))
    claims = decoded(answer.json()["participant_token"])
    assert claims["sub"] == "maya"
    assert claims["video"]["room"] == claims["roomConfig"]["name"] == answer.json()["room_name"]
    assert claims["video"]["room"] not in ("mine", "call-of-someone-else")
    assert [agent["agentName"] for agent in claims["roomConfig"]["agents"]] == ["insta-voice"]
    assert claims["exp"] - claims["nbf"] <= 600


async def test_rooms_cannot_be_guessed(api: Api) -> None:
    answers = await asyncio.gather(*(api.ask_token(f"user-{number}") for number in range(8)))
    bodies = [answer.json() for answer in answers]
    assert all(re.fullmatch(r"call-[0-9a-f]{32}", body["room_name"]) for body in bodies)
    assert len({body["room_name"] for body in bodies}) == 8
    assert all(body["call_id"].replace("-", "") not in body["room_name"] for body in bodies)


async def test_asking_again_before_joining_gives_the_same_call(api: Api) -> None:
    """The page asks when it opens and again when the button is pressed."""
    first, second = (await api.ask_token("maya")).json(), (await api.ask_token("maya")).json()
    assert (first["call_id"], first["room_name"]) == (second["call_id"], second["room_name"])
    assert UUID(first["call_id"])


@pytest.mark.parametrize("ttl", [timedelta(minutes=10, seconds=1), timedelta(0), timedelta(seconds=-1)])
def test_no_token_lives_longer_than_ten_minutes(ttl: timedelta) -> None:
    with pytest.raises(ValueError, match="10"):
        mint_join_token(complete_settings().livekit, identity="a", room_name="r", call_id=uuid4(), ttl=ttl)
