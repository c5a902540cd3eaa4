"""A company's account endpoint over real sockets: the question is signed, and no answer of it does harm."""

import hashlib
import hmac
import json

import pytest
from tests.support.endpoint import answer, serving_endpoint
from tests.support.settings import settings_from

from insta_voice.customers.accounts import AccountEndpoint
from insta_voice.db import Database
from insta_voice.errors import AccountUnavailableError
from insta_voice.outgoing import Reach, Resolver, resolve

NO_DATABASE = Database("postgresql://nobody@127.0.0.1:9/none")
FACTS = {"plan": "team", "seats": 12, "internal_margin": 0.7}


def endpoint_at(
    url: str, *, timeout_s: str = "3", reach: Reach = "loopback", resolver: Resolver = resolve
) -> AccountEndpoint:
    variables = {"ACCOUNT_URL": url, "ACCOUNT_SECRET": "s3cret", "ACCOUNT_FIELDS": "plan,seats"}
    settings = settings_from({**variables, "ACCOUNT_TIMEOUT_S": timeout_s}).account
    return AccountEndpoint(NO_DATABASE, settings, reach=reach, clock=lambda: 1700000000.9, resolver=resolver)


async def test_it_is_asked_with_a_signature_that_it_can_check() -> None:
    async with serving_endpoint(answer(json.dumps(FACTS))) as company:
        facts = await endpoint_at(company.url).ask("uid-1", "maya@acme.example")
    assert facts == {"plan": "team", "seats": 12}
    (asked,) = company.asked
    assert asked.line == "POST /account HTTP/1.1"
    assert json.loads(asked.body) == {"user_id": "uid-1", "email": "maya@acme.example"}
    assert asked.headers["x-insta-timestamp"] == "1700000000"
    expected = hmac.new(b"s3cret", b"1700000000." + asked.body, hashlib.sha256).hexdigest()
    assert asked.headers["x-insta-signature"] == f"sha256={expected}"
    assert asked.headers["content-type"] == "application/json"


async def test_only_allowed_facts_come_through_whatever_it_sends() -> None:
    sent = {"internal_margin": 0.7, "seats": 12, "__proto__": {"admin": True}, "email": "other@acme.example"}
    async with serving_endpoint(answer(json.dumps(sent))) as company:
        assert await endpoint_at(company.url).ask("uid-1", None) == {"seats": 12}
    assert json.loads(company.asked[0].body)["email"] is None


async def test_somebody_it_does_not_know_has_no_facts() -> None:
    async with serving_endpoint(answer("unknown", "404 Not Found")) as company:
        assert await endpoint_at(company.url).ask("uid-1", None) == {}


@pytest.mark.parametrize(
    "sent",
    [
        answer("{}", "500 Internal Server Error"),
        answer("{}", "401 Unauthorized"),
        answer("", "302 Found", "Location: http://169.254.169.254/latest/meta-data"),
        answer("[]"),
        answer("not json"),
        answer('{"seats": NaN}'),
        answer("[" * 60_000),
        answer('{"seats": "' + "x" * 70_000 + '"}'),
        b"HTTP/1.1 200 OK\r\n\r\n" + b'{"seats": 1' + b" " * 70_000,  # without end
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00",
        b"nonsense\r\n\r\n",
        b"",
    ],
)
async def test_any_other_answer_is_no_account_and_no_error_of_ours(sent: bytes) -> None:
    async with serving_endpoint(sent) as company:
        with pytest.raises(AccountUnavailableError) as raised:
            await endpoint_at(company.url).ask("uid-1", "maya@acme.example")
    assert raised.value.retryable
    assert len(company.asked) == 1, "no redirect is followed, nothing is asked twice"
    assert "maya" not in raised.value.detail


async def test_one_that_is_slow_is_given_up_in_time() -> None:
    async with serving_endpoint(None) as company:
        with pytest.raises(AccountUnavailableError) as raised:
            await endpoint_at(company.url, timeout_s="0.1").ask("uid-1", None)
    assert "no answer within 0.1 s" in raised.value.detail


async def test_one_that_is_away_is_said() -> None:
    async with serving_endpoint() as company:
        url = company.url
    with pytest.raises(AccountUnavailableError, match="cannot be reached right now"):
        await endpoint_at(url).ask("uid-1", None)


async def test_a_name_with_several_addresses_is_reached_at_the_one_that_listens() -> None:
    async def resolver(host: str, port: int) -> list[str]:
        return ["127.0.0.2", "127.0.0.1"]

    async with serving_endpoint(answer(json.dumps(FACTS))) as company:
        endpoint = endpoint_at(company.url.replace("127.0.0.1", "localhost"), resolver=resolver)
        assert await endpoint.ask("uid-1", None) == {"plan": "team", "seats": 12}
    assert len(company.asked) == 1


async def test_a_private_address_is_asked_only_where_that_is_allowed() -> None:
    async with serving_endpoint(answer(json.dumps(FACTS))) as company:
        with pytest.raises(AccountUnavailableError) as raised:
            await endpoint_at(company.url, reach="public").ask("uid-1", None)
        assert "private address" in raised.value.detail
        assert company.asked == []
        assert await endpoint_at(company.url, reach="private").ask("uid-1", None) == {"plan": "team", "seats": 12}
