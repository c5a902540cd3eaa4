"""Facts under whatever names a company gives them: found by their words, said by their kind.

"trial_ends_at" is found by "when does my trial end" and said as "Your trial ends on March 1st, 2027." What is asked
for has to be covered by the name whole: half a match would answer another question than the caller's.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from insta_voice.agent.responder.facts import Fact, Kind, read_fact
from insta_voice.agent.responder.lexicon import lexicon
from insta_voice.agent.responder.sentences import sentence
from insta_voice.agent.responder.spoken import finished
from insta_voice.agent.responder.words import alike, content, core, words
from insta_voice.customers.accounts import UNCONFIRMED
from insta_voice.knowledge.evidence import Passage
from insta_voice.knowledge.sentences import split_sentences

_ASKS_FOR: tuple[tuple[re.Pattern[str], frozenset[Kind]], ...] = (
    (re.compile(r"\b(?:when|until when|what date|which day)\b"), frozenset({"date"})),
    (re.compile(r"\bhow (?:many|much)\b"), frozenset({"count", "amount"})),
    (re.compile(r"\b(?:who|where)\b"), frozenset({"text"})),
)
_NO_FACTS = frozenset({"currency", UNCONFIRMED})  # they tell something of the others


@dataclass(frozen=True, slots=True)
class Found:
    """A fact that answers. `whole`: the question names it entirely, so no article can know it better."""

    key: str
    text: str
    whole: bool


def asks_for_a_fact(question: str, *, own: bool = False) -> bool:
    """Whether a question is of the kind that an account may answer: "when does my trial end". With `own` it belongs to
    one about the account."""
    asked = core(question)
    is_own = own or _pattern("own").search(asked)
    return bool(_pattern("fact").match(asked) and is_own and not _pattern("not_own").search(asked))


def asks_for_own_value(question: str, passages: Sequence[Passage] = ()) -> bool:
    """Whether a question that asks for a fact asks for one that none of `passages` is about: "what is my phone number"
    is not answered by an article that has phone numbers in it."""
    asked = core(question)
    if _pattern("kept").search(asked):
        return True
    wanted = _meant(content(question))
    return bool(_pattern("value").search(asked)) and not any(_is_about(wanted, passage) for passage in passages)


def _is_about(wanted: frozenset[str], passage: Passage) -> bool:
    """By its title, its heading, or a sentence to the reader: "Your API key is shown under Settings"."""
    yours = (text for text in split_sentences(passage.text) if "your" in words(text))
    return any(_covers(content(text), wanted) for text in (f"{passage.title} {passage.heading}", *yours))


def _covers(there: frozenset[str], wanted: frozenset[str]) -> bool:
    return all(any(alike(word, other) for other in there) for word in wanted)


def find_fact(question: str, facts: Mapping[str, Any]) -> Found | None:
    """The one fact that `question` asks for, in a sentence; None when there is none, or more than one."""
    asked = _meant(content(question))
    wanted = next((kinds for pattern, kinds in _ASKS_FOR if pattern.search(core(question))), None)
    if not asked:
        return None
    found: list[tuple[int, Fact]] = []
    for fact in _read(facts):
        named = _meant(content(" ".join(fact.names)))
        if (wanted is None or fact.kind in wanted) and _covers(named, asked):
            found.append((sum(not any(alike(a, n) for a in asked) for n in named), fact))
    found.sort(key=lambda extra_and_fact: extra_and_fact[0])
    if not found or (len(found) > 1 and found[0][0] == found[1][0]):
        return None
    extra, fact = found[0]
    return Found(fact.key, tell(fact), whole=extra == 0)


def tell(fact: Fact) -> str:
    """A fact as a sentence of its own."""
    match fact.kind:
        case "flag":
            name = "account fact flag"
        case "count" if fact.countable:
            name = "account fact count"
        case "date" if fact.lasts:
            name = "account fact lasts"
        case "date" if fact.happens:
            name = "account fact happens"
        case "date" if fact.happened or fact.plural:  # "renewed", "renews"
            name = "account fact happened"
        case _:
            name = "account facts" if fact.plural else "account fact"
    return finished(sentence(name, label=" ".join(fact.said_words), value=fact.value).rstrip("."))


def _read(facts: Mapping[str, Any]) -> Iterator[Fact]:
    currency = str(facts.get("currency", ""))
    for key, value in facts.items():
        if key in _NO_FACTS:
            continue
        if isinstance(value, dict):
            inner = str(value.get("currency", currency))
            for name, inside in value.items():
                if name != "currency" and (fact := read_fact(f"{key}_{name}", inside, inner)):
                    yield fact
        elif fact := read_fact(key, value, currency):
            yield fact


def _meant(words: frozenset[str]) -> frozenset[str]:
    """Without the words that name no fact ("account", "current"), unless nothing else is left."""
    told = words - frozenset(lexicon("account")["beside"].split())
    return told or words


@lru_cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(lexicon("account")[name])
