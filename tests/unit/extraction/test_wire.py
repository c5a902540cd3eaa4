"""What the process that reads answers is a stranger's word: it is understood whole, or not at all."""

import json

import pytest

from insta_voice.errors import InvalidInputError
from insta_voice.extraction.found import Found
from insta_voice.extraction.wire import MISUNDERSTOOD, answer, refusal, understand

ONE = {"fields": {"title": "T", "text": "x"}, "reason": "", "line": None, "anchor": ""}


def test_what_was_found_arrives_as_it_was() -> None:
    found = [Found({"title": "T", "text": "x"}, line=2, anchor="t"), Found(reason="The row has no answer.", line=3)]
    assert understand(answer(found)) == found


def test_a_refusal_is_raised_with_its_sentence() -> None:
    with pytest.raises(InvalidInputError, match="It is damaged") as raised:
        understand(refusal("It is damaged.", "KeyError"))
    assert raised.value.detail == "KeyError"


@pytest.mark.parametrize(
    "told",
    [
        [],
        "found",
        {},
        {"found": []},
        {"found": {}},
        {"found": [[]]},
        {"found": [{}]},
        {"found": [ONE], "more": 1},
        {"found": [{**ONE, "more": 1}]},
        {"found": [{**ONE, "fields": []}]},
        {"found": [{**ONE, "fields": {"title": 1}}]},
        {"found": [{**ONE, "reason": None}]},
        {"found": [{**ONE, "line": "2"}]},
        {"found": [{**ONE, "anchor": 1}]},
        {"refused": 1, "detail": ""},
        {"refused": "It is damaged."},
    ],
)
def test_anything_else_is_misunderstood(told: object) -> None:
    with pytest.raises(MISUNDERSTOOD):
        understand(json.dumps(told).encode())


@pytest.mark.parametrize("payload", [b"", b"{", b"\xff", b"[" * 1_000_000], ids=["empty", "cut", "no text", "deep"])
def test_what_is_no_json_is_misunderstood(payload: bytes) -> None:
    with pytest.raises(MISUNDERSTOOD):
        understand(payload)
