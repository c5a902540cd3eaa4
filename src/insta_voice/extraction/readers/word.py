"""A Word document (.docx) into Markdown: its headings by their styles, lists, tables."""

import io
import zipfile

import mammoth

from insta_voice.errors import InvalidInputError
from insta_voice.extraction.found import Found
from insta_voice.extraction.readers.as_markdown import as_markdown

# Unpacked: text of a million characters with Word's markup around it; pictures are not unpacked.
_LARGEST_PART_BYTES = 100_000_000
_ENCRYPTED = 0x1  # of a ZIP member's flags, by the format's specification (APPNOTE 4.4.4)
_TITLE_STYLE = "p[style-name='Title'] => h1:fresh"
_TOO_LARGE = "It unpacks to far more than a document has: save it anew with Word."


def read_word(data: bytes) -> list[Found]:
    """The document as one article; its first heading is the title."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive)
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise InvalidInputError("It is damaged or encrypted: open it in Word and save it anew.") from error
    converted = mammoth.convert_to_html(
        io.BytesIO(data), style_map=_TITLE_STYLE, convert_image=lambda image: [], external_file_access=False
    )
    text = as_markdown(converted.value)
    if not text:
        raise InvalidInputError("The document has no text: pictures of text are not read.")
    return [Found({"text": text, **_title(text)})]


def _check(archive: zipfile.ZipFile) -> None:
    """No part that needs a password, no XML that unpacks beyond the bound, and none with declarations of its own, which
    Word never writes."""
    for part in archive.infolist():
        if part.flag_bits & _ENCRYPTED:
            raise InvalidInputError("It is encrypted: save it without a password.")
        if not part.filename.endswith((".xml", ".rels")):
            continue
        if part.file_size > _LARGEST_PART_BYTES:
            raise InvalidInputError(_TOO_LARGE)
        with archive.open(part) as opened:
            head = opened.read(4096).replace(b"\x00", b"")
        if b"<!DOCTYPE" in head:
            raise InvalidInputError("It declares entities, which no document needs: save it anew with Word.")


def _title(text: str) -> dict[str, str]:
    heading = next((line for line in text.splitlines() if line.startswith("#")), "")
    title = heading.lstrip("#").strip()
    return {"title": title} if title else {}
