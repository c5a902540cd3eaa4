"""One case through the turn engine, window by window, on a virtual clock."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from bench.turn_taking.assistant import Answer, Assistant
from bench.turn_taking.case import Case
from bench.turn_taking.models import Models

from insta_voice.agent.mechanisms import ALL, Mechanisms
from insta_voice.agent.responder.intents import is_request
from insta_voice.agent.turns.engine import TurnEngine
from insta_voice.agent.turns.meaning import Saying
from insta_voice.agent.turns.pacing import Pacing
from insta_voice.agent.turns.ports import SAMPLE_RATE, WINDOW_S, Event, Window

# Before the case the greeting was heard, and no echo of it; where there is one, the case is the beginning of the call.
_GREETED_S = 3.2
_ROOM_DBFS = -60.0


@dataclass(slots=True)
class Trace:
    """What happened, in seconds since the case began: the engine's events, the answers, and what the models said."""

    events: list[tuple[float, Event]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    notes: list[tuple[float, str]] = field(default_factory=list)


async def play(case: Case, models: Models, pacing: Pacing | None = None, mechanisms: Mechanisms = ALL) -> Trace:
    """To be run on a virtual clock."""
    loop = asyncio.get_running_loop()
    windows = await models.windows(case.pcm)
    greeted_s = 0.0 if case.plan.echo_db is not None else _GREETED_S
    began = loop.time() + greeted_s
    trace = Trace()
    assistant = Assistant(lambda: loop.time() - began, case.plan.assistant_until_s)

    def note(said: str) -> None:
        trace.notes.append((loop.time() - began, said))

    end_of_turn = models.end_of_turn(note)
    engine = TurnEngine(
        models.recognizer(note),
        end_of_turn,
        assistant_audible=assistant.audible,
        saying=lambda: Saying(case.plan.assistant_says, asks=case.plan.assistant_says.rstrip().endswith("?")),
        is_request=is_request,
        pacing=pacing or Pacing(),
        mechanisms=mechanisms,
    )
    engine.reply_pending = assistant.reply_pending
    try:
        async for event in engine.events(_live([*_room(greeted_s), *windows], began - greeted_s)):
            trace.events.append((loop.time() - began, event))
            assistant.take(event)
    finally:
        await end_of_turn.aclose()
    trace.answers = assistant.answers
    return trace


def _room(seconds: float) -> list[Window]:
    """What the microphone of a caller with headphones hears of the greeting."""
    noise = (
        np.random.default_rng(seed=0).standard_normal(round(WINDOW_S * SAMPLE_RATE)) * 32768 * 10 ** (_ROOM_DBFS / 20)
    )
    return [Window(noise.astype("<i2").tobytes(), 0.01)] * round(seconds / WINDOW_S)


async def _live(windows: Sequence[Window], began: float) -> AsyncIterator[Window]:
    """Each when its last sample was spoken."""
    loop = asyncio.get_running_loop()
    spoken_s = 0.0
    for window in windows:
        spoken_s += window.duration_s
        await asyncio.sleep(began + spoken_s - loop.time())
        yield window
