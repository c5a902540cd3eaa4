"""A PDF's letters at their places become headings, paragraphs and lists in reading order."""

import zlib

import pytest
from tests.support.formats.pdf import Text, assemble, flowed, stream, write_pdf

from insta_voice.errors import InvalidInputError
from insta_voice.extraction.readers.pdf import read_pdf


def text_of(*pages: list[Text]) -> list[str]:
    [found] = read_pdf(write_pdf(pages))
    return found.fields["text"].split("\n\n")


def around(number: int, chapter: str = "Handbook") -> list[Text]:
    return [Text(f"Tidewater {chapter}", 812, size=9), Text(f"Page {number} of 3", 30, size=9)]


def test_headings_are_known_by_their_letters() -> None:
    text = text_of(
        [
            Text("Refunds of what", 740, size=20, bold=True),
            Text("you have paid", 716, size=20, bold=True),
            *flowed("Money comes back within thirty days.", top=680),
            Text("How to ask", 640, size=14),
            *flowed("Write to us, in your own words.", top=615),
            Text("By mail", 590, bold=True),
            *flowed("The address is on the bill.", top=560),
        ]
    )
    assert text == [
        "# Refunds of what you have paid",
        "Money comes back within thirty days.",
        "## How to ask",
        "Write to us, in your own words.",
        "### By mail",
        "The address is on the bill.",
    ]
    assert read_pdf(write_pdf([[Text("Title", 740, size=20), *flowed("Text.", top=700)]]))[0].fields["title"] == "Title"


def test_what_runs_along_the_edges_goes_and_a_sentence_goes_on_behind_the_page() -> None:
    text = text_of(
        around(1) + flowed("The first sentence goes on on", top=700),
        around(2) + flowed("the next page. 3 devices may share it.", top=700),
        around(3) + flowed("The last page.", top=700) + [Text("iii", 45, size=9)],
    )
    assert text == ["The first sentence goes on on the next page. 3 devices may share it.", "The last page."]


def test_a_headline_that_stands_at_the_edge_once_is_kept() -> None:
    assert text_of([Text("Hours", 800, size=20), *flowed("From nine to five.", top=700)])[0] == "# Hours"


def test_hyphens_of_the_line_go_and_hyphens_of_the_word_stay() -> None:
    assert text_of(flowed("Your pay-", "ment is a self-service pay-", "ment, and self-", "service is free.")) == [
        "Your payment is a self-service payment, and self-service is free."
    ]


def test_items_are_apart_and_their_lines_together() -> None:
    text = text_of(
        flowed("Do this:", "1. Open the page.", "2. Say why, in as many words as", "you like.", "\x95 Wait.")
    )
    assert text == ["Do this:", "1. Open the page.", "2. Say why, in as many words as you like.", "- Wait."]


def test_where_all_is_bold_nothing_is_a_heading_for_it() -> None:
    lines = [f"Line {number} of a text in bold letters" for number in range(5)]
    assert text_of(flowed(*lines, bold=True)) == [" ".join(lines)]


def test_marks_that_stand_apart_find_their_items() -> None:
    marks, items = flowed("\x95", "", "", "\x95", top=700), flowed("The first.", "", "", "The second.", top=700, x=100)
    text = text_of([text for pair in zip(marks, items, strict=True) for text in pair if text.text])
    assert text == ["- The first.", "- The second."]


def test_marks_that_stand_apart_at_the_edge_are_no_page_numbers_and_run_nowhere() -> None:
    pages = [
        [Text(mark, 800), Text(f"Item {name}.", 800, x=100)]
        for mark, name in [("1.", "one"), ("\x95", "two"), ("\x95", "three"), ("\x95", "four")]
    ]
    assert text_of(*pages) == ["1. Item one.", "- Item two.", "- Item three.", "- Item four."]


def test_the_title_is_the_largest_heading_and_no_running_head() -> None:
    running = Text("Refunds", 812, size=9)
    first = [Text("Tidewater", 800, size=14), Text("Refunds", 760, size=24), *flowed("Within thirty days.", top=700)]
    pages = [first, *([running, *flowed(f"Page {number} says more of it.", top=700)] for number in range(3))]
    [found] = read_pdf(write_pdf(pages))
    assert found.fields["title"] == "Refunds"
    assert found.fields["text"].count("Refunds") == 1


def test_columns_are_read_one_after_the_other() -> None:
    """Drawn line by line across both, as some programs do."""
    left = flowed("The left column begins here", "and it ends in this line.", top=700)
    right = flowed("The right column follows it", "and it is the last one.", top=700, x=320)
    drawn = [text for pair in zip(left, right, strict=True) for text in pair]
    assert text_of(drawn) == [
        "The left column begins here and it ends in this line.",
        "The right column follows it and it is the last one.",
    ]


def test_a_broken_table_of_objects_is_done_without() -> None:
    whole = write_pdf([flowed("Still to be read.")])
    [found] = read_pdf(whole.replace(b"startxref\n", b"startxref\n9"))
    assert found.fields["text"] == "Still to be read."


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (write_pdf([flowed("Secret.")], locked=True), "locked with a password"),
        (write_pdf([[Text("x", 500)]] * 1001), "more than 1000 pages"),
        (write_pdf([[Text("x", 500)]] * 1001, claimed_pages=1), "more than 1000 pages"),
        (write_pdf([[Text("x", 500)]], claimed_pages=10_000), "more than 1000 pages"),
        (assemble([stream(zlib.compress(b"0 0 10 10 re f"), "/Filter /FlateDecode")]), "no text that can be read"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(data: bytes, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        read_pdf(data)
