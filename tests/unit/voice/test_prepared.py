"""Clauses that are spoken ahead: as they would be spoken, once, and let go when they were not needed."""

import asyncio
from collections.abc import AsyncGenerator

from insta_voice.errors import SpeechServerError
from insta_voice.voice.local.client import SpeechClient, SpokenPiece
from insta_voice.voice.local.tts import LocalTTS

ANSWER = ["To reset your password,", " open the sign-in page.", " Then choose Forgot."]
FIRST = "To reset your password,"


class Voice(SpeechClient):
    """Speaks at once, unless held; notes what it was asked and what was taken back."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:9")
        self.asked: list[tuple[str, float, bool]] = []
        self.taken_back: list[str] = []
        self.goes_on = asyncio.Event()
        self.goes_on.set()
        self.error: SpeechServerError | None = None

    async def speak(
        self, text: str, *, speed: float = 1.0, after: str = "", ahead: bool = False
    ) -> AsyncGenerator[SpokenPiece, None]:
        self.asked.append((text, speed, ahead))
        try:
            await self.goes_on.wait()
        except asyncio.CancelledError:
            self.taken_back.append(text)
            raise
        if self.error:
            raise self.error
        yield SpokenPiece(0, len(text), 0.0, 0.1, text.encode())


async def spoken(voice: LocalTTS, text: str, after: str = "") -> bytes:
    return b"".join([piece.pcm16 async for piece in voice.speak(text, after)])


async def test_the_first_clause_of_a_likely_answer_is_spoken_once() -> None:
    client = Voice()
    voice, taken = LocalTTS("", client=client), []
    voice.prepared.on_taken = lambda: taken.append(True)
    assert voice.prepare(ANSWER)
    assert not voice.prepare(ANSWER), "a guess that is made again costs nothing"
    assert await spoken(voice, FIRST) == FIRST.encode()
    assert client.asked == [(FIRST, 1.0, True)]
    assert taken == [True]
    await spoken(voice, FIRST)
    assert len(client.asked) == 2, "it is heard once"


async def test_a_clause_that_is_under_way_is_waited_for() -> None:
    client = Voice()
    client.goes_on.clear()
    voice = LocalTTS("", client=client)
    voice.prepare(ANSWER)
    hearing = asyncio.create_task(spoken(voice, FIRST))
    await asyncio.sleep(0)
    client.goes_on.set()
    assert await hearing == FIRST.encode()
    assert len(client.asked) == 1


async def test_another_clause_pace_or_place_is_spoken_anew() -> None:
    client = Voice()
    voice = LocalTTS("", client=client)
    voice.prepare(ANSWER)
    await spoken(voice, "I do not know that.")
    await spoken(voice, FIRST, after="One moment.")
    voice.update_options(speed=0.8)
    await spoken(voice, FIRST)
    assert [(text, speed, ahead) for text, speed, ahead in client.asked if not ahead] == [
        ("I do not know that.", 1.0, False),
        (FIRST, 1.0, False),
        (FIRST, 0.8, False),
    ]


async def test_what_could_not_be_prepared_is_spoken_when_it_is_needed() -> None:
    client = Voice()
    client.error = SpeechServerError()
    voice = LocalTTS("", client=client)
    voice.prepare(ANSWER)
    await asyncio.sleep(0)
    client.error = None
    assert await spoken(voice, FIRST) == FIRST.encode()


async def test_what_turned_out_wrong_is_taken_back() -> None:
    client = Voice()
    client.goes_on.clear()
    voice = LocalTTS("", client=client)
    for number in range(6):
        voice.prepare([f"The answer to guess number {number}."])
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert client.taken_back == ["The answer to guess number 0.", "The answer to guess number 1."]
    await voice.aclose()
    assert len(client.taken_back) == 6


async def test_a_guess_that_is_made_again_is_kept_before_others() -> None:
    client = Voice()
    client.goes_on.clear()
    voice = LocalTTS("", client=client)
    for number in (0, 1, 2, 3, 0, 4):
        voice.prepare([f"The answer to guess number {number}."])
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert client.taken_back == ["The answer to guess number 1."]
    await voice.aclose()
