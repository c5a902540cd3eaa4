"""Pages of a website as articles: what changes there changes here, what is gone there goes here, and nothing else."""

import json
from collections.abc import AsyncIterator

import pytest
from tests.support.website import Page, Site, html, redirect, serving_site, sitemap, text, visitor, xml

from insta_voice.db import Database
from insta_voice.errors import EmbeddingError
from insta_voice.knowledge import (
    LocalEmbedder,
    Report,
    find_articles,
    get_version,
    ingest_web,
    list_articles,
    remove_articles,
    store_knowledge_base_article,
)
from insta_voice.knowledge.report import Failure
from insta_voice.knowledge.web import Bounds, WebSource

RESET = "Choose forgot password on the sign-in page, and open the link in the mail that comes."
REFUND = "We refund annual plans within thirty days of payment, to the card that paid for them."
SHARE = "Make a link to the file and choose who may open it, for how long, and with which password."


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """A help centre of a front page, a section, and three articles with validators."""
    pages = {
        "/": html(
            "Help", "Everything about your account and your files, in a few short articles.", "/reset", "/section"
        ),
        "/section": html("Billing", "Everything about invoices, payments and refunds in one place.", "/refund", "/"),
        "/reset": html("Reset your password", RESET, "/", etag='"r1"'),
        "/refund": html("Refunds", REFUND, "/share?utm=1", etag='"f1"'),
        "/share": html("Share a file", SHARE, etag='"s1"'),
    }
    async with serving_site(pages) as made:
        yield made


class Reading:
    """Ingests a source of the site as often as is asked, each time as another process would."""

    def __init__(self, db: Database, embedder: LocalEmbedder, site: Site) -> None:
        self._db = db
        self._embedder = embedder
        self._site = site

    async def __call__(self, path: str, kind: str | None = None, **bounds: object) -> Report:
        source = WebSource.of(self._site.url(path), kind, Bounds(**bounds))  # type: ignore[arg-type]
        self._site.forget()
        return await ingest_web(self._db, self._embedder, source, visitor(self._site))

    async def paths(self) -> list[str]:
        """The articles there are, by the path of their address."""
        begin = len(self._site.url(""))
        return sorted(article.article_id[begin:] for article in await list_articles(self._db))


@pytest.fixture
def read(db: Database, embedder: LocalEmbedder, site: Site) -> Reading:
    return Reading(db, embedder, site)


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.unchanged, report.removed


def reasons(report: Report, site: Site) -> dict[str, str]:
    return {failure.place.removeprefix(site.url("")): failure.reason for failure in report.failed}


async def test_a_page_is_found_under_its_own_address(
    db: Database, embedder: LocalEmbedder, site: Site, read: Reading
) -> None:
    assert await read("/reset") == Report(added=1)
    [found] = await find_articles(db, embedder, ["How do I reset my password?"], audiences=("everyone",), limit=1)
    assert (found.articles[0].article_id, found.articles[0].title) == (site.url("/reset"), "Reset your password")
    assert found.answerable


async def test_an_unchanged_page_costs_one_request_and_nothing_else(site: Site, read: Reading) -> None:
    await read("/reset")
    assert await read("/reset") == Report(unchanged=1)
    assert site.asked[-1].headers["if-none-match"] == '"r1"'
    site.pages["/reset"] = html("Reset your password", RESET)
    assert await read("/reset") == Report(unchanged=1), "nor does one that a server sends again"


async def test_a_changed_page_replaces_its_article(site: Site, read: Reading) -> None:
    await read("/reset")
    site.pages["/reset"] = html("Reset your password", "Ask your administrator to send you a new one.", etag='"r2"')
    assert await read("/reset") == Report(changed=1)


async def test_what_was_removed_here_is_read_again(db: Database, site: Site, read: Reading) -> None:
    """The server still says that nothing has changed since: it does not know what became of it here."""
    await read("/reset")
    await remove_articles(db, [site.url("/reset")])
    async with db.as_service() as connection:
        assert await (await connection.execute("select url from knowledge_pages")).fetchall() == []
    assert await read("/reset") == Report(added=1)


