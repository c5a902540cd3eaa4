"""What goes between the process that asks and the one that reads: a line of JSON that says how many bytes follow."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from insta_voice.errors import InvalidInputError
from insta_voice.extraction.bounds import Bounds
from insta_voice.extraction.found import Found
from insta_voice.extraction.kinds import Kind

READY = b"ready\n"
# What `understand` raises for bytes that are none of its own; the latter is JSON's, for what is nested too deep.
MISUNDERSTOOD = (ValueError, RecursionError)


@dataclass(frozen=True, slots=True)
class Request:
    """The head of a document that is to be read."""

    kind: Kind
    bounds: Bounds
    size_bytes: int

    def to_line(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> "Request":
        fields = json.loads(line)
        return cls(Kind(fields["kind"]), Bounds(**fields["bounds"]), fields["size_bytes"])


def answer(found: Sequence[Found]) -> bytes:
    """What was found, as the child writes it."""
    return json.dumps({"found": [asdict(one) for one in found]}).encode()


def refusal(reason: str, detail: str = "") -> bytes:
    """Why nothing was found. `detail` is for the log and quotes nothing of the document."""
    return json.dumps({"refused": reason, "detail": detail}).encode()


def understand(payload: bytes) -> list[Found]:
    """What `answer` holds, which is never nothing; what `refusal` holds is raised.

    A parser that was taken over may have written anything else: MISUNDERSTOOD.
    """
    match json.loads(payload):
        case {"refused": str(reason), "detail": str(detail), **others} if not others:
            raise InvalidInputError(reason, detail=detail)
        case {"found": [_, *_] as found, **others} if not others:
            return [_understand_one(one) for one in found]
    raise ValueError("neither an answer nor a refusal")


def _understand_one(told: object) -> Found:
    match told:
        case {
            "fields": dict(fields),
            "reason": str(reason),
            "line": int() | None as line,
            "anchor": str(anchor),
            **others,
        }:
            if not others and all(isinstance(value, str) for value in fields.values()):
                return Found(fields, reason, line, anchor)
    raise ValueError("none of what a reader finds")
