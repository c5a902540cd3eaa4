"""The pages of a sitemap that names others: so many are read, and what is left out is said."""

import pytest
from tests.support.website import serving_site, sitemap, visitor, xml

from insta_voice.knowledge.web import listing
from insta_voice.knowledge.web.listing import list_pages


@pytest.mark.parametrize(("most", "read"), [(4, ("/1", "/2", "/3")), (3, ("/1", "/2"))])
async def test_of_too_many_sitemaps_the_first_are_read(
    monkeypatch: pytest.MonkeyPatch, most: int, read: tuple[str, ...]
) -> None:
    monkeypatch.setattr(listing, "MAX_SITEMAPS", most)
    async with serving_site() as site:
        names = [site.url(f"/{number}.xml") for number in (1, 2, 3)]
        site.pages["/map"] = xml(sitemap(*names, index=True))
        site.pages |= {f"/{number}.xml": xml(sitemap(site.url(f"/{number}"))) for number in (1, 2, 3)}
        listed = await list_pages(visitor(site), site.url("/map"))
        assert list(listed.pages) == [site.url(path) for path in read]
        left_out = [] if most == 4 else [(names[2], "Left out, with what comes after it: the sitemap names too much.")]
        assert listed.failed == left_out