async def test_what_was_edited_here_stays_until_its_page_changes(
    db: Database, embedder: LocalEmbedder, site: Site, read: Reading
) -> None:
    await read("/reset")
    edited = {"external_id": site.url("/reset"), "db": db, "embedder": embedder}
    await store_knowledge_base_article("Reset your password", "Something else.", **edited)  # type: ignore[arg-type]
    assert await read("/reset") == Report(unchanged=1, edits_kept=(site.url("/reset"),))
    site.pages["/reset"] = html("Reset your password", "Ask your administrator to send you a new one.", etag='"r2"')
    assert await read("/reset") == Report(changed=1, edits_replaced=(site.url("/reset"),))


async def test_an_article_of_a_long_address_keeps_its_history(
    db: Database, embedder: LocalEmbedder, site: Site, read: Reading
) -> None:
    path = "/reset?from=" + "x" * 500
    site.pages[path] = site.pages["/reset"]
    await read(path)
    version = await get_version(db, site.url(path))
    assert version.document.external_id == site.url(path)


@pytest.mark.parametrize("status", [404, 410])
async def test_a_page_that_is_gone_takes_its_article_with_it(status: int, site: Site, read: Reading) -> None:
    await read("/reset")
    site.pages["/reset"] = Page(status=status)
    assert await read("/reset") == Report(removed=1)
    again = await read("/reset")
    assert (counts(again), reasons(again, site)) == ((0, 0, 0, 0), {"/reset": "There is no such page."})


@pytest.mark.parametrize("status", [401, 403, 429, 500, 502, 503])
async def test_a_page_that_fails_keeps_its_article(status: int, site: Site, read: Reading) -> None:
    await read("/reset")
    site.pages["/reset"] = Page(status=status)
    report = await read("/reset")
    assert (report.removed, list(reasons(report, site))) == (0, ["/reset"])
    assert str(status) in report.failed[0].reason
    assert await read.paths() == ["/reset"]


async def test_a_crawl_follows_links_and_comes_back_for_304s(site: Site, read: Reading) -> None:
    report = await read("/", "crawl", exclude=("*[?]*",))
    assert (counts(report), report.failed) == ((4, 0, 0, 0), ())
    assert await read.paths() == ["/", "/refund", "/reset", "/section"]
    site.pages["/new"] = html("New", "A page that the section links to since yesterday, with a text of its own.")
    site.pages["/section"] = html("Billing", "Everything about invoices and refunds.", "/refund", "/new", etag='"b1"')
    assert counts(await read("/", "crawl", exclude=("*[?]*",))) == (1, 1, 3, 0)
    site.pages["/new"] = html("New", "A page that the section links to, changed once more since then.")
    assert counts(await read("/", "crawl", exclude=("*[?]*",))) == (0, 1, 4, 0), "links of an unchanged page are kept"


@pytest.mark.parametrize(
    ("bounds", "stored"),
    [
        ({"depth": 0}, ["/"]),
        ({"depth": 1}, ["/", "/reset", "/section"]),
        ({"include": ("/reset", "/section")}, ["/reset", "/section"]),
        ({"exclude": ("/section",)}, ["/", "/reset"]),
        ({"max_pages": 2}, ["/", "/reset"]),
    ],
)
async def test_a_crawl_stays_within_its_bounds(
    bounds: dict[str, object], stored: list[str], site: Site, read: Reading
) -> None:
    report = await read("/", "crawl", **bounds)
    assert await read.paths() == stored
    left_out = {"/": "1 more pages were left out: it may have 2."} if "max_pages" in bounds else {}
    assert reasons(report, site) == left_out


async def test_a_crawl_in_a_circle_ends_and_leaves_the_host_alone(site: Site, read: Reading) -> None:
    site.pages["/reset"] = html(
        "Reset", RESET, "/", "/reset", "/reset#again", "./reset", "http://other.example/", "/a/../"
    )
    await read("/", "crawl", exclude=("*[?]*",))
    assert sorted(site.paths) == ["/", "/refund", "/reset", "/section"], "each once"


@pytest.mark.parametrize("dead", [Page(status=404), Page(status=410), redirect("/nowhere", 302), redirect("/nowhere")])
async def test_a_dead_link_is_no_failure_of_the_source(dead: Page, site: Site, read: Reading) -> None:
    site.pages.update({"/": html("Help", "Everything about your account.", "/reset", "/dead"), "/dead": dead})
    report = await read("/", "crawl")
    assert (counts(report), report.failed, report.missing) == ((2, 0, 0, 0), (), (site.url("/dead"),))


