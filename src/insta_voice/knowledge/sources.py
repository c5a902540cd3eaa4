"""Paths into documents: which files there are, what each holds, and which could not be read."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from insta_voice.errors import InvalidInputError
from insta_voice.knowledge.documents import Document, parse_json_line, parse_markdown

_MARKDOWN = frozenset({".md", ".markdown"})
_JSON_LINES = frozenset({".jsonl", ".ndjson"})
# A file is read whole; a Markdown file beyond this is no article, JSONL is a collection and may be larger.
_MAX_MARKDOWN_BYTES = 4_000_000
_MAX_JSON_LINES_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Read:
    """One document, or why there is none. `place` is the file as shown, with its line in JSONL.

    `source` is the directory that was asked for, None for a single file; `path` is the file's path in it, and `file`
    the whole one.
    """

    place: str
    path: str
    source: str | None
    file: Path
    document: Document | None = None
    reason: str = ""


def read_all(paths: Sequence[Path]) -> list[Read]:
    """Everything under `paths`. InvalidInputError for a path that is not there; what is wrong inside is a reason."""
    for path in paths:
        if not path.exists():
            raise InvalidInputError(f"There is nothing at {path}.")
    return [read for path in paths for read in (_directory(path) if path.is_dir() else _file(path, path.parent))]


def _directory(root: Path) -> Iterator[Read]:
    source = str(root.resolve())
    for path in sorted(root.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
        if not hidden and path.is_file() and path.suffix.lower() in _MARKDOWN | _JSON_LINES:
            yield from _file(path, root, source)


def _file(path: Path, root: Path, source: str | None = None) -> Iterator[Read]:
    name = path.relative_to(root).as_posix().encode("utf-8", "replace").decode()
    try:
        if source is not None and not path.resolve().is_relative_to(root.resolve()):
            raise InvalidInputError("It is a link to a file outside of the directory.")
        suffix = path.suffix.lower()
        if suffix in _MARKDOWN:
            document = parse_markdown(_content(path, _MAX_MARKDOWN_BYTES), name=name.removesuffix(path.suffix))
            yield Read(name, name, source, path, document)
        elif suffix in _JSON_LINES:
            yield from _lines(_content(path, _MAX_JSON_LINES_BYTES).split("\n"), Read(name, name, source, path))
        else:
            raise InvalidInputError("It is neither Markdown (.md) nor JSON lines (.jsonl).")
    except InvalidInputError as error:
        yield Read(name, name, source, path, reason=error.message)


def _lines(lines: Iterable[str], whole: Read) -> Iterator[Read]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"{whole.place}:{number}"
        try:
            yield replace(whole, place=place, document=parse_json_line(line))
        except InvalidInputError as error:
            yield replace(whole, place=place, reason=error.message)


def _content(path: Path, largest: int) -> str:
    try:
        if path.stat().st_size > largest:
            raise InvalidInputError(f"The file is larger than {largest // 1_000_000} MB.")
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInputError("The file is not UTF-8 text.") from error
    except OSError as error:
        raise InvalidInputError(f"The file cannot be read ({error.strerror}).") from error
