"""Lists of questions and answers as spreadsheets write them."""

import pytest

from insta_voice.errors import InvalidInputError
from insta_voice.extraction.readers.faq import read_csv


def test_questions_are_known_by_their_words() -> None:
    rows = read_csv(b'Question;Answer\r\nMay I pay later?;"Yes; within\r\n""14"" days."\r\n\r\nOn Sundays?;No.\r\n')
    assert [(row.line, row.anchor, dict(row.fields)) for row in rows] == [
        (2, "may-i-pay-later", {"title": "May I pay later?", "text": 'Yes; within\n"14" days.'}),
        (5, "on-sundays", {"title": "On Sundays?", "text": "No."}),
    ]


def test_articles_have_their_fields() -> None:
    header = "id,title,text,url,audience,labels,product,valid_from,valid_until"
    [row] = read_csv(f'{header}\nr,Rückgabe,Ja.,/r,"staff,plan:pro",,Web,2026-12-01,2026-12-31\n'.encode("utf-16"))
    assert dict(row.fields) == {
        "id": "r",
        "title": "Rückgabe",
        "text": "Ja.",
        "url": "/r",
        "audience": "staff,plan:pro",
        "product": "Web",
        "valid_from": "2026-12-01",
        "valid_until": "2026-12-31",
    }


def test_a_row_that_leaves_out_who_may_hear_it_is_heard_by_nobody() -> None:
    rows = read_csv(b"question,answer,audience\nA?,One.,staff\nB?,Two., \nC?,Three.\n")
    assert [(row.line, row.fields.get("audience"), row.reason[:27]) for row in rows] == [
        (2, "staff", ""),
        (3, None, "The row has no audience, wh"),
        (4, None, "The row has no audience, wh"),
    ]


@pytest.mark.parametrize("blank", [" ", ",,", '" ",', ";;", "\t\t", "\r\n"])
def test_rows_without_anything_stand_before_no_header(blank: str) -> None:
    delimiter = next((mark for mark in ",;\t" if mark in blank), ",")
    [row] = read_csv(f"{blank}\r\nquestion{delimiter}answer\r\nA?{delimiter}One.\r\n".encode())
    assert dict(row.fields) == {"title": "A?", "text": "One."}


def test_a_row_that_is_none_stops_no_other() -> None:
    rows = read_csv(b'question,answer\nA?,One.\nB?\nC?,Two, and more.\nD?,"Three" or four\nE?,Five.\n')
    assert [(row.line, row.reason[:30], row.fields.get("text")) for row in rows] == [
        (2, "", "One."),
        (3, "The row has no answer.", None),
        (4, "The row has more fields than t", None),
        (5, "The quotes of this row do not ", None),
        (6, "", "Five."),
    ]


def test_a_field_of_any_size_is_one_field() -> None:
    [large, row] = read_csv(b'question,answer\nA?,"' + b"word " * 2_000_000 + b'"\nB?,Two.\n')
    assert len(large.fields["text"].split()) == 2_000_000
    assert row.fields["text"] == "Two."


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"frage,antwort\nA?,One.\n", "columns question and answer, or id, title and text"),
        (b"only one column\n", "add such a header"),
        (b'"question,answer\nA?,One.\n', "add such a header"),
        (b"question,answer\n", "no row below the header"),
        (b"question,answer,Audiance\nA?,One.,staff\n", "no field audiance. Did you mean audience"),
        (b"question,answer,Valid until\nA?,One.,2026-12-31\n", "Did you mean valid_until"),
        ("question,answer\nA?,Zwölf.\n".encode("latin-1"), "save it as UTF-8"),
    ],
)
def test_a_list_that_is_not_understood_says_what_it_needs(data: bytes, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        read_csv(data)
