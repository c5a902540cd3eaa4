"""The demo's figures: percentiles over questions only, and one document for machines."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from insta_voice.demo.answered import Answered
from insta_voice.demo.caller import Reply
from insta_voice.demo.report import as_json, percentiles, print_outcome, print_timings, print_verdict
from insta_voice.demo.run import Outcome


def outcome(said: str, took_ms: float, *missing: str) -> Outcome:
    reply = Reply(10.0, 10.0 + took_ms / 1000, 12.0, "We send you a link.", said, ())
    return Outcome(1, said, reply, missing, Answered(("gpt-5-mini",), {"mind_ms": 3.4}))


def test_the_greeting_does_not_count() -> None:
    p50_ms, _ = percentiles([outcome("", 9000), outcome("a", 1000), outcome("b", 2000), outcome("c", 3000)])
    assert p50_ms == pytest.approx(2000)


def test_one_shortcoming_fails_the_whole() -> None:
    assert as_json([outcome("a", 1000), outcome("b", 1000)], "local")["passed"]
    assert not as_json([outcome("a", 1000), outcome("b", 1000, "“link” was not heard")], "local")["passed"]
    unfit = replace(outcome("b", 1000), unfit=("grounded answered",))
    report = as_json([outcome("a", 1000), unfit], "pipeline")
    assert (report["passed"], report["turns"][1]["missing"]) == (False, ("grounded answered",))


def test_the_end_says_which_expectations_were_not_met() -> None:
    console = Console(file=io.StringIO(), soft_wrap=True)
    print_verdict(console, [outcome("", 900), outcome("a", 1000)])
    assert console.file.getvalue() == ""  # type: ignore[attr-defined]
    unfit = replace(outcome("Do you have [training]?", 1000, "“link” was not heard"), unfit=("grounded answered",))
    print_verdict(console, [outcome("", 900, "“hello” was not heard"), outcome("a", 1000), unfit])
    assert console.file.getvalue() == (  # type: ignore[attr-defined]
        "Not as expected: greeting of call 1: “hello” was not heard; “Do you have [training]?”: “link” was not heard; "
        "“Do you have [training]?”: grounded answered.\n"
    )


@pytest.mark.parametrize(("mode", "named"), [("local", False), ("pipeline", True), ("realtime", True)])
def test_who_answered_is_said_where_another_could_have(mode: str, named: bool) -> None:
    console = Console(file=io.StringIO(), width=200)
    unfit = replace(outcome("b", 1000), unfit=("grounded answered",))
    print_timings(console, [outcome("a", 1000), unfit], mode)
    printed = console.file.getvalue()  # type: ignore[attr-defined]
    assert ("gpt-5-mini" in printed) is named
    assert "“b”: grounded answered" in printed
    assert ("no time of its mind" in printed) is (mode == "realtime")


def test_what_was_understood_is_shown_where_it_differs() -> None:
    console = Console(file=io.StringIO(), width=200)
    reply = Reply(0, 1, 2, "Yes.", "How do I recent my password?", ())
    print_outcome(console, Outcome(1, "How do I reset my password?", reply, ()))
    assert "recent my password" in console.file.getvalue()  # type: ignore[attr-defined]


def test_what_an_article_says_is_text_and_not_markup() -> None:
    console = Console(file=io.StringIO(), width=200)
    reply = Reply(0, 1, 2, "Open [Settings] and [/] choose [bold]", "x", ())
    print_outcome(console, Outcome(1, "x", reply, ()))
    assert "Open [Settings] and [/] choose [bold]" in console.file.getvalue()  # type: ignore[attr-defined]
