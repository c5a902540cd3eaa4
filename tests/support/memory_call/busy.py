"""A short local call in which all happens that can, and which ends in the middle of something."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal

from tests.support.audio_source import Source
from tests.support.memory_call import legible
from tests.support.memory_call.call import MemoryCall, calling
from tests.support.memory_call.speech_server import Late
from tests.support.minds import found, passage

from insta_voice.agent.speech.playout import SAMPLE_RATE_HZ, Playout
from insta_voice.knowledge import Context, Evidence, Sentence

End = Literal["recognition", "thinking ahead", "held", "speaking"]
ENDS: Final[tuple[End, ...]] = ("recognition", "thinking ahead", "held", "speaking")
QUESTION, NEXT, LAST = "How do I reset it?", "No, how do I change it?", "How is it deleted?"
ANSWER, NEXT_ANSWER = (
    "Open the settings, and then choose Password in them.",
    "Open your profile, and choose Edit there.",
)
HUM: Final = "mm-hm"
_LOOKED_EVERY_S: Final = 0.15
_HELD_AFTER_S: Final = 0.25  # of speech, before it is known what it means


class BusyCall:
    """Played once."""

    def __init__(self) -> None:
        self._source = Source(SAMPLE_RATE_HZ)
        self._search_hangs = False

    async def hold(self, end: End, data_dir: Path) -> None:
        """A question whose answer is heard through a hum, and interrupted by another; then on to the end.

        AssertionError when something did not happen.
        """
        playout = Playout(self._source)
        playout.open()
        async with calling("local", search=self._search, data_dir=data_dir, out=playout) as call:
            await call.says(QUESTION)
            await self._until_heard(ANSWER[:6])
            await call.mouth.say(HUM)
            await self._until_heard("settings")
            await call.says(NEXT)
            await self._until_heard(NEXT_ANSWER[:9])
            match end:
                case "recognition":
                    await self._to_recognition(call)
                case "thinking ahead":
                    await self._to_thinking_ahead(call)
                case "held":
                    await self._to_held(call)
                case "speaking":
                    assert self._sounds(), "it is heard"
        await playout.aclose()
        kinds = [turn.kind for turn in call.notes.turns]
        assert kinds[:5] == ["greeting", "question", "answer", "question", "answer"], kinds
        first, then = (turn for turn in call.notes.turns if turn.kind == "answer")
        assert first.interrupted, "by the next question, and not by the hum"
        assert "settings" in first.heard
        assert then.timings_ms["clause_ahead"] == 1.0, "a guess came true"

    async def _to_recognition(self, call: MemoryCall) -> None:
        await call.answered(NEXT_ANSWER)
        call.speech.hearing = Late(5.0)
        await call.says(LAST)
        await asyncio.sleep(0.3)
        assert _running("recognise-final")

    async def _to_thinking_ahead(self, call: MemoryCall) -> None:
        await call.answered(NEXT_ANSWER)
        self._search_hangs = True
        await call.says(LAST)
        assert _running("think-ahead")
        assert _running("search-ahead")

    async def _to_held(self, call: MemoryCall) -> None:
        saying = asyncio.create_task(call.mouth.say(LAST))
        await asyncio.sleep(_HELD_AFTER_S)
        saying.cancel()
        assert call.conversation.session.agent_state == "speaking"
        assert not self._sounds(), "it is held"

    async def _search(self, question: str, context: Context) -> tuple[Evidence, ...]:
        if self._search_hangs:
            await asyncio.Event().wait()
        text = NEXT_ANSWER if "change" in question else ANSWER
        return found(question, replace(passage(text), sentences=(Sentence(text, 0.95),)))

    def _sounds(self) -> bool:
        return bool(self._source.heard()[-SAMPLE_RATE_HZ // 20 :].any())

    async def _until_heard(self, words: str) -> None:
        while words not in self._heard():  # noqa: ASYNC110 (the source tells nobody)
            await asyncio.sleep(_LOOKED_EVERY_S)

    def _heard(self) -> str:
        return "".join(letter.text for letter in legible.read(self._source.heard().tobytes(), SAMPLE_RATE_HZ))


def _running(name: str) -> bool:
    return any(task.get_name() == name for task in asyncio.all_tasks())
