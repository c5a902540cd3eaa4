"""A call as exchanges: each thing the caller said, with what answered it. Summaries and briefings tell them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from insta_voice.calls.models import Turn

_ANSWERS = {"answer", "account"}
_OPEN = {"unknown"}
_ASKED_BACK = {"clarify"}
_WAITING = {"filler"}  # said while an answer is being looked up
_QUESTION_CHARACTERS = 160  # a long question is recognised by its start


@dataclass(frozen=True, slots=True)
class Exchange:
    """`question` is what the caller said, on one line; `titles` and `kinds` are of all that was said to it, `searched`
    the questions that the articles were asked for it.
    """

    question: str
    titles: tuple[str, ...]
    kinds: frozenset[str]
    searched: frozenset[str] = frozenset()

    @property
    def answered(self) -> bool:
        """Whether an article or the account answered it."""
        return bool(self.titles) or bool(self.kinds & _ANSWERS)

    @property
    def left_open(self) -> bool:
        """Whether it was a question that nothing answers."""
        return not self.answered and (bool(self.kinds & _OPEN) or self.asked_back)

    @property
    def asked_back(self) -> bool:
        """Whether the caller was asked which of two articles it is about: of no other `clarify` is a search kept."""
        return self.kinds == _ASKED_BACK and bool(self.searched)


def exchanges_of(turns: Sequence[Turn]) -> list[Exchange]:
    """Each thing the caller said with what was heard until they spoke again; `turns` in order.

    A question with a pause in it is written as several turns, and an answer to its first part is cut before a sound:
    what nothing was heard of answers nothing, and what the caller said around it is one question. A question that was
    asked back is one exchange with the reply that decided it.
    """
    exchanges: list[Exchange] = []
    asked: list[str] = []
    heard: list[Turn] = []
    for turn in turns:
        if turn.speaker == "caller":
            if heard:
                exchanges = _with_exchange(exchanges, asked, heard)
                asked, heard = [], []
            asked.append(turn.text)
        elif turn.speaker == "assistant" and asked and turn.heard.strip() and turn.kind not in _WAITING:
            heard.append(turn)
    return _with_exchange(exchanges, asked, heard)


def last_said_at(turns: Sequence[Turn]) -> datetime | None:
    """When the caller last began to say more than the goodbye that was answered with one; None when they never did."""
    before = last = None
    for turn in turns:
        if turn.speaker == "caller":
            before, last = last, turn.started_at
        elif turn.kind == "goodbye":
            last = before
        else:
            before = last
    return last


def _with_exchange(before: list[Exchange], asked: Sequence[str], heard: Sequence[Turn]) -> list[Exchange]:
    if not asked:
        return before
    searched = frozenset(search.question for turn in heard for search in turn.searches)
    titles = dict.fromkeys(source.title for turn in heard for source in turn.sources)
    kinds = frozenset(turn.kind for turn in heard)
    decided = next((one for one in reversed(before) if one.asked_back and one.searched & searched), None)
    if decided is None:
        return [*before, Exchange(_shortened(" ".join(asked)), tuple(titles), kinds, searched)]
    others = [one for one in before if one is not decided]
    return [*others, Exchange(decided.question, tuple(titles), kinds, searched)]


def told(exchange: Exchange) -> str:
    """A sentence about a question and its answer; empty for what was none."""
    if exchange.titles:
        articles = " and ".join(f"“{title}”" for title in exchange.titles)
        return f"Asked “{exchange.question}”: answered from {articles}."
    if "account" in exchange.kinds:
        return f"Asked “{exchange.question}”: answered from the account."
    if exchange.answered:
        return f"Asked “{exchange.question}”: answered."
    if exchange.left_open:
        return f"Asked “{exchange.question}”: no article answers it."
    return ""


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    if len(words) <= _QUESTION_CHARACTERS:
        return words
    return words[:_QUESTION_CHARACTERS].rsplit(" ", 1)[0] + "…"
