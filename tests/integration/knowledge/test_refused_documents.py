"""Documents that the model or the database does not take: each is a failure of its own; only an outage ends a run."""

from pathlib import Path

import psycopg
import pytest
from tests.support.embedding_server import rows, serving
from tests.support.knowledge import write_article
from tests.support.postgres import TestDatabase

from insta_voice.db import Database
from insta_voice.errors import EmbeddingError
from insta_voice.knowledge import LocalEmbedder, Report, ingest


async def test_documents_that_are_refused_for_what_they_say_are_no_outage(db: Database, tmp_path: Path) -> None:
    """Three long articles side by side ended the whole run, and nothing that was gone was removed."""
    for name in ("gone", "stays"):
        write_article(tmp_path, name, name, "Short.")
    async with serving(
        lambda texts: (413, {}) if any("Long." in text for text in texts) else (200, rows(texts))
    ) as made:
        assert await ingest(db, made, [tmp_path]) == Report(added=2)
        (tmp_path / "gone.md").unlink()
        for number in range(4):
            write_article(tmp_path, f"long{number}", "Title", "Long.")
        write_article(tmp_path, "new", "New", "Short.")
        report = await ingest(db, made, [tmp_path])
    assert (report.added, report.unchanged, report.removed) == (1, 1, 1)
    assert sorted(failure.place for failure in report.failed) == [f"long{number}.md" for number in range(4)]
    assert {failure.reason for failure in report.failed} == {
        "The model does not take one of these texts. Shorten it, or name another model."
    }


async def test_a_model_that_takes_no_text_at_all_is_an_outage(db: Database, tmp_path: Path) -> None:
    for number in range(6):
        write_article(tmp_path, f"a{number}", "Title", "Text.")
    async with serving(lambda texts: (400, {})) as made:
        with pytest.raises(EmbeddingError, match="could not be turned into a vector"):
            await ingest(db, made, [tmp_path])


async def test_articles_that_the_database_refuses_are_no_outage(
    db: Database, database: TestDatabase, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    async with await psycopg.AsyncConnection.connect(database.admin_url) as owner:
        await owner.execute("alter table knowledge_articles add check (title <> 'Refused')")
    for number in range(4):
        write_article(tmp_path, f"a{number}", "Refused", "Text.")
    write_article(tmp_path, "b", "Taken", "Text.")
    report = await ingest(db, embedder, [tmp_path])
    assert (report.added, len(report.failed)) == (1, 4)
