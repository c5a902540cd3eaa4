"""A side without one mechanism is ours in everything but who is sent to the room, and what that one leaves out."""

from uuid import uuid4

from bench.latency import without
from bench.latency.processes import part_of
from bench.latency.sides import CHOICES, NAMES
from livekit import api
from pydantic import SecretStr

from insta_voice.agent.mechanisms import NAMES as MECHANISMS
from insta_voice.auth.livekit import mint_join_token
from insta_voice.settings import LiveKitSettings

SECRET = "a secret of at least thirty-two characters"


def _verified(token: str) -> api.access_token.Claims:
    return api.TokenVerifier("key", SECRET).verify(token)


def test_the_call_is_the_same_and_another_agent_is_sent_to_it() -> None:
    settings = LiveKitSettings(url="ws://127.0.0.1:1", api_key="key", api_secret=SecretStr(SECRET))
    given = mint_join_token(settings, identity="maya", room_name="room", call_id=uuid4(), language="en")
    ours, theirs = _verified(given), _verified(without.sent_to("us-without-drafts", given, SECRET))
    assert theirs.room_config is not None
    assert ours.room_config is not None
    assert theirs.room_config.agents[0].agent_name == "us-without-drafts"
    assert theirs.room_config.agents[0].metadata == ours.room_config.agents[0].metadata
    theirs.room_config.agents[0].agent_name = ours.room_config.agents[0].agent_name
    assert theirs == ours


def test_every_mechanism_has_a_side_whose_processes_are_told_apart() -> None:
    assert without.sides(["words", "holding"]) == ["us", "us-without-words", "us-without-holding"]
    every = without.sides([without.ALL])
    assert every == ["us", *(f"us-without-{mechanism}" for mechanism in MECHANISMS)]
    assert set(every) <= set(CHOICES)
    assert not set(every[1:]) & set(NAMES), "nobody measures them by accident"
    for side in every[1:]:
        assert part_of(" ".join(without.command(side))) == side
