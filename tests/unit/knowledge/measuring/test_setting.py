"""What can be compared, as it is typed."""

import pytest

from insta_voice.errors import InvalidInputError
from insta_voice.knowledge.measuring import Setting, changed_setting, checked_audiences

FIRST = Setting(0.5, ("everyone", "plan:team"))


@pytest.mark.parametrize(
    ("changes", "second"),
    [
        (["KNOWLEDGE_ANSWER_CONFIDENCE=0.7"], Setting(0.7, ("everyone", "plan:team"))),
        (["index=words"], Setting(0.5, ("everyone", "plan:team"), "words")),
        (["audience=everyone,audience=staff"], Setting(0.5, ("everyone", "staff"))),
        (
            ["KNOWLEDGE_ANSWER_CONFIDENCE=1, index=text-embedding-3-small"],
            Setting(1, FIRST.audiences, "text-embedding-3-small"),
        ),
        (["audience=staff", "index=words"], Setting(0.5, ("staff",), "words")),
    ],
)
def test_a_second_setting(changes: list[str], second: Setting) -> None:
    assert changed_setting(FIRST, changes) == second


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("colour=red", "'colour=red' cannot be compared: KNOWLEDGE_ANSWER_CONFIDENCE=0.7, audience=plan:team and"),
        ("index=", "'index=' cannot be compared"),
        ("", "'' cannot be compared"),
        ("KNOWLEDGE_ANSWER_CONFIDENCE=70", "is a number from 0 to 1, and '70' is not"),
        ("KNOWLEDGE_ANSWER_CONFIDENCE=nan", "is a number from 0 to 1, and 'nan' is not"),
        ("KNOWLEDGE_ANSWER_CONFIDENCE=high", "is a number from 0 to 1, and 'high' is not"),
        ("audience=everybody", "'everybody' is no audience"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(change: str, sentence: str) -> None:
    with pytest.raises(InvalidInputError) as wrong:
        changed_setting(FIRST, [change])
    assert sentence in wrong.value.message


def test_only_what_is_answered_may_differ_for_one_search_to_do() -> None:
    assert FIRST.searches_like(Setting(0.9, FIRST.audiences))
    assert not FIRST.searches_like(Setting(0.5, ("everyone",)))
    assert not FIRST.searches_like(Setting(0.5, FIRST.audiences, "words"))
    assert changed_setting(FIRST, ["index=words"]).searches_like(Setting(0.9, FIRST.audiences, "words"))


def test_an_audience_that_no_article_can_have_is_one_sentence() -> None:
    assert checked_audiences(["staff", "everyone", "staff"]) == ("staff", "everyone")
    with pytest.raises(InvalidInputError, match="'team' is no audience"):
        checked_audiences(["everyone", "team"])
