"""A help centre's pages: what stands in the article is kept, what stands around it goes."""

import pytest

from insta_voice.errors import InvalidInputError
from insta_voice.extraction.readers.html import read_html

FURNITURE = """
<a class="skip-link" href="#main">Skip to content</a>
<header><nav><a href="/">Home</a> <a href="/pricing">Pricing</a></nav></header>
<div id="cookie-banner"><p>We use cookies to improve your visit.</p><button>Accept all</button></div>
<ol class="breadcrumbs"><li>All articles</li><li>Data</li></ol>
"""
AFTER = """
<div class="article-share">Share this article: <a>Mastodon</a></div>
<div><p>Was this article helpful?</p><button>Yes</button></div>
<aside class="related"><h3>Related articles</h3><ul><li>Import your data</li></ul></aside>
"""
FOOT = '<footer><p>© 2026 Tidewater. All rights reserved.</p><a href="/privacy">Privacy policy</a></footer>'
ARTICLE = """
<h1>Export your data</h1>
<p>You can export everything at any time.</p>
<h2 id="cookie-settings">Before you start</h2>
<ol><li>Open <b>Settings</b>.</li><li>Press <a href="/x">Export</a>.</li></ol>
<h2>Formats</h2>
<table><tr><th>Plan</th><th>Formats</th></tr><tr><td>Free</td><td>CSV</td></tr></table>
<h3>By script</h3><pre><code>export --all</code></pre>
<p>Links end after seven days.</p>
"""
GONE = ("Home", "Pricing", "cookies", "Accept", "All articles", "Share", "helpful", "Related", "Import", "©", "Privacy")


def page(body: str, head: str = "") -> bytes:
    return f"<!doctype html><html lang='en-GB'><head>{head}</head><body>{body}</body></html>".encode()


def text_of(data: bytes) -> str:
    [found] = read_html(data)
    return found.fields["text"]


@pytest.mark.parametrize("around", ["<main><article>{}</article>{}</main>", "<div id='content'>{}{}</div>"])
def test_the_article_is_kept_and_the_furniture_goes(around: str) -> None:
    text = text_of(page(FURNITURE + around.format(ARTICLE, AFTER) + FOOT))
    lines = [line.strip() for line in text.splitlines()]
    assert [line for line in lines if line.startswith("#")] == [
        "# Export your data",
        "## Before you start",
        "## Formats",
        "### By script",
    ]
    assert "1. Open **Settings**." in lines
    assert "2. Press Export." in lines
    assert "Free | CSV" in text
    assert "export --all" in text
    assert lines[-1] == "Links end after seven days."
    assert [word for word in GONE if word in text] == []


def test_an_answer_that_is_folded_away_and_a_short_article_are_kept() -> None:
    folded = "<details><summary>May I pay later?</summary><p>Yes, within 14 days.</p></details>"
    text = text_of(page(f"{FURNITURE}<main><h1>Billing</h1>{folded}<div hidden><p>Ask Ada.</p></div></main>{FOOT}"))
    assert "May I pay later?" in text
    assert "Yes, within 14 days." in text
    assert text_of(page("<h1>Hours</h1><p>We are open from nine to five.</p>")).endswith("from nine to five.")


def test_what_is_declared_the_main_content_keeps_its_form() -> None:
    steps = "<ol><li>Open it.<ul><li>On a phone, press the gear.</li></ul></li><li>Save.</li></ol>"
    note = "<pre><code>export --all</code></pre><blockquote><p>Links end after seven days.</p></blockquote>"
    contents = "<ul><li><a href='#a'>The steps</a></li><li><a href='#b'>A note</a></li></ul>"
    filler = "<p>" + "You can export everything at any time, and have it sent by mail. " * 5 + "</p>"
    text = text_of(page(f"<main><h1>Export</h1>{contents}{filler}<h2>The steps</h2>{steps}{note}</main>"))
    assert text.endswith(
        "## The steps\n\n1. Open it.\n   - On a phone, press the gear.\n2. Save."
        "\n\n```\nexport --all\n```\n\n> Links end after seven days."
    )
    assert "A note" not in text


def test_a_section_named_after_its_subject_is_text() -> None:
    """The help article on sharing is about "share", and so are its elements' names."""
    words = "Whoever has the link sees the file until the link is taken back. " * 12
    text = text_of(page(f"<main><h1>Sharing</h1><section class='share' id='share'><p>{words}</p></section></main>"))
    assert text.count("taken back") == 12


LINKS = "<ul><li><a href='/slack'>Slack</a></li><li><a href='/jira'>Jira</a></li></ul>"
ANCHORS = "<ul><li><a href='#slack'>Slack</a></li><li><a href='#jira'>Jira</a></li></ul>"


@pytest.mark.parametrize("around", ["<main>{}</main>", "<main><article>{}</article></main>", "<div>{}</div>"])
@pytest.mark.parametrize(
    "listed",
    [
        f"<p>We integrate with:</p>{LINKS}",
        f"We integrate with: {LINKS}",
        f"<h2>Integrations</h2>{LINKS}",
        f"<section class='page-with-sidebar'><p>We integrate with:</p><div>{LINKS}</div></section>",
        f"<p>Read more than this page in a long sentence:</p>{LINKS.replace('ul>', 'ol>')}",
    ],
)
def test_a_list_of_links_that_the_text_leads_to_is_part_of_it(around: str, listed: str) -> None:
    """The question "Do you work with Slack?" was refused: the answer was taken for a menu."""
    text = text_of(page(FURNITURE + around.format(f"<h1>Integrations</h1>{listed}<p>Ask us for more.</p>") + FOOT))
    assert [word in text for word in ("Slack", "Jira", "Ask us for more.")] == [True] * 3


