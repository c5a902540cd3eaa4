"""What a check has to say: a sentence, how bad it is, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warning", "problem"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about one part. `mend` is what to do, a sentence or a command; empty when all is well.

    A warning works, but not as one would want it; with a problem something does not work, or must not start.
    """

    part: str
    level: Level
    sentence: str
    mend: str = ""


def ok(part: str, sentence: str) -> Finding:
    """This part is as it should be."""
    return Finding(part, "ok", sentence)


def warning(part: str, sentence: str, mend: str) -> Finding:
    """This part works, but."""
    return Finding(part, "warning", sentence, mend)


def problem(part: str, sentence: str, mend: str) -> Finding:
    """This part does not work."""
    return Finding(part, "problem", sentence, mend)


def has_problem(findings: Iterable[Finding]) -> bool:
    """Whether anything has to be mended."""
    return any(finding.level == "problem" for finding in findings)


def split_mend(sentence: str) -> tuple[str, str]:
    """What is, and what to do: the first sentence (or half of it) and the rest."""
    for mark in (". ", ": "):
        said, found, mend = sentence.partition(mark)
        if found:
            return f"{said}.", f"{mend[0].upper()}{mend[1:]}"
    return sentence, ""
