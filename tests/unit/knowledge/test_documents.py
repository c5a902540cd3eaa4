"""Documents are checked before they are believed: every hostile one is refused with a sentence that says why."""

import json
from datetime import date

import pytest
from tests.support.growing import ALMOST_LINEAR, growth

from insta_voice.errors import InvalidInputError
from insta_voice.knowledge.documents import Document, checked_document, parse_json_line, parse_markdown

ARTICLE = """---
id: reset-password
title: Reset your password
audience: [everyone, "plan:team"]
labels: [sign-in]
updated: 2026-10-09
url: https://help.example/reset
---

Choose "Forgot password".
"""


def test_front_matter_becomes_the_documents_fields() -> None:
    document = parse_markdown(ARTICLE, name="folder/file")
    assert (document.external_id, document.title, document.audience, document.labels, document.url) == (
        "reset-password",
        "Reset your password",
        ("everyone", "plan:team"),
        ("sign-in",),
        "https://help.example/reset",
    )
    assert document.content == 'Choose "Forgot password".'
    assert document.updated_at is not None
    assert document.updated_at.isoformat() == "2026-10-09T00:00:00+00:00"


def test_a_file_without_front_matter_has_its_heading_for_title_and_its_path_for_id() -> None:
    document = parse_markdown("# Sharing files\n\nShare with a link.", name="files/sharing")
    assert (document.external_id, document.title, document.audience) == (
        "files/sharing",
        "Sharing files",
        ("everyone",),
    )


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Before.\n\n#   Sharing files   \n\nText.", "Sharing files"),
        ("# Sharing files ##\n\nText.", "Sharing files"),
        ("# C#\n\nText.", "C"),
        ("# C# #\n\nText.", "C#"),
        ("# ##\n\nText.", "#"),
        ("#\tSharing\n\n# files", "files"),
        ("# \n\nText.", "name"),
        ("## Sharing files\n\nText.", "name"),
    ],
)
def test_the_first_heading_is_the_title_without_the_signs_that_close_it(text: str, title: str) -> None:
    assert parse_markdown(text, name="folder/name").title == title


@pytest.mark.parametrize("inside", [" ", "#", "# ", " #"])
def test_a_heading_without_end_is_looked_at_once(inside: str) -> None:
    def read(size: int) -> None:
        with pytest.raises(InvalidInputError, match="title is longer than 300"):
            parse_markdown("# a" + inside * (size // len(inside)) + "b", name="x")

    assert growth(read, 100_000) < ALMOST_LINEAR


def test_windows_line_ends_and_a_byte_order_mark_are_read() -> None:
    document = parse_markdown("\ufeff" + ARTICLE.replace("\n", "\r\n"), name="x")
    assert document.title == "Reset your password"


def test_the_fingerprint_changes_with_every_field() -> None:
    base = Document("Title", "Text", "id")
    others = [
        Document("Other", "Text", "id"),
        Document("Title", "Other", "id"),
        Document("Title", "Text", "id", audience=("staff",)),
        Document("Title", "Text", "id", url="/x"),
        Document("Title", "Text", "id", product="Web"),
        Document("Title", "Text", "id", valid_from=date(2026, 12, 1)),
        Document("Title", "Text", "id", valid_until=date(2026, 12, 1)),
    ]
    assert len({d.fingerprint() for d in [base, *others]}) == len({d.digest() for d in [base, *others]}) == 8
    assert base.fingerprint() == Document("Title", "Text", "id").fingerprint()


def test_its_fields_make_the_same_document_again() -> None:
    whole = parse_markdown(
        ARTICLE.replace("title:", "product: ' Web  app '\nvalid_from: 2026-12-01\nvalid_until: '2026-12-31'\ntitle:"),
        name="x",
    )
    assert (whole.product, whole.valid_from, whole.valid_until) == ("Web app", date(2026, 12, 1), date(2026, 12, 31))
    for document in (whole, Document("Title", "Text")):
        assert checked_document(json.loads(json.dumps(document.fields()))) == document


BOMB = "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]"


@pytest.mark.parametrize(
    ("front", "said"),
    [
        (BOMB, "YAML"),
        ("title: !!python/object/apply:os.system ['true']", "YAML"),
        ("title: " + "[" * 8000, "YAML"),
        ("title: {a: 1}", "title"),
        ("title: " + "x" * 400, "title"),
        ("- just\n- a list", "fields"),
        ("padding: " + "x" * 20_000, "front matter"),
        ("title: T\naudience: [everybody]", "audience"),
        ("title: T\naudience: []", "audience"),
        ("title: T\naudience:", 'knows "everyone"'),
        ("title: T\naudiance: [staff]", "no field audiance. Did you mean audience?"),
        ("title: T\nvalid_til: 2026-12-31", "no field valid_til. Did you mean valid_until?"),
        ("title: T\naudience: {staff: true}", "audience"),
        ("title: T\naudience: [staff, [everyone]]", "audience"),
        ("title: T\nurl: 'javascript:alert(1)'", "url"),
        ("title: T\nurl: '//elsewhere.example/x'", "url"),
        ("title: T\nurl: 'http://[broken'", "url"),
        ("title: T\nupdated: soon", "updated"),
        ("title: T\nproduct: [Web]", "product"),
        ("title: T\nvalid_from: soon", "valid_from is not a day"),
        ("title: T\nvalid_until: 2026-12-31 12:00:00", "valid_until is not a day"),
        ("title: T\nvalid_until: 31.12.2026", "valid_until is not a day"),
        ("title: T\nvalid_from: 2026-13-01", "front matter|valid_from"),
        ("title: T\nvalid_from: 2026-12-02\nvalid_until: 2026-12-01", "before valid_from"),
        ("title: T\nid: ''", "id"),
        ("title: T\nid: " + "x" * 300, "id"),
        ("title: T\nlabels: " + str(list(range(60))), "labels"),
    ],
)
def test_hostile_front_matter_is_refused_with_a_sentence(front: str, said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        parse_markdown(f"---\n{front}\n---\n\nText.", name="x")


def test_front_matter_cannot_replace_the_text() -> None:
    assert parse_markdown("---\ntitle: T\ntext: injected\n---\nReal.", name="x").content == "Real."


@pytest.mark.parametrize("line", ["", "not json", "[]", "[" * 100_000, '{"id": "a", "title": "T"}', '{"text": "x"}'])
def test_a_bad_json_line_is_refused(line: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_json_line(line)


def test_a_json_line_with_a_slip_in_who_may_hear_it_is_heard_by_nobody() -> None:
    with pytest.raises(InvalidInputError, match="Did you mean audience"):
        parse_json_line('{"id": "a", "title": "T", "text": "x", "audiance": "staff"}', audience=("everyone",))


@pytest.mark.parametrize("identifier", ["", '"id": null, ', '"id": " ", '])
def test_a_json_line_without_an_id_is_refused(identifier: str) -> None:
    with pytest.raises(InvalidInputError, match=r"\bid\b"):
        parse_json_line("{" + identifier + '"title": "T", "text": "x"}')


def test_a_json_line_keeps_its_id_and_loses_what_no_text_may_hold() -> None:
    document = parse_json_line(json.dumps({"id": 7, "title": " A\n title ", "text": "one\x00two", "audience": "staff"}))
    assert (document.external_id, document.title, document.content, document.audience) == (
        "7",
        "A title",
        "one two",
        ("staff",),
    )


def test_half_a_surrogate_is_no_text() -> None:
    with pytest.raises(InvalidInputError, match="Unicode"):
        parse_json_line('{"id": "a", "title": "T", "text": "\\ud800"}')
