"""`insta-voice kb` as an operator and a program use it: the contract's lines, plain text in a pipe, one sentence when
something is wrong."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.support.knowledge import write_article

from insta_voice.cli.main import main
from insta_voice.db import Database
from insta_voice.knowledge import LocalEmbedder, ingest, list_articles
from insta_voice.knowledge.chunks import make_chunks
from insta_voice.knowledge.documents import Document
from insta_voice.knowledge.store import Origin, Store
from insta_voice.settings import get_settings
from insta_voice.stack.demo_content import ARTICLES_FOLDER


@dataclass(frozen=True)
class Ran:
    """A command that ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def kb(database_url: str, tmp_path: Path):  # type: ignore[no-untyped-def]
    """Runs `insta-voice kb …` on the test's database."""

    async def run(*arguments: str) -> Ran:
        # no speech server and no settings but these
        env = {**os.environ, "DATABASE_URL": database_url, "INSTA_DATA_DIR": str(tmp_path / "data")}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            "from insta_voice.cli import main; main()",
            "kb",
            *arguments,
            env=env,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        return Ran(process.returncode or 0, out.decode(), err.decode())

    return run


async def test_ingest_then_search_by_the_contract(kb, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    articles = tmp_path / "articles.jsonl"
    lines = [
        {"id": "kb-1", "title": "Reset your password", "text": "Choose forgot password on the sign-in page."},
        {"id": "kb-2", "title": "Refund exceptions", "text": "Staff may refund.", "audience": ["staff"]},
        {"id": "kb-3", "title": "Share a file", "text": "Make a link to the file.\n\n" * 200},
    ]
    articles.write_text("\n".join(json.dumps(line) for line in lines))
    done = await kb("ingest", str(articles), "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out) == {"added": 3, "changed": 0, "unchanged": 0, "removed": 0, "failed": []}

    queries = tmp_path / "queries.jsonl"
    queries.write_text('{"id": "q1", "text": "How do I reset my password?"}\n{"id": 2, "text": "capital of Peru"}\n')
    searched = await kb("search", "--queries", str(queries), "--k", "3")
    first, second = (json.loads(line) for line in searched.out.splitlines())
    assert list(first) == ["id", "answerable", "confidence", "results"]
    assert (first["id"], first["answerable"], second["id"], second["answerable"]) == ("q1", True, 2, False)
    assert 0 <= second["confidence"] < first["confidence"] <= 1
    assert [list(result) for result in first["results"]] == [["article_id", "title", "score"]] * 2
    assert [result["article_id"] for result in first["results"]] == ["kb-1", "kb-3"]  # distinct, none for staff

    for_staff = await kb("search", "refund exceptions", "--audience", "staff", "--json")
    assert [result["article_id"] for result in json.loads(for_staff.out)["results"]] == ["kb-2"]
    listed = await kb("list")
    assert "kb-2\tRefund exceptions\tstaff\t1" in listed.out.splitlines()
    assert "\x1b" not in listed.out + (await kb("search", "password")).out


async def test_a_search_says_what_it_left_out(kb: Any, db: Database, embedder: LocalEmbedder, tmp_path: Path) -> None:
    write_article(
        tmp_path, "sso", "Single sign-on", "To set up single sign-on, open Security.", audience="[plan:business]"
    )
    write_article(tmp_path, "link", "Share a link", "To share a file, press Share and copy the link.")
    await ingest(db, embedder, [tmp_path])
    last = "1 article for other audiences was left out: --audience plan:business"
    searched = await kb("search", "How do I set up single sign-on?")
    assert searched.out.splitlines()[-1] == last
    for told in (
        await kb("search", "How do I set up single sign-on?", "--audience", "everyone", "--audience", "plan:business"),
        await kb("search", "How do I share a file by link?"),
    ):
        assert "left out" not in told.out


async def test_what_is_wrong_is_one_sentence(kb, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    write_article(tmp_path / "articles", "good", "Good", "Text.")
    write_article(tmp_path / "articles", "bad", "Bad", "Text.", audience="[everybody]")
    partly = await kb("ingest", str(tmp_path / "articles"))
    assert partly.code == 1
    assert partly.out == "1 added, 0 changed, 0 unchanged, 0 removed, 1 failed.\n"
    assert partly.err.strip().startswith("bad.md: The field audience knows")

    for arguments in (["ingest", str(tmp_path / "missing")], ["search"], ["ingest", "https://help.example"]):
        failed = await kb(*arguments)
        assert failed.code == 1
        assert failed.err.startswith("insta-voice: ")
        assert failed.err.count("\n") == 1


async def test_articles_are_taken_out_by_the_ids_that_the_list_shows(
    kb: Any, db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    for name in ("one", "two", "three"):
        write_article(tmp_path / "articles", name, name.title(), f"This is {name}.")
    await ingest(db, embedder, [tmp_path / "articles"])

    wrong = await kb("remove", "one", "four")
    assert wrong.code == 1
    assert wrong.err.startswith("insta-voice: There is no article four.")
    assert len(await list_articles(db)) == 3, "all of them or none"

    assert (await kb("remove", "one", "three")).out == "2 removed.\n"
    assert [article.article_id for article in await list_articles(db)] == ["two"]


@pytest.mark.parametrize("arguments", [["remove"], ["remove", "two", "--demo"]])
def test_what_to_take_out_is_said_in_one_way(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="1"):
        main(["kb", *arguments])
    assert capsys.readouterr().err == "insta-voice: Give the ids of the articles, or --demo.\n"


async def test_own_articles_beside_the_demos_are_pointed_out(
    kb: Any, db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    for name in ("demo-1", "invoices"):
        demo = Document("Demo", "Demo.", external_id=name)
        await Store(db, embedder).put(demo, make_chunks("Demo", "Demo."), Origin(str(ARTICLES_FOLDER), f"{name}.md"))
    own = write_article(tmp_path / "articles", "own", "Own", "Our own.")
    invoices = write_article(tmp_path / "articles", "invoices", "Our invoices", "Ours.")
    done = await kb("ingest", str(own), str(invoices))
    assert done.code == 0
    assert done.err.splitlines() == [
        "Replaced the demo company's articles of the same id: invoices.",
        "Articles of the demo company are still there: 1. Take them out with `insta-voice kb remove --demo`.",
    ]
    assert (await kb("remove", "--demo")).out == "1 removed.\n"
    assert [article.title for article in await list_articles(db)] == ["Our invoices", "Own"], "ours since it is"


def test_the_demos_articles_are_not_loaded_in_production(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INSTA_ENV", "production")
    get_settings.cache_clear()
    with pytest.raises(SystemExit, match="1"):
        main(["kb", "ingest", str(next(ARTICLES_FOLDER.glob("*.md")))])
    get_settings.cache_clear()
    assert "holds the demo company's articles. Give your own in production." in capsys.readouterr().err


async def test_a_title_commands_no_terminal(kb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    """Promise 28: neither control sequences nor the markup of what prints it."""
    title = "Reset \x1b]0;owned\x07[bold]your[/] password \x9b2J[/]"
    articles = tmp_path / "articles.jsonl"
    articles.write_text(json.dumps({"id": "kb-1", "title": title, "text": "Choose \x1b[31mforgot password[/]."}))
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    assert (await kb("ingest", str(articles))).code == 0
    ran = [await kb("list"), await kb("list", "--json"), await kb("search", "How do I reset my password?")]
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")  # what a terminal is told, without our own colours
    ran += [await kb("list"), await kb("search", "How do I reset my password?")]
    for done in ran:
        assert done.code == 0, done.err
        assert "[bold]your[/] password" in done.out
        assert [c for c in done.out if c not in "\n\t" and not c.isprintable()] == []
