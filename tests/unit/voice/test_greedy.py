"""Decoding with a draft says what decoding without it says, in fewer steps; a decoder of a script shows each step."""

import math
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from insta_voice.voice.local.greedy import GreedyDecoder
from insta_voice.voice.local.moonshine_tokens import END, TokenList

SAID = list(range(10, 22))  # twelve tokens
WRONG, LOST, DIGIT, YOU = 40, 41, 42, 43
HIDDEN = np.zeros((1, 3, 416), np.float32)
_PAST = "past_key_values.0."
_NAMES = ("decoder.key", "encoder.key")


class Scripted:
    """In the place of the merged decoder: says its script to the end, and is lost where what it was given is none of
    it. What it was given before is kept in the keys, a token each.
    """

    def __init__(self, script: Sequence[int], *, end: float = 0.99, begins_with_end: float = 0.0) -> None:
        """`end` is how probable the end is where the script has it, `begins_with_end` at its beginning."""
        self._script = list(script)
        self._end = end
        self._begins_with_end = begins_with_end
        self.asked: list[int] = []  # how many tokens were read at a time

    def get_inputs(self) -> list[Any]:
        return [SimpleNamespace(name=_PAST + name, shape=[1, 1, 0, 1]) for name in _NAMES]

    def get_outputs(self) -> list[Any]:
        return [SimpleNamespace(name=name) for name in ("logits", *(f"present.0.{name}" for name in _NAMES))]

    def run(self, _: list[str], feeds: dict[str, Any]) -> list[Any]:
        cached, (ids,) = bool(feeds["use_cache_branch"][0]), feeds["input_ids"]
        before, encoded = (feeds[_PAST + name] for name in _NAMES)
        assert (encoded.size > 0) == cached, "what was encoded is read once, and needed from then on"
        self.asked.append(len(ids))
        keys = np.concatenate([before, np.array(ids, np.float32).reshape(1, 1, -1, 1)], axis=2)
        given = [int(key) for key in keys[0, 0, :, 0]]
        rows = [self._follows(given[1 : before.shape[2] + place + 1]) for place in range(len(ids))]
        return [np.array([rows], np.float32), keys, np.zeros((1, 1, 0 if cached else 3, 1), np.float32)]

    def _follows(self, given: list[int]) -> list[float]:
        """Logits of what comes after `given`."""
        token, probability = LOST, 0.99
        if given == self._script:
            token, probability = END, self._end
        elif given == self._script[: len(given)]:
            token, probability = self._script[len(given)], 0.9
        if not given and self._begins_with_end:
            token, probability = END, self._begins_with_end
        logits = [-30.0] * 50
        logits[WRONG if token == self._script[0] else self._script[0]] = math.log(1 - probability)
        logits[token] = math.log(probability)
        return logits


class Tokens:
    """Of which one is a digit, and one is what music is taken for."""

    def has_digit(self, token: int) -> bool:
        return token == DIGIT

    def word(self, text: str) -> int:
        assert text == "You"
        return YOU


def decoded(session: Scripted, *, draft: Sequence[int] = (), limit: int = 40) -> tuple[list[int], list[float]]:
    decoder = GreedyDecoder(cast(Any, session), cast(TokenList, Tokens()))
    return decoder.decode(HIDDEN, limit, draft)


@pytest.mark.parametrize(
    ("draft", "asked"),
    [
        ([], [1] * 13),
        (SAID, [13]),
        (SAID[:10], [11, 1, 1]),
        ([*SAID, WRONG], [14]),
        ([*SAID[:3], WRONG, *SAID[4:]], [13, 1, 13]),  # another word
        ([*SAID[:3], *SAID[4:]], [12, 1, 13]),  # a word is new
        ([*SAID[:3], WRONG, *SAID[3:]], [14, 13]),  # a word is gone
        ([*SAID[:3], WRONG, WRONG, WRONG, *SAID[4:]], [15, *[1] * 9]),  # nothing fits soon
        ([*SAID[:7], WRONG, *SAID[8:]], [13, *[1] * 5]),  # too little is left
    ],
)
def test_what_a_draft_has_right_is_read_at_once(draft: list[int], asked: list[int]) -> None:
    session = Scripted(SAID)
    assert decoded(session, draft=draft)[0] == SAID
    assert session.asked == asked


def test_a_draft_that_is_wrong_in_many_places_is_not_read_again_for_ever() -> None:
    said = list(range(10, 40))
    session = Scripted(said)
    draft = [WRONG if place % 5 == 4 else token for place, token in enumerate(said)]
    assert decoded(session, draft=draft)[0] == said
    assert len([count for count in session.asked if count > 1]) == 3


@pytest.mark.parametrize("draft", [[], SAID])
def test_no_more_is_said_than_may_be(draft: list[int]) -> None:
    assert decoded(Scripted(SAID), draft=draft, limit=5)[0] == SAID[:5]


def test_every_token_has_its_probability() -> None:
    ids, logprobs = decoded(Scripted([30, 10, 10, 10]))
    assert ids == [30, 10]
    assert logprobs == pytest.approx([math.log(0.9)] * 2, abs=0.001)


def test_a_decoder_that_repeats_itself_is_stopped_but_digits_are_said_as_often_as_they_are_said() -> None:
    runs_away, number = Scripted([10] * 30), Scripted([DIGIT] * 12)
    decoded(runs_away)
    assert len(runs_away.asked) == 8
    assert decoded(number)[0] == [DIGIT] * 12


@pytest.mark.parametrize(("nothing", "said"), [(0.95, []), (0.8, SAID), (0.5, SAID)])
def test_that_nothing_was_said_has_to_be_sure(nothing: float, said: list[int]) -> None:
    """Story: "eight five five seven" between two pauses was half believed to be nothing, and left out."""
    assert decoded(Scripted(SAID, begins_with_end=nothing))[0] == said


def test_music_need_not_surely_be_nothing() -> None:
    assert decoded(Scripted([YOU, *SAID], begins_with_end=0.5))[0] == []


def test_the_end_of_what_was_said_need_not_be_sure() -> None:
    assert decoded(Scripted(SAID, end=0.6))[0] == SAID
