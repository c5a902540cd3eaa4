"""Fixtures with the real embedding model, and articles to search."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from psycopg import sql
from tests.support.postgres import on_database, run_as_owner

from insta_voice.db import Database
from insta_voice.knowledge import LocalEmbedder, ingest
from insta_voice.stack.postgres import EmbeddedPostgres
from insta_voice.voice.local.text_vectors import TextVectors

DEMO = Path(__file__).parents[2] / "knowledge"
CALLER = "demo-caller"


@pytest.fixture(scope="session")
async def embedder() -> AsyncIterator[LocalEmbedder]:
    """The local model in this process, loaded once a session."""
    made = LocalEmbedder(TextVectors())
    yield made
    await made.aclose()


@pytest.fixture(scope="session")
async def company(postgres: EmbeddedPostgres, template: str, embedder: LocalEmbedder) -> AsyncIterator[Database]:
    """The demo company's articles, loaded once for tests which only read; CALLER is on the team plan."""
    name = sql.Identifier("demo_company")
    await run_as_owner(postgres, sql.SQL("create database {} template {}").format(name, sql.Identifier(template)))
    async with Database(on_database(postgres.url, "demo_company")) as db:
        report = await ingest(db, embedder, [DEMO / "articles"])
        assert not report.failed
        async with db.as_service() as connection:
            await connection.execute("insert into user_profiles (user_id, plan) values (%s, 'team')", [CALLER])
        yield db
    await run_as_owner(postgres, sql.SQL("drop database {} with (force)").format(name))


def write_article(folder: Path, name: str, title: str, text: str, **front: str) -> Path:
    """A Markdown file with front matter; its id is `name`."""
    lines = "\n".join(f"{key}: {value}" for key, value in {"id": name, "title": title, **front}.items())
    path = folder / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{lines}\n---\n\n{text}\n", "utf-8")
    return path
