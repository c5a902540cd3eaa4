"""Units into spoken parts: steps flow, short lists are named in one breath, a table's row is read as a sentence."""

import re
from collections.abc import Sequence

from insta_voice.agent.responder.lexicon import word_list
from insta_voice.agent.responder.spoken import finished, spoken
from insta_voice.agent.responder.turn import Citation, Part
from insta_voice.agent.responder.units import Unit
from insta_voice.knowledge.evidence import Passage

SPOKEN_ITEMS = 3  # of a list; the others are on the screen
SHORT_ITEM_WORDS = 6  # a list of these is named in one sentence
_STEP_OPENINGS = ("First, ", "Then ", "After that, ", "Then ")
_LATER_OPENINGS = ("Then ", "After that, ", "Then ")  # of steps that others come before


def one(unit: Unit, passage: Passage) -> Part | None:
    """`unit` as a sentence of its own; None when nothing of it can be said."""
    text = _row(unit.text) if unit.role == "row" else unit.text
    said = finished(spoken(text))
    return Part(said, _cite(unit, passage)) if re.search(r"\w", said) and re.search(r"\w", unit.text) else None


def steps(lead: Unit | None, told: Sequence[Sequence[Unit]], passage: Passage) -> list[Part]:
    """Steps as flowing speech: "To do so, first open …. Then …. After that, …." Each begins with what is done first,
    what else is done in it follows. What others come before is not announced, and begins with "Then"."""
    parts: list[Part] = []
    goes_on = told[0][0].number > 1
    opening = None if goes_on else _announcing(lead, passage)
    if opening is not None:
        parts.append(opening)
    openings: tuple[str, ...] = ("first ", *_STEP_OPENINGS[1:]) if opening else _STEP_OPENINGS
    if goes_on:
        openings = _LATER_OPENINGS
    elif len(told) == 1:
        openings = ("", *openings[1:])
    for prefix, (unit, *also) in zip(openings, told, strict=False):
        said = spoken(re.sub(r"^(?:then|next|finally|after that|first),?\s+", "", unit.text, flags=re.IGNORECASE))
        if re.search(r"\w", said):
            text = finished(prefix + (lowered(said) if prefix else said))
            parts.append(
                Part(text if not (opening and len(parts) == 1) else text[0].lower() + text[1:], _cite(unit, passage))
            )
        parts += [part for other in also if (part := one(other, passage)) is not None]
    return parts


def items(lead: Unit, units: Sequence[Unit], passage: Passage) -> list[Part]:
    """Up to three short items named after their lead: "You can pay by card, bank transfer and PayPal." """
    announced = spoken(lead.text.rstrip(": "))
    named = [(unit, lowered(spoken(unit.text)).rstrip(".;,")) for unit in units]
    named = [(unit, text) for unit, text in named if text]
    if not announced or not named:
        return []
    parts = [Part(finished(announced).rstrip(".") + ":", _cite(lead, passage))]
    for place, (unit, text) in enumerate(named):
        last = place == len(named) - 1
        joined = f"and {text}" if last and len(named) > 1 else text
        parts.append(Part(f"{joined}{'.' if last else ',' if place < len(named) - 2 else ''}", _cite(unit, passage)))
    return parts


def is_short(unit: Unit) -> bool:
    """Whether an item is named rather than told."""
    return len(unit.text.split()) <= SHORT_ITEM_WORDS and not re.search(r"[.:!?]\s*\w", unit.text)


def lowered(text: str) -> str:
    """`text` to stand inside a sentence: an ordinary first word loses its capital, a name keeps it."""
    first = re.match(r"[A-Za-z]+", text)
    if first and first[0].lower() in word_list("sentence_openers") | word_list("instructions"):
        return text[0].lower() + text[1:]
    return text


def _announcing(lead: Unit | None, passage: Passage) -> Part | None:
    """The lead of steps, when it can open the sentence: "To reset your password," and no longer than a breath."""
    if lead is None or not re.match(r"(?:to|if|when|as|on|in|with|for)\b", lead.text, re.IGNORECASE):
        return None
    said = spoken(lead.text.rstrip(": "))
    if not 2 < len(said.split()) <= 12 or re.search(r"[.!?]", said):
        return None
    return Part(said[0].upper() + said[1:] + ",", _cite(lead, passage))


def _row(text: str) -> str:
    """ "Plan: Team; Price: $12" → "Team: Price $12": the first column names the row."""
    cells = [cell.partition(": ")[::2] for cell in text.split("; ")]
    subject = cells[0][1] or cells[0][0]
    return f"{subject}: " + ", ".join(f"{name} {value}" if value else name for name, value in cells[1:5])


def _cite(unit: Unit, passage: Passage) -> Citation:
    return Citation(passage, unit.text)
