"""Promise 20: what goes out cannot reach private addresses."""

import ipaddress

import httpx
import pytest

from insta_voice.errors import OutgoingError
from insta_voice.outgoing import Reach, allowed_addresses, choose_address, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1",
        "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)  # fmt: skip
def test_what_is_not_the_internets(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_what_is(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def resolving_to(*addresses: str):  # type: ignore[no-untyped-def]
    async def resolver(host: str, port: int) -> list[str]:
        return list(addresses)

    return resolver


@pytest.mark.parametrize(
    ("url", "addresses", "reach"),
    [
        ("https://desk.example/hook", ["10.0.0.1"], "loopback"),
        ("https://desk.example/hook", ["93.184.216.34", "10.0.0.1"], "public"),  # one of them is enough
        ("https://desk.example/hook", ["127.0.0.1"], "loopback"),  # a public name that leads here
        ("https://localhost/hook", ["127.0.0.1"], "public"),  # not in production
        ("https://desk.example/hook", [], "loopback"),
        ("ftp://desk.example/hook", ["93.184.216.34"], "loopback"),
        ("https://[fe80::1%25eth0]/", ["fe80::1%eth0"], "loopback"),
        ("https://accounts.internal/", ["169.254.169.254"], "private"),  # where clouds keep a machine's credentials
        ("https://accounts.internal/", ["0.0.0.0"], "private"),
        ("https://accounts.internal/", ["::ffff:169.254.169.254"], "private"),
    ],
)
async def test_refused(url: str, addresses: list[str], reach: Reach) -> None:
    with pytest.raises(OutgoingError):
        await choose_address(httpx.URL(url), resolving_to(*addresses), reach=reach)


async def test_taken() -> None:
    public = resolving_to("93.184.216.34")
    assert await choose_address(httpx.URL("https://desk.example/"), public, reach="public") == "93.184.216.34"
    page = await allowed_addresses(httpx.URL("http://desk.example/"), public, reach="public", plain_http=True)
    assert page == ["93.184.216.34"], "what is public anyway may be asked for without TLS"
    here = resolving_to("127.0.0.1")
    assert await choose_address(httpx.URL("http://localhost:80/"), here, reach="loopback") == "127.0.0.1"


@pytest.mark.parametrize("address", ["10.1.2.3", "192.168.1.1", "127.0.0.1", "::1", "100.64.0.1", "fd00::1"])
async def test_ones_own_network_where_that_is_allowed(address: str) -> None:
    url = httpx.URL("http://accounts.internal/")
    assert await choose_address(url, resolving_to(address), reach="private") == address


@pytest.mark.parametrize(
    ("addresses", "reach"),
    [
        (["93.184.216.34"], "public"),
        (["93.184.216.34"], "private"),
        (["10.1.2.3", "2606:2800:220:1::1"], "private"),  # one of them is enough
    ],
)
async def test_plain_http_does_not_go_out_into_the_internet(addresses: list[str], reach: Reach) -> None:
    """ACCOUNT_ALLOW_PRIVATE allows http for a service next door; its name may lead elsewhere one day."""
    with pytest.raises(OutgoingError) as refused:
        await choose_address(httpx.URL("http://accounts.internal/"), resolving_to(*addresses), reach=reach)
    assert refused.value.detail == "it is plain http to a public address"


async def test_a_name_nobody_knows() -> None:
    async def resolver(host: str, port: int) -> list[str]:
        raise OSError

    with pytest.raises(OutgoingError):
        await choose_address(httpx.URL("https://desk.example/"), resolver, reach="public")
