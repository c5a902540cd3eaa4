"""What was heard becomes questions: no fillers, parts apart, follow-ups seen as such."""

import pytest

from insta_voice.knowledge.questions import MAX_PARTS, Continuation, asks, continuation, split_questions, strip_fillers


@pytest.mark.parametrize(
    ("heard", "asked"),
    [
        ("um, hi there, how do I reset my password?", "how do I reset my password?"),
        ("So can you tell me what a guest can do please", "what a guest can do"),
        ("Yeah okay, I have a question about that. How long is it?", "How long is it?"),
        ("how do I uh change it", "how do I change it"),
        ("hello", ""),
        ("um", ""),
        ("and what does it cost, please?", "and what does it cost?"),
    ],
)
def test_fillers_go(heard: str, asked: str) -> None:
    assert strip_fillers(heard) == asked


@pytest.mark.parametrize(
    ("heard", "parts"),
    [
        ("how do I invite a colleague and what does it cost?", ["how do I invite a colleague", "what does it cost?"]),
        ("Where are my invoices? And can I pay by transfer?", ["Where are my invoices?", "can I pay by transfer?"]),
        ("I lost my phone. How do I sign in?", ["I lost my phone. How do I sign in?"]),
        ("How do I sign in? I lost my phone.", ["How do I sign in? I lost my phone."]),
        ("Can I export and import data?", ["Can I export and import data?"]),
        ("I reset it and when I log in it says invalid", ["I reset it and when I log in it says invalid"]),
        (
            "what happens if I downgrade and have too many files",
            ["what happens if I downgrade and have too many files"],
        ),
        ("what is two factor and how do I turn it on", ["what is two factor", "how do I turn it on"]),
        ("hello", []),
        ("", []),
    ],
)
def test_parts(heard: str, parts: list[str]) -> None:
    assert [part.text for part in split_questions(heard)] == parts


def test_no_more_than_three_parts_and_nothing_lost() -> None:
    heard = "how do I add seats and how do I pay and what is a guest and can I export files"
    parts = split_questions(heard)
    assert len(parts) == MAX_PARTS
    assert all(word in " ".join(p.text for p in parts) for word in ("seats", "pay", "guest", "export"))


@pytest.mark.parametrize(
    ("question", "hangs"),
    [
        ("and if I don't get the email?", Continuation.CERTAIN),
        ("what about business?", Continuation.CERTAIN),
        ("and the business plan?", Continuation.CERTAIN),
        ("how much is it?", Continuation.CERTAIN),
        ("why?", Continuation.CERTAIN),
        ("can it be extended?", Continuation.POSSIBLE),
        ("is there a rate limit?", Continuation.POSSIBLE),
        ("how do I change my email address?", Continuation.NONE),
        ("and how do I change my email address?", Continuation.NONE),
        ("is it possible to restore a deleted file?", Continuation.NONE),
    ],
)
def test_follow_ups(question: str, hangs: Continuation) -> None:
    assert continuation(question) is hangs


@pytest.mark.parametrize("heard", ["ok, how do I pay", "Thanks. That helped. And what about guests", "my invoice?"])
def test_a_question_is_seen_among_other_words_and_without_its_mark(heard: str) -> None:
    assert asks(heard)


@pytest.mark.parametrize("heard", ["", "um", "Thanks. That helped.", "that is very kind of you"])
def test_a_statement_asks_nothing(heard: str) -> None:
    assert not asks(heard)
