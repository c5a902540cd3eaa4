"""The endpoint that docs/account-facts.md shows is one: copied out and run, it answers us and nobody else."""

import json
import os
import re
import socket
import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from tests.support.poll import eventually_async
from tests.support.responder import Conversation
from tests.support.settings import settings_from

from insta_voice.customers.accounts import AccountEndpoint
from insta_voice.db import Database
from insta_voice.errors import AccountUnavailableError

DOCUMENT = (Path(__file__).parents[3] / "docs" / "account-facts.md").read_text("utf-8")
EXAMPLE = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
SETTINGS = re.findall(r"```sh\n(.*?)```", DOCUMENT, re.DOTALL)
SAID = re.findall(r'^\| `("[^`]+)` \| (.+\?) \| (.+\.) \|$', DOCUMENT, re.MULTILINE)


@pytest.fixture
async def endpoint(tmp_path: Path) -> AsyncIterator[AccountEndpoint]:
    """Ours, set as the document says, asking the documented one."""
    (tmp_path / "accounts.py").write_text(EXAMPLE[0])
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    variables = dict(line.split("=", 1) for line in SETTINGS[0].splitlines())
    env = {**os.environ, "PORT": str(port), "ACCOUNT_SECRET": variables["ACCOUNT_SECRET"]}
    running = await create_subprocess_exec(sys.executable, str(tmp_path / "accounts.py"), env=env, stderr=DEVNULL)
    variables["ACCOUNT_URL"] = variables["ACCOUNT_URL"].replace("9000", str(port))
    settings = settings_from(variables)
    try:
        await eventually_async(lambda: _listens(port), within_s=20, what="the documented endpoint listens")
        yield AccountEndpoint(Database("postgresql://nobody@127.0.0.1:9/none"), settings.account, reach="loopback")
    finally:
        running.kill()
        await running.wait()


async def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def test_it_is_one_example_of_twenty_lines() -> None:
    assert len(EXAMPLE) == 1
    assert len([line for line in EXAMPLE[0].splitlines() if line.strip()]) <= 20


async def test_it_tells_the_facts_that_may_be_used(endpoint: AccountEndpoint) -> None:
    known = await endpoint.ask("uid-1", "maya@acme.example")
    assert known == {"plan": "team", "open_invoices": 2, "trial_ends_at": "2026-12-01"}
    assert await endpoint.ask("uid-2", "stranger@acme.example") == {}
    assert await endpoint.ask("uid-1", None) == {}


async def test_it_believes_nobody_else(endpoint: AccountEndpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    body = {"user_id": "uid-1", "email": "maya@acme.example"}
    async with httpx.AsyncClient() as stranger:
        refused = await stranger.post(
            endpoint._settings.url or "", json=body, headers={"X-Insta-Signature": "sha256=0"}
        )
    assert refused.status_code == 401
    monkeypatch.setattr(endpoint, "_clock", lambda: 1_700_000_000.0)  # a question of ours, kept and sent again later
    with pytest.raises(AccountUnavailableError) as raised:
        await endpoint.ask("uid-1", "maya@acme.example")
    assert raised.value.detail == "the account endpoint: HTTP 401"


@pytest.mark.parametrize(("facts", "asked", "said"), SAID)
def test_facts_are_said_as_the_table_shows(facts: str, asked: str, said: str) -> None:
    account = json.dumps(json.loads(f"{{{facts}}}"))
    assert Conversation(get_user_account_info=account).hear(asked).text == said


def test_the_table_was_found() -> None:
    assert len(SAID) == 7
