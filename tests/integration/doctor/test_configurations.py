"""A whole production installation as doctor sees it: nothing to say when it is right, one sentence for each mistake.

The database, the call server, the mail server and the pages are real ones on loopback; Google, OpenAI and the speech
server are stood for by what answers as they do.
"""

import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from tests.support.doctor import outside
from tests.support.mail_server import serving_mail
from tests.support.postgres import TestDatabase, on_database, run_as_owner
from tests.support.settings import settings_from
from tests.support.vendors import OPENAI_KEY, WEB_KEY, Firebase, OpenAI, Vendor, google_error, serving

from insta_voice.auth.demo import DEMO_USERS
from insta_voice.calls import upsert_worker
from insta_voice.customers import give_role, import_profile
from insta_voice.db import Database
from insta_voice.doctor.examine import examine
from insta_voice.doctor.surroundings import Surroundings
from insta_voice.knowledge.embedding import LOCAL_MODEL
from insta_voice.settings import LiveKitSettings, Settings
from insta_voice.stack.postgres import EmbeddedPostgres

ARTICLE = "insert into knowledge_articles (external_id, title, content, content_hash) values ('a', 'A', 'a', 'h')"
HEARTBEAT = "insert into procrastinate.procrastinate_workers default values"


@dataclass
class Installation:
    """A right one. A mistake changes its variables, its database or its vendors."""

    variables: dict[str, str]
    db: Database
    admin_url: str
    firebase: Firebase
    openai: OpenAI
    speech: Vendor
    proxy: Vendor
    server: EmbeddedPostgres
    roles: list[str] = field(default_factory=list)

    async def run(self, statement: str) -> None:
        """One statement as the database's owner."""
        async with await psycopg.AsyncConnection.connect(self.admin_url, autocommit=True) as connection:
            await connection.execute(sql.SQL(statement))  # type: ignore[arg-type]

    async def examined(self) -> list[str]:
        """What is wrong, in doctor's words."""
        world = outside(firebase=self.firebase.url, openai=self.openai.url)
        around = Surroundings(settings_from(self.variables), Path("/"), self.variables, outside=world)
        findings = await examine(around, configured_address)
        return [f"{finding.level}: {finding.sentence}" for finding in findings if finding.level != "ok"]


@asynccontextmanager
async def configured_address(settings: Settings) -> AsyncIterator[str]:
    assert settings.database.url, "an embedded database is not part of this installation"
    yield settings.database.url.get_secret_value()


@pytest.fixture
async def installation(
    database: TestDatabase, postgres: EmbeddedPostgres, livekit_server: LiveKitSettings
) -> AsyncIterator[Installation]:
    assert livekit_server.api_secret is not None
    firebase, openai = Firebase("insta-voice-test"), OpenAI("gpt-realtime", "gpt-4o-mini-tts", "text-embedding-3-small")
    speech, proxy = Vendor({"/readyz": (200, {})}), Vendor({"/healthz": (200, {"status": "alive"})})
    async with AsyncExitStack() as stack:
        stack.enter_context(serving(firebase, openai, speech, proxy))
        mail = await stack.enter_async_context(serving_mail())
        variables = {
            "INSTA_ENV": "production",
            "INSTA_PUBLIC_URL": proxy.url.replace("127.0.0.1", "localhost"),
            "COMPANY_NAME": "Acme",
            "SUPPORT_CONTACT": "help@acme.example",
            "DATABASE_URL": database.url,
            "LIVEKIT_URL": livekit_server.url or "",
            "LIVEKIT_API_KEY": livekit_server.api_key or "",
            "LIVEKIT_API_SECRET": livekit_server.api_secret.get_secret_value(),
            "FIREBASE_PROJECT_ID": "insta-voice-test",
            "FIREBASE_WEB_API_KEY": WEB_KEY,
            "OPENAI_API_KEY": OPENAI_KEY,
            "VOICE_SPEECH_URL": speech.url,
            "TICKET_SMTP_URL": f"smtp://desk:pass%20word@127.0.0.1:{mail.port}",
            "TICKET_EMAIL_FROM": "voice@acme.example",
            "TICKET_EMAIL_TO": "desk@acme.example",
        }
        db = await stack.enter_async_context(Database(database.url, max_size=1))
        made = Installation(variables, db, database.admin_url, firebase, openai, speech, proxy, postgres)
        await made.run(ARTICLE)
        await made.run(HEARTBEAT)
        await give_role(db, email="boss@acme.example", role="admin")
        await upsert_worker(db, "worker-1", calls=1, capacity=4)
        yield made
    for role in made.roles:
        await run_as_owner(postgres, sql.SQL("drop role if exists {}").format(sql.Identifier(role)))


async def test_of_a_right_one_there_is_nothing_to_say(installation: Installation) -> None:
    assert await installation.examined() == []