async def test_a_page_that_was_named_or_listed_and_is_not_there_is_a_failure(site: Site, read: Reading) -> None:
    site.pages["/map"] = xml(sitemap(site.url("/reset"), site.url("/dead")))
    for report in (await read("/map", "sitemap"), await read("/dead"), await read("/dead", "crawl")):
        assert report.failed[0] == Failure(site.url("/dead"), "There is no such page.")
        assert report.missing == ()


async def test_a_link_to_what_was_an_article_takes_it_out_and_is_a_dead_link_from_then_on(
    site: Site, read: Reading
) -> None:
    site.pages["/"] = html("Help", "Everything about your account.", "/reset")
    await read("/", "crawl")
    del site.pages["/reset"]
    gone, again = await read("/", "crawl"), await read("/", "crawl")
    assert (gone.removed, gone.failed, gone.missing) == (1, (), ())
    assert (again.removed, again.failed, again.missing) == (0, (), (site.url("/reset"),))


async def test_what_robots_txt_forbids_is_passed_over_by_a_crawl_and_said_where_it_was_named(
    site: Site, read: Reading
) -> None:
    site.pages["/robots.txt"] = text("User-agent: insta-voice\nDisallow: /section")
    report = await read("/", "crawl")
    assert (await read.paths(), report.failed) == (["/", "/reset"], ())
    named = await read("/section")
    assert reasons(named, site) == {"/section": "The site's robots.txt does not let us read it."}


async def test_a_page_that_nobody_links_to_any_more_stays_while_it_is_there(site: Site, read: Reading) -> None:
    await read("/", "crawl", exclude=("*[?]*",))
    site.pages["/section"] = html("Billing", "Everything about invoices, payments and refunds in one place.")
    assert counts(await read("/", "crawl", exclude=("*[?]*",)))[3] == 0
    del site.pages["/refund"]
    assert counts(await read("/", "crawl", exclude=("*[?]*",)))[3] == 1
    assert await read.paths() == ["/", "/reset", "/section"]


async def test_pages_that_are_not_wanted_any_more_go(site: Site, read: Reading) -> None:
    await read("/", "crawl", exclude=("*[?]*",))
    assert counts(await read("/", "crawl", exclude=("*[?]*", "/re*")))[3] == 2
    assert await read.paths() == ["/", "/section"]


@pytest.mark.parametrize("etag", ["", '"h1"'])
async def test_the_page_that_a_crawl_starts_from_goes_too_and_its_links_are_followed(
    etag: str, site: Site, read: Reading
) -> None:
    site.pages["/"] = html("Help", "Everything about your account and your files.", "/reset", etag=etag)
    await read("/", "crawl")
    assert await read.paths() == ["/", "/reset"]
    assert counts(await read("/", "crawl", exclude=("/",))) == (0, 0, 1, 1)
    assert await read.paths() == ["/reset"]


async def test_a_site_that_is_away_or_has_nothing_removes_nothing(site: Site, read: Reading) -> None:
    await read("/", "crawl", exclude=("*[?]*",))
    before, pages = await read.paths(), dict(site.pages)
    site.pages.clear()
    missing = await read("/", "crawl")  # every page of it: a mistake of theirs
    assert (missing.removed, reasons(missing, site)) == (
        0,
        {"/": "None of its pages could be read: nothing is removed."},
    )
    site.pages.update({path: Page(status=500) for path in pages})
    assert (await read("/", "crawl")).removed == 0
    site.pages["/robots.txt"] = Page(status=500)
    report = await read("/", "crawl")
    assert (report.removed, site.paths) == (0, []), "nor is anything asked while nobody knows what may be"
    assert await read.paths() == before


async def test_a_page_that_has_moved_for_good_is_one_article_at_its_new_address(site: Site, read: Reading) -> None:
    await read("/", "crawl", exclude=("*[?]*",))
    site.pages["/password"] = site.pages["/reset"]
    site.pages["/reset"] = redirect("/password", 308)
    assert counts(await read("/", "crawl", exclude=("*[?]*",))) == (1, 0, 3, 1)
    assert await read.paths() == ["/", "/password", "/refund", "/section"]


