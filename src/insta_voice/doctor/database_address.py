"""DATABASE_URL before anything connects to it: Supabase's three addresses, and what people paste by mistake."""

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from insta_voice.doctor.findings import Finding, has_problem, problem, warning
from insta_voice.doctor.surroundings import Surroundings

PART: Final = "database"
DIRECT: Final = re.compile(r"db\.([a-z0-9]+)\.supabase\.co")
POOLER: Final = ".pooler.supabase.com"
TRANSACTION_PORT: Final = 6543  # Supavisor: 6543 gives a server connection for a transaction, 5432 for a session
WHERE: Final = "Supabase shows it under Connect, Transaction pooler"
DIRECT_MEND: Final = f"Use the pooler's address, which IPv4 reaches. {WHERE}."


async def check_address(surroundings: Surroundings) -> list[Finding]:
    """What can be told from the address, and where its name leads; nothing when there is no address."""
    if not surroundings.settings.database.url:
        return _without(surroundings)
    url = surroundings.settings.database.url.get_secret_value()
    found = _form(url)
    if has_problem(found):
        return found
    parts = urlsplit(url)
    return [*found, *_supabase(parts), *await _name(parts, surroundings)]


def _without(surroundings: Surroundings) -> list[Finding]:
    if any(name.endswith("SUPABASE_URL") and value for name, value in surroundings.variables.items()):
        return [
            problem(
                PART,
                "SUPABASE_URL is set, but not DATABASE_URL: the parts speak to the database itself, not to its API.",
                f"Set DATABASE_URL to the database's own address. {WHERE}.",
            )
        ]
    return []


def _form(url: str) -> list[Finding]:
    if re.match(r"https?://", url):
        return [
            problem(
                PART,
                "DATABASE_URL is a web address, but has to be the database's own: postgresql://…",
                f"{WHERE}.",
            )
        ]
    if not re.match(r"postgres(ql)?://", url):
        return [problem(PART, "DATABASE_URL does not begin with postgresql://.", "Write it as one address.")]
    if "YOUR-PASSWORD" in url.upper():
        return [
            problem(
                PART,
                "DATABASE_URL still holds [YOUR-PASSWORD].",
                "Put the database's password there; Supabase sets a new one under Project settings, Database.",
            )
        ]
    login, at, _ = url.split("://", 1)[1].rpartition("@")
    if at and re.search(r"[@/?#\[\] ]", login):
        return [
            problem(
                PART,
                "The password in DATABASE_URL holds a character that ends it early (one of @ / ? # [ ] or a space).",
                "Write the character as % and its code: @ is %40, / is %2F, ? is %3F, # is %23.",
            )
        ]
    try:
        parts = urlsplit(url)
        complete = bool(parts.hostname) and parts.port != 0
    except ValueError:
        complete = False
    if not complete:
        return [problem(PART, "DATABASE_URL names no host, or no possible port.", "Copy the whole address again.")]
    return []


def _supabase(parts: SplitResult) -> list[Finding]:
    host = parts.hostname or ""
    if not host.endswith(POOLER):
        return []
    if "." not in (parts.username or ""):
        return [
            problem(
                PART,
                "The login in DATABASE_URL lacks the project: Supabase's pooler wants postgres.<project>.",
                f"Copy the pooler's address as it stands. {WHERE}.",
            )
        ]
    if (parts.port or 5432) != TRANSACTION_PORT:
        return [
            warning(
                PART,
                "DATABASE_URL is Supabase's session pooler (port 5432): each connection of ours keeps one of the few.",
                "Use port 6543, the transaction pooler; nothing of ours needs a session.",
            )
        ]
    return []


async def _name(parts: SplitResult, surroundings: Surroundings) -> list[Finding]:
    host = parts.hostname or ""
    try:
        addresses = await surroundings.outside.resolve(host, parts.port or 5432)
    except OSError:
        if DIRECT.fullmatch(host):
            return [
                problem(
                    PART,
                    "The name in DATABASE_URL is unknown: the project is paused or deleted, or has IPv6 only.",
                    f"Look whether the project runs. {DIRECT_MEND}",
                )
            ]
        return [
            problem(
                PART,
                f"The name {host} in DATABASE_URL is unknown here.",
                "Look for a typing mistake, and whether this machine reaches a name server.",
            )
        ]
    if (
        all(":" in address for address in addresses)
        and host != "localhost"
        and not surroundings.outside.has_ipv6_route()
    ):
        if DIRECT.fullmatch(host):
            return [
                problem(
                    PART,
                    "DATABASE_URL is Supabase's direct address, which has IPv6 only, and this machine has none.",
                    DIRECT_MEND,
                )
            ]
        return [
            problem(
                PART,
                f"{host} in DATABASE_URL has IPv6 addresses only, and this machine has no IPv6.",
                "Use an address that IPv4 reaches, or give this machine IPv6.",
            )
        ]
    return []
