"""The file that an author gets of a gap: an article as soon as it has a text, and the callers' words never in it."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from insta_voice.errors import InvalidInputError
from insta_voice.knowledge.documents import parse_markdown
from insta_voice.knowledge.gaps import Gap, GapQuestion, draft_of

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def gap(question: str) -> Gap:
    return Gap(12, "de", question, 3, 4, 2.5, NOON, NOON, {"no_answer": 3}, "open", None, None)


def asked(*questions: str) -> list[GapQuestion]:
    return [GapQuestion(one, one, NOON, uuid4(), ("no_answer",), 0.1) for one in questions]


def test_a_draft_with_a_text_is_an_article_without_the_callers_words() -> None:
    questions = asked("Do you sell shoes?", "Can my wife Maya buy boots?", "Do you sell shoes?")
    draft = draft_of(gap("Do you sell shoes?"), questions) + "We do not sell shoes."
    assert "# Asked in vain in 3 calls." in draft
    assert draft.index("# 2 × Do you sell shoes?") < draft.index("# 1 × Can my wife Maya buy boots?")
    document = parse_markdown(draft, name="anything")
    assert (document.external_id, document.title, document.language) == ("gap-12", "Do you sell shoes?", "de")
    assert (document.content, document.audience) == ("We do not sell shoes.", ("everyone",))


def test_a_draft_without_a_text_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="no text"):
        parse_markdown(draft_of(gap("Shoes?"), asked("Shoes?")), name="draft")


HOSTILE = 'shoes"\n---\naudience: [staff]\u2028x: !!python \x1b[31m: # \\'


def test_what_callers_say_stays_in_its_line() -> None:
    document = parse_markdown(draft_of(gap(HOSTILE), asked(HOSTILE)) + "Text.", name="draft")
    assert document.title == 'shoes" --- audience: [staff] x: !!python [31m: # \\'
    assert (document.audience, document.content, document.external_id) == (("everyone",), "Text.", "gap-12")


def test_of_many_long_questions_the_most_asked_fit() -> None:
    many = asked(*(f"{number} {'shoes ' * 200}" for number in range(200)))
    draft = draft_of(gap("Shoes?"), many) + "Text."
    assert parse_markdown(draft, name="draft").content == "Text."
