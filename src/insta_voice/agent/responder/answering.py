"""A question's answer: each part in order, from the account or from the articles, or honestly none."""

from collections.abc import Sequence

from insta_voice.agent.responder import account, handover
from insta_voice.agent.responder.compose import WORDS, WORDS_OF_A_PART, compose
from insta_voice.agent.responder.questions import Asked, asked_parts, quotable, topic_of
from insta_voice.agent.responder.sentences import sentence
from insta_voice.agent.responder.turn import Call, Decision, Part, Say, TurnView
from insta_voice.knowledge.evidence import Evidence

LOOKUP_TOOL = "answer_from_company_kb"


def answer_question(turn: TurnView) -> Decision:
    """Calls the tools the question needs, once each; then says every part of the answer in the order asked."""
    parts = asked_parts(turn.heard, turn.evidence or ())
    needs_account = any(part.topics for part in parts) or _unknown_field(turn, parts) is not None
    if needs_account and account.TOOL in turn.tools and turn.result_of(account.TOOL) is None:
        return Call(account.TOOL)
    if not parts and turn.evidence is None and LOOKUP_TOOL in turn.tools and turn.result_of(LOOKUP_TOOL) is None:
        return Call(LOOKUP_TOOL, {"question": " ".join(turn.heard.split())})
    if not parts:
        return _in_vain(turn)
    return _composed(turn, parts)


def _composed(turn: TurnView, parts: Sequence[Asked]) -> Say:
    told: list[Part] = []
    more: tuple[Part, ...] = ()
    missing: list[Asked] = []
    for part in parts:
        spoken = _tell_account(turn, part) if part.topics else ()
        if not spoken and part.evidence is not None and _good_enough(turn, part.evidence):
            answer = compose(part.evidence, turn.number, words=WORDS if len(parts) == 1 else WORDS_OF_A_PART)
            if answer is not None:
                spoken, more = answer.parts, answer.more
        told += _not_said_yet(spoken, told)
        if not spoken:
            missing.append(part)
    if len(missing) == len(parts):
        field = _told_field(turn, parts)
        return field or _in_vain(turn, about_account=all(part.topics for part in parts))
    kind = "answer" if any(piece.citation for piece in told) else "account"
    if not missing:
        return Say(kind, tuple(told), more=more)  # type: ignore[arg-type]
    told += [_nothing_about(turn, part) for part in missing]
    return handover.offer(turn, kind, *told)  # type: ignore[arg-type]


def _not_said_yet(spoken: Sequence[Part], told: Sequence[Part]) -> list[Part]:
    """Two parts of a question may have the same answer: it is said once."""
    if {_statement(part) for part in spoken} <= {_statement(part) for part in told}:
        return []
    return [part for part in spoken if part not in told]


def _statement(part: Part) -> tuple[str, str]:
    return (part.citation.passage.article_id, part.citation.quote) if part.citation is not None else ("", part.text)


def _tell_account(turn: TurnView, part: Asked) -> tuple[Part, ...]:
    facts = _facts(turn)
    told = [account.tell(topic, facts) for topic in part.topics] if facts is not None else []
    return tuple(Part(text) for text in told if text)


def _facts(turn: TurnView) -> dict[str, object] | None:
    result = turn.result_of(account.TOOL)
    return account.facts_from(result.output) if result is not None and not result.is_error else None


def _unknown_field(turn: TurnView, parts: Sequence[Asked]) -> str | None:
    """ "What is my time zone?", when the articles do not answer it: the account may."""
    if any(part.evidence is not None and _good_enough(turn, part.evidence) for part in parts):
        return None
    return account.asked_field(turn.heard)


def _told_field(turn: TurnView, parts: Sequence[Asked]) -> Say | None:
    field, facts = _unknown_field(turn, parts), _facts(turn)
    text = account.tell_field(field, facts) if field and facts else None
    return Say("account", (Part(text),)) if text else None


def _good_enough(turn: TurnView, evidence: Evidence) -> bool:
    return evidence.answerable and evidence.confidence >= turn.company.answer_confidence


def _in_vain(turn: TurnView, *, about_account: bool = False) -> Say:
    if about_account:
        name = "account missing" if _facts(turn) is not None else "account unavailable"
        return handover.offer(turn, "unknown", Part(sentence(name, turn.number)))
    name = "no look-up" if turn.evidence is None else "unknown"
    return handover.offer(turn, "unknown", Part(sentence(name, turn.number)))


def _nothing_about(turn: TurnView, part: Asked) -> Part:
    if part.topics:
        return Part(sentence("account missing" if _facts(turn) is not None else "account unavailable", turn.number))
    asked = part.evidence.question if part.evidence is not None else ""
    if topic := topic_of(asked):
        return Part(sentence("unknown part", turn.number, topic=topic))
    if question := quotable(asked):
        return Part(sentence("unknown question", turn.number, question=question))
    return Part(sentence("unknown other part", turn.number))
