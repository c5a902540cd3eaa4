"""Promise 32 of the real processes: what the whole product writes during a call names nobody and quotes nobody."""

import re

import pytest
from tests.support.demo_calls import calling
from tests.support.poll import eventually_async
from tests.support.stack import RunningStack

ABOUT_HER = "My passport says Zanzibar Quixote and my number is 030 5557788."
QUESTION = "How do I reset my password?"
# Her user id, which processes may name, is “demo-maya”.
PRIVATE = re.compile(r"maya@|(?<!demo-)\bmaya\b|lindholm|zanzibar|quixote|5557788|reset my password", re.IGNORECASE)
TOKEN = re.compile(r"eyJ[A-Za-z0-9_-]{8,}")


@pytest.mark.timeout(300)
async def test_a_call_leaves_nothing_personal_in_the_log(running_stack: RunningStack) -> None:
    async with calling(running_stack) as call:
        greeting = await call.caller.greeting()
        await call.caller.type(ABOUT_HER)
        reply = await call.caller.type(QUESTION)
        await call.caller.leave()
        assert "Maya" in greeting.text  # she was known, so she could have been named
        assert reply.sources

        async def summarised() -> bool:
            return bool((await call.customer.call(call.call_id))["summary"])

        await eventually_async(summarised, within_s=30, what="the summary, by the job")

    log = running_stack.log.read_text(errors="replace")
    assert "the call ends: caller_left" in log  # it is the log of the processes that held this call
    said_by_up = {
        f"sign in as {user['email']} with {user['password']} ({user['role']})"
        for user in running_stack.up["demo_users"]
    }
    lines = [line for line in log.splitlines() if not any(line.rstrip().endswith(said) for said in said_by_up)]
    assert [line for line in lines if PRIVATE.search(line)] == []
    assert [line for line in lines if call.token in line or TOKEN.search(line)] == []
