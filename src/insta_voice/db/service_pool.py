"""A pool for code that takes plain connections, such as procrastinate: each comes as insta_jobs, in a transaction."""

from psycopg.rows import DictRow
from psycopg_pool import AsyncConnectionPool

from insta_voice.db.database import CONNECT_KWARGS, ENTER, RECONNECT_TIMEOUT_S, Connection, PatientConnection


class ServicePool(AsyncConnectionPool[Connection]):
    """At most `max_size` connections; dead ones are replaced when they are asked for. The transaction of one ends with
    its block.
    """

    def __init__(self, url: str, *, max_size: int = 4, connect_timeout_s: float = 5.0) -> None:
        super().__init__(
            url,
            connection_class=PatientConnection[DictRow],
            min_size=1,
            max_size=max_size,
            timeout=connect_timeout_s,
            reconnect_timeout=RECONNECT_TIMEOUT_S,
            check=_enter,
            open=False,
            name="insta-voice-jobs",
            kwargs=CONNECT_KWARGS,
        )


async def _enter(connection: Connection) -> None:
    """The pool's question whether a connection lives is the statement that it begins with. psycopg's own switches
    autocommit on meanwhile, and whoever was cancelled in it left it on: the next one's statements had no role.
    """
    await connection.execute(ENTER, {"role": "insta_jobs", "claims": ""})
