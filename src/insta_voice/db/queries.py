"""SQL lives in `.sql` files as named blocks: `-- name: open_call`, a comment of one sentence, the statement.

What is loaded is typed `LiteralString`: no statement is built from strings.
"""

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import LiteralString

_BLOCK = re.compile(r"^-- name: (?P<name>[a-z][a-z0-9_]*)$", re.MULTILINE)


class Queries:
    """The statements of one file, by name. A missing name is a KeyError at the line that asks for it."""

    def __init__(self, text: str, source: str) -> None:
        pieces = _BLOCK.split(text)
        self._source = source
        self._statements: dict[str, LiteralString] = {}
        for name, block in zip(pieces[1::2], pieces[2::2], strict=True):
            comment, statement = _split_comment(block)
            if not comment or not statement:
                raise ValueError(f"{source}: {name} needs a comment of one sentence and a statement")
            if name in self._statements:
                raise ValueError(f"{source}: {name} stands there twice")
            self._statements[name] = statement

    @classmethod
    def load(cls, package: str, filename: str) -> "Queries":
        """Read `filename` beside the modules of `package`; called once, at import."""
        return cls(files(package).joinpath(filename).read_text("utf-8"), f"{package}/{filename}")

    def __getitem__(self, name: str) -> LiteralString:
        try:
            return self._statements[name]
        except KeyError:
            raise KeyError(f"{self._source} has no statement named {name}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._statements)


def _split_comment(block: str) -> tuple[str, str]:
    lines = block.strip().splitlines()
    comment: list[str] = []
    while lines and lines[0].startswith("--"):
        comment.append(lines.pop(0).removeprefix("--").strip())
    return " ".join(comment), "\n".join(lines).strip().removesuffix(";")
