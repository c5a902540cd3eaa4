"""A procedure of twelve steps is cut in two where it is stored; whoever is asked for the tenth reads all of them."""

import json
from pathlib import Path

import pytest
from tests.support.knowledge import write_article
from tests.support.responder import COMPANY

from insta_voice.agent.evidence import as_material
from insta_voice.agent.responder.decide import decide
from insta_voice.agent.responder.turn import Say, TurnView
from insta_voice.db import Database
from insta_voice.knowledge import Context, Evidence, LocalEmbedder, gather_evidence, ingest, query_knowledge_base
from insta_voice.knowledge.chunks import make_chunks
from insta_voice.knowledge.search import search

STEPS = [
    "Open the settings as the owner of the workspace and write down the region that is shown there under its name.",
    "Tell your team the day before, because nobody can write anything while the workspace is on its way home.",
    "Choose Export and wait for the message that says that the archive is complete, which may take an hour or two.",
    "Download the archive to a disk with enough space, and leave the browser open until it has arrived.",
    "Make a new workspace in the other region, with the same name as before and with a star behind it.",
    "Copy the roles of all members from the old workspace into the list of the new one, the administrators first.",
    "Upload the archive into the new workspace and close no window until the bar has come to its right end.",
    "Look through the newest documents of each folder, and open some of the pictures in them to see them.",
    "Connect the calendars again, because their permission was for the old address and does not go along.",
    "Verify the checksum of the archive against the fingerprint in the message, sign by sign, before you go on.",
    "Take the star from the name of the new workspace and put one behind the name of the old workspace in its place.",
    "Delete the old workspace after a month at the earliest, when nobody has missed anything in the new one any more.",
]
ARTICLE = "\n".join(f"{number}. {step}" for number, step in enumerate(STEPS, 1))
QUESTION = "How do I verify the checksum of the archive against the fingerprint?"


@pytest.fixture
async def moving(db: Database, embedder: LocalEmbedder, tmp_path: Path) -> Database:
    """That article, with something behind its steps, among others."""
    write_article(tmp_path, "move", "Move a workspace", f"## Steps\n\n{ARTICLE}\n\n## Afterwards\n\nWrite to us.")
    write_article(tmp_path, "reset", "Reset your password", "Choose forgot password on the page where you sign in.")
    write_article(tmp_path, "share", "Share a document", "Press share, and send the link to whom you like.")
    assert not (await ingest(db, embedder, [tmp_path])).failed
    return db


async def ask(db: Database, embedder: LocalEmbedder, heard: str = QUESTION, context: Context | None = None) -> Evidence:
    [evidence] = await gather_evidence(db, embedder, heard, user_id="maya", context=context or Context())
    return evidence


def test_the_article_is_cut_before_the_step_that_is_asked_for() -> None:
    first, second = (chunk.text for chunk in make_chunks("Move a workspace", ARTICLE))
    assert STEPS[0] in first
    assert STEPS[9] in second


async def test_all_steps_are_read_in_order_and_cited_as_they_stand(moving: Database, embedder: LocalEmbedder) -> None:
    evidence = await ask(moving, embedder)
    best = evidence.passages[0]
    assert evidence.answerable
    assert (best.external_id, best.version, best.heading, best.text) == ("move", 1, "Steps", ARTICLE)
    assert [sentence.text for sentence in best.sentences] == STEPS
    assert max(best.sentences, key=lambda sentence: sentence.score).text == STEPS[9]
    assert sum(STEPS[0] in passage.text for passage in evidence.passages) == 1, "nothing is read twice"
    assert as_material((evidence,)).count(ARTICLE) == 1


async def test_the_ranking_and_its_scores_stay_as_they_were_found(moving: Database, embedder: LocalEmbedder) -> None:
    [hits] = await search(moving, embedder, [QUESTION])
    assert STEPS[0] not in hits[0].passage.text
    best = (await ask(moving, embedder)).passages[0]
    assert (best.chunk_id, best.score) == (hits[0].passage.chunk_id, hits[0].passage.score)


async def test_the_mind_begins_with_the_first_step(moving: Database, embedder: LocalEmbedder) -> None:
    evidence = await ask(moving, embedder)
    decision = decide(TurnView(QUESTION, COMPANY, (evidence,)))
    assert isinstance(decision, Say)
    assert decision.kind == "answer"
    assert "first, open the settings" in decision.text.lower(), decision.text
    assert all(citation.quote in STEPS and citation.passage.heading == "Steps" for citation in decision.citations)


async def test_a_follow_up_reads_them_too(moving: Database, embedder: LocalEmbedder) -> None:
    before = await ask(moving, embedder, "How do I move a workspace to another region?")
    context = Context(before.question, before.passages[0].article_id, (before.question,))
    evidence = await ask(moving, embedder, "and when do I delete the old one?", context)
    assert evidence.passages[0].text == ARTICLE
    assert [sentence.text for sentence in evidence.passages[0].sentences] == STEPS


async def test_a_program_is_told_the_same(moving: Database, embedder: LocalEmbedder) -> None:
    [told] = await query_knowledge_base(QUESTION, limit=1, db=moving, embedder=embedder)
    assert told["text"] == ARTICLE
    json.dumps(told)


async def test_a_section_ends_where_the_next_begins(moving: Database, embedder: LocalEmbedder) -> None:
    evidence = await ask(moving, embedder, "Whom do I write to after moving a workspace?")
    afterwards = [passage for passage in evidence.passages if passage.heading == "Afterwards"]
    assert [passage.text for passage in afterwards] == ["Write to us."]
