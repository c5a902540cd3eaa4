"""The call of one row: what is asked and answered in it, and the part that fails from a moment on."""

import asyncio
from dataclasses import replace
from typing import Any, Final

from tests.support.local_faults.rows import Row
from tests.support.memory_call.call import MemoryCall
from tests.support.memory_call.speech_server import Fault, Hangs, Late, Refuses, StopsMidway
from tests.support.minds import found, passage

from insta_voice.errors import AccountUnavailableError, DBDriverError
from insta_voice.knowledge import Context, Evidence, Sentence

FIRST, NEXT, OWN = "How do I reset my password?", "No, how long does the link work?", "Which plan am I on?"
BEGINNING: Final = "Open the sign-in"  # of the answer to FIRST
KEYS: Final = {FIRST: "to you at once", NEXT: "one hour", OWN: "Team plan"}
"""The end of each answer."""
_ARTICLES: Final = {
    FIRST: "Open the sign-in page, choose Forgot password, and follow the link that we send to you at once.",
    NEXT: "The link in the mail works for one hour.",
}
_SLOW_S, _VERY_SLOW_S = 2.0, 5.0
_BACK_AFTER_S = 3.0
_OF_SPEECH: Final[dict[str, Fault]] = {
    "slow": Late(_SLOW_S),
    "very slow": Late(_VERY_SLOW_S),
    "hangs": Hangs(),
    "errors": Refuses(),
    "stalls": StopsMidway(),
}


class Stage:
    """One per row."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.struck = False
        self.question = OWN if row.part == "account" else NEXT

    async def strike(self, call: MemoryCall) -> None:
        """The part fails from now on."""
        self.struck = True
        row, speech = self.row, call.speech
        if row.part in ("recogniser", "speech server"):
            speech.hearing = _OF_SPEECH.get(row.fault)
        if row.part in ("voice", "speech server"):
            speech.speaking = _OF_SPEECH.get(row.fault)
        if row.fault in ("away", "restarts"):
            await speech.goes()
        if row.fault == "restarts":
            await asyncio.sleep(_BACK_AFTER_S)
            await speech.comes()

    async def search(self, question: str, context: Context) -> tuple[Evidence, ...]:
        """What the articles say."""
        await self._fail("search", DBDriverError(detail="scripted"))
        text = _ARTICLES[NEXT if "long" in question else FIRST]
        return found(question, replace(passage(text), sentences=(Sentence(text, 0.95),)))

    async def account_of(self, user_id: str) -> dict[str, Any] | None:
        """As the company's endpoint tells of the caller."""
        await self._fail("account", AccountUnavailableError(detail="scripted"))
        return {"name": "Maya", "plan": "team"}

    async def _fail(self, part: str, error: Exception) -> None:
        if not self.struck or self.row.part != part:
            return
        match self.row.fault:
            case "slow":
                await asyncio.sleep(_SLOW_S)
            case "hangs":
                await asyncio.Event().wait()
            case "errors":
                raise error
