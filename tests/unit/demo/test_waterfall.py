"""Where the wait for each answer went, as the demo draws it."""

import io

import pytest
from rich.console import Console

from insta_voice.demo.answered import Answered
from insta_voice.demo.caller import Reply
from insta_voice.demo.run import Outcome
from insta_voice.demo.waterfall import (
    ENDPOINTING,
    MIND,
    RECOGNITION,
    RETRIEVAL,
    TRANSPORT,
    VOICE,
    Part,
    print_waterfall,
    spans,
)

PARTS = {"endpointing_ms": 400.0, "recognition_ms": 200.0, "retrieval_ms": 50.0, "mind_ms": 50.0}
WHOLE = {**PARTS, "first_audio_ms": 700.0, "heard_ms": 800.0, "transport_ms": 100.0}


def outcome(said: str, parts_ms: dict[str, float], *, at_the_ear_ms: float = 810.0) -> Outcome:
    reply = Reply(10.0, 10.0 + at_the_ear_ms / 1000, 12.0, "We send you a link.", said, ())
    return Outcome(1, said, reply, (), Answered(("grounded",), parts_ms))


def drawn(*outcomes: Outcome) -> list[str]:
    console = Console(file=io.StringIO(), width=100)
    print_waterfall(console, list(outcomes))
    return console.file.getvalue().splitlines()  # type: ignore[attr-defined,no-any-return]


def ends(parts_ms: dict[str, float]) -> dict[Part, tuple[float, float]]:
    return {span.part: (span.from_ms, pytest.approx(span.to_ms)) for span in spans(outcome("How?", parts_ms))}


def test_one_part_begins_where_the_one_before_ends_and_recognition_lies_in_endpointing() -> None:
    assert ends(WHOLE) == {
        ENDPOINTING: (0, 400),
        RECOGNITION: (200, 400),
        RETRIEVAL: (400, 450),
        MIND: (450, 500),
        VOICE: (500, 700),
        TRANSPORT: (700, 800),
    }


def test_what_ran_ahead_of_the_end_of_the_turn_takes_no_more_than_there_was() -> None:
    found_ahead = ends({**WHOLE, "retrieval_ms": 500.0, "recognition_ms": 900.0})
    assert (found_ahead[RETRIEVAL], found_ahead[MIND], found_ahead[VOICE]) == ((400, 700), (700, 700), (700, 700))
    assert found_ahead[RECOGNITION] == (0, 400)


def test_a_turn_that_a_server_ended_was_waited_for_before_anything_here() -> None:
    seen = ends({"first_audio_ms": 300.0, "heard_ms": 900.0, "transport_ms": 100.0})
    assert (seen[ENDPOINTING], seen[VOICE], seen[TRANSPORT]) == ((0, 500), (500, 800), (800, 900))


def test_where_nobody_told_when_it_was_heard_the_ear_of_the_demo_did() -> None:
    assert ends({**PARTS, "first_audio_ms": 700.0})[TRANSPORT] == (700, pytest.approx(810))


def test_each_question_is_one_line_of_a_hundred_columns_on_the_same_axis() -> None:
    long = "How do I invite a colleague, and what does the [team] plan cost?"
    lines = drawn(outcome("", {}), outcome(long, WHOLE), outcome("And why?", {**WHOLE, "heard_ms": 1600.0}))
    assert max(map(len, lines)) <= 100
    first, second, axis, legend = lines[-4:]
    assert first.startswith("How do I invite a colleag… ░")
    assert (first[-7:], second[-7:]) == (" 800 ms", "1600 ms")
    assert (first.count("─"), second.count("─")) == (4, 36), "64 columns are 1600 ms"
    assert axis.split() == ["0", "200", "400", "600", "800", "1000", "1200", "1400", "1600"]
    assert all(f"{part.sign} {part.name}" in legend for part in (ENDPOINTING, RECOGNITION, RETRIEVAL, MIND, VOICE))


@pytest.mark.parametrize(
    ("longest_ms", "ticks"),
    [
        (640.0, ["0", "100", "200", "300", "400", "500", "600"]),
        (2500.0, ["0", "500", "1000", "1500", "2000", "2500"]),
        (9000.0, ["0", "1000", "2000", "3000", "4000", "5000", "6000", "7000", "8000", "9000"]),
    ],
)
def test_the_numbers_of_the_axis_do_not_touch(longest_ms: float, ticks: list[str]) -> None:
    lines = drawn(outcome("How?", {"first_audio_ms": longest_ms, "heard_ms": longest_ms}))
    assert lines[-2].split() == ticks
    assert max(map(len, lines)) <= 100


def test_without_a_question_there_is_nothing_to_draw() -> None:
    assert drawn(outcome("", {})) == []
