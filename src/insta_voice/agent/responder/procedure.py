"""How much of a procedure is spoken: whole when it is short, else its beginning; and what an article warns of first."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from insta_voice.agent.responder.lexicon import alternatives
from insta_voice.agent.responder.phrasing import one, steps
from insta_voice.agent.responder.ranking import instructs
from insta_voice.agent.responder.sentences import sentence
from insta_voice.agent.responder.turn import Part
from insta_voice.agent.responder.units import Unit, read
from insta_voice.knowledge.evidence import Evidence, Passage

SHORT_STEPS = 4  # what a listener can hold while doing it, when all of it is short
BEGUN_STEPS = 3  # of a longer one; the others are on the screen


def tell_steps(
    passage: Passage, units: Sequence[Unit], places: Sequence[int], turn_number: int, words: int
) -> tuple[list[Part], int]:
    """The steps at `places`, and the place of the last unit spoken. What is cut is said to be on the screen, and so are
    the steps before them where a long list was cut into passages."""
    whole = [[step, *_done_with(units, step, after)] for step, after in pairwise([*places, len(units)])]
    length = sum(len(units[place].text.split()) for step in whole for place in step)
    goes_on = units[places[0]].number > 1
    short = len(places) <= SHORT_STEPS and length <= words and not goes_on
    told = whole if short else [[step] for step in places[:BEGUN_STEPS]]
    lead = units[places[0] - 1] if places[0] else None
    parts = steps(lead if lead and lead.role == "lead" else None, [[units[n] for n in step] for step in told], passage)
    if goes_on or told != whole:
        parts.append(Part(sentence("rest on screen", turn_number)))
    return parts, told[-1][-1]


def _done_with(units: Sequence[Unit], step: int, after: int) -> Iterator[int]:
    """ "Pick a snapshot. Press Restore.": the places between a step and the next that also tell what to do."""
    for place in range(step + 1, after):
        if units[place].role != "detail" and after == len(units):
            return  # behind the last step only what stands in it
        if units[place].role in ("detail", "prose") and instructs(units[place].text):
            yield place


def warning(evidence: Evidence, passage: Passage, before: Sequence[Unit]) -> list[Part]:
    """What the article warns of `before` it tells how to do something, or in its first paragraph."""
    others = (p for p in evidence.passages if p.article_id == passage.article_id and p.text != passage.text)
    openings = ((read(other), other) for other in others if not other.heading)
    first_paragraphs = (([unit for unit in units if unit.group == units[0].group], other) for units, other in openings)
    for units, source in ((before, passage), *first_paragraphs):
        for place, unit in enumerate(units):
            if unit.role == "prose" and alternatives("warns").search(unit.text):
                leans = place > 0 and alternatives("needs_before").match(unit.text)
                told = [one(told, source) for told in units[place - 1 if leans else place : place + 1]]
                return [part for part in told if part is not None]
    return []
