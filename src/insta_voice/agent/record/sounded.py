"""How long the caller waited for an answer, as it was heard: what our own clock saw, and what the caller's page says.

Our clock sees the answer's first sound leave, and the report that it was heard come back. Between the two lie the way
to the ear and a way from there to here, which is also what the caller's last word took: `first_audio_ms`, which begins
when that word was here, and those two ways are the whole wait. The page sees the same wait on one clock, from the
caller's last sound to ours, but takes a door for a word. So its figure counts where it fits what our clock saw, and
ours where it does not: no report can say more, or less, than could have been.

An answer that follows at once on the voice it cut has no beginning that an ear could tell: it is heard after our
clock's wait and the way that the call has shown.
"""

import math
from collections import deque
from collections.abc import Callable

from insta_voice.agent.ear import Onset
from insta_voice.agent.record.recorder import OpenTurn
from insta_voice.agent.record.reply import Reply

_WAY_AT_MOST_S = 5.0  # there and back; a connection that was made anew in between says nothing of one answer
# The page hears the level of a voice, we hear a voice: a soft end of a sentence is some tenths of a second. The page's
# figure also holds our jitter buffer: 0.2 s in all in a browser on two overloaded processors.
_APART_MS = 1000.0
# Where the model's server ends turns, the silence it waits for is in the page's figure alone: 8 s at most (OpenAI's
# `semantic_vad` that is not eager).
_UNSEEN_ENDPOINTING_MS = 8000.0
_BEGINS_AFTER_S = 0.3  # of silence at the ear (web/src/features/call/onsets.ts)
_REMEMBERED = 8  # first sounds; a way of 5 s does not hold more


class Sounded:
    """What has begun to sound in one call. `complete` is given each turn of which the wait has become known."""

    def __init__(self, complete: Callable[[OpenTurn], None]) -> None:
        self._complete = complete
        self._begun: deque[tuple[float, Reply | None]] = deque(maxlen=_REMEMBERED)
        self._silent_since = -math.inf
        self._ways_ms: float | None = None  # of the last sound that was told of
        self._reckoned: Reply | None = None  # until a report says better

    def begins(self, reply: Reply | None, at: float) -> None:
        """A first sound leaves, at a moment of the loop's clock: of an answer, which has its `first_audio_ms`, or of
        what the app says itself.
        """
        self._begun.append((at, reply))
        follows_at_once = at - self._silent_since < _BEGINS_AFTER_S
        if follows_at_once and self._ways_ms is not None and reply is not None and _seen_all(reply):
            self._reckoned = reply
            self._known(reply, reply.timings_ms["first_audio_ms"] + self._ways_ms, self._ways_ms)

    def ends(self, at: float) -> None:
        """Our voice falls silent."""
        self._silent_since = at

    def heard(self, onset: Onset) -> None:
        """The caller's page says that a sound of ours has begun. Most are no answer's first: then nothing happens."""
        began_at = onset.arrived_at - onset.sent_after_ms / 1000
        earlier = [each for each in self._begun if each[0] <= began_at]
        if not earlier:
            return
        sounded_at, reply = earlier[-1]
        ways_ms = (began_at - sounded_at) * 1000
        # Who was heard after the answer's first sound had left goes on after a pause, and does not begin.
        goes_on = onset.quiet_ms is not None and onset.quiet_ms < ways_ms
        if goes_on or ways_ms > _WAY_AT_MOST_S * 1000:
            return
        if reply is None:
            self._ways_ms = ways_ms
            return
        if not reply.aloud or ("heard_ms" in reply.timings_ms and reply is not self._reckoned):
            return
        self._ways_ms, self._reckoned = ways_ms, None
        heard_ms = _wait_ms(onset, reply, ways_ms)
        if heard_ms is not None:
            first_ms = reply.timings_ms["first_audio_ms"]
            self._known(reply, heard_ms, heard_ms - first_ms if _seen_all(reply) else ways_ms)

    def _known(self, reply: Reply, heard_ms: float, transport_ms: float) -> None:
        reply.timings_ms["heard_ms"] = round(heard_ms, 1)
        reply.timings_ms["transport_ms"] = round(transport_ms, 1)
        if reply.turn is not None:
            self._complete(reply.turn)


def _seen_all(reply: Reply) -> bool:
    """Whether our clock has seen the caller's last word."""
    return "endpointing_ms" in reply.timings_ms


def _wait_ms(onset: Onset, reply: Reply, ways_ms: float) -> float | None:
    """From the end of the caller's words to the answer's first sound, at their ear. None where nobody can tell: the
    end of the turn was judged elsewhere, and the page says what cannot be.
    """
    least_ms = reply.timings_ms["first_audio_ms"]
    seen_ms = least_ms + ways_ms
    most_ms = seen_ms + _APART_MS + (0.0 if _seen_all(reply) else _UNSEEN_ENDPOINTING_MS)
    if onset.silence_ms is not None and least_ms <= onset.silence_ms <= most_ms:
        return onset.silence_ms
    return seen_ms if _seen_all(reply) else None
