"""Greetings, thanks and the like: one authored sentence, then back to the caller."""

from insta_voice.agent.responder import handover
from insta_voice.agent.responder.sentences import sentence
from insta_voice.agent.responder.turn import Kind, Offer, Part, Say, TurnView


def say(name: str, turn: TurnView, kind: Kind, *, offer: Offer | None = None, **values: str) -> Say:
    """The authored sentence `name`, nothing else."""
    return Say(kind, (Part(sentence(name, turn.number, **values)),), offer=offer)


def thanks(turn: TurnView) -> Say:
    return say("thanks", turn, "thanks", offer="anything_else")


def acknowledge(turn: TurnView) -> Say:
    """ "Okay", "I see": nothing to answer, so the turn goes back with a question; what is left to read is kept."""
    more = turn.last.more if turn.last is not None else ()
    part = Part(sentence("acknowledge", turn.number))
    return Say("thanks", (part,), offer="anything_else", more=more)


def greeting(turn: TurnView) -> Say:
    return say("greeting again" if len(turn.past) > 1 else "greeting", turn, "greeting")


def not_helped(turn: TurnView) -> Say:
    return handover.offer(turn, "handover", Part(sentence("not helped", turn.number)))
