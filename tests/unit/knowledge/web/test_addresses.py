"""One page has one address, and what cannot be a page's is refused with a sentence."""

import httpx
import pytest

from insta_voice.errors import AddressRefusedError, InvalidInputError
from insta_voice.knowledge.web.addresses import Door, page_address, path_of, place_of
from insta_voice.outgoing import Resolver


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("HTTPS://Help.Example:443/a/../b/./c?x=1#part", "https://help.example/b/c?x=1"),
        ("https://help.example", "https://help.example/"),
        ("b", "https://help.example/start/b"),
        ("/b", "https://help.example/b"),
        ("?page=2", "https://help.example/start/here?page=2"),
        ("#part", "https://help.example/start/here"),
        ("//other.example/b", "https://other.example/b"),
        (" \n/a\n/b c\t", "https://help.example/a/b%20c"),
        ("/ä", "https://help.example/%C3%A4"),
        ("https://münchen.example/", "https://xn--mnchen-3ya.example/"),
        ("http://help.example:8080/", "http://help.example:8080/"),
    ],
)
def test_each_page_is_spelt_in_one_way(link: str, address: str) -> None:
    assert page_address(link, "https://help.example/start/here") == address


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("mailto:help@acme.example", "not a web address"),
        ("javascript:alert(1)", "not a web address"),
        ("file:///etc/passwd", "not a web address"),
        ("ftp://help.example/", "not a web address"),
        ("data:text/html,x", "not a web address"),
        ("https://help.example:0/", "not a web address"),
        ("https://maya:secret@help.example/", "a user or a password"),
        ("https://help.example\\@inside.example/", "a user or a password"),
        ("https://[::1/", "not an address"),
        ("https://help.example:99999/", "not a web address"),
        ("https://help.example/" + "a" * 2000, "longer than 2000 characters"),
    ],
)
def test_what_is_no_pages_address_is_said(link: str, why: str) -> None:
    with pytest.raises(InvalidInputError, match=why):
        page_address(link)


def test_a_place_names_the_port_where_it_is_not_the_usual_one() -> None:
    assert place_of("https://help.example/a") == place_of("http://help.example/b") == "help.example"
    assert place_of("http://help.example:8080/a") == "help.example:8080"
    assert path_of("https://help.example/a?b=c") == "/a?b=c"


def resolving(address: str) -> Resolver:
    async def resolver(host: str, port: int) -> list[str]:
        return [address]

    return resolver


@pytest.mark.parametrize("url", ["https://help.example/", "http://help.example/"])
async def test_the_internet_is_read_also_without_tls(url: str) -> None:
    door = Door(resolver=resolving("93.184.216.34"))
    assert await door.addresses(httpx.URL(url)) == ["93.184.216.34"]


@pytest.mark.parametrize(
    ("url", "leads_to"),
    [
        ("https://help.example/", "10.0.0.1"),
        ("https://help.example/", "100.64.0.1"),
        ("https://help.example/", "169.254.169.254"),
        ("http://localhost/", "127.0.0.1"),
        ("http://127.0.0.1/", "127.0.0.1"),
        ("http://wiki.lan:8081/", "10.0.0.1"),  # another port of a place that is allowed
        ("http://wiki.lan/", "10.0.0.1"),
        ("https://help.example:8443/", "93.184.216.34"),
        ("http://wiki.lan:8080/", "169.254.169.254"),  # nobody's wiki is where a cloud keeps credentials
    ],
)
async def test_nothing_else_is_asked(url: str, leads_to: str) -> None:
    door = Door(["wiki.lan:8080"], resolver=resolving(leads_to))
    with pytest.raises(AddressRefusedError):
        await door.addresses(httpx.URL(url))
    with pytest.raises(AddressRefusedError):
        await door.admit(url)


async def test_a_place_of_ones_own_network_may_be_allowed() -> None:
    door = Door(["Wiki.LAN:8080"], resolver=resolving("10.0.0.1"))
    assert await door.addresses(httpx.URL("http://wiki.lan:8080/")) == ["10.0.0.1"]
    await door.admit("http://wiki.lan:8080/")


async def test_a_name_that_is_unknown_now_may_be_asked_later() -> None:
    async def unknown(host: str, port: int) -> list[str]:
        raise OSError

    await Door(resolver=unknown).admit("https://help.example/")
