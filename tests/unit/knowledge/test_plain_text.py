"""Plain text has no marks: what is a title is a guess, who may hear it is not."""

import pytest

from insta_voice.errors import InvalidInputError
from insta_voice.knowledge.formats.plain_text import plain_text_fields


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("Opening hours\n\nFrom nine to five.\n", {"title": "Opening hours", "text": "From nine to five."}),
        ("# Opening hours\nFrom nine.", {"title": "Opening hours", "text": "From nine."}),
        ("We open at nine.\n\nWe close at five.", {"text": "We open at nine.\n\nWe close at five."}),
        ("Opening hours\n", {"text": "Opening hours"}),
        ("word " * 16 + "\n\nText.", {"text": "word " * 16 + "\n\nText."}),
        ("###\nFrom nine.", {"text": "###\nFrom nine."}),
        ("=====\nOpening hours\n=====\nFrom nine.", {"text": "=====\nOpening hours\n=====\nFrom nine."}),
    ],
)
def test_a_first_line_that_reads_like_a_title_is_one(text: str, fields: dict[str, str]) -> None:
    assert plain_text_fields(text) == fields


def test_front_matter_counts_whatever_the_suffix() -> None:
    fields = plain_text_fields("---\naudience: [staff]\n---\nRefunds\n\nUp to 90 days.")
    assert fields == {"audience": ["staff"], "title": "Refunds", "text": "Up to 90 days."}
    with pytest.raises(InvalidInputError, match="not plain YAML"):
        plain_text_fields("---\naudience: [staff\n---\nUp to 90 days.")


def test_where_the_title_is_named_the_first_line_is_text() -> None:
    fields = plain_text_fields("---\ntitle: Refunds\n---\nExceptions\n\nUp to 90 days.")
    assert fields == {"title": "Refunds", "text": "Exceptions\n\nUp to 90 days."}
