"""OpenAI's server decides when the caller's turn is over: what the articles say comes through the tool, and all else is
as when we decide."""

import asyncio
from pathlib import Path

import pytest
from tests.support.memory_call.call import calling
from tests.support.openai import BROKEN, UNAUTHORIZED, Late, call
from tests.support.openai.faults import Fault
from tests.support.provider_faults.rows import Row
from tests.support.provider_faults.stage import BEGINNING, FIRST, NEXT, NEXT_KEY, Stage
from tests.support.realtime_call import QUESTION, STEP, Scene, talking
from tests.support.virtual_clock import on_virtual_clock

from insta_voice.agent.prompts import sentence
from insta_voice.agent.restoration import LOOKS_EVERY_S
from insta_voice.agent.turns.ports import Ended

NOT_HEARD = sentence("not_heard")
LOOKS_UP = call("answer_from_company_kb", question=QUESTION)


async def _cut_off(scene: Scene, then: Fault | None = None) -> None:
    """The connection is cut while the caller speaks; `then` is what happens to the next ones."""
    connection = await scene.openai.session()
    speaking = len(connection.sent("input_audio_buffer.speech_started"))
    scene.begins_to_speak()
    await connection.until("input_audio_buffer.speech_started", speaking + 1)
    await asyncio.sleep(0.1)
    scene.openai.fail_always("realtime", then)
    connection.cut()


@pytest.mark.parametrize("detection", ["server_vad", "semantic_vad"])
@on_virtual_clock
async def test_what_the_articles_say_comes_through_the_tool_with_its_sources(detection: str) -> None:
    async with talking(LOOKS_UP, STEP, turn_detection=detection) as scene:
        scene.speaks(QUESTION)
        answer = await scene.answered(0)
        before, after = scene.openai.prompts
        [connection] = scene.openai.sessions
    assert connection.config["audio"]["input"]["turn_detection"]["type"] == detection
    assert STEP not in before.instructions
    assert "call `answer_from_company_kb`" in before.instructions
    assert any(message.role == "output" and STEP in message.text for message in after.messages)
    said = [(turn.number, turn.speaker, turn.mind, turn.heard) for turn in scene.notes.turns]
    assert said == [(1, "caller", "", QUESTION), (2, "assistant", "gpt-realtime", STEP)]
    assert (answer.kind, [source.quote for source in answer.sources]) == ("answer", [STEP])
    assert scene.page.sent[0] == ("sources", {"turn": 2, "quotes": [STEP]})


@on_virtual_clock
async def test_what_is_typed_is_asked_with_its_evidence() -> None:
    async with talking("Open the sign-in page.", turn_detection="server_vad") as scene:
        assert (await scene.asks(QUESTION)).mind == "gpt-realtime"
    assert STEP in scene.openai.prompts[0].instructions


@on_virtual_clock
async def test_a_sentence_that_nothing_supports_is_taken_back() -> None:
    wrong = "A refund takes ninety days and costs forty dollars."
    async with talking(LOOKS_UP, wrong, turn_detection="server_vad") as scene:
        scene.speaks(QUESTION)
        answer = await scene.answered(0)
        assert answer.unsupported == (wrong,)
        assert (await scene.answered(1)).kind == "apology"


@on_virtual_clock
async def test_what_was_found_for_one_turn_supports_no_other() -> None:
    async with talking(STEP, turn_detection="server_vad") as scene:
        await scene.session.userdata.evidence.look_up(QUESTION)  # for an answer that nobody heard
        scene.speaks(QUESTION)
        answer = await scene.answered(0)
        assert (answer.unsupported, answer.sources) == ((STEP,), ())


@pytest.mark.parametrize("fault", [BROKEN, Late()], ids=lambda fault: type(fault).__name__)
@on_virtual_clock
async def test_a_model_that_does_not_answer_is_replaced_in_the_same_turn(fault: Fault) -> None:
    clock = asyncio.get_running_loop().time
    async with talking(turn_detection="server_vad") as scene:
        scene.openai.fail("response", fault)
        asked_s = clock()
        scene.speaks(QUESTION)
        answer = await scene.answered(0)
        assert clock() - asked_s < 4
        assert (answer.mind, answer.kind) == ("grounded", "answer")
        scene.turns.ended.put_nowait(Ended(QUESTION, QUESTION))  # from now on we decide
        assert (await scene.answered(1)).mind == "grounded"


@on_virtual_clock
async def test_words_that_come_after_the_answer_has_begun_are_those_of_its_turn() -> None:
    async with talking(LOOKS_UP, STEP, delta_s=0.05, turn_detection="server_vad") as scene:
        scene.openai.transcribed_after_s = 0.5
        scene.speaks(QUESTION)
        await scene.answered(0)
        said = [(turn.number, turn.speaker, turn.heard, turn.kind) for turn in scene.notes.turns]
        assert said == [(1, "caller", QUESTION, "question"), (2, "assistant", STEP, "answer")]
        assert scene.session.userdata.evidence.conversation.last_question == QUESTION


@on_virtual_clock
async def test_who_takes_over_waits_for_the_words_of_the_question() -> None:
    async with talking(turn_detection="server_vad") as scene:
        scene.openai.transcribed_after_s = 0.5
        scene.openai.fail("response", BROKEN)
        scene.speaks(QUESTION)
        assert (await scene.answered(0)).mind == "grounded"


