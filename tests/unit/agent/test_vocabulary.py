"""A call whose articles cannot be read hears its caller all the same."""

from tests.support.openai import serving_openai, tone
from tests.support.openai.plugins import plugins, recognise
from tests.support.virtual_clock import run_virtual

from insta_voice.agent.vocabulary import tell_recognizer
from insta_voice.db import Database


def test_without_a_database_the_recogniser_is_told_nothing() -> None:
    async def scene() -> None:
        db = Database("postgresql://nobody@127.0.0.1:9/none", connect_timeout_s=0.1)
        async with serving_openai() as server, plugins(server) as providers:
            server.hears("Hello.")
            await tell_recognizer(db, providers.stt, "maya")
            assert (await recognise(providers, tone("Hello."))).text == "Hello."
            assert "prompt" not in server.asked("/audio/transcriptions")[0]
        await db.close()

    run_virtual(scene())
