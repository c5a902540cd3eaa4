"""Which mind spoke each turn, as the caller's page is told."""

from tests.support.api import Api
from tests.support.records import make_call, turn

from insta_voice.calls import record_turn
from insta_voice.db import Database


async def test_the_api_names_the_mind_of_each_turn(api: Api, db: Database) -> None:
    call_id = await make_call(db)
    minds = ["app", "", "gpt-realtime", "grounded"]
    for number, mind in enumerate(minds, start=1):
        speaker = "assistant" if mind else "caller"
        await record_turn(db, call_id=call_id, user_id="maya", turn=turn(number, speaker=speaker, mind=mind))
    whole = (await api.http.get(f"/api/me/calls/{call_id}", headers=api.bearer("maya"))).json()
    assert [one["mind"] for one in whole["turns"]] == minds
