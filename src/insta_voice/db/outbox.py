"""Puts a job on the queue in the caller's transaction: it exists exactly when what it follows from exists.

The worker that runs jobs is `insta_voice.jobs`; here is only the other end, so that capabilities need not import
an entry point. Arguments are ids: a queue is no place for personal data.
"""

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException

from insta_voice.db.database import Connection, describe
from insta_voice.errors import DBDriverError

_APP = App(connector=PsycopgConnector())  # never opened: it always writes through the connection it is given


async def enqueue(
    connection: Connection, task: str, *, lock: str | None = None, after_s: int | None = None, **ids: str
) -> None:
    """Enqueue `task` with `ids`, or raise DBDriverError. Jobs with the same `lock` run one after the other.

    With `after_s`, not before so many seconds have passed.
    """
    schedule_in = None if after_s is None else {"seconds": after_s}
    deferrer = _APP.configure_task(task, lock=lock, connection=connection, schedule_in=schedule_in)
    try:
        await deferrer.defer_async(**ids)
    except ConnectorException as error:
        cause = error.__cause__
        raise DBDriverError(detail=describe(cause) if isinstance(cause, psycopg.Error) else "") from error
