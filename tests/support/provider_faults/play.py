"""One row as a call: a question that meets the fault, or stands before it, and the next one."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from livekit.agents import llm
from tests.support.memory_call.call import MemoryCall, calling
from tests.support.provider_faults.rows import WHERE, Row
from tests.support.provider_faults.stage import BEGINNING, BREAKS_AFTER_S, FIRST, FIRST_KEY, NEXT, NEXT_KEY, Stage

from insta_voice.calls import Turn


@dataclass(slots=True)
class Played:
    """What is left of a row's call."""

    row: Row
    call: MemoryCall
    struck_s: float  # when the fault began
    known: str  # all that the mind of the second answer was given of the conversation
    last_question: str | None  # as the search for the second answer knew it


async def play(row: Row, data_dir: Path) -> Played:
    """Play it on the loop's clock. AssertionError when one of the questions is never answered."""
    stage = Stage(row)
    async with calling(row.mode, *stage.lines(), search=stage.search, data_dir=data_dir) as call:
        stage.call = call
        await (_recogniser if row.provider == "recogniser" else _speaker)(stage, call)
        if call.asked[-1][1] != NEXT:
            await call.says(NEXT)
        answer = await call.answered(NEXT_KEY)
        known = _known(call, answer)
        # It may have been searched when all but its question mark was known.
        whole = NEXT.rstrip("?")
        last_question = next(
            then for asked, then in stage.known.items() if asked.rstrip("?").endswith(whole)
        ).last_question
    assert stage.struck, "the fault never struck"
    return Played(row, call, stage.struck[0], known, last_question)


async def _speaker(stage: Stage, call: MemoryCall) -> None:
    """A model or a voice fails: up to the question after which all is well again, or not."""
    row, where = stage.row, WHERE[stage.row.provider]
    if row.moment == "between two turns":
        await call.says(FIRST)
        await call.answered(FIRST_KEY)
        if row.breaks_connection:
            await stage.break_connection()
            await asyncio.sleep(BREAKS_AFTER_S)
        else:
            call.openai.fail_always(where, stage.fault())
        return
    if row.moment == "during a tool" and (row.breaks_connection or where == "speech"):
        stage.in_tool = stage.break_connection if row.breaks_connection else stage.fail_next
    elif not row.breaks_connection:
        well_before = row.moment == "during a tool" and row.fault != "half a tool call"
        first_clause_is_well = row.moment == "during its speech" and where == "speech"
        call.openai.fail(where, *([None] if well_before or first_clause_is_well else []), stage.fault())
    await call.says(FIRST)
    if row.breaks_connection and row.moment != "during a tool":
        if row.moment == "during its speech":
            await call.until_heard(BEGINNING)
        await stage.break_connection()
    await call.answered(FIRST_KEY)


async def _recogniser(stage: Stage, call: MemoryCall) -> None:
    """It fails for as long as one question is recognised, or from then on."""
    row, always = stage.row, call.openai.fail_always
    if row.moment == "before the answer":
        always("transcriptions", stage.fault())
        await call.says(FIRST)
        await call.answered(FIRST_KEY)
        always("transcriptions", None)
        return
    if row.moment == "during a tool":
        begun = asyncio.Event()

        async def begins() -> None:
            begun.set()

        stage.in_tool = begins
        await call.says(FIRST)
        await begun.wait()
    else:
        await call.says(FIRST)
        await (call.answered(FIRST_KEY) if row.moment == "between two turns" else call.until_heard(BEGINNING))
    always("transcriptions", stage.fault())
    await call.says(NEXT)


def _known(call: MemoryCall, answer: Turn) -> str:
    """What was said, as the mind of this answer had it before its first word."""
    if answer.mind.startswith("gpt"):
        return "\n".join(message.text for message in call.openai.prompts[-1].messages)
    said = call.conversation.session.current_agent.chat_ctx.items
    return "\n".join(item.text_content or "" for item in said if isinstance(item, llm.ChatMessage))
