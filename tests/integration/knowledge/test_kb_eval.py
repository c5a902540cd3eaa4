"""`insta-voice kb eval` on the demo company's articles: what it measures is what `kb search` finds; two settings side
by side; and a wrong file does not look like a bad search."""

import json
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from psycopg import sql
from tests.support.command import insta_voice
from tests.support.indexes import LOCAL, SMALL, Kept, models, work
from tests.support.knowledge import DEMO, write_article
from tests.support.openai import serving_openai
from tests.support.postgres import on_database, run_as_owner

from insta_voice.cli.main import main
from insta_voice.db import Database
from insta_voice.errors import EmbeddingError, InvalidInputError
from insta_voice.knowledge import LocalEmbedder, ingest
from insta_voice.knowledge.measuring import MEASURES, Question, Setting, measure
from insta_voice.stack.postgres import EmbeddedPostgres

ARTICLES = ("reset-password", "change-password", "two-factor", "lost-phone", "payment-methods", "refunds", "sso-saml")
QUESTIONS = [
    line
    for line in map(json.loads, (DEMO / "questions.jsonl").read_text("utf-8").splitlines())
    if set(line["relevant"]) <= {*ARTICLES}  # those that these articles answer, and those without an answer
] + [{"id": "sso", "text": "How do I set up single sign-on with SAML?", "relevant": {"sso-saml": 2}}]
EVERYBODY = ("--audience", "everyone", "--audience", "plan:business")


@pytest.fixture(scope="module")
async def company(
    postgres: EmbeddedPostgres, template: str, embedder: LocalEmbedder, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[str]:
    """The address of a database with a few of the demo company's articles, which this file's tests only read."""
    name, folder = sql.Identifier("measured_company"), tmp_path_factory.mktemp("articles")
    for article in ARTICLES:
        shutil.copy(DEMO / "articles" / f"{article}.md", folder)
    await run_as_owner(postgres, sql.SQL("create database {} template {}").format(name, sql.Identifier(template)))
    url = on_database(postgres.url, "measured_company")
    async with Database(url) as db:
        assert not (await ingest(db, embedder, [folder])).failed
    yield url
    await run_as_owner(postgres, sql.SQL("drop database {} with (force)").format(name))


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in QUESTIONS), "utf-8")
    return path


async def test_what_is_measured_is_what_a_search_finds(company: str, questions: Path, tmp_path: Path) -> None:
    code, output, errors = await insta_voice(company, tmp_path, "kb", "eval", str(questions), *EVERYBODY, "--json")
    assert (code, errors) == (0, "")
    told = json.loads(output)
    [run] = told["runs"]
    figures = run["figures"]
    assert list(figures) == list(MEASURES)

    _, output, _ = await insta_voice(company, tmp_path, "kb", "search", "--queries", str(questions), *EVERYBODY)
    found = [json.loads(line) for line in output.splitlines()]
    pairs = list(zip(QUESTIONS, found, strict=True))
    answered = [one["answerable"] for one in found]
    right = [one["answerable"] and one["results"][0]["article_id"] in line["relevant"] for line, one in pairs]
    assert (told["questions"], told["answerable"]) == (len(QUESTIONS), sum(bool(q["relevant"]) for q in QUESTIONS))
    assert figures["answered"] == round(sum(answered) / len(found), 4)
    assert figures["right"] == round(sum(right) / len(found), 4)
    assert figures["recall_at_5"] > 0.9
    assert figures["ndcg_at_10"] > 0.9
    off = [(one["confidence"] - (one["results"][0]["article_id"] in line["relevant"])) ** 2 for line, one in pairs]
    assert figures["brier"] == pytest.approx(sum(off) / len(off), abs=1e-3)

    assert 0 < figures["search_p50_ms"] < figures["latency_p50_ms"]
    assert sum(row["questions"] for row in run["reliability"]) == told["questions"]
    assert [row["answered"] for row in run["thresholds"]] == sorted(
        (row["answered"] for row in run["thresholds"]), reverse=True
    )
    assert run["asked_of"] == {LOCAL: told["questions"]}
    assert (run["hidden"], run["worst"], told["left_out"], told["differences"]) == (None, [], [], {})


