"""The simulated caller: opens, reacts to what the assistant says, tells facts when asked, and hangs up when done."""

import re
from collections import Counter
from collections.abc import Sequence

from insta_voice.evals.scenario import Answer, Call, Fact, Line, Reaction

# Whoever asks a third time does not listen: the caller goes on with what they came for.
_TOLD_AT_MOST = 2
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")
_REQUEST = re.compile(r"\?$|\b(?:tell|give|let) me\b|\bplease\b", re.IGNORECASE)


class SimulatedCaller:
    """Plays one call of a scenario. Every line but a fact is said once, so the call comes to its end."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._told: Counter[Fact] = Counter()
        self._reactions = list(call.reactions)
        self._questions = list(call.questions)
        self._closed = False

    def opens(self) -> Line:
        """The first words."""
        return self._call.opening

    def hears(self, said: str) -> Line | None:
        """What the caller says next; None when they hang up."""
        if self._closed:
            return None
        if fact := _asked_for(self._call.facts, said, self._told):
            self._told[fact] += 1
            return Line(say=fact.tell, answer=fact.answer)
        if reaction := _fitting(self._reactions, said):
            self._reactions.remove(reaction)
            return reaction
        if self._questions:
            return self._questions.pop(0)
        self._closed = True
        return Line(say=self._call.closing, answer=Answer()) if self._call.closing else None


def _asked_for(facts: Sequence[Fact], said: str, told: Counter[Fact]) -> Fact | None:
    requests = [sentence for sentence in _SENTENCE_END.split(said.strip()) if _REQUEST.search(sentence)]
    for fact in facts:
        if told[fact] < _TOLD_AT_MOST and any(found(fact.asked, request) for request in requests):
            return fact
    return None


def _fitting(reactions: Sequence[Reaction], said: str) -> Reaction | None:
    return next((reaction for reaction in reactions if found(reaction.when, said)), None)


def found(pattern: str, said: str) -> bool:
    """Whether `pattern` is anywhere in `said`."""
    return re.search(pattern, said, re.IGNORECASE) is not None