@pytest.mark.parametrize("around", ["<main>{}</main>", "<div>{}</div>"])
@pytest.mark.parametrize(
    "listed",
    [
        f"<h2>In short</h2>{ANCHORS}",
        f"<nav>{LINKS}</nav>",
        f"<aside><p>Look also at these:</p>{LINKS}</aside>",
        f"<header>{LINKS}</header>",
        f"<div class='footer-links'><h4>Product</h4>{LINKS}</div>",
        f"<div id='sidebar'>{LINKS}</div>",
        f"<div role='navigation'>{LINKS}</div>",
        LINKS.replace("<ul>", "<ul class='nav-list'>"),
        LINKS.replace("<ul>", "<ul role='menu'>"),
        LINKS.replace("<ul>", "<ul aria-label='Breadcrumb'>"),
        LINKS.replace("<ul>", "<ul class='c-breadcrumbs__list'>"),
        "<ol itemtype='https://schema.org/BreadcrumbList'><li><a href='/'>Slack</a></li><li>Jira</li></ol>",
        f"<h2>Related articles</h2>{LINKS}",
        f"<h3>See also:</h3><div>{LINKS}</div>",
        f"<p><b>Verwandte Artikel</b></p>{LINKS}",
    ],
)
def test_a_list_of_links_that_leads_away_is_furniture(around: str, listed: str) -> None:
    text = text_of(page(around.format(f"<h1>Export</h1><p>Press export.</p>{listed}<p>Then wait.</p>")))
    assert "Slack" not in text
    assert "Jira" not in text
    assert "Press export." in text
    assert text.endswith("Then wait.")
    for heading in ("Related", "See also", "Verwandte"):
        assert heading not in text


def test_links_above_the_headline_say_where_the_page_is() -> None:
    body = f"<header><h1>Tidewater</h1></header><main>{LINKS}<h1>Export</h1><p>Press export.</p>{LINKS}</main>"
    text = text_of(page(body))
    assert text.startswith("# Export")
    assert text.count("Slack") == 1


@pytest.mark.parametrize(
    ("name", "is_furniture"),
    [
        ("share", True),
        ("article-share", True),
        ("wide shareButtons", True),
        ("zd-article__share-links_a81f", True),
        ("skip-to-content", True),
        ("share-settings", False),
        ("how-to-share", False),
        ("cookie-settings", False),
        ("recommended-plans", False),
        ("social-sign-in", False),
    ],
)
def test_furniture_is_known_by_its_whole_name(name: str, is_furniture: bool) -> None:
    box = f"<section class='{name}'><p>Only the owner sees it.</p></section>"
    text = text_of(page(f"<main><h1>Files</h1><p>They are yours.</p>{box}</main>"))
    assert ("Only the owner sees it." in text) is not is_furniture


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>x | Help</title>", "<h1>Logo</h1><main><h1>Refunds</h1><p>Thirty days.</p></main>", "Refunds"),
        ("<title>Refunds</title>", "<h1>Logo</h1><main><h2>When</h2><p>Thirty days.</p></main>", "Refunds"),
        ("<meta property='og:title' content='Refunds'>", "<p>Thirty days are given.</p>", "Refunds"),
        ("<title>Sign-in – how to – Tidewater Help</title>", "<p>Thirty days are given.</p>", "Sign-in – how to"),
    ],
)
def test_the_title_is_the_headline_without_the_sites_name(head: str, body: str, title: str) -> None:
    [found] = read_html(page(body, head))
    assert found.fields["title"] == title


def test_its_address_and_its_language_are_taken() -> None:
    [found] = read_html(page(ARTICLE, "<link rel='canonical' href='https://help.example/export'>"))
    assert found.fields["url"] == "https://help.example/export"
    assert found.fields["language"] == "en"
    for slip in ("javascript:alert(1)", "/export", "https://[", "https://" + "x" * 2000):
        [found] = read_html(page(ARTICLE, f"<link rel='canonical' href='{slip}'>"))
        assert "url" not in found.fields


@pytest.mark.parametrize("declared", ["<meta charset='iso-8859-2'>", ""])
def test_letters_are_read_as_browsers_read_them(declared: str) -> None:
    said = page("<main><h1>Preise</h1><p>Zwölf Euro für jeden größeren Platz.</p></main>", declared).decode()
    encoding = "iso-8859-2" if declared else "windows-1252"
    assert "Zwölf Euro für jeden größeren Platz." in text_of(said.encode(encoding))
    assert "Zwölf Euro" in text_of(said.encode("utf-16"))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (page("<div id='root'></div><script>render()</script>"), "perhaps a script writes it"),
        (page("<div>" * 5000 + "deep"), "nested more than 256 deep"),
        (page("<p>Zw\xf6lf", "<meta charset='klingon'>").decode().encode("latin-1"), "an encoding that nobody knows"),
        (b"<!doctype html>", "The page is empty|no text"),
    ],
)
def test_a_page_without_a_text_says_why(data: bytes, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        read_html(data)


def test_no_entity_and_no_script_becomes_text() -> None:
    external = "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><h1>T</h1><p>It says &x; and no more.</p>"
    text = text_of(external.encode() + b"<script>alert(1)</script>")
    assert "It says &x; and no more." in text
    assert "alert" not in text
