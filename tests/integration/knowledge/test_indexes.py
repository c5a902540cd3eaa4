"""Another model's index: filled behind the one in use, changed to in one step, kept up, and cleared away."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import psycopg
import pytest
from tests.support.indexes import LOCAL, SMALL, Kept, models, no_rest, states, work
from tests.support.knowledge import write_article
from tests.support.openai import Late, ScriptedOpenAI, rate_limited, serving_openai
from tests.support.postgres import TestDatabase

from insta_voice.db import Database
from insta_voice.errors import EmbeddingError
from insta_voice.knowledge import (
    Embedder,
    Embedders,
    LocalEmbedder,
    Report,
    ingest,
    keep_indexes,
    query_knowledge_base,
    read_progress,
    store_knowledge_base_article,
)
from insta_voice.knowledge.embedding import LOCAL_DIMENSIONS, TextRefusedError
from insta_voice.knowledge.search import search

SUBJECTS = ("password", "invoice", "calendar", "seat", "export", "trial", "team", "domain", "backup", "logo", "report")
SUBJECTS_AND_ONE = len(SUBJECTS) + 1
LARGE = "text-embedding-3-large"


@pytest.fixture
def local(embedder: LocalEmbedder) -> Kept:
    return Kept(embedder)


@pytest.fixture
async def openai() -> AsyncIterator[ScriptedOpenAI]:
    async with serving_openai() as server:
        yield server


@pytest.fixture
async def articles(db: Database, local: Kept, tmp_path: Path) -> Path:
    """A dozen articles, a chunk each, in the local model's vectors: two batches of a filling."""
    for subject in SUBJECTS:
        write_article(tmp_path, subject, f"About the {subject}", f"The {subject} is set in Settings. Choose {subject}.")
    write_article(tmp_path, "ship", "About the ship", "It sails. It returns.")
    assert await ingest(db, local, [tmp_path]) == Report(added=SUBJECTS_AND_ONE)
    return tmp_path


async def index_of(db: Database, embedder: Embedder, query: str = "where is the password set?") -> str:
    """The index that a caller's question is answered from, which finds the right article."""
    [hits] = await search(db, embedder, [query], patience_s=5.0)
    assert hits[0].passage.external_id == "password"
    return hits[0].passage.index


async def to_be_filled(db: Database) -> None:
    """The index in use has no vectors any more."""
    async with db.as_service() as connection:
        await connection.execute("delete from chunk_embeddings")
        await connection.execute("delete from sentence_embeddings")
        await connection.execute("update knowledge_indexes set state = 'filling'")


def embedded(openai: ScriptedOpenAI) -> list[str]:
    return [text for body in openai.asked("/embeddings") for text in body["input"]]


async def test_another_model_takes_over_without_a_gap(
    db: Database, local: Kept, openai: ScriptedOpenAI, articles: Path
) -> None:
    answered: list[str] = []
    another = asyncio.Event()

    async def ask_on() -> None:
        async with models(openai, local) as asking:
            while not answered or answered[-1] != SMALL:
                answered.append(await index_of(db, asking))
                another.set()

    async def answer_first(_: float) -> None:
        another.clear()
        await another.wait()

    async with asyncio.timeout(60), models(openai, local) as working, asyncio.TaskGroup() as asking:
        asking.create_task(ask_on())
        await keep_indexes(db, working, for_s=60, rest=answer_first)
    assert answered.count(LOCAL) >= 2  # beside both batches
    assert answered == sorted(answered)  # first the one, then the other, and never words alone
    assert await states(db) == {SMALL: ("in use", SUBJECTS_AND_ONE), LOCAL: ("ready", SUBJECTS_AND_ONE)}


async def test_a_filling_that_is_killed_goes_on_where_it_was(
    db: Database, local: Kept, openai: ScriptedOpenAI, articles: Path
) -> None:
    openai.fail("embeddings", None, Late(by_s=60))
    async with models(openai, local) as killed:
        filling = asyncio.create_task(work(db, killed))
        lost = (await openai.until_asked("/embeddings", 2))["input"]
        filling.cancel()
        await asyncio.wait([filling])
        assert (await states(db))[SMALL] == ("filling", 8)
        assert await index_of(db, killed) == LOCAL
    async with models(openai, local) as another:
        await work(db, another)
        assert await index_of(db, another) == SMALL
    assert (await states(db))[SMALL] == ("in use", SUBJECTS_AND_ONE)
    texts = embedded(openai)
    for text in lost:
        texts.remove(text)
    chunks = [text for text in texts if text.startswith("About the")]
    assert len(chunks) == len(set(chunks)) == SUBJECTS_AND_ONE


