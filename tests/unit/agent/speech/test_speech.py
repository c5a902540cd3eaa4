"""What the app itself says: never silence in its place, never over somebody."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from livekit import rtc
from livekit.agents import NOT_GIVEN, APIError
from livekit.agents.voice import SpeechHandle
from tests.support.minds import Notes, Page, call_state, journal_into
from tests.support.sounds import sound
from tests.support.virtual_clock import run_virtual

from insta_voice.agent.prompts import sentence, variants
from insta_voice.agent.speech.bridge import SILENT_AT_MOST_S
from insta_voice.agent.speech.rendering import Rendering
from insta_voice.agent.speech.say import Speech
from insta_voice.calls import Turn


class Voice:
    """Gives the pieces of one attempt after the other; an exception among them breaks the attempt there."""

    def __init__(self, *attempts: list[Any]) -> None:
        self._attempts: Iterator[list[Any]] = iter(attempts)
        self.asked = 0

    @asynccontextmanager
    async def synthesize(self, text: str) -> AsyncIterator[AsyncIterator[Any]]:
        self.asked += 1
        yield self._pieces(next(self._attempts))

    async def _pieces(self, pieces: list[Any]) -> AsyncIterator[Any]:
        for piece in pieces:
            await asyncio.sleep(0.1)
            if isinstance(piece, Exception):
                raise piece
            yield SimpleNamespace(frame=piece)


def _heard(voice: Voice) -> list[Any]:
    """What came; at its end the name of what broke it off."""

    async def scene() -> list[Any]:
        rendering = Rendering(voice, "Hello.")  # type: ignore[arg-type]
        heard: list[Any] = []
        try:
            async for frame in rendering.frames():
                heard.append(frame)  # noqa: PERF401 (what came before it breaks off counts)
        except APIError as error:
            heard.append(str(error))
        return heard

    return run_virtual(scene())


def test_a_greeting_whose_rendering_failed_late_is_synthesised_once_more() -> None:
    assert _heard(Voice([RuntimeError()], ["hel", "lo"])) == ["hel", "lo"]


def test_a_greeting_that_is_half_said_is_not_begun_again_and_does_not_pass_for_whole() -> None:
    voice = Voice(["hel", RuntimeError()], ["hel", "lo"])
    assert _heard(voice) == ["hel", "the greeting broke off"]
    assert voice.asked == 1


def test_a_voice_that_is_away_for_good_says_so() -> None:
    assert _heard(Voice([RuntimeError()], [RuntimeError()])) == ["the greeting cannot be said"]


class Session:
    """Says at once whatever it is given."""

    current_speech = None

    def __init__(self) -> None:
        self.agent_state = "thinking"
        self.said: list[str] = []
        self.audio: list[Any] = []

    def say(self, text: str, *, audio: Any = NOT_GIVEN, **_: Any) -> SpeechHandle:
        self.said.append(text)
        self.audio.append(audio)
        return SpeechHandle.create()


class Kept:
    """In the place of the files: these sentences were spoken ahead."""

    welcome = "Hello, whoever you are."

    def __init__(self, *texts: str) -> None:
        self._texts = texts

    def frames(self, text: str) -> list[str] | None:
        return [text] if text in self._texts else None

    def sentence(self, name: str, variant: int = 0) -> list[str] | None:
        return self.frames(variants(name, support_contact="us")[variant])


def _speech(session: Session, spare: Kept | None = None) -> Speech:
    journal, _ = journal_into(Notes(), Page())
    return Speech(session, journal, call_state(), spare)  # type: ignore[arg-type]


def _welcomed(voice: Voice, spare: Kept | None) -> tuple[list[str], list[Any]]:
    """What the greeting is, and its sound, for a voice that was given a second and a half."""

    async def scene() -> tuple[list[str], list[Any]]:
        session = Session()
        rendering = Rendering(voice, "Hello Maya.")  # type: ignore[arg-type]
        await rendering.settled(1.5)
        _speech(session, spare).welcome(rendering)
        [audio] = session.audio
        return session.said, [frame async for frame in audio] if audio is not NOT_GIVEN else []

    return run_virtual(scene())


def test_a_greeting_that_is_there_is_said() -> None:
    hello = [rtc.AudioFrame(bytes(3200), 16_000, 1, 1600) for _ in range(2)]
    assert _welcomed(Voice([*hello]), Kept(Kept.welcome)) == (["Hello Maya."], hello)


def test_a_kept_greeting_lets_others_work_between_its_pieces() -> None:
    """What LiveKit does with each takes milliseconds: all at once they held a call up for tenths of a second."""

    class Tenths(Kept):
        def frames(self, text: str) -> Any:
            return [sound(0.1) for _ in range(5)]

    async def scene() -> tuple[int, int]:
        session = Session()
        rendering = Rendering(Voice([APIError("away")]), "Hello Maya.")  # type: ignore[arg-type]
        await rendering.settled(1.5)
        _speech(session, Tenths(Kept.welcome)).welcome(rendering)
        [audio] = session.audio
        steps, pieces = 0, 0

        async def work() -> None:
            nonlocal steps
            while True:
                steps += 1
                await asyncio.sleep(0)

        working = asyncio.create_task(work())
        async for _ in audio:
            pieces += 1
        working.cancel()
        return pieces, steps

    pieces, steps = run_virtual(scene())
    assert pieces == 5
    assert steps >= pieces - 1


def test_a_greeting_that_breaks_off_is_bridged_and_apologised_for() -> None:
    """The speech server was stopped at its first sound: the caller waited for 35 s."""
    hello = rtc.AudioFrame(bytes(3200), 16_000, 1, 1600)

    class BreakingOff(Voice):
        async def _pieces(self, pieces: list[Any]) -> AsyncIterator[Any]:
            yield SimpleNamespace(frame=hello)
            await asyncio.sleep(600)

    class KeptSounds(Kept):
        def frames(self, text: str) -> Any:
            return [rtc.AudioFrame(bytes(3200), 16_000, 1, 1600)] if text in self._texts else None

    _, heard = _welcomed(
        BreakingOff([]), KeptSounds(*variants("moment"), variants("voice_away", support_contact="us")[0])
    )
    assert heard[0] is hello
    assert len(heard) == 1 + len(SILENT_AT_MOST_S) + 1


@pytest.mark.parametrize("kept", [True, False])
def test_a_greeting_that_breaks_off_is_followed_by_a_whole_one_or_an_apology(kept: bool) -> None:
    """It just stopped: neither that it is an AI nor what is kept was said, and the record had it all as heard."""
    hello, rest = sound(0.4, "Hello Maya, "), sound(2.0)
    state = call_state()
    apology = sentence("voice_away", support_contact=state.settings.company.support_contact)

    class KeptSounds(Kept):
        def frames(self, text: str) -> Any:
            return [rest] if text in self._texts else None

        def sentence(self, name: str, variant: int = 0) -> Any:
            return self.frames(apology) if name == "voice_away" else None

    async def scene() -> tuple[list[Any], Turn]:
        notes = Notes()
        journal, recorder = journal_into(notes, Page())
        session = Session()
        speech = Speech(session, journal, state, KeptSounds(Kept.welcome if kept else apology))  # type: ignore[arg-type]
        rendering = Rendering(Voice([hello, RuntimeError()]), "Hello Maya, I am an AI.")  # type: ignore[arg-type]
        await rendering.settled(1.5)
        handle = speech.welcome(rendering)
        heard = [frame async for frame in session.audio[0]]
        handle._mark_done()
        writing = asyncio.create_task(recorder.run())
        await asyncio.sleep(0.1)
        writing.cancel()
        [turn] = notes.turns
        return heard, turn

    heard, turn = run_virtual(scene())
    assert heard == [hello, rest]
    assert (turn.kind, turn.text, turn.interrupted) == ("greeting", "Hello Maya, I am an AI.", True)
    assert turn.heard == ("Hello Maya, Hello, whoever you are." if kept else "Hello Maya,")


class Hanging(Voice):
    """Is asked and never answers."""

    async def _pieces(self, pieces: list[Any]) -> AsyncIterator[Any]:
        await asyncio.sleep(600)
        yield


@pytest.mark.parametrize("voice", [Hanging([]), Voice([RuntimeError()])], ids=["hangs", "fails"])
def test_a_voice_that_is_away_leaves_the_kept_greeting(voice: Voice) -> None:
    assert _welcomed(voice, Kept(Kept.welcome)) == ([Kept.welcome], [Kept.welcome])


def test_the_same_greeting_is_taken_from_what_is_kept_when_it_is_there() -> None:
    assert _welcomed(Hanging([]), Kept("Hello Maya.", Kept.welcome)) == (["Hello Maya."], ["Hello Maya."])


def test_without_anything_kept_a_late_greeting_is_waited_for() -> None:
    said, _ = _welcomed(Voice([RuntimeError()]), None)
    assert said == ["Hello Maya."]


def test_who_waits_for_recognition_hears_of_it_if_that_was_spoken_ahead() -> None:
    async def scene() -> None:
        session = Session()
        _speech(session, Kept(*variants("moment"))).stalled(0)
        _speech(session, Kept(*variants("moment"))).stalled(1)
        _speech(session, Kept()).stalled(0)
        _speech(session, None).stalled(0)
        assert session.said == list(variants("moment"))
        session.agent_state = "speaking"
        _speech(session, Kept(*variants("moment"))).stalled(0)
        assert session.said == list(variants("moment")), "they hear somebody"

    run_virtual(scene())


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


def _answering(session: Session) -> tuple[Speech, SpeechHandle]:
    """The app's sentences while an answer is waited for, and that answer."""
    answer = SpeechHandle.create()
    journal, _ = journal_into(Notes(), Page())
    journal.speech_created(SimpleNamespace(source="generate_reply", speech_handle=answer))  # type: ignore[arg-type]
    return Speech(session, journal, call_state()), answer  # type: ignore[arg-type]


@pytest.mark.parametrize("case", ["said", "the caller speaks", "somebody is heard", "another answer", "cut"])
async def test_a_slow_tool_is_bridged_only_into_silence(case: str) -> None:
    session = Session()
    speech, answer = _answering(session)
    if case == "the caller speaks":
        speech.caller_speaking = lambda: True
    elif case == "somebody is heard":
        session.current_speech = SpeechHandle.create()  # type: ignore[assignment]
    elif case == "cut":
        answer.interrupt()
    asked_for = SpeechHandle.create() if case == "another answer" else answer
    for _ in range(2):
        speech.tool_slow(asked_for, "writing_down")
    assert session.said == ([sentence("writing_down")] if case == "said" else [])


async def test_a_session_that_is_over_bridges_nothing() -> None:
    class Over(Session):
        def say(self, text: str, **_: Any) -> SpeechHandle:
            raise RuntimeError("the session is closing")

    speech, answer = _answering(Over())
    speech.tool_slow(answer, "writing_down")
