"""docs/names.md: every name that stays is where the table says, and the test it names exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| `(?P<name>[^`]+)` \| `(?P<place>[^`]+)` \| `(?P<test>[^`]+)` \|", re.MULTILINE)
ROWS = [match.groupdict() for match in ROW.finditer((ROOT / "docs" / "names.md").read_text(encoding="utf-8"))]

# What the people who asked for this know it by.
STAY = {
    "user_profiles", "knowledge_articles", "interaction_summaries", "match_knowledge_articles",
    "get_user_account_info", "answer_from_company_kb", "summarize_interaction_for_next_session",
    "get_user_account_info_from_db", "save_interaction_summary", "query_knowledge_base", "generate_embedding",
    "store_knowledge_base_article", "INSTRUCTIONS", "WELCOME_MESSAGE", "DBDriverError", "POST /api/token",
    "insta-voice kb ingest", ".env.example", "web/.env.example",
}  # fmt: skip


def test_the_table_is_complete() -> None:
    assert {row["name"] for row in ROWS} == STAY


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_the_name_is_where_the_table_says(row: dict[str, str]) -> None:
    place = ROOT / row["place"]
    assert place.is_file()
    if not row["name"].endswith(".env.example"):
        word = row["name"].split()[-1].rpartition("/")[2]
        assert re.search(rf"\b{re.escape(word)}\b", place.read_text(encoding="utf-8")), row["place"]


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_the_test_that_proves_it_is_there(row: dict[str, str]) -> None:
    path, _, function = row["test"].partition("::")
    source = (ROOT / path).read_text(encoding="utf-8")
    if path.endswith(".py"):
        names = {
            node.name
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        assert function in names
    else:
        assert function in source
