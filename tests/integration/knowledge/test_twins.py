"""An article that is loaded twice is found once, as surely as before. Where nothing is there twice nothing changes."""

import json
from pathlib import Path

import pytest
from tests.support.knowledge import CALLER, DEMO

from insta_voice.db import Database
from insta_voice.knowledge import (
    Context,
    Evidence,
    LocalEmbedder,
    find_articles,
    gather_evidence,
    ingest,
    query_knowledge_base,
)
from insta_voice.knowledge.search import search

QUESTIONS = [json.loads(line)["text"] for line in (DEMO / "questions.jsonl").read_text("utf-8").splitlines()]
ARTICLES = {
    "refunds": ("Refunds", "We give money back within the first month after a purchase. Write to us with the number of"
                " your order, and say what was wrong with it; the money arrives a week later, by the way it was paid."),
    "returns": ("Send something back", "Pack the lamp as it came and print the label from your order's page. The post"
                " fetches it from your door, or you leave it at any of its offices in the country within a month."),
    "lamps": ("Which bulb fits", "Each lamp says inside its shade which bulb it takes. Brighter ones grow too hot"
              " and the paper of the shade turns brown; we have the right ones in every shop and on the web too."),
    "shops": ("Our shops", "There are shops in five towns, all of them near the station. They open at nine and close"
              " at six and have every lamp to look at, with somebody who knows how it is put together."),
}  # fmt: skip
QUESTION = "How do I get my money back?"


async def load(db: Database, embedder: LocalEmbedder, folder: Path, copies: int) -> None:
    """The articles, each in so many copies: as pages, and as what is left of their PDF."""
    lines = [
        {"id": name, "title": title, "text": text, "url": f"https://lamps.example/{name}"}
        for name, (title, text) in ARTICLES.items()
    ]
    lines += [
        {"id": f"{name}-{copy}", "title": f"{title} PDF", "text": text.replace("; ", " ").replace(". ", ".  ")}
        for copy in range(1, copies)
        for name, (title, text) in ARTICLES.items()
    ]
    path = folder / "articles.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines))
    assert not (await ingest(db, embedder, [path])).failed


async def ask(db: Database, embedder: LocalEmbedder, context: Context | None = None) -> Evidence:
    [evidence] = await gather_evidence(db, embedder, QUESTION, user_id="maya", context=context or Context())
    return evidence


def titles(evidence: Evidence) -> list[str]:
    """Of the articles, whichever copy was the best."""
    return [passage.title.removesuffix(" PDF") for passage in evidence.passages]


@pytest.mark.parametrize("copies", [2, 3])
async def test_what_is_there_twice_is_found_once_and_as_surely(
    db: Database, embedder: LocalEmbedder, tmp_path: Path, copies: int
) -> None:
    await load(db, embedder, tmp_path, 1)
    once = await ask(db, embedder)
    await load(db, embedder, tmp_path, copies)
    again = await ask(db, embedder)
    assert titles(again) == titles(once)
    assert again.confidence == pytest.approx(once.confidence, abs=0.03)
    assert again.choice is None
    told = await query_knowledge_base(QUESTION, limit=2, db=db, embedder=embedder)
    assert [passage["title"].removesuffix(" PDF") for passage in told] == ["Refunds", "Send something back"]


async def test_a_follow_up_is_not_told_twice_either(db: Database, embedder: LocalEmbedder, tmp_path: Path) -> None:
    await load(db, embedder, tmp_path, 2)
    before = await ask(db, embedder)
    context = Context(QUESTION, before.passages[0].article_id, (QUESTION,))
    [evidence] = await gather_evidence(db, embedder, "and how long does it take?", user_id="maya", context=context)
    assert sorted(titles(evidence)) == sorted(title for title, _ in ARTICLES.values())
    assert evidence.passages[0].article_id == before.passages[0].article_id


async def test_a_list_of_articles_names_them_all(db: Database, embedder: LocalEmbedder, tmp_path: Path) -> None:
    """What is expected of a question, in a file of `kb eval` or by who runs `kb search --queries`, may be either."""
    await load(db, embedder, tmp_path, 2)
    [found] = await find_articles(db, embedder, [QUESTION], limit=2)
    assert {article.article_id for article in found.articles} == {"refunds", "refunds-1"}
    assert found.confidence == pytest.approx((await ask(db, embedder)).confidence)


async def test_where_nothing_is_there_twice_the_search_is_as_the_database_has_it(
    company: Database, embedder: LocalEmbedder
) -> None:
    vectors = await embedder.embed(QUESTIONS)
    found = await search(company, embedder, QUESTIONS, user_id=CALLER)
    assert not any(hit.twins for hits in found for hit in hits)
    for question, vector, hits in zip(QUESTIONS, vectors, found, strict=True):
        async with company.as_user(CALLER) as connection:
            asked = await connection.execute(
                "select chunk_id, score from public.match_knowledge_articles(%s, %s::real[], %s, 10, 3)",
                [question, vector, embedder.model],
            )
            rows = await asked.fetchall()
        assert [(hit.passage.chunk_id, hit.passage.score) for hit in hits] == [
            (row["chunk_id"], pytest.approx(row["score"])) for row in rows
        ]
