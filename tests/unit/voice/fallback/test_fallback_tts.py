"""Several voices as one: whoever can speaks, the next takes over within the clause, and the words heard are told."""

import asyncio
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pytest
from livekit.agents import APIConnectionError, APIConnectOptions, APIStatusError, tts, utils
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, USERDATA_TIMED_TRANSCRIPT, TimedString
from tests.support.virtual_clock import run_virtual

from insta_voice.voice.fallback import FallbackTTS
from insta_voice.voice.fallback.tts import FIRST_SOUND_WITHIN_S

PER_LETTER_S = 0.06
Fault = Literal["refuses", "fails", "hangs", "is slow", "breaks off"] | None


class ScriptedVoice(tts.TTS[str]):
    """A tone as long as speech would be; each entry of `faults` is how the next request goes."""

    def __init__(
        self, name: str, sample_rate: int = 24_000, faults: Sequence[Fault] = (), *, tells_words: bool = False
    ) -> None:
        super().__init__(
            capabilities=tts.TTSCapabilities(streaming=False, aligned_transcript=tells_words),
            sample_rate=sample_rate,
            num_channels=1,
        )
        self.name = name
        self.faults = list(faults)
        self.asked: list[str] = []

    @property
    def model(self) -> str:
        return self.name

    @property
    def provider(self) -> str:
        return "test"

    def synthesize(
        self, text: str, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS
    ) -> tts.ChunkedStream:
        self.asked.append(text)
        return _Spoken(self, text, conn_options, self.faults.pop(0) if self.faults else None)


class _Spoken(tts.ChunkedStream):
    def __init__(self, voice: ScriptedVoice, text: str, conn_options: APIConnectOptions, fault: Fault) -> None:
        self._rate, self._fault = voice.sample_rate, fault
        super().__init__(tts=voice, input_text=text, conn_options=conn_options)

    async def _run(self, output_emitter: tts.AudioEmitter) -> None:
        if self._fault == "refuses":
            raise APIStatusError("no such key", status_code=401, retryable=False)
        if self._fault == "fails":
            raise APIConnectionError
        if self._fault == "is slow":
            await asyncio.sleep(2 * FIRST_SOUND_WITHIN_S)
        if self._fault == "hangs":
            await asyncio.Event().wait()
        output_emitter.initialize(
            request_id=utils.shortuuid(), sample_rate=self._rate, num_channels=1, mime_type="audio/pcm"
        )
        if self._tts.capabilities.aligned_transcript:
            output_emitter.push_timed_transcript(TimedString(f"{self.input_text} ", start_time=0.1, end_time=0.5))
        lasts_s = len(self.input_text.replace(" ", "")) * PER_LETTER_S
        samples = round(self._rate * (lasts_s / 2 if self._fault == "breaks off" else lasts_s))
        output_emitter.push(np.full(samples, 1000, dtype=np.int16).tobytes())
        output_emitter.flush()
        if self._fault == "breaks off":
            await asyncio.sleep(0.5)  # what was sent has been heard, or is about to be
            raise APIConnectionError


async def say(voice: FallbackTTS, *tokens: str) -> tuple[float, str]:
    """Seconds of sound, and the words told with it."""
    lasts_s, words = 0.0, ""
    async with voice.stream() as speech:
        for token in tokens:
            speech.push_text(token)
        speech.end_input()
        async for piece in speech:
            lasts_s += piece.frame.duration
            assert piece.frame.sample_rate == voice.sample_rate
            words += "".join(piece.frame.userdata.get(USERDATA_TIMED_TRANSCRIPT, ()))
    return lasts_s, " ".join(words.split())


SENTENCE = "Open the sign-in page."
LASTS_S = len("Openthesign-inpage.") * PER_LETTER_S


def test_the_first_voice_speaks() -> None:
    async def run() -> None:
        first, second = ScriptedVoice("first"), ScriptedVoice("second")
        lasts_s, words = await say(FallbackTTS([first, second]), "Open the ", "sign-in page.")
        assert words == SENTENCE
        assert lasts_s == pytest.approx(LASTS_S, abs=0.02)
        assert second.asked == []

    run_virtual(run())


