"""What doctor says of a company's account endpoint, asked of real ones on loopback."""

import pytest
from tests.support.doctor import PRIVATE, PUBLIC, UNKNOWN, said, surroundings
from tests.support.endpoint import answer, serving_endpoint

from insta_voice.db import Database
from insta_voice.doctor.account import check_account

NOT_ASKED = Database("postgresql://nobody@127.0.0.1:9/none")  # a question about nobody needs no profile


async def examined(url: str, **changes: str) -> str:
    variables = {"ACCOUNT_URL": url, "ACCOUNT_SECRET": "s3cret", "ACCOUNT_FIELDS": "plan", **changes}
    return said(await check_account(surroundings(variables), NOT_ASKED))


ANSWERS = {
    "somebody unknown": (answer("", "404 Not Found"), "ok: Your account endpoint answers. | "),
    "facts": (answer('{"plan": "team"}'), "ok: Your account endpoint answers. | "),
    "another secret": (answer("", "401 Unauthorized"), "problem: Your account endpoint does not take our signature."),
    "a defect": (answer("", "500 Internal Server Error"), "problem: Your account endpoint answers with HTTP 500."),
    "no JSON": (answer("hello"), "problem: Your account endpoint's answer is no JSON object"),
    "silence": (None, "problem: Your account endpoint does not answer within 0.2 s."),
}


@pytest.mark.parametrize(("reply", "sentence"), ANSWERS.values(), ids=ANSWERS.keys())
async def test_each_answer_has_its_sentence(reply: bytes | None, sentence: str) -> None:
    async with serving_endpoint(reply) as endpoint:
        assert sentence in await examined(endpoint.url, ACCOUNT_TIMEOUT_S="0.2" if reply is None else "2")
    assert [asked.headers["x-insta-signature"][:7] for asked in endpoint.asked] == ["sha256="]
    assert b"insta-voice-doctor" in endpoint.asked[0].body


WRONG = {
    "a private address": (f"https://{PRIVATE}/", {}, "| Say with ACCOUNT_ALLOW_PRIVATE=true"),
    "http into the internet": (
        f"http://{PUBLIC}/",
        {"ACCOUNT_ALLOW_PRIVATE": "true"},
        "problem: ACCOUNT_URL is http and leads to a public address",
    ),
    "an unknown name": (f"https://{UNKNOWN}/", {}, "problem: The name in ACCOUNT_URL is unknown here."),
    "nothing there": ("http://127.0.0.1:9/", {}, "problem: Your account endpoint is not reached."),
}


@pytest.mark.parametrize(("url", "change", "sentence"), WRONG.values(), ids=WRONG.keys())
async def test_each_wrong_address_has_its_sentence(url: str, change: dict[str, str], sentence: str) -> None:
    assert sentence in await examined(url, **change)


async def test_that_it_may_be_in_ones_own_network_is_said() -> None:
    async with serving_endpoint(answer("{}")) as endpoint:
        assert "in your own network (ACCOUNT_ALLOW_PRIVATE)" in await examined(
            endpoint.url, ACCOUNT_ALLOW_PRIVATE="true"
        )


async def test_without_one_there_is_nothing_to_say() -> None:
    assert await check_account(surroundings({}), NOT_ASKED) == []
