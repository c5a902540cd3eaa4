"""Holds the conversation and gathers what came back of each turn."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from insta_voice.demo.answered import Answered, answer_to
from insta_voice.demo.caller import Caller, Reply
from insta_voice.demo.conversation import Call, load_conversation, missing_words, shortcomings
from insta_voice.demo.customer import Customer, Installation
from insta_voice.demo.recording import save_recording
from insta_voice.demo.voice import speak

# The job worker looks for work every second; a summary is one job of a few milliseconds.
_SUMMARY_TIMEOUT_S = 20.0
_POLL_S = 0.25


@dataclass(frozen=True, slots=True)
class Outcome:
    """One turn as the caller lived it, and what the record says of the answer. `missing` is what was not seen and
    heard, `unfit` what is wrong by the record, a sentence each.
    """

    call: int
    said: str
    reply: Reply
    missing: tuple[str, ...]
    answered: Answered = field(default_factory=Answered)
    unfit: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every expectation was met."""
        return not (self.missing or self.unfit)


async def run_demo(
    installation: Installation, *, mode: str, record_to: Path | None, on_outcome: Callable[[Outcome], None]
) -> list[Outcome]:
    """Hold every call of the conversation in order, in the installation's `mode`; with `record_to`, each as
    `<stem>-<n>.wav`.
    """
    conversation = load_conversation()
    outcomes: list[Outcome] = []
    async with Customer(installation, conversation.caller) as customer:
        for number, call in enumerate(conversation.calls, 1):
            recording = record_to.with_stem(f"{record_to.stem}-{number}") if record_to else None
            call_id, held = await _hold_call(installation, customer, number, call, recording, on_outcome)
            outcomes += _with_record(held, await _summarized(customer, call_id), mode)
    return outcomes


async def _hold_call(
    installation: Installation,
    customer: Customer,
    number: int,
    call: Call,
    recording: Path | None,
    on_outcome: Callable[[Outcome], None],
) -> tuple[str, list[Outcome]]:
    utterances = [await speak(installation.speech_url, question.say) for question in call.turns]
    token = await customer.join_token()
    outcomes: list[Outcome] = []

    def finished(said: str, reply: Reply, missing: list[str]) -> None:
        outcomes.append(Outcome(number, said, reply, tuple(missing)))
        on_outcome(outcomes[-1])

    async with Caller() as caller:
        await caller.join(token["server_url"], token["participant_token"])
        greeting = await caller.greeting()
        finished("", greeting, missing_words(call.greeting, greeting.text))
        for question, utterance in zip(call.turns, utterances, strict=True):
            reply = await caller.ask(utterance)
            finished(question.say, reply, shortcomings(question, reply.text, reply.sources))
        if recording:
            save_recording(caller, recording)
    return token["call_id"], outcomes


async def _summarized(customer: Customer, call_id: str) -> dict[str, Any]:
    """The record of a call, once its summary is there: the next greeting uses it."""
    async with asyncio.timeout(_SUMMARY_TIMEOUT_S):
        while True:
            call = await customer.call(call_id)
            if call["summary"]:
                return call
            await asyncio.sleep(_POLL_S)


def _with_record(outcomes: list[Outcome], call: dict[str, Any], mode: str) -> list[Outcome]:
    """Each outcome with what the record says of its answer."""
    return [_with_answer(outcome, call["turns"], mode) if outcome.said else outcome for outcome in outcomes]


def _with_answer(outcome: Outcome, turns: list[dict[str, Any]], mode: str) -> Outcome:
    answered = answer_to(outcome.reply.understood, turns)
    return replace(outcome, answered=answered, unfit=tuple(answered.shortcomings(mode)))