def variable(name: str, value: str | None) -> Callable[[Installation], None]:
    def change(installation: Installation) -> None:
        if value is None:
            del installation.variables[name]
        else:
            installation.variables[name] = value

    return change


def with_database_url(change: Callable[[str], str]) -> Callable[[Installation], None]:
    def apply(installation: Installation) -> None:
        installation.variables["DATABASE_URL"] = change(installation.variables["DATABASE_URL"])

    return apply


def only_supabase(installation: Installation) -> None:
    del installation.variables["DATABASE_URL"]
    installation.variables["SUPABASE_URL"] = "https://abc.supabase.co"


MISTAKES: dict[str, tuple[Callable[[Installation], None], str]] = {
    "the database's password": (
        with_database_url(lambda url: url.replace("insta_login:", "insta_login:not-")),
        "problem: The database refuses the login or password of DATABASE_URL.",
    ),
    "the database's name": (
        with_database_url(lambda url: on_database(url, "nothing")),
        "problem: There is no such database on the server of DATABASE_URL.",
    ),
    "the database's port": (
        with_database_url(lambda _: "postgresql://insta:x@127.0.0.1:9/voice"),
        "problem: Nothing listens at the host and port of DATABASE_URL.",
    ),
    "Supabase's URL for the database's": (
        only_supabase,
        "problem: SUPABASE_URL is set, but not DATABASE_URL: the parts speak to the database itself, not to its API.",
    ),
    "LiveKit's secret": (
        variable("LIVEKIT_API_SECRET", "another-secret-of-forty-eight-characters-01234567"),
        "problem: LiveKit does not take LIVEKIT_API_KEY and LIVEKIT_API_SECRET.",
    ),
    "LiveKit's port": (
        variable("LIVEKIT_URL", "ws://127.0.0.1:9"),
        "problem: LiveKit is not reached at LIVEKIT_URL: nothing listens there.",
    ),
    "the page's key": (
        variable("FIREBASE_WEB_API_KEY", "AIza" + "0" * 35),
        "problem: Firebase does not know FIREBASE_WEB_API_KEY.",
    ),
    "a domain that is not authorised": (
        lambda installation: installation.variables.update(INSTA_PUBLIC_URL=installation.proxy.url),
        "problem: 127.0.0.1 is not among the project's authorised domains, so Google's sign-in fails there.",
    ),
    "an OpenAI key that was deleted": (
        variable("OPENAI_API_KEY", "sk-deleted"),
        "problem: OpenAI does not take OPENAI_API_KEY.",
    ),
    "an OpenAI account without credit": (
        lambda installation: installation.openai.replies.update(
            {"/v1/embeddings": (429, {"error": {"code": "insufficient_quota"}})}
        ),
        "problem: The OpenAI account has nothing left to spend: no call would be answered.",
    ),
    "the mail server's password": (
        lambda installation: installation.variables.update(
            TICKET_SMTP_URL=installation.variables["TICKET_SMTP_URL"].replace("pass%20word", "other")
        ),
        "problem: The mail server does not take the user and password of TICKET_SMTP_URL.",
    ),
    "strangers": (
        variable("SIGNUP", "open"),
        "problem: SIGNUP=open lets anybody with a Google account call at your cost.",
    ),
    "a proxy with nothing behind it": (
        lambda installation: installation.proxy.replies.update({"/healthz": (502, {})}),
        "problem: The proxy at INSTA_PUBLIC_URL answers, but finds no API behind it (HTTP 502).",
    ),
    "a speech server that is gone": (
        variable("VOICE_SPEECH_URL", "http://127.0.0.1:9"),
        "problem: The speech server is not reached: nothing listens there.",
    ),
    "a clock that is wrong": (
        lambda installation: setattr(installation.firebase, "ahead_s", 3600.0),
        "problem: This machine's clock is 3",
    ),
    "no way to sign in": (
        lambda installation: installation.firebase.replies.update(
            {
                "/v1/accounts:signInWithPassword": google_error(400, "PASSWORD_LOGIN_DISABLED"),
                "/v1/accounts:createAuthUri": google_error(400, "OPERATION_NOT_ALLOWED"),
            }
        ),
        "problem: Neither Google nor e-mail with password is switched on: nobody could sign in.",
    ),
    "nowhere for tickets": (
        variable("TICKET_SMTP_URL", None),
        "warning: Tickets have nowhere to go, so callers are told to write to SUPPORT_CONTACT.",
    ),
}


@pytest.mark.parametrize(("mistake", "sentence"), MISTAKES.values(), ids=MISTAKES.keys())
async def test_a_mistake_has_one_sentence(
    installation: Installation, mistake: Callable[[Installation], None], sentence: str
) -> None:
    mistake(installation)
    found = await installation.examined()
    assert len(found) == 1, found
    assert found[0].startswith(sentence)


