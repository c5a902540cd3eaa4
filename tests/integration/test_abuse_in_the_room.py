"""A caller with a join token and a program instead of our page, against the real call server: what the token permits,
and nothing else.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import aiohttp
import httpx
import jwt
import pytest
from livekit import api, rtc
from livekit.protocol.rtc import SignalResponse
from tests.support.poll import eventually_async

from insta_voice.agent.room import refuse_video
from insta_voice.auth.livekit import MAX_PARTICIPANTS, mint_join_token
from insta_voice.settings import LiveKitSettings

REFUSED_WITHIN_S = 1.5  # the call server says nothing about what it does not let in; what it does is there in 20 ms


class Intruder:
    """Holds a genuine token for a room of their own."""

    def __init__(self, livekit: LiveKitSettings) -> None:
        assert livekit.url
        self.livekit = livekit
        self.room_name = f"call-{uuid4().hex}"
        self.call_id = uuid4()
        self.token = mint_join_token(livekit, identity="maya", room_name=self.room_name, call_id=self.call_id)
        self.room = rtc.Room()

    async def join(self) -> None:
        assert self.livekit.url
        await self.room.connect(self.livekit.url, self.token)

    async def seen_by_the_server(self) -> list[api.ParticipantInfo]:
        assert self.livekit.api_key
        assert self.livekit.api_secret
        async with api.LiveKitAPI(
            self.livekit.url, self.livekit.api_key, self.livekit.api_secret.get_secret_value()
        ) as server:
            listed = await server.room.list_participants(api.ListParticipantsRequest(room=self.room_name))
        return list(listed.participants)

    async def publish(self, track: Any, source: rtc.TrackSource.ValueType) -> bool:
        """Whether the call server took it."""
        try:
            async with asyncio.timeout(REFUSED_WITHIN_S):
                await self.room.local_participant.publish_track(track, rtc.TrackPublishOptions(source=source))
        except TimeoutError:
            return False
        return True


@pytest.fixture
async def intruder(livekit_server: LiveKitSettings) -> AsyncIterator[Intruder]:
    """In their room."""
    holder = Intruder(livekit_server)
    await holder.join()
    yield holder
    await holder.room.disconnect()


async def test_only_a_microphone_is_published(intruder: Intruder) -> None:
    def video() -> rtc.LocalVideoTrack:
        return rtc.LocalVideoTrack.create_video_track("v", rtc.VideoSource(16, 16))

    def audio() -> rtc.LocalAudioTrack:
        return rtc.LocalAudioTrack.create_audio_track("a", rtc.AudioSource(48_000, 1))

    source = rtc.TrackSource
    tried = await asyncio.gather(
        intruder.publish(video(), source.SOURCE_CAMERA),
        intruder.publish(video(), source.SOURCE_SCREENSHARE),
        intruder.publish(audio(), source.SOURCE_SCREENSHARE_AUDIO),
        intruder.publish(audio(), source.SOURCE_UNKNOWN),
        intruder.publish(audio(), source.SOURCE_MICROPHONE),
    )
    assert tried == [False, False, False, False, True]
    (seen,) = await intruder.seen_by_the_server()
    assert [(track.type, track.source) for track in seen.tracks] == [(api.TrackType.AUDIO, api.TrackSource.MICROPHONE)]


async def test_a_picture_that_calls_itself_a_microphone_is_not_taken_by_the_agent(intruder: Intruder) -> None:
    """The call server believes its name. The agent's side: the room as `LiveCall` prepares it."""
    agent = rtc.Room()
    refuse_video(agent)
    assert intruder.livekit.url
    name = intruder.room_name
    await agent.connect(
        intruder.livekit.url,
        mint_join_token(intruder.livekit, identity="other", room_name=name, call_id=intruder.call_id),
    )
    try:
        pictures = rtc.VideoSource(64, 64)
        track = rtc.LocalVideoTrack.create_video_track("v", pictures)
        assert await intruder.publish(track, rtc.TrackSource.SOURCE_MICROPHONE)
        refused = asyncio.Event()
        agent.on("track_unsubscribed", lambda *_: refused.set())

        async def show() -> bool:
            pictures.capture_frame(rtc.VideoFrame(64, 64, rtc.VideoBufferType.RGBA, os.urandom(64 * 64 * 4)))
            return refused.is_set()

        await eventually_async(show, within_s=10, what="the picture is given back")
        (other,) = agent.remote_participants.values()
        assert [publication.subscribed for publication in other.track_publications.values()] == [False]
    finally:
        await agent.disconnect()


async def test_who_they_are_stays_what_the_token_says(intruder: Intruder) -> None:
    before = await intruder.seen_by_the_server()
    me = intruder.room.local_participant
    await me.set_name("Assistant")
    await me.set_metadata('{"call_id": "another"}')
    await me.set_attributes({"call_id": "another", "lk.agent.state": "speaking"})
    await me.send_text("and this came after it", topic="lk.chat")  # on the same connection: in order
    (seen,) = await intruder.seen_by_the_server()
    assert (seen.identity, seen.name, seen.metadata) == ("maya", "", "")
    assert dict(seen.attributes) == {"call_id": str(intruder.call_id)}
    assert seen.kind == before[0].kind == api.ParticipantInfo.Kind.STANDARD
    assert not seen.permission.can_update_metadata


