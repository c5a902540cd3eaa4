"""What doctor says of the languages that callers may choose."""

import pytest
from tests.support.doctor import said, surroundings
from tests.support.settings import COMPLETE

from insta_voice.doctor.languages import check_languages

NOT_TAKEN = "warning: Calls in German are not taken: local speech is English only."
NOT_FOUND = "warning: Questions in German are searched with a model made for English"


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({}, ["ok: Calls are held in English."]),
        ({"LANGUAGES": "en,de"}, ["ok: Calls are held in English.", NOT_TAKEN]),
        ({"LANGUAGES": "en,de", "OPENAI_API_KEY": "sk-test"}, ["ok: Calls are held in English and German.", NOT_FOUND]),
        (
            {"LANGUAGES": "de", "OPENAI_API_KEY": "sk-test", "KNOWLEDGE_EMBEDDINGS": "openai"},
            ["ok: Calls are held in German."],
        ),
        ({"LANGUAGES": "de"}, []),
    ],
)
async def test_what_is_in_the_way_of_a_language_is_one_sentence(variables: dict[str, str], told: list[str]) -> None:
    found = await check_languages(surroundings({**COMPLETE, **variables}))
    assert len(found) == len(told)
    for sentence in told:
        assert sentence in said(found)