async def test_an_emulator_in_production(installation: Installation) -> None:
    installation.variables["FIREBASE_AUTH_EMULATOR_HOST"] = "127.0.0.1:9"
    assert await installation.examined() == [
        "problem: FIREBASE_AUTH_EMULATOR_HOST is set in production: its tokens are unsigned.",
        "problem: The sign-in emulator does not answer.",
    ]


STATES = {
    "no articles": (
        "delete from knowledge_articles",
        "warning: There are no help articles, so every question is passed on to a person.",
    ),
    "articles with other vectors": (
        "insert into knowledge_chunks (article_id, ordinal, text) select id, 0, 'a' from knowledge_articles",
        f"warning: 1 passages have no vector of {LOCAL_MODEL}: they are found by their words only.",
    ),
    "an index that is filled": (
        "update knowledge_indexes set state = 'filling'",
        f"warning: The index of {LOCAL_MODEL} has 0 of 0 passages; they are searched by their words meanwhile.",
    ),
    "an index that waits": (
        "update knowledge_indexes set state = 'filling', trouble = 'HTTP 429', waits_until = now() + interval '1 hour'",
        f"warning: The index of {LOCAL_MODEL} has 0 of 0 passages and waits: HTTP 429; ",
    ),
    "another model than the settings'": (
        "delete from knowledge_indexes",
        f"warning: The articles have no vectors of {LOCAL_MODEL} yet; they are searched by their words meanwhile.",
    ),
    "an agent that died": (
        "update agent_workers set seen_at = now() - interval '7 minutes'",
        "problem: No agent worker answers: the last was heard of 7 minutes ago.",
    ),
    "no agent yet": ("delete from agent_workers", "warning: No agent worker has registered yet, so calls would ring."),
    "no job worker": (
        "delete from procrastinate.procrastinate_workers",
        "warning: No job worker is at work: summaries and tickets wait.",
    ),
    "nobody known": (
        "delete from known_people",
        "warning: Nobody may call yet, not even you: SIGNUP is known, and nobody is.",
    ),
    "no admin": ("update known_people set role = 'customer'", "warning: Nobody is admin yet."),
    "a migration less": (
        "delete from supabase_migrations.schema_migrations where version = '20261122000600'",
        "problem: The database lacks 1 of our",
    ),
    "a newer schema": (
        "insert into supabase_migrations.schema_migrations (version, name) values ('29990101000000', 'later')",
        "warning: The database holds 1 migrations that this version does not know",
    ),
}


@pytest.mark.parametrize(("statement", "sentence"), STATES.values(), ids=STATES.keys())
async def test_what_the_database_holds_has_one_sentence(
    installation: Installation, statement: str, sentence: str
) -> None:
    await installation.run(statement)
    found = await installation.examined()
    assert len(found) == 1, found
    assert found[0].startswith(sentence)


async def test_the_demos_people_in_production(installation: Installation) -> None:
    ada = next(user for user in DEMO_USERS if user.role == "admin")
    await import_profile(
        installation.db, user_id=ada.user_id, email=ada.email, name=ada.name, plan=ada.plan, role=ada.role, account=None
    )
    assert await installation.examined() == [
        "problem: 1 people of the demo company are in this database, an admin among them."
    ]


async def test_a_database_that_was_not_prepared(installation: Installation) -> None:
    name = f"test_{uuid.uuid4().hex}"
    await run_as_owner(installation.server, sql.SQL("create database {}").format(sql.Identifier(name)))
    try:
        installation.variables["DATABASE_URL"] = on_database(installation.variables["DATABASE_URL"], name)
        assert await installation.examined() == ["problem: The database has not been prepared yet."]
    finally:
        await run_as_owner(installation.server, sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


async def test_a_login_that_may_not_become_our_roles(installation: Installation) -> None:
    installation.roles.append("stranger")
    await run_as_owner(installation.server, sql.SQL("create role stranger login password 'only-for-this-cluster'"))
    address = installation.variables["DATABASE_URL"].split("@", 1)[1]
    installation.variables["DATABASE_URL"] = f"postgresql://stranger:only-for-this-cluster@{address}"
    found = await installation.examined()
    assert found == ["problem: DATABASE_URL's login may not become insta_app, as which our parts work."]


async def test_nothing_secret_is_said(installation: Installation) -> None:
    secrets = [installation.variables[name] for name in ("OPENAI_API_KEY", "LIVEKIT_API_SECRET", "DATABASE_URL")]
    installation.variables["OPENAI_API_KEY"] = "sk-deleted-hunter2"
    said = " ".join(await installation.examined())
    assert not [secret for secret in [*secrets, "hunter2", "boss@acme.example"] if secret in said]
