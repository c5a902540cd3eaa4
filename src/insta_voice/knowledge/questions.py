"""What was heard into what is asked: fillers gone, several questions apart, follow-ups recognised. Rules, no model:
they cost microseconds, and what they miss is only searched less well."""

import re
from dataclasses import dataclass
from enum import Enum

MAX_PARTS = 3
# "is there a rate limit?" leaves open of what; with three words of its own a question mostly stands for itself.
_FEW_WORDS = 2

_LEADING = re.compile(
    r"^(?:(?:u+[hm]+|e+rm*|hm+|well|so|ok(?:ay)?|(?:hi|hello|hey)(?: there)?|yes|yeah|no|right|alright|great|"
    r"thanks|thank you|"
    r"please|sorry|excuse me|actually|basically|like|now|you know|i mean|"
    r"good (?:morning|afternoon|evening)|"
    r"i(?: ha|')ve (?:got )?(?:a|another|one more) (?:quick )?question(?: about that| for you)?|"
    r"(?:a |another |one )?(?:quick )?question|my (?:next )?question is|"
    r"i was wondering(?: if| whether)?|i(?:'d| would) like to know|i (?:want|need) to know|do you know(?: if)?|"
    r"(?:can|could|would) you (?:please )?(?:tell|explain to|help) me(?: to understand)?(?: please)?|"
    r"(?:please )?tell me|let me ask(?: you)?)\b[\s,.:;!…-]*)+",
    re.IGNORECASE,
)
_INSIDE = re.compile(r",?\s*\b(?:u+[hm]+|e+rm*|hm+|you know|i mean)\b,?(?=\s|$)", re.IGNORECASE)
_TRAILING = re.compile(
    r"[\s,]*\b(?:please|thanks|thank you(?: very much)?|you know|right|or something|or so)\b[\s.!?]*$", re.IGNORECASE
)

_AUXILIARY = r"(?:do|does|did|is|are|was|were|can|could|will|would|should|may|must|have|has|am)"
_QUESTION = (
    rf"(?:how|why|what(?:'s)?|which)\b(?! (?:i|we|you|they) \w+ed\b)"
    rf"|(?:when|where|who|whose)(?:'s| {_AUXILIARY})\b"
    rf"|{_AUXILIARY}(?:n't)? (?:i|we|you|it|they|he|she|there|the|my|our|your|a|an|this|that|these|those|any\w*"
    r"|some\w*)\b"
    r"|i(?: also)? (?:want|need|would like|wish)\b|i'd(?: also)? like\b"
)
_ASKS = re.compile(rf"^(?:{_QUESTION})", re.IGNORECASE)
_JOINT = re.compile(rf"[,;]?\s+(?:and(?: also| then)?|also|plus|but)\s+(?:also\s+)?(?={_QUESTION})", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[?!.])\s+(?=\S)")