async def test_two_settings_side_by_side(company: str, questions: Path, tmp_path: Path) -> None:
    changes = "KNOWLEDGE_ANSWER_CONFIDENCE=0.9,index=words"
    options = [*EVERYBODY, "--compare", changes, "--thresholds", "--worst", "2"]
    code, output, errors = await insta_voice(company, tmp_path, "kb", "eval", str(questions), *options)
    assert (code, errors) == (0, "")
    lines = [line.strip() for line in output.splitlines()]
    whom = "for everyone, plan:business"
    assert lines[1] == (
        f"First setting: answered when at least 50 % sure, {whom}, found with {LOCAL} ({len(QUESTIONS)})."
    )
    second = f"Second setting: answered when at least 90 % sure, {whom}, found with "
    by_words = re.fullmatch(re.escape(second) + r"words \((\d+)\), nothing \((\d+)\)\.", lines[2])
    assert by_words
    assert sum(map(int, by_words.groups())) == len(QUESTIONS)
    assert "measure first second difference from to" in [" ".join(line.split()) for line in lines]
    answered = next(line for line in lines if line.startswith("answered "))
    assert answered.endswith("*"), "fewer are answered, and so many questions show it"
    assert [line for line in lines if line.endswith("what went most wrong.")] == [
        "First setting: what went most wrong.",
        "Second setting: what went most wrong.",
    ]
    refused = next(number for number, line in enumerate(lines) if line.startswith("false refusal, "))
    assert lines[refused + 1].startswith("expected: ")
    assert lines[refused + 2].startswith("found: ")
    assert len([line for line in lines if line.startswith("90 % *")]) == 1, "the second's threshold, in its table alone"
    assert "\x1b" not in output


async def test_what_the_audience_may_not_hear_is_said(company: str, questions: Path, tmp_path: Path) -> None:
    options = ["--compare", "audience=everyone,audience=plan:business", "--json"]
    code, output, errors = await insta_voice(company, tmp_path, "kb", "eval", str(questions), *options)
    assert code == 0
    assert errors == (
        "For everyone: 1 of the questions can only be answered from articles for others (--audience plan:business).\n"
    )
    told = json.loads(output)
    first, second = told["runs"]
    assert first["hidden"] == {"questions": 1, "audiences": ["plan:business"]}
    assert second["hidden"] is None
    assert told["differences"]["recall_at_5"]["difference"] > 0


async def test_a_wrong_file_does_not_look_like_a_bad_search(company: str, tmp_path: Path) -> None:
    lines = [
        '{"text": "How do I reset my password?", "relevant": ["reset-password"]}',
        '{"text": "How do I reset my password?", "relevant": ["reset-pasword"]}',
        "How do I reset my password?",
        '{"text": "What is the capital of Peru?", "relevant": []}',
    ]
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    code, output, errors = await insta_voice(company, tmp_path, "kb", "eval", str(path), "--json")
    assert code == 1
    assert errors.splitlines() == [
        "Line 2 is left out. There is no article reset-pasword.",
        "Line 3 is left out. This is not JSON.",
    ]
    told = json.loads(output)
    assert [line["line"] for line in told["left_out"]] == [2, 3]
    assert (told["questions"], told["runs"][0]["figures"]["recall_at_5"]) == (2, 1.0)

    path.write_text("\n".join(lines[1:3]), "utf-8")
    code, output, errors = await insta_voice(company, tmp_path, "kb", "eval", str(path))
    assert (code, output) == (1, "")
    assert errors.splitlines()[-1] == f"insta-voice: {path} has no question that can be asked."


@pytest.mark.parametrize(
    ("lines", "options", "sentence"),
    [
        ("", [], "has no questions."),
        ("{}", ["--compare", "colour=red"], "'colour=red' cannot be compared: "),
        ("{}", ["--audience", "team"], "'team' is no audience: "),
    ],
)
def test_what_cannot_be_measured_is_one_sentence(
    lines: str, options: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(lines, "utf-8")
    with pytest.raises(SystemExit, match="1"):
        main(["kb", "eval", str(path), *options])
    errors = capsys.readouterr().err
    assert sentence in errors
    assert errors.count("\n") == 1


async def test_an_empty_collection_is_no_bad_search(db: Database, embedder: LocalEmbedder) -> None:
    with pytest.raises(InvalidInputError, match="There are no help articles"):
        await measure(db, embedder, [Question(1, "Anything?")], Setting(0.5))


async def test_each_index_can_be_measured_beside_the_other(
    db: Database, embedder: LocalEmbedder, tmp_path: Path
) -> None:
    """The provider's is in use and the local one stands behind it: what a call asks first, the other, and neither."""
    write_article(tmp_path, "password", "Reset your password", "To reset your password, choose Forgot password.")
    write_article(tmp_path, "invoice", "Find your invoices", "Invoices are under Billing. Choose Invoices.")
    local = Kept(embedder)
    await ingest(db, local, [tmp_path])
    asked = [Question(1, "How do I reset my password?", {"password": 1})]
    async with serving_openai() as openai, models(openai, local) as embedders:
        await work(db, embedders)
        for index, expected in ((None, SMALL), (LOCAL, LOCAL), (SMALL, SMALL), ("words", "words")):
            measured = await measure(db, embedders, asked, Setting(0.5, index=index))
            assert measured.runs[0].asked_of == {expected: 1}
        beside = await measure(db, embedders, asked, Setting(0.5), Setting(0.5, index="words"))
        assert [run.asked_of for run in beside.runs] == [{SMALL: 1}, {"words": 1}]
        with pytest.raises(EmbeddingError, match="The index another cannot be asked here"):
            await measure(db, embedders, asked, Setting(0.5, index="another"))
