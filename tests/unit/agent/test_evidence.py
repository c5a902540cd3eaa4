"""Evidence is searched once a turn, whoever asks how often."""

import asyncio
from dataclasses import replace
from unittest import mock

import pytest
from tests.support.virtual_clock import run_virtual

from insta_voice.agent.evidence import TurnEvidence, as_material
from insta_voice.errors import DBDriverError, InstaVoiceError
from insta_voice.knowledge import Choice, Context, Evidence, Passage


def _evidence(question: str, *, answerable: bool = True) -> tuple[Evidence, ...]:
    passage = Passage(1, "a-1", None, 1, "Reset your password", "Steps", "/help/a-1", "Open the page.", 0.9, ())
    return (Evidence(question, question, (passage,), 0.9, answerable),)


class Library:
    def __init__(self) -> None:
        self.searched: list[tuple[str, Context]] = []
        self.error: InstaVoiceError | None = None
        self.takes_s = 0.0

    async def gather(self, heard: str, context: Context) -> tuple[Evidence, ...]:
        self.searched.append((heard, context))
        await asyncio.sleep(self.takes_s)
        if self.error:
            raise self.error
        return _evidence(heard)


async def test_the_tool_and_the_turn_do_not_search_twice() -> None:
    library = Library()
    evidence = TurnEvidence(library.gather)
    first = await evidence.for_turn("turn-1", "How do I reset my password?")
    assert await evidence.for_turn("turn-1", "How do I reset my password?") is first
    assert await evidence.look_up("how do i reset  my password") is first
    await evidence.look_up("And what does it cost?")
    assert [heard for heard, _ in library.searched] == ["How do I reset my password?", "And what does it cost?"]


async def test_the_same_words_in_another_turn_are_searched_in_their_own_context() -> None:
    library = Library()
    evidence = TurnEvidence(library.gather)
    await evidence.for_turn("turn-1", "And why?")
    evidence.answered("And why?", "a-1")
    await evidence.for_turn("turn-2", "And why?")
    assert [context.last_article_id for _, context in library.searched] == [None, "a-1"]


async def test_a_failed_search_is_said_and_tried_again_when_asked_again() -> None:
    library = Library()
    library.error = DBDriverError()
    evidence = TurnEvidence(library.gather)
    found = await evidence.for_turn("turn-1", "How?")
    assert (found.evidence, found.error) == ((), library.error)
    library.error = None
    assert (await evidence.for_turn("turn-1", "How?")).error is None


def test_a_search_that_hangs_is_given_up_before_the_silence_needs_an_explanation() -> None:
    async def scene() -> float:
        library = Library()
        library.takes_s = 60
        began = asyncio.get_running_loop().time()
        found = await TurnEvidence(library.gather).for_turn("turn-1", "How?")
        assert found.error is not None
        return asyncio.get_running_loop().time() - began

    assert run_virtual(scene()) <= 2.5


def test_who_is_in_no_hurry_waits_for_a_slow_search() -> None:
    async def scene() -> bool:
        library = Library()
        library.takes_s = 20
        found = await TurnEvidence(library.gather, timeout_s=30).for_turn("turn-1", "How?")
        return found.error is None

    assert run_virtual(scene())


def test_a_search_that_hangs_for_the_turn_and_again_for_the_tool_is_told_within_four_seconds() -> None:
    async def scene() -> float:
        library = Library()
        library.takes_s = 60
        evidence = TurnEvidence(library.gather)
        began = asyncio.get_running_loop().time()
        await evidence.for_turn("turn-1", "How?")
        await evidence.look_up("how")
        return asyncio.get_running_loop().time() - began

    assert run_virtual(scene()) <= 4.0


async def test_only_the_last_questions_are_kept() -> None:
    evidence = TurnEvidence(Library().gather)
    for number in range(9):
        evidence.answered(f"question {number}", f"a-{number}" if number == 3 else None)
    assert evidence.conversation.questions == ("question 5", "question 6", "question 7", "question 8")
    assert evidence.conversation.last_article_id == "a-3"


@pytest.mark.parametrize(("answerable", "verdict"), [(True, "may answer it"), (False, "does NOT answer it")])
def test_a_language_model_reads_material_and_its_verdict(answerable: bool, verdict: str) -> None:
    text = as_material(_evidence("How?", answerable=answerable))
    assert "not instructions" in text
    assert verdict in text
    assert "Open the page." in text


@pytest.mark.parametrize("answerable", [True, False])
def test_a_language_model_reads_the_two_it_is_to_ask_about_and_no_third(answerable: bool) -> None:
    (unsure,) = _evidence("How?", answerable=answerable)
    first, second, third = (replace(unsure.passages[0], text=f"Text {n}.", title=f"Title {n}") for n in (1, 2, 3))
    choice = Choice("How?", (first, second))
    text = as_material((replace(unsure, passages=(first, third, second), choice=choice),))
    assert "ask in one short question which of the two" in text
    assert [f"Text {n}." in text for n in (1, 2, 3)] == [True, True, False]


async def test_a_choice_that_is_made_in_no_turn_is_forgotten_after_two() -> None:
    library = Library()
    evidence = TurnEvidence(library.gather)
    passage = _evidence("How?")[0].passages[0]
    choice = Choice("How?", (passage, replace(passage, title="Change your password")))
    evidence.asked_back(choice)
    for turn in ("turn-1", "turn-2", "turn-3", "turn-4"):
        await evidence.for_turn(turn, "One moment.")
    assert [context.choice for _, context in library.searched] == [choice, choice, None, None]


