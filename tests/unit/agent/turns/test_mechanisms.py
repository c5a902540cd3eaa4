"""What a turn is without one of the mechanisms: a measurement leaves out that one, and nothing else."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from tests.support.virtual_clock import run_virtual
from tests.support.voices import ScriptedEndOfTurn, ScriptedRecognizer, Words, live, silence

from insta_voice.agent.mechanisms import ALL, NAMES, Mechanisms
from insta_voice.agent.turns.engine import TurnEngine
from insta_voice.agent.turns.ports import BargeIn, Ended, Event, Heard, Held, Window

QUESTION, MORE = "how do I reset my password?", "on my new phone"
Part = Callable[[Words], Iterator[Window]]


def say(text: str) -> Part:
    return lambda words: words.windows(text)


def wait(seconds: float) -> Part:
    return lambda words: silence(seconds)


def events(mechanisms: Mechanisms, *parts: Part, audible_until_s: float = 0.0) -> list[tuple[float, Event]]:
    async def played() -> list[tuple[float, Event]]:
        loop, words = asyncio.get_running_loop(), Words()
        began = loop.time()
        engine = TurnEngine(
            ScriptedRecognizer(words, delay_s=0.06),
            ScriptedEndOfTurn(words),
            assistant_audible=lambda: loop.time() - began < audible_until_s,
            mechanisms=mechanisms,
            clock=loop.time,
        )
        windows = live(*(part(words) for part in (wait(0.5), *parts, wait(4))))
        return [(loop.time() - began, event) async for event in engine.events(windows)]

    return run_virtual(played())


def first(kind: type, told: list[tuple[float, Event]]) -> float:
    return next(at for at, event in told if isinstance(event, kind))


def ended(told: list[tuple[float, Event]]) -> list[Ended]:
    return [event for _, event in told if isinstance(event, Ended)]


@pytest.mark.parametrize("name", NAMES)
def test_one_is_left_out_by_its_name(name: str) -> None:
    without = Mechanisms.without(name)
    assert [each for each in NAMES if not getattr(without, each)] == [name]


def test_without_drafts_words_are_known_in_the_silence_and_not_before() -> None:
    spoken_until = 0.5 + 6 * 0.256
    assert first(Heard, events(ALL, say(QUESTION))) < spoken_until
    assert first(Heard, events(Mechanisms.without("drafts"), say(QUESTION))) > spoken_until


def test_without_words_a_whole_question_is_waited_for_like_anything() -> None:
    (with_words,) = ended(events(ALL, say(QUESTION)))
    (without,) = ended(events(Mechanisms.without("words"), say(QUESTION)))
    assert with_words.timings_ms["endpointing_ms"] < 400
    assert without.timings_ms["endpointing_ms"] > 500


def test_without_holding_the_assistant_goes_on_until_words_end_it() -> None:
    spoken = (say("no wait stop it now"),)
    held = events(ALL, *spoken, audible_until_s=3.0)
    without = events(Mechanisms.without("holding"), *spoken, audible_until_s=3.0)
    assert first(Held, held) < first(BargeIn, held)
    assert not [event for _, event in without if isinstance(event, Held)]
    assert first(BargeIn, without) == first(BargeIn, held)


def test_without_joining_what_follows_is_a_turn_of_its_own() -> None:
    parts = (say(QUESTION), wait(0.7), say(MORE))
    assert [turn.text for turn in ended(events(ALL, *parts))] == [QUESTION, f"{QUESTION} {MORE}"]
    assert [turn.text for turn in ended(events(Mechanisms.without("joining"), *parts))] == [QUESTION, MORE]


def test_without_habit_who_was_cut_short_is_waited_for_no_longer() -> None:
    parts = (say(QUESTION), wait(0.7), say(MORE), wait(4), say(QUESTION))
    assert ended(events(ALL, *parts))[-1].timings_ms["endpointing_ms"] > 450
    assert ended(events(Mechanisms.without("habit"), *parts))[-1].timings_ms["endpointing_ms"] < 400
