"""What is missing in a conversation, a sentence each: by its record and by what the database holds, not by taste."""

from collections.abc import Iterator

from insta_voice.evals.caller import found
from insta_voice.evals.held import Exchange, Held, HeldCall, Told

_NOT_KNOWING = (
    r"(?:\bnot|\bcannot|n['’]t)\b(?: \w+){0,4}? "
    r"(?:know|find|found|answer|say|cover|sure|able|help|see|show|tell|mention|information|have)\b"
    r"|\b(?:no|nothing|unable)\b(?: \w+){0,4}? (?:about|answer|article|articles|information|to)\b"
)
"""How people, models and our own sentences say that they have no answer."""


def shortcomings(held: Held) -> list[str]:
    """Empty when everything that the scenario expects came to be, and nothing else."""
    return [
        *(sentence for call in held.calls for sentence in _of_call(call)),
        *_of_changes(held),
        *(sentence for told in held.told if (sentence := _of_end(told))),
    ]


def _of_call(call: HeldCall) -> Iterator[str]:
    if call.broke:
        yield call.broke
    for pattern in call.script.greeting:
        if not found(pattern, call.greeting):
            yield f"the greeting does not say /{pattern}/: “{call.greeting}”"
    for exchange in call.exchanges:
        yield from (f"to “{exchange.line.say}” {what}: “{exchange.said}”" for what in _of_answer(exchange))
    for pattern in call.script.never:
        if found(pattern, call.said):
            yield f"/{pattern}/ was said in the call"
    for turn in call.record.turns:
        if turn.speaker == "assistant" and (turn.kind == "apology" or turn.mind not in ("app", call.mind)):
            yield f"{call.mind} did not answer: {turn.mind} said “{turn.heard}”"
        yield from (f"nothing it was given says “{claim}”" for claim in turn.unsupported if claim in turn.heard)
    if [turn.number for turn in call.record.turns] != list(range(1, len(call.record.turns) + 1)):
        yield "turns are missing in the record"
    if call.record.ended_at is None or call.record.summary is None:
        yield "the record was not closed with a summary"


def _of_answer(exchange: Exchange) -> Iterator[str]:
    wanted, shown = exchange.line.answer, exchange.titles
    if not exchange.said:
        yield "nothing was said"
    yield from (f"“{title}” was not shown" for title in wanted.sources if title not in shown)
    yield from (f"/{pattern}/ was not said" for pattern in wanted.says if not found(pattern, exchange.said))
    yield from (f"/{pattern}/ was said" for pattern in wanted.never if found(pattern, exchange.said))
    if wanted.unknown and shown:
        yield f"“{'”, “'.join(sorted(shown))}” was shown for what it cannot know"
    if wanted.unknown and not found(_NOT_KNOWING, exchange.said):
        yield "it did not say that it does not know"


def _of_changes(held: Held) -> Iterator[str]:
    """Tickets as the scenario says, a summary a call, nothing else new and nothing gone."""
    wanted = {"tickets": held.scenario.tickets, "interaction_summaries": len(held.calls)}
    new = [place for place, _ in (held.after - held.before).elements()]
    gone = [place for place, _ in (held.before - held.after).elements()]
    for place in sorted({*wanted, *new, *gone}):
        if new.count(place) != wanted.get(place, 0):
            yield f"{place}: {new.count(place)} new, where {wanted.get(place, 0)} were to be"
        if gone.count(place):
            yield f"{place}: {gone.count(place)} changed or gone"


def _of_end(told: Told) -> str:
    question = told.question
    if told.error:
        return f"“{question.that}” cannot be asked of the database: {told.error}"
    if question.matches is not None:
        fits, wanted = found(question.matches, str(told.value)), f"/{question.matches}/"
    else:
        fits, wanted = told.value == question.equals, repr(question.equals)
    return "" if fits else f"“{question.that}” is not so: {told.value!r} instead of {wanted}"
