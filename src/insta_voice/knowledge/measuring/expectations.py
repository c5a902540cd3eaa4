"""Whether what the questions expect is there to be found: else a wrong file would look like a bad search."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from insta_voice.knowledge.listing import ListedArticle
from insta_voice.knowledge.measuring.question_file import LeftOut, Question
from insta_voice.knowledge.versions.history import Version


@dataclass(frozen=True, slots=True)
class Hidden:
    """How many questions have no answer that the audiences of a setting may hear, and who may hear those there are."""

    questions: int
    audiences: tuple[str, ...]


def known_questions(
    questions: Sequence[Question], articles: Sequence[ListedArticle], drafts: Sequence[Version], day: date
) -> tuple[list[Question], list[LeftOut]]:
    """The questions whose articles can be found on `day`, and the others, each with why an article is not."""
    unpublished = {draft.name: "a draft" for draft in drafts}
    unheard = {**unpublished, **{article.article_id: article.unheard_on(day) for article in articles}}
    known: list[Question] = []
    left_out: list[LeftOut] = []
    for question in questions:
        if missing := [article_id for article_id in question.relevant if unheard.get(article_id, "not there")]:
            left_out.append(LeftOut(question.line, _what_is_missing(missing, unheard)))
        else:
            known.append(question)
    return known, left_out


def hidden_from(
    audiences: Sequence[str], questions: Sequence[Question], articles: Sequence[ListedArticle]
) -> Hidden | None:
    """None when every question that has an answer has one for `audiences`."""
    whose = {article.article_id: article.audience for article in articles}
    heard = set(audiences)
    unheard = [
        question
        for question in questions
        if question.answerable and all(heard.isdisjoint(whose[article_id]) for article_id in question.relevant)
    ]
    names = dict.fromkeys(
        name for question in unheard for article_id in question.relevant for name in whose[article_id]
    )
    return Hidden(len(unheard), tuple(names)) if unheard else None


def _what_is_missing(article_ids: Sequence[str], unheard: Mapping[str, str]) -> str:
    return " ".join(
        f"The article {article_id} is not heard ({unheard[article_id]})."
        if article_id in unheard
        else f"There is no article {article_id}."
        for article_id in article_ids
    )
