"""Which words of articles are names, and who is told them."""

from collections.abc import AsyncIterator

import psycopg
import pytest
from livekit.plugins import openai
from tests.support.postgres import TestDatabase

from insta_voice.agent.vocabulary import tell_recognizer
from insta_voice.db import Database
from insta_voice.knowledge import LocalEmbedder, key_terms, remove_articles, store_knowledge_base_article
from insta_voice.knowledge.names import KEY_TERMS_CHARACTERS
from insta_voice.voice.local.text_vectors import TextVectors


@pytest.fixture(scope="module")
async def model() -> AsyncIterator[LocalEmbedder]:
    """The real embedding model."""
    made = LocalEmbedder(TextVectors())
    yield made
    await made.aclose()


async def names_in(db: Database, text: str, language: str = "en") -> set[str]:
    async with db.as_service() as connection:
        found = await connection.execute("select insta.names_in(%s, %s) as name", [text, language])
        return {row["name"] for row in await found.fetchall()}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sign in with SAML, or 2FA on iOS.", {"SAML", "2FA", "iOS"}),
        ("The WebSphere's DB2 (or `DataPower`).", {"WebSphere", "DB2", "DataPower"}),
        ("Connect it to Slack, Okta and Google Drive.", {"Slack", "Okta", "Google", "Drive"}),
        ("Open Settings. The settings are yours.", set()),
        ("Every sentence. Has its capital.", set()),
        ("And every line\nHas its own", set()),
        ("THIS is said aloud, IMPORTANT: this is.", set()),
        ("A SAML-based login, SSO/OAuth.", {"SAML", "SSO", "OAuth"}),
        ("See https://help.example.com/ABC/Okta and write to ME@Example.com.", set()),
    ],
)
async def test_names_are_told_from_other_words(db: Database, text: str, names: set[str]) -> None:
    assert await names_in(db, text) == names


async def test_a_capital_is_no_name_in_german(db: Database) -> None:
    assert await names_in(db, "Hier ist das Passwort für SAML.", "de") == {"SAML"}


async def test_a_text_without_spaces_is_no_work(db: Database) -> None:
    assert await names_in(db, "a/B@:" * 40_000) == set()


async def test_a_caller_is_told_the_names_of_what_they_may_hear(db: Database, model: LocalEmbedder) -> None:
    for title, text, audience in (
        ("Signing in", "Use SAML with Okta.", "everyone"),
        ("Codes", "SAML replaces TOTP.", "everyone"),
        ("Margins", "What the BROKERX pays.", "staff"),
    ):
        await store_knowledge_base_article(title, text, audience=[audience], db=db, embedder=model)
    assert await key_terms(db, "nobody") == ("SAML", "TOTP", "Okta")


async def test_a_calls_recogniser_is_told_them(db: Database, model: LocalEmbedder) -> None:
    await store_knowledge_base_article("Signing in", "Use SAML with Okta.", db=db, embedder=model)
    stt = openai.STT(api_key="sk-test", base_url="http://127.0.0.1:9/v1")
    await tell_recognizer(db, stt, "nobody")
    assert stt._opts.prompt == "Okta, SAML"
    await stt.aclose()


async def test_an_edit_brings_its_names_and_takes_those_that_went(db: Database, model: LocalEmbedder) -> None:
    for text in ("Use SAML.", "Use OAuth."):
        await store_knowledge_base_article("Signing in", text, external_id="signing-in", db=db, embedder=model)
    assert await key_terms(db, "nobody") == ("OAuth",)
    await remove_articles(db, ["signing-in"])
    assert await key_terms(db, "nobody") == ()


async def test_the_names_are_bounded(db: Database, model: LocalEmbedder) -> None:
    many = " ".join(f"NAME{number:04}" for number in range(300))
    await store_knowledge_base_article("Names", many, db=db, embedder=model)
    told = ", ".join(await key_terms(db, "nobody"))
    assert KEY_TERMS_CHARACTERS - 10 < len(told) <= KEY_TERMS_CHARACTERS


async def test_no_name_is_judged_when_a_call_starts(db: Database, database: TestDatabase, model: LocalEmbedder) -> None:
    await store_knowledge_base_article("Signing in", "Use SAML with Okta.", db=db, embedder=model)
    judged = "select calls from pg_stat_xact_user_functions where funcname = 'is_distinct_name'"
    async with await psycopg.AsyncConnection.connect(database.admin_url) as connection:
        await connection.execute("set track_functions = 'all'")
        await connection.execute("""select set_config('request.jwt.claims', '{"sub": "nobody"}', true)""")
        told = await (await connection.execute("select name from knowledge_names(10)")).fetchall()
        assert told == [("SAML",), ("Okta",)]
        assert await (await connection.execute("select name from knowledge_names(1)")).fetchall() == [("SAML",)]
        assert await (await connection.execute(judged)).fetchall() == []
