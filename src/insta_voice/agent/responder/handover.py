"""When the articles do not help: saying so, offering a person, and opening the ticket once the caller agrees."""

from insta_voice.agent.responder.intents import Intent, intents
from insta_voice.agent.responder.sentences import sentence
from insta_voice.agent.responder.spoken import finished, say_address, spoken
from insta_voice.agent.responder.turn import Call, Kind, Part, Say, TurnView
from insta_voice.agent.responder.words import core

TICKET_TOOL = "open_ticket"
_SUBJECT_LETTERS = 120  # a line of a ticket list
_GENERAL_SUBJECT = "The caller asks to be contacted"
_NO_SUBJECT = frozenset({"greeting", "thanks", "repeat", "slower", "goodbye", "noise", "silence", "clarify", "ticket"})


def can_open_ticket(turn: TurnView) -> bool:
    """Whether a promise that somebody will write can be kept."""
    return turn.company.can_deliver_tickets and TICKET_TOOL in turn.tools


def offer(turn: TurnView, kind: Kind, *before: Part, missed: bool = False) -> Say:
    """`before`, then the offer of a person; without a way to deliver a ticket, where to turn instead."""
    if can_open_ticket(turn):
        return Say(kind, (*before, Part(sentence("offer", turn.number))), offer="ticket", missed=missed)
    return Say(kind, (*before, Part(_contact(turn, "contact"))), missed=missed)


def asked_for_person(turn: TurnView) -> Say:
    """ "Let me talk to a person": what can be done about it."""
    if not can_open_ticket(turn):
        return Say("handover", (Part(_contact(turn, "handover contact")),))
    if any(past.said is not None and past.said.kind == "ticket" for past in turn.past):
        return Say("handover", (Part(sentence("already passed on", turn.number)),), offer="anything_else")
    return Say("handover", (Part(sentence("handover", turn.number)),), offer="ticket")


def open_ticket(turn: TurnView) -> Say | Call:
    """The call of the tool, about what was last asked in vain, or the last question at all."""
    if not can_open_ticket(turn):
        return asked_for_person(turn)
    return Call(TICKET_TOOL, {"subject": subject(turn)})


def ticket_result(turn: TurnView) -> Say | None:
    """What to say once the tool has answered; None when it was not called in this turn."""
    result = turn.result_of(TICKET_TOOL)
    if result is None:
        return None
    if result.is_error:
        return Say("ticket", (Part(_contact(turn, "ticket failed")),))
    return Say("ticket", (Part(sentence("ticket opened", turn.number)),), offer="anything_else")


def subject(turn: TurnView) -> str:
    """The caller's own words the ticket is about, one line."""
    asked = [past for past in turn.past if past.said is not None and past.said.kind not in _NO_SUBJECT]
    in_vain = [past for past in asked if past.said is not None and past.said.kind == "unknown"]
    for past in [*reversed(in_vain), *reversed(asked)]:
        heard = " ".join(past.asked.split())
        if core(heard) and Intent.HUMAN not in intents(heard):
            return heard[:_SUBJECT_LETTERS].strip()
    return _GENERAL_SUBJECT


def _contact(turn: TurnView, name: str) -> str:
    contact = turn.company.support_contact
    return finished(spoken(sentence(name, turn.number, contact=say_address(contact))))