async def test_a_help_centre_that_moves_to_another_host_leaves_nothing_behind(
    db: Database, embedder: LocalEmbedder, site: Site, read: Reading
) -> None:
    await read("/", "crawl", exclude=("*[?]*",))
    async with serving_site(site.pages) as new:
        site.pages.update({path: redirect(new.url(path)) for path in site.pages})
        source = WebSource.of(site.url("/"), "crawl", Bounds(exclude=("*[?]*",)))
        report = await ingest_web(db, embedder, source, visitor(site, new))
        assert (counts(report), report.failed) == ((4, 0, 0, 4), ())
        begin = new.url("/")
        assert all(article.article_id.startswith(begin) for article in await list_articles(db))


async def test_a_page_that_leads_elsewhere_for_now_keeps_its_article(site: Site, read: Reading) -> None:
    await read("/reset")
    site.pages["/reset"] = redirect("/section", 302)
    report = await read("/reset")
    assert reasons(report, site) == {"/reset": f"For now it leads elsewhere: {site.url('/section')}"}
    assert await read.paths() == ["/reset"]


async def test_a_page_that_leads_to_nothing_for_now_keeps_its_article(site: Site, read: Reading) -> None:
    await read("/reset")
    site.pages["/reset"] = redirect("/maintenance", 302)
    report = await read("/reset")
    assert reasons(report, site) == {"/reset": f"For now it leads elsewhere: {site.url('/maintenance')}"}
    assert await read.paths() == ["/reset"]


async def test_a_page_moved_to_nothing_on_another_host_takes_its_own_article_only(
    db: Database, embedder: LocalEmbedder, site: Site, read: Reading
) -> None:
    async with serving_site({"/share": html("Share a file", SHARE)}) as other:
        guest = visitor(site, other)
        await ingest_web(db, embedder, WebSource.of(other.url("/share")), guest)
        await read("/reset")
        other.pages.clear()
        site.pages["/reset"] = redirect(other.url("/share"))
        report = await ingest_web(db, embedder, WebSource.of(site.url("/reset")), guest)
        assert (counts(report), report.failed) == ((0, 0, 0, 1), ())
        assert [article.article_id for article in await list_articles(db)] == [other.url("/share")]


async def test_a_page_moved_to_where_it_cannot_be_read_keeps_its_article(site: Site, read: Reading) -> None:
    await read("/", "crawl", exclude=("*[?]*",))
    site.pages["/packed"] = Page(b"PK\x03\x04" + bytes(100))
    site.pages["/reset"] = redirect("/packed")
    report = await read("/", "crawl", exclude=("*[?]*",))
    assert (report.removed, list(reasons(report, site))) == (0, ["/packed"])
    assert "/reset" in await read.paths()


async def test_one_page_by_several_addresses_is_one_article(site: Site, read: Reading) -> None:
    named = '<link rel="canonical" href="/reset">'
    site.pages["/"] = html("Help", "Everything about your account and your files.", "/reset?from=a", "/reset?from=b")
    for name in ("a", "b"):
        site.pages[f"/reset?from={name}"] = html("Reset your password", RESET, head=named)
    assert counts(await read("/", "crawl")) == (2, 0, 0, 0)
    assert await read.paths() == ["/", "/reset"]
    site.pages["/"] = html("Help", "Everything about your account and your files.", "/reset?from=a", "/reset")
    await read("/", "crawl")
    assert counts(await read("/", "crawl")) == (0, 0, 2, 0)
    assert [asked.path for asked in site.asked if "if-none-match" in asked.headers] == ["/reset"], (
        "its own, from now on"
    )


async def test_a_page_that_says_later_that_it_is_another_leaves_its_article(site: Site, read: Reading) -> None:
    site.pages["/"] = html("Help", "Everything about your account and your files.", "/reset", "/reset/print")
    site.pages["/reset/print"] = html("Reset your password", RESET)
    await read("/", "crawl")
    assert await read.paths() == ["/", "/reset", "/reset/print"]
    site.pages["/reset/print"] = html("Reset your password", RESET, head='<link rel="canonical" href="/reset">')
    assert counts(await read("/", "crawl")) == (0, 0, 2, 1)
    assert await read.paths() == ["/", "/reset"]


