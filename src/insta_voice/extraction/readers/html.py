"""An HTML page into Markdown: its main content alone.

A page that says where that is (`main`, `article`) is believed; on others trafilatura finds it. What stands around the
text goes before (furniture.py).
"""

import copy
import re
from urllib.parse import urlsplit

import trafilatura
from lxml import etree, html

from insta_voice.errors import InvalidInputError
from insta_voice.extraction.decoding import decode
from insta_voice.extraction.found import Found
from insta_voice.extraction.readers.as_markdown import as_markdown
from insta_voice.extraction.readers.furniture import remove_furniture

_DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([a-z0-9_-]{1,40})""", re.IGNORECASE)
_DECLARED_WITHIN_BYTES = 2048
# Below this trafilatura gives the page's bare words, without headings and lists (its MIN_EXTRACTED_SIZE).
_SHORT_CHARACTERS = 250
# What a browser shows as blocks and markdownify takes for parts of a line.
_BLOCKS = ("details", "summary", "header", "aside", "form", "fieldset", "address", "center", "hgroup", "main")
_LONGEST_ADDRESS = 2_000  # as in knowledge.documents
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_SITE_NAME = re.compile(r"\s+[|–—·-]\s+[^|–—·]{1,60}$")


def read_html(data: bytes) -> list[Found]:
    """The page as one article."""
    tree = _parse(data)
    fields = {"title": _title(tree), "url": _address(tree), "language": _language(tree)}
    remove_furniture(tree)
    text = _main_content(tree)
    if not text:
        raise InvalidInputError("The page has no text outside of its navigation: perhaps a script writes it.")
    return [Found({"text": text, **{name: value for name, value in fields.items() if value}})]


def _parse(data: bytes) -> html.HtmlElement:
    """As browsers do: what the mark or the page says, else UTF-8, else what Western pages were written in before."""
    try:
        text = decode(data)
    except InvalidInputError:
        declared = _DECLARED.search(data[:_DECLARED_WITHIN_BYTES])
        text = _decode_as(data, declared[1].decode() if declared else "windows-1252")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        tree = html.document_fromstring(text.encode(), parser=parser)
    except etree.ParserError as error:
        raise InvalidInputError("The page is empty.") from error
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise InvalidInputError("The page is nested more than 256 deep: save its text alone.")
    return tree


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, "replace").replace("\x00", " ")
    except LookupError as error:
        raise InvalidInputError("The page names an encoding that nobody knows: save it as UTF-8.") from error


def _title(tree: html.HtmlElement) -> str:
    """The headline, or what the page calls itself; the headline of a site stands outside of what is declared main."""
    declared = bool(tree.xpath("//main | //article"))
    inner = [_words_of(headline) for headline in tree.xpath("//main//h1 | //article//h1")]
    outer = [_words_of(headline) for headline in tree.xpath("//h1")]
    named = [str(name) for name in tree.xpath("//meta[@property='og:title']/@content")]
    called = [_SITE_NAME.sub("", str(name).strip()) for name in tree.xpath("//head/title/text()")]
    candidates = [*inner, *named, *called, *outer] if declared else [*outer, *named, *called]
    return next((title for title in (" ".join(c.split()) for c in candidates) if title), "")


def _address(tree: html.HtmlElement) -> str:
    """What the page says is its address. One that is none is passed over: pages are full of such slips."""
    addresses = [str(address).strip() for address in tree.xpath("//link[@rel='canonical']/@href")]
    try:
        parts = urlsplit(addresses[0]) if addresses else None
    except ValueError:
        return ""
    is_address = parts is not None and parts.scheme in ("http", "https") and parts.netloc
    return addresses[0] if is_address and len(addresses[0]) <= _LONGEST_ADDRESS else ""


def _language(tree: html.HtmlElement) -> str:
    code = (tree.get("lang") or "").strip().partition("-")[0].lower()
    return code if _LANGUAGE.fullmatch(code) else ""


def _main_content(tree: html.HtmlElement) -> str:
    main = _declared_main(tree)
    if main is None:
        found = trafilatura.extract(
            copy.deepcopy(tree), output_format="markdown", favor_recall=True, include_comments=False
        )
        if found and len(found) >= _SHORT_CHARACTERS:
            return str(found)
        main = tree.find("body")
        if main is None:
            return ""
    for block in main.iter(*_BLOCKS):
        block.tag = "div"
    return as_markdown(html.tostring(main, encoding="unicode", with_tail=False))


def _declared_main(tree: html.HtmlElement) -> html.HtmlElement | None:
    """The only article of the only main element, where it has most of it: the rest is beside the point."""
    whole = _only(tree, "//main | //*[@role='main' and not(self::main)]")
    article = _only(tree, "//article") if whole is None else _only(whole, ".//article")
    if article is not None and _weight(article) * 2 >= _weight(tree if whole is None else whole):
        return article
    return whole


def _only(element: html.HtmlElement, path: str) -> html.HtmlElement | None:
    found = element.xpath(path)
    return found[0] if len(found) == 1 else None


def _weight(element: html.HtmlElement) -> int:
    return sum(len(piece.split()) for piece in element.itertext())


def _words_of(element: html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())
