"""Promise 24: articles limited to a plan or to staff are never retrieved, cited or spoken to anyone else.

Every kind of caller asks for every article by its exact title, its text and its vector: what comes back is what
their profile allows, whatever they send. And nobody reaches the tables beside the function.
"""

import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import product

import psycopg
import pytest
from tests.support.postgres import TestDatabase

from insta_voice.db import Database
from insta_voice.errors import DBDriverError, NotFoundError
from insta_voice.knowledge import (
    Choice,
    Context,
    Document,
    LocalEmbedder,
    Passage,
    draft_article,
    find_articles,
    gather_evidence,
    get_article,
    query_knowledge_base,
    store_knowledge_base_article,
)
from insta_voice.voice.local.text_vectors import TextVectors


@dataclass(frozen=True)
class Limited:
    """An article and who may hear it."""

    name: str
    audience: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Caller:
    """A user id, the profile behind it (none: no row) and what it may hear."""

    user_id: str
    hears: frozenset[str]
    plan: str | None = None
    role: str = "customer"
    disabled: bool = False


ARTICLES = (
    Limited("Open hours", ("everyone",), "We answer between nine and five."),
    Limited("Team handbook", ("plan:team",), "Team customers call the harbour line."),
    Limited("Business handbook", ("plan:business",), "Business customers call the lighthouse line."),
    Limited("Paid handbook", ("plan:team", "plan:business"), "Paying customers have a pier of their own."),
    Limited("Refund exceptions", ("staff",), "Staff may refund up to ninety days."),
)
OPEN = frozenset({"Open hours"})
TEAM, BUSINESS = OPEN | {"Team handbook", "Paid handbook"}, OPEN | {"Business handbook", "Paid handbook"}
CALLERS = (
    Caller("free", OPEN, "free"),
    Caller("team", TEAM, "team"),
    Caller("business", BUSINESS, "business"),
    Caller("support", TEAM | {"Refund exceptions"}, "team", "support"),
    Caller("admin", OPEN | {"Refund exceptions"}, "free", "admin"),
    Caller("disabled", OPEN, "business", "admin", disabled=True),
    Caller("nobody", OPEN),
    # plans and ids that look like something else
    Caller("odd-plan", OPEN, "staff"),
    Caller("wild-plan", OPEN, "%"),
    Caller("array-plan", OPEN, "team,staff"),
    Caller('{"sub": "admin"}', OPEN, "free"),
    Caller("admin' or '1'='1", OPEN, "free"),
)
WHOLE = Context()


@pytest.fixture(scope="module")
async def model() -> AsyncIterator[LocalEmbedder]:
    """The real embedding model."""
    made = LocalEmbedder(TextVectors())
    yield made
    await made.aclose()


@pytest.fixture
async def stored(db: Database, model: LocalEmbedder) -> dict[str, str]:
    """Every article and every caller; title → article id."""
    async with db.as_service() as connection:
        for caller in CALLERS:
            if caller.plan is not None:
                await connection.execute(
                    "insert into user_profiles (user_id, plan, role, disabled) values (%s, %s, %s, %s)",
                    [caller.user_id, caller.plan, caller.role, caller.disabled],
                )
    return {
        a.name: await store_knowledge_base_article(a.name, a.text, audience=a.audience, db=db, embedder=model)
        for a in ARTICLES
    }


@pytest.mark.parametrize("caller", CALLERS, ids=lambda caller: caller.user_id)
async def test_a_caller_hears_what_their_profile_allows_and_nothing_else(
    db: Database, model: LocalEmbedder, stored: dict[str, str], caller: Caller
) -> None:
    for article in ARTICLES:
        for asked in (article.name, article.text, f"{article.name}: {article.text}"):
            found = await query_knowledge_base(asked, user_id=caller.user_id, limit=100, db=db, embedder=model)
            assert {passage["title"] for passage in found} == caller.hears
            evidence = await gather_evidence(db, model, asked, user_id=caller.user_id, context=WHOLE)
            # not even in a follow-up to an article that somebody else was read
            after = Context(article.text, stored[article.name], (article.text,))
            evidence += await gather_evidence(db, model, "and what about that?", user_id=caller.user_id, context=after)
            told = [p for e in evidence for p in e.passages]
            assert {passage.title for passage in told} <= caller.hears
            if article.name in caller.hears:
                assert told[0].title == article.name


