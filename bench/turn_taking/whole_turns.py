"""Cases in which the caller takes a turn while the assistant listens: it has to end once, with all its words."""

from dataclasses import replace

from bench.turn_taking.drawing import TEXTS, Kind, spread
from bench.turn_taking.plan import Must, Plan

_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_GROUPS = ((3, 3, 3), (4, 4), (2, 3, 3), (3, 2, 2))


def questions(seed: int) -> list[Plan]:
    kind = Kind(seed, "question", Must.END_ONCE)
    return [kind.plan(index, text=text) for index, text in kind.texts(TEXTS["questions"], 30)]


def two_questions(seed: int) -> list[Plan]:
    """In one sentence, with the voice's own breath at the comma: the first is a whole question too."""
    kind = Kind(seed, "two questions", Must.END_ONCE)
    return [kind.plan(index, text=text) for index, text in kind.texts(TEXTS["two_questions"], 24)]


def statements(seed: int) -> list[Plan]:
    kind = Kind(seed, "statement", Must.END_ONCE)
    return [kind.plan(index, text=text) for index, text in kind.texts(TEXTS["statements"], 20)]


def _reply(kind: Kind, index: int, pair: dict[str, str], begins_after_s: float) -> Plan:
    """Said so long after the assistant has asked; before it has, when that is negative."""
    plan = kind.plan(index, sort=pair["said"].rstrip("."), text=pair["said"], assistant_says=pair["asked"])
    return replace(plan, begins_s=2.0, assistant_until_s=round(2.0 - begins_after_s, 2))


def replies(seed: int) -> list[Plan]:
    kind = Kind(seed, "reply", Must.END_ONCE)
    return [
        _reply(kind, index, pair, round(kind.chance(index).uniform(0.2, 0.9), 2))
        for index, pair in kind.texts(TEXTS["replies"], 16)
    ]


def early_replies(seed: int) -> list[Plan]:
    """Said into the last word of the question, as people do."""
    kind = Kind(seed, "early reply", Must.END_ONCE)
    return [
        _reply(kind, index, pair, -round(kind.chance(index).uniform(0.15, 0.5), 2))
        for index, pair in kind.texts(TEXTS["replies"], 16)
    ]


def pauses(seed: int, name: str, count: int, low_s: float, high_s: float) -> list[Plan]:
    kind = Kind(seed, name, Must.END_ONCE)
    return [
        kind.plan(
            index,
            sort="after what may be all" if "||" in text else "in mid-phrase",
            text=text.replace("||", "|"),
            pauses_s=(spread(low_s, high_s, index, count),),
        )
        for index, text in kind.texts(TEXTS["pauses"], count)
    ]


def digits(seed: int) -> list[Plan]:
    kind = Kind(seed, "digits", Must.END_ONCE)
    plans = []
    for index, template in kind.texts(TEXTS["numbers"], 16):
        chance = kind.chance(index)
        groups = [" ".join(chance.choices(_DIGITS, k=size)) for size in chance.choice(_GROUPS)]
        pauses_s = tuple(round(chance.uniform(0.3, 0.9), 2) for _ in groups[1:])
        text = template.format(", | ".join(groups)).capitalize()
        plans.append(
            replace(
                kind.plan(index, text=text, pauses_s=pauses_s, assistant_says=TEXTS["asked_for_number"]),
                begins_s=2.0,
                assistant_until_s=1.5,
            )
        )
    return plans


def corrections(seed: int) -> list[Plan]:
    kind = Kind(seed, "correction", Must.END_ONCE)
    return [
        kind.plan(index, text=text, pauses_s=(spread(0.2, 0.7, index, 16),))
        for index, text in kind.texts(TEXTS["corrections"], 16)
    ]


def trailing(seed: int) -> list[Plan]:
    kind = Kind(seed, "trailing", Must.END_ONCE)
    return [
        kind.plan(index, text=text, pauses_s=(spread(0.5, 1.4, index, 16),))
        for index, text in kind.texts(TEXTS["trailing"], 16)
    ]
