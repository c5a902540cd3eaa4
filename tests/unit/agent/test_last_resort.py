"""When a call is given up in which nobody stands in for a provider."""

from livekit.agents import APIStatusError

from insta_voice.agent.last_resort import LastResort

REFUSED = APIStatusError("no", status_code=401)
BUSY = APIStatusError("later", status_code=503)


def test_one_failure_is_forgiven_and_two_in_a_row_are_not() -> None:
    ends: list[str] = []
    last = LastResort(lambda: ends.append("end"))
    assert not last.failed("mind", BUSY)
    last.worked("mind")
    assert not last.failed("mind", BUSY)
    assert not last.failed("voice"), "another part"
    assert ends == []
    assert last.failed("mind", BUSY)
    assert ends == ["end"]


def test_a_key_that_is_refused_is_not_tried_again() -> None:
    ends: list[str] = []
    assert LastResort(lambda: ends.append("end")).failed("mind", REFUSED)
    assert ends == ["end"]


def test_a_part_in_whose_place_somebody_stands_is_not_given_up() -> None:
    ends: list[str] = []
    last = LastResort(lambda: ends.append("end"), ("voice", "ears"))
    assert not any(last.failed("mind", REFUSED) for _ in range(5))
    assert [last.failed("ears"), last.failed("ears")] == [False, True]
    assert ends == ["end"]


def test_where_somebody_stands_in_nothing_is_given_up() -> None:
    last = LastResort()
    assert not any(last.failed("ears", REFUSED) for _ in range(5))
