"""What came of a conversation: each line with what was said to it, the record of each call, and what has changed."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from insta_voice.calls import CallDetail, Turn
from insta_voice.evals.scenario import Call, EndState, Line, Scenario

Rows = Counter[tuple[str, str]]
"""Rows by their table and digest."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One line of the caller, and the assistant's turns until the caller speaks again."""

    line: Line
    turns: tuple[Turn, ...]

    @property
    def said(self) -> str:
        return said(self.turns)

    @property
    def titles(self) -> set[str]:
        """Of the sources that were shown."""
        return {source.title for turn in self.turns for source in turn.sources}


@dataclass(frozen=True, slots=True)
class HeldCall:
    """One call, to its end and its summary; `broke` says why it did not come to the end of its script."""

    script: Call
    mind: str
    greeting: str
    exchanges: tuple[Exchange, ...]
    record: CallDetail
    broke: str = ""

    @property
    def said(self) -> str:
        """All that was heard of the assistant."""
        return said(self.record.turns)


@dataclass(frozen=True, slots=True)
class Told:
    """What the database answers to one question after the conversation; `error` when it could not be asked."""

    question: EndState
    value: object = None
    error: str = ""


_Points = Annotated[int, Field(ge=1, le=5)]


class Opinion(BaseModel):
    """What a language model thinks of a conversation, 1 to 5."""

    model_config = ConfigDict(frozen=True, strict=True)
    helpful: _Points
    kind: _Points
    spoken: _Points
    why: str


@dataclass(frozen=True, slots=True)
class NoOpinion:
    """Why there is none."""

    why: str


@dataclass(frozen=True, slots=True)
class Held:
    """A whole conversation, with the database before and after it."""

    scenario: Scenario
    calls: tuple[HeldCall, ...] = ()
    before: Rows = field(default_factory=Counter)
    after: Rows = field(default_factory=Counter)
    told: tuple[Told, ...] = ()
    took_s: float = 0.0
    opinion: Opinion | NoOpinion | None = None  # of a judge, where one was asked

    @property
    def usd(self) -> Decimal:
        """What the models cost, as far as it is known."""
        return sum((call.record.spending.usd for call in self.calls), Decimal(0))


def titles_of(turn: Turn) -> list[str]:
    """Of its sources, each once: an answer cites several sentences of an article."""
    return list(dict.fromkeys(source.title for source in turn.sources))


def said(turns: tuple[Turn, ...]) -> str:
    """What was heard of the assistant in `turns`."""
    return " ".join(turn.heard for turn in turns if turn.speaker == "assistant" and turn.heard)
