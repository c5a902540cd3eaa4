"""Somebody who wants an answer: calls, calls again when that fails, asks, and asks again when nothing comes."""

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import httpx
from livekit import rtc
from tests.support.demo_calls import CUSTOMER
from tests.support.fire.witness import News
from tests.support.stack import RunningStack

from insta_voice.demo.caller import Caller
from insta_voice.demo.customer import Customer, Installation
from insta_voice.demo.microphone import Pcm
from insta_voice.demo.voice import speak
from insta_voice.errors import InstaVoiceError

QUESTIONS = (
    ("How do I reset my password?", "Reset your password"),
    ("How do I turn on two-factor authentication?", "Turn on two-factor authentication"),
    ("How do I change my email address?", "Change your email address"),
)
GREETED_WITHIN_S = 30.0  # a page gives up later
_PAGE_SAYS_LATE_AFTER_S = 8.0  # LATE_AFTER_MS of the page
_CALLS_AGAIN_AFTER_S = 2.0
_ASKS_AGAIN_AFTER_S = 10.0
_LISTENS_AT_MOST_S = 20.0


@dataclass
class Person:
    """Signed in at a running stack. `call` and `caller` are those of the call they are in."""

    stack: RunningStack
    utterances: tuple[Pcm, ...]
    customer: Customer = field(init=False)
    caller: Caller = field(init=False)
    call_id: str = field(init=False, default="")
    refusals: list[News] = field(default_factory=list)
    last_word_s: float = 0.0
    _asked: int = 0
    _exits: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def sign_in(self) -> None:
        """With the patience of somebody whose sign-in page is reloaded."""
        async with asyncio.timeout(60):
            while True:
                try:
                    self.customer = await self._exits.enter_async_context(
                        Customer(Installation.running_in(self.stack.data_dir), CUSTOMER)
                    )
                except httpx.HTTPError:
                    await asyncio.sleep(_CALLS_AGAIN_AFTER_S)
                else:
                    return

    async def call(self, within_s: float = 90.0) -> float:
        """Call until an assistant is heard; the seconds that took. What refused them is in `refusals`."""
        began_s = time.monotonic()
        async with asyncio.timeout(within_s):
            while True:
                try:
                    token = await self.customer.join_token()
                    self.call_id = token["call_id"]
                    self.caller = Caller()
                    await self.caller.join(token["server_url"], token["participant_token"])
                    await self._is_greeted()
                except (InstaVoiceError, httpx.HTTPError, rtc.ConnectError, TimeoutError) as error:
                    sentence = str(error.message) if isinstance(error, InstaVoiceError) else type(error).__name__
                    self.refusals.append(News(time.monotonic(), sentence))
                    await self.hang_up()
                    await asyncio.sleep(_CALLS_AGAIN_AFTER_S)
                else:
                    return time.monotonic() - began_s

    async def _is_greeted(self) -> None:
        joined_s = time.monotonic()
        try:
            await self.caller.ear.first_sound(0.0, GREETED_WITHIN_S)
        finally:
            came_s = next((seen.at_s for seen in self.caller.seen if seen.what == "assistant came"), time.monotonic())
            if came_s > joined_s + _PAGE_SAYS_LATE_AFTER_S:
                self.refusals.append(News(joined_s + _PAGE_SAYS_LATE_AFTER_S, "the assistant takes longer"))

    def next_question(self) -> tuple[Pcm, str]:
        """Something to ask, and the title of the article that answers it."""
        number = self._asked % len(QUESTIONS)
        self._asked += 1
        return self.utterances[number], QUESTIONS[number][1]

    async def listens(self) -> None:
        """Until nobody has spoken for a moment; a person does not wait for ever."""
        if self.caller.ear.last_sound_at_s == 0.0:
            return
        try:
            await asyncio.wait_for(self._quiet(), _LISTENS_AT_MOST_S)
        except TimeoutError:
            return

    async def asks(self) -> float | None:
        """Ask aloud; the moment at which the answer was heard, None when the call ended or nothing came in time."""
        utterance, title = self.next_question()
        self.last_word_s = await self.caller.microphone.say(utterance)
        return await self.is_answered(self.last_word_s, title)

    async def is_answered(self, asked_s: float, title: str) -> float | None:
        """The same for a question that was asked before."""
        deadline_s = time.monotonic() + _ASKS_AGAIN_AFTER_S
        while self.caller.connected:
            shown_s = [at_s for at_s, shown in self.caller.sources if at_s > asked_s - 3 and _names(shown, title)]
            if shown_s and (sounds := self.caller.ear.sounds_since(max(asked_s, shown_s[0] - 0.5))):
                return sounds[0]
            if time.monotonic() > max(deadline_s, self.caller.ear.last_sound_at_s + 3):
                return None
            await asyncio.sleep(0.05)
        return None

    async def hang_up(self) -> None:
        """Leave the room, if there is one."""
        if "caller" in self.__dict__:
            await self.caller.leave()
            del self.caller

    async def close(self) -> None:
        """Go away."""
        await self.hang_up()
        await self._exits.aclose()

    async def _quiet(self) -> None:
        while time.monotonic() - self.caller.ear.last_sound_at_s < 0.8:  # noqa: ASYNC110 (time passes, nobody says so)
            await asyncio.sleep(0.05)


async def utterances(stack: RunningStack) -> tuple[Pcm, ...]:
    """What a person says, spoken ahead: the voice is one of the parts that fail."""
    return tuple([await speak(stack.up["speech_url"], text) for text, _ in QUESTIONS])


def _names(shown: dict[str, object], title: str) -> bool:
    sources = shown["sources"]
    assert isinstance(sources, list)
    return any(source["title"] == title for source in sources)
