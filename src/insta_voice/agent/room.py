"""What the page learns beside transcription and agent state: sources of an answer, and how the call goes; and what is
not taken from the room.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Sequence
from typing import Any, Literal

from livekit import rtc

from insta_voice.calls import Source

log = logging.getLogger(__name__)

SOURCES_TOPIC = "insta.sources"
CALL_TOPIC = "insta.call"
_SHOWN_OF_A_SOURCE = ("article_id", "title", "url", "quote", "heading", "version")
_SEND_TIMEOUT_S = 1.0  # a room that is going away must hold up neither an answer nor the end of the call
# A page leaves by itself once it has read why, within 0.1 s here; what else is in a room may not.
_READ_WITHIN_S = 1.0
_LEAVING: tuple[Literal["participant_disconnected", "disconnected"], ...] = ("participant_disconnected", "disconnected")

CallEvent = Literal["resumed", "stand_in", "restored", "ended"]


def refuse_video(room: rtc.Room) -> None:
    """Take no picture from anyone: the join token allows microphones only, and LiveKit believes a sender that calls
    its video one. Decoding it would cost this call's process a processor.
    """

    def subscribed(track: rtc.Track, publication: rtc.RemoteTrackPublication, _: rtc.RemoteParticipant) -> None:
        if track.kind != rtc.TrackKind.KIND_AUDIO:
            log.warning("a track that is no audio is not taken")
            publication.set_subscribed(False)

    room.on("track_subscribed", subscribed)


class RoomChannel:
    """Text streams to everyone in the room; a room that is gone is no error. All of it is plain text or JSON."""

    def __init__(self, room: rtc.Room) -> None:
        self._room = room

    async def sources(self, turn_number: int, sources: Sequence[Source]) -> None:
        """The articles behind the assistant turn `turn_number`; sent before it is heard."""
        cards = [{name: getattr(source, name) for name in _SHOWN_OF_A_SOURCE} for source in sources]
        await self._send(SOURCES_TOPIC, {"turn": turn_number, "sources": cards})

    async def call(self, state: CallEvent, reason: str | None = None) -> None:
        """`reason`: a sentence for the caller."""
        await self._send(CALL_TOPIC, {"state": state} | ({"reason": reason} if reason else {}))

    async def ended(self, reason: str | None) -> None:
        """Tell why the call is over, and give whoever is there time to read it: a room that is deleted at once is gone
        before what was sent into it has arrived.
        """
        await self.call("ended", reason)
        changed = asyncio.Event()

        def someone_left(*_: object) -> None:
            changed.set()

        for event in _LEAVING:
            self._room.on(event, someone_left)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_READ_WITHIN_S):
                while self._room.isconnected() and self._room.remote_participants:
                    changed.clear()
                    await changed.wait()
        for event in _LEAVING:
            self._room.off(event, someone_left)

    async def _send(self, topic: str, content: dict[str, Any]) -> None:
        if not self._room.isconnected():
            return
        try:
            async with asyncio.timeout(_SEND_TIMEOUT_S):
                await self._room.local_participant.send_text(json.dumps(content), topic=topic)
        except Exception as error:  # the room may be gone in any state; it must hold up neither answer nor end
            log.warning("could not send %s: %s", topic, type(error).__name__)
