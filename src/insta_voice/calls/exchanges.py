"""A call as exchanges: each thing the caller said, with what answered it. Summaries and briefings tell them."""

from collections.abc import Sequence
from dataclasses import dataclass

from insta_voice.calls.models import Turn

_ANSWERS = {"answer", "account"}
_OPEN = {"unknown"}
_WAITING = {"filler"}  # said while an answer is being looked up
_QUESTION_CHARACTERS = 160  # a long question is recognised by its start


@dataclass(frozen=True, slots=True)
class Exchange:
    """`question` is what the caller said, on one line; `titles` and `kinds` are of all that was said to it."""

    question: str
    titles: tuple[str, ...]
    kinds: frozenset[str]

    @property
    def answered(self) -> bool:
        """Whether an article or the account answered it."""
        return bool(self.titles) or bool(self.kinds & _ANSWERS)

    @property
    def left_open(self) -> bool:
        """Whether it was a question that nothing answers."""
        return not self.answered and bool(self.kinds & _OPEN)


def exchanges_of(turns: Sequence[Turn]) -> list[Exchange]:
    """Each thing the caller said with what was heard until they spoke again; `turns` in order.

    A question with a pause in it is written as several turns, and an answer to its first part is cut before a sound:
    what nothing was heard of answers nothing, and what the caller said around it is one question.
    """
    exchanges: list[Exchange] = []
    asked: list[str] = []
    heard: list[Turn] = []
    for turn in turns:
        if turn.speaker == "caller":
            if heard:
                exchanges += _exchange(asked, heard)
                asked, heard = [], []
            asked.append(turn.text)
        elif turn.speaker == "assistant" and asked and turn.heard.strip() and turn.kind not in _WAITING:
            heard.append(turn)
    return exchanges + _exchange(asked, heard)


def _exchange(asked: Sequence[str], heard: Sequence[Turn]) -> list[Exchange]:
    if not asked:
        return []
    titles = dict.fromkeys(source.title for turn in heard for source in turn.sources)
    return [Exchange(_shortened(" ".join(asked)), tuple(titles), frozenset(turn.kind for turn in heard))]


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
