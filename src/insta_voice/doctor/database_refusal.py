"""Why the database did not let us in, in our words: its own sentence may name people and machines."""

from typing import Final

import psycopg

from insta_voice.doctor.findings import Finding, problem

PART: Final = "database"


def explain(error: psycopg.Error) -> Finding:
    """The sentence for an error of connecting. libpq gives no SQLSTATE there, only the server's text."""
    said = str(error).lower()
    if "password authentication failed" in said or "no password supplied" in said:
        return problem(
            PART,
            "The database refuses the login or password of DATABASE_URL.",
            "Correct them; Supabase sets a new password under Project settings, Database.",
        )
    if "tenant" in said and "not found" in said:
        return problem(
            PART,
            "Supabase's pooler does not know this project.",
            "Copy the address again: its region and the login postgres.<project> have to be yours.",
        )
    if "does not exist" in said and "database" in said:
        return problem(
            PART,
            "There is no such database on the server of DATABASE_URL.",
            "Create it, or correct the name at the address's end; Supabase's is postgres.",
        )
    if "does not exist" in said and "role" in said:
        return problem(
            PART, "The server of DATABASE_URL does not know this login.", "Correct the name, or have the role created."
        )
    if "no pg_hba.conf entry" in said or ("ssl" in said and "required" in said):
        return problem(
            PART,
            "The database takes no connection like this one from this machine.",
            "Allow this machine's address there (pg_hba.conf, network restrictions), or add ?sslmode=require.",
        )
    if "certificate" in said:
        return problem(
            PART,
            "The database's certificate is not one that DATABASE_URL accepts.",
            "Give its authority with ?sslmode=verify-full&sslrootcert=FILE, or correct the host name.",
        )
    if "too many" in said or "max client" in said or "remaining connection slots" in said:
        return problem(
            PART,
            "The database has no connection left.",
            "Lower DATABASE_POOL_MAX_SIZE, use the pooler (port 6543), or close what else is connected.",
        )
    if "starting up" in said or "shutting down" in said or "recovery" in said:
        return problem(PART, "The database is starting or stopping.", "Ask again in a moment.")
    if "refused" in said:
        return problem(
            PART,
            "Nothing listens at the host and port of DATABASE_URL.",
            "Start the database, or correct the port: 5432 direct, 6543 for Supabase's transaction pooler.",
        )
    if "unreachable" in said:
        return problem(
            PART,
            "There is no way from this machine to the host of DATABASE_URL.",
            "Look at its network; a direct address of Supabase needs IPv6, the pooler's does not.",
        )
    if "timeout" in said or "timed out" in said or isinstance(error, psycopg.errors.ConnectionTimeout):
        return problem(
            PART,
            "The host of DATABASE_URL does not answer.",
            "Look for a firewall in between, and whether the project is paused.",
        )
    return problem(
        PART,
        f"The database could not be reached ({type(error).__name__}).",
        "Try DATABASE_URL with psql on this machine; what works there works here.",
    )
