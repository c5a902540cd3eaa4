"""What the page tells of its caller's ear, told by the scripted caller too: when the assistant begins to be heard."""

import asyncio
import contextlib
import json
import time

from livekit import rtc

from insta_voice.demo.microphone import Microphone

_TOPIC = "insta.heard"


class HeardReports:
    """One per call; `onset` is called with each sound of the assistant that begins."""

    def __init__(self, room: rtc.Room, microphone: Microphone) -> None:
        self._room = room
        self._microphone = microphone
        self._sending: set[asyncio.Task[None]] = set()
        self.talker = ""  # the identity of who is heard

    def onset(self, at_s: float, quiet_s: float | None) -> None:
        """At a moment of the monotonic clock, `quiet_s` after the sound before; None: it is the first."""
        spoke_at_s = self._microphone.last_sound_at_s
        silence_s = None if spoke_at_s is None else at_s - spoke_at_s
        task = asyncio.create_task(self._send(at_s, silence_s, quiet_s), name="caller tells what is heard")
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def aclose(self) -> None:
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)

    async def _send(self, at_s: float, silence_s: float | None, quiet_s: float | None) -> None:
        told = {"silence_ms": silence_s, "quiet_ms": quiet_s, "sent_after_ms": time.monotonic() - at_s}
        report = {name: None if s is None else round(max(0.0, s) * 1000) for name, s in told.items()}
        with contextlib.suppress(Exception):  # a room that is gone in any state; the call is over then
            await self._room.local_participant.send_text(
                json.dumps(report), topic=_TOPIC, destination_identities=[self.talker]
            )
