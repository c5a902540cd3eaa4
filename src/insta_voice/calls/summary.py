"""What a call was about, from its turns alone: asked, answered from where, left open. The same turns, the same words.

Written so that the next greeting can come back to `open_question` ("Last time we could not settle …").
"""

from collections.abc import Sequence
from dataclasses import dataclass

from insta_voice.calls.exchanges import exchanges_of, told
from insta_voice.calls.models import Ticket, Turn

_PERSON = {"handover", "ticket"}


@dataclass(frozen=True, slots=True)
class SummaryDraft:
    """`solved` is None when nothing was asked."""

    summary: str
    topics: tuple[str, ...]
    open_question: str | None
    solved: bool | None


def summarize(turns: Sequence[Turn], tickets: Sequence[Ticket]) -> SummaryDraft:
    """Summarize a whole call; `turns` in order."""
    exchanges = exchanges_of(turns)
    answered = {_normal(exchange.question) for exchange in exchanges if exchange.answered}
    unsettled = [e for e in exchanges if e.left_open and _normal(e.question) not in answered]
    sentences = [told(exchange) for exchange in exchanges]
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


def _normal(question: str) -> str:
    return "".join(letter for letter in question.casefold() if letter.isalnum())
