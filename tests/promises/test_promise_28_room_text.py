"""Promise 28, the room's side: what model, caller or article say travels and is kept as text, exactly as it is."""

from tests.support.calls import CallCenter

from insta_voice.knowledge import HttpEmbedder, store_knowledge_base_article
from insta_voice.knowledge.embedding import LOCAL_DIMENSIONS, LOCAL_MODEL

SCRIPT = "<script>alert(1)</script>"
ARTICLE = (
    f"# Greeting banner\n\nThe greeting banner shows the text {SCRIPT} until you change it in the banner settings.\n"
)


async def test_markup_reaches_page_and_record_as_the_text_it_is(call_center: CallCenter) -> None:
    embedder = HttpEmbedder(f"{call_center.environment['VOICE_SPEECH_URL']}/v1", None, LOCAL_MODEL, LOCAL_DIMENSIONS)
    title = f"Greeting banner <img src=x onerror=alert(1)> {SCRIPT}"
    await store_knowledge_base_article(title, ARTICLE, external_id="hostile", db=call_center.db, embedder=embedder)
    await embedder.aclose()
    typed = f"What does the greeting banner show? {SCRIPT}"
    async with call_center.call() as call:
        await call.caller.greeting()
        answer = await call.caller.type(typed)
        record = await call.recorded(3)
    assert record.turns[1].text == typed
    [shown] = {source["title"] for source in answer.sources}
    assert shown == record.turns[2].sources[0].title == title
    assert "<" not in answer.text, "the ear gets words, not markup"
