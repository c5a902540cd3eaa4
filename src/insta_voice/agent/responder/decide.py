"""One turn, one decision. The order here is the order in which an utterance is understood."""

from collections.abc import Callable, Mapping

from insta_voice.agent.responder import again, handover, small_talk
from insta_voice.agent.responder.answering import answer_question
from insta_voice.agent.responder.consent import Reply, reply_to_ticket
from insta_voice.agent.responder.goodbye import goodbye
from insta_voice.agent.responder.hearing import unheard
from insta_voice.agent.responder.intents import Intent, intents
from insta_voice.agent.responder.turn import Decision, TurnView


def decide(turn: TurnView) -> Decision:
    """What to say, or which tool to call first. Pure: the same turn gives the same decision."""
    meant = intents(turn.heard)
    decision: Decision | None = handover.ticket_result(turn) or unheard(turn, meant)
    if decision is not None:
        return decision
    if turn.chosen is not None:
        return answer_question(turn)
    if turn.last is not None and turn.last.offer is not None:
        decision = _reply_to_offer(turn, meant)
        if decision is not None:
            return decision
    for intent, act in _ACTS.items():
        if intent in meant and (decision := act(turn)) is not None:
            return decision
    return answer_question(turn)


def _reply_to_offer(turn: TurnView, meant: frozenset[Intent]) -> Decision | None:
    """ "Yes" and "no" belong to the assistant's own question; anything else is a turn of its own. "Yes" says not which
    of two is meant: they are named again, once.
    """
    assert turn.last is not None
    if turn.last.offer == "choice":
        return again.repeat(turn) if Intent.YES in meant and turn.last.kind == "clarify" else None
    if turn.last.offer != "anything_else":
        return _reply_to_ticket(turn, meant)
    if Intent.NO in meant:
        return goodbye(turn)
    if Intent.YES in meant and Intent.THANKS not in meant:
        return small_talk.say("go ahead", turn, "clarify")
    return None


def _reply_to_ticket(turn: TurnView, meant: frozenset[Intent]) -> Decision | None:
    """A ticket cannot be taken back: what is neither clear yes nor no is asked once more, and then counts as no."""
    assert turn.last is not None
    match reply_to_ticket(turn, meant):
        case Reply.YES:
            return handover.open_ticket(turn)
        case Reply.UNCLEAR if turn.last.offer == "ticket":
            return small_talk.say("offer again", turn, "handover", offer="ticket_again")
        case Reply.NO | Reply.UNCLEAR:
            return small_talk.say("declined", turn, "clarify")
        case None:
            return None


_ACTS: Mapping[Intent, Callable[[TurnView], Decision | None]] = {
    Intent.GOODBYE: goodbye,
    Intent.TICKET: handover.open_ticket,
    Intent.HUMAN: handover.asked_for_person,
    Intent.SLOWER: again.slower,
    Intent.REPEAT: again.repeat,
    Intent.CONTINUE: again.go_on,
    Intent.WHY: again.reason,
    Intent.NOT_HELPED: small_talk.not_helped,
    Intent.PRESENCE: lambda turn: small_talk.say("presence", turn, "greeting"),
    Intent.IDENTITY: lambda turn: small_talk.say("identity", turn, "greeting", company=turn.company.name),
    Intent.ABILITY: lambda turn: small_talk.say("ability", turn, "greeting", company=turn.company.name),
    Intent.OPENING: lambda turn: small_talk.say("opening", turn, "clarify"),
    Intent.PAUSE: lambda turn: small_talk.say("pause", turn, "clarify"),
    Intent.THANKS: small_talk.thanks,
    Intent.GREETING: small_talk.greeting,
    Intent.ACKNOWLEDGE: small_talk.acknowledge,
    Intent.YES: lambda turn: small_talk.say("go ahead", turn, "clarify"),
    Intent.NO: lambda turn: small_talk.say("declined", turn, "clarify"),
}
