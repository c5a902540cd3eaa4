"""Promise 11 for modes `realtime` and `pipeline`: a call that the drain ends in the middle of an answer says so and
leaves no turn unwritten. What the worker does with its processes does not know the mode
(`test_promise_11_drain_timeout.py`).
"""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.memory_call.call import calling
from tests.support.minds import found, passage
from tests.support.virtual_clock import run_virtual

from insta_voice.agent.prompts import sentence
from insta_voice.knowledge import Context, Evidence, Sentence
from insta_voice.voice.needs import Mode

QUESTION = "How do I reset my password?"
BEGINNING, REST = "Open the sign-in page first,", "choose Forgot password there, and follow the link in the mail."
STEP = f"{BEGINNING} {REST}"


async def search(question: str, context: Context) -> tuple[Evidence, ...]:
    return found(question, replace(passage(STEP), sentences=(Sentence(STEP, 0.95),)))


@pytest.mark.parametrize("mode", ["realtime", "pipeline"])
def test_a_call_that_the_drain_ends_is_told_and_written_to_its_last_word(mode: Mode, tmp_path: Path) -> None:
    goodbye = sentence("ended_shutdown")

    async def scene() -> None:
        async with calling(mode, STEP, search=search, data_dir=tmp_path) as call:
            await call.says(QUESTION)
            await call.until_heard(BEGINNING)
            await call.conversation.farewell("ended_shutdown")
            heard = "".join(letter.text for letter in call.ear.heard())
        told = [(turn.speaker, turn.heard) for turn in call.notes.turns]
        assert [turn.number for turn in call.notes.turns] == [1, 2, 3, 4]
        assert told[1] == ("caller", QUESTION)
        assert told[2:] == [("assistant", STEP), ("assistant", goodbye)], "the answer is heard to its end before that"
        assert heard.endswith(goodbye.replace(". ", "."))  # the pause between two sentences has no letter

    run_virtual(scene())
