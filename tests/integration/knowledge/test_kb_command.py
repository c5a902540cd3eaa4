"""`insta-voice kb` as an operator and a program use it: the contract's lines, plain text in a pipe, one sentence when
something is wrong."""

import json
import shutil
from pathlib import Path

import pytest
from tests.support.kb import Kb
from tests.support.knowledge import write_article

from insta_voice.cli.main import main
from insta_voice.db import Database
from insta_voice.knowledge import LocalEmbedder, ingest, list_articles, remove_from
from insta_voice.knowledge.chunks import make_chunks
from insta_voice.knowledge.documents import Document
from insta_voice.knowledge.embedding import LOCAL_DIMENSIONS, LOCAL_MODEL
from insta_voice.knowledge.store import Store
from insta_voice.knowledge.versions.writing import Origin
from insta_voice.settings import get_settings
from insta_voice.stack.demo_content import ARTICLES_FOLDER


async def test_ingest_then_search_by_the_contract(kb: Kb, tmp_path: Path) -> None:
    articles = tmp_path / "articles.jsonl"
    lines = [
        {"id": "kb-1", "title": "Reset your password", "text": "Choose forgot password on the sign-in page."},
        {"id": "kb-2", "title": "Refund exceptions", "text": "Staff may refund.", "audience": ["staff"]},
        {"id": "kb-3", "title": "Share a file", "text": "Make a link to the file.\n\n" * 200},
    ]
    articles.write_text("\n".join(json.dumps(line) for line in lines))
    done = await kb("ingest", str(articles), "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out) == {"added": 3, "changed": 0, "unchanged": 0, "removed": 0, "failed": [],
                                     "edits_kept": [], "edits_replaced": [], "missing": [],
                                     "taken_over": []}  # fmt: skip

    queries = tmp_path / "queries.jsonl"
    queries.write_text(
        '{"id": "q1", "text": "How do I reset my password?"}\n{"id": 2, "text": "capital\u2028of\u2029Peru\x85"}\n'
    )
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


async def test_files_are_for_the_audience_of_the_command_line(kb: Kb, db: Database, tmp_path: Path) -> None:
    page = tmp_path / "export.html"
    page.write_text("<!doctype html><main><h1>Export your data</h1><p>Press export.</p></main>")
    done = await kb("ingest", str(page), "--audience", "plan:pro", "--audience", "staff")
    assert (done.code, done.out) == (0, "1 added, 0 changed, 0 unchanged, 0 removed, 0 failed.\n")
    assert [article.audience for article in await list_articles(db)] == [("plan:pro", "staff")]
    other = await kb("ingest", str(page), "--audience", "plan:team")
    assert other.out == "0 added, 1 changed, 0 unchanged, 0 removed, 0 failed.\n"
    wrong = await kb("ingest", str(page), "--audience", "pro")
    assert (wrong.code, wrong.out) == (1, "")
    assert wrong.err.startswith("insta-voice: The field audience knows")


async def test_a_search_says_what_it_left_out(kb: Kb, db: Database, embedder: LocalEmbedder, tmp_path: Path) -> None:
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


