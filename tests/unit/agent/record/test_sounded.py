"""How long the caller waited, as they heard it. Our clock and their page each see it; neither is believed alone."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from livekit.agents import llm
from livekit.agents.voice import SpeechHandle
from tests.support.minds import Notes, Page, channel_to

from insta_voice.agent.ear import Onset
from insta_voice.agent.record.journal import Journal
from insta_voice.agent.record.recorder import Recorder

HEARD, TRANSPORT = "heard_ms", "transport_ms"


class Call:
    """A call's journal on a clock that the test moves, in seconds."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.notes = Notes()
        self.recorder = Recorder(self.notes.write, next_number=1)
        self.journal = Journal(self.recorder, channel_to(Page()), clock=lambda: self.now)
        self._writing = asyncio.create_task(self.recorder.run())

    async def answer(
        self, *, kind: str = "question", endpointing_ms: float = 400.0, after_s: float = 0.2
    ) -> SpeechHandle:
        """A question is over, and its answer begins to sound."""
        self.journal.caller_said(
            "How?", kind=kind, timings_ms={"endpointing_ms": endpointing_ms} if kind != "typed" else None
        )
        return await self._begin(after_s)

    async def answer_of_a_server(self) -> SpeechHandle:
        """The same where the model's server has judged that the turn is over."""
        turn = self.journal.caller_stopped()
        self.journal.caller_was_heard(turn, "How?", newest=True, reply=None)
        return await self._begin(0.2)

    async def _begin(self, after_s: float) -> SpeechHandle:
        handle = SpeechHandle.create()
        event: Any = SimpleNamespace(source="generate_reply", speech_handle=handle)
        self.journal.speech_created(event)
        assert self.journal.reply is not None
        await self.journal.words_begin(self.journal.reply)
        self.journal.reply.add("So.")
        self.now += after_s
        self.journal.audible(handle)
        return handle

    def heard(self, *, silence_ms: float | None, quiet_ms: float | None = 3000.0, sent_after_ms: float = 60.0) -> None:
        """The page's report of a sound comes in now."""
        self.journal.sounded.heard(Onset(silence_ms, quiet_ms, sent_after_ms, arrived_at=self.now))

    async def over(self, handle: SpeechHandle) -> None:
        """What is said has been said, and is written."""
        handle._item_added([llm.ChatMessage(role="assistant", content=["So."])])
        handle._mark_done()
        await self.written()

    async def written(self) -> None:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert await self.recorder.flush(1)

    def timings(self) -> dict[str, float]:
        """Of the answer as it was written last."""
        return dict([turn for turn in self.notes.turns if turn.speaker == "assistant"][-1].timings_ms)


@pytest.fixture
async def call() -> Any:
    call = Call()
    yield call
    call._writing.cancel()


async def test_what_is_heard_while_the_answer_is_spoken_is_written_with_its_turn(call: Call) -> None:
    handle = await call.answer()  # 400 ms of endpointing, 200 ms to the first sound
    call.now += 0.160  # 100 ms of ways, and 60 on the page
    call.heard(silence_ms=730.0)
    await call.over(handle)
    assert (call.timings()["first_audio_ms"], call.timings()[HEARD], call.timings()[TRANSPORT]) == (600.0, 730.0, 130.0)
    assert [turn.speaker for turn in call.notes.turns] == ["caller", "assistant"], "nothing is written twice"


async def test_what_is_heard_of_a_turn_that_is_over_is_written_once_more(call: Call) -> None:
    handle = await call.answer()
    await call.over(handle)
    assert HEARD not in call.timings()
    call.now += 0.160
    call.heard(silence_ms=730.0)
    await call.written()
    assert call.timings()[HEARD] == 730.0
    keys = [turn.key for turn in call.notes.turns if turn.speaker == "assistant"]
    assert len(keys) == 2
    assert len(set(keys)) == 1


@pytest.mark.parametrize(
    ("silence_ms", "heard_ms"),
    [
        (None, 700.0),  # no microphone
        (640.0, 640.0),
        (1700.0, 1700.0),
        (0.0, 700.0),  # a door after the question
        (599.0, 700.0),  # heard before it left
        (1701.0, 700.0),  # a question that was too soft
        (60_000.0, 700.0),
    ],
)
async def test_where_the_page_says_what_cannot_be_our_own_clock_counts(
    call: Call, silence_ms: float | None, heard_ms: float
) -> None:
    handle = await call.answer()
    call.now += 0.160
    call.heard(silence_ms=silence_ms)
    await call.over(handle)
    assert call.timings()[HEARD] == pytest.approx(heard_ms, abs=0.1)
    assert call.timings()[TRANSPORT] == pytest.approx(heard_ms - 600.0, abs=0.1)


async def test_an_answer_that_was_held_begins_once(call: Call) -> None:
    """What goes on after it was held is audible again; that is no beginning."""
    handle = await call.answer()
    call.now += 1.0
    call.journal.audible(handle)
    call.now += 0.160
    call.heard(silence_ms=1700.0, quiet_ms=5000.0)
    await call.over(handle)
    assert call.timings()["first_audio_ms"] == 600.0
    assert call.timings()[HEARD] == 1700.0


async def test_an_answer_is_heard_once(call: Call) -> None:
    handle = await call.answer()
    call.now += 0.160
    call.heard(silence_ms=650.0)
    call.now += 1.0
    call.heard(silence_ms=1690.0, quiet_ms=5000.0)
    await call.over(handle)
    assert call.timings()[HEARD] == 650.0


