"""Promise 40: the latency that operators are shown is what callers heard, and /metrics and the record agree."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from prometheus_client.parser import text_string_to_metric_families
from psycopg import sql
from tests.support.api import Api, StartApi
from tests.support.command import insta_voice
from tests.support.records import make_call, turn

from insta_voice.calls import get_any_call, record_turn
from insta_voice.db import Database
from insta_voice.errors import DBDriverError, NotFoundError
from insta_voice.privacy import erase_call

NAME = "insta_answer_heard_seconds"
ENDPOINTING = {"endpointing_ms": 380.0, "first_audio_ms": 600.0}


def answer(number: int, heard_ms: float | None = None, **changes: Any) -> Any:
    timings = ENDPOINTING if heard_ms is None else {**ENDPOINTING, "heard_ms": heard_ms, "transport_ms": 90.0}
    now = datetime.now(UTC)
    said = {"speaker": "assistant", "mind": "grounded", "started_at": now, "ended_at": now, "timings_ms": timings}
    return turn(number, **{"text": "Choose it.", "heard": "Choose it.", **said, **changes})


async def shown(api: Api) -> dict[str, float]:
    """The histogram: by upper bound, and its sum and count."""
    text = (await api.http.get("/metrics")).text
    return {
        sample.labels.get("le") or sample.name.removeprefix(f"{NAME}_"): sample.value
        for family in text_string_to_metric_families(text)
        if family.name == NAME
        for sample in family.samples
    }


async def recorded(db: Database, call_id: UUID) -> list[float]:
    call = await get_any_call(db, call_id)
    return [each.timings_ms["heard_ms"] for each in call.turns if "heard_ms" in each.timings_ms]


async def test_metrics_say_what_the_record_says(api: Api, db: Database) -> None:
    call_id = await make_call(db)
    waits_ms = [430.0, 450.0, 451.0, 800.5, 1499.9, 3000.0, 9000.0]
    await record_turn(db, call_id=call_id, user_id="maya", turn=turn(1))
    await record_turn(db, call_id=call_id, user_id="maya", turn=answer(2))
    for number, heard_ms in enumerate(waits_ms, 3):
        await record_turn(db, call_id=call_id, user_id="maya", turn=answer(number, heard_ms))
    told, kept = await shown(api), await recorded(db, call_id)
    assert kept == waits_ms
    assert told["count"] == told["+Inf"] == len(kept)
    assert told["sum"] == pytest.approx(sum(kept) / 1000)
    for bound in ("0.2", "0.45", "0.8", "1.5", "8.0"):
        assert told[bound] == sum(heard_ms <= float(bound) * 1000 for heard_ms in kept), bound


async def test_before_anything_was_heard_there_is_nothing_to_count(api: Api) -> None:
    told = await shown(api)
    assert (told["count"], told["sum"], told["0.45"]) == (0, 0, 0)


async def test_what_is_heard_after_the_turn_was_written_is_added_once(api: Api, db: Database) -> None:
    call_id = await make_call(db)
    early = answer(1)
    assert await record_turn(db, call_id=call_id, user_id="maya", turn=early) == 1
    await record_turn(db, call_id=call_id, user_id="maya", turn=answer(2))
    for heard_ms in (700.0, 900.0):
        late = answer(1, heard_ms, key=early.key, text="Something else.", heard="Else.")
        assert await record_turn(db, call_id=call_id, user_id="maya", turn=late) == 1
    first, second = (await get_any_call(db, call_id)).turns
    assert first.timings_ms == {**ENDPOINTING, "heard_ms": 700.0, "transport_ms": 90.0}
    assert (first.text, first.heard) == (early.text, early.heard), "what was said is not written anew"
    assert second.timings_ms == ENDPOINTING
    told = await shown(api)
    assert (told["count"], told["sum"]) == (1, pytest.approx(0.7))


async def test_nobody_adds_to_another_call(db: Database) -> None:
    call_id = await make_call(db, "maya")
    written = answer(1)
    await record_turn(db, call_id=call_id, user_id="maya", turn=written)
    of_leo = await make_call(db, "leo")
    with pytest.raises(NotFoundError):
        await record_turn(db, call_id=call_id, user_id="leo", turn=answer(1, 700.0, key=written.key))
    await record_turn(db, call_id=of_leo, user_id="leo", turn=answer(1, 700.0, key=written.key))
    assert await recorded(db, call_id) == []
    async with db.as_user("leo") as connection:
        touched = await connection.execute("update call_turns set timings_ms = '{\"heard_ms\": 1}'")
    assert touched.rowcount == 1, "their own"
    assert await recorded(db, call_id) == []


@pytest.mark.parametrize("column", ["text", "heard", "number", "cost_usd"])
async def test_what_was_said_is_never_taken_back(db: Database, column: str) -> None:
    call_id = await make_call(db)
    await record_turn(db, call_id=call_id, user_id="maya", turn=turn(1))

    async def change() -> None:
        async with db.as_user("maya") as connection:
            await connection.execute(sql.SQL("update call_turns set {0} = {0}").format(sql.Identifier(column)))

    with pytest.raises(DBDriverError) as refused:
        await change()
    assert "InsufficientPrivilege" in (refused.value.detail or "")


async def test_a_deleted_call_is_not_counted_back(api: Api, db: Database) -> None:
    """Prometheus takes a counter that falls for one that began anew, and would count everything twice."""
    call_id = await make_call(db)
    await record_turn(db, call_id=call_id, user_id="maya", turn=answer(1, 700.0))
    await erase_call(db, user_id="maya", call_id=call_id)
    assert (await shown(api))["count"] == 1


async def test_without_a_database_the_rest_is_told(start_api: StartApi) -> None:
    api = await start_api(DATABASE_URL="postgresql://nobody@127.0.0.1:9/none", DATABASE_CONNECT_TIMEOUT_S="1")
    text = (await api.http.get("/metrics")).text
    assert "insta_http_requests" in text
    assert NAME not in text


async def test_the_command_line_tells_both(db: Database, database_url: str, tmp_path: Path) -> None:
    call_id = await make_call(db)
    for number, heard_ms in enumerate((600.0, None, 700.0, 800.0), 1):
        await record_turn(db, call_id=call_id, user_id="maya", turn=answer(number, heard_ms, key=uuid4()))
    for each in (turn(5, kind="typed"), answer(6, timings_ms={"first_audio_ms": 300.0})):
        await record_turn(db, call_id=call_id, user_id="maya", turn=each)
    _, told, _ = await insta_voice(database_url, tmp_path, "calls", "show", str(call_id))
    assert "      heard after 700 ms: endpointing 380, first audio 600, transport 90\n" in told
    assert "      heard after an unknown time: endpointing 380, first audio 600\n" in told
    assert "      asked in writing: first audio 300\n" in told
    _, latency, _ = await insta_voice(database_url, tmp_path, "calls", "latency")
    first, second, *parts = latency.splitlines()
    assert first == "Of 3 of 4 answers (75%) in 30 days it is known when they were heard"
    assert second == "1 more answered what was asked in writing, which nobody waits for with the ear"
    assert parts[-1] == "heard        p50    700 ms  p95    790 ms"
    _, as_json, _ = await insta_voice(database_url, tmp_path, "calls", "latency", "--days", "7", "--json")
    found = json.loads(as_json)
    assert (found["answers"], found["heard"], found["typed"]) == (5, 3, 1)
    assert {part["name"] for part in found["parts"]} == {"endpointing_ms", "first_audio_ms", "heard_ms", "transport_ms"}
