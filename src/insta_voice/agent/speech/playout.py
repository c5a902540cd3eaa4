"""The assistant's voice on its way into the room: it can be held in mid-word at once, and goes on where it was held.

LiveKit's own output hands a fifth of a second to the room ahead of its time, and drops that when it is paused. Here
what was handed over and not yet sent is taken back: the voice fades out within a frame, and nothing of it is lost.
"""

import asyncio
import logging
import time

import numpy as np
import numpy.typing as npt
from livekit import rtc
from livekit.agents.voice import io

from insta_voice.agent.tasks import Tasks

log = logging.getLogger(__name__)

SAMPLE_RATE_HZ = 24_000
_FRAME_BYTES = SAMPLE_RATE_HZ // 50 * 2  # 20 ms: what Opus sends at a time
# Handed over ahead of its time: the event loop of a busy machine stops for some tens of milliseconds.
_AHEAD_MS = 200
_PUBLISHED_WITHIN_S = 10.0  # as long as a browser takes to come back; the greeting waits for it

Samples = npt.NDArray[np.int16]


class Playout(io.AudioOutput):
    """One per call; what is said before it is `open` waits. Frames may come faster than they are heard."""

    def __init__(self, source: rtc.AudioSource | None = None) -> None:
        """`source`: where it goes, of 24 kHz mono; a track of its own without one."""
        super().__init__(label="room", capabilities=io.AudioOutputCapabilities(pause=True), sample_rate=SAMPLE_RATE_HZ)
        self._source = source or rtc.AudioSource(SAMPLE_RATE_HZ, 1, queue_size_ms=_AHEAD_MS)
        self._published = asyncio.Event()
        self._tasks = Tasks()
        self._pcm = bytearray()  # of the segment: what is between two flushes
        self._sent = 0  # bytes of it
        self._begun = False
        self._whole = False  # nothing more comes
        self._held = self._fades_in = False
        self._changed = asyncio.Event()
        self._playing: asyncio.Task[None] | None = None
        self._ending: Samples | None = None  # what is sent in the place of what was taken back
        self._fading: asyncio.Task[None] | None = None
        self._handing: asyncio.Task[None] | None = None  # a frame to the source

    def enter(self, room: rtc.Room) -> None:
        """Publish it in a room that is connected, and open it as soon as somebody there can hear it."""
        self._tasks.spawn(self._publish(room), "publish-voice")

    def open(self) -> None:
        """It can be heard from now on."""
        self._published.set()

    async def _publish(self, room: rtc.Room) -> None:
        track = rtc.LocalAudioTrack.create_audio_track("voice", self._source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        publication = await room.local_participant.publish_track(track, options)
        try:
            await asyncio.wait_for(publication.wait_for_subscription(), _PUBLISHED_WITHIN_S)
        except TimeoutError:
            log.warning("nobody has subscribed to the assistant's voice")
        self.open()

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        await self._published.wait()
        await super().capture_frame(frame)
        if self._whole and self._playing is not None:
            await asyncio.wait({self._playing})  # the segment before is still being heard
        self._pcm += frame.data.cast("b")
        self._changed.set()
        if self._playing is None:
            self._playing = self._tasks.spawn(self._play(), "play-out")

    def flush(self) -> None:
        super().flush()
        self._whole = self._playing is not None
        self._changed.set()

    def clear_buffer(self) -> None:
        """What is not heard yet is not heard."""
        if self._playing is None:
            return
        self._playing.cancel()
        self._take_back()
        if self._ending is not None:
            self._fading = self._tasks.spawn(self._hand_over(_faded(self._ending)), "fade-out")
        self._over(interrupted=True)

    def pause(self) -> None:
        """Hold the voice where it is."""
        super().pause()
        if self._held:
            return
        self._held = self._fades_in = True
        if self._playing is not None:
            self._take_back()
        self._changed.set()

    def resume(self) -> None:
        """Go on from there."""
        super().resume()
        self._held = False
        self._changed.set()

    async def aclose(self) -> None:
        """The call is over."""
        await self._tasks.aclose()
        await self._source.aclose()

    async def _play(self) -> None:
        if self._fading is not None:
            await asyncio.wait({self._fading})
        while not (self._whole and self._sent == len(self._pcm) and await self._drained()):
            self._changed.clear()
            if self._ending is not None:
                ending, self._ending = self._ending, None
                await self._hand_over(_faded(ending))
                continue
            samples = self._next()
            if samples is None:
                await self._changed.wait()
                continue
            if not self._begun:
                self._begun = True
                self.on_playback_started(created_at=time.time())
            self._sent += samples.size * 2
            frame = _faded(samples, out=False) if self._fades_in else _frame(samples)
            self._fades_in = False
            await self._hand_over(frame)
        self._over(interrupted=False)

    async def _hand_over(self, frame: rtc.AudioFrame) -> None:
        """The source takes one frame at a time and refuses another, also when nobody waits for the first any more."""
        while self._handing is not None and not self._handing.done():
            await asyncio.wait({self._handing})
        self._handing = self._tasks.spawn(self._source.capture_frame(frame), "hand-over")
        await asyncio.shield(self._handing)

    def _next(self) -> Samples | None:
        """The frame that is due, if it is there."""
        left = len(self._pcm) - self._sent
        if self._held or left == 0 or (left < _FRAME_BYTES and not self._whole):
            return None
        return np.frombuffer(bytes(self._pcm[self._sent : self._sent + _FRAME_BYTES]), np.int16)

    async def _drained(self) -> bool:
        """Wait until all is heard; false when some of it was taken back meanwhile."""
        self._changed.clear()
        heard = asyncio.ensure_future(self._source.wait_for_playout())
        changed = asyncio.ensure_future(self._changed.wait())
        try:
            await asyncio.wait({heard, changed}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            heard.cancel()
            changed.cancel()
        return self._sent == len(self._pcm) and not self._held

    def _take_back(self) -> None:
        """Of what was handed over, all that was not sent yet; a frame of it is to fade out."""
        unsent = min(round(self._source.queued_duration * SAMPLE_RATE_HZ) * 2, self._sent)
        self._source.clear_queue()
        self._sent -= unsent
        ending = np.frombuffer(bytes(self._pcm[self._sent : self._sent + min(unsent, _FRAME_BYTES)]), np.int16)
        self._ending = ending if ending.size else None

    def _over(self, *, interrupted: bool) -> None:
        heard_s = self._sent / 2 / SAMPLE_RATE_HZ
        self._pcm, self._sent, self._playing = bytearray(), 0, None
        self._begun = self._whole = self._held = self._fades_in = False
        self._ending = None
        self.on_playback_finished(playback_position=heard_s, interrupted=interrupted)


def _faded(samples: Samples, *, out: bool = True) -> rtc.AudioFrame:
    return _frame(samples * np.linspace(*((1, 0) if out else (0, 1)), samples.size))


def _frame(samples: Samples | npt.NDArray[np.float64]) -> rtc.AudioFrame:
    return rtc.AudioFrame(samples.astype(np.int16).tobytes(), SAMPLE_RATE_HZ, 1, samples.size)
