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
    """Nothing to answer in an "okay" or "I see": the turn goes back with a question."""
    return say("acknowledge", turn, "thanks", offer="anything_else")


def greeting(turn: TurnView) -> Say:
    return say("greeting again" if len(turn.past) > 1 else "greeting", turn, "greeting")


def not_helped(turn: TurnView) -> Say:
    return handover.offer(turn, "handover", Part(sentence("not helped", turn.number)))
