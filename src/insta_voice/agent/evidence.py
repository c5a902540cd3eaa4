"""Evidence for a turn: searched once, before the mind, ahead of its end where its words could be foreseen, and kept for
as long as the turn lasts.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from livekit.agents import llm

from insta_voice.agent.prompts import NO_EVIDENCE, told
from insta_voice.errors import DBDriverError, InstaVoiceError
from insta_voice.knowledge import Choice, Context, Evidence

Gather = Callable[[str, Context], Awaitable[tuple[Evidence, ...]]]

# Usually 20 to 60 ms. The caller has waited 0.5 s already, and 4 s of unexplained silence is the most.
_TIMEOUT_S = 2.5
_AGAIN_TIMEOUT_S = 1.0  # for the tool, after the turn's own search has failed
_LAST_QUESTIONS = 4
_FORESEEN = 8  # of one turn, while its words grow
# Turns of the caller in which they may choose, what is no reply among them: by the third they talk of something else.
_TURNS_TO_CHOOSE = 2


@dataclass(frozen=True, slots=True)
class Found:
    """`error` is set when the search could not be done; `evidence` is empty then."""

    evidence: tuple[Evidence, ...]
    took_ms: float
    error: InstaVoiceError | None = None


class TurnEvidence:
    """One per call. `gather` searches as this call's user."""

    def __init__(self, gather: Gather, *, timeout_s: float = _TIMEOUT_S) -> None:
        """`timeout_s`: how long a caller waits for the evidence of a turn."""
        self._gather = gather
        self._timeout_s = timeout_s
        self._turn = ""
        self._found: dict[str, Found] = {}
        self._foreseen: dict[str, tuple[Context, asyncio.Task[Found]]] = {}  # of the turn that is to begin
        self._ready: dict[str, tuple[Context, asyncio.Task[Found]]] = {}  # of the one that has begun
        self._failed = False  # in this turn
        self._turns_to_choose = 0  # that are left, of the caller
        self.conversation = Context(None, None, ())

    async def for_turn(self, turn: str, heard: str) -> Found:
        """`turn` identifies the caller's turn: asking again in it costs nothing."""
        if turn != self._turn:
            self.begin_turn(turn)
        return await self.look_up(heard)

    def begin_turn(self, turn: str) -> None:
        """What was found before is not of this turn."""
        self._turn, self._found, self._failed = turn, {}, False
        self._ready, self._foreseen = self._foreseen, {}
        if self._turns_to_choose == 0:
            self.asked_back(None)
        self._turns_to_choose -= 1

    async def look_up(self, question: str) -> Found:
        """A further question in the same turn (the tool's); the turn's own question is not searched twice."""
        key = _key(question)
        if key not in self._found:
            found = await self._made_ready(key) or await self._search(question)
            self._failed = found.error is not None
            if self._failed:
                return found
            self._found[key] = found
        return self._found[key]

    def is_foreseen(self, heard: str) -> bool:
        """Whether this is searched, or found, for a turn that may say it."""
        before = self._foreseen.get(_key(heard))
        return before is not None and before[0] == self.conversation

    async def foresee(self, heard: str) -> Found:
        """The evidence for a turn that is not over and may go on. It is there at once when the turn begins and asks
        with these words, and gone when it does not. Nothing else comes of it.
        """
        key = _key(heard)
        if not self.is_foreseen(heard):
            search = asyncio.create_task(self._search(heard), name="search-ahead")
            self._foreseen[key] = self.conversation, search
            for oldest in list(self._foreseen)[:-_FORESEEN]:
                self._foreseen.pop(oldest)[1].cancel()
        return await asyncio.shield(self._foreseen[key][1])

    def forget_foreseen(self) -> None:
        """The call is over: what is still searched is not needed."""
        for _, search in (*self._foreseen.values(), *self._ready.values()):
            search.cancel()

    @property
    def in_turn(self) -> tuple[Evidence, ...]:
        """All that has been found in this turn until now."""
        return tuple(part for found in self._found.values() for part in found.evidence)

    def answered(self, question: str, article_id: str | None) -> None:
        """The turn is over: follow-ups are understood against it, and nothing found for it is given again."""
        self._found = {}
        questions = (*self.conversation.questions, question)[-_LAST_QUESTIONS:]
        last_article = article_id or self.conversation.last_article_id
        self.conversation = replace(
            self.conversation, last_question=question, last_article_id=last_article, questions=questions
        )

    def asked_back(self, choice: Choice | None) -> None:
        """What the caller was asked to choose between, when the turn was over; None when they were not."""
        self.conversation = replace(self.conversation, choice=choice)
        self._turns_to_choose = _TURNS_TO_CHOOSE

    async def _made_ready(self, key: str) -> Found | None:
        """What was foreseen for this question, unless it failed, or the conversation asks it differently now."""
        conversation, search = self._ready.get(key, (None, None))
        if search is None or conversation != self.conversation or search.cancelled():
            return None
        started = time.perf_counter()
        found = await asyncio.shield(search)
        return replace(found, took_ms=_ms_since(started)) if found.error is None else None

    async def _search(self, question: str) -> Found:
        started = time.perf_counter()
        try:
            async with asyncio.timeout(_AGAIN_TIMEOUT_S if self._failed else self._timeout_s):
                evidence = await self._gather(question, self.conversation)
        except TimeoutError:
            return Found((), _ms_since(started), DBDriverError(detail="search timed out"))
        except InstaVoiceError as error:
            return Found((), _ms_since(started), error)
        return Found(evidence, _ms_since(started))


def _key(question: str) -> str:
    return " ".join(question.lower().split()).rstrip("?.! ")


def _ms_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)


def with_evidence(chat_ctx: llm.ChatContext, found: Found | None) -> llm.ChatContext:
    """A copy with what was found: `extra["evidence"]` is what the grounded responder reads; the text is what a
    language model reads.
    """
    context = chat_ctx.copy()
    if found is None:
        return context
    if found.error is not None:
        context.add_message(role="system", content=NO_EVIDENCE)
        return context
    message = context.add_message(role="system", content=as_material(found.evidence))
    message.extra["evidence"] = found.evidence
    return context


def as_material(evidence: tuple[Evidence, ...]) -> str:
    """The evidence for a language model: material, marked as such, never instructions."""
    lines = [told("evidence")]
    for part in evidence:
        lines.append("\n" + told(_verdict(part), question=part.question))
        passages = part.passages if part.choice is None else part.choice.candidates
        lines += [f"[{passage.title} › {passage.heading}]\n{passage.text}" for passage in passages]
    return "\n".join(lines)


def _verdict(part: Evidence) -> str:
    if part.choice is not None:
        return "evidence_of_two"
    return "evidence_may_answer" if part.answerable else "evidence_does_not_answer"
