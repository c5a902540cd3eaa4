"""What a reader finds in a document, before anybody has checked it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Found:
    """The fields of an article as `knowledge.documents` names them, or why there is none.

    In a kind that holds many, `line` is where it begins, and `anchor` what it is known by among the others when the
    document gives it no id.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    line: int | None = None
    anchor: str = ""
