"""How the cases of the latency bench are counted: each share of those that it can be said of."""

from dataclasses import replace

import pytest
from bench.latency.outcome import CallOutcome, CaseOutcome
from bench.latency.score import Share, score, spread
from bench.latency.table import table

ANSWERED = CaseOutcome(
    kind="question",
    question="How?",
    over="",
    voice_to_voice_ms=500.0,
    talked_into=False,
    silent_after_ms=None,
    ducked_after_ms=None,
    hole_ms=300.0,
    said_over=False,
    whole=True,
    abandoned=False,
    understood="How?",
    answer="So.",
    parts_ms={},
)
TAKEN = replace(ANSWERED, kind="takes_turn", said_over=True, silent_after_ms=400.0, ducked_after_ms=100.0)
PASSED = replace(ANSWERED, kind="backchannel", said_over=True, hole_ms=0.0)
PAUSED = replace(ANSWERED, kind="pause")


def call(*cases: CaseOutcome) -> CallOutcome:
    return CallOutcome(
        greeted_after_ms=900.0, lost=False, lasted_s=50.0, used_s={"us": 10.0}, memory_mb=150.0, cases=list(cases)
    )


def test_the_wait_is_of_every_question_in_one_breath() -> None:
    never = replace(ANSWERED, voice_to_voice_ms=None)
    found = score([call(ANSWERED, replace(TAKEN, voice_to_voice_ms=700.0), never), call(PAUSED)])
    assert found.voice_to_voice is not None
    assert (found.voice_to_voice.count, found.voice_to_voice.p50.value) == (2, 600.0)
    assert found.unanswered == Share(1, 3)


def test_who_is_not_silent_within_two_seconds_has_not_yielded() -> None:
    slow, never, answer_too_short = (
        replace(TAKEN, silent_after_ms=2_010.0),
        replace(TAKEN, silent_after_ms=None),
        replace(TAKEN, said_over=False),
    )
    found = score([call(TAKEN, slow, never, answer_too_short)])
    assert found.yielded == Share(1, 3)


def test_silence_from_the_first_moment_is_a_yield() -> None:
    assert score([call(replace(TAKEN, silent_after_ms=0.0))]).yielded == Share(1, 1)


def test_a_backchannel_stops_who_is_silent_long_or_never_goes_on() -> None:
    found = score([call(PASSED, replace(PASSED, hole_ms=900.0), replace(PASSED, abandoned=True))])
    assert (found.stopped, found.abandoned) == (Share(2, 3), Share(1, 3))


def test_a_paused_sentence_is_split_or_talked_into() -> None:
    found = score([call(PAUSED, replace(PAUSED, whole=False), replace(PAUSED, talked_into=True))])
    assert (found.split, found.talked_into) == (Share(1, 3), Share(1, 3))


def test_what_a_part_used_is_of_the_time_that_calls_lasted() -> None:
    assert score([call(), call()]).used_percent == {"us": 20.0}


def test_an_interval_holds_its_figure_and_narrows_with_more() -> None:
    few, many = spread([100.0, 200.0, 300.0]), spread([100.0, 200.0, 300.0] * 30)
    assert few is not None
    assert many is not None
    assert few.p50.low <= few.p50.value <= few.p50.high
    assert many.p50.high - many.p50.low < few.p50.high - few.p50.low
    assert spread([None]) is None


def test_the_table_has_a_column_for_each_side() -> None:
    slower = score([call(replace(ANSWERED, voice_to_voice_ms=1_000.0))])
    scores = {"us": score([call(ANSWERED, TAKEN, PASSED, PAUSED)]), "livekit": slower, "tuned": score([call()])}
    _, _, *lines = table(scores, "responder").splitlines()
    assert lines[0] == "| ms | us | livekit | tuned |"
    assert {line.count("|") for line in lines} == {5}
    assert "| backchannels and coughs that stop it | 0 of 1 | — | — |" in lines
    assert "| the first side's / this one's, p50 and p95 | — | 0.50 and 0.50 | — |" in lines


@pytest.mark.parametrize("percent", [50, 95])
def test_percentiles_are_of_what_was_measured(percent: int) -> None:
    found = spread([float(ms) for ms in range(101)])
    assert found is not None
    assert (found.p50 if percent == 50 else found.p95).value == percent
