"""Whom a job is for, as the token service dispatched it; room and record are checked against it."""

import json
from dataclasses import dataclass
from uuid import UUID


class Refused(Exception):
    """The dispatch and the room do not belong together: this call is not served."""


class Superseded(Exception):
    """Another agent holds this call: this one came too late, and leaves it alone."""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One call of one user, who is the only participant that is heard."""

    call_id: UUID
    user_id: str


def dispatched(metadata: str) -> Dispatch:
    """What the job carries: `{"call_id", "user_id"}`. Raises Refused."""
    try:
        fields = json.loads(metadata)
        return Dispatch(UUID(str(fields["call_id"])), str(fields["user_id"]))
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("the dispatch names no call") from error
