"""What stands on a page around its text: navigation, banners, cookie notes, share lines, "Was this helpful?"."""

import re

from lxml import html

from insta_voice.extraction.readers.furniture_names import names_furniture
from insta_voice.extraction.readers.link_lists import drop_with_heading, is_all_links, leads_about

_TAGS = ("nav", "script", "style", "noscript", "template", "dialog", "button", "iframe", "svg", "select", "footer")
_ROLES = ("navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "complementary")
# Of ids only a cookie note's are believed: headings have ids made from their text ("share-a-file").
_COOKIE_IDS = re.compile(r"(cookie|consent)[a-z]*[-_]?(banner|bar|note|notice|popup|dialog|modal|sdk)", re.IGNORECASE)
_CONTAINERS = ("div", "section", "aside", "ul", "ol", "p", "span", "a", "form")
# A container named like furniture that holds more than this is the text itself.
_LONGEST_WORDS = 120
_LINES = re.compile(
    r"(was this (article |page |answer )?helpful|did this answer your question|share this (article|page|post)\b"
    r"|share on \w+$|skip to (the )?(main )?(content|navigation|search)|follow us on\b|written by \w+"
    r"|(last )?updated (on|over|about|\d)|© ?\d{4}|war dieser (artikel|beitrag) hilfreich|fue útil este artículo)",
    re.IGNORECASE,
)
_LONGEST_LINE_WORDS = 40


def remove_furniture(tree: html.HtmlElement) -> None:
    """Take it out of the tree. What stands behind an element stays."""
    # A site's own stands in its header, above everything.
    headline = next(iter(tree.xpath("//main//h1 | //article//h1") or tree.xpath("//h1")), None)
    above_headline = headline is not None
    for element in list(tree.iter("h1", *_TAGS, "header", *_CONTAINERS)):
        if element.tag == "h1":
            above_headline = above_headline and element is not headline
        elif element.getparent() is None:
            continue
        elif _is_furniture(element):
            element.drop_tree()
        elif element.tag in ("ul", "ol") and _is_about_other_places(element, above_headline):
            drop_with_heading(element)


def _is_furniture(element: html.HtmlElement) -> bool:
    if element.tag in _TAGS or element.get("role") in _ROLES or "BreadcrumbList" in (element.get("itemtype") or ""):
        return True
    if element.tag == "header":  # an article's own has its headline
        return not any(True for _ in element.iterancestors("main", "article"))
    named = names_furniture(element.get("class") or "") or _COOKIE_IDS.search(element.get("id") or "")
    text = _beginning(element, _LONGEST_WORDS)
    if named and len(text) < _LONGEST_WORDS:
        return not any(True for _ in element.iter("h1"))
    return len(text) <= _LONGEST_LINE_WORDS and (
        _LINES.match(" ".join(text)) is not None or _asks_for_cookies(element, text)
    )


def _is_about_other_places(element: html.HtmlElement, above_headline: bool) -> bool:
    """Whether a list of links is no part of the text: above the headline it is a menu, or says where the page is."""
    text = _beginning(element, _LONGEST_WORDS)
    if len(text) == _LONGEST_WORDS or not is_all_links(element, text):
        return False
    return above_headline or leads_about(element)


def _asks_for_cookies(element: html.HtmlElement, text: list[str]) -> bool:
    """An article on cookies has no button to take them with."""
    return any("cookie" in word.casefold() for word in text) and element.find(".//button") is not None


def _beginning(element: html.HtmlElement, words: int) -> list[str]:
    """The first words of an element: on a page of many nested ones, all of each would be read over and over."""
    found: list[str] = []
    for piece in element.itertext():
        found += piece.split()
        if len(found) >= words:
            break
    return found[:words]
