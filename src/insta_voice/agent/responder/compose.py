"""From evidence to an answer: the answering sentence first, then what belongs to it, then stop."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, islice

from insta_voice.agent.responder.following import FollowUp
from insta_voice.agent.responder.lexicon import alternatives
from insta_voice.agent.responder.phrasing import SPOKEN_ITEMS, is_short, items, one
from insta_voice.agent.responder.procedure import tell_steps, warning
from insta_voice.agent.responder.ranking import asks_for_a_way, beyond_what_was_said, instructs, ranked
from insta_voice.agent.responder.sentences import sentence
from insta_voice.agent.responder.turn import Part
from insta_voice.agent.responder.units import Unit, read
from insta_voice.knowledge.evidence import Evidence, Passage

WORDS = 45  # about 16 s of speech; a caller loses the thread of more
WORDS_OF_A_PART = 28  # the same when a question has several parts
SENTENCES = 3  # the answer and at most two that belong to it
MORE_PARTS = 12  # how far "tell me more" can lead
_NEAR_BEST = 0.6  # of the best score: what still belongs to the answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say, and what the same article says next."""

    parts: tuple[Part, ...]
    more: tuple[Part, ...]


def compose(
    evidence: Evidence, turn_number: int, *, words: int = WORDS, follow_up: FollowUp | None = None
) -> Answer | None:
    """The answer `evidence` gives, at most about `words` long (steps apart); None when nothing can be said, or to a
    follow-up nothing but what was said before.
    """
    sayable = [found for found in ranked(evidence, follow_up) if one(found[1][found[2]], found[0]) is not None]
    chosen = beyond_what_was_said(sayable, follow_up) if sayable and follow_up else next(iter(sayable), None)
    if chosen is None:
        return None
    passage, units, best = chosen
    procedural = asks_for_a_way(evidence.question)
    said = (
        _as_steps(evidence, passage, units, best, procedural, turn_number)
        or _as_items(passage, units, best, turn_number)
        or _as_prose(evidence, passage, units, best, procedural, words)
    )
    parts, until = said
    if not parts:
        return None
    return Answer(tuple(parts), _more(evidence, passage, units[until + 1 :]))


Said = tuple[list[Part], int]
"""Parts, and the place of the last unit they speak."""


def _as_steps(
    evidence: Evidence, passage: Passage, units: Sequence[Unit], best: int, procedural: bool, turn_number: int
) -> Said | None:
    """Numbered steps, when the question asks for a way and the best sentence is or announces one."""
    group = _list_of(units, best, "step", reach=procedural)
    if not group or not (procedural or units[best].role == "lead"):
        return None
    parts, until = tell_steps(passage, units, group, turn_number, WORDS)
    return [*warning(evidence, passage, units[: group[0]]), *parts], until


def _as_items(passage: Passage, units: Sequence[Unit], best: int, turn_number: int) -> Said | None:
    """A list of short items, named after its lead; the best one is always among those named."""
    group = _list_of(units, best, "bullet")
    if not group or not group[0] or units[group[0] - 1].role != "lead":
        return None
    if not all(is_short(units[n]) for n in group):
        return None
    named = group[:SPOKEN_ITEMS]
    if best in group and best not in named:
        named = [*group[: SPOKEN_ITEMS - 1], best]
    parts = items(units[group[0] - 1], [units[n] for n in named], passage)
    if parts and len(group) > len(named):
        parts.append(Part(sentence("more on screen", turn_number)))
    return (parts, group[-1]) if parts else None


def _list_of(units: Sequence[Unit], best: int, role: str, *, reach: bool = False) -> list[int]:
    """Places of the list the best unit is in or announces; with `reach`, also of a list that scores nearly as well."""
    start = best
    if units[best].role in ("lead", "prose") and best + 1 < len(units) and units[best + 1].role == role:
        start = best + 1
    elif units[best].role != role and reach:
        near = [n for n, unit in enumerate(units) if unit.role == role or (unit.role == "lead" and n + 1 < len(units))]
        good = [n for n in near if units[n].score >= _NEAR_BEST * units[best].score > 0]
        start = next((n if units[n].role == role else n + 1 for n in good), best)
    if units[start].role != role:
        return []
    return [n for n, unit in enumerate(units) if unit.role == role and unit.group == units[start].group]


def _as_prose(
    evidence: Evidence, passage: Passage, units: Sequence[Unit], best: int, procedural: bool, words: int
) -> Said:
    """The best sentence, the one it leans on before it if any, and after it what belongs to it."""
    places = [best]
    if best and alternatives("needs_before").match(units[best].text) and _together(units[best - 1], units[best]):
        places.insert(0, best - 1)
    for place in range(best + 1, min(best + SENTENCES, len(units))):
        if not _together(units[place - 1], units[place]):
            break
        if not (procedural or _belongs(units[place], units[best])):
            break
        if sum(len(units[n].text.split()) for n in [*places, place]) > words:
            break
        places.append(place)
    told = [part for place in places[:SENTENCES] if (part := one(units[place], passage)) is not None]
    if procedural and any(instructs(units[place].text) for place in places):
        told = [*warning(evidence, passage, units[: places[0]]), *told]
    return told, places[-1]


def _belongs(after: Unit, best: Unit) -> bool:
    """A condition, the next step, or something that answers nearly as well."""
    return bool(alternatives("belongs_after").match(after.text)) or after.score >= _NEAR_BEST * best.score > 0


def _together(before: Unit, after: Unit) -> bool:
    return before.role == after.role == "prose" and before.group == after.group


def _more(evidence: Evidence, passage: Passage, rest: Sequence[Unit]) -> tuple[Part, ...]:
    """What the article says after the answer, in its order, as far as it was found."""
    others = (p for p in evidence.passages if p.article_id == passage.article_id and p.text != passage.text)
    following = chain(((unit, passage) for unit in rest), ((unit, other) for other in others for unit in read(other)))
    told = (part for unit, source in following if (part := one(unit, source)) is not None)
    return tuple(islice(told, MORE_PARTS))
