"""Join tokens, rooms and webhooks against a real livekit-server, with a caller over WebRTC."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID, uuid4

import pytest
import uvicorn
from livekit import api, rtc
from tests.support.api import Api, StartApi
from tests.support.media_server import media_server

from insta_voice.auth.livekit import Participant, Rooms, job_metadata, mint_join_token
from insta_voice.calls import get_any_call
from insta_voice.errors import MediaServerError, NotFoundError
from insta_voice.settings import LiveKitSettings

WITHIN_S = 20


async def until(what: Callable[[], Awaitable[bool]]) -> None:
    """Poll a real process until it is where it should be."""
    deadline = time.monotonic() + WITHIN_S
    while not await what():
        assert time.monotonic() < deadline, "it did not come to that"
        await asyncio.sleep(0.05)


@pytest.fixture
async def served(start_api: StartApi) -> AsyncIterator[Api]:
    """The API on a real port, and a livekit-server that reports to it."""
    listener = socket.create_server(("127.0.0.1", 0))
    webhook = f"http://127.0.0.1:{listener.getsockname()[1]}/api/livekit/webhook"
    async with media_server(webhook) as livekit:
        started = await start_api(LIVEKIT_URL=livekit.url)
        server = uvicorn.Server(uvicorn.Config(started.app, log_config=None, lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[listener]), name="api")
        yield started
        server.should_exit = True
        await serving


async def test_a_call_is_recorded_from_what_the_call_server_reports(served: Api) -> None:
    call = (await served.ask_token("maya")).json()
    call_id = UUID(call["call_id"])

    async def reason() -> str | None:
        try:
            return (await get_any_call(served.services.db, call_id)).end_reason or "open"
        except NotFoundError:
            return None

    async def is_open() -> bool:
        return await reason() == "open"

    async def has_ended() -> bool:
        return await reason() == "caller_left"

    assert await reason() is None
    room = rtc.Room()
    await room.connect(call["server_url"], call["participant_token"])
    await until(is_open)
    present = await served.services.rooms.participants(call["room_name"])
    assert present == [Participant("maya", is_agent=False)]
    await room.disconnect()
    await until(has_ended)
    assert (await served.ask_token("maya")).json()["call_id"] != call["call_id"]


@pytest.fixture(scope="module")
async def livekit() -> AsyncIterator[LiveKitSettings]:
    """A running call server."""
    async with media_server() as settings:
        yield settings


async def test_the_token_opens_one_room_and_the_microphone_only(livekit: LiveKitSettings) -> None:
    token = mint_join_token(livekit, identity="maya", room_name="call-1", call_id=uuid4())
    room = rtc.Room()
    await room.connect(livekit.url or "", token)
    try:
        assert (room.name, room.local_participant.identity) == ("call-1", "maya")
        # Asked for first, and never answered: by the answer to the microphone the server has refused it.
        video = rtc.LocalVideoTrack.create_video_track("screen", rtc.VideoSource(16, 16))
        refused = asyncio.create_task(publish(room, video, rtc.TrackSource.SOURCE_CAMERA), name="camera")
        await publish(room, rtc.LocalAudioTrack.create_audio_track("music", rtc.AudioSource(48000, 1)))
        await room.local_participant.send_text("typed", topic="lk.chat")

        async def microphone_is_there() -> bool:
            return "MICROPHONE" in await published(livekit, "call-1")

        await until(microphone_is_there)
        assert await published(livekit, "call-1") == ["MICROPHONE"]
        assert not refused.done()
        refused.cancel()
    finally:
        await room.disconnect()


async def publish(
    room: rtc.Room, track: rtc.LocalTrack, source: rtc.TrackSource.ValueType = rtc.TrackSource.SOURCE_MICROPHONE
) -> None:
    """Publish and wait for the server's word."""
    await room.local_participant.publish_track(track, rtc.TrackPublishOptions(source=source))


async def published(livekit: LiveKitSettings, room: str) -> list[str]:
    """The sources of all tracks in `room`, as the server says."""
    assert livekit.api_secret
    async with api.LiveKitAPI(livekit.url, livekit.api_key, livekit.api_secret.get_secret_value()) as server:
        listed = await server.room.list_participants(api.ListParticipantsRequest(room=room))
    return [api.TrackSource.Name(track.source) for person in listed.participants for track in person.tracks]


async def test_rooms_are_asked_and_ended(livekit: LiveKitSettings) -> None:
    async with Rooms(livekit) as rooms:
        await rooms.ping()
        assert await rooms.participants("call-none") == []
        assert not await rooms.delete("call-none")
        assert not await rooms.remove("call-none", "maya")

        room = rtc.Room()
        call_id = uuid4()
        token = mint_join_token(livekit, identity="maya", room_name="call-2", call_id=call_id)
        await room.connect(livekit.url or "", token)
        gone = asyncio.Event()
        room.on("disconnected", lambda _: gone.set())
        assert "call-2" in await rooms.names()
        await rooms.dispatch_agent("call-2", job_metadata(call_id=call_id, user_id="maya"))
        assert await rooms.remove("call-2", "maya")
        await asyncio.wait_for(gone.wait(), WITHIN_S)
        assert await rooms.delete("call-2")
        assert "call-2" not in await rooms.names()


async def test_a_call_server_that_is_away_is_said_in_time() -> None:
    nowhere = LiveKitSettings(url="ws://127.0.0.1:9", api_key="key", api_secret="x" * 40)
    async with Rooms(nowhere) as rooms:
        for question in (rooms.ping(), rooms.names(), rooms.participants("a"), rooms.delete("a")):
            with pytest.raises(MediaServerError):
                await question


async def test_a_call_server_that_hangs_is_said_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # never accepts: the kernel connects, nobody answers
        url = f"ws://127.0.0.1:{silent.getsockname()[1]}"
        async with Rooms(LiveKitSettings(url=url, api_key="key", api_secret="x" * 40)) as rooms:
            started = time.monotonic()
            with pytest.raises(MediaServerError):
                await rooms.ping()
            assert time.monotonic() - started < 6