async def test_nobody_is_asked_whether_they_mean_what_is_not_for_them(
    db: Database, model: LocalEmbedder, stored: dict[str, str]
) -> None:
    offered: dict[str, set[str]] = {}
    for caller, asked in product(CALLERS, ("I want the handbook", "Which handbook is mine?")):
        found = await gather_evidence(db, model, asked, user_id=caller.user_id, context=WHOLE)
        titles = {passage.title for evidence in found if evidence.choice for passage in evidence.choice.candidates}
        assert titles <= caller.hears
        offered.setdefault(caller.user_id, set()).update(titles)
    assert offered["business"] == {"Business handbook", "Paid handbook"}


@pytest.mark.parametrize("caller", CALLERS, ids=lambda caller: caller.user_id)
async def test_what_was_offered_before_the_profile_changed_is_not_heard_by_choosing_it(
    db: Database, model: LocalEmbedder, stored: dict[str, str], caller: Caller
) -> None:
    for article in ARTICLES:
        before = Passage(0, stored[article.name], None, 1, article.name, "", "", article.text, 0.5, ())
        asked_back = Context(choice=Choice(article.text, (before, before)))
        (chosen,) = await gather_evidence(db, model, "the first", user_id=caller.user_id, context=asked_back)
        assert {passage.title for passage in chosen.passages} == {article.name} & caller.hears


@pytest.mark.parametrize("caller", CALLERS, ids=lambda caller: caller.user_id)
async def test_the_page_of_an_article_obeys_the_same_rule(db: Database, stored: dict[str, str], caller: Caller) -> None:
    for name, article_id in stored.items():
        if name in caller.hears:
            assert (await get_article(db, article_id, caller.user_id)).title == name
        else:
            with pytest.raises(NotFoundError):
                await get_article(db, article_id, caller.user_id)


async def test_what_may_not_be_heard_does_not_change_what_is(
    db: Database, model: LocalEmbedder, stored: dict[str, str]
) -> None:
    """The same search with the hidden articles gone gives the same passages in the same order."""
    asked = [article.text for article in ARTICLES]

    async def found_texts() -> list[list[str]]:
        found = [await query_knowledge_base(text, user_id="free", db=db, embedder=model) for text in asked]
        return [[passage["text"] for passage in passages] for passages in found]

    before = await found_texts()
    async with db.as_service() as connection:
        await connection.execute("delete from knowledge_articles where audience <> '{everyone}'")
    assert await found_texts() == before


async def heard_by(db: Database, model: LocalEmbedder, stored: dict[str, str], title: str) -> set[str]:
    """The callers who hear of an article, or can open its page: the same ones, or this fails."""
    listeners, readers = set(), set()
    for caller in CALLERS:
        found = await query_knowledge_base(title, user_id=caller.user_id, limit=100, db=db, embedder=model)
        if title in {passage["title"] for passage in found}:
            listeners.add(caller.user_id)
        with suppress(NotFoundError):
            await get_article(db, stored[title], caller.user_id)
            readers.add(caller.user_id)
    assert listeners == readers
    return listeners


@pytest.mark.parametrize("status", ["archived", "draft"])
async def test_what_is_not_published_is_heard_by_nobody(
    db: Database, model: LocalEmbedder, stored: dict[str, str], status: str
) -> None:
    async with db.as_service() as connection:
        await connection.execute("update knowledge_articles set status = %s where title = 'Open hours'", [status])
    assert await heard_by(db, model, stored, "Open hours") == set()


async def test_a_draft_is_heard_and_read_by_nobody(db: Database, model: LocalEmbedder, stored: dict[str, str]) -> None:
    night = Document("Night hours", "At night we answer on the tower line.", "night")
    new = await draft_article(db, night, written_by="test")
    changed = Document("Open hours", "We answer on the tower line.", stored["Open hours"])
    await draft_article(db, changed, written_by="test")
    for caller in CALLERS:
        for asked in (night.title, night.content, changed.content):
            found = await query_knowledge_base(asked, user_id=caller.user_id, limit=100, db=db, embedder=model)
            assert {passage["title"] for passage in found} == caller.hears
            assert not [passage for passage in found if "tower" in passage["text"]]
        with pytest.raises(NotFoundError):
            await get_article(db, new.article_id, caller.user_id)
        assert "tower" not in (await get_article(db, stored["Open hours"], caller.user_id)).markdown
    everybody = ("everyone", "staff", "plan:team", "plan:business")
    (found_for_all,) = await find_articles(db, model, [night.content], audiences=everybody)
    assert {article.title for article in found_for_all.articles} == {article.name for article in ARTICLES}


