"""Chunks keep headings, lists and sentences, and are never longer than the model reads."""

import random

import pytest

from insta_voice.knowledge.chunks import CHUNK_WORDS, embedded_text, make_chunks
from insta_voice.knowledge.sentences import split_sentences

ARTICLE = """Intro with a [link](https://x.example) and `code`.

## First steps

1. Open **Settings**.
2. Choose *Members*. Then wait.
   - a detail

### Deeper

| Plan | Price |
|------|-------|
| Team | $12 |

<script>alert(1)</script>
"""


def test_chunks_know_their_headings_and_keep_lists() -> None:
    chunks = make_chunks("Title", ARTICLE)
    assert [(c.heading, c.text) for c in chunks] == [
        ("", "Intro with a link and code."),
        ("First steps", "1. Open Settings.\n2. Choose Members. Then wait.\n  - a detail"),
        ("First steps › Deeper", "Plan: Team; Price: $12\n\n<script>alert(1)</script>"),
    ]
    assert chunks[1].sentences == ("Open Settings.", "Choose Members.", "Then wait.", "a detail")


def test_what_is_embedded_begins_with_title_and_headings() -> None:
    assert embedded_text("Title", make_chunks("Title", ARTICLE)[2]).startswith("Title\nFirst steps › Deeper\nPlan")


def test_a_first_heading_equal_to_the_title_is_not_repeated() -> None:
    assert make_chunks("Title", "# Title\n\nText.")[0].heading == ""


def test_an_article_of_headings_alone_is_found_by_its_title() -> None:
    assert [c.text for c in make_chunks("Title", "## Empty")] == ["Title"]


@pytest.mark.parametrize("seed", range(20))
def test_no_word_is_lost_and_no_chunk_is_too_long(seed: int) -> None:
    chance = random.Random(seed)
    words = [f"w{n}" for n in range(chance.randint(1, 2000))]
    ends = [chance.choice(["", "", "", ".", "?", "\n\n"]) for _ in words]
    text = " ".join(word + end for word, end in zip(words, ends, strict=True))
    chunks = make_chunks("Title", text)
    # a chunk may be over by its last sentence's punctuation only, never by words
    assert all(len(c.text.split()) <= CHUNK_WORDS for c in chunks)
    assert [w.strip(".?") for c in chunks for w in c.text.split()] == words
    assert [w.strip(".?") for c in chunks for s in c.sentences for w in s.split()] == words


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Use e.g. Slack. Then go.", ["Use e.g. Slack.", "Then go."]),
        ("It costs $12.50 a month. Pay now.", ["It costs $12.50 a month.", "Pay now."]),
        ("Ask the whole team.How do I start?", ["Ask the whole team.", "How do I start?"]),
        ("Write to help@tidewater.example. We answer.", ["Write to help@tidewater.example.", "We answer."]),
        ('Choose "Forgot." Then wait.', ['Choose "Forgot."', "Then wait."]),
        ("", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences
