"""Which languages an installation speaks, by its settings, and what it says of those it cannot."""

import pytest
from pydantic import ValidationError
from tests.support.settings import complete_settings

from insta_voice.company import greeting_reasons, listed, not_held
from insta_voice.languages import ENGLISH, GERMAN, LANGUAGES, SPANISH
from insta_voice.settings import CompanySettings
from insta_voice.wrong_settings import wrong_values

ALL = "de,en,es"
KEY = "sk-test"
SPEECH = "http://127.0.0.1:9"


def held(**variables: str) -> str:
    return ",".join(language.code for language in complete_settings(**variables).languages)


def test_english_is_spoken_where_nobody_says_otherwise() -> None:
    assert held() == "en"
    assert complete_settings().company.language == ENGLISH


@pytest.mark.parametrize(
    ("variables", "spoken"),
    [
        ({}, "en"),
        ({"OPENAI_API_KEY": KEY}, ALL),
        ({"OPENAI_API_KEY": KEY, "VOICE_MODE": "pipeline"}, ALL),
        ({"OPENAI_API_KEY": KEY, "VOICE_SPEECH_URL": SPEECH}, ALL),
        ({"OPENAI_API_KEY": KEY, "VOICE_MODE": "local"}, "en"),
        ({"OPENAI_API_KEY": KEY, "VOICE_TTS": "local"}, "en"),
        ({"OPENAI_API_KEY": KEY, "VOICE_STT": "local"}, ALL),
        ({"OPENAI_API_KEY": KEY, "VOICE_STT": "local", "VOICE_MODE": "pipeline"}, "en"),
    ],
)
def test_local_speech_hears_and_speaks_english_only(variables: dict[str, str], spoken: str) -> None:
    settings = complete_settings(LANGUAGES=ALL, **variables)
    assert ",".join(language.code for language in settings.languages) == spoken
    assert not_held(settings) == (() if spoken == ALL else (GERMAN, SPANISH))
    assert list(greeting_reasons(settings)) == []


def test_a_language_that_is_named_twice_is_offered_once() -> None:
    assert held(LANGUAGES="es, en,es", OPENAI_API_KEY=KEY) == "es,en"


def test_openai_hears_what_the_speech_server_cannot() -> None:
    variables = {"OPENAI_API_KEY": KEY, "VOICE_SPEECH_URL": SPEECH}
    assert "stt" not in complete_settings(**variables).openai_parts("realtime")
    assert "stt" in complete_settings(**variables, LANGUAGES="en,de").openai_parts("realtime")


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"LANGUAGES": "de,es"}, "LANGUAGES has no language that calls could be held in: local speech is English"),
        ({"WELCOME_MESSAGE_DE": "Willkommen."}, "WELCOME_MESSAGE_DE is set, and LANGUAGES has no de"),
        ({"WELCOME_MESSAGE_EN": "Hello $nmae."}, "WELCOME_MESSAGE_EN names $nmae, which nobody fills in."),
    ],
)
def test_what_nobody_could_hear_does_not_start(variables: dict[str, str], sentence: str) -> None:
    (reason,) = greeting_reasons(complete_settings(**variables))
    assert reason.startswith(sentence)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("en,fr", "LANGUAGES cannot be 'fr'. It has to be en, de or es."),
        (",", "LANGUAGES cannot be (). It has to be one value or more."),
    ],
)
def test_a_language_nobody_wrote_sentences_for_is_refused(
    value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGES", value)
    with pytest.raises(ValidationError) as refused:
        CompanySettings()
    assert wrong_values(CompanySettings, refused.value) == [("LANGUAGES", sentence)]


def test_the_companys_greeting_is_in_its_own_language() -> None:
    company = complete_settings(
        LANGUAGES="de,en,es", WELCOME_MESSAGE="Willkommen.", WELCOME_MESSAGE_ES="Le damos la bienvenida."
    ).company
    said = {language.code: company.own_welcome_message(language) for language in LANGUAGES.values()}
    assert said == {"de": "Willkommen.", "en": None, "es": "Le damos la bienvenida."}


def test_languages_are_listed_as_one_says_them() -> None:
    assert listed((GERMAN,)) == "German"
    assert listed((ENGLISH, GERMAN, SPANISH)) == "English, German and Spanish"