@pytest.mark.parametrize(
    ("today", "is_heard"),
    [("2026-11-30", False), ("2026-12-01", True), ("2026-12-31", True), ("2027-01-01", False)],
)
async def test_an_article_is_heard_on_its_days_and_on_no_other(
    db: Database, database: TestDatabase, model: LocalEmbedder, stored: dict[str, str], today: str, is_heard: bool
) -> None:
    async with db.as_service() as connection:
        await connection.execute(
            "update knowledge_articles set valid_from = '2026-12-01', valid_until = '2026-12-31'"
            " where title in ('Open hours', 'Team handbook')"
        )
    async with await psycopg.AsyncConnection.connect(database.admin_url) as owner:
        clock = f"create or replace function insta.today() returns date language sql stable return date '{today}'"
        await owner.execute(clock.encode())
    everyone = {caller.user_id for caller in CALLERS}
    assert await heard_by(db, model, stored, "Open hours") == (everyone if is_heard else set())
    assert await heard_by(db, model, stored, "Team handbook") == ({"team", "support"} if is_heard else set())


@pytest.mark.parametrize(("day", "is_heard"), [("valid_from", False), ("valid_until", True)])
async def test_one_day_alone_leaves_the_other_end_open(
    db: Database, model: LocalEmbedder, stored: dict[str, str], day: str, is_heard: bool
) -> None:
    async with db.as_service() as connection:
        await connection.execute(f"update knowledge_articles set {day} = '2126-01-01'".encode())  # noqa: S608
    assert bool(await heard_by(db, model, stored, "Open hours")) is is_heard


CLAIMS = ["", "{}", '{"sub": null}', '{"sub": ""}', '{"sub": "nobody"}', '{"sub": ["admin"]}',
          json.dumps({"sub": "nobody", "role": "admin", "audience": ["staff"], "plan": "business"})]  # fmt: skip


@pytest.mark.parametrize("claims", CLAIMS)
async def test_claims_without_a_profile_open_nothing(
    db: Database, model: LocalEmbedder, stored: dict[str, str], claims: str
) -> None:
    vector = (await model.embed(["Refund exceptions"]))[0]
    async with db.as_user("anyone") as connection:
        await connection.execute("select set_config('request.jwt.claims', %s, true)", [claims])
        found = await connection.execute(
            "select title from public.match_knowledge_articles(%s, %s::real[], %s, 1000, 1000)",
            ["Refund exceptions", vector, model.model],
        )
        assert {row["title"] for row in await found.fetchall()} == OPEN


TABLES = ("knowledge_articles", "knowledge_chunks", "chunk_sentences", "chunk_embeddings", "sentence_embeddings",
          "chunk_terms", "title_terms", "knowledge_statistics", "knowledge_indexes", "article_versions",
          "article_drafts", "knowledge_pages", "knowledge_sources", "knowledge_hearings",
          "knowledge_words")  # fmt: skip
WAYS = (
    "select * from public.{}",
    "delete from public.{}",
    "insert into public.{} default values",
    "truncate public.{}",
)


@pytest.mark.parametrize("table", TABLES)
async def test_the_runtime_role_cannot_touch_a_table(db: Database, stored: dict[str, str], table: str) -> None:
    for way in WAYS:
        with pytest.raises(DBDriverError) as refused:
            async with db.as_user("admin") as connection:
                await connection.execute(way.format(table).encode())
        assert "InsufficientPrivilege" in refused.value.detail


async def test_the_runtime_role_cannot_name_its_audience(db: Database, stored: dict[str, str]) -> None:
    for call in (
        "select * from insta.search_knowledge('refund', null, 'x', '{staff}', 10, 10)",
        "select insta.caller_audiences()",
    ):
        with pytest.raises(DBDriverError) as refused:
            async with db.as_user("admin") as connection:
                await connection.execute(call.encode())
        assert "InsufficientPrivilege" in refused.value.detail


async def test_supabases_own_roles_reach_neither_tables_nor_functions(supabase: TestDatabase) -> None:
    functions = (
        "select * from public.match_knowledge_articles('refund', null, 'x', 5, 5)",
        "select * from public.get_knowledge_article('00000000-0000-0000-0000-000000000000')",
        "select * from insta.search_knowledge('refund', null, 'x', '{staff}', 5, 5)",
    )
    tables = tuple(WAYS[0].format(table) for table in TABLES)
    async with await psycopg.AsyncConnection.connect(supabase.admin_url) as connection:
        for role, statement in product(("anon", "authenticated", "service_role"), functions + tables):
            await connection.execute(f"set local role {role}".encode())
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await connection.execute(statement.encode())
            await connection.rollback()
