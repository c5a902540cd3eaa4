"""In which order parts are stopped."""

import pytest

from insta_voice.stack.supervisor import stop_waves


def test_those_that_need_others_stop_first() -> None:
    needs = {"postgres": (), "livekit": (), "api": (), "worker": ("postgres", "livekit", "api"), "jobs": ("postgres",)}
    assert stop_waves(needs) == [["worker", "jobs"], ["postgres", "livekit", "api"]]


def test_a_need_that_runs_elsewhere_is_no_obstacle() -> None:
    assert stop_waves({"worker": ("livekit",)}) == [["worker"]]


def test_a_circle_is_refused() -> None:
    with pytest.raises(ValueError, match="circle"):
        stop_waves({"a": ("b",), "b": ("a",)})
