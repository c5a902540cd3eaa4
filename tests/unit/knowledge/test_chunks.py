"""Chunks keep headings, lists and sentences, and are never longer than the model reads."""

import random

import pytest
from tests.support.growing import ALMOST_LINEAR, growth

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
        ("Use e.g." + " " * 40 + "Slack. Then go.", ["Use e.g." + " " * 40 + "Slack.", "Then go."]),
        ("Ask (approx. 3 of us, e.g. A. B. Cee). Then go.", ["Ask (approx. 3 of us, e.g. A. B. Cee).", "Then go."]),
        ("In St. Lucia etc. Call Mr.\nTen. Go.", ["In St. Lucia etc. Call Mr.\nTen.", "Go."]),
        ("\n\n One.\n\n\nTwo.\n", ["One.", "Two."]),
        ("It costs $12.50 a month. Pay now.", ["It costs $12.50 a month.", "Pay now."]),
        ("Ask the whole team.How do I start?", ["Ask the whole team.", "How do I start?"]),
        ("Write to help@tidewater.example. We answer.", ["Write to help@tidewater.example.", "We answer."]),
        ('Choose "Forgot." Then wait.', ['Choose "Forgot."', "Then wait."]),
        ("", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


HOSTILE = ["A. ", "e.g. ", "\n", "a.B", "a.Bc", '."', ". ", "etc.Etc.", "Ask A. Bee. "]


@pytest.mark.parametrize("piece", HOSTILE)
def test_sentences_are_told_apart_in_linear_time(piece: str) -> None:
    """A million characters of abbreviations took hours: each was looked for from the first one on."""
    assert growth(lambda size: split_sentences(piece * (size // len(piece))), 30_000) < ALMOST_LINEAR
    assert len(split_sentences("A. " * 333_333)) == 1


def test_a_word_without_end_is_looked_at_once() -> None:
    assert growth(lambda size: split_sentences("a" * size + "! B"), 30_000) < ALMOST_LINEAR


def test_a_long_name_is_not_told_again_with_everything_under_it() -> None:
    """Of a title over every chunk, or a column's in every row, a megabyte became gigabytes."""
    heading = "## " + "h" * 10_000 + "\n\n" + "word " * 10_000
    table = "| " + "c" * 10_000 + " |\n|---|\n" + "| a |\n" * 1_000
    for text in (heading, table):
        indexed = sum(len(embedded_text("Title", chunk)) for chunk in make_chunks("Title", text))
        assert indexed < 10 * len(text)
