"""Recognised speech made comparable: lower case, plain words, fillers and stutters gone."""

import re
import unicodedata
from functools import lru_cache

from insta_voice.agent.responder.lexicon import lexicon, word_list

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_LEAST_COMMON = 4  # letters two words share when they are forms of one
_CONTRACTIONS = {
    "i'm": "i am", "you're": "you are", "it's": "it is", "that's": "that is", "what's": "what is",
    "where's": "where is", "when's": "when is", "who's": "who is", "how's": "how is", "there's": "there is",
    "we're": "we are", "they're": "they are", "i've": "i have", "we've": "we have", "you've": "you have",
    "i'd": "i would", "we'd": "we would", "i'll": "i will", "let's": "let us", "can't": "can not",
    "cannot": "can not", "couldn't": "could not", "don't": "do not", "doesn't": "does not", "didn't": "did not",
    "isn't": "is not", "wasn't": "was not", "won't": "will not", "wouldn't": "would not", "haven't": "have not",
    "hasn't": "has not", "wanna": "want to", "gonna": "going to", "gimme": "give me", "lemme": "let me",
}  # fmt: skip


def words(text: str) -> tuple[str, ...]:
    """The words of `text`, lower case, contractions opened, punctuation gone."""
    folded = unicodedata.normalize("NFKD", text.replace("’", "'")).encode("ascii", "ignore").decode().lower()
    opened: list[str] = []
    for word in _WORD.findall(folded):
        opened.extend(_CONTRACTIONS.get(word, word.replace("'", "")).split())
    return tuple(opened)


def said(text: str) -> tuple[str, ...]:
    """The words a caller meant: without fillers, and "ok ok ok ok" is one "ok" (small recognisers stutter)."""
    fillers = word_list("fillers")
    kept: list[str] = []
    for word in words(text):
        if word not in fillers and (not kept or kept[-1] != word):
            kept.append(word)
    return tuple(kept)


def core(text: str) -> str:
    """`said` without the courtesy around it ("okay so … please"): what intents are matched against."""
    courtesy = word_list("courtesy")
    kept = list(said(text))
    while kept and kept[0] in courtesy:
        kept.pop(0)
    while kept and kept[-1] in courtesy:
        kept.pop()
    return " ".join(kept)


def content(text: str) -> frozenset[str]:
    """The words that carry meaning, with a plain plural taken off so that "seats" meets "seat"."""
    empty = word_list("function_words")
    return frozenset(_stem(word) for word in said(text) if word not in empty)


def alike(one: str, other: str) -> bool:
    """Whether two words of `content` are forms of one ("renew" and "renewal"), or mean the same."""
    if one == other or any(one in group and other in group for group in _synonyms()):
        return True
    shared = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return shared >= max(_LEAST_COMMON, min(len(one), len(other)) - 1)


@lru_cache(maxsize=1)
def _synonyms() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(group.split()) for group in lexicon("words")["synonyms"])


def _stem(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
