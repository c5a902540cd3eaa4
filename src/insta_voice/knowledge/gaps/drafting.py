"""A Markdown file for the author of the missing article: what was asked, and the fields of an article."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Final

from insta_voice.db.text import without_control_characters
from insta_voice.knowledge.gaps.listing import Gap, GapQuestion

# The front matter of an article may have 16,000 characters (front_matter.py): room for all of these and the fields.
_MOST_QUESTIONS: Final = 50
_LONGEST_QUESTION: Final = 250


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
