"""Facts from elsewhere: only the allowed ones, and only what can be said."""

from insta_voice.customers.accounts.facts import allowed


def test_the_list_decides_and_gives_the_order() -> None:
    assert list(allowed({"a": 1, "b": 2, "c": 3}, ("c", "a", "missing"))) == ["c", "a"]


def test_plain_values_stay_as_they_are() -> None:
    facts = {"text": "Team", "count": 3, "share": 0.5, "on": False, "tags": ["a", 2], "invoice": {"amount": 10}}
    assert allowed(facts, tuple(facts)) == facts


def test_what_cannot_be_said_is_left_out() -> None:
    facts = {
        "nothing": None, "empty": "  ", "endless": float("inf"), "deep": {"a": {"b": 1}}, "lists": [[1], {"a": 1}],
        "bell": "a\u0007\u0000b", "long": "x" * 1000, "many": list(range(100)),
    }  # fmt: skip
    told = allowed(facts, tuple(facts))
    assert set(told) == {"bell", "long", "many"}
    assert "\u0000" not in told["bell"]
    assert len(told["long"]) == 300
    assert len(told["many"]) == 20