_CONNECTIVE = re.compile(r"^(?:and|but|or|then|also|plus)\b[\s,]*", re.IGNORECASE)
_CONTINUES = re.compile(
    r"^(?:if|when|for|with|without|what (?:about|if|else)|how about|anything else|why(?: not| is that)?\b\W*$|how so|"
    r"where (?:is|do i find) (?:that|it)|how long (?:does|will) (?:that|it|this) take)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:(?<!make )it(?! possible)|its|(?:that|this|these|those)(?! (?:i|we|you|they|the|is|are)\b)|they|them|their|"
    r"(?:the )?same|another one|ones?|(?<!is )(?<!are )(?<!be )there|he|she|him|her)\b(?!')",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\w'-]+")
_EMPTY = (
    "a an the i we you he she it they me us him her them my our your his its their this that these those there here "
    "is are was were be been am do does did doing have has had can could will would should shall may might must "
    "what which who whom whose when where why how much many long often and or but if then so to of in on at for from "
    "by with without about as into than not no don't can't doesn't isn't aren't won't didn't i'm it's what's that's "
    "get got make want need like know also just still please tell one ones same else anything something"
)
EMPTY_WORDS = frozenset(_EMPTY.split())


class Continuation(Enum):
    """How a question hangs on what was said before."""

    NONE = "none"
    POSSIBLE = "possible"  # few words, or a pronoun, which may also mean the product
    CERTAIN = "certain"  # "and if …", "what about …", or next to no words of its own


@dataclass(frozen=True, slots=True)
class Part:
    """One question: `text` as asked without fillers, and how it hangs on what was said before."""

    text: str
    continuation: Continuation


def split_questions(heard: str) -> tuple[Part, ...]:
    """The questions in what was heard, 1 to 3, in order; none when nothing but fillers was heard."""
    text = strip_fillers(heard)
    if not content_words(text) and not _ASKS.match(text) and not _CONTINUES.match(text):
        return ()
    return tuple(Part(_CONNECTIVE.sub("", piece) or piece, continuation(piece)) for piece in _pieces(text))


def strip_fillers(heard: str) -> str:
    """What was heard without "um", "hello", "could you tell me" and "please"; "" when nothing else was said."""
    text = " ".join(heard.split())
    joined = _CONNECTIVE.match(text)
    head = joined[0] if joined else ""
    text = _LEADING.sub("", text[len(head) :])
    text = _TRAILING.sub(lambda m: "?" if "?" in m[0] else "", _INSIDE.sub("", text)).strip(" ,")
    return f"{head.strip(' ,')} {text}".strip() if text else ""


def continuation(question: str) -> Continuation:
    """How `question` hangs on what was said before, judged by its words alone."""
    connected = bool(_CONNECTIVE.match(question))
    rest = _CONNECTIVE.sub("", question)
    own = content_words(rest)
    if _CONTINUES.match(rest) or not own or (connected and not _ASKS.match(rest)):
        return Continuation.CERTAIN
    if _POINTS_BACK.search(rest):
        return Continuation.CERTAIN if connected and len(own) < 3 else Continuation.POSSIBLE
    if len(own) <= _FEW_WORDS:
        return Continuation.POSSIBLE
    return Continuation.NONE


def content_words(text: str) -> list[str]:
    """The words that carry meaning, lower case."""
    return [word for word in _WORD.findall(text.lower()) if word not in EMPTY_WORDS]


def asks(heard: str) -> bool:
    """Whether any clause of what was heard is a question, with its question mark or without."""
    return any(_asks(strip_fillers(clause)) for sentence in _SENTENCE_END.split(heard) for clause in _clauses(sentence))


def _pieces(text: str) -> list[str]:
    """Questions with the statements around them: "I lost my phone. How do I sign in?" is one piece."""
    pieces: list[str] = []
    before = ""
    for sentence in _SENTENCE_END.split(text):
        for clause in _clauses(sentence):
            clause = strip_fillers(clause)
            if not clause:
                continue
            if not _asks(clause):
                before = f"{before} {clause}".strip()
            else:
                pieces.append(f"{before} {clause}".strip())
                before = ""
    if before and pieces:
        pieces[-1] = f"{pieces[-1]} {before}"
    elif before:
        pieces.append(before)
    if len(pieces) > MAX_PARTS:
        pieces[MAX_PARTS - 1 :] = [" ".join(pieces[MAX_PARTS - 1 :])]
    return pieces


def _clauses(sentence: str) -> list[str]:
    clauses: list[str] = []
    start = 0
    for joint in _JOINT.finditer(sentence):
        clause = sentence[start : joint.start()]
        # what stands before the first "and how …" is a question of its own, or the reason for the next
        if content_words(clause):
            clauses.append(clause)
            start = joint.end()
    return [*clauses, sentence[start:]]


def _asks(clause: str) -> bool:
    rest = _CONNECTIVE.sub("", clause)
    return bool(_ASKS.match(rest) or _CONTINUES.match(rest)) or clause.rstrip().endswith("?")