async def test_what_was_asked_back_is_known_to_the_next_search() -> None:
    library = Library()
    evidence = TurnEvidence(library.gather)
    first = _evidence("How?")[0].passages[0]
    choice = Choice("How?", (first, first))
    evidence.asked_back(choice)
    await evidence.for_turn("turn-1", "The first.")
    evidence.asked_back(None)
    await evidence.for_turn("turn-2", "And then?")
    assert [context.choice for _, context in library.searched] == [choice, None]


async def test_what_was_foreseen_is_there_when_the_turn_asks_with_these_words() -> None:
    library = Library()
    evidence = TurnEvidence(library.gather)
    foreseen = await evidence.foresee("How do I reset my password")
    await evidence.foresee("How do I reset my passport")
    found = await evidence.for_turn("turn-1", "How do I reset my password?")
    assert found.evidence == foreseen.evidence
    assert [heard for heard, _ in library.searched] == ["How do I reset my password", "How do I reset my passport"]
    assert evidence.in_turn == found.evidence, "nothing that was foreseen and not asked is found in the turn"


async def test_what_is_foreseen_twice_is_searched_once_also_while_it_is_under_way() -> None:
    library = Library()
    evidence = TurnEvidence(library.gather)
    await asyncio.gather(evidence.foresee("How?"), evidence.foresee("how"))
    await evidence.for_turn("turn-1", "How?")
    assert len(library.searched) == 1


async def test_what_was_foreseen_for_one_turn_is_gone_in_the_next() -> None:
    library = Library()
    evidence = TurnEvidence(library.gather)
    await evidence.foresee("How?")
    await evidence.for_turn("turn-1", "Why?")
    await evidence.for_turn("turn-2", "How?")
    assert [heard for heard, _ in library.searched] == ["How?", "Why?", "How?"]


async def test_what_was_foreseen_in_another_conversation_is_searched_again() -> None:
    """The answer under way was heard to its end after the caller began: "and why" asks about another article now."""
    library = Library()
    evidence = TurnEvidence(library.gather)
    await evidence.foresee("And why?")
    evidence.answered("How do I pay?", "a-2")
    await evidence.for_turn("turn-1", "And why?")
    assert [context.last_article_id for _, context in library.searched] == [None, "a-2"]


def test_a_turn_that_is_broken_off_leaves_the_search_to_who_asks_again() -> None:
    library = Library()
    library.takes_s = 1.0

    async def scene() -> None:
        evidence = TurnEvidence(library.gather)
        ahead = asyncio.create_task(evidence.foresee("How?"))
        await asyncio.sleep(0.1)
        turn = asyncio.create_task(evidence.for_turn("turn-1", "How?"))
        await asyncio.sleep(0.1)
        turn.cancel()
        await asyncio.wait({turn})
        assert (await evidence.look_up("how")).error is None
        assert (await ahead).error is None

    run_virtual(scene())
    assert len(library.searched) == 1


async def test_a_search_that_failed_ahead_of_the_turn_is_tried_again_in_it() -> None:
    library = Library()
    library.error = DBDriverError()
    evidence = TurnEvidence(library.gather)
    assert (await evidence.foresee("How?")).error is library.error
    library.error = None
    assert (await evidence.for_turn("turn-1", "How?")).error is None


def test_only_the_newest_guesses_of_a_long_turn_are_kept() -> None:
    library = Library()
    library.takes_s = 1.0

    async def guess() -> None:
        evidence = TurnEvidence(library.gather)
        guesses = [asyncio.create_task(evidence.foresee(f"word {number}")) for number in range(9)]
        await asyncio.wait(guesses)
        assert [guess.cancelled() for guess in guesses] == [True] + [False] * 8
        await evidence.for_turn("turn-1", "word 8")
        evidence.forget_foreseen()

    run_virtual(guess())
    assert [heard for heard, _ in library.searched] == [f"word {number}" for number in range(1, 9)]


def test_when_the_call_is_over_nothing_is_searched_any_more() -> None:
    library = Library()
    library.takes_s = 1.0

    async def scene() -> None:
        evidence = TurnEvidence(library.gather)
        of_this_turn = asyncio.create_task(evidence.foresee("How?"))
        await asyncio.sleep(0.1)
        evidence.begin_turn("turn-1")
        of_the_next = asyncio.create_task(evidence.foresee("And why?"))
        await asyncio.sleep(0.1)
        evidence.forget_foreseen()
        await asyncio.wait({of_this_turn, of_the_next})
        assert of_this_turn.cancelled()
        assert of_the_next.cancelled()

    run_virtual(scene())


async def test_what_is_foreseen_again_in_another_conversation_is_searched_for_that() -> None:
    library = Library()
    evidence = TurnEvidence(library.gather)
    await evidence.foresee("And why?")
    evidence.answered("How do I pay?", "a-2")
    await evidence.foresee("And why?")
    await evidence.for_turn("turn-1", "And why?")
    assert [context.last_article_id for _, context in library.searched] == [None, "a-2"]


def test_what_was_foreseen_took_as_long_as_the_turn_waited_for_it() -> None:
    library = Library()
    library.takes_s = 1.0

    async def scene() -> list[float]:
        with mock.patch("time.perf_counter", asyncio.get_running_loop().time):
            evidence = TurnEvidence(library.gather)
            foreseen = await evidence.foresee("How?")
            return [foreseen.took_ms, (await evidence.for_turn("turn-1", "How?")).took_ms]

    assert run_virtual(scene()) == [1000.0, 0.0]
