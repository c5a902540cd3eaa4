"""An article's life: a draft that nobody hears, publishing, going back, and every version kept as it was written."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.support.knowledge import write_article
from tests.support.records import make_call, turn

from insta_voice.agent.record.sources import best_sources
from insta_voice.calls import get_any_call, record_turn
from insta_voice.db import Database
from insta_voice.errors import ConflictError, DBDriverError, EmbeddingError, InvalidInputError, NotFoundError
from insta_voice.knowledge import (
    Context,
    Document,
    Embedder,
    LocalEmbedder,
    discard_draft,
    draft_article,
    gather_evidence,
    get_version,
    ingest,
    list_articles,
    list_drafts,
    list_versions,
    publish,
    query_knowledge_base,
    remove_articles,
    restore_version,
    store_knowledge_base_article,
)

GREEN, RED, BLUE = (f"The lamp of the lighthouse is {colour}." for colour in ("green", "red", "blue"))


class Meanwhile:
    """The real model, while whose first vectors something else happens."""

    def __init__(self, embedder: Embedder, happens: Callable[[], Awaitable[object]]) -> None:
        self._embedder = embedder
        self._happens: Callable[[], Awaitable[object]] | None = happens
        self.model, self.dimensions = embedder.model, embedder.dimensions

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        happens, self._happens = self._happens, None
        if happens is not None:
            await happens()
        return await self._embedder.embed(texts)


class Away:
    """The model, not to be reached."""

    def __init__(self, embedder: Embedder) -> None:
        self.model, self.dimensions = embedder.model, embedder.dimensions

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        raise EmbeddingError


def lamp(text: str) -> Document:
    return Document("Lighthouse", text, "light")


async def draft(db: Database, text: str) -> int:
    return (await draft_article(db, lamp(text), written_by="test")).version


async def put(db: Database, embedder: Embedder, text: str) -> None:
    await store_knowledge_base_article("Lighthouse", text, external_id="light", db=db, embedder=embedder)


async def heard(db: Database, embedder: Embedder) -> list[tuple[int, str]]:
    """What is found of the lighthouse: versions and texts."""
    found = await query_knowledge_base("the lamp of the lighthouse", db=db, embedder=embedder)
    return [(passage["version"], passage["text"]) for passage in found]


async def history(db: Database) -> list[tuple[int, str, int | None, str]]:
    return [(v.version, v.reason, v.made_from, v.state) for v in await list_versions(db, "light")]


async def test_a_new_article_is_heard_when_its_draft_is_published(db: Database, embedder: LocalEmbedder) -> None:
    assert await draft(db, GREEN) == 1
    assert await heard(db, embedder) == []
    assert await list_articles(db) == []
    assert [waiting.title for waiting in await list_drafts(db)] == ["Lighthouse"]

    published = await publish(db, embedder, "light", written_by="test")
    assert await heard(db, embedder) == [(2, GREEN)]
    assert (published.version, published.published, published.draft) == (2, 2, None)
    assert await list_drafts(db) == []
    assert await history(db) == [(2, "edit", 1, "published"), (1, "draft", None, "past")]


async def test_what_is_published_answers_until_its_draft_does(db: Database, embedder: LocalEmbedder) -> None:
    await put(db, embedder, GREEN)
    await draft(db, RED)
    await draft(db, BLUE)
    assert await heard(db, embedder) == [(1, GREEN)]
    assert (await get_version(db, "light")).document.content == GREEN
    await publish(db, embedder, "light", written_by="test")
    assert await heard(db, embedder) == [(4, BLUE)]
    assert await history(db) == [
        (4, "edit", 3, "published"),
        (3, "draft", 1, "past"),
        (2, "draft", 1, "past"),
        (1, "edit", None, "past"),
    ]


async def test_a_draft_of_an_older_version_undoes_nothing(db: Database, embedder: LocalEmbedder) -> None:
    await put(db, embedder, GREEN)
    await draft(db, BLUE)
    await put(db, embedder, RED)
    with pytest.raises(ConflictError, match="made of version 1 of light, and version 3 is published now"):
        await publish(db, embedder, "light", written_by="test")
    assert await heard(db, embedder) == [(3, RED)]
    assert [waiting.is_current for waiting in await list_drafts(db)] == [False]

    await draft(db, BLUE)
    await publish(db, embedder, "light", written_by="test")
    assert await heard(db, embedder) == [(5, BLUE)]


async def test_a_draft_says_what_it_was_made_from(db: Database, embedder: LocalEmbedder) -> None:
    """A file that was printed before another version was published, and drafted after it."""
    for text in (GREEN, RED):
        await put(db, embedder, text)
    await draft_article(db, lamp(BLUE), written_by="test", made_from=1)
    with pytest.raises(ConflictError, match="made of version 1 of light, and version 2 is published now"):
        await publish(db, embedder, "light", written_by="test")


async def test_a_draft_is_made_from_no_version_that_never_was(db: Database, embedder: LocalEmbedder) -> None:
    await put(db, embedder, GREEN)
    with pytest.raises(NotFoundError, match="There is no version 999 of light"):
        await draft_article(db, lamp(BLUE), written_by="test", made_from=999)
    assert await list_drafts(db) == []


async def test_a_draft_of_a_draft_is_made_from_what_that_was_made_from(db: Database, embedder: LocalEmbedder) -> None:
    """`kb show` prints the draft where nothing is published, and the one that is asked for."""
    first = await draft(db, GREEN)
    await draft_article(db, lamp(RED), written_by="test", made_from=first)
    published = await publish(db, embedder, "light", written_by="test")
    second = await draft(db, GREEN)
    again = await draft_article(db, lamp(BLUE), written_by="test", made_from=second)
    assert again.made_from == published.version
    await publish(db, embedder, "light", written_by="test")
    assert await heard(db, embedder) == [(6, BLUE)]


async def test_what_happens_while_vectors_are_made_is_seen(db: Database, embedder: LocalEmbedder) -> None:
    await put(db, embedder, GREEN)
    for happens, said in (
        (lambda: draft(db, RED), "Another draft of light"),
        (lambda: put(db, embedder, RED), "version 5 is published now"),
        (lambda: discard_draft(db, "light"), "There is no draft of light"),
        (lambda: remove_articles(db, ["light"]), "and the article was taken out"),
    ):
        await draft(db, BLUE)
        with pytest.raises((ConflictError, NotFoundError), match=said):
            await publish(db, Meanwhile(embedder, happens), "light", written_by="test")
        assert BLUE not in {text for _, text in await heard(db, embedder)}
    assert await heard(db, embedder) == []


async def test_of_two_who_publish_a_draft_one_does(db: Database, embedder: LocalEmbedder) -> None:
    await draft(db, GREEN)
    both = [publish(db, embedder, "light", written_by="test") for _ in range(2)]
    done = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in done) == ["NotFoundError", "Version"]
    assert await heard(db, embedder) == [(2, GREEN)]


async def test_a_model_that_is_away_leaves_everything_as_it_was(db: Database, embedder: LocalEmbedder) -> None:
    await put(db, embedder, GREEN)
    await draft(db, RED)
    with pytest.raises(EmbeddingError):
        await publish(db, Away(embedder), "light", written_by="test")
    with pytest.raises(EmbeddingError):
        await restore_version(db, Away(embedder), "light", 2, written_by="test")
    assert await heard(db, embedder) == [(1, GREEN)]
    assert [waiting.version for waiting in await list_drafts(db)] == [2]


async def test_a_discarded_draft_is_only_history(db: Database, embedder: LocalEmbedder) -> None:
    await put(db, embedder, GREEN)
    await draft(db, RED)
    assert (await discard_draft(db, "light")).version == 2
    for nothing in (publish(db, embedder, "light", written_by="test"), discard_draft(db, "light")):
        with pytest.raises(NotFoundError, match="There is no draft of light"):
            await nothing
    assert await history(db) == [(2, "draft", 1, "past"), (1, "edit", None, "published")]


async def test_going_back_is_a_version_of_its_own(db: Database, embedder: LocalEmbedder) -> None:
    for text in (GREEN, RED):
        await put(db, embedder, text)
    restored = await restore_version(db, embedder, "light", 1, written_by="test")
    assert (restored.version, restored.reason, restored.made_from) == (3, "restore", 1)
    assert await heard(db, embedder) == [(3, GREEN)]
    with pytest.raises(InvalidInputError, match="Version 3 of light is the published one"):
        await restore_version(db, embedder, "light", 3, written_by="test")
    with pytest.raises(NotFoundError, match="There is no version 9 of light"):
        await restore_version(db, embedder, "light", 9, written_by="test")
    with pytest.raises(NotFoundError, match="There is no article tower"):
        await get_version(db, "tower")


async def test_of_two_who_go_back_each_is_told_of_its_own_version(
    db: Database, embedder: LocalEmbedder, database_url: str
) -> None:
    """On one connection, for which both wait in turn: what the one reads afterwards, the other has written."""
    for text in (GREEN, RED, BLUE):
        await put(db, embedder, text)
    async with Database(database_url, max_size=1) as shared:
        both = [restore_version(shared, embedder, "light", number, written_by="test") for number in (1, 2)]
        done = await asyncio.gather(*both)
    assert [version.made_from for version in done] == [1, 2]
    assert [version.state for version in done] == ["published", "published"]


async def test_an_article_that_comes_back_goes_on_where_it_ended(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    path = write_article(tmp_path, "light", "Lighthouse", GREEN)
    await ingest(db, embedder, [path])
    first = (await get_version(db, "light")).version
    await remove_articles(db, ["light"])
    assert await heard(db, embedder) == []
    assert (await get_version(db, "light", 1)).document.content == GREEN

    restored = await restore_version(db, embedder, "light", 1, written_by="test")
    assert (restored.article_id, restored.version) == (first.article_id, 2)
    await remove_articles(db, ["light"])
    await ingest(db, embedder, [path])
    assert [(v.article_id, v.version) for v in (await list_versions(db, "light"))[:1]] == [(first.article_id, 3)]
    assert await heard(db, embedder) == [(3, GREEN)]


async def test_an_article_without_an_external_id_has_the_same_life(db: Database, embedder: LocalEmbedder) -> None:
    article_id = await store_knowledge_base_article("Lighthouse", GREEN, db=db, embedder=embedder)
    await draft_article(db, Document("Lighthouse", RED, article_id), written_by="test")
    assert (await publish(db, embedder, article_id, written_by="test")).article_id == article_id
    assert await heard(db, embedder) == [(3, RED)]
    await restore_version(db, embedder, article_id, 1, written_by="test")
    assert await heard(db, embedder) == [(4, GREEN)]
    assert len(await list_articles(db)) == 1


async def test_every_field_is_kept_and_published(db: Database, embedder: LocalEmbedder) -> None:
    whole = Document(
        "Lighthouse", GREEN, "light", "https://help.example/light", ("staff", "plan:team"), ("sea",), "en-GB",
        datetime(2026, 10, 9, tzinfo=UTC), "Harbour", date(2026, 11, 1), date(2126, 12, 31),
    )  # fmt: skip
    await draft_article(db, whole, written_by="test")
    assert (await get_version(db, "light", 1)).document == whole
    await publish(db, embedder, "light", written_by="test")
    assert (await get_version(db, "light")).document == whole
    (listed,) = await list_articles(db)
    assert (listed.product, listed.valid_from, listed.valid_until, listed.audience, listed.updated_at) == (
        whole.product,
        whole.valid_from,
        whole.valid_until,
        whole.audience,
        whole.updated_at,
    )


@pytest.mark.parametrize("statement", ["update article_versions set version = 7", "delete from article_versions"])
async def test_no_part_rewrites_what_was(db: Database, embedder: LocalEmbedder, statement: str) -> None:
    await put(db, embedder, GREEN)
    with pytest.raises(DBDriverError) as refused:
        async with db.as_service() as connection:
            await connection.execute(statement.encode())
    assert "InsufficientPrivilege" in refused.value.detail


async def test_what_a_call_was_answered_from_can_be_read_later(db: Database, embedder: LocalEmbedder) -> None:
    await put(db, embedder, f"# Lighthouse\n\n## Colours\n\n{GREEN}")
    call_id = await make_call(db)
    asked = "What colour is the lamp of the lighthouse?"
    evidence = await gather_evidence(db, embedder, asked, user_id="maya", context=Context())
    answer = turn(1, GREEN, speaker="assistant", sources=best_sources(evidence))
    await record_turn(db, call_id=call_id, user_id="maya", turn=answer)
    await put(db, embedder, RED)

    [source] = (await get_any_call(db, call_id)).turns[0].sources
    assert (source.title, source.heading, source.quote) == ("Lighthouse", "Colours", GREEN)
    then = await get_version(db, source.article_id, source.version)
    assert then.version.state == "past"
    assert source.quote in then.document.content
    assert source.quote not in (await get_version(db, source.article_id)).document.content