def test_a_voice_that_tells_its_words_is_believed() -> None:
    async def run() -> None:
        voice = FallbackTTS([ScriptedVoice("first", tells_words=True)])
        words: list[TimedString] = []
        async with voice.stream() as speech:
            speech.push_text(f"{SENTENCE} Then sign in.")
            speech.end_input()
            async for piece in speech:
                words += piece.frame.userdata.get(USERDATA_TIMED_TRANSCRIPT, ())
        assert [word.strip() for word in words] == [SENTENCE, "Then sign in."]
        assert [word.start_time for word in words] == pytest.approx([0.1, LASTS_S + 0.1], abs=0.02)

    run_virtual(run())


@pytest.mark.parametrize("fault", ["refuses", "fails", "hangs"])
def test_a_voice_that_does_not_begin_is_replaced(fault: Fault) -> None:
    async def run() -> None:
        voice = FallbackTTS([ScriptedVoice("first", faults=[fault]), ScriptedVoice("second", 22_050)])
        began_s = asyncio.get_running_loop().time()
        lasts_s, words = await say(voice, SENTENCE)
        assert words == SENTENCE
        assert lasts_s == pytest.approx(LASTS_S, abs=0.05)
        assert asyncio.get_running_loop().time() - began_s <= FIRST_SOUND_WITHIN_S + 0.1
        assert (voice.provider, voice.model) == ("test", "second")

    run_virtual(run())


def test_a_clause_that_breaks_off_is_said_again_by_the_next_voice_and_so_is_the_rest() -> None:
    async def run() -> None:
        first, second = ScriptedVoice("first", faults=[None, "breaks off"]), ScriptedVoice("second", 22_050)
        lasts_s, words = await say(FallbackTTS([first, second]), f"{SENTENCE} Choose a new password. Then sign in.")
        assert first.asked == [SENTENCE, "Choose a new password."]
        assert second.asked == ["Choose a new password.", "Then sign in."]
        # What was heard, with the half that was heard twice, and nothing that was not.
        assert words.startswith(f"{SENTENCE} Choose a new")
        assert words.endswith("Choose a new password. Then sign in.")
        assert words.count("password.") == 1
        letters = len("Openthesign-inpage.Chooseanewpassword.Thensignin.") + len("Chooseanewpassword.") / 2
        assert lasts_s == pytest.approx(letters * PER_LETTER_S, abs=0.1)

    run_virtual(run())


def test_a_voice_that_keeps_failing_is_left_alone_and_tried_again_later() -> None:
    async def run() -> None:
        first, second = ScriptedVoice("first", faults=["fails", "fails"]), ScriptedVoice("second")
        voice = FallbackTTS([first, second])
        for _ in range(3):
            await say(voice, SENTENCE)
        assert len(first.asked) == 2
        await asyncio.sleep(21)
        await say(voice, SENTENCE)
        assert len(first.asked) == 3
        assert voice.model == "first"

    run_virtual(run())


def test_the_last_voice_is_given_the_time_it_takes() -> None:
    """A speech server that is being started again, for example: there is nobody after it."""

    async def run() -> None:
        voice = FallbackTTS([ScriptedVoice("first", faults=["is slow"]), ScriptedVoice("second", faults=["is slow"])])
        _, words = await say(voice, SENTENCE)
        assert words == SENTENCE
        assert voice.model == "second"

    run_virtual(run())


def test_when_no_voice_can_speak_the_session_hears_of_it() -> None:
    async def run() -> None:
        voice = FallbackTTS([ScriptedVoice("first", faults=["fails"]), ScriptedVoice("second", faults=["refuses"])])
        with pytest.raises(APIConnectionError):
            await say(voice, SENTENCE)

    run_virtual(run())


def test_what_each_voice_used_is_told_once() -> None:
    async def run() -> None:
        voice = FallbackTTS([ScriptedVoice("first", faults=["fails"]), ScriptedVoice("second")])
        told: list[str] = []
        voice.on("metrics_collected", lambda metrics: told.append(metrics.metadata.model_name))
        await say(voice, SENTENCE)
        assert told == ["second"]

    run_virtual(run())
