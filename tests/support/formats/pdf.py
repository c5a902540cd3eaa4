"""PDF files: text at its place, in Helvetica, as plain as the format allows."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PAGE_WIDTH, PAGE_HEIGHT = 595, 842  # A4, in points


@dataclass(frozen=True)
class Text:
    """A line of text; `y` counts from the foot of the page."""

    text: str
    y: float
    x: float = 72
    size: float = 11
    bold: bool = False

    def drawn(self) -> str:
        escaped = self.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        return f"BT /{'B' if self.bold else 'R'} {self.size} Tf {self.x} {self.y} Td ({escaped}) Tj ET"


def flowed(*lines: str, top: float = 760, x: float = 72, size: float = 11, bold: bool = False) -> list[Text]:
    """Lines below each other, a paragraph's distance apart from nothing."""
    return [Text(line, top - number * size * 1.2, x, size, bold) for number, line in enumerate(lines)]


def write_pdf(pages: Sequence[Sequence[Text]], *, claimed_pages: int | None = None, locked: bool = False) -> bytes:
    """A PDF of these pages. `claimed_pages` is what its catalogue says; `locked` asks for a password."""
    contents = [stream("\n".join(text.drawn() for text in page).encode("latin-1")) for page in pages]
    return assemble(contents, claimed_pages=claimed_pages, locked=locked)


def stream(data: bytes, filters: str = "") -> bytes:
    """A stream object's body; `filters` is what undoes its packing."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), filters.encode(), data)


def assemble(contents: Sequence[bytes], *, claimed_pages: int | None = None, locked: bool = False) -> bytes:
    """A PDF whose pages have these content streams."""
    first_page = 5
    kids = " ".join(f"{first_page + 2 * number} 0 R" for number in range(len(contents)))
    objects: dict[int, bytes] = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {claimed_pages or len(contents)} >>".encode(),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        4: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    }
    for number, content in enumerate(contents):
        page = first_page + 2 * number
        objects[page] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE_WIDTH} {PAGE_HEIGHT}] /Contents {page + 1} 0 R"
            " /Resources << /Font << /R 3 0 R /B 4 0 R >> >> >>"
        ).encode()
        objects[page + 1] = content
    return _written(objects, _lock() if locked else "")


def _written(objects: Mapping[int, bytes], trailer: str) -> bytes:
    written = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in objects.items():
        offsets.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    written += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(written)


def _lock() -> str:
    """Keys that no password fits."""
    key = random.Random(6).randbytes(32).hex()
    lock = f"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <{key}> /U <{key}> >>"
    return f"/Encrypt {lock} /ID [<{key[:32]}> <{key[:32]}>]"
