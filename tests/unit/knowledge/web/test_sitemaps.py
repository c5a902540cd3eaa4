"""Sitemaps: what they list is found, and nothing in them costs more than it is worth."""

import gzip

import pytest
from tests.support.website import sitemap

from insta_voice.errors import InvalidInputError
from insta_voice.knowledge.web import sitemaps
from insta_voice.knowledge.web.sitemaps import Sitemap, parse_sitemap


def test_pages_and_sitemaps_are_told_apart() -> None:
    urls = ("https://help.example/a", "https://help.example/b?x=1&amp;y=2")
    found = parse_sitemap(sitemap(*urls))
    assert found == Sitemap(pages=("https://help.example/a", "https://help.example/b?x=1&y=2"))
    assert parse_sitemap(sitemap("https://help.example/1.xml", index=True)).sitemaps == ("https://help.example/1.xml",)


def test_only_the_address_of_an_entry_is_one() -> None:
    image = "<image:image><image:loc>https://help.example/a.png</image:loc></image:image>"
    content = f"""<urlset xmlns:image="http://x"><loc>https://help.example/no</loc>
      <url><loc>
        https://help.example/a
      </loc><lastmod>2026-01-01</lastmod>{image}</url><url><loc/></url></urlset>"""
    assert parse_sitemap(content.encode()).pages == ("https://help.example/a",)


def test_a_packed_one_is_unpacked() -> None:
    assert parse_sitemap(gzip.compress(sitemap("https://help.example/a"))).pages == ("https://help.example/a",)


BILLION_LAUGHS = (
    '<!DOCTYPE urlset [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
    "<urlset><url><loc>&c;</loc></url></urlset>"
)
FILE_ENTITY = (
    '<!DOCTYPE urlset [<!ENTITY file SYSTEM "file:///etc/passwd">]><urlset><url><loc>&file;</loc></url></urlset>'
)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (BILLION_LAUGHS.encode(), "declares a document type"),
        (FILE_ENTITY.encode(), "declares a document type"),
        (b"<html><body>Not found</body></html>", "neither urlset nor sitemapindex"),
        (b"", "broken in line 1"),
        (b"<urlset><url>", "broken in line 1"),
        (b"<urlset>" + b"<a>" * 100_000, "nested too deeply"),
        (gzip.compress(b"<urlset>" + b" " * 60_000_000), "larger than"),
    ],
)
def test_what_is_no_sitemap_is_said(content: bytes, why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        parse_sitemap(content)


def test_more_than_the_protocol_allows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_ENTRIES", 2)
    with pytest.raises(InvalidInputError, match="more than 2 addresses"):
        parse_sitemap(sitemap(*(f"https://help.example/{number}" for number in range(3))))
