"""A company's customers as spreadsheets save them: any encoding and separator, a sentence for each broken line."""

from pathlib import Path

import pytest

from insta_voice.customers import KnownPerson, PeopleFile, read_people
from insta_voice.errors import InvalidInputError

TABLE = "email,name,plan,seats\nmaya@example.org,Maya Lindström,team,12\nleo@example.org,Leo,,\n"
PEOPLE = (
    KnownPerson("maya@example.org", "Maya Lindström", "team", {"seats": 12}),
    KnownPerson("leo@example.org", "Leo", None, {}),
)


def read(directory: Path, content: str | bytes) -> PeopleFile:
    file = directory / "people.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_people(file)


def refusal(directory: Path, content: str | bytes) -> str:
    with pytest.raises(InvalidInputError) as refused:
        read(directory, content)
    return refused.value.message.replace(f"{directory}/", "")


@pytest.mark.parametrize(
    ("encoding", "named"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("cp1252", "cp1252"), ("utf-16", "utf-16")]
)
def test_every_encoding_a_spreadsheet_writes(tmp_path: Path, encoding: str, named: str) -> None:
    assert read(tmp_path, TABLE.encode(encoding)) == PeopleFile(PEOPLE, has_facts=True, encoding=named)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_separator_and_line_end(tmp_path: Path, separator: str, line_end: str) -> None:
    assert read(tmp_path, TABLE.replace(",", separator).replace("\n", line_end)).people == PEOPLE


def test_excels_line_that_names_the_separator(tmp_path: Path) -> None:
    assert read(tmp_path, "sep=;\r\n" + TABLE.replace(",", ";")).people == PEOPLE
    assert refusal(tmp_path, "sep=;\nemail\nmaya@example.org\nleo\n").startswith("Line 4 of people.csv")


def test_names_of_columns_as_people_write_them(tmp_path: Path) -> None:
    found = read(tmp_path, " E-Mail ,Name,PLAN,Renews On,Last invoice.Number,\na@b.example,A,pro,2027-03-14,TW-7,\n")
    facts = {"renews_on": "2027-03-14", "last_invoice": {"number": "TW-7"}}
    assert found.people == (KnownPerson("a@b.example", "A", "pro", facts),)


@pytest.mark.parametrize(
    ("cell", "fact"),
    [
        ("12", 12),
        ("-3", -3),
        ("1.5", 1.5),
        ("TRUE", True),
        ("false", False),
        ("0049", "0049"),
        ("4111111111111111", "4111111111111111"),  # as a float it would lose its end
        ("12,5", "12,5"),
        ("1e9", "1e9"),
        ("Visa  ending\n42", "Visa ending 42"),
        ("\x1b[31mred", "[31mred"),
    ],
)
def test_a_fact_is_a_number_only_where_nothing_is_lost(tmp_path: Path, cell: str, fact: object) -> None:
    (person,) = read(tmp_path, f'email,fact\na@b.example,"{cell}"\n').people
    assert person.account_facts == {"fact": fact}
    assert type(person.account_facts["fact"]) is type(fact)


def test_without_other_columns_there_are_no_facts_to_replace(tmp_path: Path) -> None:
    assert not read(tmp_path, "email,plan\na@b.example,pro\n").has_facts
    assert not read(tmp_path, "email\na@b.example\n").has_facts


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "people.csv has no column named email."),
        ("name,plan\nMaya,team\n", "people.csv has no column named email."),
        ("email,plan,Plan\na@b.example,x,y\n", "people.csv has the column plan twice."),
        ("email,invoice,invoice.date\na@b.example,x,y\n", "people.csv has the column invoice twice."),
        ("email,name\na@b.example,A\nnobody,B\n", "Line 3 of people.csv has no valid e-mail address."),
        ("email,name\n,A\n", "Line 2 of people.csv has no valid e-mail address."),
        ("email\na@b\n", "Line 2 of people.csv has no valid e-mail address."),
        ("email\na@b.example@c.example\n", "Line 2 of people.csv has no valid e-mail address."),
        (f"email\n{'a' * 320}@b.example\n", "Line 2 of people.csv has no valid e-mail address."),
        (
            'email,name\na@b.example,"A\nB"\nc@d.example\n',
            "Line 4 of people.csv has another number of columns than the first: 1, not 2.",
        ),
        (
            "email,name\na@b.example,Doe, Jane\n",
            "Line 2 of people.csv has another number of columns than the first: 3, not 2.",
        ),
        ("email\na@b.example\n\nA@B.example\n", "Line 4 of people.csv has the address of line 2 again."),
        ('email,name\na@b.example,"A\n', "Line 2 of people.csv is no CSV:"),
        (b"PK\x03\x04rest", "people.csv is a workbook, not a CSV file."),
        (b"email\n\x81\x00", "people.csv is in an unknown encoding."),
        (TABLE.encode("utf-16-le"), "people.csv is in an unknown encoding."),
    ],
)
def test_what_cannot_be_taken_is_named_in_one_sentence(tmp_path: Path, content: str | bytes, sentence: str) -> None:
    said = refusal(tmp_path, content)
    assert said.startswith(sentence)
    assert "\n" not in said


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="No such file"):
        read_people(tmp_path / "none.csv")
