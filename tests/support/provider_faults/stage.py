"""The call of one row: what is asked and answered in it, and what breaks."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Final

from tests.support.memory_call.call import MemoryCall
from tests.support.minds import found, passage
from tests.support.openai import UNAUTHORIZED, to
from tests.support.openai import call as tool_call
from tests.support.openai.faults import Fault
from tests.support.openai.script import Line
from tests.support.provider_faults.noted import Noted
from tests.support.provider_faults.rows import WHERE, Row

from insta_voice.knowledge import Context, Evidence, Sentence

FIRST, NEXT = "How do I reset my password?", "How long does that link work?"
BEGINNING: Final = "Open the sign-in page"  # of every answer to FIRST
FIRST_KEY, NEXT_KEY = "link in the mail", "one hour"  # the end of every answer to them
_ARTICLES: Final = {
    FIRST_KEY: "Open the sign-in page, choose Forgot password, and follow the link in the mail.",
    NEXT_KEY: "The link in the mail works for one hour.",
}
_ANSWER: Final = (
    "Open the sign-in page first, and then choose Forgot password there. "
    "You will get a mail at once, so please look for it, and follow the link in the mail."
)
_NEXT_ANSWER: Final = "It works for one hour."
_LOOKED_UP: Final = "how the reset by mail works"
_TOOL_TAKES_S: Final = 1.0
BREAKS_AFTER_S: Final = 0.3  # of a tool, or of a silence


@dataclass
class Stage:
    """The call of one row, and its fault."""

    row: Row
    struck: list[float] = field(default_factory=list)
    known: dict[str, Context] = field(default_factory=dict)  # what a search knew of the conversation, by its question
    in_tool: Callable[[], Awaitable[None]] | None = None
    call: MemoryCall | None = None

    async def search(self, question: str, context: Context) -> tuple[Evidence, ...]:
        """What the articles say; the tool's own search takes its time."""
        self.known.setdefault(question, context)
        if question == _LOOKED_UP and self.in_tool is not None:
            during, self.in_tool = self.in_tool, None
            await asyncio.sleep(BREAKS_AFTER_S)
            await during()
            await asyncio.sleep(_TOOL_TAKES_S - BREAKS_AFTER_S)
        text = _ARTICLES[NEXT_KEY if "long" in question else FIRST_KEY]
        return found(question, replace(passage(text), sentences=(Sentence(text, 0.95),)))

    def strikes(self) -> None:
        self.struck.append(asyncio.get_running_loop().time())

    def fault(self) -> Fault:
        return Noted(self.row.script(), self.strikes)

    async def fail_next(self) -> None:
        """The next request to this provider meets the fault."""
        assert self.call is not None
        self.call.openai.fail(WHERE[self.row.provider], self.fault())

    async def break_connection(self) -> None:
        """What a realtime model's connection has, now."""
        assert self.call is not None
        self.strikes()
        session = self.call.openai.sessions[-1]
        match self.row.fault:
            case "401":
                self.call.openai.fail_always("realtime", UNAUTHORIZED)
                session.cut()
            case "socket cut":
                session.cut()
            case "session expiry":
                await session.expire()
            case _:
                await session.spoil()

    def lines(self) -> list[Line]:
        """What the model says: twice, as some of it is lost."""
        tool = [to("password", tool_call("answer_from_company_kb", question=_LOOKED_UP))]
        if self.row.is_joined:
            return [*tool, to("How long", f"{_ANSWER} {_NEXT_ANSWER}")]
        looks_up = self.row.moment == "during a tool"
        return [*(tool if looks_up else []), *[to("password", _ANSWER), to("How long", _NEXT_ANSWER)] * 3]
