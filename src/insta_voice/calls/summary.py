"""What a call was about, from its turns alone: asked, answered from where, left open. The same turns, the same words.

Written so that the next greeting can come back to `open_question` ("Last time we could not settle …").
"""

from collections.abc import Sequence
from dataclasses import dataclass

from insta_voice.calls.models import Ticket, Turn

_ANSWERS = {"answer", "account"}
_OPEN = {"unknown"}
_PERSON = {"handover", "ticket"}
_QUESTION_CHARACTERS = 160  # a long question is recognised by its start


@dataclass(frozen=True, slots=True)
class SummaryDraft:
    """`solved` is None when nothing was asked."""

    summary: str
    topics: tuple[str, ...]
    open_question: str | None
    solved: bool | None


@dataclass(frozen=True, slots=True)
class _Exchange:
    question: str
    titles: tuple[str, ...]
    kinds: frozenset[str]

    @property
    def answered(self) -> bool:
        return bool(self.titles) or bool(self.kinds & _ANSWERS)

    @property
    def left_open(self) -> bool:
        return not self.answered and bool(self.kinds & _OPEN)


def summarize(turns: Sequence[Turn], tickets: Sequence[Ticket]) -> SummaryDraft:
    """Summarize a whole call; `turns` in order."""
    exchanges = _exchanges(turns)
    answered = {_normal(exchange.question) for exchange in exchanges if exchange.answered}
    unsettled = [e for e in exchanges if e.left_open and _normal(e.question) not in answered]
    sentences = [_sentence(exchange) for exchange in exchanges]
    sentences += [f"Left for the team: “{ticket.subject}”." for ticket in tickets]
    if not tickets and any(exchange.kinds & _PERSON for exchange in exchanges):
        sentences.append("Asked for a person.")
    said = [sentence for sentence in sentences if sentence]
    asked = bool(answered or unsettled)
    return SummaryDraft(
        summary=" ".join(said) or "Nothing was asked.",
        topics=tuple(dict.fromkeys(title for exchange in exchanges for title in exchange.titles)),
        open_question=unsettled[-1].question if unsettled else None,
        solved=not unsettled if asked else None,
    )


def _exchanges(turns: Sequence[Turn]) -> list[_Exchange]:
    """Each thing the caller said with what followed until they spoke again."""
    exchanges: list[_Exchange] = []
    question: str | None = None
    titles: list[str] = []
    kinds: set[str] = set()
    for turn in turns:
        if turn.speaker == "caller":
            if question is not None:
                exchanges.append(_Exchange(question, tuple(dict.fromkeys(titles)), frozenset(kinds)))
            question, titles, kinds = _shortened(turn.text), [], set()
        elif turn.speaker == "assistant":
            titles += [source.title for source in turn.sources]
            kinds.add(turn.kind)
    if question is not None:
        exchanges.append(_Exchange(question, tuple(dict.fromkeys(titles)), frozenset(kinds)))
    return exchanges


def _sentence(exchange: _Exchange) -> str:
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


def _normal(question: str) -> str:
    return "".join(letter for letter in question.casefold() if letter.isalnum())
