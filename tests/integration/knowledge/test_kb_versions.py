"""`insta-voice kb show`, `history`, `draft`, `publish`, `restore` and their like: an article's life at a terminal."""

import json
from datetime import date
from pathlib import Path

import pytest
from tests.support.kb import Kb
from tests.support.knowledge import write_article

from insta_voice.db import Database
from insta_voice.knowledge import Document, LocalEmbedder, draft_article, ingest, publish


@pytest.fixture
async def reset(db: Database, embedder: LocalEmbedder, tmp_path: Path) -> None:
    """An article that was read from a file."""
    write_article(tmp_path / "articles", "reset", "Reset your password", "Choose forgot password.", product="Web app")
    await ingest(db, embedder, [tmp_path / "articles"])


@pytest.mark.usefixtures("reset")
async def test_an_article_is_shown_changed_drafted_published_and_taken_back(kb: Kb, tmp_path: Path) -> None:
    shown = await kb("show", "reset")
    assert shown.out.startswith("---\nid: reset\nversion: 1\ntitle: Reset your password\n")
    assert "\nproduct: Web app\n" in shown.out
    assert shown.err.startswith("Version 1 of reset: published, ingest by kb ingest, ")

    file = tmp_path / "changed.md"
    file.write_text(shown.out.replace("forgot password", "new password"))
    drafted = await kb("draft", str(file))
    assert drafted.out == (
        "Version 2 of reset is a draft: version 1 is heard until `insta-voice kb publish reset`.\n"
    ), drafted.err
    assert (await kb("show", "reset")).err.endswith(" Version 2 is a draft.\n")
    assert (await kb("drafts")).out.startswith("reset\tversion 2\t")
    [waiting] = json.loads((await kb("drafts", "--json")).out)
    assert (waiting["external_id"], waiting["made_from"], waiting["state"]) == ("reset", 1, "draft")

    assert (await kb("publish", "reset")).out == "Version 3 of reset is published.\n"
    assert "Choose new password." in (await kb("show", "reset")).out
    assert "Choose forgot password." in (await kb("show", "reset", "--version", "1")).out
    assert (await kb("restore", "reset", "--version", "1")).out == "Version 4 of reset says what version 1 said.\n"
    lines = [line.split("\t") for line in (await kb("history", "reset")).out.splitlines()]
    assert [(line[0], *line[2:]) for line in lines] == [
        ("4", "restore from 1", "insta-voice kb", "published", "Reset your password"),
        ("3", "edit from 2", "insta-voice kb", "past", "Reset your password"),
        ("2", "draft from 1", "insta-voice kb", "past", "Reset your password"),
        ("1", "ingest", "kb ingest", "past", "Reset your password"),
    ]
    assert (await kb("draft", str(file))).out == (
        "Version 5 of reset is a draft, made of version 1, and version 4 is heard: it cannot be published.\n"
    )
    whole = json.loads((await kb("show", "reset", "--version", "3", "--json")).out)
    assert (whole["version"], whole["article"]["text"]) == (3, "Choose new password.")
    read = await kb("ingest", str(tmp_path / "articles"))
    assert "1 unchanged" in read.out


@pytest.mark.usefixtures("reset")
async def test_ingest_says_which_edits_it_kept_and_which_it_replaced(
    kb: Kb, db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    await draft_article(db, Document("Reset your password", "Ask us.", "reset"), written_by="test")
    await publish(db, embedder, "reset", written_by="test")
    kept = await kb("ingest", str(tmp_path / "articles"))
    assert kept.out.splitlines()[1:] == ["Edited here, and left so while their files do not change: reset."]
    write_article(tmp_path / "articles", "reset", "Reset your password", "Choose it.")
    replaced = await kb("ingest", str(tmp_path / "articles"))
    assert replaced.out.splitlines()[1:] == ["Edited here, and replaced by files that have changed: reset."]


@pytest.mark.usefixtures("reset")
async def test_a_draft_is_discarded_and_what_cannot_be_done_is_one_sentence(kb: Kb, tmp_path: Path) -> None:
    write_article(tmp_path, "draft", "Reset your password", "Ask us.", id="reset")
    (tmp_path / "nameless.md").write_text("# Nameless\n\nText.")
    write_article(tmp_path, "counted", "Counted", "Text.", version="three")
    assert (await kb("draft", str(tmp_path / "draft.md"))).code == 0
    assert (await kb("discard", "reset")).out == "Version 2 of reset is no draft any more.\n"
    for arguments, said in (
        (["publish", "reset"], "There is no draft of reset."),
        (["discard", "tower"], "There is no article tower."),
        (["history", "tower"], "There is no article tower."),
        (["show", "reset", "--version", "7"], "There is no version 7 of reset."),
        (["restore", "reset", "--version", "1"], "Version 1 of reset is the published one."),
        (["draft", str(tmp_path / "nameless.md")], "has no id in its front matter"),
        (["draft", str(tmp_path / "counted.md")], "The field version is not a whole number."),
        (["draft", str(tmp_path / "missing.md")], "missing.md: The file cannot be read (No such file or directory)."),
    ):
        refused = await kb(*arguments)
        assert refused.code == 1
        assert refused.err.startswith("insta-voice: ")
        assert said in refused.err
        assert refused.err.count("\n") == 1


async def test_an_article_that_is_past_or_to_come_does_not_look_heard(
    kb: Kb, db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    write_article(tmp_path / "articles", "autumn", "Autumn sale", "It is on.", valid_until="2025-11-01")
    write_article(tmp_path / "articles", "next", "Next sale", "It is on.", valid_from="2125-12-01")
    write_article(tmp_path / "articles", "reset", "Reset your password", "Choose it.")
    await ingest(db, embedder, [tmp_path / "articles"])
    assert (await kb("list")).out.splitlines() == [
        "autumn\tAutumn sale\teveryone\t1\texpired 2025-11-01",
        "next\tNext sale\teveryone\t1\tfrom 2125-12-01",
        "reset\tReset your password\teveryone\t1\t",
    ]
    assert (await kb("show", "autumn")).err.startswith("Version 1 of autumn: published, expired 2025-11-01, ingest by ")
    assert (await kb("show", "reset")).err.startswith("Version 1 of reset: published, ingest by ")

    edited = Document("Next sale", "It is on again.", "next", valid_from=date(2125, 12, 2))
    await draft_article(db, edited, written_by="test")
    assert (await kb("publish", "next")).out == "Version 3 of next is published, from 2125-12-02.\n"
    lines = [line.split("\t") for line in (await kb("history", "next")).out.splitlines()]
    assert [line[4] for line in lines] == ["published, from 2125-12-02", "past", "past"]
    [newest, *_] = json.loads((await kb("history", "next", "--json")).out)
    assert (newest["state"], newest["valid_from"], newest["valid_until"]) == ("published", "2125-12-02", None)


async def test_a_version_commands_no_terminal(kb: Kb, db: Database, tmp_path: Path) -> None:
    """Promise 28: neither its title nor its text."""
    hostile = "Reset \x9b2J[bold]your[/]"
    await draft_article(db, Document(hostile, f"Choose {hostile}", "reset"), written_by="test")
    for arguments in (["show", "reset"], ["history", "reset"], ["drafts"]):
        done = await kb(*arguments)
        assert done.code == 0, done.err
        assert "[bold]your[/]" in done.out
        assert [c for c in done.out + done.err if c not in "\n\t" and not c.isprintable()] == []
