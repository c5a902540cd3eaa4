"""An article's sentence for the ear: the same statement without what only eyes can use.

Markup, links and symbols go; money, units, addresses and numbers become what a person would say. Nothing is added
and no condition is dropped: a bracket that limits the statement ("not on Free") stays.
"""

import html
import re

from insta_voice.agent.responder.digits import say_numbers
from insta_voice.agent.responder.markup import without_markup

_LINK = "the link on your screen"
_DOMAIN_ENDINGS = "com|org|net|io|app|dev|example|co|ai|cloud|eu|de|uk|us|edu|gov|info|biz|me|invalid|test"
_ADDRESS = re.compile(
    r"(?<![@\w])(?:[a-z][a-z0-9+.-]*://|www\.)[^\s<>]*[^\s<>.,;:!?)\]'\"”’]"
    rf"|(?<![@\w.])(?:[a-z0-9-]+\.)+(?:{_DOMAIN_ENDINGS})/[^\s<>]*[^\s<>.,;:!?)\]'\"”’]",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"(?:mailto:)?([a-z0-9][a-z0-9._%+-]*)@((?:[a-z0-9-]+\.)+[a-z]{2,})", re.IGNORECASE)
_BARE_DOMAIN = re.compile(rf"(?<![@\w.-])((?:[a-z0-9-]+\.)+(?:{_DOMAIN_ENDINGS}))(?![\w/-])", re.IGNORECASE)
_LIMITING = re.compile(
    r"\b(?:not?|only|except|unless|without|if|never|excluding|including|from|until|up to|at least|at most|minimum|"
    r"maximum|max|min|per|or|optional|required|beta)\b|\d",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_ANNOUNCEMENT = re.compile(
    r"^(?:(?:please )?(?:note|keep in mind|remember|be aware|bear in mind)(?: that)?|note|tip|hint|important|warning|"
    r"caution|info|good to know)\s*[:,–—-]?\s+(?=\S)",
    re.IGNORECASE,
)
_REPLACEMENTS = tuple(
    (re.compile(pattern, re.IGNORECASE), spoken)
    for pattern, spoken in (
        (r"\be\.\s?g\.,?", "for example"),
        (r"\bi\.\s?e\.,?", "that is"),
        (r"\betc\.(?=\s+(?-i:[A-Z])|\s*$)", "and so on."),
        (r"\betc\.?", "and so on"),
        (r"\bvs\.?(?=\s)", "versus"),
        (r"\bapprox\.", "about"),
        (r"\bincl\.", "including"),
        (r"\bexcl\.", "excluding"),
        (r"\bw/o\b", "without"),
        (r"\bw/(?=\s)", "with"),
        (r"\bmax\.", "at most"),
        (r"\bmin\.(?=\s)", "at least"),
        (r"\band/or\b", "or"),
        (r"\s&\s", " and "),
        (r"\bctrl\s*\+\s*", "Control "),
        (r"\bcmd\s*\+\s*", "Command "),
        (r"(?<=\w)\s*\+\s*(?=\w)", " plus "),
        (r"\s*(?:›|»|→|⇒|➜|->|=>|>)\s*", ", then "),
        (r"≥\s*", "at least "),
        (r"≤\s*", "at most "),
        (r"\s*[✓✔✅]\ufe0f?", " yes"),
        (r"\s*[✗✘❌]\ufe0f?", " no"),
        (r"…|\.{3,}", ""),
        (r"\s*[–—]\s*|\s+--?\s+", ", "),
        (r"(?<=[a-z])/(?=[a-z])", " or "),
    )
)


def spoken(text: str) -> str:
    """`text` (a plain sentence, inline code in backticks) as it is to be said. Empty when nothing can be said."""
    text = " ".join(html.unescape(text).split())  # of much white space the patterns below would try every part
    text = _EMAIL.sub(lambda found: say_address(found[0]), text)
    text = _ADDRESS.sub(_LINK, without_markup(text))
    text = _BARE_DOMAIN.sub(lambda found: found[1].replace(".", " dot "), text)
    text = _spoken_brackets(text)
    text = _ANNOUNCEMENT.sub("", text)
    text = say_numbers(text)
    for pattern, said in _REPLACEMENTS:
        text = pattern.sub(said, text)
    return _tidied(text)


def say_address(address: str) -> str:
    """An e-mail address, phone number or web address as people say it aloud."""
    bare = re.sub(r"^(?:mailto:|tel:|[a-z]+://)", "", address.strip(), flags=re.IGNORECASE).rstrip("/")
    named = {"@": " at ", ".": " dot ", "_": " underscore ", "-": " dash ", "/": " slash ", "+": " plus "}
    if not re.search(r"[a-z]", bare, re.IGNORECASE):
        return say_numbers(bare)
    return re.sub(r"\s+", " ", "".join(named.get(sign, sign) for sign in bare)).strip()


def _spoken_brackets(text: str) -> str:
    for _ in range(3):  # brackets nest at most a little in prose
        text = _BRACKET.sub(lambda found: f", {found[1].strip()}," if _LIMITING.search(found[1]) else "", text)
    return text


def _tidied(text: str) -> str:
    text = _ADDRESS.sub(_LINK, text)
    text = re.sub(
        r"[*_#`|<>{}~^\\\[\]()=]|[\u2190-\u21ff\u2500-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\ufe0f]", " ", text
    )
    text = re.sub(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028\u2029\ufeff]", " ", text)
    text = text.replace("@", " at ").replace("://", " ").replace("www.", "")
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"(?:,\s*then\s*)+(?=[,.!?]|$)|^(?:\s*,\s*then\s)+", "", text)
    text = re.sub(r"\s+([,.;:!?])", r"\1", text)
    text = re.sub(r"[,;:]+(?=[,.;:!?])", "", text)
    text = re.sub(r"([.!?])[.!?]+", r"\1", text)
    return text.strip(" ,;:•·-–—")


def finished(text: str) -> str:
    """`text` as a sentence of its own: a capital in front, a full stop behind."""
    text = text.strip().rstrip(",;:")
    if not text:
        return ""
    if text[-1] not in ".!?" and not text.endswith((".”", "?”", "!”", '."', '?"')):
        text += "."
    return text[0].upper() + text[1:]