async def test_a_pause_within_an_answer_is_not_its_beginning(call: Call) -> None:
    """The first report was lost; the next one is of the second sentence."""
    handle = await call.answer()
    call.now += 1.560
    call.heard(silence_ms=2000.0, quiet_ms=400.0)
    await call.over(handle)
    assert HEARD not in call.timings()


async def test_what_the_app_says_after_an_answer_that_was_cut_is_not_its_beginning(call: Call) -> None:
    handle = await call.answer()
    call.now += 1.0
    call.journal.audible(SpeechHandle.create())
    call.now += 0.160
    call.heard(silence_ms=1700.0, quiet_ms=5000.0)
    await call.over(handle)
    assert HEARD not in call.timings()


@pytest.mark.parametrize(("silent_s", "known"), [(0.15, True), (0.31, False)])
async def test_what_follows_at_once_on_the_voice_it_cut_is_heard_after_the_way_of_the_call(
    call: Call, silent_s: float, known: bool
) -> None:
    """The page hears no beginning there."""
    first = await call.answer()
    call.now += 0.160
    call.heard(silence_ms=None)
    await call.over(first)
    call.now += 1.0
    call.journal.silent()
    second = await call.answer(after_s=silent_s)
    await call.over(second)
    heard_ms, way_ms = (call.timings().get(name) for name in (HEARD, TRANSPORT))
    assert (heard_ms, way_ms) == ((400.0 + 150.0 + 100.0, 100.0) if known else (None, None))


async def test_a_report_says_better_than_what_was_reckoned(call: Call) -> None:
    """The voice was held for long before it was cut."""
    call.journal.audible(SpeechHandle.create())
    call.now += 0.160
    call.heard(silence_ms=None, quiet_ms=None)
    call.journal.silent()
    handle = await call.answer(after_s=0.1)
    call.now += 0.260
    call.heard(silence_ms=680.0, quiet_ms=900.0)
    call.now += 0.3
    call.heard(silence_ms=990.0, quiet_ms=300.0)
    await call.over(handle)
    assert (call.timings()[HEARD], call.timings()[TRANSPORT]) == (680.0, 180.0)


async def test_nothing_is_reckoned_of_what_a_server_ended_or_the_app_says(call: Call) -> None:
    call.journal.audible(SpeechHandle.create())
    call.now += 0.160
    call.heard(silence_ms=None, quiet_ms=None)
    call.journal.silent()
    call.journal.audible(SpeechHandle.create())
    call.journal.silent()
    await call.over(await call.answer_of_a_server())
    assert HEARD not in call.timings()


async def test_a_way_is_known_from_the_greeting_too_and_not_before(call: Call) -> None:
    for heard_of_it, known in ((False, False), (True, True)):
        call.journal.audible(SpeechHandle.create())
        call.now += 0.160
        if heard_of_it:
            call.heard(silence_ms=None, quiet_ms=None)
        call.journal.silent()
        await call.over(await call.answer(after_s=0.1))
        assert (HEARD in call.timings()) is known


async def test_what_comes_much_too_late_or_before_anything_sounded_is_of_no_answer(call: Call) -> None:
    call.heard(silence_ms=700.0)
    handle = await call.answer()
    call.now += 0.1
    call.heard(silence_ms=700.0, sent_after_ms=5000.0)  # the greeting
    call.now += 30.0
    call.heard(silence_ms=700.0, quiet_ms=None)
    await call.over(handle)
    assert HEARD not in call.timings()


async def test_each_answer_has_its_own_also_when_its_report_comes_after_the_next(call: Call) -> None:
    first = await call.answer()
    call.now += 0.1
    await call.over(first)
    second = await call.answer()  # 700 ms after the first: 600 and what the first one took
    call.now += 0.05
    call.heard(silence_ms=None, quiet_ms=400.0, sent_after_ms=10.0)
    call.heard(silence_ms=None, quiet_ms=3000.0, sent_after_ms=200.0)
    await call.over(second)
    written = {turn.number: turn.timings_ms.get(HEARD) for turn in call.notes.turns if turn.speaker == "assistant"}
    assert written == {2: pytest.approx(750.0, abs=0.2), 4: pytest.approx(640.0, abs=0.2)}


async def test_what_was_asked_in_writing_is_not_waited_for_by_an_ear(call: Call) -> None:
    handle = await call.answer(kind="typed")
    call.now += 0.160
    call.heard(silence_ms=500.0)  # they said something before
    await call.over(handle)
    assert "first_audio_ms" in call.timings()
    assert HEARD not in call.timings()


@pytest.mark.parametrize(("silence_ms", "heard_ms"), [(900.0, 900.0), (9300.0, 9300.0), (9301.0, None), (None, None)])
async def test_a_servers_endpointing_is_in_what_the_page_says_or_nobody_knows(
    call: Call, silence_ms: float | None, heard_ms: float | None
) -> None:
    handle = await call.answer_of_a_server()
    call.now += 0.160
    call.heard(silence_ms=silence_ms)
    await call.over(handle)
    timings = call.timings()
    assert timings.get(HEARD) == heard_ms
    if heard_ms is not None:
        assert timings[TRANSPORT] == pytest.approx(100.0, abs=0.1)


async def test_a_thousand_reports_write_each_answer_once_more_at_most(call: Call) -> None:
    handle = await call.answer()
    await call.over(handle)
    for _ in range(1000):
        call.now += 0.003
        call.heard(silence_ms=700.0)
    await call.written()
    assert len(call.notes.turns) == 3


async def test_what_is_asked_aloud_after_something_typed_is_waited_for(call: Call) -> None:
    await call.over(await call.answer(kind="typed"))
    handle = await call.answer_of_a_server()
    call.now += 0.160
    call.heard(silence_ms=900.0)
    await call.over(handle)
    assert call.timings()[HEARD] == 900.0
