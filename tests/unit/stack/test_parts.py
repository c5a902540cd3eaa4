"""The waits between starts, with the seconds a run lasted given by hand."""

from insta_voice.stack.parts import Backoff


def test_the_wait_doubles_up_to_ten_seconds() -> None:
    backoff = Backoff()
    assert [backoff.delay_after(0.1) for _ in range(7)] == [0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0]


def test_a_run_that_lasted_is_forgiven() -> None:
    backoff = Backoff()
    for _ in range(4):
        backoff.delay_after(1.0)
    assert backoff.delay_after(30.0) == 0.5
    assert backoff.delay_after(1.0) == 1.0
