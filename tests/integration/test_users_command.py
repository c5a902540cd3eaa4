"""`insta-voice users` as a person and a program use it, on a real database."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.command import insta_voice
from tests.support.records import LIMITS, TTL, ensure_profile, make_call

from insta_voice.calls import list_calls, open_call, reserve_call, touch_call
from insta_voice.customers import admit, get_profile
from insta_voice.db import Database
from insta_voice.errors import AccountDisabledError, NotKnownError

CUSTOMERS = "email;name;plan;seats\nMaya@example.org;Maya Lindström;team;12\nleo@example.org;Leo;;\n"


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    return saved(tmp_path / "customers.csv", CUSTOMERS, "utf-8-sig")


def saved(file: Path, text: str, encoding: str = "utf-8") -> Path:
    """As a spreadsheet saves it."""
    file.write_bytes(text.encode(encoding))
    return file


async def test_an_import_and_the_same_again(db: Database, database_url: str, tmp_path: Path, customers: Path) -> None:
    first = await insta_voice(database_url, tmp_path, "users", "import", str(customers))
    when = "Each is known to the assistant once they have signed up and confirmed their e-mail address."
    assert first == (0, f"2 added, 0 changed, 0 unchanged. {when}\n", "")
    again = await insta_voice(database_url, tmp_path, "users", "import", str(customers), "--json")
    assert json.loads(again[1]) == {"added": 0, "changed": 0, "unchanged": 2, "encoding": "utf-8"}
    signed_in = await admit(db, user_id="uid-1", email="maya@example.org", name=None, email_verified=True, rule="known")
    assert (signed_in.name, signed_in.plan, signed_in.account) == ("Maya Lindström", "team", {"seats": 12})

    saved(customers, CUSTOMERS.replace(";12", ";14"), "cp1252")
    changed = await insta_voice(database_url, tmp_path, "users", "import", str(customers))
    assert changed[1] == f"0 added, 1 changed, 1 unchanged. {when}\n"
    assert changed[2] == "Read as cp1252: look whether the names are right.\n"
    profile = await get_profile(db, "uid-1")
    assert profile is not None
    assert (profile.account, profile.name) == ({"seats": 14}, "Maya Lindström")


async def test_an_import_with_a_broken_line_changes_nothing(database_url: str, tmp_path: Path, customers: Path) -> None:
    saved(customers, CUSTOMERS + "nobody;X;free;1\n")
    code, output, errors = await insta_voice(database_url, tmp_path, "users", "import", str(customers))
    assert (code, output) == (1, "")
    sentence = f"insta-voice: Line 4 of {customers} has no valid e-mail address. Correct it and import again.\n"
    assert errors == sentence
    assert (await insta_voice(database_url, tmp_path, "users", "list"))[1] == ""


async def test_the_first_admin_before_they_ever_signed_in(db: Database, database_url: str, tmp_path: Path) -> None:
    with pytest.raises(NotKnownError):
        await admit(db, user_id="ada", email="ada@example.org", name="Ada", email_verified=True, rule="known")
    said = await insta_voice(database_url, tmp_path, "users", "role", "Ada@example.org", "admin")
    assert said == (0, "Ada@example.org will sign in as admin.\n", "")
    ada = await admit(db, user_id="ada", email="ada@example.org", name="Ada", email_verified=True, rule="known")
    assert ada.role == "admin"
    said = await insta_voice(database_url, tmp_path, "users", "role", "ada@example.org", "support", "--json")
    assert json.loads(said[1]) == {"email": "ada@example.org", "role": "support", "signed_in": True}
    said = await insta_voice(database_url, tmp_path, "users", "role", "ada@example.org", "boss")
    assert said == (1, "", "insta-voice: boss is no role. Give customer, support or admin.\n")


async def test_disable_enable_and_erase(db: Database, database_url: str, tmp_path: Path) -> None:
    await make_call(db, "maya")
    maya = {"user_id": "maya", "email": "maya@example.org", "name": None, "email_verified": True}
    said = await insta_voice(database_url, tmp_path, "users", "disable", "maya@example.org")
    assert said == (0, "maya@example.org is disabled.\n", "")
    with pytest.raises(AccountDisabledError):
        await ensure_profile(db, **maya)  # type: ignore[arg-type]
    said = await insta_voice(database_url, tmp_path, "users", "enable", "maya@example.org")
    assert said == (0, "maya@example.org may call again.\n", "")
    await ensure_profile(db, **maya)  # type: ignore[arg-type]
    said = await insta_voice(database_url, tmp_path, "users", "erase", "maya@example.org")
    assert said == (0, "Everything about maya@example.org is deleted.\n", "")
    assert await get_profile(db, "maya") is None


async def test_people_without_an_address_are_named_by_their_uid(
    db: Database, database_url: str, tmp_path: Path
) -> None:
    """Who signs in by telephone, or without a name, under SIGNUP=open. Nothing could be done about them once."""
    guest: dict[str, Any] = {"user_id": "XyZ123", "email": None, "name": None, "email_verified": False, "rule": "open"}
    await admit(db, **guest)
    call_id = (await reserve_call(db, user_id="XyZ123", limits=LIMITS, ttl=TTL)).call_id
    await open_call(db, call_id=call_id, user_id="XyZ123")
    listed = await insta_voice(database_url, tmp_path, "users", "list")
    assert listed[1].split("\t")[:5] == ["XyZ123", "", "customer", "free", "active"]

    said = await insta_voice(database_url, tmp_path, "users", "role", "XyZ123", "support", "--json")
    assert json.loads(said[1]) == {"user_id": "XyZ123", "role": "support", "signed_in": True}
    assert (await admit(db, **guest)).role == "support"

    said = await insta_voice(database_url, tmp_path, "users", "disable", "XyZ123")
    assert said == (0, "XyZ123 is disabled.\n", "")
    with pytest.raises(AccountDisabledError):
        await admit(db, **guest)
    assert not await touch_call(db, call_id=call_id, user_id="XyZ123")  # a running call ends
    said = await insta_voice(database_url, tmp_path, "users", "enable", "XyZ123")
    assert said == (0, "XyZ123 may call again.\n", "")
    await admit(db, **guest)

    said = await insta_voice(database_url, tmp_path, "users", "erase", "XyZ123")
    assert said == (0, "Everything about XyZ123 is deleted.\n", "")
    assert await get_profile(db, "XyZ123") is None
    assert (await list_calls(db, "XyZ123")) == []
    for command in (["disable"], ["enable"], ["erase"]):
        gone = await insta_voice(database_url, tmp_path, "users", *command, "XyZ123")
        assert gone[0] == 1
        assert gone[2].startswith("insta-voice: Nobody here has the uid XyZ123.")


async def test_the_list_is_lines_for_a_program_and_holds_those_who_have_not_signed_in(
    db: Database, database_url: str, tmp_path: Path, customers: Path
) -> None:
    await insta_voice(database_url, tmp_path, "users", "import", str(customers))
    await admit(db, user_id="uid-1", email="leo@example.org", name="\x1b[31mL", email_verified=True, rule="known")
    await admit(db, user_id="uid-2", email="odd@example.org", name="x\ty\nz", email_verified=False, rule="open")
    plain, as_json, short = await asyncio.gather(
        insta_voice(database_url, tmp_path, "users", "list"),
        insta_voice(database_url, tmp_path, "users", "list", "--json"),
        insta_voice(database_url, tmp_path, "users", "list", "--limit", "1"),
    )
    lines = [line.split("\t") for line in plain[1].splitlines()]
    assert {tuple(line[:5]) for line in lines} == {
        ("odd@example.org", "x y z", "customer", "free", "e-mail not confirmed"),
        ("leo@example.org", "Leo", "customer", "free", "active"),
        ("maya@example.org", "Maya Lindström", "customer", "team", "not signed in yet"),
    }
    people = json.loads(as_json[1])
    assert [person["email"] for person in people][-1] == "maya@example.org"  # never seen: last
    assert people[0].keys() >= {"email", "user_id", "role", "plan", "disabled", "last_seen_at"}
    assert len(short[1].splitlines()) == 1
    assert short[2] == "2 more: --limit 3 shows all.\n"


async def test_accounts_of_one_address_are_told_apart_by_their_uid(
    db: Database, database_url: str, tmp_path: Path
) -> None:
    for user_id, address in (("uid-1", "leo"), ("uid-2", "leo"), ("uid-3", "ada")):
        await admit(db, user_id=user_id, email=f"{address}@example.org", name="X", email_verified=False, rule="open")
    (tmp_path / ".env").write_text("a line without an equals sign\n")
    code, output, errors = await insta_voice(database_url, tmp_path, "users", "list")
    assert (code, errors) == (0, ""), "the library that reads .env has no word in it"
    rows = [line.split("\t") for line in output.splitlines()]
    assert {(row[0], *row[6:]) for row in rows} == {
        ("leo@example.org", "uid-1"),
        ("leo@example.org", "uid-2"),
        ("ada@example.org",),
    }


async def test_what_cannot_be_done_is_one_sentence(database_url: str, tmp_path: Path) -> None:
    nobody, no_uid, no_address, no_file = await asyncio.gather(
        insta_voice(database_url, tmp_path, "users", "disable", "nobody@example.org"),
        insta_voice(database_url, tmp_path, "users", "role", "ada", "admin"),
        insta_voice(database_url, tmp_path, "users", "role", "@ada", "admin"),
        insta_voice(database_url, tmp_path, "users", "import", "none.csv"),
    )
    assert nobody[::2] == (
        1,
        "insta-voice: Nobody here has the address nobody@example.org. `insta-voice users list` shows who has.\n",
    )
    assert no_uid[0] == 1
    assert no_uid[2].startswith("insta-voice: Nobody here has the uid ada.")
    assert no_address[::2] == (1, "insta-voice: @ada is no e-mail address. Write it like ada@example.com.\n")
    assert no_file[0] == 1
    assert no_file[2].startswith("insta-voice: none.csv cannot be read")
