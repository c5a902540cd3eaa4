"""The account of a call: asked ahead, once at a time, kept for a while, and its failure harms nothing else."""

import asyncio
from typing import Any

import pytest

from insta_voice.customers.accounts import CallAccount
from insta_voice.errors import AccountUnavailableError


class Source:
    """Answers in turn; an exception among the answers is raised. `gate` holds it back."""

    def __init__(self, *answers: dict[str, Any] | Exception | None) -> None:
        self._answers = iter(answers)
        self.asked: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def account_of(self, user_id: str) -> dict[str, Any] | None:
        self.asked.append(user_id)
        await self.gate.wait()
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def test_what_was_asked_ahead_costs_nothing_later() -> None:
    source = Source({"seats": 1})
    account = CallAccount(source, "maya", keep_s=60)
    account.prefetch()
    assert await account.get() == await account.get() == {"seats": 1}
    assert source.asked == ["maya"]


async def test_an_answer_is_kept_for_as_long_as_set() -> None:
    now = [0.0]
    source = Source({"seats": 1}, {"seats": 2})
    account = CallAccount(source, "maya", keep_s=60, clock=lambda: now[0])
    assert await account.get() == {"seats": 1}
    now[0] = 59.9
    assert await account.get() == {"seats": 1}
    now[0] = 60.1
    assert await account.get() == {"seats": 2}


async def test_a_failure_is_asked_again_by_the_next_question(caplog: pytest.LogCaptureFixture) -> None:
    source = Source(AccountUnavailableError(detail="HTTP 500"), {"seats": 1})
    account = CallAccount(source, "maya", keep_s=60)
    account.prefetch()
    with pytest.raises(AccountUnavailableError):
        await account.get()
    assert await account.get() == {"seats": 1}
    assert "HTTP 500" in caplog.text
    assert "maya" not in caplog.text


async def test_who_gives_up_waiting_leaves_the_answer_to_the_next() -> None:
    source = Source({"seats": 1})
    source.gate.clear()
    account = CallAccount(source, "maya", keep_s=60)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(account.get(), 0.01)
    source.gate.set()
    assert await account.get() == {"seats": 1}
    assert source.asked == ["maya"]


async def test_the_end_of_a_call_leaves_nothing_behind() -> None:
    source = Source({"seats": 1})
    source.gate.clear()
    account = CallAccount(source, "maya", keep_s=60)
    account.prefetch()
    await account.aclose()
    assert [task for task in asyncio.all_tasks() if task.get_name() == "account-facts"] == []
    await CallAccount(source, "maya", keep_s=60).aclose()
