"""The way to Postgres: the pool with its two roles, named SQL, the migration runner, the outbox of the job queue.

No query about a customer, a call or an article lives here: each noun keeps its own `queries.sql` and store.
"""

from insta_voice.db.database import Connection, Database, current_database, use_database
from insta_voice.db.migrations import migrate
from insta_voice.db.queries import Queries

__all__ = ["Connection", "Database", "Queries", "current_database", "migrate", "use_database"]