async def test_where_most_pages_say_that_they_are_one_none_is_removed(site: Site, read: Reading) -> None:
    files = "Everything about your account and your files."
    site.pages["/"] = html("Help", files, "/section", "/reset", "/refund", "/share")
    await read("/", "crawl")
    known = await read.paths()
    for path, title, words in (("/section", "Help", files), ("/reset", "Reset", RESET), ("/refund", "Refunds", REFUND)):
        site.pages[path] = html(title, words, head='<link rel="canonical" href="/share">')
    report = await read("/", "crawl")
    assert (report.removed, await read.paths()) == (0, known)
    say = f"3 pages say that their address is {site.url('/share')}: none of their articles is removed."
    assert reasons(report, site)["/"] == say


async def test_of_two_pages_that_say_that_they_are_each_other_one_stays(site: Site, read: Reading) -> None:
    await read("/", "crawl")
    for path, other in (("/reset", "/section"), ("/section", "/reset")):
        site.pages[path] = html("Reset", RESET, "/refund", head=f'<link rel="canonical" href="{other}">')
    assert (await read("/", "crawl")).removed == 1
    assert len(set(await read.paths()) & {"/reset", "/section"}) == 1


async def test_a_page_that_says_that_it_is_one_that_is_gone_keeps_its_article(site: Site, read: Reading) -> None:
    site.pages["/"] = html("Help", "Everything about your account and your files.", "/reset", "/refund", "/share")
    await read("/", "crawl")
    site.pages["/reset"] = html("Reset", RESET, head='<link rel="canonical" href="/share">')
    del site.pages["/share"]
    assert (await read("/", "crawl")).removed == 1
    assert await read.paths() == ["/", "/refund", "/reset"]


async def test_a_sitemap_of_sitemaps_is_read_whole(site: Site, read: Reading) -> None:
    site.pages["/sitemap.xml"] = xml(
        sitemap(site.url("/1.xml"), site.url("/2.xml"), site.url("/sitemap.xml"), index=True)
    )
    site.pages["/1.xml"] = xml(sitemap(site.url("/reset"), "http://other.example/", site.url("/refund")))
    site.pages["/2.xml"] = Page(status=500)
    report = await read("/sitemap.xml", exclude=("/refund",))
    assert await read.paths() == ["/reset"]
    assert reasons(report, site) == {
        "/2.xml": "It was not read: its server answers with 500.",
        "/sitemap.xml": "Left out 1 addresses that are of another host or none at all.",
    }


async def test_a_sitemap_that_cannot_be_read_changes_nothing(site: Site, read: Reading) -> None:
    site.pages["/map"] = xml(sitemap(site.url("/reset"), site.url("/refund")))
    await read("/map", "sitemap")
    for broken in (Page(status=404), Page(status=500), xml(b"<urlset><url>"), html("Sorry", "We are moving.")):
        site.pages["/map"] = broken
        report = await read("/map", "sitemap")
        assert (counts(report), list(reasons(report, site)), site.paths) == ((0, 0, 0, 0), ["/map"], ["/map"])
    assert await read.paths() == ["/refund", "/reset"]


async def test_a_page_named_alone_stays_with_the_source_that_brought_it(site: Site, read: Reading) -> None:
    await read("/", "crawl", exclude=("*[?]*",))
    await read("/reset")
    assert counts(await read("/", "crawl", exclude=("*[?]*", "/reset")))[3] == 1


async def test_a_list_of_articles_is_read_where_it_is_named(site: Site, read: Reading) -> None:
    lines = [{"id": f"kb-{number}", "title": f"Article {number}", "text": f"Text {number}."} for number in range(3)]
    site.pages["/faq.jsonl"] = text("\n".join(map(json.dumps, lines)))
    assert counts(await read("/faq.jsonl")) == (3, 0, 0, 0)
    site.pages["/faq.jsonl"] = text("\n".join(map(json.dumps, lines[1:])))
    assert counts(await read("/faq.jsonl")) == (0, 0, 2, 1)
    site.pages["/faq.jsonl"] = text("\n".join(map(json.dumps, [*lines, lines[0], {"id": "kb-9"}])))
    report = await read("/faq.jsonl")
    assert (counts(report), list(reasons(report, site))) == ((1, 0, 2, 0), ["/faq.jsonl:4", "/faq.jsonl:5"])
    site.pages["/"] = html("Help", "A front page that links to a list of articles.", "/faq.jsonl")
    report = await read("/", "crawl")
    assert "read only when it is named itself" in reasons(report, site)["/faq.jsonl"]


