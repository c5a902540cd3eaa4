"""The file of a backup: a zip with a manifest and one text file a table.

Text as `COPY` writes it, so that a backup of one server restores into another of another version; zip, so that it
streams, carries its own checksums, and opens with any tool. `manifest.json` comes last: a file that broke off has none.
"""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from insta_voice.errors import InvalidInputError

Piece = bytes | bytearray | memoryview

FORMAT = 1
MANIFEST = "manifest.json"
_READ_BYTES = 1 << 20
_UNREADABLE = (KeyError, EOFError, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True, slots=True)
class TableContent:
    """One table; `name` is schema.table, `sha256` that of its text before it was compressed."""

    name: str
    columns: tuple[str, ...]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Counter:
    """The last number a numbered column gave; None when it gave none."""

    table: str
    column: str
    last: int | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `schema` are the versions of the migrations that had been applied, oldest first."""

    made_at: str
    schema: tuple[str, ...]
    tables: tuple[TableContent, ...]
    counters: tuple[Counter, ...]

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(table.rows for table in self.tables)


class BackupWriter:
    """Writes tables, then the manifest."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def table(self, name: str, pieces: Iterable[Piece]) -> str:
        """Stream one table into the file and give its SHA-256."""
        digest = hashlib.sha256()
        with self._archive.open(_member(name), "w", force_zip64=True) as out:
            for piece in pieces:
                digest.update(piece)
                out.write(piece)
        return digest.hexdigest()

    def manifest(self, manifest: Manifest) -> None:
        """Last: without it the file is no backup."""
        self._archive.writestr(MANIFEST, json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1))


@contextmanager
def write_backup(file: Path) -> Iterator[BackupWriter]:
    """A new file that only its owner may read, there whole or not at all. InvalidInputError when it exists."""
    if file.exists():
        raise InvalidInputError(f"{file} exists already, and no backup is overwritten. Name another file.")
    partial = file.with_name(f".{file.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                yield BackupWriter(archive)
            out.flush()
            os.fsync(out.fileno())
        os.replace(partial, file)
    except OSError as error:
        raise InvalidInputError(
            f"The backup could not be written to {file}: {error.strerror}. Name a file in a folder that has room."
        ) from error
    finally:
        partial.unlink(missing_ok=True)


class BackupReader:
    """An open backup, its manifest read."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._archive = archive
        self.manifest = manifest

    def pieces(self, table: TableContent) -> Iterator[bytes]:
        """The table's text, a megabyte at a time."""
        with self._archive.open(_member(table.name)) as member:
            while piece := member.read(_READ_BYTES):
                yield piece

    def check(self) -> None:
        """Read every byte; InvalidInputError names the tables that are not as they were written."""
        damaged = [table.name for table in self.manifest.tables if not self._is_intact(table)]
        if damaged:
            raise InvalidInputError(f"The backup is damaged in {', '.join(damaged)}. Use another one.")

    def _is_intact(self, table: TableContent) -> bool:
        digest = hashlib.sha256()
        try:
            for piece in self.pieces(table):
                digest.update(piece)
        except _UNREADABLE:
            return False
        return digest.hexdigest() == table.sha256


@contextmanager
def open_backup(file: Path) -> Iterator[BackupReader]:
    """A backup of a format we know, or InvalidInputError. What its tables hold is checked by `check`."""
    try:
        archive = zipfile.ZipFile(file)
    except OSError as error:
        raise InvalidInputError(f"{file} cannot be read: {error.strerror}. Name a backup.") from error
    except zipfile.BadZipFile as error:
        raise InvalidInputError(f"{file} is no backup, or broke off while it was written. Name another.") from error
    with archive:
        try:
            manifest = _read_manifest(archive, file)
        except (*_UNREADABLE, ValueError, TypeError, AttributeError) as error:
            raise InvalidInputError(f"{file} is damaged, or no backup of this product. Name another.") from error
        yield BackupReader(archive, manifest)


def _read_manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    written: dict[str, Any] = json.loads(archive.read(MANIFEST))
    if written.pop("format") != FORMAT:
        raise InvalidInputError(f"{file} was written by another version of insta-voice. Restore it with that one.")
    tables = tuple(TableContent(**{**table, "columns": tuple(table["columns"])}) for table in written.pop("tables"))
    counters = tuple(Counter(**counter) for counter in written.pop("counters"))
    return Manifest(**{**written, "schema": tuple(written["schema"])}, tables=tables, counters=counters)


def _member(table: str) -> str:
    return f"tables/{table}.copy"
