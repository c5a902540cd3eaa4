"""`insta-voice gaps` as an operator and a program use it: from the question in vain to the article that closes it."""

import asyncio
import json
from pathlib import Path
from uuid import UUID

from tests.support.command import insta_voice
from tests.support.gaps import asked_in_vain
from tests.support.gaps import gaps as gaps_of

from insta_voice.db import Database
from insta_voice.knowledge import LocalEmbedder, store_knowledge_base_article
from insta_voice.privacy import erase_person

PAUSES = ("can I pause my subscription", "can I put my subscription on hold", "can I pause my subscription")
TEXT = "You can pause your subscription, or put it on hold, for up to three months. Open Billing and choose Pause."
HOSTILE = "do you sell shoes\x1b[31m\n  9  forged"


async def test_from_the_question_to_the_article_that_closes_it(
    db: Database, database_url: str, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    async def gaps(*arguments: str, command: str = "gaps") -> tuple[int, str, str]:
        return await insta_voice(database_url, tmp_path, command, *arguments)

    await store_knowledge_base_article(
        "Reset your password", "Choose Forgot password.", external_id="reset", db=db, embedder=embedder
    )
    await asked_in_vain(db, embedder, PAUSES)
    [listed] = json.loads((await gaps("list", "--json"))[1])
    gap_id = str(listed["gap_id"])
    assert (listed["calls"], listed["questions"], listed["causes"], listed["state"]) == (3, 3, {"no_answer": 3}, "open")
    assert listed["question"] in PAUSES

    shown, as_json, drafted = await asyncio.gather(
        gaps("show", gap_id), gaps("show", gap_id, "--json"), gaps("draft", gap_id)
    )
    assert "3 calls, weight 3.0" in shown[1]
    assert "; not sure enough 3\n" in shown[1]
    assert "not sure enough; confidence 0.10; call" in shown[1]
    asked = json.loads(as_json[1])["asked"]
    assert list(asked[0]) == ["question", "query", "asked_at", "call_id", "causes", "confidence"]
    assert all(f"call {UUID(one['call_id'])}" in shown[1] for one in asked)
    assert "maya" not in (shown[1] + as_json[1]).lower(), "who asked is in the call"

    path = tmp_path / f"gap-{gap_id}.md"
    assert drafted[0] == 0
    assert f"insta-voice kb publish gap-{gap_id}" in drafted[1]
    assert "# 2 × can I pause my subscription\n" in path.read_text("utf-8")
    again, unwritten = await asyncio.gather(gaps("draft", gap_id), gaps("draft", str(path), command="kb"))
    assert (again[0], unwritten[0]) == (1, 1)
    assert "is there already" in again[2]
    assert "The article has no text." in unwritten[2]

    still = await gaps("check", gap_id)
    assert still[1].startswith(f"gap {gap_id} is still open: 0 of 2 questions are answered now\n")
    assert "not answered, finds “Reset your password”" in still[1]
    with path.open("a", encoding="utf-8") as file:
        file.write(TEXT)
    assert (await gaps("draft", str(path), command="kb"))[0] == 0
    published = await gaps("publish", f"gap-{gap_id}", command="kb")
    assert "” (asked 3 times) is answered by “can I p" in published[1], "the title that `gaps draft` has proposed"
    nothing, all_of_them, none_open = await asyncio.gather(
        gaps("list"), gaps("list", "--closed"), gaps("check", "--json")
    )
    assert nothing[1] == "no gaps\n"
    assert "[closed]" in all_of_them[1]
    assert json.loads(none_open[1]) == []


async def test_checking_says_in_json_what_came_of_each_gap(
    db: Database, database_url: str, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    await asked_in_vain(db, embedder, PAUSES)
    await store_knowledge_base_article("Pause your subscription", TEXT, db=db, embedder=embedder)
    [checked] = json.loads((await insta_voice(database_url, tmp_path, "gaps", "check", "--json"))[1])
    assert list(checked) == ["gap_id", "closed", "asked"]
    assert (checked["closed"], len(checked["asked"])) == (True, 2)


async def test_a_draft_that_is_begun_waits_for_its_text(
    db: Database, database_url: str, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    async def run(*arguments: str) -> tuple[int, str, str]:
        return await insta_voice(database_url, tmp_path, *arguments)

    await asked_in_vain(db, embedder, PAUSES)
    [gap] = await gaps_of(db)
    name = gap.article_id
    said = (await run("gaps", "draft", str(gap.gap_id)))[1]
    assert said.startswith(f"{name} is a draft that nobody hears. `insta-voice kb show {name}` prints it.\n")
    [waits] = json.loads((await run("kb", "drafts", "--json"))[1])
    assert (waits["external_id"], waits["state"], waits["published"]) == (name, "draft", None)
    file = (tmp_path / f"{name}.md").read_text("utf-8")
    assert "# 2 × can I pause my subscription\n" in file
    assert (await run("kb", "show", name))[1] == file, "the callers' words, while their calls are kept"
    unwritten, restored = await asyncio.gather(run("kb", "publish", name), run("kb", "restore", name, "--version", "1"))
    assert (unwritten[0], restored[0]) == (1, 1)
    assert f"Nothing is written in {name} yet" in unwritten[2]
    assert f"Nothing is written in {name} yet" in restored[2]

    (tmp_path / "mine.md").write_text(f"---\nid: {name}\ntitle: Pauses\n---\n\n{TEXT}\n", "utf-8")
    assert (await run("kb", "draft", "mine.md"))[0] == 0
    assert (await run("gaps", "draft", str(gap.gap_id), "--to", "other.md"))[0] == 0
    assert TEXT in (await run("kb", "show", name))[1], "what an author has written is not begun anew"
    assert (await run("kb", "publish", name))[0] == 0
    assert f"{name} is published already" in (await run("gaps", "draft", str(gap.gap_id), "--to", "a.md"))[1]


async def test_a_draft_that_was_begun_keeps_no_word_of_a_deleted_call(
    db: Database, database_url: str, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    """Promise 34: versions of articles stay, also of those that were never published."""
    await asked_in_vain(db, embedder, PAUSES[:1])
    [gap] = await gaps_of(db)
    await insta_voice(database_url, tmp_path, "gaps", "draft", str(gap.gap_id))
    await erase_person(db, user_id="maya", requested_by="person")
    code, shown, _ = await insta_voice(database_url, tmp_path, "kb", "show", gap.article_id)
    assert (code, "subscription" in shown) == (0, False)
    assert shown.endswith("---\n\n"), "a place for the text"
    async with db.as_service() as connection:
        kept = await (await connection.execute("select document::text from article_versions")).fetchall()
    assert not any("subscription" in row["document"] for row in kept)


async def test_an_operator_closes_one_with_a_reason(
    db: Database, database_url: str, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    await asked_in_vain(db, embedder, [HOSTILE])
    [gap] = await gaps_of(db)
    gap_id = str(gap.gap_id)
    shown = (await insta_voice(database_url, tmp_path, "gaps", "list"))[1]
    assert "do you sell shoes[31m 9 forged\n" in shown, "promise 28: what a caller said commands no terminal"
    assert await insta_voice(database_url, tmp_path, "gaps", "close", gap_id, "--reason", "Not ours.") == (
        0,
        f"gap {gap_id} is closed\n",
        "",
    )
    assert "closed: Not ours." in (await insta_voice(database_url, tmp_path, "gaps", "show", gap_id))[1]
    missing, open_no_more, future = await asyncio.gather(
        insta_voice(database_url, tmp_path, "gaps", "show", "999"),
        insta_voice(database_url, tmp_path, "gaps", "check", gap_id),
        insta_voice(database_url, tmp_path, "gaps", "list", "--closed", "--since", "2999-01-01"),
    )
    assert (missing[0], open_no_more[0]) == (1, 1)
    assert "There is no such gap." in missing[2]
    assert "no such gap that is open" in open_no_more[2]
    assert future[1] == "no gaps\n"