@on_virtual_clock
async def test_words_that_are_lost_with_the_model_are_asked_for_again() -> None:
    async with talking(turn_detection="server_vad") as scene:
        scene.openai.fail("response", BROKEN)
        scene.speaks("")
        turn = await scene.answered(0)
        assert (turn.mind, turn.kind) == ("app", "apology")
        scene.turns.ended.put_nowait(Ended(QUESTION, QUESTION))
        assert (await scene.answered(1)).mind == "grounded"
    assert (scene.notes.turns[0].number, scene.notes.turns[0].heard) == (1, "")


@on_virtual_clock
async def test_words_that_never_come_hold_no_later_turn_up() -> None:
    async with talking(LOOKS_UP, STEP, turn_detection="server_vad") as scene:
        scene.openai.transcribed_after_s = 600
        scene.speaks(QUESTION)
        assert (await scene.answered(0)).heard == STEP


@on_virtual_clock
async def test_who_takes_over_waits_for_no_words_before_the_record_goes_on() -> None:
    clock = asyncio.get_running_loop().time
    async with talking(turn_detection="server_vad") as scene:
        scene.openai.transcribed_after_s = 600
        scene.openai.fail("response", BROKEN)
        asked_s = clock()
        scene.speaks(QUESTION)
        assert (await scene.answered(0)).kind == "apology"
        assert clock() - asked_s < 4


@on_virtual_clock
async def test_who_is_cut_off_for_good_is_asked_to_say_it_again() -> None:
    async with talking(LOOKS_UP, STEP, turn_detection="server_vad") as scene:
        scene.speaks(QUESTION)
        await scene.answered(0)
        await _cut_off(scene, UNAUTHORIZED)
        turn = await scene.answered(1)
        assert (turn.kind, turn.text) == ("apology", NOT_HEARD)
        scene.turns.ended.put_nowait(Ended(QUESTION, QUESTION))
        assert (await scene.answered(2)).mind == "grounded"


@on_virtual_clock
async def test_who_is_cut_off_by_a_connection_that_comes_back_is_asked_to_say_it_again() -> None:
    async with talking(LOOKS_UP, STEP, turn_detection="server_vad") as scene:
        await _cut_off(scene)
        turn = await scene.answered(0)
        assert (turn.kind, turn.text) == ("apology", NOT_HEARD)
        scene.speaks(QUESTION)
        assert (await scene.answered(1)).mind == "gpt-realtime"


@on_virtual_clock
async def test_who_speaks_on_when_the_connection_is_back_is_answered() -> None:
    async with talking(LOOKS_UP, STEP, turn_detection="server_vad") as scene:
        await _cut_off(scene)
        await scene.openai.session(1)
        scene.speaks(QUESTION)
        assert (await scene.answered(0)).mind == "gpt-realtime"
        await asyncio.sleep(5)
        assert [turn.kind for turn in scene.notes.turns] == ["question", "answer"]


@on_virtual_clock
async def test_a_connection_that_stays_away_is_replaced_before_anybody_speaks() -> None:
    async with talking(turn_detection="server_vad") as scene:
        connection = await scene.openai.session()
        scene.openai.fail_always("realtime", UNAUTHORIZED)
        connection.cut()
        await asyncio.sleep(1)
        asked_s = asyncio.get_running_loop().time()
        scene.turns.ended.put_nowait(Ended(QUESTION, QUESTION))
        assert (await scene.answered(0)).mind == "grounded"
        assert asyncio.get_running_loop().time() - asked_s < 1


@on_virtual_clock
async def test_the_model_that_comes_back_decides_again() -> None:
    async with talking(STEP, turn_detection="server_vad") as scene:
        scene.openai.fail("response", BROKEN)
        scene.speaks(QUESTION)
        assert (await scene.answered(0)).mind == "grounded"
        await asyncio.sleep(LOOKS_EVERY_S + 1)
        scene.speaks(QUESTION)
        assert (await scene.answered(1)).mind == "gpt-realtime"
        said = [message.text for message in scene.openai.prompts[-1].messages if message.role == "user"]
    assert said == [QUESTION, QUESTION]


@on_virtual_clock
async def test_who_speaks_over_an_answer_cuts_it_where_it_was_heard(tmp_path: Path) -> None:
    stage = Stage(Row("realtime model", "401", "during its speech"))
    async with calling(
        "realtime", *stage.lines(), search=stage.search, data_dir=tmp_path, OPENAI_REALTIME_TURN_DETECTION="server_vad"
    ) as call:
        await call.says(FIRST)
        await call.until_heard(BEGINNING)
        await call.says(NEXT)
        await call.answered(NEXT_KEY)
        [connection] = call.openai.sessions
    [cut] = connection.got("conversation.item.truncate")
    first, answer, second, _ = [turn for turn in call.notes.turns if turn.kind != "greeting"]
    assert (first.heard, second.heard) == (FIRST, NEXT)
    assert answer.interrupted
    in_memory = connection.conversation.find(cut["item_id"], "").spoken.strip()
    assert in_memory.startswith(BEGINNING)
    assert answer.heard.startswith(in_memory), "the word that is being spoken counts as heard"
