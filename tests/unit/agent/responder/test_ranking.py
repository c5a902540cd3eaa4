"""Which sentence is the answer when the search's scores alone would begin in the middle; scores as it gave them."""

import pytest

from insta_voice.agent.responder.ranking import asks_for_a_way, instructs, ranked
from insta_voice.knowledge.evidence import Evidence, Passage, Sentence


def passage(heading: str, score: float, *sentences: tuple[float, str]) -> Passage:
    found = tuple(Sentence(text, sure) for sure, text in sentences)
    text = " ".join(sentence.text for sentence in found)
    return Passage(len(text), "a", None, 1, "Title", heading, "/help/a", text, score, found)


def first(question: str, *passages: Passage) -> str:
    source, units, place = ranked(Evidence(question, question, passages, 0.9, True))[0]
    assert source in passages
    return units[place].text


FORGOT = 'If you have forgotten your password, choose "Forgot password" on the sign-in page.'
WORKS = "The link works for 60 minutes and can be used once."


def reset(score: float, *scores: float) -> Passage:
    texts = (FORGOT, "We send you a link that lets you set a new password.", WORKS)
    return passage("", score, *zip(scores, texts, strict=True))


def no_mail(score: float, *scores: float) -> Passage:
    texts = ("Check your spam folder.", "If nothing is there after ten minutes, ask for a new link.")
    return passage("If the email does not arrive", score, *zip(scores, texts, strict=True))


@pytest.mark.parametrize(
    ("question", "found", "answer"),
    [
        ("how do i reset my password", (reset(0.78, 0.61, 0.70, 0.11), no_mail(0.65, 0.47, 0.34)), FORGOT),
        ("how long is the password reset link valid", (reset(0.65, 0.34, 0.49, 0.49),), WORKS),
        (
            "i never got the reset email",
            (reset(0.73, 0.67, 0.47, 0.25), no_mail(0.63, 0.45, 0.36)),
            "Check your spam folder.",
        ),
    ],
)
def test_the_answer_begins_where_a_person_would_begin(question: str, found: tuple[Passage, ...], answer: str) -> None:
    assert first(question, *found) == answer


def test_a_price_is_told_by_a_sentence_with_one() -> None:
    plans = passage("", 0.64, (0.24, "We have two plans."), (0.55, "Team costs $12 per seat a month."))
    adds = passage("What Team adds", 0.66, (0.52, "Team includes up to 100 members and 1 terabyte of storage."))
    assert first("what does the team plan cost", adds, plans) == "Team costs $12 per seat a month."


def test_a_section_whose_heading_is_asked_for_is_told_from_its_start() -> None:
    stuck = passage(
        "When sync is stuck", 0.54, (0.27, 'Choose "Pause", then "Resume".'), (0.17, "Two people changed it.")
    )
    sync = passage(
        "", 0.51, (0.17, "Install the app."), (0.38, "Changes are synced within seconds in both directions.")
    )
    assert first("sync is stuck on my computer", stuck, sync) == 'Choose "Pause", then "Resume".'


def test_a_passage_far_below_the_best_is_about_something_else() -> None:
    far = passage("", 0.3, (1.0, "Flying is free."))
    assert first("is flying free", passage("", 0.9, (0.1, "Walking is free.")), far) == "Walking is free."


def test_without_scores_the_words_decide() -> None:
    flat = passage("", 0.0, (0.0, "Walking costs nothing."), (0.0, "Flying to the moon is free."))
    assert first("is flying to the moon free", flat) == "Flying to the moon is free."


def test_what_asks_for_a_way() -> None:
    assert asks_for_a_way("how do i reset my password")
    assert asks_for_a_way("my upload keeps failing")
    assert not asks_for_a_way("what is a guest")
    assert not asks_for_a_way("can i pay by card")


def test_what_tells_what_to_do() -> None:
    assert instructs("Open Settings.")
    assert instructs("To add seats, open Settings.")
    assert instructs("First look into the spam folder.")
    assert not instructs("A guest is free.")
    assert not instructs("")