async def test_several_questions_in_one_are_searched_each_for_itself(
    kb: Kb, db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    write_article(tmp_path, "reset", "Reset your password", "Choose forgot password on the page where you sign in.")
    write_article(tmp_path, "link", "Share a file", "To share a file, press Share and copy the link.")
    await ingest(db, embedder, [tmp_path])
    asked = "Um, how do I reset my password and how do I share a file?"
    told = json.loads((await kb("search", asked, "--json", "--k", "1")).out)
    assert list(told) == ["answerable", "confidence", "results", "parts"]
    reset, share = told["parts"]
    assert list(reset) == ["question", "answerable", "confidence", "results", "asked_back"]
    assert (reset["question"], share["question"]) == ("how do I reset my password", "how do I share a file?")
    assert [part["results"][0]["article_id"] for part in (reset, share)] == ["reset", "link"]
    assert told["answerable"] is (reset["answerable"] and share["answerable"])
    assert told["confidence"] == min(reset["confidence"], share["confidence"])
    assert told["results"] == [max(reset["results"][0], share["results"][0], key=lambda result: result["score"])]
    lines = (await kb("search", asked)).out.splitlines()
    assert [line.split(" would ")[0] for line in lines if " would " in line] == [
        "“how do I reset my password”",
        "“how do I share a file?”",
    ]
    nothing = json.loads((await kb("search", "um, hello", "--json")).out)
    assert (nothing["answerable"], nothing["confidence"], nothing["results"]) == (False, 0.0, [])


async def test_what_is_wrong_is_one_sentence(kb: Kb, tmp_path: Path) -> None:
    write_article(tmp_path / "articles", "good", "Good", "Text.")
    write_article(tmp_path / "articles", "bad", "Bad", "Text.", audience="[everybody]")
    partly = await kb("ingest", str(tmp_path / "articles"))
    assert partly.code == 1
    assert partly.out == "1 added, 0 changed, 0 unchanged, 0 removed, 1 failed.\n"
    assert partly.err.strip().startswith("bad.md: The field audience knows")
    (tmp_path / "torn.pdf").write_bytes(b"%PDF-1.7\ntorn")
    torn = await kb("ingest", str(tmp_path / "torn.pdf"))
    assert torn.err.startswith("  torn.pdf: It cannot be read as PDF, it is damaged")
    assert torn.err.count("\n") == 1

    for arguments in (
        ["ingest", str(tmp_path / "missing")],
        ["search"],
        ["ingest", "https://maya:secret@help.example/"],
    ):
        failed = await kb(*arguments)
        assert failed.code == 1
        assert failed.err.startswith("insta-voice: ")
        assert failed.err.count("\n") == 1


async def test_a_directory_with_nothing_to_read_is_said_to_have_nothing(kb: Kb, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "reset.rst").write_text("Reset your password")
    done = await kb("ingest", str(folder))
    assert (done.code, done.out) == (
        0,
        f"Nothing that can be read was found at {folder}. Files that end so are:"
        " .md, .markdown, .jsonl, .ndjson, .html, .htm, .xhtml, .pdf, .docx, .txt, .csv.\n",
    )
    assert json.loads((await kb("ingest", str(folder), "--json")).out)["added"] == 0


async def test_articles_are_taken_out_by_the_ids_that_the_list_shows(
    kb: Kb, db: Database, embedder: LocalEmbedder, tmp_path: Path
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


async def test_what_came_from_a_folder_that_is_gone_is_taken_out_by_its_path(
    kb: Kb, db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    """A folder that was deleted went on answering, and no command took its articles out."""
    folder, other = tmp_path / "articles", tmp_path / "articles of others"
    for name in ("one", "sub/two"):
        write_article(folder, name, name, f"This is {name}.")
    alone = write_article(other, "three", "Three", "This is three.")
    write_article(other, "four", "Four", "This is four.")
    await ingest(db, embedder, [folder, alone])
    await ingest(db, embedder, [other / "four.md"])
    shutil.rmtree(folder)

    gone = await kb("ingest", str(folder))
    sentence = f"There is nothing at {folder}. Articles that came from there go on answering (2): "
    assert (gone.code, gone.err) == (
        1,
        f"insta-voice: {sentence}`insta-voice kb remove --from {folder}` takes them out.\n",
    )
    assert (await kb("remove", "--from", f"{folder}/")).out == "2 removed.\n"
    assert [article.article_id for article in await list_articles(db)] == ["four", "three"]
    assert (await kb("remove", "--from", str(alone))).out == "1 removed.\n", "a file that was loaded alone"
    assert [article.source for article in await list_articles(db)] == [str(other / "four.md")]

    nothing = await kb("remove", "--from", str(folder))
    assert (nothing.code, nothing.out) == (1, "")
    assert nothing.err == (
        f"insta-voice: No article came from {folder}. `insta-voice kb list --json` says where each came from.\n"
    )


async def test_what_a_file_of_a_folder_or_a_part_of_it_brought_is_taken_out_alone(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    for name in ("one", "sub/two", "sub/three", "subway"):
        write_article(tmp_path, name, name, f"This is {name}.")
    await ingest(db, embedder, [tmp_path])
    assert await remove_from(db, tmp_path / "one.md") == 1
    assert await remove_from(db, tmp_path / "sub") == 2
    assert [article.article_id for article in await list_articles(db)] == ["subway"]


async def test_a_link_in_a_folder_is_taken_out_and_not_what_it_leads_to(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    (tmp_path / "a.md").write_text("# Returns\n\nSend it back within 30 days.\n")
    (tmp_path / "b.md").symlink_to("a.md")
    await ingest(db, embedder, [tmp_path])
    assert await remove_from(db, tmp_path / "b.md") == 1
    assert [article.article_id for article in await list_articles(db)] == ["a"]


async def test_an_article_that_moves_within_its_folder_is_brought_by_nobody_else(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    (tmp_path / "faq.md").write_text("---\nid: faq\n---\n# Questions\n\nAsk us.\n")
    await ingest(db, embedder, [tmp_path])
    (tmp_path / "faq.md").unlink()
    (tmp_path / "questions.md").write_text("---\nid: faq\n---\n# Questions\n\nAsk us anything.\n")
    report = await ingest(db, embedder, [tmp_path])
    assert (report.changed, report.taken_over) == (1, ())


async def test_an_article_that_another_folder_brought_is_named_with_both(
    kb: Kb, db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    """Two folders with a faq.md replaced each other's article, and nobody saw it."""
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "faq.md").write_text(f"# Questions of {folder}\n\nAsk {folder}.\n")
    await ingest(db, embedder, [tmp_path / "a"])
    done = await kb("ingest", str(tmp_path / "b"))
    places = f"faq (from {tmp_path}/a/faq.md, now {tmp_path}/b/faq.md)"
    assert done.out == (
        "0 added, 1 changed, 0 unchanged, 0 removed, 0 failed.\n"
        f"Replaced, though another place had brought it: {places}.\n"
    )
    told = json.loads((await kb("ingest", str(tmp_path / "a" / "faq.md"), "--json")).out)
    assert told["taken_over"] == [
        {"article_id": "faq", "before": f"{tmp_path}/b/faq.md", "now": f"{tmp_path}/a/faq.md"}
    ]
    (tmp_path / "a" / "faq.md").write_text("# Questions of a\n\nAsk a, or b.\n")
    assert (await ingest(db, embedder, [tmp_path / "a"])).taken_over == (), "the same file, in its folder now"


@pytest.mark.parametrize("arguments", [["search", "--queries"], ["eval"]])
def test_a_file_that_is_not_there_is_said_to_be_not_there(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="1"):
        main(["kb", *arguments, str(tmp_path / "missing.txt")])
    assert capsys.readouterr().err == f"insta-voice: There is nothing at {tmp_path / 'missing.txt'}.\n"


def test_an_empty_place_is_not_this_directory(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="1"):
        main(["kb", "remove", "--from", " "])
    assert capsys.readouterr().err == "insta-voice: Give a path or an address after --from.\n"


@pytest.mark.parametrize("arguments", [["remove"], ["remove", "two", "--demo"], ["remove", "--demo", "--from", "x"]])
def test_what_to_take_out_is_said_in_one_way(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="1"):
        main(["kb", *arguments])
    assert capsys.readouterr().err == "insta-voice: Give the ids of the articles, --from or --demo.\n"


async def test_own_articles_beside_the_demos_are_pointed_out(
    kb: Kb, db: Database, embedder: LocalEmbedder, tmp_path: Path
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


async def test_a_title_commands_no_terminal(kb: Kb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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


async def test_the_state_of_each_index_is_said(kb: Kb, db: Database, embedder: LocalEmbedder, tmp_path: Path) -> None:
    write_article(tmp_path, "reset", "Reset your password", "Choose forgot password.")
    await ingest(db, embedder, [tmp_path])
    async with db.as_service() as connection:
        await connection.execute("select insta.register_index('text-embedding-3-small', 1536)")
        await connection.execute(
            "update knowledge_indexes set trouble = 'HTTP 429', waits_until = '2126-01-01 12:30Z'"
            " where state = 'filling'"
        )
    lines = (await kb("status")).out.splitlines()
    assert lines[0].startswith(f"{LOCAL_MODEL} ({LOCAL_DIMENSIONS} numbers) is searched, since ")
    assert lines[0].endswith(" UTC: 1 of 1 passages.")
    assert lines[1:] == [
        "text-embedding-3-small (1536 numbers) is being filled: 0 of 1 passages. It waits until 12:30 UTC (HTTP 429)."
    ]
    [local, small] = json.loads((await kb("status", "--json")).out)
    assert (local["state"], local["vectors"], local["passages"]) == ("in use", 1, 1)
    assert (small["state"], small["vectors"], small["trouble"]) == ("filling", 0, "HTTP 429")
