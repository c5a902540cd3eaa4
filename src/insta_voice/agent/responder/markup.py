"""Inline markup out of a sentence: what is left of Markdown and HTML, and code nobody can listen to."""

import re

_CODE = re.compile(r"`+([^`]*)`+")
_SPEAKABLE_CODE = re.compile(r"[\w .,@+-]{1,32}")
_UNSPEAKABLE = "the text on your screen"
_STEPS = (
    (re.compile(r"<(?:script|style)\b.*?</(?:script|style)\s*>", re.IGNORECASE | re.DOTALL), " "),
    (re.compile(r"<!--.*?-->", re.DOTALL), " "),
    (re.compile(r"<((?:[a-z][a-z0-9+.-]*:)[^\s<>]*)>", re.IGNORECASE), r"\1"),  # <https://…> is an address
    (re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE), " "),
    (re.compile(r"!\[[^\]]*\]\([^)]*\)"), ""),
    (re.compile(r"\[\^[^\]]*\]"), ""),
    (re.compile(r"\[([^\]]+)\]\([^)]*\)"), r"\1"),
    (re.compile(r"\[([^\]]+)\]\[[^\]]*\]"), r"\1"),
    (re.compile(r"^\s*(?:#{1,6}|>+|[-*+•]|\d{1,3}[.)])\s+"), ""),
    (re.compile(r"(\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w_])_(?=\S)([^_]+?)(?<=\S)_(?![\w_])"), r"\1"),
)


def without_markup(text: str) -> str:
    """The words of `text`; inline code too long or too odd to be heard becomes "the text on your screen"."""
    for pattern, replacement in _STEPS:
        text = pattern.sub(replacement, text)
    return _CODE.sub(_spoken_code, text)


def _spoken_code(code: re.Match[str]) -> str:
    inside = code[1].strip()
    if _SPEAKABLE_CODE.fullmatch(inside) and len(inside.split()) <= 3 and " -" not in f" {inside}":
        return inside.replace("_", " ")
    return _UNSPEAKABLE if inside else ""
