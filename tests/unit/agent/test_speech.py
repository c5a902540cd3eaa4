"""What the app itself says: never silence in its place, never over somebody."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

from livekit.agents.voice import SpeechHandle
from tests.support.minds import Notes, Page, call_state, journal_into
from tests.support.virtual_clock import run_virtual

from insta_voice.agent.rendering import Rendering
from insta_voice.agent.speech import Speech


class Voice:
    """Gives the pieces of one attempt after the other; an exception among them breaks the attempt there."""

    def __init__(self, *attempts: list[str | Exception]) -> None:
        self._attempts: Iterator[list[str | Exception]] = iter(attempts)
        self.asked = 0

    @asynccontextmanager
    async def synthesize(self, text: str) -> AsyncIterator[AsyncIterator[Any]]:
        self.asked += 1
        yield self._pieces(next(self._attempts))

    async def _pieces(self, pieces: list[str | Exception]) -> AsyncIterator[Any]:
        for piece in pieces:
            await asyncio.sleep(0.1)
            if isinstance(piece, Exception):
                raise piece
            yield SimpleNamespace(frame=piece)


def _heard(voice: Voice) -> list[Any]:
    async def scene() -> list[Any]:
        rendering = Rendering(voice, "Hello.")  # type: ignore[arg-type]
        return [frame async for frame in rendering.frames()]

    return run_virtual(scene())


def test_a_greeting_whose_rendering_failed_late_is_synthesised_once_more() -> None:
    assert _heard(Voice([RuntimeError()], ["hel", "lo"])) == ["hel", "lo"]


def test_a_greeting_that_is_half_said_is_not_begun_again() -> None:
    voice = Voice(["hel", RuntimeError()], ["hel", "lo"])
    assert _heard(voice) == ["hel"]
    assert voice.asked == 1


def test_a_voice_that_is_away_ends_the_greeting_and_nothing_else() -> None:
    assert _heard(Voice([RuntimeError()], [RuntimeError()])) == []


class Session:
    """Says at once whatever it is given."""

    current_speech = None

    def __init__(self) -> None:
        self.agent_state = "thinking"
        self.said: list[str] = []

    def say(self, text: str, **_: Any) -> SpeechHandle:
        self.said.append(text)
        return SpeechHandle.create()


def _speech(session: Session) -> Speech:
    journal, _ = journal_into(Notes(), Page())
    return Speech(session, journal, call_state())  # type: ignore[arg-type]


def test_words_that_were_not_understood_are_asked_for_as_soon_as_it_is_quiet() -> None:
    async def scene() -> None:
        session = Session()
        speech = _speech(session)
        speech.not_heard()
        speech.not_heard()
        await asyncio.sleep(1)
        assert session.said == []
        session.agent_state = "listening"
        await asyncio.sleep(0.2)
        assert len(session.said) == 1, "once, however often it was not understood"
        speech.not_heard()
        await asyncio.sleep(0.2)
        assert len(session.said) == 2

    run_virtual(scene())


def test_an_apology_that_comes_too_late_is_not_said() -> None:
    async def scene() -> None:
        session = Session()
        _speech(session).not_heard()
        await asyncio.sleep(10)
        session.agent_state = "listening"
        await asyncio.sleep(10)
        assert session.said == []

    run_virtual(scene())


def test_a_session_that_is_over_says_nothing_and_breaks_nothing() -> None:
    async def scene() -> None:
        session = Session()
        session.agent_state = "listening"

        def say(text: str, **_: Any) -> SpeechHandle:
            raise RuntimeError("AgentSession is closing, cannot use say()")

        session.say = say  # type: ignore[method-assign]
        broken: list[Any] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: broken.append(context))
        _speech(session).not_heard()
        await asyncio.sleep(1)
        assert broken == []

    run_virtual(scene())
