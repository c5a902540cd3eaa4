"""`insta-voice tickets deliver`: what has not reached the team is sent, and why it could not be is said."""

from pathlib import Path
from uuid import UUID

import pytest
from tests.support.command import insta_voice
from tests.support.endpoint import Endpoint, answer, serving_endpoint
from tests.support.records import make_call

from insta_voice.calls import get_ticket, open_ticket
from insta_voice.db import Database

TAKEN = answer("", "204 No Content")


async def left(db: Database, *subjects: str) -> list[UUID]:
    call_id = await make_call(db)
    opened = [
        await open_ticket(db, user_id="maya", call_id=call_id, subject=subject, briefing="…", key=subject)
        for subject in subjects
    ]
    return [ticket.ticket_id for ticket in opened]


def with_desk(monkeypatch: pytest.MonkeyPatch, desk: Endpoint) -> None:
    monkeypatch.setenv("TICKET_WEBHOOK_URL", desk.url)
    monkeypatch.setenv("TICKET_WEBHOOK_SECRET", "s3cret")


async def test_all_that_wait_are_sent(
    db: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = await left(db, "Call me", "Send \x1b[31mme an invoice")
    async with serving_endpoint(answer("", "500 Oops")) as desk:
        with_desk(monkeypatch, desk)
        assert await insta_voice(database_url, tmp_path, "tickets", "deliver") == (
            1,
            f"{first}  Call me  not delivered: ticket webhook: HTTP 500\n"
            f"{second}  Send [31mme an invoice  not delivered: ticket webhook: HTTP 500\n",
            "",
        )
        desk.answer = TAKEN
        done = await insta_voice(database_url, tmp_path, "tickets", "deliver")
        assert (done[0], done[1].splitlines()[0]) == (0, f"{first}  Call me  delivered")
        nothing = await insta_voice(database_url, tmp_path, "tickets", "deliver")
    assert nothing == (0, "every ticket has reached the team\n", "")
    assert [(await get_ticket(db, ticket_id)).status for ticket_id in (first, second)] == ["delivered"] * 2
    assert len(desk.asked) == 4


async def test_those_that_are_named_are_sent_once(
    db: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = await left(db, "Call me", "Send me an invoice")
    async with serving_endpoint(TAKEN) as desk:
        with_desk(monkeypatch, desk)
        for outcome in ("delivered", "was there already"):
            done = await insta_voice(database_url, tmp_path, "tickets", "deliver", str(second))
            assert done == (0, f"{second}  Send me an invoice  {outcome}\n", "")
    assert len(desk.asked) == 1
    assert (await get_ticket(db, first)).status == "open"


async def test_where_they_go_nowhere_it_is_said(db: Database, database_url: str, tmp_path: Path) -> None:
    code, _, errors = await insta_voice(database_url, tmp_path, "tickets", "deliver")
    assert code == 1
    assert errors.startswith("insta-voice: Tickets have nowhere to go. Set TICKET_WEBHOOK_URL")
    code, _, errors = await insta_voice(database_url, tmp_path, "tickets", "deliver", "7")
    assert (code, errors) == (1, "insta-voice: This is no ticket id. `insta-voice tickets list` shows them.\n")
