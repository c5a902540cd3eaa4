"""Something to hear while an answer is late: what the mind or the voice takes too long for is bridged, never silent."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence
from typing import Final

from livekit import rtc
from livekit.agents import APIError
from livekit.agents.types import USERDATA_TIMED_TRANSCRIPT, TimedString

from insta_voice.clock import loop_time_s

# From the end of a turn to the first filler; with the half second a turn takes to end that is within the promised 4 s.
# Then again, so that a long wait does not sound like a broken line; after half a minute it is given up.
SILENT_AT_MOST_S: Final = (2.5, 6.0, 6.0, 6.0, 6.0)

Filler = Callable[[int], Sequence[rtc.AudioFrame] | None]
"""What to say at the first, second … time; None when there is nothing."""


async def bridged(
    frames: AsyncIterable[rtc.AudioFrame],
    filler: Filler,
    apology: Callable[[], Sequence[rtc.AudioFrame] | None],
    *,
    first_s: float = SILENT_AT_MOST_S[0],
    gave_up: Callable[[str], None] = lambda heard: None,
    clock: Callable[[], float] = loop_time_s,
) -> AsyncIterator[rtc.AudioFrame]:
    """`frames`, and a filler wherever the next takes too long to come. A voice that fails, or hangs for half a minute,
    is apologised for, and reported to `gave_up` with all that is heard then, as far as the frames tell. `first_s` is
    what is left of the patience with the first frame.

    Raises what `frames` raises when there is no apology to give.
    """
    iterator = aiter(frames)
    coming: asyncio.Task[rtc.AudioFrame | None] | None = None
    audible_until, filled_s, given_s, times, in_a_row = clock(), 0.0, 0.0, 0, 0
    given: list[rtc.AudioFrame] = []
    try:
        while True:
            coming = coming or asyncio.create_task(_next(iterator), name="next-sound")
            patience_s = SILENT_AT_MOST_S[in_a_row] if given or times else first_s
            await asyncio.wait({coming}, timeout=max(0.0, audible_until + patience_s - clock()))
            spoken: Sequence[rtc.AudioFrame] = ()
            if coming.done():
                try:
                    frame = coming.result()
                except APIError:
                    spoken = apology() or ()
                    gave_up(_words([*given, *spoken]))
                    for piece in spoken:
                        yield _later(piece, given_s + filled_s)
                    if spoken:
                        return
                    raise
                if frame is None:
                    return
                coming, in_a_row = None, 0
                given.append(frame)
                yield _later(frame, filled_s)
                given_s += frame.duration
                audible_until = max(audible_until, clock()) + frame.duration
                continue
            if times == len(SILENT_AT_MOST_S) and (spoken := apology() or ()):
                gave_up(_words([*given, *spoken]))
                for piece in spoken:
                    yield _later(piece, given_s + filled_s)
                return
            spoken = filler(times) or ()
            times += 1
            in_a_row = min(in_a_row + 1, len(SILENT_AT_MOST_S) - 1)
            audible_until = max(audible_until, clock())
            for piece in spoken:
                yield piece
            lasts_s = sum(piece.duration for piece in spoken)
            filled_s += lasts_s
            audible_until += lasts_s
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.wait({coming})
        if (close := getattr(iterator, "aclose", None)) is not None:
            await close()


async def _next(iterator: AsyncIterator[rtc.AudioFrame]) -> rtc.AudioFrame | None:
    return await anext(iterator, None)


def _words(frames: Sequence[rtc.AudioFrame]) -> str:
    told = "".join(word for frame in frames for word in frame.userdata.get(USERDATA_TIMED_TRANSCRIPT, ()))
    return " ".join(told.split())


def _later(frame: rtc.AudioFrame, by_s: float) -> rtc.AudioFrame:
    """The words of a frame are heard later by what was put before them."""
    if by_s and (words := frame.userdata.get(USERDATA_TIMED_TRANSCRIPT)):
        frame.userdata[USERDATA_TIMED_TRANSCRIPT] = [_word_later(word, by_s) for word in words]
    return frame


def _word_later(word: str, by_s: float) -> str:
    if not isinstance(word, TimedString):
        return word
    start_s, end_s = word.start_time, word.end_time
    return TimedString(
        word,
        start_time=start_s + by_s if isinstance(start_s, float) else start_s,
        end_time=end_s + by_s if isinstance(end_s, float) else end_s,
    )