async def test_a_provider_that_has_had_enough_is_left_alone_for_as_long_as_it_says(
    db: Database, local: Kept, openai: ScriptedOpenAI, articles: Path
) -> None:
    openai.fail("embeddings", None, rate_limited(retry_after_s=300))
    async with models(openai, local) as working:
        for _ in range(3):
            await work(db, working)
        assert len(openai.requests) == 2
        assert await index_of(db, working) == LOCAL
        async with db.as_service() as connection:
            found = await connection.execute(
                "select trouble, extract(epoch from waits_until - now())::float8 as wait_s"
                " from knowledge_indexes where model = %s",
                [SMALL],
            )
            [row] = await found.fetchall()
            assert row["trouble"] == "HTTP 429"
            assert row["wait_s"] == pytest.approx(300, abs=30)
            await connection.execute("update knowledge_indexes set waits_until = now()")
        await work(db, working)
        assert await index_of(db, working) == SMALL


async def test_it_rests_as_long_as_it_worked(db: Database, local: Kept, openai: ScriptedOpenAI, articles: Path) -> None:
    rests: list[float] = []
    ticks = iter(range(1000))

    async def rest(for_s: float) -> None:
        rests.append(for_s)

    async with models(openai, local) as working:
        await keep_indexes(db, working, for_s=100, rest=rest, clock=lambda: float(next(ticks)))
    assert rests == [1.0, 1.0]


async def test_it_stops_when_its_time_is_over(
    db: Database, local: Kept, openai: ScriptedOpenAI, articles: Path
) -> None:
    async with models(openai, local) as working:
        await keep_indexes(db, working, for_s=0, rest=no_rest)
        assert (await states(db))[SMALL] == ("filling", 0)


QUESTION = "select * from public.match_knowledge_articles('password', %s::real[], %s, 5, 3)"


@pytest.mark.parametrize(
    ("model", "dimensions", "why"),
    [
        ("unheard-of", 384, "The articles have no vectors of unheard-of"),
        (LOCAL, 1536, f"have {LOCAL_DIMENSIONS} numbers, and the question's has 1536"),
        (SMALL, 1536, "it is filling"),
        (LARGE, 3072, "it is retired"),
    ],
)
async def test_the_database_refuses_vectors_that_no_complete_index_answers(
    database: TestDatabase, db: Database, articles: Path, model: str, dimensions: int, why: str
) -> None:
    async with db.as_service() as connection:
        await connection.execute(
            "select insta.register_index(%s, 1536), insta.register_index(%s, 3072)", [SMALL, LARGE]
        )
        await connection.execute("update knowledge_indexes set state = 'retired' where model = %s", [LARGE])
    async with await psycopg.AsyncConnection.connect(database.url) as connection:
        await connection.execute("select set_config('role', 'insta_app', true)")
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match=why):
            await connection.execute(QUESTION, [[0.5] * dimensions, model])


async def test_vectors_of_an_unknown_model_or_another_size_are_not_stored(
    database: TestDatabase, articles: Path
) -> None:
    store = "insert into chunk_embeddings select min(id), %s, array_fill(0.5, array[%s])::vector from knowledge_chunks"
    async with await psycopg.AsyncConnection.connect(database.url) as connection:
        await connection.execute("select set_config('role', 'insta_jobs', false)")
        await connection.execute("select insta.register_index(%s, 1536)", [SMALL])
        await connection.commit()
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            await connection.execute(store, ["unheard-of", 384])
        await connection.rollback()
        with pytest.raises(psycopg.errors.DataException, match="1536 dimensions"):
            await connection.execute(store, [SMALL, 384])


async def test_an_index_that_was_changed_under_a_question_is_found_out(
    db: Database, local: Kept, openai: ScriptedOpenAI, articles: Path
) -> None:
    """A process knows the indexes as they were some seconds ago; the database knows them as they are."""
    async with models(openai, local) as working, models(openai, local) as asking:
        await work(db, working)
        await asking.to_ask(db)
        asking._clock = lambda: 0.0
        asking._read_at = 0.0
        async with models(openai, local, LARGE) as later:
            await work(db, later)
        assert await index_of(db, asking) == LARGE