async def test_only_who_may_hear_it_finds_a_page(
    db: Database, embedder: LocalEmbedder, site: Site, read: Reading
) -> None:
    """Promise 24. Whoever writes the page has no say in it."""
    front = "---\nid: kb-1\ntitle: Refunds\naudience: [everyone]\n---\n\n" + REFUND
    site.pages["/internal.md"] = Page(front.encode(), headers={"Content-Type": "text/markdown", "ETag": '"1"'})
    source = WebSource.of(site.url("/internal.md"), audience=["staff"])
    for report in (Report(added=1), Report(unchanged=1)):
        assert await ingest_web(db, embedder, source, visitor(site)) == report
    everyone, staff = [
        (await find_articles(db, embedder, ["When do you refund?"], audiences=(audience,), limit=5))[0].articles
        for audience in ("everyone", "staff")
    ]
    assert (everyone, [article.article_id for article in staff]) == ((), [site.url("/internal.md")])
    for_everyone = WebSource.of(site.url("/internal.md"))
    assert await ingest_web(db, embedder, for_everyone, visitor(site)) == Report(changed=1), "asked anew"


async def test_an_ingestion_that_breaks_off_goes_on_where_it_was(
    db: Database, embedder: LocalEmbedder, site: Site, read: Reading
) -> None:
    class Away:
        model, dimensions = embedder.model, embedder.dimensions

        async def embed(self, texts: object) -> list[list[float]]:
            raise EmbeddingError

    site.pages["/map"] = xml(sitemap(*map(site.url, ("/reset", "/refund", "/share", "/section"))))
    source = WebSource.of(site.url("/map"), "sitemap")
    await read("/reset")
    with pytest.raises(EmbeddingError):
        await ingest_web(db, Away(), source, visitor(site))
    assert counts(await read("/map", "sitemap")) == (3, 0, 1, 0)
    assert counts(await read("/map", "sitemap")) == (0, 0, 4, 0)
    assert sum("if-none-match" in asked.headers for asked in site.asked) == 3


async def test_a_page_in_another_encoding_is_read_as_its_server_says(
    db: Database, embedder: LocalEmbedder, site: Site, read: Reading
) -> None:
    page = html("Passwort ändern", "Wählen Sie „Passwort vergessen“ auf der Anmeldeseite.").body.decode()
    headers = {"Content-Type": "text/html; charset=windows-1251"}
    site.pages["/ru"] = Page(page.replace("ä", "я").encode("windows-1251"), headers=headers)
    await read("/ru")
    assert [article.title for article in await list_articles(db)] == ["Passwort яndern"]


async def test_the_links_of_a_page_in_another_encoding_are_followed(site: Site, read: Reading) -> None:
    page = html("Help", "Everything about your account and your files.", "/reset").body.decode()
    site.pages["/"] = Page(page.encode("utf-16-le"), headers={"Content-Type": "text/html; charset=utf-16le"})
    await read("/", "crawl")
    assert await read.paths() == ["/", "/reset"]


@pytest.mark.parametrize(
    ("path", "lines", "heard_by"),
    [
        (
            "/faq.jsonl",
            [
                '{"id": "a", "title": "T", "text": "x"}',
                '{"id": "b", "title": "T", "text": "x", "audience": "plan:pro"}',
            ],
            {"a": ("staff",), "b": ("plan:pro",)},
        ),
        ("/faq.csv", ["id,title,text", "a,T,x"], {"a": ("staff",)}),
        ("/faq.csv", ["id,title,text,audience", "b,T,x,plan:pro", "c,T,x,"], {"b": ("plan:pro",)}),
    ],
)
async def test_an_article_of_a_list_that_names_no_audience_has_the_sources(
    db: Database, embedder: LocalEmbedder, site: Site, path: str, lines: list[str], heard_by: dict[str, tuple[str, ...]]
) -> None:
    site.pages[path] = text("\n".join(lines))
    await ingest_web(db, embedder, WebSource.of(site.url(path), audience=["staff"]), visitor(site))
    assert {article.article_id: article.audience for article in await list_articles(db)} == heard_by
