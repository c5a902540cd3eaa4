"""How a Realtime session lives on, or does not: what code that falls back has to know beside the tables."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from livekit.agents import APIConnectionError, llm
from livekit.plugins.openai.realtime import RealtimeModel
from tests.support.openai import (
    NO_QUOTA,
    UNAUTHORIZED,
    Cut,
    Expired,
    Failed,
    Late,
    ScriptedOpenAI,
    Stall,
    serving_openai,
)
from tests.support.openai.facts import TEXT
from tests.support.openai.plugins import hear, tell
from tests.support.virtual_clock import run_virtual


@asynccontextmanager
async def talking(*lines: str) -> AsyncIterator[tuple[ScriptedOpenAI, llm.RealtimeSession]]:
    """A server and a session of LiveKit's own model, which the scene closes itself."""
    async with serving_openai(*lines) as openai:
        model = RealtimeModel(turn_detection=None, **openai.address)
        try:
            yield openai, model.session()
        finally:
            await model.aclose()


def _event(session: llm.RealtimeSession, name: str) -> asyncio.Event:
    """Set once the session emits `name`."""
    seen = asyncio.Event()
    session.on(name, lambda _: seen.set())
    return seen


def _said(openai: ScriptedOpenAI, number: int) -> list[str]:
    return [message.text for message in openai.prompts[number].messages]


def test_after_a_cut_the_new_connection_has_what_was_said_but_not_the_half_sentence() -> None:
    async def scene() -> None:
        async with talking(TEXT, TEXT, "Rain.") as (openai, session):
            await session.update_instructions("Be brief.")
            await tell(session, "How is the weather?")
            await hear(await session.generate_reply())
            openai.fail("response", Cut())
            reconnected = _event(session, "session_reconnected")
            await tell(session, "And now?")
            assert (await hear(await session.generate_reply())).text == "It is"
            await reconnected.wait()
            assert session.chat_ctx.items == []  # sent again, and not yet confirmed
            await asyncio.sleep(0.1)
            await tell(session, "And tomorrow?")
            await hear(await session.generate_reply())
            assert _said(openai, 2) == ["How is the weather?", TEXT, "And now?", "And tomorrow?"]
            assert openai.prompts[2].instructions == "Be brief."
            await session.aclose()

    run_virtual(scene())


@pytest.mark.parametrize("how", ["cut", "expire"])
def test_a_connection_that_is_lost_while_nobody_speaks_comes_back_in_a_tenth_of_a_second(how: str) -> None:
    async def scene() -> None:
        async with talking(TEXT, "Rain.") as (openai, session):
            await tell(session, "How is the weather?")
            await hear(await session.generate_reply())
            lost, reconnected = asyncio.get_running_loop().time(), _event(session, "session_reconnected")
            if how == "cut":
                openai.sessions[0].cut()
            else:
                await openai.sessions[0].expire()
            await reconnected.wait()
            assert asyncio.get_running_loop().time() - lost == pytest.approx(0.1)
            assert (await hear(await session.generate_reply())).text == "Rain."
            assert _said(openai, 1) == ["How is the weather?", TEXT]
            await session.aclose()

    run_virtual(scene())


def test_a_connection_may_expire_in_the_middle_of_what_it_sends() -> None:
    async def scene() -> None:
        async with talking(TEXT) as (openai, session):
            openai.fail("realtime", Expired(after=2))  # session.created and the first session.updated
            await tell(session, "How is the weather?")
            assert [event["error"]["code"] for event in openai.sessions[0].sent("error")] == ["session_expired"]
            await hear(await session.generate_reply())
            assert _said(openai, 0) == ["How is the weather?"]
            await session.aclose()

    run_virtual(scene())


def test_a_reply_asked_for_while_the_connection_is_lost_is_given_up_and_comes_all_the_same() -> None:
    async def scene() -> None:
        async with talking(TEXT) as (openai, session):
            (await openai.session()).cut()
            came: asyncio.Future[llm.GenerationCreatedEvent] = asyncio.Future()
            session.on("generation_created", came.set_result)
            await _event(session, "error").wait()
            with pytest.raises(llm.RealtimeError, match="discarded due to session reconnection"):
                await session.generate_reply()
            generation = await came
            assert (generation.user_initiated, (await hear(generation)).text) == (False, TEXT)
            await session.aclose()

    run_virtual(scene())


def test_a_session_is_recycled_after_twenty_minutes_with_its_context() -> None:
    async def scene() -> None:
        async with talking(TEXT, "Rain.") as (openai, session):
            await hear(await session.generate_reply())
            await _event(session, "session_reconnected").wait()
            assert asyncio.get_running_loop().time() == pytest.approx(1000 + 20 * 60)
            await hear(await session.generate_reply())
            assert _said(openai, 1) == [TEXT]
            await session.aclose()

    run_virtual(scene())


def test_a_connection_that_is_cut_each_time_is_tried_for_ever() -> None:
    async def scene() -> None:
        async with talking() as (openai, session):
            errors: list[bool] = []
            session.on("error", lambda event: errors.append(event.recoverable))
            openai.fail_always("realtime", Cut(1))
            await openai.session(11)
            assert asyncio.get_running_loop().time() < 1000 + 2
            assert all(errors)
            openai.fail_always("realtime", None)
            await openai.session(12)
            await session.aclose()

    run_virtual(scene())


def test_a_session_that_ended_for_good_says_so_only_when_it_is_closed() -> None:
    async def scene() -> None:
        async with talking() as (openai, session):
            openai.fail_always("realtime", UNAUTHORIZED)
            ended = asyncio.Event()
            session.on("error", lambda event: event.recoverable or ended.set())
            await ended.wait()
            with pytest.raises(llm.RealtimeError, match="timed out"):
                await session.generate_reply()
            with pytest.raises(llm.RealtimeError, match="timed out"):
                await tell(session, "Is anybody there?")
            with pytest.raises(APIConnectionError, match="after 3 attempts"):
                await session.aclose()

    run_virtual(scene())


def test_no_quota_ends_the_session_without_another_try() -> None:
    async def scene() -> None:
        async with talking(TEXT) as (openai, session):
            openai.fail("response", Failed(NO_QUOTA))
            ended = asyncio.Event()
            session.on("error", lambda event: event.recoverable or ended.set())
            await hear(await session.generate_reply())
            await ended.wait()
            await asyncio.sleep(60)
            assert len(openai.sessions) == 1
            with pytest.raises(Exception, match="response failed"):
                await session.aclose()

    run_virtual(scene())


def test_a_reply_that_came_too_late_is_in_the_models_memory_and_was_never_heard() -> None:
    async def scene() -> None:
        async with talking(TEXT, "Rain.") as (openai, session):
            openai.fail("response", Late(15))
            with pytest.raises(llm.RealtimeError, match="timed out"):
                await session.generate_reply()
            await (await openai.session()).until("response.done")
            await hear(await session.generate_reply())
            (remembered,) = _said(openai, 1)
            assert TEXT.startswith(remembered)
            await session.aclose()

    run_virtual(scene())


def test_a_server_that_falls_silent_holds_an_update_of_the_context_for_five_seconds() -> None:
    async def scene() -> None:
        async with talking() as (openai, session):
            openai.fail("realtime", Stall(after=2, for_s=3600))  # session.created and the first session.updated
            started = asyncio.get_running_loop().time()
            with pytest.raises(llm.RealtimeError, match="update_chat_ctx timed out"):
                await tell(session, "Is anybody there?")
            assert asyncio.get_running_loop().time() - started == pytest.approx(5)
            await session.aclose()

    run_virtual(scene())