async def test_more_than_two_thousand_numbers_have_an_index_too(
    database: TestDatabase, db: Database, local: Kept, openai: ScriptedOpenAI, articles: Path
) -> None:
    async with models(openai, local, LARGE) as working:
        await work(db, working)
        assert await index_of(db, working) == LARGE
    async with await psycopg.AsyncConnection.connect(database.admin_url) as connection:
        found = await connection.execute("select indexdef from pg_indexes where indexdef like %s", [f"%{LARGE}%"])
        [(definition,)] = await found.fetchall()
    assert "halfvec(3072)" in definition


async def test_an_edit_reaches_every_index(db: Database, local: Kept, openai: ScriptedOpenAI, articles: Path) -> None:
    async with models(openai, local) as both:
        await work(db, both)
        write_article(articles, "password", "About the password", "The password is set anew. Choose a password.")
        write_article(articles, "anchor", "About the anchor", "It is dropped. It is raised.")
        assert await ingest(db, both, [articles]) == Report(added=1, changed=1, unchanged=SUBJECTS_AND_ONE - 1)
        everything = SUBJECTS_AND_ONE + 1
        assert await states(db) == {SMALL: ("in use", everything), LOCAL: ("ready", everything)}


async def test_an_edit_beside_a_filling_has_both_and_is_not_lost(
    db: Database, local: Kept, openai: ScriptedOpenAI, articles: Path
) -> None:
    """Also one of an article that is in the batch under way: its old chunks are gone, and nothing comes of them."""
    edited = 0

    async with models(openai, local) as working, models(openai, local) as editing:

        async def edit(_: float) -> None:
            nonlocal edited
            edited += 1
            text = f"The ship sails {edited} times. It returns."
            await store_knowledge_base_article("About the ship", text, external_id="ship", db=db, embedder=editing)

        await keep_indexes(db, working, for_s=60, rest=edit)
        assert edited >= 1
        found = await query_knowledge_base(f"The ship sails {edited} times", db=db, embedder=editing)
        assert f"{edited} times" in found[0]["text"]
    assert (await states(db))[SMALL] == ("in use", SUBJECTS_AND_ONE)


async def test_an_article_that_goes_while_its_vectors_are_made_takes_no_others_with_it(
    db: Database, embedder: LocalEmbedder, articles: Path
) -> None:
    class Removing(Kept):
        """Removes an article while its vectors are made."""

        async def embed(self, texts: Sequence[str]) -> list[list[float]]:
            if any("ship" in text for text in texts):
                async with db.as_service() as connection:
                    await connection.execute("delete from knowledge_articles where external_id = 'ship'")
            return await super().embed(texts)

    await to_be_filled(db)
    await work(db, Embedders(Removing(embedder)))
    assert await states(db) == {LOCAL: ("in use", len(SUBJECTS))}


async def test_a_writer_without_the_local_model_leaves_its_index_incomplete_and_unasked(
    db: Database, local: Kept, openai: ScriptedOpenAI, articles: Path
) -> None:
    async with models(openai, local) as both, models(openai, None) as alone:
        await work(db, both)
        await store_knowledge_base_article("Anchors", "They are raised.", db=db, embedder=alone)
        assert (await states(db))[LOCAL] == ("filling", SUBJECTS_AND_ONE)
        with pytest.raises(EmbeddingError):
            await query_knowledge_base("password", db=db, embedder=local)
        await work(db, both)
        assert (await states(db))[LOCAL] == ("ready", SUBJECTS_AND_ONE + 1)


async def test_a_writer_without_the_model_in_use_writes_nothing(
    db: Database, local: Kept, openai: ScriptedOpenAI, articles: Path
) -> None:
    async with models(openai, local) as both:
        await work(db, both)
    with pytest.raises(EmbeddingError, match=f"Vectors of {SMALL} are needed"):
        await store_knowledge_base_article("Anchors", "They are raised.", db=db, embedder=local)
    assert (await states(db))[SMALL] == ("in use", SUBJECTS_AND_ONE)


