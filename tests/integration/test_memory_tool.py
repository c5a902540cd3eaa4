"""`summarize_interaction_for_next_session` as a model calls it: what it says is what the next call begins with."""

from tests.support.minds import ScriptedMind, call_state
from tests.support.one_turn import one_turn
from tests.support.records import make_call

from insta_voice.customers import last_summary
from insta_voice.db import Database


async def test_what_the_model_summarises_is_remembered_for_the_caller(db: Database) -> None:
    state = call_state(db)
    state.call_id = await make_call(db, "maya")
    summary = {"summary": " Asked about seats. ", "open_question": "Can we pay by invoice?", "solved": False}
    mind = ScriptedMind(("summarize_interaction_for_next_session", summary), "Goodbye.")
    await one_turn(state, mind, "That was all.")

    remembered = await last_summary(db, "maya")
    assert remembered is not None
    assert (remembered.call_id, remembered.summary) == (state.call_id, "Asked about seats.")
    assert (remembered.open_question, remembered.solved) == ("Can we pay by invoice?", False)
