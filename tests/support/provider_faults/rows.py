"""Which provider fails how and when: every combination that can be."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from tests.support.openai import BROKEN, UNAUTHORIZED, Cut, Expired, Failed, HalfCall, Late, Malformed, Overlap, Stall
from tests.support.openai.faults import Fault
from tests.support.openai.refusals import rate_limited
from tests.support.openai.server import Where

from insta_voice.voice.needs import Mode

Provider = Literal["realtime model", "language model", "recogniser", "voice"]
Moment = Literal["before the answer", "during its speech", "between two turns", "during a tool"]

WHERE: Final[dict[Provider, Where]] = {
    "realtime model": "response",
    "language model": "chat",
    "recogniser": "transcriptions",
    "voice": "speech",
}
SILENT: Final = {"slow first byte", "stall in mid-sentence"}
"""Nobody tells: such a fault shows only in what is not heard."""
_MIDST: Final = 12  # words: half an answer, of which the first are heard by then
_MIDST_OF_CLAUSE: Final = 3  # the voice is asked clause by clause
# Of a realtime model it is the connection that breaks, whatever goes over it at that moment.
OF_THE_CONNECTION: Final = {"401", "socket cut", "session expiry", "malformed event"}

_AT_FIRST: Final[dict[str, Fault]] = {
    "slow first byte": Late(),
    "401": UNAUTHORIZED,
    "429 with Retry-After": rate_limited(),
    "500": BROKEN,
    "socket cut": Cut(after=0),
    "session expiry": Expired(after=0),
    "malformed event": Malformed(after=0),
    "half a tool call": HalfCall(),
    "overlap": Overlap(),
}
_OF_AN_ANSWER: Final = {"stall in mid-sentence", "socket cut", "session expiry", "malformed event"}
_OF_A_RESPONSE: Final = _OF_AN_ANSWER | {"401", "429 with Retry-After", "500"}  # which fails in its middle too
_REALTIME_ONLY: Final = {"session expiry", "overlap"}


@dataclass(frozen=True, slots=True)
class Row:
    """One of the table."""

    provider: Provider
    fault: str
    moment: Moment

    def __str__(self) -> str:
        return f"{self.provider}: {self.fault} {self.moment}"

    @property
    def mode(self) -> Mode:
        return "realtime" if self.provider == "realtime model" else "pipeline"

    @property
    def question(self) -> int:
        """Which of the caller's two questions meets the fault."""
        spoken_later = self.provider == "recogniser" and self.moment != "before the answer"
        return int(spoken_later or self.moment == "between two turns")

    @property
    def is_joined(self) -> bool:
        """Whether the two questions are one turn: what is said before an answer is heard belongs to its question."""
        return self.provider == "recogniser" and self.moment == "during a tool"

    @property
    def is_silent(self) -> bool:
        return self.fault in SILENT

    @property
    def breaks_connection(self) -> bool:
        """Whether it happens to the connection, and not to an answer."""
        if self.provider != "realtime model" or self.fault not in OF_THE_CONNECTION:
            return False
        return self.fault == "401" or self.moment in ("between two turns", "during a tool")

    def script(self) -> Fault:
        """As the scripted OpenAI plays it."""
        if self.moment == "during its speech" and self.provider != "recogniser":
            return _in_the_midst(self.fault, _MIDST_OF_CLAUSE if self.provider == "voice" else _MIDST)
        return {"stall in mid-sentence": Stall(after=2), **_AT_FIRST}[self.fault]


def rows() -> tuple[Row, ...]:
    """All of them."""
    return tuple(
        Row(provider, fault, moment)
        for provider in WHERE
        for moment, faults in _faults_of(provider)
        for fault in faults
    )


def _faults_of(provider: Provider) -> Iterator[tuple[Moment, list[str]]]:
    can = [fault for fault in ("stall in mid-sentence", *_AT_FIRST) if _can_have(provider, fault)]
    answering = [fault for fault in can if fault != "half a tool call"]
    if provider == "recogniser":  # it fails while the caller speaks: what the assistant does then is the moment
        yield "before the answer", answering
        yield "during its speech", answering
    else:
        yield "before the answer", [fault for fault in answering if fault in _AT_FIRST]
        midst = _OF_A_RESPONSE if provider == "realtime model" else _OF_AN_ANSWER
        yield "during its speech", [fault for fault in answering if fault in midst]
    yield "between two turns", answering
    yield "during a tool", can


def _can_have(provider: Provider, fault: str) -> bool:
    if fault == "half a tool call":
        return provider in ("realtime model", "language model")
    return fault not in _REALTIME_ONLY or provider == "realtime model"


def _in_the_midst(fault: str, after: int) -> Fault:
    return {
        "stall in mid-sentence": Stall(after),
        "socket cut": Cut(after),
        "session expiry": Expired(after),
        "malformed event": Malformed(after),
        "429 with Retry-After": Failed(rate_limited(), after),
        "500": Failed(BROKEN, after),
    }[fault]