async def test_a_change_that_is_taken_back_within_a_day_costs_nothing_and_one_that_is_not_is_cleared_away(
    db: Database, local: Kept, openai: ScriptedOpenAI, articles: Path
) -> None:
    async with models(openai, local) as small, models(openai, local, LARGE) as large:
        await work(db, small)
        await work(db, large)
        assert (await states(db))[SMALL] == ("retired", SUBJECTS_AND_ONE)
        asked = len(openai.requests)
        await work(db, small)
        assert len(openai.requests) == asked
        assert await index_of(db, small) == SMALL
        async with db.as_service() as connection:
            await connection.execute("update knowledge_indexes set since = since - interval '25 hours'")
        await work(db, small)
        everything = SUBJECTS_AND_ONE
        assert await states(db) == {SMALL: ("in use", everything), LOCAL: ("ready", everything)}
        async with db.as_service() as connection:
            rows = await (await connection.execute("select distinct model from sentence_embeddings")).fetchall()
        assert {row["model"] for row in rows} == {SMALL, LOCAL}


async def test_a_long_passage_is_cleared_away_with_all_of_its_sentences(
    db: Database, local: Kept, articles: Path
) -> None:
    """Most vectors are of sentences: none is left when the passages' are gone."""
    before = "a-model-of-before"
    async with db.as_service() as connection:
        await connection.execute("select insta.register_index(%s, 1)", [before])
        await connection.execute(
            "update knowledge_indexes set state = 'retired', since = now() - interval '25 hours' where model = %s",
            [before],
        )
        await connection.execute(
            "insert into chunk_sentences select min(id), number, 'Go on.' from knowledge_chunks,"
            " generate_series(100, 6000) as number group by number"
        )
        await connection.execute(
            "insert into chunk_embeddings select distinct chunk_id, %s, '[1]'::vector from chunk_sentences", [before]
        )
        await connection.execute(
            "insert into sentence_embeddings select chunk_id, ordinal, %s, '[1]' from chunk_sentences", [before]
        )
    await work(db, Embedders(local))
    assert await states(db) == {LOCAL: ("in use", SUBJECTS_AND_ONE)}
    async with db.as_service() as connection:
        rows = await (await connection.execute("select distinct model from sentence_embeddings")).fetchall()
    assert [row["model"] for row in rows] == [LOCAL]


async def test_a_passage_that_the_model_does_not_take_is_passed_over_and_named(
    db: Database, embedder: LocalEmbedder, articles: Path
) -> None:
    class Particular(Kept):
        """Takes no text about the password, which is in the first batch."""

        async def embed(self, texts: Sequence[str]) -> list[list[float]]:
            if any("password" in text for text in texts):
                raise TextRefusedError(detail="HTTP 400")
            return await super().embed(texts)

    await to_be_filled(db)
    await work(db, Embedders(Particular(embedder)))
    assert await states(db) == {LOCAL: ("filling", SUBJECTS_AND_ONE - 1)}
    [progress] = await read_progress(db)
    assert progress.index.trouble == "HTTP 400 for a passage of 'About the password'"
    assert progress.index.waits


async def test_who_runs_out_of_time_over_refused_passages_says_so(
    db: Database, embedder: LocalEmbedder, articles: Path
) -> None:
    class Refuses(Kept):
        """Takes short texts only."""

        async def embed(self, texts: Sequence[str]) -> list[list[float]]:
            if any(len(text) > 20 for text in texts):
                raise TextRefusedError(detail="HTTP 413")
            return await super().embed(texts)

    await to_be_filled(db)
    ticks = iter(range(1000))
    await keep_indexes(db, Embedders(Refuses(embedder)), for_s=3, rest=no_rest, clock=lambda: float(next(ticks)))
    [progress] = await read_progress(db)
    assert progress.index.trouble is not None
    assert progress.index.trouble.startswith("HTTP 413 for a passage of ")
    assert progress.index.trouble.endswith("and for 7 more")
    assert not progress.index.waits, "there are some that were not looked at"


async def test_a_server_that_refuses_everything_is_left_alone_and_no_passage_blamed(
    db: Database, embedder: LocalEmbedder, articles: Path
) -> None:
    class Refuses(Kept):
        """As a server that does not know the model."""

        async def embed(self, texts: Sequence[str]) -> list[list[float]]:
            raise TextRefusedError(detail="HTTP 400")

    await to_be_filled(db)
    await work(db, Embedders(Refuses(embedder)))
    [progress] = await read_progress(db)
    assert (progress.index.trouble, progress.index.waits) == ("HTTP 400", True)


