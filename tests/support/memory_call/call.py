"""The call itself: what the worker puts together for a room, put together around a mouth and an ear."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from unittest import mock

from livekit import rtc
from livekit.agents.voice import TranscriptSynchronizer, io
from livekit.plugins import openai as plugin
from tests.support.memory_call.ear import Ear
from tests.support.memory_call.legible import say
from tests.support.memory_call.mouth import Loudness, Mouth, SureEnd
from tests.support.memory_call.speech_server import ScriptedSpeech, serving_speech
from tests.support.minds import CALL_ID, Notes
from tests.support.openai import ScriptedOpenAI, serving_openai
from tests.support.openai.plugins import trusting
from tests.support.openai.script import Line
from tests.support.settings import complete_settings
from tests.support.vendors import OPENAI_KEY

from insta_voice.agent.conversation import Conversation
from insta_voice.agent.endings import Ending, Reason
from insta_voice.agent.evidence import TurnEvidence
from insta_voice.agent.minds import Parts, build_parts
from insta_voice.agent.record.recorder import Recorder
from insta_voice.agent.room import RoomChannel
from insta_voice.agent.speech.greeting import welcome_text
from insta_voice.agent.speech.rendering import Rendering
from insta_voice.agent.speech.spare import SpareVoice
from insta_voice.agent.speech.speak_ahead import own_voice
from insta_voice.agent.state import CallState
from insta_voice.agent.wrap_up import until_quiet
from insta_voice.calls import Turn
from insta_voice.customers.accounts import AccountSource, CallAccount, StoredAccounts
from insta_voice.db import Database
from insta_voice.knowledge import Context, Evidence
from insta_voice.languages import ENGLISH, Language
from insta_voice.settings import Settings
from insta_voice.voice.breaker import Breakers
from insta_voice.voice.needs import Mode

GREETING = "Hello, this is Acme."
# As quick as OpenAI writes words and hands out sound: both several times faster than they are spoken.
_DELTA_S = 0.05
_ANSWERED_WITHIN_S = 60.0

Search = Callable[[str, Context], Awaitable[tuple[Evidence, ...]]]


class Captions(io.TextOutput):
    """The page's captions, which nobody reads here: with them LiveKit says which words were heard."""

    def __init__(self) -> None:
        super().__init__(label="captions", next_in_chain=None)

    async def capture_text(self, text: str) -> None: ...

    def flush(self) -> None: ...


@dataclass
class MemoryCall:
    """Times are the loop's."""

    openai: ScriptedOpenAI
    speech: ScriptedSpeech
    conversation: Conversation
    mouth: Mouth
    ear: Ear
    notes: Notes
    asked: list[tuple[float, str]] = field(default_factory=list)  # what the caller said, and when it ended
    ended: asyncio.Event = field(default_factory=asyncio.Event)  # given up, with all that is said then

    async def says(self, text: str) -> None:
        """The caller says it; whoever recognises it hears it right."""
        self.openai.hears_always(text)
        self.asked.append((await self.mouth.say(text), text))

    async def answered(self, words: str) -> Turn:
        """The assistant's turn that has these words, once it is written and quiet again."""
        try:
            async with asyncio.timeout(_ANSWERED_WITHIN_S):
                while not (found := [turn for turn in self.notes.turns if words in turn.heard]):
                    await self.notes.more()
        except TimeoutError:
            said = [f"{turn.speaker} ({turn.mind}): {turn.heard}" for turn in self.notes.turns]
            raise AssertionError(f"{words!r} was never heard, but {said}") from None
        await until_quiet(self.conversation.speech)
        return found[-1]

    async def until_heard(self, words: str) -> None:
        """Once the caller has these words in the ear."""
        async with asyncio.timeout(_ANSWERED_WITHIN_S):
            await self.ear.until(words)


@asynccontextmanager
async def calling(
    mode: Mode,
    *lines: Line,
    search: Search,
    data_dir: Path,
    local_speech: bool = True,
    language: Language = ENGLISH,
    breakers: Breakers | None = None,
    out: io.AudioOutput | None = None,
    accounts: AccountSource | None = None,
    **variables: str,
) -> AsyncIterator[MemoryCall]:
    """A call that has been greeted. `data_dir` keeps what is spoken ahead; without `local_speech` nobody stands in for
    a recogniser or a voice; `variables` are settings of the environment. In a `language` for which nobody stands in,
    the call may be given up. Calls with the same `breakers` share what they know of providers that fail. `out` is
    heard in the place of the ear. `accounts` knows the caller; without it their account is away.
    """
    clock = asyncio.get_running_loop().time
    ahead_s = time.time() - clock()

    def time_of_day() -> float:
        return ahead_s + clock()

    async with serving_openai(*lines, voice=say, delta_s=_DELTA_S) as openai, serving_speech() as speech:
        settings = copy(_settings(mode, data_dir, LANGUAGES=language.code, **variables))
        settings.openai = settings.openai.model_copy(update={"base_url": openai.url})
        settings.voice = settings.voice.model_copy(update={"speech_url": speech.url if local_speech else None})
        # LiveKit asks for the time of day where it counts seconds.
        with trusting(), mock.patch("time.time", time_of_day):
            parts = build_parts(settings, language, breakers or Breakers())
            await _speak_ahead(SpareVoice(settings, language), parts)
            notes, ear, mouth = Notes(), Ear(), Mouth()
            recorder = Recorder(notes.write, next_number=1, spent=parts.meter.take)
            db = Database("postgresql://nobody@127.0.0.1:9/none")
            account = CallAccount(accounts or StoredAccounts(db), "maya", keep_s=0)
            evidence = TurnEvidence(search)
            state = CallState(CALL_ID, "maya", settings, db, evidence=evidence, account=account, language=language)

            async def finish(reason: Reason) -> None:
                assert reason == "unable", f"nobody ended the call, and it ends: {reason}"
                await conversation.wrap_up(reason)
                call.ended.set()

            conversation = Conversation(
                state, parts, Loudness(), SureEnd(), recorder, RoomChannel(rtc.Room()), Ending(finish)
            )
            # English calls are many, and hear a short one.
            greeting = GREETING if language == ENGLISH else welcome_text(state, resumed=False)
            captions = TranscriptSynchronizer(next_in_chain_audio=out or ear, next_in_chain_text=Captions())
            session = conversation.session
            session.input.audio = mouth
            session.output.audio, session.output.transcription = captions.audio_output, captions.text_output
            writing = asyncio.create_task(recorder.run(), name="record-turns")
            call = MemoryCall(openai, speech, conversation, mouth, ear, notes)
            try:
                await conversation.start(None, Rendering(parts.providers.tts, greeting))
                await call.answered(greeting)
                yield call
            finally:
                await mouth.aclose()
                await conversation.aclose()
                await session.aclose()
                await captions.aclose()
                await recorder.flush(1)
                writing.cancel()
                await parts.aclose()
                if isinstance(parts.providers.stt, plugin.STT):
                    await parts.providers.stt._client.close()  # which its own aclose leaves open


@cache
def _settings(mode: Mode, data_dir: Path, **variables: str) -> Settings:
    """Read once: a call differs in its addresses only."""
    return complete_settings(
        VOICE_MODE=mode,
        INSTA_DATA_DIR=str(data_dir),
        OPENAI_API_KEY=OPENAI_KEY,
        VOICE_SPEECH_URL="http://127.0.0.1:9",
        **variables,
    )


async def _speak_ahead(spare: SpareVoice, parts: Parts) -> None:
    """Once for all calls that share their data: the files are the same."""
    for text in spare.missing():
        await spare.speak(text, own_voice(parts.providers.tts))
