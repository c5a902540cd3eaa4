"""FIREBASE_CHECK_REVOKED: each sign-in is also asked about at Google. It shared its two threads with everybody's
verification once, so that a slow Google kept even what needs no answer waiting.
"""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.firebase import PROJECT_ID, claims, unsigned
from tests.support.loopback import LoopbackServer, Request
from tests.support.poll import eventually_async

from insta_voice.auth.id_token import Identity
from insta_voice.auth.identity import ASKERS, EMULATOR_VARIABLE, IdTokenVerifier
from insta_voice.errors import AccountDisabledError, AuthenticationError, IdentityUnavailableError
from insta_voice.settings import FirebaseSettings


class Accounts(LoopbackServer):
    """Answers about accounts as Firebase does, or holds every question back while `answering` is not set."""

    def __init__(self) -> None:
        self.account: dict[str, Any] = {}
        self.answering = threading.Event()
        self.answering.set()
        self.asked = 0
        accounts = self

        class Question(Request):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                accounts.asked += 1
                accounts.answering.wait(30)
                self.send(json.dumps({"users": [{"localId": "user-1", **accounts.account}]}).encode())

        super().__init__(Question)

    def close(self) -> None:
        self.answering.set()
        super().close()


@pytest.fixture
def accounts() -> Iterator[Accounts]:
    server = Accounts()
    yield server
    server.close()


@pytest.fixture
def asking(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> Iterator[IdTokenVerifier]:
    """A verifier that asks about everybody and waits half a second for the answer."""
    monkeypatch.delenv(EMULATOR_VARIABLE, raising=False)
    settings = FirebaseSettings(
        project_id=PROJECT_ID, auth_emulator_host=accounts.host, check_revoked=True, web_api_key="any"
    )
    verifier = IdTokenVerifier(settings, answered_within_s=0.5)
    yield verifier
    verifier.close()


async def test_what_google_says_of_an_account_counts(asking: IdTokenVerifier, accounts: Accounts) -> None:
    token = unsigned(claims())
    assert (await asking.verify(token)).user_id == "user-1"
    accounts.account = {"validSince": str(int(time.time()) - 3600)}
    assert await asking.verify(token)
    accounts.account = {"validSince": str(int(time.time()))}
    with pytest.raises(AuthenticationError, match="expired"):
        await asking.verify(token)
    accounts.account = {"disabled": True}
    with pytest.raises(AccountDisabledError):
        await asking.verify(token)


async def test_a_slow_google_is_waited_for_half_a_second_and_keeps_back_nobody_else(
    asking: IdTokenVerifier, accounts: Accounts
) -> None:
    accounts.answering.clear()
    began = time.monotonic()
    waiting = [asyncio.create_task(asking.verify(unsigned(claims()))) for _ in range(ASKERS)]

    async def all_ask() -> bool:
        return accounts.asked >= ASKERS

    await eventually_async(all_ask, within_s=5, what="every thread that asks is held")
    with pytest.raises(AuthenticationError):  # verified and refused: nothing about it is asked
        await asking.verify(unsigned(claims(exp=int(time.time()) - 3600)))
    outcomes: list[Identity | BaseException] = await asyncio.gather(*waiting, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {IdentityUnavailableError}
    assert time.monotonic() - began < 4  # half a second, on a machine that is busy
