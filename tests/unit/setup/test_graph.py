"""The order of set-up's steps, and what is said when one cannot be done."""

import threading

import pytest
from graph import Progress, Step, StepFailedError, in_order, run_steps


def test_every_step_comes_after_those_it_needs() -> None:
    steps = [Step("page", lambda: None, ("npm",)), Step("npm", lambda: None), Step("uv", lambda: None)]
    assert [step.name for step in in_order(steps)] == ["npm", "page", "uv"]


@pytest.mark.parametrize("after", [("gone",), ("me",)])
def test_an_impossible_order_is_refused(after: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"no step is called gone|me waits for itself"):
        in_order([Step("me", lambda: None, after)])


def test_independent_steps_run_side_by_side() -> None:
    meeting = threading.Barrier(2, timeout=10)  # passes only when both are there at once

    def meet() -> str:
        meeting.wait()
        return "met"

    said: list[str] = []
    run_steps([Step("one", meet), Step("two", meet)], Progress(said.append))
    assert len(said) == 2


def test_a_failure_stops_what_depends_on_it_and_is_raised() -> None:
    done: list[str] = []

    def fail() -> str:
        raise StepFailedError("Install Node.", "the last line")

    def work() -> None:
        done.append("page")

    said: list[str] = []
    with pytest.raises(StepFailedError, match="Install Node") as failure:
        run_steps([Step("npm", fail), Step("page", work, ("npm",))], Progress(said.append))
    assert failure.value.output == "the last line"
    assert done == []
    assert said[0].startswith("  npm                failed (")


def test_one_line_with_seconds_for_what_was_brought_and_none_for_what_was_there() -> None:
    ticks = iter([10.0, 12.5, 20.0, 20.1])
    said: list[str] = []
    progress = Progress(said.append, clock=lambda: next(ticks))
    progress.started("uv")
    progress.done("uv", "installed")
    progress.started("page")
    progress.done("page", None)
    assert said == ["  uv                 installed (2.5 s)"]
