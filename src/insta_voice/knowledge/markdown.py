"""Markdown into blocks of plain text that know their headings: what a voice can read and a search can index."""

from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

# HTML stays text: nothing an article holds becomes markup. Indented code and underlined headings are off, because
# plain text exports indent and underline without meaning it.
_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["code", "lheading"])
# Each cell of a table is read with its column's name: a longer one would be told again with every row.
_COLUMN_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a list item, a table row or a piece of code, under `headings` (outermost first)."""

    text: str
    headings: tuple[str, ...]
    marker: str = ""  # "- " or "2. " of a list item, with its indentation

    @property
    def words(self) -> int:
        """Length in words, the marker left out."""
        return len(self.text.split())


def parse_blocks(markdown: str) -> list[Block]:
    """The blocks of a document in reading order; markup is gone, structure is in headings and markers."""
    return _Reader().read(_PARSER.parse(markdown))


class _Reader:
    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._headings: list[tuple[int, str]] = []
        self._lists: list[int | None] = []  # number of the next item, None in a bullet list
        self._marker = ""
        self._header: list[str] = []
        self._row: list[str] | None = None

    def read(self, tokens: Sequence[Token]) -> list[Block]:
        for index, token in enumerate(tokens):
            if token.type == "inline":
                self._inline(token, after=tokens[index - 1])
            elif token.type in ("fence", "code_block", "html_block"):
                self._add(token.content.strip())
            else:
                self._structure(token)
        return self._blocks

    def _structure(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open":
                self._lists.append(None)
            case "ordered_list_open":
                self._lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._open_item()
            case "thead_open":
                self._header = []
            case "tr_open":
                self._row = []
            case "tr_close":
                self._close_row()

    def _inline(self, token: Token, *, after: Token) -> None:
        text = _plain(token)
        if after.type == "heading_open":
            level = int(after.tag[1:])
            self._headings = [h for h in self._headings if h[0] < level] + [(level, text)]
        elif after.type == "th_open":
            self._header.append(text[:_COLUMN_CHARACTERS])
        elif after.type == "td_open" and self._row is not None:
            self._row.append(text)
        else:
            self._add(text)

    def _open_item(self) -> None:
        indent = "  " * (len(self._lists) - 1)
        number = self._lists[-1]
        if number is None:
            self._marker = f"{indent}- "
        else:
            self._marker = f"{indent}{number}. "
            self._lists[-1] = number + 1

    def _close_row(self) -> None:
        """A row as a person would read it: each cell with its column's name."""
        cells, self._row = self._row or [], None
        names = self._header + [""] * len(cells)
        self._add("; ".join(f"{n}: {c}" if n else c for n, c in zip(names, cells, strict=False) if c))

    def _add(self, text: str) -> None:
        if text:
            self._blocks.append(Block(text, tuple(h[1] for h in self._headings), self._marker))
        self._marker = ""


def _plain(token: Token) -> str:
    parts: list[str] = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak":
            parts.append("\n")
        elif child.type == "image":
            parts.append(child.content)  # its alternative text
    return "".join(parts).strip()
