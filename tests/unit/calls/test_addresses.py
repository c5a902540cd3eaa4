"""Promise 20: webhooks out cannot reach private addresses."""

import ipaddress

import httpx
import pytest

from insta_voice.calls.addresses import choose_address, is_public
from insta_voice.errors import DeliveryError


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
    ("url", "addresses", "allow_loopback"),
    [
        ("https://desk.example/hook", ["10.0.0.1"], True),
        ("https://desk.example/hook", ["93.184.216.34", "10.0.0.1"], False),  # one of them is enough
        ("https://desk.example/hook", ["127.0.0.1"], True),  # a public name that leads here
        ("http://localhost/hook", ["127.0.0.1"], False),  # not in production
        ("https://desk.example/hook", [], True),
        ("ftp://desk.example/hook", ["93.184.216.34"], True),
        ("http://[fe80::1%25eth0]/", ["fe80::1%eth0"], True),
    ],
)
async def test_refused(url: str, addresses: list[str], allow_loopback: bool) -> None:
    with pytest.raises(DeliveryError):
        await choose_address(httpx.URL(url), resolving_to(*addresses), allow_loopback=allow_loopback)


async def test_taken() -> None:
    public = resolving_to("93.184.216.34")
    assert await choose_address(httpx.URL("https://desk.example/"), public, allow_loopback=False) == "93.184.216.34"
    here = resolving_to("127.0.0.1")
    assert await choose_address(httpx.URL("http://localhost:80/"), here, allow_loopback=True) == "127.0.0.1"


async def test_a_name_nobody_knows() -> None:
    async def resolver(host: str, port: int) -> list[str]:
        raise OSError

    with pytest.raises(DeliveryError):
        await choose_address(httpx.URL("https://desk.example/"), resolver, allow_loopback=False)
