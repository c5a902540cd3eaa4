"""The missing article, begun: a draft that waits for its text, and the Markdown file for its author."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from insta_voice.db import Database
from insta_voice.db.text import without_control_characters
from insta_voice.knowledge.documents import Document
from insta_voice.knowledge.gaps.listing import Gap, GapQuestion
from insta_voice.knowledge.versions.drafts import NOT_WRITTEN, begin_article
from insta_voice.knowledge.versions.history import Version

# The front matter of an article may have 16,000 characters (front_matter.py): room for all of these and the fields.
_MOST_QUESTIONS: Final = 50
_LONGEST_QUESTION: Final = 250
_ARTICLE_ID = re.compile(r"gap-([1-9][0-9]{0,17})")


async def begin_draft(db: Database, gap: Gap, *, written_by: str) -> Version:
    """Have the missing article wait as a draft; one that waits or is published already is left as it is. The version
    that is there now.

    Not a word of a caller's is in it: a version stays when their calls are deleted. `draft_of` adds what they asked.
    """
    title = f"An answer to gap {gap.gap_id}"
    document = Document(title, NOT_WRITTEN, external_id=gap.article_id, language=gap.language)
    return await begin_article(db, document, written_by=written_by)


def gap_of_draft(document: Document) -> int | None:
    """The gap that a draft without a text was begun for; None for any other article."""
    begun = _ARTICLE_ID.fullmatch(document.external_id or "")
    return int(begun[1]) if begun and document.content == NOT_WRITTEN else None


def draft_of(gap: Gap, asked: Sequence[GapQuestion]) -> str:
    """The file. The callers' words are comments of the front matter, so that they never are part of the article. Its
    author writes the text below; until then `kb draft` and `kb ingest` refuse it.
    """
    times = Counter(_line(one.query) for one in asked)
    calls = "1 call" if gap.calls == 1 else f"{gap.calls} calls"
    lines = [
        f"# Asked in vain in {calls}. These lines are callers' words, and not published: delete them when it is done.",
        *(f"# {count} × {question}" for question, count in times.most_common(_MOST_QUESTIONS)),
        f"id: {gap.article_id}",
        f"title: {json.dumps(_line(gap.question), ensure_ascii=False)}",
        "audience: [everyone]",
        f"language: {gap.language}",
    ]
    front = "\n".join(lines)
    return f"---\n{front}\n---\n\n"


def _line(text: str) -> str:
    return " ".join(without_control_characters(text).split())[:_LONGEST_QUESTION]
