"""Whose address a request counts for."""

import pytest

from insta_voice.auth.addresses import client_address, limit_key, parse_proxies
from insta_voice.errors import ConfigurationError

PROXIES = parse_proxies(["10.0.0.0/24", "192.0.2.7", "::1"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.5", [], "203.0.113.5"),
        ("203.0.113.5", ["198.51.100.1"], "203.0.113.5"),  # whoever is no proxy cannot speak for others
        ("10.0.0.3", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.3", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),  # the left part is the client's own claim
        ("10.0.0.3", ["1.1.1.1", "198.51.100.1, 192.0.2.7"], "198.51.100.1"),
        ("10.0.0.3", ["10.0.0.9"], "10.0.0.9"),
        ("10.0.0.3", ["nonsense"], "10.0.0.3"),
        ("10.0.0.3", [], "10.0.0.3"),
        ("::1", ["2001:db8::1"], "2001:db8::1"),
        ("::ffff:10.0.0.3", ["198.51.100.1"], "198.51.100.1"),
        (None, ["198.51.100.1"], "unknown"),
        ("testclient", ["198.51.100.1"], "unknown"),
    ],
)
def test_only_trusted_proxies_are_believed(peer: str | None, forwarded: list[str], expected: str) -> None:
    assert client_address(peer, forwarded, PROXIES) == expected


def test_nobody_is_believed_without_proxies() -> None:
    assert client_address("127.0.0.1", ["198.51.100.1"], ()) == "127.0.0.1"


def test_an_ipv6_subscriber_counts_once() -> None:
    assert limit_key("2001:db8:1:2::5") == limit_key("2001:db8:1:2:ffff::9")
    assert limit_key("2001:db8:1:2::5") != limit_key("2001:db8:1:3::5")
    assert limit_key("198.51.100.1") == "198.51.100.1"


def test_a_proxy_that_is_no_address_is_said() -> None:
    with pytest.raises(ConfigurationError, match="INSTA_TRUSTED_PROXIES"):
        parse_proxies(["proxy.internal"])
