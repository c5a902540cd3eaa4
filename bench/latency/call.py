"""The caller: joins, asks, talks over answers, and notes when what was heard."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bench.latency.cases import Case
from bench.latency.side import Invitation
from bench.latency.sound import (
    DUCK_DB,
    FRAME_MS,
    SILENT_DBFS,
    Levels,
    first_sound_ms,
    longest_hole_ms,
    quiet_after_ms,
    speech_level_dbfs,
    timeline,
)
from bench.latency.voice import Said

from insta_voice.demo.caller import Caller
from insta_voice.demo.microphone import SAMPLE_RATE_HZ, Pcm

_GREETED_WITHIN_S = 30.0
_ANSWERED_WITHIN_S = 15.0
_LONGEST_ANSWER_S = 40.0
_SETTLED_S = 1.2  # longer than any pause between sentences
# After words over an answer: who stopped wrongly goes on after up to 2.8 s (LiveKit), or answers them after more.
_SETTLED_AFTER_BACKCHANNEL_S = 4.0
_ANSWERED_AFTER_TAKING_S = 5.0
_INTO_THE_ANSWER_S = 1.2  # in the middle of its first sentence
_PAUSE_AT_MOST_S = 0.7
_ECHO_S = 0.3  # what is heard so soon after words that took the turn is not yet their answer
_REACTION_MS = 1_500  # a hole that begins later after a backchannel has another reason
_LEVEL_OVER_S: Final = 1.0
_LATE_S: Final = 1.0  # no frame is handed over later, on a machine on which anything can be measured


@dataclass(slots=True)
class Heard:
    """One case as the caller lived it, between two moments of the monotonic clock. None: it did not come to that."""

    case: Case
    began_s: float
    ended_s: float = 0.0
    voice_to_voice_ms: float | None = None
    talked_into: bool = False
    """Something was heard before the caller had finished the question."""

    said_over: bool = False
    """The answer lasted long enough for the caller to say something over it."""

    silent_after_ms: float | None = None
    ducked_after_ms: float | None = None
    hole_ms: float | None = None
    """The longest silence inside the answer; of one with a backchannel, the longest near that."""

    text: str = ""
    understood: str = ""


@dataclass(slots=True)
class Call:
    """From joining to the first sound of the greeting, and the cases. `lost`: it ended before they did."""

    greeted_after_ms: float | None = None
    heard: list[Heard] = field(default_factory=list)
    lost: bool = False


async def hold(invitation: Invitation, cases: Sequence[Case], said: Mapping[Case, Said], caller: Caller) -> Call:
    """Live through the cases in one call; the caller stays in the room."""
    call = Call()
    joined_at_s = time.monotonic()
    await caller.join(invitation.server_url, invitation.token)
    try:
        first_s = await caller.ear.first_sound(joined_at_s, _GREETED_WITHIN_S)
        call.greeted_after_ms = (first_s - joined_at_s) * 1000
        await caller.ear.silence(_LONGEST_ANSWER_S, _SETTLED_S)
        for case in cases:
            heard = await _live(caller, case, said[case])
            if not caller.connected:
                break
            call.heard.append(heard)
    except TimeoutError:
        call.lost = True
    call.lost |= not caller.connected
    return call


async def _live(caller: Caller, case: Case, said: Said) -> Heard:
    heard = Heard(case, time.monotonic())
    asked_s = await caller.microphone.say(said.question)
    first_s = await _first_sound(caller, asked_s, _ANSWERED_WITHIN_S)
    heard.talked_into = any(at_s < asked_s for at_s in caller.ear.sounds_since(heard.began_s))
    if first_s is not None:
        if said.over.size:
            await _talk_over(caller, heard, said.over, first_s)
        else:
            await caller.ear.silence(_LONGEST_ANSWER_S, _SETTLED_S)
            levels = _levels(caller, first_s, time.monotonic())
            heard.hole_ms = longest_hole_ms(levels, begins_within_ms=levels.size * FRAME_MS)
        if not heard.talked_into:
            heard.voice_to_voice_ms = first_sound_ms(_levels(caller, asked_s, time.monotonic()))
    heard.ended_s = time.monotonic()
    lines = [line for line in caller.lines if line.at_s >= heard.began_s]
    heard.text = " ".join(line.text for line in lines if not line.by_caller)
    heard.understood = " ".join(line.text for line in lines if line.by_caller)
    return heard


async def _talk_over(caller: Caller, heard: Heard, words: Pcm, first_s: float) -> None:
    await asyncio.sleep(first_s + _INTO_THE_ANSWER_S - time.monotonic())
    # In a pause between two words nobody can be heard to stop.
    heard.said_over = await _first_sound(caller, time.monotonic(), _PAUSE_AT_MOST_S) is not None
    if not heard.said_over:
        await caller.ear.silence(_LONGEST_ANSWER_S, _SETTLED_S)
        return
    said_s = await caller.microphone.say(words)
    spoken_s = words.size / SAMPLE_RATE_HZ
    if heard.case.kind == "takes_turn":
        await _first_sound(caller, said_s + _ECHO_S, _ANSWERED_AFTER_TAKING_S)
        await caller.ear.silence(_LONGEST_ANSWER_S, _SETTLED_S)
    else:
        await caller.ear.silence(_LONGEST_ANSWER_S, _SETTLED_AFTER_BACKCHANNEL_S)
    began_s = said_s - spoken_s
    levels = _levels(caller, began_s, time.monotonic())
    spoke_dbfs = speech_level_dbfs(_levels(caller, began_s - _LEVEL_OVER_S, began_s))
    ducked_dbfs = max(spoke_dbfs - DUCK_DB, SILENT_DBFS)  # who is silent is ducked
    heard.silent_after_ms = quiet_after_ms(levels, spoken_ms=spoken_s * 1000)
    heard.ducked_after_ms = quiet_after_ms(levels, spoken_ms=spoken_s * 1000, below_dbfs=ducked_dbfs)
    heard.hole_ms = longest_hole_ms(levels, begins_within_ms=spoken_s * 1000 + _REACTION_MS)


def _levels(caller: Caller, from_s: float, to_s: float) -> Levels:
    return timeline(caller.ear.heard_since(from_s - _LATE_S), from_s, to_s)


async def _first_sound(caller: Caller, after_s: float, timeout_s: float) -> float | None:
    try:
        return await caller.ear.first_sound(after_s, timeout_s)
    except TimeoutError:
        return None
