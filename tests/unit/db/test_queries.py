"""SQL files hold named, described blocks; a mistake in one is said at import, not at the first call."""

from pathlib import Path

import pytest

import insta_voice
from insta_voice.db import Queries


def test_blocks_by_name_without_their_comment_and_semicolon() -> None:
    queries = Queries("-- name: one\n-- A sentence.\nselect 1;\n\n-- name: two\n-- Two\n-- lines.\nselect 2", "x.sql")
    assert list(queries) == ["one", "two"]
    assert (queries["one"], queries["two"]) == ("select 1", "select 2")


def test_a_missing_name_is_said_with_its_file() -> None:
    with pytest.raises(KeyError, match=r"x\.sql has no statement named three"):
        Queries("-- name: one\n-- A sentence.\nselect 1", "x.sql")["three"]


@pytest.mark.parametrize(
    "text",
    [
        "-- name: one\nselect 1",
        "-- name: one\n-- Nothing follows.",
        "-- name: one\n-- A.\nselect 1\n-- name: one\n-- B.\nselect 2",
    ],
)
def test_a_block_without_sentence_or_statement_or_twice_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="one"):
        Queries(text, "x.sql")


def test_every_sql_file_of_the_package_is_readable() -> None:
    root = Path(insta_voice.__file__).parent
    found = list(root.rglob("*.sql"))
    assert found
    for path in found:
        assert list(Queries(path.read_text("utf-8"), path.name)), path
