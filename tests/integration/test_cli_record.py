"""`calls`, `tickets` and `db` on the command line, as a person and a program read them."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from tests.support.command import insta_voice
from tests.support.postgres import TestDatabase
from tests.support.records import make_call, turn

from insta_voice.calls import Source, close_call, get_any_call, open_ticket, record_turn
from insta_voice.cli.main import COMMANDS
from insta_voice.customers import last_summary, save_interaction_summary
from insta_voice.db import Database


async def test_calls_and_tickets(db: Database, database_url: str, tmp_path: Path) -> None:
    assert (await insta_voice(database_url, tmp_path, "calls", "list"))[1] == "no calls yet\n"
    call_id = await make_call(db)
    source = Source("a1", "Reset your password", "/help/a1", "Choose it.", "By mail", 3, index="words")
    answer = turn(2, "Choose it.", speaker="assistant", mind="gpt-realtime", sources=(source,), interrupted=True)
    for one in (turn(1), answer):
        await record_turn(db, call_id=call_id, user_id="maya", turn=one)
    await open_ticket(db, user_id="maya", call_id=call_id, subject="Call me", briefing="one\ntwo", key="k")
    await close_call(db, call_id=call_id, reason="hung_up")

    listed, shown, shown_as_json, tickets, tickets_as_json = await asyncio.gather(
        insta_voice(database_url, tmp_path, "calls", "list", "--json"),
        insta_voice(database_url, tmp_path, "calls", "show", str(call_id)),
        insta_voice(database_url, tmp_path, "calls", "show", str(call_id), "--json"),
        insta_voice(database_url, tmp_path, "tickets"),
        insta_voice(database_url, tmp_path, "tickets", "list", "--json"),
    )
    (entry,) = json.loads(listed[1])
    assert (entry["call_id"], entry["turns"], entry["end_reason"]) == (str(call_id), 2, "hung_up")
    assert "  1 caller: How do I reset my password?\n" in shown[1]
    assert "  2 assistant (gpt-realtime): Choose it. [interrupted]\n" in shown[1]
    assert "\n      “Reset your password › By mail” /help/a1 (version 3 of a1, found with words)\n" in shown[1]
    assert "Ticket: Call me (not delivered yet)" in shown[1]
    assert json.loads(shown_as_json[1])["turns"][1]["sources"][0]["article_id"] == "a1"
    assert "open       Call me\n    one\n    two\n" in tickets[1]
    assert json.loads(tickets_as_json[1])[0]["subject"] == "Call me"


async def test_what_nothing_supported_is_shown_with_its_rate(db: Database, database_url: str, tmp_path: Path) -> None:
    call_id = await make_call(db)
    made_up = "Forecasts can be\nexported."
    said = [
        turn(1),
        turn(2, "Choose it.", speaker="assistant", mind="gpt-5-mini", unsupported=(made_up, "It is free.")),
        turn(3, "I do not know.", speaker="assistant", mind="app", unsupported=("It is blue.",)),
        turn(4, "Choose that.", speaker="assistant", mind="gpt-5-mini"),
        turn(5, "Hello.", speaker="assistant", mind="app"),
        turn(6, "It says so.", speaker="assistant", mind="grounded"),
    ]
    now = datetime.now(UTC)
    for one in said:
        at = now + timedelta(seconds=one.number)
        await record_turn(db, call_id=call_id, user_id="maya", turn=replace(one, started_at=at, ended_at=at))
    shown, rate, as_json = await asyncio.gather(
        insta_voice(database_url, tmp_path, "calls", "show", str(call_id)),
        insta_voice(database_url, tmp_path, "calls", "unsupported", "--limit", "2"),
        insta_voice(database_url, tmp_path, "calls", "unsupported", "--json"),
    )
    assert "  2 assistant (gpt-5-mini): Choose it.\n      not in its sources: Forecasts can be exported.\n" in shown[1]
    first, *lines = rate[1].splitlines()
    assert first == "2 of 3 answers of language models (66.7%) in 30 days"
    assert [line.split("  ", 1)[1] for line in lines] == ["It is blue.", "Forecasts can be exported."]
    assert [one["sentence"] for one in json.loads(as_json[1])["newest"]] == ["It is blue.", made_up, "It is free."]


HOSTILE = "\x1b]0;owned\x07\x1b[31mred\x9b2J\x7f\r [bold]loud[/] [/]"
HARMLESS = "]0;owned[31mred2J [bold]loud[/] [/]"


async def test_what_a_caller_typed_commands_no_terminal(
    db: Database, database: TestDatabase, database_url: str, tmp_path: Path
) -> None:
    """Promise 28: not when it is kept, nor when an older row, or an article, has it all the same."""
    call_id = await make_call(db)
    source = Source("a1", HOSTILE, "/help/a1", "Choose it.")
    forged = "bye\n  3 assistant: a lie"
    await record_turn(db, call_id=call_id, user_id="maya", turn=turn(1, HOSTILE, sources=(source,)))
    await record_turn(db, call_id=call_id, user_id="maya", turn=turn(2, forged))
    await open_ticket(db, user_id="maya", call_id=call_id, subject=HOSTILE, briefing=HOSTILE, key="k")
    await save_interaction_summary("maya", HOSTILE, call_id=call_id, topics=[HOSTILE], open_question=HOSTILE, db=db)
    kept, summary = await get_any_call(db, call_id), await last_summary(db, "maya")
    assert kept.ticket is not None
    assert summary is not None
    texts = (kept.turns[0].text, kept.turns[0].heard, kept.ticket.subject, kept.ticket.briefing, kept.summary)
    assert {*texts, *summary.topics, summary.open_question} == {HARMLESS}
    assert kept.turns[1].text == forged

    async with await psycopg.AsyncConnection.connect(database.admin_url) as owner:
        await owner.execute("set role insta_jobs")
        await owner.execute("update call_turns set text = %(new)s, heard = %(new)s where number = 1", {"new": HOSTILE})
        await owner.execute("update tickets set subject = %(new)s, briefing = %(new)s", {"new": HOSTILE})
        await owner.execute("update interaction_summaries set summary = %s", [HOSTILE])
    commands = (["calls", "list"], ["calls", "show", str(call_id)], ["tickets"])
    outputs = await asyncio.gather(
        *(insta_voice(database_url, tmp_path, *command, *flags) for command in commands for flags in ([], ["--json"])),
        insta_voice(database_url, tmp_path, "tickets"),
    )
    for code, output, _ in outputs:
        assert code == 0
        assert "[bold]loud[/] [/]" in output
        assert [c for c in output if c != "\n" and not c.isprintable()] == []
    assert "\n        3 assistant: a lie" in outputs[2][1]


async def test_the_help_names_what_a_command_is_for_and_nothing_else(tmp_path: Path) -> None:
    helps = await asyncio.gather(
        *(insta_voice("postgresql://nobody@127.0.0.1:9/none", tmp_path, name, "--help") for name in COMMANDS)
    )
    for code, output, _ in helps:
        assert code == 0
        assert "completion" not in output


async def test_a_call_that_is_not_there_is_said_in_a_sentence(database_url: str, tmp_path: Path) -> None:
    missing, nonsense = await asyncio.gather(
        insta_voice(database_url, tmp_path, "calls", "show", "00000000-0000-0000-0000-000000000001"),
        insta_voice(database_url, tmp_path, "calls", "show", "what"),
    )
    assert missing[::2] == (1, "insta-voice: There is nothing here, or it is not yours to see.\n")
    assert nonsense[0] == 1
    assert "no call id" in nonsense[2]


async def test_db_status_and_migrate(database: TestDatabase, tmp_path: Path) -> None:
    code, output, _ = await insta_voice(database.url, tmp_path, "db", "status")
    assert code == 0
    assert "applied  20261122000100_foundation\n" in output
    assert await insta_voice(database.admin_url, tmp_path, "db", "migrate") == (0, "nothing to apply\n", "")


async def test_a_database_that_is_away_is_said_in_a_sentence(tmp_path: Path) -> None:
    """And in nothing else: the driver's own lines stood before it, one for each attempt."""
    said = await insta_voice("postgresql://nobody@127.0.0.1:9/none", tmp_path, "calls", "list")
    assert said == (1, "", "insta-voice: The database did not answer. Try again in a moment.\n")
