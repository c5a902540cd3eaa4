"""Paths into documents: which files there are, what each holds, and which could not be read."""

import asyncio
import hashlib
import json
import stat
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from insta_voice.errors import InvalidInputError
from insta_voice.extraction import READERS_VERSION
from insta_voice.knowledge.documents import Document
from insta_voice.knowledge.formats import MAX_BYTES, SUFFIXES, DocumentReader, Kind, check_size, kind_of
from insta_voice.knowledge.report import Progress

# These take a parser, and hold one article, which is known by its path.
_PARSED: Final = (Kind.HTML, Kind.PDF, Kind.WORD)

ReadBefore = Callable[[str, str], Awaitable[Document | None]]
"""What the file of an article, by its id, was read as if the file has this hash; None when it is to be parsed."""


@dataclass(frozen=True, slots=True)
class Read:
    """One document, or why there is none. `place` is the file as shown, with its line in a list (CSV, JSON lines).

    `source` is the directory that was asked for, None for a single file; `path` is the file's path in it, and `file`
    the whole one. `file_hash` is of what takes a parser: its bytes, and how they are read.
    """

    place: str
    path: str
    source: str | None
    file: Path
    document: Document | None = None
    reason: str = ""
    file_hash: str | None = None


async def read_all(
    paths: Sequence[Path], audience: Sequence[str], progress: Progress, read_before: ReadBefore
) -> list[Read]:
    """Everything under `paths`, for `audience` where it names none; what `read_before` knows is not parsed again.
    InvalidInputError for a path that is not there; what is wrong inside is a reason."""
    files: list[Read] = []
    for path in paths:
        files += await asyncio.to_thread(_files, path)
    reads: list[Read] = []
    async with DocumentReader() as reader:
        for done, file in enumerate(files):
            progress(done, len(files), file.place)
            reads += [read async for read in _documents(file, reader, audience, read_before)]
    return reads


def _files(path: Path) -> list[Read]:
    if not path.exists():
        raise InvalidInputError(f"There is nothing at {path}.")
    return list(_directory(path)) if path.is_dir() else [_file(path, path.parent)]


def _directory(root: Path) -> Iterator[Read]:
    source = str(root.resolve())
    for path in sorted(root.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
        if not hidden and path.is_file() and path.suffix.lower() in SUFFIXES:
            yield _file(path, root, source)


def _file(path: Path, root: Path, source: str | None = None) -> Read:
    name = path.relative_to(root).as_posix().encode("utf-8", "replace").decode()
    file = Read(name, name, source, path)
    if source is not None and not path.resolve().is_relative_to(source):
        return replace(file, reason="It is a link to a file outside of the directory.")
    return file


async def _documents(
    file: Read, reader: DocumentReader, audience: Sequence[str], read_before: ReadBefore
) -> AsyncIterator[Read]:
    if file.reason:
        yield file
        return
    try:
        data = await asyncio.to_thread(content_of, file.file)
        kind = kind_of(file.path, None, data)
        if kind in _PARSED:
            file_hash = await asyncio.to_thread(_hash, data, kind, audience)
            file = replace(file, file_hash=file_hash)
            if (document := await read_before(file.path, file_hash)) is not None:
                yield replace(file, document=document)
                return
        parts = await reader.parts(data, kind=kind, name=file.path, audience=audience)
    except InvalidInputError as error:
        yield replace(file, reason=error.message)
        return
    for part in parts:
        place = file.place if part.line is None else f"{file.place}:{part.line}"
        yield replace(file, place=place, document=part.document, reason=part.reason)


def _hash(data: bytes, kind: Kind, audience: Sequence[str]) -> str:
    """Equal for equal files that are read alike."""
    read_as = json.dumps([READERS_VERSION, kind, list(audience)])
    return hashlib.sha256(read_as.encode() + data).hexdigest()


def content_of(path: Path) -> bytes:
    """The file whole. InvalidInputError when it cannot be read; what is too large is refused unread."""
    kind = SUFFIXES.get(path.suffix.lower(), Kind.PDF)
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise InvalidInputError("It is not a file.")
        check_size(state.st_size, kind)
        with path.open("rb") as opened:
            return opened.read(MAX_BYTES[kind] + 1)
    except OSError as error:
        raise InvalidInputError(f"The file cannot be read ({error.strerror}).") from error
