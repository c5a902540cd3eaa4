"""What the makers of a page call its parts: names of classes that say "furniture", and not what the text is about."""

import re
from typing import Final


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


_AROUND_A_TEXT: Final = _words(
    "cookie cookies consent gdpr breadcrumb breadcrumbs share sharing social related recommended feedback helpful",
    "vote votes newsletter subscribe skip pagination pager toc byline advert adverts advertisement advertising promo",
)
_FOR_MOVING_ABOUT: Final = _words("nav navbar navigation menu menubar submenu sidebar crumb crumbs tag tags footer")
# What a box is called beside what is in it. In "share-settings" the other word is the subject, and that is a text.
_BOXES: Final = _words(
    "article articles post posts page pages entry content main site block box bar widget list lists item items link",
    "links button buttons btn icon icons section container wrapper wrap inner outer area panel group row nav",
    "navigation menu banner notice note popup modal overlay form signup footer header top bottom left right side",
    "sidebar floating sticky root inline media tools actions rating title heading label count was this",
)
_PREFIX_LETTERS: Final = 2  # "c-breadcrumbs", "zd-share"
_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d\w*")


def names_furniture(names: str) -> bool:
    """Whether one of these names, as `class` has them, is of what stands around a text: "article-share", "toc"."""
    return _is_any(names, _AROUND_A_TEXT)


def names_navigation(names: str) -> bool:
    """The same, or that of a menu. For lists of links alone: a whole page may have a class "sidebar"."""
    return _is_any(names, _AROUND_A_TEXT | _FOR_MOVING_ABOUT)


def _is_any(names: str, wanted: frozenset[str]) -> bool:
    for name in names.split():
        words = [word.lower() for word in _WORDS.findall(name)]
        if not wanted.isdisjoint(words) and all(word in wanted or _says_nothing(word) for word in words):
            return True
    return False


def _says_nothing(word: str) -> bool:
    """A box, a prefix, or the digits that a program puts behind a name."""
    return word in _BOXES or len(word) <= _PREFIX_LETTERS or word[0].isdigit()
