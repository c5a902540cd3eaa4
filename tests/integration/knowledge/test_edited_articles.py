"""Files over articles that were edited here: the file has the word when it has changed since it was last read."""

from pathlib import Path

import pytest
from tests.support.knowledge import write_article

from insta_voice.db import Database
from insta_voice.knowledge import (
    Document,
    LocalEmbedder,
    Report,
    draft_article,
    get_version,
    ingest,
    list_versions,
    publish,
    remove_articles,
    restore_version,
)
from insta_voice.knowledge import documents as documents_module


async def edit(db: Database, embedder: LocalEmbedder, text: str) -> None:
    await draft_article(db, Document("Lighthouse", text, "light"), written_by="test")
    await publish(db, embedder, "light", written_by="test")


async def text(db: Database) -> str:
    return (await get_version(db, "light")).document.content


async def test_an_edit_stays_until_its_file_changes(db: Database, embedder: LocalEmbedder, tmp_path: Path) -> None:
    write_article(tmp_path, "light", "Lighthouse", "Green.")
    await ingest(db, embedder, [tmp_path])
    await edit(db, embedder, "Red.")
    for _ in range(2):
        assert await ingest(db, embedder, [tmp_path]) == Report(unchanged=1, edits_kept=("light",))
        assert await text(db) == "Red."

    write_article(tmp_path, "light", "Lighthouse", "Blue.")
    assert await ingest(db, embedder, [tmp_path]) == Report(changed=1, edits_replaced=("light",))
    assert await text(db) == "Blue."
    assert [v.reason for v in await list_versions(db, "light")] == ["ingest", "edit", "draft", "ingest"]
    assert await ingest(db, embedder, [tmp_path]) == Report(unchanged=1)


async def test_an_edit_does_not_keep_its_file_from_another_audience(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    (tmp_path / "light.md").write_text("# Lighthouse\n\nGreen.")
    await ingest(db, embedder, [tmp_path], audience=("plan:pro",))
    await edit(db, embedder, "Red.")
    kept = Report(unchanged=1, edits_kept=("light",))
    assert await ingest(db, embedder, [tmp_path], audience=("plan:pro",)) == kept
    replaced = Report(changed=1, edits_replaced=("light",))
    assert await ingest(db, embedder, [tmp_path], audience=("staff",)) == replaced
    assert (await get_version(db, "light")).document.audience == ("staff",)


async def test_an_edit_goes_with_its_file(db: Database, embedder: LocalEmbedder, tmp_path: Path) -> None:
    for name in ("light", "tower"):
        write_article(tmp_path, name, name, "Green.")
    await ingest(db, embedder, [tmp_path])
    await edit(db, embedder, "Red.")
    (tmp_path / "light.md").unlink()
    assert await ingest(db, embedder, [tmp_path]) == Report(unchanged=1, removed=1)


async def test_going_back_is_an_edit_too(db: Database, embedder: LocalEmbedder, tmp_path: Path) -> None:
    for colour in ("Green.", "Blue."):
        write_article(tmp_path, "light", "Lighthouse", colour)
        await ingest(db, embedder, [tmp_path])
    await restore_version(db, embedder, "light", 1, written_by="test")
    assert await ingest(db, embedder, [tmp_path]) == Report(unchanged=1, edits_kept=("light",))
    assert await text(db) == "Green."


async def test_an_article_that_was_taken_out_and_restored_stays_until_its_file_changes(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    for colour in ("Green.", "Blue."):
        write_article(tmp_path, "light", "Lighthouse", colour)
        await ingest(db, embedder, [tmp_path])
    await remove_articles(db, ["light"])
    await restore_version(db, embedder, "light", 1, written_by="test")
    for _ in range(2):
        assert await ingest(db, embedder, [tmp_path]) == Report(unchanged=1, edits_kept=("light",))
        assert await text(db) == "Green."
    write_article(tmp_path, "light", "Lighthouse", "Red.")
    assert await ingest(db, embedder, [tmp_path]) == Report(changed=1, edits_replaced=("light",))


async def test_a_file_that_says_what_was_edited_changes_nothing(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    write_article(tmp_path, "light", "Lighthouse", "Green.")
    await ingest(db, embedder, [tmp_path])
    await edit(db, embedder, "Red.")
    write_article(tmp_path, "light", "Lighthouse", "Red.")
    for _ in range(2):
        assert await ingest(db, embedder, [tmp_path]) == Report(unchanged=1)
    assert len(await list_versions(db, "light")) == 3


async def test_another_way_to_cut_articles_takes_no_edit_back(
    db: Database, embedder: LocalEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("light", "tower"):
        write_article(tmp_path, name, name, "Green.")
    await ingest(db, embedder, [tmp_path])
    await edit(db, embedder, "Red.")
    monkeypatch.setattr(documents_module, "CHUNKER_VERSION", documents_module.CHUNKER_VERSION + 1)
    assert await ingest(db, embedder, [tmp_path]) == Report(changed=1, unchanged=1, edits_kept=("light",))
    assert await text(db) == "Red."
