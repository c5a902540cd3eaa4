"""The record while it happens: in order, without gaps, through an outage of the database."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.support.virtual_clock import run_virtual

from insta_voice.agent.record.recorder import Recorder
from insta_voice.calls import Search, Turn
from insta_voice.errors import DBDriverError, InvalidInputError


class Book:
    """A record that can be away, takes no turn out of order, and refuses some words."""

    def __init__(self, follows: int = 0) -> None:
        self.turns: list[Turn] = []
        self.away = False
        self.refuses: dict[str, Exception] = {}
        self._last = follows

    async def write(self, turn: Turn) -> int:
        await asyncio.sleep(0.01)
        if self.away:
            raise DBDriverError
        if error := self.refuses.get(turn.text):
            raise error
        if turn.number > self._last + 1:
            raise InvalidInputError("a gap")
        self._last += 1
        self.turns.append(replace(turn, number=self._last))
        return self._last


class Again(Book):
    """Takes a turn again under the number it has; `written` are numbers and timings, as they were when it began to."""

    def __init__(self, follows: int = 0) -> None:
        super().__init__(follows)
        self.written: list[tuple[int, dict[str, float]]] = []
        self._numbers: dict[object, int] = {}

    async def write(self, turn: Turn) -> int:
        timings = dict(turn.timings_ms)
        number = self._numbers.get(turn.key)
        if number is not None and (error := self.refuses.get(turn.text)):
            raise error
        if number is None:
            number = self._numbers[turn.key] = await super().write(turn)
        self.written.append((number, timings))
        return number


async def _writing(book: Book, next_number: int = 1) -> tuple[Recorder, asyncio.Task[None]]:
    recorder = Recorder(book.write, next_number=next_number)
    return recorder, asyncio.create_task(recorder.run())


def test_turns_are_written_in_the_order_they_began_whatever_the_order_they_ended() -> None:
    async def scene() -> list[int]:
        book = Book(follows=3)
        recorder, task = await _writing(book, next_number=4)
        answer, question = recorder.begin("assistant", "answer"), recorder.begin("caller", "question")
        recorder.finish(question)
        await asyncio.sleep(1)
        assert book.turns == []
        recorder.finish(answer)
        await asyncio.sleep(1)
        task.cancel()
        return [turn.number for turn in book.turns]

    assert run_virtual(scene()) == [4, 5]


def test_a_sixty_second_outage_loses_nothing_and_is_caught_up_within_two_seconds() -> None:
    async def scene() -> None:
        book = Book()
        book.away = True
        recorder, task = await _writing(book)
        for number in range(30):
            turn = recorder.begin("caller", "question")
            turn.text = f"question {number}"
            recorder.finish(turn)
            await asyncio.sleep(2)
        assert book.turns == []
        book.away = False
        await asyncio.sleep(2.5)
        assert [turn.number for turn in book.turns] == list(range(1, 31))
        assert [turn.text for turn in book.turns] == [f"question {number}" for number in range(30)]
        task.cancel()

    run_virtual(scene())


def test_after_another_agents_turns_the_numbers_go_on_where_the_record_is() -> None:
    """Two agents numbered from the same turn: all the turns of whoever wrote second were lost, without a word."""

    async def scene() -> None:
        book = Book(follows=5)  # of which the recorder, opened at 3, knows two
        recorder, task = await _writing(book, next_number=3)
        question, answer = recorder.begin("caller", "question"), recorder.begin("assistant", "answer")
        recorder.finish(question)
        await asyncio.sleep(1)
        assert answer.number == 7, "whoever shows it, shows what the record will say"
        recorder.finish(answer)
        assert await recorder.flush(1.0)
        assert [(turn.number, turn.key) for turn in book.turns] == [(6, question.key), (7, answer.key)]
        assert recorder.begin("caller", "question").number == 8
        task.cancel()

    run_virtual(scene())


def test_what_becomes_known_after_its_end_is_written_once_more() -> None:
    async def scene() -> None:
        book = Again()
        recorder, task = await _writing(book)
        turn = recorder.begin("assistant", "answer")
        recorder.complete(turn)  # it is not over: what is known is written with it
        recorder.finish(turn)
        assert await recorder.flush(1.0)
        turn.timings_ms = {"heard_ms": 700.0}
        recorder.complete(turn)
        assert await recorder.flush(1.0)
        assert book.written == [(1, {}), (1, {"heard_ms": 700.0})]
        task.cancel()

    run_virtual(scene())


def test_what_cannot_be_added_afterwards_costs_neither_words_nor_numbers() -> None:
    async def scene() -> None:
        book = Again()
        recorder, task = await _writing(book)
        turn = recorder.begin("assistant", "answer")
        turn.text = "words"
        recorder.finish(turn)
        assert await recorder.flush(1.0)
        book.refuses = {"words": InvalidInputError()}
        recorder.complete(turn)
        later = recorder.begin("caller", "question")
        assert await recorder.flush(1.0)
        assert (turn.text, recorder.emptied, later.number) == ("words", 0, 2)
        assert [turn.number for turn in book.turns] == [1, 2]
        task.cancel()

    run_virtual(scene())


def test_nothing_is_added_to_a_turn_whose_words_were_given_up() -> None:
    async def scene() -> None:
        book = Again()
        book.refuses = {"words": InvalidInputError()}
        recorder, task = await _writing(book)
        turn = recorder.begin("assistant", "answer")
        turn.text = "words"
        recorder.finish(turn)
        assert await recorder.flush(1.0)
        recorder.complete(turn)
        assert await recorder.flush(1.0)
        assert book.written == [(1, {})]
        task.cancel()

    run_virtual(scene())


def test_what_becomes_known_while_it_is_written_or_waits_is_not_lost_and_moves_no_number() -> None:
    """Another agent has written three turns meanwhile: every number is moved once."""

    async def scene() -> None:
        book = Again(follows=5)
        recorder, task = await _writing(book, next_number=3)
        question, answer, next_question = (recorder.begin("assistant", "answer") for _ in range(3))
        for turn in (question, answer):
            recorder.finish(turn)
        await asyncio.sleep(0.005)  # the first is being written
        for turn in (question, answer):
            turn.timings_ms["heard_ms"] = 700.0
            recorder.complete(turn)
        recorder.finish(next_question)
        assert await recorder.flush(1.0)
        assert dict(book.written) == {6: {"heard_ms": 700.0}, 7: {"heard_ms": 700.0}, 8: {}}
        assert [question.number, answer.number, next_question.number] == [6, 7, 8]
        assert recorder.begin("caller", "question").number == 9
        task.cancel()

    run_virtual(scene())


def test_what_is_open_at_the_end_is_written_too() -> None:
    async def scene() -> None:
        book = Book()
        recorder, task = await _writing(book)
        recorder.begin("assistant", "answer")
        assert await recorder.flush(1.0)
        assert [turn.number for turn in book.turns] == [1]
        task.cancel()

    run_virtual(scene())


def test_flush_says_when_the_record_stays_away() -> None:
    async def scene() -> bool:
        book = Book()
        book.away = True
        recorder, task = await _writing(book)
        recorder.finish(recorder.begin("caller", "question"))
        written = await recorder.flush(1.0)
        task.cancel()
        return written

    assert run_virtual(scene()) is False


@pytest.mark.parametrize("refusal", [InvalidInputError(), ValueError("a defect")])
def test_a_turn_that_is_refused_keeps_its_number_and_does_not_hold_up_the_others(refusal: Exception) -> None:
    async def scene() -> list[tuple[object, ...]]:
        book = Book()
        book.refuses = {"bad": refusal}
        recorder, task = await _writing(book)
        for text in ("bad", "good"):
            turn = recorder.begin("caller", "question")
            turn.text = turn.heard = text
            turn.timings_ms = {"speech_ms": 1.0}
            turn.unsupported = (text,)
            turn.searches = (Search(text, text, 0.1, False),)
            recorder.finish(turn)
        assert await recorder.flush(1.0)
        assert recorder.emptied == 1
        assert not task.done()
        task.cancel()
        return [(turn.number, turn.text, turn.heard, turn.unsupported, turn.searches) for turn in book.turns]

    searched = (Search("good", "good", 0.1, False),)
    assert run_virtual(scene()) == [(1, "", "", (), ()), (2, "good", "good", ("good",), searched)]


def test_a_record_that_refuses_everything_stops_neither_the_recorder_nor_the_end_of_the_call() -> None:
    async def scene() -> bool:
        book = Book()
        book.refuses = {text: InvalidInputError() for text in ("", "words", "more")}
        recorder, task = await _writing(book)
        for text in ("words", "more"):
            turn = recorder.begin("caller", "question")
            turn.text = text
            recorder.finish(turn)
        assert await recorder.flush(1.0)
        assert book.turns == []
        later = recorder.begin("caller", "question")
        later.text = "what it takes"
        assert await recorder.flush(1.0)
        assert [turn.number for turn in book.turns] == [1], "what is not there leaves no gap"
        alive = not task.done()
        task.cancel()
        return alive

    assert run_virtual(scene())


def test_a_turn_that_began_before_it_was_known_says_so() -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    recorder = Recorder(Book().write, next_number=1, now=lambda: now)
    assert recorder.begin("caller", "question", ago_s=1.5).started_at == now - timedelta(seconds=1.5)


def test_words_beyond_what_can_wait_are_given_up_and_counted_but_no_number_is() -> None:
    async def scene() -> tuple[list[int], int]:
        book = Book()
        book.away = True
        recorder, task = await _writing(book)
        for _ in range(450):
            turn = recorder.begin("caller", "question")
            turn.text = "words"
            recorder.finish(turn)
        book.away = False
        await recorder.flush(30)
        task.cancel()
        assert sum(turn.text == "" for turn in book.turns) == recorder.emptied
        return [turn.number for turn in book.turns], recorder.emptied

    numbers, emptied = run_virtual(scene())
    assert numbers == list(range(1, 451))
    assert emptied == 50
