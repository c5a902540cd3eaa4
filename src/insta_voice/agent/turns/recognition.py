"""Recognition under way: one attempt at a time for the end of a turn, and a running guess while the caller speaks."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from insta_voice.agent.turns.ports import Recognizer, Transcription
from insta_voice.errors import InstaVoiceError

_ATTEMPTS = 3
_BETWEEN_ATTEMPTS_S = 0.4  # a speech server that is restarted by its supervisor is back within about 2 s


@dataclass(slots=True)
class Attempt:
    """The recognition of the audio up to byte `until` of the open segment."""

    until: int
    task: asyncio.Task[Transcription]
    started_at: float
    finished_at: float = 0.0

    @property
    def done(self) -> bool:
        return self.task.done()

    def cancel(self) -> None:
        """Nobody needs it any more."""
        if not self.done:
            self.task.cancel()

    def result(self) -> Transcription:
        """What was recognised; raises what the recogniser raised."""
        return self.task.result()


class Recognition:
    """Starts attempts, and ends them with the turn. Each is told what the last one made of the same audio."""

    def __init__(self, recognizer: Recognizer, clock: Callable[[], float]) -> None:
        self._recognizer = recognizer
        self._clock = clock
        self.final: Attempt | None = None
        self.partial: Attempt | None = None
        self.last_cost_s = 0.0
        self._audio = 0  # which audio the attempts are of; what was recognised of another is no beginning of it
        self._before: Transcription | None = None

    def start_final(self, pcm: bytes) -> Attempt:
        """What is shown meanwhile can wait: the final attempt gets the processor."""
        self.cancel()
        self.final = self._start(pcm, final=True)
        return self.final

    def start_partial(self, pcm: bytes) -> Attempt:
        self.partial = self._start(pcm, final=False)
        return self.partial

    def part_with_final(self) -> None:
        """The final attempt goes on and is somebody else's now."""
        self.final = None

    def begin_anew(self) -> None:
        """The audio that comes begins elsewhere."""
        self._audio += 1
        self._before = None

    def cancel_final(self) -> None:
        _cancel(self.final)
        self.final = None

    def cancel(self) -> None:
        self.cancel_final()
        _cancel(self.partial)
        self.partial = None

    def _start(self, pcm: bytes, *, final: bool) -> Attempt:
        name, audio = f"recognise-{'final' if final else 'partial'}", self._audio
        task = asyncio.create_task(self._transcribe(pcm, final, self._before), name=name)
        attempt = Attempt(until=len(pcm), task=task, started_at=self._clock())

        def finished(done: asyncio.Task[Transcription]) -> None:
            attempt.finished_at = self._clock()
            if done.cancelled():
                return
            self.last_cost_s = attempt.finished_at - attempt.started_at
            # An exception is marked as seen: whoever needs the text asks for it.
            if done.exception() is None and audio == self._audio:
                self._before = done.result()

        task.add_done_callback(finished)
        return attempt

    async def _transcribe(self, pcm: bytes, final: bool, before: Transcription | None) -> Transcription:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return await self._recognizer.transcribe(pcm, final=final, before=before)
            except InstaVoiceError as error:
                if not (final and error.retryable) or attempt == _ATTEMPTS:
                    raise
                await asyncio.sleep(_BETWEEN_ATTEMPTS_S * attempt)
        raise AssertionError("the loop returns or raises")


def _cancel(attempt: Attempt | None) -> None:
    if attempt is not None:
        attempt.cancel()
