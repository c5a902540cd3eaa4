"""The file of questions: the forms that are taken, and a sentence for each line that is not."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.support.knowledge import DEMO

from insta_voice.errors import InvalidInputError
from insta_voice.knowledge.listing import ListedArticle
from insta_voice.knowledge.measuring import LeftOut, Question, read_questions
from insta_voice.knowledge.measuring.expectations import Hidden, hidden_from, known_questions
from insta_voice.knowledge.versions.history import Version


def written(folder: Path, *lines: str | dict[str, object]) -> Path:
    path = folder / "questions.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), "utf-8")
    return path


def test_the_forms_that_are_taken(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        {"id": "q1", "text": "One?", "relevant": ["a", "b", "a"], "answerable": True, "source": "anything"},
        "",
        {"id": 7, "text": "Graded?", "relevant": {"a": 3, "b": 0.5, "c": 0}},
        {"text": "Nobody knows?", "relevant": []},
        {"text": "Judged and none?", "relevant": {"a": 0}, "answerable": False},
        '{"text": "One\u2028line?", "relevant": []}',
    )
    questions, left_out = read_questions(path)
    assert left_out == []
    assert questions == [
        Question(1, "One?", {"a": 1.0, "b": 1.0}, "q1"),
        Question(3, "Graded?", {"a": 3.0, "b": 0.5}, 7),
        Question(4, "Nobody knows?"),
        Question(5, "Judged and none?"),
        Question(6, "One\u2028line?"),
    ]
    assert [question.answerable for question in questions] == [True, True, False, False, False]


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"text": "One?", "relevant": []}\r\n', "utf-8-sig")
    assert read_questions(path) == ([Question(1, "One?")], [])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "This is not JSON."),
        ("[" * 100_000, "This is not JSON."),
        ("[]", 'This is not an object with "text" and "relevant".'),
        ({"relevant": []}, 'There is no "text".'),
        ({"text": " ", "relevant": []}, 'There is no "text".'),
        ({"text": "a\0b", "relevant": []}, 'The "text" has characters that cannot be stored.'),
        ('{"text": "\\ud800", "relevant": []}', 'The "text" has characters that cannot be stored.'),
        ({"text": "A", "id": [], "relevant": []}, 'The "id" is neither a text nor a whole number.'),
        ({"text": "A"}, '"relevant" does not name the articles that answer: ["id", …], or [] where none does.'),
        (
            {"text": "A", "relevant": "a"},
            '"relevant" does not name the articles that answer: ["id", …], or [] where none does.',
        ),
        (
            {"text": "A", "relevant": [["a"]]},
            '"relevant" does not name the articles that answer: ["id", …], or [] where none does.',
        ),
        ({"text": "A", "relevant": {"a": -1}}, 'A grade in "relevant" is not a number from 0 to 100.'),
        ({"text": "A", "relevant": {"a": True}}, 'A grade in "relevant" is not a number from 0 to 100.'),
        ({"text": "A", "relevant": {"a": 10**400}}, 'A grade in "relevant" is not a number from 0 to 100.'),
        ('{"text": "A", "relevant": {"a": NaN}}', 'A grade in "relevant" is not a number from 0 to 100.'),
        ({"text": "A", "relevant": [], "answerable": True}, '"answerable" is true, and "relevant" names no article.'),
        (
            {"text": "A", "relevant": ["a"], "answerable": False},
            '"answerable" is false, and "relevant" names articles.',
        ),
    ],
)
def test_a_line_that_is_no_question_is_one_sentence(tmp_path: Path, line: str | dict[str, object], reason: str) -> None:
    good = {"text": "B", "relevant": []}
    assert read_questions(written(tmp_path, good, line, good)) == (
        [Question(1, "B"), Question(3, "B")],
        [LeftOut(2, reason)],
    )


def test_what_is_no_text_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for path, sentence in (
        (tmp_path, "cannot be read as text"),
        (tmp_path / "binary", "cannot be read as text"),
        (tmp_path / "missing", "There is nothing at "),
    ):
        with pytest.raises(InvalidInputError, match=sentence):
            read_questions(path)


WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)
TODAY = date(2026, 11, 27)


def listed(
    article_id: str, *audience: str, status: str = "published", first: date | None = None, last: date | None = None
) -> ListedArticle:
    heard_by = audience or ("everyone",)
    return ListedArticle(article_id, article_id, heard_by, (), None, first, last, status, 1, 1, WRITTEN)


def draft(article_id: str, published: int | None = None) -> Version:
    return Version("5f1c", article_id, 2, article_id, "draft", published, "test", WRITTEN, published, 2)


def test_an_expected_article_that_is_not_there_is_named() -> None:
    questions = [Question(1, "A?", {"a": 1}), Question(4, "B?", {"a": 1, "gone": 1, "old": 1}), Question(5, "C?")]
    assert known_questions(questions, [listed("a"), listed("old", status="archived")], [], TODAY) == (
        [questions[0], questions[2]],
        [LeftOut(4, "There is no article gone. The article old is not heard (not published).")],
    )


def test_an_expected_article_that_nobody_hears_is_named_with_the_reason() -> None:
    articles = [
        listed("until today", last=TODAY),
        listed("from today", first=TODAY),
        listed("past", last=date(2026, 11, 26)),
        listed("to come", first=date(2026, 11, 28)),
    ]
    questions = [Question(line, "Q?", {article.article_id: 1}) for line, article in enumerate(articles, 1)]
    questions.append(Question(5, "New?", {"new": 1}))
    drafts = [draft("new"), draft("until today", 1)]
    assert known_questions(questions, articles, drafts, TODAY) == (
        questions[:2],
        [
            LeftOut(3, "The article past is not heard (expired 2026-11-26)."),
            LeftOut(4, "The article to come is not heard (from 2026-11-28)."),
            LeftOut(5, "The article new is not heard (a draft)."),
        ],
    )


def test_what_is_for_others_is_counted() -> None:
    articles = [listed("a"), listed("plan", "plan:team", "plan:business"), listed("inside", "staff")]
    questions = [
        Question(1, "A?", {"a": 1, "inside": 1}),
        Question(2, "P?", {"plan": 1}),
        Question(3, "I?", {"inside": 1}),
        Question(4, "N?"),
    ]
    assert hidden_from(("everyone",), questions, articles) == Hidden(2, ("plan:team", "plan:business", "staff"))
    assert hidden_from(("everyone", "plan:team"), questions, articles) == Hidden(1, ("staff",))
    assert hidden_from(("everyone", "plan:business", "staff"), questions, articles) is None


def test_the_demo_companys_questions_are_right() -> None:
    """Every line is taken, every expected article is one of its own, and both kinds are there."""
    questions, left_out = read_questions(DEMO / "questions.jsonl")
    assert left_out == []
    ids = {path.stem for path in (DEMO / "articles").glob("*.md")}
    assert known_questions(questions, [listed(article_id) for article_id in ids], [], TODAY)[1] == []
    assert sum(question.answerable for question in questions) > 60
    assert sum(not question.answerable for question in questions) > 15
    assert len({question.id for question in questions}) == len(questions)
