"""The demo of a mode is one of that mode's mind: a call goes on without OpenAI, and every answer in it may be right."""

from typing import Any

import pytest

from insta_voice.demo.answered import Answered, answer_to


def caller(text: str) -> dict[str, Any]:
    return {"speaker": "caller", "text": text, "mind": "", "timings_ms": {}}


def assistant(mind: str, first_audio_ms: float = 800.0) -> dict[str, Any]:
    return {"speaker": "assistant", "text": "…", "mind": mind, "timings_ms": {"first_audio_ms": first_audio_ms}}


GREETING = assistant("app")


def test_an_answer_is_what_follows_the_question() -> None:
    turns = [GREETING, caller("How?"), assistant("gpt-realtime", 700.0), caller("And why?"), assistant("grounded")]
    assert answer_to("How?", turns) == Answered(("gpt-realtime",), {"first_audio_ms": 700.0})


def test_a_question_with_a_pause_in_it_is_answered_after_its_end() -> None:
    turns = [GREETING, caller("I deleted a file."), caller("Can I get it back?"), assistant("gpt-5-mini")]
    assert answer_to("I deleted a file. Can I get it back?", turns).minds == ("gpt-5-mini",)


def test_who_takes_over_in_an_answer_is_named_too_and_what_the_app_says_is_no_mind() -> None:
    turns = [caller("How?"), assistant("gpt-realtime"), assistant("app"), assistant("grounded")]
    assert answer_to("How?", turns).minds == ("gpt-realtime", "grounded")


@pytest.mark.parametrize(
    ("minds", "mode", "wrong"),
    [
        (("grounded",), "local", []),
        ((), "local", []),
        (("gpt-realtime",), "realtime", []),
        (("gpt-realtime", "grounded"), "realtime", ["grounded answered"]),
        (("grounded",), "pipeline", ["grounded answered"]),
        ((), "pipeline", ["no answer"]),
    ],
)
def test_a_stand_in_is_a_shortcoming_in_every_mode_but_its_own(
    minds: tuple[str, ...], mode: str, wrong: list[str]
) -> None:
    sentences = Answered(minds).shortcomings(mode)
    assert len(sentences) == len(wrong)
    assert all(part in sentence for part, sentence in zip(wrong, sentences, strict=True))


def test_what_was_not_recorded_has_no_answer() -> None:
    assert answer_to("How?", [GREETING]) == Answered()
