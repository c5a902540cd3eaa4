"""A recogniser that fails or hangs is replaced for the same segment, and left alone when it keeps failing."""

import asyncio

import pytest
from tests.support.openai import BROKEN, serving_openai
from tests.support.openai.plugins import plugins
from tests.support.virtual_clock import run_virtual

from insta_voice.agent.hearing import HEARD_WITHIN_S, FallbackRecognizer, ProviderRecognizer
from insta_voice.agent.turns.ports import Transcription
from insta_voice.errors import SpeechServerError


class Scripted:
    """Hears `text`, or fails as it is told, one entry a segment."""

    def __init__(self, text: str, *faults: str) -> None:
        self.text = text
        self.faults = list(faults)
        self.asked = 0

    async def transcribe(self, pcm: bytes, *, final: bool, before: Transcription | None = None) -> Transcription:
        self.asked += 1
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "fails":
            raise SpeechServerError
        if fault == "hangs":
            await asyncio.Event().wait()
        return Transcription(self.text)


async def hear(*recognizers: Scripted, times: int = 1) -> list[str]:
    chain = FallbackRecognizer([(recognizer.text, recognizer) for recognizer in recognizers])
    return [(await chain.transcribe(b"", final=True)).text for _ in range(times)]


async def test_the_first_hears() -> None:
    there, here = Scripted("there"), Scripted("here")
    assert await hear(there, here) == ["there"]
    assert here.asked == 0


async def test_a_segment_is_not_lost_with_a_recogniser_that_fails() -> None:
    there = Scripted("there", "fails", "", "fails", "fails")
    assert await hear(there, Scripted("here"), times=5) == ["here", "there", "here", "here", "here"]
    assert there.asked == 4, "left alone after two in a row"


def test_one_that_hangs_is_given_up_in_time() -> None:
    async def run() -> float:
        began_s = asyncio.get_running_loop().time()
        assert await hear(Scripted("there", "hangs"), Scripted("here")) == ["here"]
        return asyncio.get_running_loop().time() - began_s

    assert run_virtual(run()) == pytest.approx(HEARD_WITHIN_S)


async def test_when_nobody_hears_the_turn_engine_learns_of_it() -> None:
    with pytest.raises(SpeechServerError):
        await hear(Scripted("there", "fails"), Scripted("here", "fails"))


async def test_a_provider_is_asked_once_a_segment() -> None:
    """Its own three tries would take 4 s; whoever stands in is there sooner."""
    async with serving_openai() as server, plugins(server) as providers:
        server.fail_always("transcriptions", BROKEN)
        with pytest.raises(SpeechServerError):
            await ProviderRecognizer(providers.stt).transcribe(bytes(32_000), final=True)
        assert len(server.asked("/audio/transcriptions")) == 1