async def test_an_article_that_another_model_does_not_take_keeps_no_other_from_it(
    db: Database, local: Kept, tmp_path: Path
) -> None:
    class Particular(Strange):
        """Takes no text about a password."""

        async def embed(self, texts: Sequence[str]) -> list[list[float]]:
            if any("password" in text for text in texts):
                raise TextRefusedError(detail="HTTP 400")
            return [[1.0] for _ in texts]

    async with db.as_service() as connection:
        await connection.execute("select insta.register_index(%s, 1)", [STRANGE])
    for subject in ("password", "ship"):  # in this order
        write_article(tmp_path, subject, f"About the {subject}", f"The {subject} is set in Settings.")
    assert await ingest(db, Embedders(Particular(1), local), [tmp_path]) == Report(added=2)
    assert {model: vectors for model, (_, vectors) in (await states(db)).items()} == {LOCAL: 2, STRANGE: 1}


STRANGE = "a-strange-model"


class Strange:
    """A model of whose vectors no more can be known than it says itself."""

    model = STRANGE

    def __init__(self, dimensions: int | None) -> None:
        self.dimensions = dimensions

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        raise EmbeddingError(detail="ConnectError")


@pytest.mark.parametrize("dimensions", [2, None])
async def test_a_model_that_is_away_or_another_under_its_name_holds_up_no_other(
    db: Database, local: Kept, articles: Path, caplog: pytest.LogCaptureFixture, dimensions: int | None
) -> None:
    async with db.as_service() as connection:
        await connection.execute("select insta.register_index(%s, 1)", [STRANGE])
        await connection.execute("delete from chunk_embeddings")
        await connection.execute("delete from sentence_embeddings")
        await connection.execute("update knowledge_indexes set state = 'filling'")
    await work(db, Embedders(Strange(dimensions), local))
    assert await states(db) == {LOCAL: ("ready", SUBJECTS_AND_ONE), STRANGE: ("filling", 0)}
    assert f"the index of {STRANGE} is left as it is" in caplog.text


async def test_vectors_from_before_their_model_had_an_entry_get_their_hnsw_index(
    database: TestDatabase, db: Database, local: Kept, articles: Path
) -> None:
    """As after an upgrade or a restore; vectors of another size than was noted, which have none, hold up nothing."""
    async with db.as_service() as connection:
        for model, sizes in ((STRANGE, "[1]"), ("of-another-size", "[1,1]")):
            await connection.execute("insert into knowledge_indexes (model, dimensions) values (%s, 1)", [model])
            await connection.execute(
                "insert into chunk_embeddings select min(id), %s, %s::vector from knowledge_chunks", [model, sizes]
            )
    await work(db, Embedders(Strange(2), local))
    async with await psycopg.AsyncConnection.connect(database.admin_url) as connection:
        found = await connection.execute(
            "select indexdef from pg_indexes where indexdef like any(array[%s, %s])",
            ["%a-strange-model%", "%of-another-size%"],
        )
        [(definition,)] = await found.fetchall()
    assert f"'{STRANGE}'" in definition
    assert "vector(1)" in definition


async def test_an_empty_collection_uses_the_settings_model_from_its_first_article(
    db: Database, openai: ScriptedOpenAI, tmp_path: Path
) -> None:
    """Without a local model, and before any job worker has run."""
    write_article(tmp_path, "password", "About the password", "The password is set in Settings.")
    async with models(openai, None) as alone:
        assert await ingest(db, alone, [tmp_path]) == Report(added=1)
        assert await index_of(db, alone) == SMALL
    assert await states(db) == {SMALL: ("in use", 1), LOCAL: ("filling", 0)}


async def test_the_scale_of_an_index_is_measured_on_its_articles(
    db: Database, local: Kept, openai: ScriptedOpenAI, articles: Path
) -> None:
    async with models(openai, local) as working:
        await work(db, working)
    async with db.as_service() as connection:
        found = await connection.execute(
            "select related_cosine as near, unrelated_cosine as far from knowledge_indexes"
        )
        rows = await found.fetchall()
    assert len(rows) == 2
    for row in rows:
        assert 0 < row["far"] < row["near"] < 1


async def test_loading_articles_makes_them_searchable_where_no_index_is_asked_any_more(
    db: Database, local: Kept, articles: Path
) -> None:
    """As after an update that brings another local model: exit 0 of `kb ingest` says that they can be found."""
    async with db.as_service() as connection:
        await connection.execute("delete from chunk_embeddings")
        await connection.execute("update knowledge_indexes set state = 'filling'")
    assert await ingest(db, local, [articles]) == Report(unchanged=SUBJECTS_AND_ONE)
    assert await states(db) == {LOCAL: ("in use", SUBJECTS_AND_ONE)}
    assert await index_of(db, local) == LOCAL
