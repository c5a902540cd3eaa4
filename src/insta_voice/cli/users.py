"""`insta-voice users`: who may call, as what, and who no longer."""

import asyncio
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from insta_voice.cli.database import open_database
from insta_voice.cli.printing import on_one_line, print_rows, to_json
from insta_voice.cli.whom import Whom, read_role
from insta_voice.customers import Person, import_people, list_people, read_people
from insta_voice.db import Database
from insta_voice.errors import NotFoundError
from insta_voice.settings import get_settings
from insta_voice.stack.sign_ins import erase_sign_in

T = TypeVar("T")

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Say who may call, and as what.")
_WHEN = "Each is known to the assistant once they have signed up and confirmed their e-mail address."

Who = Annotated[
    str,
    typer.Argument(metavar="EMAIL_OR_UID", help="the address they sign in with, or their uid from the list"),
]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON for programs")]


@app.command("list")
def list_command(
    limit: Annotated[int, typer.Option(min=1, help="how many, those seen last first")] = 100, as_json: AsJson = False
) -> None:
    """Everyone who has signed in, and everyone who may: a table on a terminal, lines with tabs for a program.

    An account whose e-mail is not confirmed may be anybody's: it is one line with the person you imported once it is.

    Example: insta-voice users list --limit 20
    """
    people, total = _run(lambda db: list_people(db, limit=limit))
    addresses = Counter(person.email for person in people)
    alike = {email for email, rows in addresses.items() if email and rows > 1}
    if as_json:
        print(to_json([asdict(person) for person in people], indent=None))
    else:
        columns = ("email", "name", "role", "plan", "state", "last seen", *(["uid"] if alike else []))
        rows = [_cells(person, alike) for person in people]
        print_rows(columns, rows, whole=["email", "uid"])  # an address cut short is nobody's
    if total > len(people):
        print(f"{total - len(people)} more: --limit {total} shows all.", file=sys.stderr)


@app.command()
def role(
    who: Who,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="customer, support or admin")],
    as_json: AsJson = False,
) -> None:
    """Make someone customer, support or admin; also before they first sign in.

    Example: insta-voice users role ada@example.com admin
    """
    whom, wanted = Whom(who), read_role(role)
    now = _run(lambda db: whom.give_role(db, wanted), whom=whom)
    when = "is now" if now else "will sign in as"
    _say(as_json, f"{who} {when} {wanted}.", **whom.fact, role=wanted, signed_in=now)


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="columns email, name, plan and any other fact")],
    as_json: AsJson = False,
) -> None:
    """Make known who may call: all of the file or nothing. Again, it changes nothing.

    Every column beside email, name and plan becomes a fact the assistant can tell the caller.

    Example: insta-voice users import customers.csv
    """
    read = read_people(file)
    done = _run(lambda db: import_people(db, read.people, with_facts=read.has_facts))
    if read.encoding != "utf-8":
        print(f"Read as {read.encoding}: look whether the names are right.", file=sys.stderr)
    sentence = f"{done.added} added, {done.changed} changed, {done.unchanged} unchanged. {_WHEN}"
    _say(as_json, sentence, **asdict(done), encoding=read.encoding)


@app.command()
def disable(who: Who, as_json: AsJson = False) -> None:
    """Lock someone out. A call they are in ends within seconds.

    Example: insta-voice users disable leo@example.com
    """
    whom = Whom(who)
    _run(lambda db: whom.set_disabled(db, True), whom=whom)
    _say(as_json, f"{who} is disabled.", **whom.fact, disabled=True)


@app.command()
def enable(who: Who, as_json: AsJson = False) -> None:
    """Let someone in again.

    Example: insta-voice users enable leo@example.com
    """
    whom = Whom(who)
    _run(lambda db: whom.set_disabled(db, False), whom=whom)
    _say(as_json, f"{who} may call again.", **whom.fact, disabled=False)


@app.command()
def erase(
    who: Who,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete everything about someone: profile, facts, calls, summaries, tickets. It cannot be undone.

    Asks first when it runs in a terminal. What a help desk was sent, and the Firebase account, are not here to delete;
    an account at the embedded sign-in goes too.

    Example: insta-voice users erase leo@example.com --yes
    """
    whom = Whom(who)
    if not yes and sys.stdin.isatty():
        typer.confirm(f"Delete everything about {who}?", abort=True)

    async def erase_both(db: Database) -> int:
        await erase_sign_in(get_settings(), **whom.fact)
        return await whom.erase(db)

    signed_in = _run(erase_both, whom=whom)
    _say(as_json, f"Everything about {who} is deleted.", **whom.fact, profiles=signed_in)


def _run(work: Callable[[Database], Awaitable[T]], *, whom: Whom | None = None) -> T:
    """Do `work` on the configured database, a running `up`'s, or one started for it; say so when `whom` is nobody."""

    async def main() -> T:
        async with open_database() as db:
            return await work(db)

    try:
        return asyncio.run(main())
    except NotFoundError as error:
        raise (whom.nobody() if whom else error) from None


def _cells(person: Person, alike: Collection[str]) -> list[str]:
    """With the uid where the address alone does not tell who it is."""
    if person.disabled:
        state = "disabled"
    elif person.user_id is None:
        state = "not signed in yet"
    else:
        state = "active" if person.email_verified or person.email is None else "e-mail not confirmed"
    seen = f"{person.last_seen_at:%Y-%m-%d %H:%M}" if person.last_seen_at else ""
    cells = (person.email or person.user_id or "", person.name or "", person.role, person.plan, state, seen)
    uid = (person.user_id or "",) if person.email in alike else ()
    return [*cells, *uid]


def _say(as_json: bool, sentence: str, **facts: Any) -> None:
    print(to_json(facts, indent=None) if as_json else on_one_line(sentence))
