"""Eight rows of the table of provider faults in real calls, measured at the caller's ear on the real clock.

The whole table is played on a virtual clock: `tests/unit/agent/test_openai_faults_table.py`. Here two promised times
may double: something is heard 1.5 s after an answer breaks, and no silence lasts longer than 4 s. `-s` prints the rows.
"""

from collections.abc import Sequence
from pathlib import Path

from tests.support.calls import CallCenter
from tests.support.openai import brisk, serving_openai
from tests.support.provider_faults.in_real_time import (
    CANCEL,
    EMAIL,
    INVITE,
    RESET,
    FaultyCall,
    Heard,
    Question,
    mind,
    shortcomings,
    verdict,
)
from tests.support.provider_faults.rows import Row
from tests.support.provider_faults.table import HEAD, line
from tests.support.settings import QUICKLY_GREETED
from tests.support.worker_in_mode import worker_in_mode

from insta_voice.calls import CallDetail
from insta_voice.voice.breaker.store import InFiles

FOLLOW_UP = "How long does that link work?"

Step = tuple[Row, Question]
# A realtime model that has failed is not asked again for a while; a connection lost between two turns is made anew.
REALTIME: tuple[tuple[Step, ...], ...] = (
    (
        (Row("realtime model", "socket cut", "between two turns"), EMAIL),
        (Row("realtime model", "socket cut", "during its speech"), RESET),
    ),
    ((Row("realtime model", "stall in mid-sentence", "during its speech"), RESET),),
    ((Row("realtime model", "429 with Retry-After", "before the answer"), RESET),),
)
# An answer between two failures of a part, and nothing is held against it. Who refuses the key is left alone: last.
PIPELINE: tuple[Step, ...] = (
    (Row("language model", "500", "before the answer"), EMAIL),
    (Row("voice", "socket cut", "during its speech"), INVITE),
    (Row("language model", "stall in mid-sentence", "during its speech"), CANCEL),
    (Row("recogniser", "401", "before the answer"), RESET),
)


async def test_a_realtime_model_fails_in_real_calls(call_center: CallCenter) -> None:
    wrong = []
    print(f"\n{HEAD}")
    async with (
        serving_openai(mind=mind, voice=brisk) as openai,
        worker_in_mode(call_center, "realtime", openai, **QUICKLY_GREETED) as agent,
    ):
        for steps in REALTIME:
            forgive(call_center)
            async with call_center.call(agent_name=agent) as on_the_line:
                await on_the_line.caller.greeting()
                faulty = FaultyCall(openai, on_the_line)
                heard = [await faulty.meets(row, question) for row, question in steps]
                # Nothing but the conversation says which link it is.
                await faulty.asks_in_writing(FOLLOW_UP, "60 minutes")
            wrong += judged(heard, await on_the_line.closed(), faulty.asked)
    assert wrong == []


async def test_the_parts_of_a_pipeline_fail_in_a_real_call(call_center: CallCenter) -> None:
    print(f"\n{HEAD}")
    async with (
        serving_openai(mind=mind, voice=brisk) as openai,
        worker_in_mode(call_center, "pipeline", openai, **QUICKLY_GREETED) as agent,
        call_center.call(agent_name=agent) as on_the_line,
    ):
        await on_the_line.caller.greeting()
        faulty = FaultyCall(openai, on_the_line)
        heard = [await faulty.meets(row, question) for row, question in PIPELINE]
        await faulty.asks_in_writing(f"{FOLLOW_UP} The one to invite somebody.", INVITE.ends)
        known = openai.prompts[-1]
    assert judged(heard, await on_the_line.closed(), faulty.asked) == []
    assert [question.says for _, question in PIPELINE if question.says not in known] == []


def forgive(center: CallCenter) -> None:
    """What failed twice is left alone in every call: here the next call is to meet the next fault of it."""
    InFiles(Path(center.environment["INSTA_DATA_DIR"]) / "breakers").forget()


def judged(heard: Sequence[Heard], record: CallDetail, asked: int) -> list[str]:
    """Prints the rows; gives what does not hold of them and of their call's record."""
    verdicts = [(row.row, verdict(row, record.turns)) for row in heard]
    print("\n".join(line(row, judgement) for row, judgement in verdicts))
    wrong = [f"{row}: {'; '.join(judgement.wrong)}" for row, judgement in verdicts if judgement.wrong]
    return wrong + shortcomings(record, asked)
