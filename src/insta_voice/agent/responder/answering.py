"""A question's answer: each part in order, from the account or from the articles, or honestly none."""

from collections.abc import Sequence
from dataclasses import replace

from insta_voice.agent.responder import account, handover
from insta_voice.agent.responder.choosing import ask_which
from insta_voice.agent.responder.compose import WORDS, WORDS_OF_A_PART, compose
from insta_voice.agent.responder.fields import asks_for_own_value, find_fact
from insta_voice.agent.responder.following import follow_up
from insta_voice.agent.responder.questions import Asked, asked_parts, quotable, topic_of
from insta_voice.agent.responder.sentences import sentence
from insta_voice.agent.responder.turn import Call, Decision, Part, Say, TurnView
from insta_voice.knowledge.evidence import Evidence

LOOKUP_TOOL = "answer_from_company_kb"


def answer_question(turn: TurnView) -> Decision:
    """Calls the tools the question needs, once each; then says every part of the answer in the order asked."""
    heard = turn.chosen.question if turn.chosen is not None else turn.heard
    parts = asked_parts(heard, turn.evidence or ())
    needs_account = any(part.asks_account for part in parts)
    if needs_account and account.TOOL in turn.tools and turn.result_of(account.TOOL) is None:
        return Call(account.TOOL)
    if not parts and turn.evidence is None and LOOKUP_TOOL in turn.tools and turn.result_of(LOOKUP_TOOL) is None:
        return Call(LOOKUP_TOOL, {"question": " ".join(turn.heard.split())})
    if not parts:
        return _in_vain(turn, ())
    answer = _composed(turn, parts)
    return replace(answer, question=turn.chosen.question) if turn.chosen is not None else answer


def _composed(turn: TurnView, parts: Sequence[Asked]) -> Say:
    if (asks := ask_which(turn, parts)) is not None:
        return asks
    told: list[Part] = []
    more: tuple[Part, ...] = ()
    missing: list[Asked] = []
    for part in parts:
        spoken = _tell_account(turn, part)
        if not spoken and part.evidence is not None and _articles_may_tell(turn, part, part.evidence):
            answer = compose(
                part.evidence,
                turn.number,
                words=WORDS if len(parts) == 1 else WORDS_OF_A_PART,
                follow_up=follow_up(turn, part.evidence),
            )
            if answer is not None:
                spoken, more = answer.parts, answer.more
        told += _not_said_yet(spoken, told)
        if not spoken:
            missing.append(part)
    if len(missing) == len(parts):
        return _in_vain(turn, parts)
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
    """What the account knows better than any article, or than these articles."""
    facts = _facts(turn)
    if facts is None:
        return ()
    found = find_fact(part.question, facts) if part.asks_account else None
    if found and found.whole and not any(account.tells(topic, found.key) for topic in part.topics):
        return (Part(found.text),)
    told = tuple(Part(text) for topic in part.topics if (text := account.tell(topic, facts)))
    known = part.evidence is not None and _good_enough(turn, part.evidence)
    return (Part(found.text),) if found and not told and (part.topics or not known) else told


def _articles_may_tell(turn: TurnView, part: Asked, evidence: Evidence) -> bool:
    """What only the account knows is not told from an article while it is out of reach, or silent about it."""
    if part.topics and (_facts(turn) is None or account.is_unconfirmed(_facts(turn))):
        return False
    of_account = part.asks_account and asks_for_own_value(part.question, evidence.passages)
    return _good_enough(turn, evidence) and not of_account


def _facts(turn: TurnView) -> dict[str, object] | None:
    result = turn.result_of(account.TOOL)
    return account.facts_from(result.output) if result is not None and not result.is_error else None


def _good_enough(turn: TurnView, evidence: Evidence) -> bool:
    return evidence.answerable and evidence.confidence >= turn.company.answer_confidence


def _in_vain(turn: TurnView, parts: Sequence[Asked]) -> Say:
    if account.is_unconfirmed(_facts(turn)) and any(part.asks_account for part in parts):
        return Say("unknown", (Part(sentence("account unconfirmed", turn.number)),))
    if parts and all(part.is_of_account for part in parts):
        name = "account missing" if _facts(turn) is not None else "account unavailable"
        return handover.offer(turn, "unknown", Part(sentence(name, turn.number)))
    name = "no look-up" if turn.evidence is None else "unknown"
    result = turn.result_of(account.TOOL)
    if name == "unknown" and result is not None and result.is_error:
        name = "unknown and account unavailable"
    return handover.offer(turn, "unknown", Part(sentence(name, turn.number)))


def _nothing_about(turn: TurnView, part: Asked) -> Part:
    if part.asks_account and account.is_unconfirmed(_facts(turn)):
        return Part(sentence("account unconfirmed", turn.number))
    if part.is_of_account:
        return Part(sentence("account missing" if _facts(turn) is not None else "account unavailable", turn.number))
    if topic := topic_of(part.question):
        return Part(sentence("unknown part", turn.number, topic=topic))
    if question := quotable(part.question):
        return Part(sentence("unknown question", turn.number, question=question))
    return Part(sentence("unknown other part", turn.number))
