"""Every `insta-voice` command in a code block of the documents does what it says, typed as it stands, in order."""

import json
import os
import shutil
from pathlib import Path

import pytest
from tests.support.documents import ROOT, shown
from tests.support.forked_cli import run_cli
from tests.support.postgres import TestDatabase

ARTICLES = ROOT / "knowledge" / "articles"
ELSEWHERE = {
    "db restore monday.zip": "needs an empty database: tests/integration/test_backup.py",
    "init": "asks: tests/unit/doctor",
    # The web: tests/integration/knowledge/test_web.py
    "kb ingest https://help.example.com/sitemap.xml": "a sitemap",
    "kb ingest https://help.example.com/reset-password": "a page",
    "kb ingest --crawl --include /help/* --exclude */print https://www.example.com/help/": "a crawl",
    "kb sources refresh https://www.example.com/help/": "the same, of the list",
    # What came from a folder: tests/integration/knowledge/test_kb_command.py
    "kb remove --from ./old-handbook": "all that came from one place",
    # What nobody has asked in vain: tests/integration/knowledge/gaps/test_command.py
    "gaps show 12": "a gap",
    "gaps draft 1": "a gap",
    "gaps draft 12 --to export.md": "a gap",
    "kb draft export.md": "what an author has written for it",
    "kb publish gap-12": "the same",
    "gaps check 12": "a gap",
    "gaps close 12 --reason We do not sell that.": "a gap",
    # Half a minute each: tests/integration/test_eval_command.py
    "eval": "all twenty conversations",
    "eval --mode local": "all twenty conversations",
    "eval evals/lost-phone.yaml --transcript": "every article of the demo company",
    "eval --judge gpt-5": "needs a key of OpenAI: tests/unit/evals/test_judge.py",
    "eval my-scenarios --articles my-articles": "scenarios of one's own",
}
# What is wrong with an installation is doctor's answer, not its failure.
MAY_END_WITH_1 = {"doctor"}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A directory as the documents assume it: some articles, some people, some questions."""
    (tmp_path / "articles").mkdir()
    for name in ("reset-password", "change-email", "invoices"):
        [article] = ARTICLES.glob(f"**/{name}.md")
        shutil.copy(article, tmp_path / "articles")
    shutil.copy(tmp_path / "articles" / "reset-password.md", tmp_path)  # as `kb show` writes it
    people = "email,name,plan,seats\nada@example.com,Ada,team,5\nleo@example.com,Leo,free,1\n"
    for name in ("people.csv", "customers.csv"):
        (tmp_path / name).write_text(people)
    question = {"id": "1", "text": "How do I change my email address?", "relevant": ["change-email"]}
    (tmp_path / "questions.jsonl").write_text(json.dumps(question) + "\n")
    return tmp_path


async def _typed(arguments: tuple[str, ...], desk: Path, database: TestDatabase) -> tuple[int, str]:
    data = {"INSTA_DATA_DIR": str(desk / "data"), "VOICE_MODELS_DIR": str(ROOT / ".tools" / "models")}
    ran = await run_cli(*arguments, env={**os.environ, "DATABASE_URL": database.admin_url, **data}, cwd=desk)
    return ran.code, ran.out + ran.err


@pytest.mark.timeout(240)
async def test_every_documented_command_does_what_it_says(desk: Path, database: TestDatabase) -> None:
    in_blocks = dict.fromkeys(arguments for _, arguments, block in shown("insta-voice") if block)
    commands = [arguments for arguments in in_blocks if " ".join(arguments) not in ELSEWHERE]
    assert len(commands) >= 20
    failed = []
    for arguments in commands:
        code, output = await _typed(arguments, desk, database)
        allowed = {0, 1} if arguments[0] in MAY_END_WITH_1 else {0}
        if code not in allowed or "Traceback" in output:
            failed.append(f"insta-voice {' '.join(arguments)} → {code}\n{output}")
    assert not failed, "\n".join(failed)
