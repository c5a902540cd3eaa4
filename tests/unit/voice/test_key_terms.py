"""The company's names reach the recogniser with the next segment, in the form that its model takes."""

import pytest
from tests.support.openai import serving_openai, tone
from tests.support.openai.plugins import plugins, recognise
from tests.support.virtual_clock import run_virtual

from insta_voice.voice.key_terms import takes_key_terms, tell_key_terms
from insta_voice.voice.local.stt import LocalSTT


def told(model: str, *terms: str) -> list[dict[str, str]]:
    """What OpenAI is asked for a segment before the terms are known, and for one afterwards."""

    async def scene() -> list[dict[str, str]]:
        async with serving_openai() as server, plugins(server, OPENAI_STT_MODEL=model) as providers:
            server.hears("Hello.", "Hello.")
            await recognise(providers, tone("Hello."))
            assert takes_key_terms(providers.stt)
            tell_key_terms(providers.stt, terms)
            await recognise(providers, tone("Hello."))
            return server.asked("/audio/transcriptions")

    return run_virtual(scene())


@pytest.mark.parametrize("model", ["gpt-4o-mini-transcribe", "whisper-1"])
def test_names_are_the_prompt_of_a_model_that_takes_one(model: str) -> None:
    before, after = told(model, "Tidewater", "SAML")
    assert "prompt" not in before
    assert after["prompt"] == "SAML, Tidewater"


def test_names_are_keywords_where_the_model_knows_them() -> None:
    before, after = told("gpt-transcribe", "Tidewater")
    assert not [field for field in before if field.startswith("keywords")]
    assert [after[field] for field in after if field.startswith("keywords")] == ["Tidewater"]
    assert "prompt" not in after


def test_without_names_nothing_is_told() -> None:
    _, after = told("gpt-4o-mini-transcribe")
    assert "prompt" not in after


async def test_who_takes_none_is_not_told() -> None:
    assert not takes_key_terms(LocalSTT("http://127.0.0.1:9"))
