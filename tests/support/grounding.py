"""What the grounded responder may say: its own sentences with known values, cited sentences of this turn's evidence,
and what it said or read ahead before."""

import re
from collections.abc import Iterator, Mapping, Sequence
from string import Template

from insta_voice.agent.responder.intents import Intent, intents
from insta_voice.agent.responder.sentences import blocks
from insta_voice.agent.responder.spoken import spoken
from insta_voice.agent.responder.turn import Part, Say
from insta_voice.agent.responder.words import words
from insta_voice.knowledge.evidence import Evidence

_SAYS_AGAIN = {Intent.REPEAT, Intent.SLOWER, Intent.CONTINUE, Intent.WHY}
_OF_THE_CALLER = {"topic", "question"}  # the only values that are the caller's own words, said back
_SWAPPED = {"your", "our", "you", "are"}  # "my phone" is said back as "your phone"
_CONNECTIVES = {"first", "then", "after", "that", "and", "the", "text", "link", "on", "your", "screen"}
_LIMITS = {"not", "no", "never", "only", "without", "unless"}


def supported(
    said: Say,
    heard: str,
    found: Sequence[Evidence],
    earlier: Sequence[Say],
    known: Sequence[Mapping[str, str]],
    gate: float,
) -> None:
    """Fails unless every piece of `said`, and what it keeps for "go on", may be said in this turn.

    `known` are the values of one sentence each; evidence counts from the confidence `gate` on.
    """
    usable = {p for part in found if part.answerable and part.confidence >= gate for p in part.passages}
    again = {part for past in earlier for part in (*past.parts, *past.more)} if intents(heard) & _SAYS_AGAIN else set()
    for part in (*said.parts, *said.more):
        if part in again:
            continue
        if part.citation is None:
            assert is_ours(part.text, heard, known), part.text
        else:
            assert part.citation.passage in usable, part.text
            _as_cited(part)


def _as_cited(part: Part) -> None:
    assert part.citation is not None
    assert _flat(part.citation.quote) in _flat(part.citation.passage.text)
    unsupported = _words(part.text) - _words(spoken(part.citation.quote)) - _CONNECTIVES
    assert not unsupported, (part.text, part.citation.quote)
    assert _LIMITS & _words(part.citation.quote) <= _words(part.text), "a limit of the statement was dropped"


def is_ours(text: str, heard: str, known: Sequence[Mapping[str, str]]) -> bool:
    """Whether `text` is an authored sentence, filled with known values or with the caller's own words."""
    for template in (Template(variant) for variants in blocks().values() for variant in variants):
        wanted = set(template.get_identifiers())
        if wanted & _OF_THE_CALLER:
            pattern = re.sub(r"\\\$[a-z_]+", "(.+)", re.escape(template.template))
            if (match := re.fullmatch(pattern, text)) and set(words(match[1])) <= set(words(heard)) | _SWAPPED:
                return True
        elif text in _filled(template, wanted, known):
            return True
    return False


def _filled(template: Template, wanted: set[str], known: Sequence[Mapping[str, str]]) -> Iterator[str]:
    if not wanted:
        yield template.template
    for values in known:
        if wanted and wanted <= set(values):
            yield template.substitute(values)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", text.lower()))


def _flat(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
