"""What doctor says of an OpenAI key, asked of a server that answers as OpenAI does."""

from collections.abc import Iterator

import pytest
from tests.support.doctor import outside, said, surroundings
from tests.support.vendors import OPENAI_KEY, OpenAI, serving

from insta_voice.doctor.openai import check_openai
from insta_voice.doctor.preflight import log_openai

MODELS = ("gpt-realtime", "gpt-4o-mini-tts", "gpt-5-mini", "gpt-4o-mini-transcribe", "text-embedding-3-small")


@pytest.fixture
def openai() -> Iterator[OpenAI]:
    fake = OpenAI(*MODELS)
    with serving(fake):
        yield fake


async def examined(openai: OpenAI, **variables: str) -> str:
    settings = {"OPENAI_API_KEY": OPENAI_KEY, **variables}
    return said(await check_openai(surroundings(settings, world=outside(openai=openai.url))))


async def test_a_key_that_is_right(openai: OpenAI) -> None:
    assert await examined(openai) == "ok: The key is taken, and may use gpt-realtime and gpt-4o-mini-tts. | "
    assert "gpt-5-mini and gpt-4o-mini-tts" in await examined(openai, VOICE_MODE="pipeline")
    stood_in_for = await examined(openai, VOICE_STAND_IN="pipeline")
    assert "gpt-5-mini" in stood_in_for
    vectors_only = await examined(openai, VOICE_MODE="local", KNOWLEDGE_EMBEDDINGS="openai")
    assert vectors_only == "ok: The key is taken, and may use text-embedding-3-small. | "


async def test_another_key(openai: OpenAI) -> None:
    found = await examined(openai, OPENAI_API_KEY="sk-hunter2")
    assert found.startswith("problem: OpenAI does not take OPENAI_API_KEY.")
    assert "hunter2" not in found


REPLIES = {
    "nothing to spend": (
        "/v1/embeddings",
        (429, {"error": {"code": "insufficient_quota"}}),
        "problem: The OpenAI account has nothing left to spend",
    ),
    "too fast": (
        "/v1/models",
        (429, {"error": {"code": "rate_limit_exceeded"}}),
        "warning: OpenAI answers this key with 429",
    ),
    "a country": (
        "/v1/models",
        (403, {"error": {"code": "unsupported_country_region_territory"}}),
        "problem: OpenAI does not serve the country",
    ),
    "a limited key": (
        "/v1/models",
        (403, {"error": {"message": "Missing scopes"}}),
        "warning: This key may not list models",
    ),
    "trouble": ("/v1/models", (503, {}), "warning: OpenAI has trouble (HTTP 503)"),
    "no model": (
        "/v1/models",
        (200, {"data": [{"id": "gpt-realtime"}]}),
        "problem: This key has no access to gpt-4o-mini-tts",
    ),
    "no API": ("/v1/models", (200, "hello"), "problem: What answers is no OpenAI API"),
    "no list": ("/v1/models", (404, {}), "problem: OpenAI has no list of models"),
    "a teapot": ("/v1/models", (418, {}), "problem: OpenAI refuses the key (HTTP 418)"),
}


@pytest.mark.parametrize(("path", "reply", "sentence"), REPLIES.values(), ids=REPLIES.keys())
async def test_each_answer_has_its_sentence(
    openai: OpenAI, path: str, reply: tuple[int, object], sentence: str
) -> None:
    openai.replies[path] = reply
    assert sentence in await examined(openai)


@pytest.mark.parametrize(("path", "reply", "sentence"), REPLIES.values(), ids=REPLIES.keys())
async def test_the_log_of_a_worker_has_the_same_sentence_and_no_key(
    openai: OpenAI, caplog: pytest.LogCaptureFixture, path: str, reply: tuple[int, object], sentence: str
) -> None:
    openai.replies[path] = reply
    level, _, words = sentence.partition(": ")
    with caplog.at_level("INFO"):
        await log_openai(surroundings({"OPENAI_API_KEY": OPENAI_KEY}, world=outside(openai=openai.url)))
    (record,) = [record for record in caplog.records if words in record.getMessage()]
    assert record.levelname == {"problem": "ERROR", "warning": "WARNING"}[level]
    assert "\n" not in record.getMessage()
    assert OPENAI_KEY not in caplog.text


@pytest.mark.parametrize("variables", [{"OPENAI_API_KEY": "sk-hunter2"}, {"VOICE_MODE": "realtime"}])
async def test_a_key_that_is_refused_or_missing_is_logged_without_it(
    openai: OpenAI, caplog: pytest.LogCaptureFixture, variables: dict[str, str]
) -> None:
    await log_openai(surroundings(variables, world=outside(openai=openai.url)))
    assert [(record.levelname, "OPENAI_API_KEY" in record.getMessage()) for record in caplog.records] == [
        ("ERROR", True)
    ]
    assert "hunter2" not in caplog.text


async def test_a_server_of_ones_own_is_asked_instead(openai: OpenAI) -> None:
    openai.replies["/v1/models"] = (200, {"data": [{"id": "llama3:latest"}]})
    own = {"VOICE_MODE": "pipeline", "OPENAI_BASE_URL": f"{openai.url}/v1", "OPENAI_LLM_MODEL": "llama3"}
    speech = {"OPENAI_TTS_MODEL": "llama3", "OPENAI_STT_MODEL": "llama3"}
    assert (await examined(openai, **own, **speech)).startswith("ok: The key is taken, and may use llama3")
    assert "/v1/embeddings" not in openai.asked


async def test_a_part_with_a_server_of_its_own_is_asked_there_and_shown_no_other_key(openai: OpenAI) -> None:
    other = OpenAI("llama3")
    with serving(other):
        mixed = {"VOICE_MODE": "pipeline", "OPENAI_LLM_BASE_URL": f"{other.url}/v1", "OPENAI_LLM_MODEL": "llama3"}
        refused = await examined(openai, **mixed)
        taken = await examined(openai, **mixed, OPENAI_LLM_API_KEY=OPENAI_KEY)
    assert "problem: The server of OPENAI_LLM_BASE_URL does not take OPENAI_LLM_API_KEY." in refused
    assert "ok: The server of OPENAI_LLM_BASE_URL has llama3." in taken
    assert "may use gpt-4o-mini-tts and gpt-4o-mini-transcribe" in taken


async def test_a_key_that_is_none_is_noticed_without_a_network(openai: OpenAI) -> None:
    wrong = {"OPENAI_API_KEY": "hunter2"}
    found = said(await check_openai(surroundings(wrong)))
    assert found.startswith("warning: OPENAI_API_KEY does not look like a key of OpenAI: they begin with sk-.")
    assert "hunter2" not in found
    assert "does not look like" not in said(await check_openai(surroundings({"OPENAI_API_KEY": "sk-proj-1"})))
    own_server = {**wrong, "OPENAI_BASE_URL": f"{openai.url}/v1"}
    assert "does not look like" not in said(await check_openai(surroundings(own_server)))


async def test_no_network(openai: OpenAI) -> None:
    found = said(await check_openai(surroundings({"OPENAI_API_KEY": "sk-1"})))
    assert "problem: OpenAI is not reached: nothing listens there" in found


async def test_realtime_without_a_key() -> None:
    found = said(await check_openai(surroundings({"VOICE_MODE": "realtime"})))
    assert "problem: VOICE_MODE=realtime needs OPENAI_API_KEY." in found


async def test_where_it_is_not_used_nothing_is_asked(openai: OpenAI) -> None:
    assert "OpenAI is not used" in await examined(openai, VOICE_MODE="local")
    assert openai.asked == []
