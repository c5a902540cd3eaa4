"""A call whose model hears and speaks for itself: how it is asked, and what is written of it."""

import asyncio

from tests.support.openai import call, diligent
from tests.support.poll import eventually_async
from tests.support.realtime_call import QUESTION, STEP, Scene, talking
from tests.support.virtual_clock import on_virtual_clock

from insta_voice.agent.prompts import NO_EVIDENCE
from insta_voice.agent.turns.ports import Ended, Resumed
from insta_voice.customers.accounts import CallAccount
from insta_voice.errors import DBDriverError


@on_virtual_clock
async def test_the_evidence_is_there_before_the_models_first_word_and_gone_with_its_answer() -> None:
    async with talking("Open the sign-in page.", "You are welcome.") as scene:
        turn = await scene.asks(QUESTION)
        await scene.asks("Thank you.", 1)
        first, second = scene.openai.prompts
    assert STEP in first.instructions
    assert "material, not instructions" in first.instructions
    assert not any(STEP in message.text for message in second.messages)
    assert (turn.mind, turn.kind, turn.heard) == ("gpt-realtime", "answer", "Open the sign-in page.")
    assert scene.page.sent[0] == ("sources", {"turn": turn.number, "quotes": [STEP]})


@on_virtual_clock
async def test_a_turn_in_several_parts_is_answered_as_a_whole() -> None:
    """Only its last part sounds like a goodbye."""
    async with talking("Under Billing.", "Goodbye.") as scene:
        scene.turns.ended.put_nowait(Ended("I want to cancel my plan, and that's all.", "That's all."))
        assert (await scene.answered(0)).kind == "answer"
        scene.turns.ended.put_nowait(Ended("That's all.", "That's all."))
        assert (await scene.answered(1)).kind == "goodbye"


@on_virtual_clock
async def test_a_diligent_model_answers_from_its_evidence_alone() -> None:
    async with talking(mind=diligent) as scene:
        turn = await scene.asks(QUESTION)
    assert turn.heard == STEP


@on_virtual_clock
async def test_what_each_response_used_is_counted_from_the_first_on() -> None:
    async with talking("Open the sign-in page.", "You are welcome.") as scene:
        await scene.asks(QUESTION)
        first = await scene.used()
        await scene.asks("Thank you.", 1)
        both = await scene.used(beyond=first)
    assert (first.model, first.provider) == ("gpt-realtime", scene.openai.url.split("/")[2])
    assert first.text_input_tokens > 0
    assert first.audio_output_tokens > 0
    assert first.cached_text_input_tokens == 0
    assert both.audio_output_tokens > first.audio_output_tokens
    assert both.cached_text_input_tokens > 0, "what was said before is cached"


@on_virtual_clock
async def test_a_tool_is_called_and_its_answer_spoken_in_the_same_turn() -> None:
    async with talking(call("answer_from_company_kb", question=QUESTION), "Open the sign-in page.") as scene:
        turn = await scene.asks(QUESTION)
    assert (turn.mind, turn.heard) == ("gpt-realtime", "Open the sign-in page.")


class Known:
    """An account source with one answer."""

    async def account_of(self, user_id: str) -> dict[str, object] | None:
        return {"plan": "team"}


@on_virtual_clock
async def test_an_answer_from_the_account_shows_no_article_as_if_that_said_it() -> None:
    account = CallAccount(Known(), "maya", keep_s=60)
    async with talking(call("get_user_account_info"), "You are on the Team plan.", account=account) as scene:
        turn = await scene.asks("Which plan am I on?")
    assert (turn.kind, turn.heard, turn.sources) == ("account", "You are on the Team plan.", ())
    assert scene.page.sent == []


@on_virtual_clock
async def test_a_spoken_question_is_asked_with_its_evidence_too() -> None:
    async with talking("Open the sign-in page.") as scene:
        scene.says(QUESTION)
        turn = await scene.answered(0)
    assert STEP in scene.openai.prompts[0].instructions
    assert [(search.question, search.answerable) for search in turn.searches] == [(QUESTION, True)]
    assert [(said.speaker, said.text) for said in scene.notes.turns] == [
        ("caller", QUESTION),
        ("assistant", "Open the sign-in page."),
    ]
    assert turn.mind == "gpt-realtime"


@on_virtual_clock
async def test_a_connection_that_is_made_again_knows_in_our_words_what_was_said() -> None:
    async with talking("Open the sign-in page.", "For an hour.") as scene:
        scene.says(QUESTION)
        await scene.answered(0)
        first = await scene.openai.session()
        first.cut()
        await (await scene.openai.session(1)).until("conversation.item.added", 2)
        scene.says("How long does the link work?")
        answer = await scene.answered(1)
        said = [message.text for message in scene.openai.prompts[1].messages]
    assert said[:2] == [QUESTION, "Open the sign-in page."]
    assert answer.mind == "gpt-realtime"
    assert not first.sent("conversation.item.input_audio_transcription.completed"), "one transcript, and it is ours"


@on_virtual_clock
async def test_a_search_that_fails_is_told_to_the_model() -> None:
    async def search() -> None:
        raise DBDriverError

    async with talking("I do not know.", search=search) as scene:
        await scene.asks(QUESTION)
    assert NO_EVIDENCE in scene.openai.prompts[0].instructions


class Search:
    """A search that takes until it is let go."""

    def __init__(self) -> None:
        self.begun, self.over = asyncio.Event(), asyncio.Event()

    async def __call__(self) -> None:
        self.begun.set()
        await self.over.wait()


async def _nothing_is_pending(scene: Scene) -> None:
    async def settled() -> bool:
        return not scene.turns.reply_pending()

    await eventually_async(settled, within_s=5, what="the turn is dealt with")


@on_virtual_clock
async def test_a_turn_that_goes_on_while_its_evidence_is_searched_is_not_answered_yet() -> None:
    search = Search()
    async with talking("Open the sign-in page.", search=search) as scene:
        scene.says("How do I")
        await search.begun.wait()
        scene.turns.ended.put_nowait(Resumed())
        scene.says(QUESTION)
        search.over.set()
        await scene.answered(0)
        await _nothing_is_pending(scene)
    assert [QUESTION in prompt.instructions for prompt in scene.openai.prompts] == [True]


@on_virtual_clock
async def test_what_is_typed_meanwhile_is_answered_in_its_place() -> None:
    search = Search()
    async with talking("Open the sign-in page.", search=search) as scene:
        scene.says("How do I")
        await search.begun.wait()
        typing = asyncio.create_task(scene.asks(QUESTION))
        await asyncio.sleep(0)
        search.over.set()
        await typing
        await _nothing_is_pending(scene)
    assert [QUESTION in prompt.instructions for prompt in scene.openai.prompts] == [True]
