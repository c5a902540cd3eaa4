"""What reading one document may cost. Beyond it the child is ended, and the document is refused."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Bounds:
    """`memory_bytes` is address space, the parsers' own 150 MB included. `cpu_seconds` are whole, of the processor's
    time: a document that gives way to calls has done nothing wrong; `seconds` is the wall's, for one that waits.
    """

    memory_bytes: int = 1_000_000_000
    cpu_seconds: int = 60
    seconds: float = 300.0
    output_bytes: int = 50_000_000


BOUNDS: Final = Bounds()


def too_slow(seconds: float) -> str:
    """What is said of a document that takes longer."""
    return f"Reading it takes longer than {seconds:g} s: split it, or save it anew."
