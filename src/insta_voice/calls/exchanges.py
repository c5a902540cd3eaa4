"""A call as exchanges: each thing the caller said, with what answered it. Summaries and briefings tell them."""

from collections.abc import Sequence
from dataclasses import dataclass

from insta_voice.calls.models import Turn

_ANSWERS = {"answer", "account"}
_OPEN = {"unknown"}
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
    """Each thing the caller said with what followed until they spoke again; `turns` in order."""
    exchanges: list[Exchange] = []
    question: str | None = None
    titles: list[str] = []
    kinds: set[str] = set()
    for turn in turns:
        if turn.speaker == "caller":
            if question is not None:
                exchanges.append(Exchange(question, tuple(dict.fromkeys(titles)), frozenset(kinds)))
            question, titles, kinds = _shortened(turn.text), [], set()
        elif turn.speaker == "assistant":
            titles += [source.title for source in turn.sources]
            kinds.add(turn.kind)
    if question is not None:
        exchanges.append(Exchange(question, tuple(dict.fromkeys(titles)), frozenset(kinds)))
    return exchanges


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