ADMINISTRATION = {
    "RoomService": (
        "CreateRoom", "ListRooms", "DeleteRoom", "ListParticipants", "GetParticipant", "RemoveParticipant",
        "MutePublishedTrack", "UpdateParticipant", "UpdateSubscriptions", "SendData", "UpdateRoomMetadata",
        "ForwardParticipant", "MoveParticipant",
    ),
    "AgentDispatchService": ("CreateDispatch", "ListDispatch", "DeleteDispatch"),
    "Egress": ("StartRoomCompositeEgress", "StartWebEgress", "ListEgress", "StopEgress"),
    "Ingress": ("CreateIngress", "ListIngress", "DeleteIngress"),
    "SIP": ("CreateSIPParticipant", "CreateSIPOutboundTrunk", "ListSIPOutboundTrunk"),
}  # fmt: skip


async def test_a_join_token_administers_nothing(intruder: Intruder) -> None:
    """Another agent, another room, a recording, a telephone call: each would cost."""
    asked = {"room": intruder.room_name, "roomName": intruder.room_name, "name": "mine", "agentName": "insta-voice"}
    before = await intruder.seen_by_the_server()
    async with httpx.AsyncClient(base_url=(intruder.livekit.url or "").replace("ws://", "http://")) as server:
        for service, methods in ADMINISTRATION.items():
            for method in methods:
                answer = await server.post(
                    f"/twirp/livekit.{service}/{method}",
                    json={**asked, "identity": "maya", "destinationRoom": "call-of-another", "metadata": "x"},
                    headers={"Authorization": f"Bearer {intruder.token}"},
                )
                assert answer.status_code in (401, 403), (service, method, answer.text)
    assert [seen.sid for seen in await intruder.seen_by_the_server()] == [seen.sid for seen in before]


async def test_a_join_token_is_no_agents(intruder: Intruder) -> None:
    """Whoever registers as a worker would be given other people's calls."""
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await session.ws_connect(
                f"{intruder.livekit.url}/agent", headers={"Authorization": f"Bearer {intruder.token}"}
            )
    assert caught.value.status == 401


@pytest.mark.parametrize(
    "change",
    [
        {"video": {"roomJoin": True, "room": "call-of-another"}},
        {"sub": "leo"},
        {"kind": "agent"},
        {"exp": 4102444800},
    ],
)
async def test_a_changed_token_opens_nothing(intruder: Intruder, change: dict[str, Any]) -> None:
    claims = jwt.decode(intruder.token, options={"verify_signature": False})
    head, _, signature = intruder.token.split(".")
    body = jwt.encode({**claims, **change}, "guessed-secret-of-32-characters-0", algorithm="HS256").split(".")[1]
    unsigned = jwt.encode({**claims, **change}, None, algorithm="none")
    for token in (f"{head}.{body}.{signature}", unsigned, intruder.token + "x"):
        assert await join_status(intruder.livekit, token) == 401


async def test_the_token_chooses_the_room_whatever_is_asked_for(intruder: Intruder) -> None:
    """Older clients named the room in the address."""
    async with AsyncExitStack() as stack:
        joined = await signal(stack, intruder.livekit, intruder.token, room="call-of-another", name="x", identity="leo")
        assert joined.join.room.name == intruder.room_name
        assert joined.join.participant.identity == "maya"


async def test_a_token_that_is_over_lets_nobody_in(intruder: Intruder) -> None:
    assert intruder.livekit.api_secret
    claims = jwt.decode(intruder.token, options={"verify_signature": False})
    over = {**claims, "nbf": claims["nbf"] - 3600, "exp": claims["nbf"] - 120}
    token = jwt.encode(over, intruder.livekit.api_secret.get_secret_value(), algorithm="HS256")
    assert await join_status(intruder.livekit, token) == 401


async def test_one_token_cannot_fill_the_room(intruder: Intruder) -> None:
    """`publish` makes another participant of the same holder, as `maya#1`: LiveKit Cloud counts each one's minutes."""
    async with AsyncExitStack() as stack:
        for number in range(1, MAX_PARTICIPANTS):
            await signal(stack, intruder.livekit, intruder.token, publish=str(number))
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await signal(stack, intruder.livekit, intruder.token, publish="one-more")
        seen = await intruder.seen_by_the_server()
    # None of them has the caller's own name, which alone the agent hears and reads.
    assert sorted(each.identity for each in seen) == ["maya", *(f"maya#{n}" for n in range(1, MAX_PARTICIPANTS))]


async def signal(stack: AsyncExitStack, livekit: LiveKitSettings, token: str, **asked: str) -> SignalResponse:
    """Joins without media, and gives the call server's first answer."""
    session = await stack.enter_async_context(aiohttp.ClientSession())
    socket = await stack.enter_async_context(
        session.ws_connect(f"{livekit.url}/rtc", params={"access_token": token, "protocol": "15", **asked})
    )
    received = await socket.receive(timeout=5)
    return SignalResponse.FromString(received.data if isinstance(received.data, bytes) else b"")


async def join_status(livekit: LiveKitSettings, token: str) -> int:
    """The HTTP status with which a join is answered."""
    async with httpx.AsyncClient(base_url=(livekit.url or "").replace("ws://", "http://")) as server:
        return (await server.get("/rtc/validate", params={"access_token": token})).status_code
