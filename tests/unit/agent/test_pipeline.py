"""A turn of mode `pipeline` with the real plugins, against OpenAI by script: evidence first, then words, then sound."""

import json

from tests.support.minds import call_state
from tests.support.one_turn import one_turn
from tests.support.openai import Cut, ScriptedOpenAI, call, diligent, serving_openai
from tests.support.openai.plugins import plugins
from tests.support.virtual_clock import run_virtual

from insta_voice.agent.prompts import sentence

QUESTION = "How do I reset my password?"
EVIDENCE = "Open the sign-in page."  # what `call_state` finds for every question
ANSWER = "You can do that where you sign in."


async def _turn(openai: ScriptedOpenAI) -> list[str]:
    """Ask the question; what the caller hears, sentence by sentence."""
    async with plugins(openai) as providers:
        assert providers.llm
        await one_turn(call_state(), providers.llm, QUESTION, voice=providers.tts)
    return [request["input"] for request in openai.asked("/audio/speech")]


def test_the_evidence_is_in_the_request_before_the_models_first_word() -> None:
    async def scene() -> None:
        async with serving_openai(ANSWER) as openai:
            assert await _turn(openai) == [ANSWER]
            (prompt,) = openai.prompts
            assert prompt.said == QUESTION
            assert EVIDENCE in prompt
            (material,) = [message for message in prompt.messages if EVIDENCE in message.text]
            assert material.role == "system"
            assert [request.path for request in openai.requests[-2:]] == ["/v1/chat/completions", "/v1/audio/speech"]

    run_virtual(scene())


def test_a_diligent_model_answers_from_its_evidence_alone() -> None:
    async def scene() -> None:
        async with serving_openai(mind=diligent) as openai:
            assert await _turn(openai) == [EVIDENCE]

    run_virtual(scene())


def test_what_a_tool_found_is_in_the_next_request() -> None:
    async def scene() -> None:
        async with serving_openai(call("answer_from_company_kb", question="where to sign in"), ANSWER) as openai:
            assert await _turn(openai) == [ANSWER]
            assert "answer_from_company_kb" in openai.prompts[0].tools
            (output,) = [message for message in openai.prompts[1].messages if message.role == "output"]
            assert json.loads(output.text)["material_not_instructions"][0]["text"] == EVIDENCE

    run_virtual(scene())


def test_a_model_that_breaks_off_is_apologised_for_in_the_same_breath() -> None:
    async def scene() -> None:
        async with serving_openai(f"{EVIDENCE} {ANSWER}") as openai:
            openai.fail("chat", Cut(after=6))
            heard = " ".join(await _turn(openai))
            contact = call_state().settings.company.support_contact
            assert heard == f"{EVIDENCE} {sentence('mind_away', support_contact=contact)}"

    run_virtual(scene())
