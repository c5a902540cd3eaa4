"""Whom a job is for, as the token service dispatched it; room and record are checked against it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from insta_voice.languages import Language


class Refused(Exception):
    """The dispatch and the room do not belong together: this call is not served."""


class Superseded(Exception):
    """Another agent holds this call: this one came too late, and leaves it alone."""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One call of one user, who is the only participant that is heard; `language` is the code of the one they chose,
    None for the company's own.
    """

    call_id: UUID
    user_id: str
    language: str | None = None

    def spoken(self, offered: Sequence[Language]) -> Language:
        """The caller's language of those `offered`; the first where theirs is none of them."""
        return next((language for language in offered if language.code == self.language), offered[0])


def dispatched(metadata: str) -> Dispatch:
    """What the job carries: `{"call_id", "user_id", "language"}`. Raises Refused."""
    try:
        fields = json.loads(metadata)
        return Dispatch(UUID(str(fields["call_id"])), str(fields["user_id"]), fields.get("language"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused("the dispatch names no call") from error
