"""A caller on WebRTC: joins with a join token like any browser, speaks, types, and notices what a person would."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any, Self

from livekit import rtc

from insta_voice.demo.ear import Ear
from insta_voice.demo.heard import HeardReports
from insta_voice.demo.microphone import Microphone, Pcm

_AGENT_STATE = "lk.agent.state"
# How an assistant asks for patience that has not understood yet; the answer comes after it.
_ONE_MOMENT = ("One moment, please.", "Sorry, this takes longer than usual.")
# The greeting needs a job process and a first sentence; on a small machine that just started this is the long one.
_JOIN_TIMEOUT_S = 30.0
_ANSWER_TIMEOUT_S = 15.0
_WORDS_WITHIN_S = 5.0  # they come with the sound; where they never do, what was heard is the answer


@dataclass(frozen=True, slots=True)
class Line:
    """A finished transcript segment: who, and the words."""

    at_s: float
    by_caller: bool
    text: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A moment of the monotonic clock in seconds, and what a page shows from then on."""

    at_s: float
    what: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: moments of the monotonic clock in seconds, the words shown, the sources shown."""

    asked_at_s: float
    first_sound_at_s: float
    last_sound_at_s: float
    text: str
    understood: str
    sources: tuple[dict[str, str], ...]

    @property
    def voice_to_voice_ms(self) -> float:
        """From the last sound of the question to the first of the answer, at the caller's ear."""
        return (self.first_sound_at_s - self.asked_at_s) * 1000


