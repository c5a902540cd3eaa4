"""What a page says of itself, and what is not for it to say."""

import pytest

from insta_voice.errors import InvalidInputError
from insta_voice.knowledge.formats import DocumentReader, Kind
from insta_voice.knowledge.web.contents import read_articles
from insta_voice.knowledge.web.visiting import Visit

ADDRESS = "https://help.example/refunds"


@pytest.mark.parametrize("kind", [Kind.MARKDOWN, Kind.TEXT])
@pytest.mark.parametrize(
    "field", ["audiences: [developers]", "audience:", "audience: developers", "Audience: everyone"]
)
async def test_who_may_hear_a_page_is_not_its_own_to_say(kind: Kind, field: str) -> None:
    content = f"---\ntitle: Refunds\n{field}\n---\n\nWe refund within 14 days.".encode()
    async with DocumentReader() as reader:
        [part] = await read_articles(
            reader, Visit(ADDRESS, "read", content=content), kind, address=ADDRESS, audience=("staff",)
        )
        assert part.document is not None, part.reason
        assert (part.document.title, part.document.audience) == ("Refunds", ("staff",))


async def test_a_slip_that_would_let_a_page_be_heard_for_ever_is_refused() -> None:
    visit = Visit(ADDRESS, "read", content=b"---\nvalid_til: 2026-12-31\n---\n\nWe refund within 14 days.")
    async with DocumentReader() as reader:
        with pytest.raises(InvalidInputError, match="Did you mean valid_until"):
            await read_articles(reader, visit, Kind.MARKDOWN, address=ADDRESS, audience=("staff",))


async def test_an_article_of_a_list_says_who_may_hear_it() -> None:
    lines = b'{"id": "a", "title": "T", "text": "x", "audiences": "staff"}'
    visit = Visit(ADDRESS, "read", content=lines)
    async with DocumentReader() as reader:
        [part] = await read_articles(reader, visit, Kind.JSON_LINES, address=ADDRESS, audience=("everyone",))
    assert "Did you mean audience" in part.reason
