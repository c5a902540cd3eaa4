"""What a scripted caller wants, knows and answers, and what has to come of it: the shape of a file in `evals/`."""

import re
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"“{pattern}” is no regular expression: {error}") from None
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]
"""A regular expression, found anywhere in what was said, in capitals or not."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Answer(_Part):
    """What has to come back to one line of the caller."""

    sources: tuple[str, ...] = ()
    """Titles of articles, each of which has to be shown."""
    says: tuple[Pattern, ...] = ()
    never: tuple[Pattern, ...] = ()
    unknown: bool = False
    """It has to say that it does not know, and show no source."""


class Answered(_Part):
    """Something that is answered."""

    answer: Answer = Answer()


class Line(Answered):
    """Something the caller says."""

    say: str


class Reaction(Line):
    """Said once, when what the assistant has said fits `when`."""

    when: Pattern


class Fact(Answered):
    """Told only when the assistant asks for it."""

    asked: Pattern
    tell: str


class Call(_Part):
    """One call. `questions` is what else the caller came for, in order; `closing` is said before they hang up."""

    greeting: tuple[Pattern, ...] = ()
    opening: Line
    facts: tuple[Fact, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    questions: tuple[Line, ...] = ()
    closing: str | None = "That is all, thank you. Goodbye."
    never: tuple[Pattern, ...] = ()


class Caller(_Part):
    """Who calls, as the company knows them."""

    name: str | None = None
    plan: str = "free"
    account: dict[str, Any] = Field(default_factory=dict)


class EndState(_Part):
    """One question to the database after the conversation, and its answer. `%(caller)s` is the caller's user id."""

    that: str
    sql: str
    equals: Any = Field(None, alias="is")
    matches: Pattern | None = None

    @model_validator(mode="after")
    def _one_answer(self) -> Self:
        if ("equals" in self.model_fields_set) == (self.matches is not None):
            raise ValueError("give either `is` or `matches`")
        return self


class Scenario(_Part):
    """A whole conversation: one call, or several of the same caller. `persona` is for people and models who read it."""

    name: str
    about: str
    persona: str
    caller: Caller
    calls: tuple[Call, ...] = Field(min_length=1)
    can_leave_tickets: bool = True
    """False plays an installation where no ticket can be delivered."""
    tickets: int = Field(0, ge=0)
    """How many tickets it leaves; nothing else of the database may change but the record and the summaries."""
    end: tuple[EndState, ...] = ()