@dataclass
class Caller:
    """One call. `async with Caller()` leaves the room at the end, whatever happened."""

    room: rtc.Room = field(default_factory=rtc.Room)
    microphone: Microphone = field(default_factory=Microphone)
    ear: Ear = field(default_factory=Ear)
    lines: list[Line] = field(default_factory=list)
    sources: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    states: list[dict[str, Any]] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    agent_state: str = ""
    _readers: set[asyncio.Task[None]] = field(default_factory=set)
    _segments: dict[str, int] = field(default_factory=dict)
    _disconnected: asyncio.Event = field(default_factory=asyncio.Event)
    _heard: HeardReports = field(init=False)

    def __post_init__(self) -> None:
        self._heard = HeardReports(self.room, self.microphone)
        self.ear.on_onset = self._heard.onset

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.leave()

    async def join(self, server_url: str, token: str) -> None:
        """Enter the room and open the microphone."""
        self.room.on("track_subscribed", self._on_track)
        self.room.on("participant_attributes_changed", self._on_attributes)
        self.room.on("disconnected", self._on_disconnected)
        self.room.on("reconnecting", lambda: self._see("reconnecting"))
        self.room.on("reconnected", lambda: self._see("connected again"))
        self.room.on("participant_connected", lambda _: self._see("assistant came"))
        self.room.on("participant_disconnected", lambda _: self._see("assistant left"))
        for topic in ("lk.transcription", "insta.sources", "insta.call"):
            self.room.register_text_stream_handler(topic, self._on_stream)
        await self.room.connect(server_url, token)
        await self.microphone.publish(self.room)

    async def greeting(self, timeout_s: float = _JOIN_TIMEOUT_S) -> Reply:
        """Wait for what the assistant says first."""
        return await self._reply(self.microphone.started_at_s, self.microphone.started_at_s, timeout_s)

    async def ask(self, utterance: Pcm, timeout_s: float = _ANSWER_TIMEOUT_S) -> Reply:
        """Ask aloud (48 kHz mono) and wait until the answer has been heard to its end."""
        began_at_s = time.monotonic()
        said_at_s = await self.microphone.say(utterance)
        sounded_at_s = self.microphone.last_sound_at_s  # a voice ends before its recording does
        asked_at_s = sounded_at_s if sounded_at_s is not None and sounded_at_s > began_at_s else said_at_s
        return await self._reply(began_at_s, asked_at_s, timeout_s)

    async def type(self, text: str, timeout_s: float = _ANSWER_TIMEOUT_S) -> Reply:
        """Ask in writing and wait until the answer has been heard to its end."""
        asked_at_s = time.monotonic()
        await self.room.local_participant.send_text(text, topic="lk.chat")
        return await self._reply(asked_at_s, asked_at_s, timeout_s)

    async def wait_ended(self, timeout_s: float) -> None:
        """Wait until the call was ended from the other side."""
        async with asyncio.timeout(timeout_s):
            await self._disconnected.wait()

    @property
    def connected(self) -> bool:
        """Whether the room is still there, as far as this end knows."""
        return not self._disconnected.is_set()

    async def leave(self) -> None:
        """Hang up."""
        await self.microphone.close()
        await self.ear.close()
        await self._heard.aclose()
        await self.room.disconnect()
        for reader in self._readers:
            reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)

    async def _reply(self, since_s: float, asked_at_s: float, timeout_s: float) -> Reply:
        first_sound_at_s = await self.ear.first_sound(asked_at_s, timeout_s)
        await self._hear_out(since_s)
        while self._was_asked_to_wait(since_s):
            await self.ear.first_sound(self.ear.last_sound_at_s, timeout_s)
            await self._hear_out(since_s)
        spoken = [line for line in self.lines if line.at_s >= since_s]
        return Reply(
            asked_at_s=asked_at_s,
            first_sound_at_s=first_sound_at_s,
            last_sound_at_s=self.ear.last_sound_at_s,
            text=" ".join(line.text for line in spoken if not line.by_caller),
            understood=" ".join(line.text for line in spoken if line.by_caller),
            sources=tuple(source for at_s, shown in self.sources if at_s >= since_s for source in shown["sources"]),
        )

    async def _hear_out(self, since_s: float) -> None:
        """Until it is silent and listens. Sound may have a gap before the first word, when nothing says yet that it
        speaks.
        """
        await self._silence()
        heard_at_s = time.monotonic()
        while self.connected and (
            self.agent_state in ("speaking", "thinking")
            or (not self._said(since_s) and time.monotonic() - heard_at_s < _WORDS_WITHIN_S)
        ):
            await self._silence()
            await asyncio.sleep(0.05)

    async def _silence(self) -> None:
        """Until nothing is heard, or nothing can be any more: who said goodbye is hung up on."""
        silent = asyncio.create_task(self.ear.silence(timeout_s=60))
        over = asyncio.create_task(self._disconnected.wait())
        try:
            await asyncio.wait({silent, over}, return_when=asyncio.FIRST_COMPLETED)
            if silent.done():
                silent.result()
        finally:
            silent.cancel()
            over.cancel()

    def _said(self, since_s: float) -> list[str]:
        return [line.text for line in self.lines if line.at_s >= since_s and not line.by_caller]

    def _was_asked_to_wait(self, since_s: float) -> bool:
        said = self._said(since_s)
        return bool(said) and said[-1].startswith(_ONE_MOMENT)

    def _on_track(self, track: rtc.Track, _: object, talker: rtc.RemoteParticipant) -> None:
        if track.kind == rtc.TrackKind.KIND_AUDIO:
            self._heard.talker = talker.identity
            self.ear.listen(track)

    def _on_attributes(self, changed: dict[str, str], participant: rtc.Participant) -> None:
        if _AGENT_STATE in changed:
            self.agent_state = changed[_AGENT_STATE]
            self._see(self.agent_state)

    def _on_disconnected(self, reason: rtc.DisconnectReason.ValueType | None = None) -> None:
        self._see(f"disconnected: {rtc.DisconnectReason.Name(reason) if reason is not None else 'unknown'}")
        self._disconnected.set()

    def _see(self, what: str) -> None:
        self.seen.append(Seen(time.monotonic(), what))

    def _on_stream(self, reader: rtc.TextStreamReader, identity: str) -> None:
        task = asyncio.create_task(self._read(reader, identity), name=f"caller reads {reader.info.topic}")
        self._readers.add(task)
        task.add_done_callback(self._readers.discard)

    async def _read(self, reader: rtc.TextStreamReader, identity: str) -> None:
        try:
            text = await reader.read_all()
        except rtc.StreamError:
            return  # whoever sent it was lost; what came of it is no whole message
        if reader.info.topic == "insta.sources":
            self.sources.append((time.monotonic(), json.loads(text)))
            self._see("sources")
        elif reader.info.topic == "insta.call":
            self.states.append(json.loads(text))
            self._see(self.states[-1].get("reason") or self.states[-1]["state"])
        else:
            self._transcribed(reader.info.attributes or {}, identity, text)

    def _transcribed(self, attributes: dict[str, str], identity: str, text: str) -> None:
        by_caller = identity == self.room.local_participant.identity
        if by_caller and attributes.get("lk.transcription_final") != "true":
            return
        segment = attributes.get("lk.segment_id", "")
        line = Line(time.monotonic(), by_caller, text)
        if segment in self._segments:
            self.lines[self._segments[segment]] = line
        else:
            self._segments[segment] = len(self.lines)
            self.lines.append(line)
