"""The links of a page: found as a browser would, whatever the page is made of."""

import time

import pytest

from insta_voice.knowledge.web.links import MAX_LINKS, PageLinks, read_links

HERE = "https://help.example/start/"


def test_links_of_the_same_host_each_once() -> None:
    page = """<A HREF=one>1</A> <a class="x" href='/two?a=1&amp;b=2#part'>2</a> <a href="one#again">1</a>
      <a href="https://other.example/">elsewhere</a> <a href="mailto:help@acme.example">mail</a>
      <a name=here>no link</a>
      <a
        title="breaks" href="http://help.example/three">3</a>"""
    assert read_links(page.encode(), HERE).pages == (
        "https://help.example/start/one",
        "https://help.example/two?a=1&b=2",
        "http://help.example/three",
    )


def test_what_is_quoted_ends_no_tag() -> None:
    page = """<a title="a > b" href=/one>1</a> <a title='"a" > b' href="/two">2</a> <a title=it's href=/three>3</a>"""
    assert read_links(page.encode(), HERE).pages == (
        "https://help.example/one",
        "https://help.example/two",
        "https://help.example/three",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_says_how_a_page_is_written(encoding: str) -> None:
    assert read_links("Ä <a href=/one>1</a>".encode(encoding), HERE).pages == ("https://help.example/one",)


def test_of_several_bases_the_first_counts() -> None:
    page = b'<base target=_blank><base href="/kb/"><base href="/other/"><a href="a">'
    assert read_links(page, HERE).pages == ("https://help.example/kb/a",)


def test_a_base_is_what_links_begin_at() -> None:
    assert read_links(b'<base href="/kb/"><a href="a">', HERE).pages == ("https://help.example/kb/a",)


@pytest.mark.parametrize(
    "around",
    [
        "<!-- {} -->",
        "<script>let x = '{}'</script>",
        "<STYLE>{}</STYLE>",
        "<textarea>{}</textarea>",
        "<!-- {}",
        "<script>{}",
    ],
)
def test_what_is_not_shown_is_no_link(around: str) -> None:
    page = around.format("<a href=/hidden>x</a>") + "<a href=/shown>x</a>"
    assert "https://help.example/hidden" not in read_links(page.encode(), HERE).pages


def test_what_comes_after_a_script_is_found() -> None:
    page = "Ä İ <SCRIPT>if (a < b) {}</script ><a href=/after>x</a>"
    assert read_links(page.encode(), HERE).pages == ("https://help.example/after",)


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        ("/reset", "https://help.example/reset"),
        ("https://other.example/reset", None),  # it may not speak for others
        ("/", None),  # a template that gives every page the front page's address
        ("https://maya:secret@help.example/", None),
    ],
)
def test_a_page_may_name_its_own_address(link: str, canonical: str | None) -> None:
    page = f'<link rel="stylesheet" href="/style"><link href="{link}" rel="Canonical">'
    assert read_links(page.encode(), HERE).canonical == canonical


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<a ",
        "<!--",
        "<a href='",
        '<a href="',
        "<script>",
        "<a href",
        "<a " + "x" * 4000,
        "</script",
        "<a '",
        "<a '\"",
        "<a \"'\"' ",
    ],
)
def test_a_page_made_to_cost_time_costs_none(piece: str) -> None:
    began = time.process_time()
    read_links((piece * (1_000_000 // len(piece))).encode(), HERE)
    assert time.process_time() - began < 5  # one of quadratic cost takes minutes


def test_a_number_that_python_does_not_read_is_in_no_link() -> None:
    page = f"""<a href="/&#{"9" * 4_400};">0</a> <a href="/&#{"9" * 3_000};">1</a> <a href=/one>1</a>"""
    assert read_links(page.encode(), HERE).pages[-1] == "https://help.example/one"


def test_of_very_many_links_the_first_are_kept() -> None:
    page = "".join(f"<a href=/{number}>x</a>" for number in range(MAX_LINKS + 10))
    assert len(read_links(page.encode(), HERE).pages) == MAX_LINKS


def test_what_is_no_html_has_none() -> None:
    assert read_links(b"\xff\xfe<\x00a\x00", HERE) == PageLinks()
