"""The file of questions: a line each, with the articles that answer it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from insta_voice.errors import InvalidInputError
from insta_voice.knowledge.text_files import read_text_file

_BEST_GRADE = 100  # TREC judges from 0 to 3 or 4; room for percentages


@dataclass(frozen=True, slots=True)
class Question:
    """`relevant` has the articles that answer it, each with how well (1 where the file only names it); none when the
    collection has no answer.
    """

    line: int
    text: str
    relevant: Mapping[str, float] = field(default_factory=dict)
    id: str | int | None = None

    @property
    def answerable(self) -> bool:
        """Whether there is an answer."""
        return bool(self.relevant)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line that is not measured; `reason` is a sentence."""

    line: int
    reason: str


def read_questions(path: Path) -> tuple[list[Question], list[LeftOut]]:
    """The questions of JSONL {"id"?,"text","relevant":[ids]|{id:grade}}, and the lines that are none."""
    text = read_text_file(path)
    questions: list[Question] = []
    left_out: list[LeftOut] = []
    for number, line in enumerate(text.split("\n"), 1):  # splitlines() also splits at what JSON allows in a text
        if not line.strip():
            continue
        try:
            questions.append(_question(number, line))
        except InvalidInputError as error:
            left_out.append(LeftOut(number, error.message))
    return questions, left_out


def _question(number: int, line: str) -> Question:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError("This is not JSON.") from error
    if not isinstance(fields, dict):
        raise InvalidInputError('This is not an object with "text" and "relevant".')
    question = Question(number, _text(fields), _relevant(fields), _id(fields))
    answerable = fields.get("answerable", question.answerable)
    if answerable != question.answerable:
        named = "articles" if question.answerable else "no article"
        raise InvalidInputError(f'"answerable" is {json.dumps(answerable)}, and "relevant" names {named}.')
    return question


def _text(fields: Mapping[str, Any]) -> str:
    text = fields.get("text")
    if not isinstance(text, str) or not text.strip():
        raise InvalidInputError('There is no "text".')
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidInputError('The "text" has characters that cannot be stored.')  # nor looked for
    return text


def _id(fields: Mapping[str, Any]) -> str | int | None:
    given = fields.get("id")
    if isinstance(given, bool) or not isinstance(given, str | int | None):
        raise InvalidInputError('The "id" is neither a text nor a whole number.')
    return given


def _relevant(fields: Mapping[str, Any]) -> dict[str, float]:
    """Grade by article id, without those of grade 0, which do not answer."""
    match fields.get("relevant"):
        case list(ids) if all(isinstance(article_id, str) for article_id in ids):
            return dict.fromkeys(ids, 1.0)
        case dict(grades) if all(_is_grade(grade) for grade in grades.values()):
            return {article_id: float(grade) for article_id, grade in grades.items() if grade}
        case dict():
            raise InvalidInputError(f'A grade in "relevant" is not a number from 0 to {_BEST_GRADE}.')
    raise InvalidInputError('"relevant" does not name the articles that answer: ["id", …], or [] where none does.')


def _is_grade(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _BEST_GRADE
