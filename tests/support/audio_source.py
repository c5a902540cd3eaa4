"""The room's end of the assistant's voice on a virtual clock: a queue that empties at the pace of speech."""

import asyncio

import numpy as np
import numpy.typing as npt
from livekit import rtc


class Source(rtc.AudioSource):
    """Keeps what was heard, sample by sample, as 16-bit mono; a gap is silence."""

    def __init__(self, sample_rate: int, queue_s: float = 0.2) -> None:
        self._rate = sample_rate
        self._queue_s = queue_s
        self._clock = asyncio.get_running_loop().time
        self._began_s = self._clock()
        self._queued = np.zeros(0, np.int16)
        self._heard: list[npt.NDArray[np.int16]] = []
        self._heard_samples = 0
        self._changed = asyncio.Event()
        self._capturing = False

    @property
    def queued_duration(self) -> float:
        self._pass()
        return self._queued.size / self._rate

    def clear_queue(self) -> None:
        self._pass()
        self._queued = self._queued[:0]
        self._changed.set()

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        assert not self._capturing, "the real one forgets who waits when another frame comes"
        self._capturing = True
        self._pass()
        self._queued = np.concatenate([self._queued, np.frombuffer(frame.data, np.int16)])
        try:
            while self.queued_duration > self._queue_s:
                await self._until(self._queued.size - round(self._queue_s * self._rate))
        finally:
            self._capturing = False

    async def wait_for_playout(self) -> None:
        while self.queued_duration > 0:
            await self._until(self._queued.size)

    async def aclose(self) -> None:
        self.clear_queue()

    def heard(self) -> npt.NDArray[np.int16]:
        """Everything until now, from the beginning."""
        self._pass()
        self._heard = [np.concatenate([np.zeros(0, np.int16), *self._heard])]
        return self._heard[0]

    async def _until(self, samples: int) -> None:
        self._changed.clear()
        try:
            await asyncio.wait_for(self._changed.wait(), samples / self._rate + 1e-6)
        except TimeoutError:
            return

    def _pass(self) -> None:
        due = round((self._clock() - self._began_s) * self._rate) - self._heard_samples
        sound, self._queued = self._queued[:due], self._queued[due:]
        self._heard += [sound, np.zeros(due - sound.size, np.int16)]
        self._heard_samples += due
