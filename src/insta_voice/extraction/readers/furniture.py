"""What stands on a page around its text: navigation, banners, cookie notes, share lines, "Was this helpful?"."""

import re

from lxml import html

_TAGS = ("nav", "script", "style", "noscript", "template", "dialog", "button", "iframe", "svg", "select", "footer")
_ROLES = ("navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "complementary")
# Names of classes. Of ids only a cookie note's are believed: headings have ids made from their text ("share-a-file").
_CLASSES = re.compile(
    r"(?<![a-z])(cookies?|consent|gdpr|breadcrumbs?|share|sharing|social|related|recommended|feedback|helpful|votes?"
    r"|newsletter|subscribe|skip|pagination|pager|toc|byline|advert\w*|promo)(?![a-z])",
    re.IGNORECASE,
)
_COOKIE_IDS = re.compile(r"(cookie|consent)[a-z]*[-_]?(banner|bar|note|notice|popup|dialog|modal|sdk)", re.IGNORECASE)
_CONTAINERS = ("div", "section", "aside", "ul", "ol", "p", "span", "a", "form")
# A container named like furniture that holds more than this is the text itself.
_LONGEST_WORDS = 120
_FEWEST_LINKS = 2
_LINES = re.compile(
    r"(was this (article |page |answer )?helpful|did this answer your question|share this (article|page|post)\b"
    r"|share on \w+$|skip to (the )?(main )?(content|navigation|search)|follow us on\b|written by \w+"
    r"|(last )?updated (on|over|about|\d)|© ?\d{4}|war dieser (artikel|beitrag) hilfreich|fue útil este artículo)",
    re.IGNORECASE,
)
_LONGEST_LINE_WORDS = 40


def remove_furniture(tree: html.HtmlElement) -> None:
    """Take it out of the tree. What stands behind an element stays."""
    for element in list(tree.iter(*_TAGS, "header", *_CONTAINERS)):
        if element.getparent() is not None and _is_furniture(element):
            element.drop_tree()


def _is_furniture(element: html.HtmlElement) -> bool:
    if element.tag in _TAGS or element.get("role") in _ROLES:
        return True
    if element.tag == "header":  # an article's own has its headline
        return not any(True for _ in element.iterancestors("main", "article"))
    named = _CLASSES.search(element.get("class") or "") or _COOKIE_IDS.search(element.get("id") or "")
    text = _beginning(element, _LONGEST_WORDS)
    if element.tag in ("ul", "ol") and len(text) < _LONGEST_WORDS and _is_all_links(element, text):
        return True
    if named and len(text) < _LONGEST_WORDS:
        return not any(True for _ in element.iter("h1"))
    return len(text) <= _LONGEST_LINE_WORDS and (
        _LINES.match(" ".join(text)) is not None or _asks_for_cookies(element, text)
    )


def _asks_for_cookies(element: html.HtmlElement, text: list[str]) -> bool:
    """An article on cookies has no button to take them with."""
    return any("cookie" in word.casefold() for word in text) and element.find(".//button") is not None


def _is_all_links(element: html.HtmlElement, text: list[str]) -> bool:
    """A table of contents, tags, or where else to go."""
    links = element.findall(".//a")
    linked = sum(len(" ".join(link.itertext()).split()) for link in links)
    return len(links) >= _FEWEST_LINKS and linked == len(text)


def _beginning(element: html.HtmlElement, words: int) -> list[str]:
    """The first words of an element: on a page of many nested ones, all of each would be read over and over."""
    found: list[str] = []
    for piece in element.itertext():
        found += piece.split()
        if len(found) >= words:
            break
    return found[:words]
