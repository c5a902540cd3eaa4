"""Two participants of one room on WebRTC, as a program: exits 0 once one has heard half a second of the other.

python peers.py URL KEY SECRET; run by test_media_path.py in a network of its own.
"""

import asyncio
import sys

from livekit import api, rtc

WITHIN_S = 20
FRAMES = 50  # of 10 ms


async def main(url: str, key: str, secret: str) -> None:
    """The worker and the caller, as far as the network is concerned."""

    def token(identity: str) -> str:
        grants = api.VideoGrants(room_join=True, room="room")
        return api.AccessToken(key, secret).with_identity(identity).with_grants(grants).to_jwt()

    heard = asyncio.Event()
    listeners = set()
    caller, assistant = rtc.Room(), rtc.Room()

    async def listen(track: rtc.Track) -> None:
        frames = 0
        async for _ in rtc.AudioStream(track):
            if (frames := frames + 1) == FRAMES:
                heard.set()

    assistant.on("track_subscribed", lambda track, *_: listeners.add(asyncio.create_task(listen(track))))
    async with asyncio.timeout(WITHIN_S):
        await assistant.connect(url, token("assistant"))
        await caller.connect(url, token("caller"))
        source = rtc.AudioSource(48_000, 1)
        await caller.local_participant.publish_track(rtc.LocalAudioTrack.create_audio_track("microphone", source))
        while not heard.is_set():
            await source.capture_frame(rtc.AudioFrame(bytes(960), 48_000, 1, 480))
    for task in listeners:
        task.cancel()
    await caller.disconnect()
    await assistant.disconnect()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
