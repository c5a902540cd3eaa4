"""Plain text: its first line is its title, if it reads like one and nothing else names one. Front matter is understood
as in Markdown: who may hear an article must not depend on its suffix."""

from typing import Any

from insta_voice.knowledge.front_matter import split_front_matter

# A headline longer than this is the first sentence of a text.
_TITLE_WORDS = 15
_SENTENCE_ENDS = (".", ";", ",", ":")


def plain_text_fields(text: str) -> dict[str, Any]:
    """The text, and its title where it begins with one: a short line that ends no sentence, with a text below it."""
    fields, text = split_front_matter(text)
    text = text.strip()
    first, _, rest = text.partition("\n")
    title = first.strip().lstrip("#= ")
    reads_like_a_title = len(title.split()) <= _TITLE_WORDS and not title.endswith(_SENTENCE_ENDS)
    if "title" not in fields and title and reads_like_a_title and rest.strip():
        return {**fields, "title": title, "text": rest.strip()}
    return {**fields, "text": text}
