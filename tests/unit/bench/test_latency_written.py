"""What a peer writes down of its turns is what is read of them, each call by itself."""

import time
from pathlib import Path

from bench.latency.side import monotonic_s
from bench.latency.written import Written


def test_turns_are_read_by_their_call(tmp_path: Path) -> None:
    began_s = time.monotonic()
    peer = Written(tmp_path / "peer.jsonl")
    peer.note("one", "caller", "How?")
    peer.note("another", "caller", "Why?")
    peer.note("one", "assistant", "So", interrupted=True)
    turns = Written(tmp_path / "peer.jsonl").turns("one")
    assert [(turn.speaker, turn.text, turn.interrupted) for turn in turns] == [
        ("caller", "How?", False),
        ("assistant", "So", True),
    ]
    assert began_s <= turns[0].at_s <= turns[1].at_s <= time.monotonic()


def test_nothing_is_written_of_a_call_that_nobody_answered(tmp_path: Path) -> None:
    assert Written(tmp_path / "peer.jsonl").turns("one") == []


def test_the_records_clock_is_turned_into_ours() -> None:
    assert abs(monotonic_s(time.time()) - time.monotonic()) < 0.1
