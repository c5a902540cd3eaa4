"""The language of a call, in a real database: asked for, kept, told, and known to whoever takes the call over."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
import pytest
from tests.support.api import StartApi
from tests.support.command import insta_voice
from tests.support.minds import call_state
from tests.support.records import LIMITS, TTL, make_call, make_user, turn
from tests.support.settings import COMPLETE

from insta_voice.agent.dispatch import dispatched
from insta_voice.agent.prompts import sentence
from insta_voice.agent.speech.greeting import welcome_text
from insta_voice.agent.wrap_up import parting_sentence
from insta_voice.auth.livekit import job_metadata
from insta_voice.calls import (
    calls_missing_agent,
    get_any_call,
    list_tickets,
    open_call,
    record_turn,
    reserve_call,
)
from insta_voice.customers import last_summary, save_interaction_summary
from insta_voice.db import Database
from insta_voice.languages import ENGLISH, GERMAN, SPANISH, Language

SPOKEN = {"LANGUAGES": "de,en", "OPENAI_API_KEY": "sk-test"}


def job_of(answer: Any) -> dict[str, str]:
    claims = jwt.decode(answer.json()["participant_token"], COMPLETE["LIVEKIT_API_SECRET"], algorithms=["HS256"])
    (agent,) = claims["roomConfig"]["agents"]
    job: dict[str, str] = json.loads(agent["metadata"])
    return job


@pytest.mark.parametrize(("asked", "spoken"), [(None, "de"), ("de", "de"), ("en", "en")])
async def test_a_call_is_held_in_the_language_it_was_asked_for_in(
    start_api: StartApi, db: Database, asked: str | None, spoken: str
) -> None:
    api = await start_api(**SPOKEN)
    answer = await api.http.post("/api/token", params={"language": asked} if asked else {}, headers=api.bearer("maya"))
    assert answer.status_code == 201
    job = job_of(answer)
    assert job["language"] == spoken
    assert dispatched(json.dumps(job)).spoken((GERMAN, ENGLISH)).code == spoken
    call_id = UUID(answer.json()["call_id"])
    await open_call(db, call_id=call_id, user_id="maya")
    assert (await get_any_call(db, call_id)).language == spoken
    told = await api.http.get(f"/api/me/calls/{call_id}", headers=api.bearer("maya"))
    assert told.json()["language"] == spoken


@pytest.mark.parametrize("wish", ["es", "fr", "", "de\n", '{"role":"admin"}', "de" * 5000])
async def test_nothing_else_can_be_asked_for(start_api: StartApi, db: Database, wish: str) -> None:
    """`es` is a language of ours, and not of this installation."""
    api = await start_api(**SPOKEN)
    answer = await api.http.post("/api/token", params={"language": wish}, headers=api.bearer("maya"))
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_input"
    async with db.as_service() as connection:
        given = await (await connection.execute("select count(*) as calls from call_reservations")).fetchone()
    assert given == {"calls": 0}


async def test_asked_again_before_joining_the_last_choice_counts(start_api: StartApi) -> None:
    api = await start_api(**SPOKEN)
    asked = [
        await api.http.post("/api/token", params={"language": code}, headers=api.bearer("maya"))
        for code in ("de", "en")
    ]
    first, second = (answer.json() for answer in asked)
    assert first["call_id"] == second["call_id"]
    assert job_of(asked[1])["language"] == "en"


@pytest.mark.parametrize(
    ("language", "spoken"), [("es", SPANISH), ("en", ENGLISH), (None, SPANISH), ("fr", SPANISH), (["de"], SPANISH)]
)
def test_a_job_in_a_language_that_is_not_spoken_here_is_held_in_the_companys(language: Any, spoken: Language) -> None:
    job = json.dumps({"call_id": "00000000-0000-4000-8000-000000000001", "user_id": "maya", "language": language})
    assert dispatched(job).spoken((SPANISH, ENGLISH)) == spoken


@pytest.mark.parametrize("opened", [False, True])
async def test_an_agent_that_comes_late_or_takes_over_learns_it(db: Database, opened: bool) -> None:
    user = await make_user(db)
    given = await reserve_call(db, user_id=user, limits=LIMITS, ttl=TTL, language="de")
    if opened:
        await open_call(db, call_id=given.call_id, user_id=user)
    (missing,) = await calls_missing_agent(db, silent_for=timedelta(0))
    assert missing.opened == opened
    job = job_metadata(call_id=missing.call_id, user_id=missing.user_id, language=missing.language)
    assert dispatched(job).spoken((ENGLISH, GERMAN)) == GERMAN


async def test_a_question_of_a_call_in_another_language_is_not_read_out(db: Database) -> None:
    user = await make_user(db)
    given = await reserve_call(db, user_id=user, limits=LIMITS, ttl=TTL, language="de")
    await open_call(db, call_id=given.call_id, user_id=user)
    question = "Kann ich ein Fax schicken?"
    await save_interaction_summary(user, "Fax.", call_id=given.call_id, open_question=question, solved=False, db=db)
    last = await last_summary(db, user)
    assert question in welcome_text(call_state(db, last_summary=last, language=GERMAN), resumed=False)
    english = welcome_text(call_state(db, last_summary=last, language=ENGLISH), resumed=False)
    assert question not in english
    assert english.startswith("Hello, good to have you back")


@pytest.mark.parametrize(("said", "subject"), [("Wie teuer ist das?", "Wie teuer ist das?"), ("", None)])
async def test_a_call_that_is_given_up_leaves_a_ticket(db: Database, said: str, subject: str | None) -> None:
    """Its subject is the caller's own words, or the company's language: its people read it."""
    state = call_state(db, can_deliver_tickets=True, language=GERMAN, settings={"LANGUAGES": "es,de"})
    state.call_id = await make_call(db)
    if said:
        await record_turn(db, call_id=state.call_id, user_id="maya", turn=turn(1, said))
    assert await parting_sentence(state, "unable") == "unable_goodbye"
    assert await parting_sentence(state, "unable") == "unable_goodbye", "an agent that took over says the same"
    (ticket,) = await list_tickets(db)
    assert ticket.subject == (subject or sentence("unable_ticket", language=SPANISH))


async def test_the_command_tells_it(db: Database, database_url: str, tmp_path: Path) -> None:
    user = await make_user(db)
    given = await reserve_call(db, user_id=user, limits=LIMITS, ttl=TTL, language="de")
    await open_call(db, call_id=given.call_id, user_id=user)
    _, shown, _ = await insta_voice(database_url, tmp_path, "calls", "show", str(given.call_id))
    assert "\nLanguage: de\n" in shown
