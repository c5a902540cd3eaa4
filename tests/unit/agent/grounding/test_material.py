"""What an answer may rest on, of all that has happened in the call."""

from dataclasses import replace
from datetime import UTC, datetime

from livekit.agents import llm
from tests.support.minds import call_state, found, passage

from insta_voice.agent.grounding import material_of
from insta_voice.customers import Profile
from insta_voice.knowledge import Choice, Context, Evidence


def said(role: llm.ChatRole, text: str) -> llm.ChatMessage:
    return llm.ChatMessage(role=role, content=[text])


def told(output: str, *, name: str = "get_user_account_info", is_error: bool = False) -> llm.FunctionCallOutput:
    return llm.FunctionCallOutput(name=name, call_id="c", output=output, is_error=is_error)


def test_what_was_said_and_told_before_is_material_and_the_callers_words_are_not() -> None:
    items = [said("user", "I pay three euros."), said("assistant", "Hello."), told("free"), told("away", is_error=True)]
    texts = material_of(call_state(), items).texts
    assert texts[:2] == ("Hello.", "free")
    assert "away" not in texts
    assert not any("three" in text for text in texts)


def test_what_was_done_counts_for_its_turn() -> None:
    ticket = told("opened", name="open_ticket")
    asked = said("user", "Leave a ticket.")
    assert material_of(call_state(), [asked, ticket]).acted
    assert not material_of(call_state(), [asked, ticket, said("user", "And cancel it.")]).acted
    assert not material_of(call_state(), [asked, told("free")]).acted
    assert not material_of(call_state(), [asked, told("no", name="open_ticket", is_error=True)]).acted


async def test_of_what_was_found_only_what_answers_is_material() -> None:
    async def gather(heard: str, context: Context) -> tuple[Evidence, ...]:
        return (
            *found(heard, passage("Open the sign-in page.")),
            *found(heard, passage("Send it back."), answerable=False),
        )

    state = call_state(gather=gather)
    await state.evidence.for_turn("t", "How do I sign in?")
    texts = material_of(state, []).texts
    assert "Reset your password. Steps. Open the sign-in page." in texts
    assert not any("Send it back" in text for text in texts)


async def test_of_two_that_the_caller_is_asked_about_both_are_material() -> None:
    async def gather(heard: str, context: Context) -> tuple[Evidence, ...]:
        (one,) = found(heard, passage("Open the sign-in page."), answerable=False)
        return (replace(one, choice=Choice(heard, (passage("Open the sign-in page."), passage("Send it back.")))),)

    state = call_state(gather=gather)
    await state.evidence.for_turn("t", "How do I sign in?")
    texts = material_of(state, []).texts
    assert [any(told in text for text in texts) for told in ("Open the sign-in page.", "Send it back.")] == [True, True]


def test_who_calls_and_whom_is_known() -> None:
    company = call_state().settings.company
    maya = Profile("maya", None, "Maya Lindholm", "team", "customer", {}, False, datetime.now(UTC), True)
    texts = material_of(call_state(profile=maya), []).texts
    assert {company.company_name, company.support_contact, "Maya Lindholm"} <= set(texts)
