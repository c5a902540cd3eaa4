"""When the scripted caller takes an answer for heard out."""

import asyncio
import time

import pytest
from livekit import rtc

from insta_voice.demo.caller import Caller, Line
from insta_voice.demo.ear import Ear

WORDS = "Hello Maya, what can I help you with?"


class GapAfterFirstSound(Ear):
    """It is silent each time it is asked; the words of what is said come with the third time, or never."""

    def __init__(self) -> None:
        super().__init__()
        self.caller: Caller | None = None
        self._silent = 0

    async def first_sound(self, after_s: float, timeout_s: float) -> float:
        return time.monotonic()

    async def silence(self, timeout_s: float, lasting_s: float = 0) -> float:
        self._silent += 1
        if self.caller is not None and self._silent == 3:
            self.caller.lines.append(Line(time.monotonic(), by_caller=False, text=WORDS))
        return time.monotonic()


async def test_a_gap_before_the_first_word_is_no_end() -> None:
    ear = GapAfterFirstSound()
    caller = ear.caller = Caller(ear=ear)
    assert (await caller.greeting()).text == WORDS


async def test_sound_without_words_is_the_answer_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("insta_voice.demo.caller._WORDS_WITHIN_S", 0.01)
    assert (await Caller(ear=GapAfterFirstSound()).greeting()).text == ""


class HungUpOn(GapAfterFirstSound):
    """The room is gone with the last sound: no silence comes after it."""

    async def silence(self, timeout_s: float, lasting_s: float = 0) -> float:
        assert self.caller is not None
        self.caller._on_disconnected(rtc.DisconnectReason.ROOM_DELETED)
        return await asyncio.Future()


@pytest.mark.timeout(5)
async def test_who_is_hung_up_on_has_heard_all_there_is() -> None:
    ear = HungUpOn()
    caller = ear.caller = Caller(ear=ear)
    assert (await caller.greeting()).text == ""
