"""What an ingestion did."""

import re
from collections.abc import Callable
from dataclasses import dataclass

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # Postgres has no place for NUL, and UTF-8 none for half a character

Progress = Callable[[int, int, str], None]  # done, total, what is next


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that was not taken; what was stored of it before is as it was."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class TakenOver:
    """An article that another place had brought: the file or page that it came from, and the one that it is of now."""

    article_id: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingestion did, in articles. `edits_kept`: the ids of those that were edited here and whose files say what
    they said before, counted as unchanged. `edits_replaced`: of those whose files have changed since. `missing`: the
    addresses that pages link to, where there is no page and never was an article. `taken_over`: those of the changed
    that another directory, file or source had brought.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: tuple[Failure, ...] = ()
    edits_kept: tuple[str, ...] = ()
    edits_replaced: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    taken_over: tuple[TakenOver, ...] = ()

    @property
    def brings_answers(self) -> bool:
        """Whether something may be answered now that was not before."""
        return bool(self.added or self.changed)

    def __add__(self, other: "Report") -> "Report":
        """Both together."""
        return Report(
            self.added + other.added,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.removed + other.removed,
            self.failed + other.failed,
            self.edits_kept + other.edits_kept,
            self.edits_replaced + other.edits_replaced,
            self.missing + other.missing,
            self.taken_over + other.taken_over,
        )


def storable(text: str) -> str:
    """`text` as a row can have it, wherever it came from: names of files and what websites say may hold anything."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)
