"""A language model's answer piece by piece: what of it goes on to the voice, and when."""

from collections.abc import AsyncIterator

import pytest
from livekit.agents import llm
from tests.support.minds import ScriptedMind

from insta_voice.agent.grounding import Checked, Material

MODEL, TRUSTED = ScriptedMind(), ScriptedMind()
RIGHT = "The link works for 60 minutes."
MADE_UP = "Quarterly budget forecasts can be exported to Excel."


def words(text: str) -> llm.ChatChunk:
    return llm.ChatChunk(id="1", delta=llm.ChoiceDelta(role="assistant", content=text))


def calling(text: str | None = None) -> llm.ChatChunk:
    call = llm.FunctionToolCall(name="get_user_account_info", arguments="{}", call_id="c")
    return llm.ChatChunk(id="1", delta=llm.ChoiceDelta(role="assistant", content=text, tool_calls=[call]))


USED = llm.ChatChunk(id="1", usage=llm.CompletionUsage(completion_tokens=1, prompt_tokens=1, total_tokens=2))


async def passed(*pieces: llm.ChatChunk | str, mind: llm.LLM = MODEL) -> tuple[list[llm.ChatChunk | str], list[str]]:
    """What goes on, and what was left out."""

    async def coming() -> AsyncIterator[tuple[llm.LLM, llm.ChatChunk | str]]:
        for piece in pieces:
            yield mind, piece

    checked = Checked(lambda: Material((RIGHT,)), lambda mind: mind is TRUSTED)
    said = [piece async for _, piece in checked.passing(coming())]
    return said, checked.left_out


async def test_a_sentence_is_said_when_the_next_one_begins() -> None:
    pieces = (words("The link works "), words("for 60 minutes. The"), words(" link works."))
    assert await passed(*pieces) == ([f"{RIGHT} ", "The link works. "], [])


async def test_what_nothing_supports_is_left_out() -> None:
    assert await passed(words(f"{RIGHT} {MADE_UP} The link works.")) == ([f"{RIGHT} ", "The link works. "], [MADE_UP])
    assert await passed(words(MADE_UP)) == ([], [MADE_UP])


CLAUSE, CLAIM = "When the link works,", "it works for 60 minutes."


async def test_a_first_clause_in_the_materials_words_does_not_wait_for_its_sentence() -> None:
    pieces = (words("When the link works,"), words(" it w"), words("orks for"), words(" 60 minutes."))
    assert await passed(*pieces) == ([f"{CLAUSE} ", f"{CLAIM} "], [])


@pytest.mark.parametrize(
    ("clause", "supported"),
    [
        ("When the budget works,", True),
        ("When 70 minutes work,", False),
        ("Well, of course, yes,", True),
        ("I have sent the link,", False),
    ],
)
async def test_a_clause_that_says_anything_else_or_nothing_waits(clause: str, supported: bool) -> None:
    whole = f"{clause} the link works for 60 minutes."
    said, left_out = await passed(words(clause), words(" the link wo"), words("rks for 60 minutes."))
    assert (said, left_out) == (([f"{whole} "], []) if supported else ([], [whole]))


async def test_only_the_first_clause_of_an_answer_is_let_go() -> None:
    said, _ = await passed(words(f"{RIGHT} {CLAUSE}"), words(" it wo"), words("rks for 60 minutes."))
    assert said == [f"{RIGHT} ", f"{CLAUSE} {CLAIM} "]


async def test_where_its_sentence_says_more_the_answer_breaks_off() -> None:
    pieces = (words(f"{CLAUSE} quarterly"), words(" budget forecasts can be exported to Excel."), words(f" {RIGHT}"))
    said, left_out = await passed(*pieces, USED)
    assert said == [f"{CLAUSE} ", "", "", USED, ""], "what tells that it has broken off, and what it cost"
    assert left_out == [f"{CLAUSE} quarterly budget forecasts can be exported to Excel."]


@pytest.mark.parametrize("mind", [MODEL, TRUSTED])
async def test_who_takes_over_from_an_answer_that_broke_off_is_heard(mind: llm.LLM) -> None:
    broken_off = [words(f"{CLAUSE} quarterly"), words(" budget forecasts can be exported to Excel. And")]

    async def coming() -> AsyncIterator[tuple[llm.LLM, llm.ChatChunk | str]]:
        for piece in (*broken_off, "Let me begin again. "):
            yield MODEL, piece
        yield mind, words(RIGHT)

    checked = Checked(lambda: Material((RIGHT,)), lambda mind: mind is TRUSTED)
    said = [piece async for _, piece in checked.passing(coming())]
    assert (said[-1], checked.broke_off) == (words(RIGHT) if mind is TRUSTED else f"{RIGHT} ", False)


async def test_a_tool_is_called_after_what_was_said_before_it() -> None:
    said, left_out = await passed(words("Let me look"), calling(" at that."))
    assert said[0] == "Let me look at that. "
    assert isinstance(said[1], llm.ChatChunk)
    assert said[1].delta is not None
    assert [call.name for call in said[1].delta.tool_calls] == ["get_user_account_info"]
    assert not said[1].delta.content
    assert left_out == []


async def test_what_is_no_words_passes() -> None:
    assert await passed(words(MADE_UP), USED) == ([USED], [MADE_UP])


async def test_a_mind_that_is_trusted_is_not_held_up() -> None:
    pieces = (words("Quarterly budget "), words("forecasts can be exported to Excel."))
    assert await passed(*pieces, mind=TRUSTED) == (list(pieces), [])


async def test_half_a_sentence_of_a_mind_that_failed_is_forgotten() -> None:
    again = " Let me begin again. "
    assert await passed(words(f"{RIGHT} The link"), again, words("The link works.")) == (
        [f"{RIGHT} ", again.lstrip(), "The link works. "],
        [],
    )


async def test_nobody_begins_again_who_was_not_heard() -> None:
    assert await passed(words("The link"), " Let me begin again. ", words("The link works.")) == (
        ["The link works. "],
        [],
    )
