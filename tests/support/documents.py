"""The commands that README and docs show in code."""

import re
import shlex
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PLACEHOLDER = re.compile(r"<[^>]+>")
ASSIGNMENT = re.compile(r"[A-Z_]+=")
BETWEEN_COMMANDS = {"&&", "||", ";", "|"}


def _pieces(document: Path) -> Iterator[tuple[str, bool]]:
    """Each piece of code, and whether it is a block: what is in a block can be copied as it stands."""
    for token in MarkdownIt("commonmark").enable("table").parse(document.read_text(encoding="utf-8")):
        if token.type in ("fence", "code_block"):
            for line in token.content.splitlines():
                yield line, True
        for inline in token.children or ():
            if inline.type == "code_inline":
                yield inline.content, False


def _commands(text: str) -> Iterator[list[str]]:
    """The words of each simple command, without the settings before it."""
    lexer = shlex.shlex(PLACEHOLDER.sub("X", text), posix=True, punctuation_chars="&|;")
    lexer.whitespace_split = True
    try:
        words = list(lexer)
    except ValueError:  # a quote in a block of another language
        return
    command: list[str] = []
    for before, word in pairwise(["", *words, ";"]):
        if ">" in (before, word):  # into a file
            continue
        if word in BETWEEN_COMMANDS:
            yield command
            command = []
        elif command or not ASSIGNMENT.match(word):
            command.append(word)


def shown(program: str) -> Iterator[tuple[Path, tuple[str, ...], bool]]:
    """Each call of `program`: the document, the arguments, and whether it can be copied as it stands."""
    for document in DOCUMENTS:
        for text, block in _pieces(document):
            for command in _commands(text):
                if command and Path(command[0]).name == program:
                    yield document, tuple(command[1:]), block
