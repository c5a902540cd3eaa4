"""Lists that are nothing but links: a menu, a table of contents or "Related articles", or what a sentence lists."""

import re
from collections.abc import Iterator
from typing import Final

from lxml import html

from insta_voice.extraction.readers.furniture_names import names_navigation

_FEWEST_LINKS: Final = 2
_LONGEST_LEAD_WORDS: Final = 6
_ROLES: Final = ("navigation", "menu", "menubar", "tablist", "directory", "doc-toc")
_ELSEWHERE: Final = re.compile(
    r"((related|similar|recommended|popular|recent|more|other|further|promoted) (help )?"
    r"(articles?|topics?|pages?|posts?|questions?|guides?|links?|reading|resources)|related|recommended|see also"
    r"|read (next|also|more)|you (may|might) also (like|be interested in)|recently viewed( articles)?"
    r"|(articles|more) in this (section|category)|(on|in) this (page|article|section|guide)|(table of )?contents|tags"
    r"|(verwandte|ähnliche|weitere) (artikel|beiträge|themen)|siehe auch|auf dieser seite|in diesem (artikel|beitrag)"
    r"|inhalt(sverzeichnis)?|artículos relacionados|ver también|véase también|en este artículo|en esta página"
    r"|contenido) ?:?",
    re.IGNORECASE,
)


def is_all_links(element: html.HtmlElement, text: list[str]) -> bool:
    """Whether the words of a list, `text`, are all in links, of which there are several."""
    links = element.findall(".//a")
    linked = sum(len(" ".join(link.itertext()).split()) for link in links)
    return len(links) >= _FEWEST_LINKS and linked == len(text)


def leads_about(element: html.HtmlElement) -> bool:
    """Whether a list of links shows where else to go, or what is on this page, and is no part of the text."""
    if all((link.get("href") or "").startswith("#") for link in element.iter("a")):
        return True
    if any(_is_for_moving_about(one) for one in _with_its_boxes(element)):
        return True
    return _ELSEWHERE.fullmatch(_lead(element)[0]) is not None


def drop_with_heading(element: html.HtmlElement) -> None:
    """Take a list out, and the line in front of it that says "Related articles"."""
    words, line = _lead(element)
    element.drop_tree()
    if line is not None and _ELSEWHERE.fullmatch(words):
        line.drop_tree()


def _with_its_boxes(element: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """The list and what it stands in, as far as the main content."""
    yield element
    for around in element.iterancestors():
        if around.tag in ("main", "article", "body", "html") or around.get("role") == "main":
            return
        yield around


def _is_for_moving_about(element: html.HtmlElement) -> bool:
    if element.tag in ("nav", "header", "footer", "aside") or element.get("role") in _ROLES:
        return True
    label = "-".join((element.get("aria-label") or "").split())
    return names_navigation(f"{element.get('class') or ''} {element.get('id') or ''} {label}")


def _lead(element: html.HtmlElement) -> tuple[str, html.HtmlElement | None]:
    """What is said in front of a list, in its own box or in front of that, and the element that says it, if any does.
    Of a longer text the beginning, which is no heading.
    """
    for one in (element, element.getparent()):
        before, around = one.getprevious(), one.getparent()
        bare = (before.tail if before is not None else around.text if around is not None else None) or ""
        if bare.strip():
            return " ".join(bare.split()), None
        if before is not None:
            return _first_words(before), before
    return "", None


def _first_words(element: html.HtmlElement) -> str:
    words: list[str] = []
    for piece in element.itertext():
        words += piece.split()
        if len(words) > _LONGEST_LEAD_WORDS:
            break
    return " ".join(words)
