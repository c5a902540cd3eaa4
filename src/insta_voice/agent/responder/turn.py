"""What one turn looks like to the responder, and what it decides: plain values, no LiveKit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from insta_voice.knowledge.evidence import Evidence, Passage

Kind = Literal[
    "answer", "account", "greeting", "thanks", "repeat", "slower", "goodbye",
    "handover", "ticket", "unknown", "clarify", "noise", "silence",
]  # fmt: skip

Offer = Literal["ticket", "ticket_again", "anything_else", "choice"]
"""What the assistant asked at the end of a turn, so that "yes" and "no" mean something in the next.

"ticket_again": the answer to "ticket" was neither, and it is asked for once more. "choice": which of two articles the
caller means; the search understands the reply.
"""


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence of an article, word for word, and the passage it stands in."""

    passage: Passage
    quote: str


@dataclass(frozen=True, slots=True)
class Part:
    """One spoken piece: with a citation it is the article's sentence for the ear, without one it is ours."""

    text: str
    citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """Speak `parts`, in order. `more` is what the same article says next, for "tell me more". `question`: what it
    answers, where that was asked before what was heard."""

    kind: Kind
    parts: tuple[Part, ...]
    offer: Offer | None = None
    more: tuple[Part, ...] = ()
    missed: bool = False  # nothing was understood; a second miss in a row changes what is said
    question: str = ""

    @property
    def text(self) -> str:
        return " ".join(part.text for part in self.parts if part.text)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Each cited sentence once, in spoken order."""
        cited = (part.citation for part in self.parts)
        return tuple(dict.fromkeys(citation for citation in cited if citation is not None))


@dataclass(frozen=True, slots=True)
class Call:
    """Call `tool`; the turn is decided again once its result is there."""

    tool: str
    arguments: Mapping[str, object] = field(default_factory=dict)


Decision = Say | Call


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool called in this turn gave back: its output as text, or the sentence of its error."""

    tool: str
    output: str
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class PastTurn:
    """An earlier turn: what was heard of the caller, what was decided, and how much of it the caller heard."""

    heard: str
    said: Say | None = None  # None: not ours (the app's greeting, another model, an earlier process)
    spoken: str = ""
    interrupted: bool = False

    @property
    def asked(self) -> str:
        """The question of the turn: what was heard, or what that decided."""
        return (self.said.question if self.said is not None else "") or self.heard


@dataclass(frozen=True, slots=True)
class Company:
    """Who the assistant speaks for, and what it may promise."""

    name: str
    support_contact: str
    can_deliver_tickets: bool
    answer_confidence: float  # 0 to 1; evidence below it is not answered from


@dataclass(frozen=True, slots=True)
class TurnView:
    """All that a decision depends on. The same view gives the same decision."""

    heard: str
    company: Company
    evidence: tuple[Evidence, ...] | None = None  # None: retrieval did not run or failed
    past: tuple[PastTurn, ...] = ()
    results: tuple[ToolResult, ...] = ()
    tools: frozenset[str] = frozenset()
    recognition_confidence: float | None = None  # 0 to 1, where the recogniser gives one

    @property
    def number(self) -> int:
        """Counts the turns of the call: authored sentences vary with it."""
        return len(self.past)

    @property
    def last(self) -> Say | None:
        """What the responder said last, if it was the one who spoke."""
        return self.past[-1].said if self.past else None

    @property
    def answerable(self) -> bool:
        """Whether the articles answer what was heard, or a part of it."""
        return any(e.answerable and e.confidence >= self.company.answer_confidence for e in self.evidence or ())

    @property
    def chosen(self) -> Evidence | None:
        """What was found for the question that the caller was asked back about, where they have decided it."""
        return next((e for e in self.evidence or () if e.chosen), None)

    def result_of(self, tool: str) -> ToolResult | None:
        return next((result for result in reversed(self.results) if result.tool == tool), None)
