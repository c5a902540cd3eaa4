"""What a mind reads of a section that was cut into chunks: all of it, in order, within a bound, and once."""

import pytest

from insta_voice.knowledge.chunks import make_chunks
from insta_voice.knowledge.evidence import Passage, Sentence
from insta_voice.knowledge.hits import Hit, Neighbour
from insta_voice.knowledge.reading import READ_WORDS, passages_to_read

STEP = " ".join(["word"] * 23)
STEPS = "\n".join(f"{number}. Step {number} {STEP}." for number in range(1, 19))


def hits(texts: list[str], best: int, *, reach: int = 2) -> list[Hit]:
    """The chunks of one section as a search finds them: the best one first, with its neighbours, then the others."""
    order = sorted(range(len(texts)), key=lambda n: (n != best, n))
    return [
        Hit(
            Passage(n, "a", None, 1, "Title", "Steps", "", texts[n], 0.9 - n / 100, (Sentence(texts[n], n / 10),)),
            *(0.5, 0.5, 0.5, 0.5),
            beside=tuple(
                Neighbour(other, other - n, texts[other], (Sentence(texts[other], other / 10),))
                for other in range(len(texts))
                if n == best and 0 < abs(other - n) <= reach
            ),
        )
        for n in order
    ]


@pytest.mark.parametrize("best", range(3))
def test_a_list_of_three_chunks_is_read_whole_whichever_was_found(best: int) -> None:
    texts = [chunk.text for chunk in make_chunks("Title", STEPS)]
    assert len(texts) == 3
    found = hits(texts, best)
    [read] = passages_to_read(found, 5)
    assert read.text == STEPS
    assert [sentence.score for sentence in read.sentences] == [0.0, 0.1, 0.2]
    passage = found[0].passage
    assert (read.chunk_id, read.heading, read.score) == (passage.chunk_id, passage.heading, passage.score)


def test_no_more_is_read_than_the_bound_allows_and_nothing_behind_a_gap() -> None:
    long = " ".join(["long"] * 159)
    [read, *others] = passages_to_read(hits([f"{long} {n}" for n in range(5)], 2), 5)
    assert read.text == f"{long} 1\n\n{long} 2\n\n{long} 3"
    assert len(read.text.split()) == READ_WORDS
    assert [other.chunk_id for other in others] == [0, 4]
    [beyond] = (hit for hit in hits(["0", "1", "2"], 0) if hit.beside)
    without_next = Hit(beyond.passage, 0.5, 0.5, 0.5, 0.5, beside=beyond.beside[1:])
    assert passages_to_read([without_next], 5)[0].text == "0"


@pytest.mark.parametrize(
    ("before", "after", "read"),
    [
        ("8. Wait.", "9. Go.", "8. Wait.\n9. Go."),
        ("8. Wait.\n  - a detail", "9. Go.", "8. Wait.\n  - a detail\n9. Go."),
        ("- one", "- two", "- one\n- two"),
        ("3. A long step.", "3. Its end.", "3. A long step. Its end."),
        ("A list:", "1. Go.", "A list:\n\n1. Go."),
        ("Plan: Team; Price: $12", "Plan: Pro; Price: $15", "Plan: Team; Price: $12\n\nPlan: Pro; Price: $15"),
    ],
)
def test_what_was_cut_is_put_together_as_it_was(before: str, after: str, read: str) -> None:
    assert passages_to_read(hits([before, after], 1), 5)[0].text == read


def test_without_neighbours_passages_are_as_they_were_found() -> None:
    found = hits(["0", "1", "2"], 0, reach=0)
    assert passages_to_read(found, 2) == tuple(hit.passage for hit in found[:2])
    assert passages_to_read([], 5) == ()
