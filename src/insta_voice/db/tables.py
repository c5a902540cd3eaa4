"""Which tables are ours, in an order in which each comes after those it refers to."""

from dataclasses import dataclass
from graphlib import TopologicalSorter

import psycopg
from psycopg import sql
from psycopg.rows import DictRow

from insta_voice.db.queries import Queries
from insta_voice.errors import ConfigurationError

SyncConnection = psycopg.Connection[DictRow]
QUERIES = Queries.load("insta_voice.db", "backup.sql")


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `columns` are those that hold what was written to them, generated ones are not among them."""

    schema: str
    name: str
    columns: tuple[str, ...]
    refers_to: tuple[str, ...]
    triggers: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"

    def statement(self, query: str, *, trigger: str | None = None) -> sql.Composed:
        """The named block of backup.sql with this table's names in it."""
        parts = {"table": sql.Identifier(self.schema, self.name)}
        if trigger is not None:
            parts["trigger"] = sql.Identifier(trigger)
        columns = sql.SQL(", ").join(map(sql.Identifier, self.columns))
        return sql.SQL(QUERIES[query]).format(**parts, columns=columns)


def read_tables(connection: SyncConnection) -> list[Table]:
    """Every table of ours. ConfigurationError when this login would not see all of their rows."""
    login = connection.execute(QUERIES["passes_policies"]).fetchone()
    if login is None or not login["passes"]:
        raise ConfigurationError(
            "DATABASE_URL names a login that row-level security hides rows from. Use the owner's, which on Supabase is "
            "postgres; on a Postgres of your own let it see them: alter role … bypassrls."
        )
    tables = {
        f"{row['schema']}.{row['name']}": Table(
            row["schema"], row["name"], tuple(row["columns"]), tuple(row["refers_to"]), tuple(row["triggers"])
        )
        for row in connection.execute(QUERIES["tables"]).fetchall()
    }
    order = TopologicalSorter({name: table.refers_to for name, table in tables.items()}).static_order()
    return [tables[name] for name in order if name in tables]
