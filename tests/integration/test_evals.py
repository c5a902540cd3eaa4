"""The demo company's twenty-one conversations, held with the whole agent in writing: in `local`, and in `realtime` and
`pipeline` with a model on a scripted OpenAI, behind OpenAI's own plugins."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.support.openai import BROKEN, ScriptedOpenAI, call, serving_openai, to
from tests.support.openai.diligent import diligent
from tests.support.openai.script import Line, Mind
from tests.support.postgres import Databases
from tests.support.settings import complete_settings, settings_from

from insta_voice.db import Database
from insta_voice.errors import InvalidInputError
from insta_voice.evals.articles import load_articles
from insta_voice.evals.call import Product
from insta_voice.evals.grade import shortcomings
from insta_voice.evals.reading import read_scenarios
from insta_voice.evals.run import hold
from insta_voice.evals.scenario import Scenario
from insta_voice.knowledge import LocalEmbedder

ROOT = Path(__file__).parents[2]
SCENARIOS = {scenario.name: scenario for scenario in read_scenarios([ROOT / "evals"])}
BYE = to("goodbye", "Goodbye, and thank you for calling.")
UNKNOWN = "I do not know that. Shall I leave a ticket for a colleague?"
# What a model says where reading the evidence out is not enough.
MODEL: dict[str, Sequence[Line]] = {
    "password-reset": [
        to("reset my password", "Choose Forgot password, and open the link we send you."),
        to("get the email", "Look into your spam folder."),
        to("how long", "The link works for 60 minutes."),
        BYE,
    ],
    "cancel-and-refund": [
        to("cancel my subscription", "An administrator cancels it under Settings, Billing."),
        to("my files", "Your files and projects are kept."),
        to("refunded", "Yearly plans can be refunded in full within 30 days."),
        BYE,
    ],
    "lost-phone": [
        to("lost my phone", "Sign in with one of your backup codes."),
        to("without backup codes", "An administrator of your workspace turns it off for one sign-in."),
        to("identity check", "The check takes up to two working days."),
        BYE,
    ],
    "are-you-a-robot": [
        to("robot", "I am an AI assistant."),
        to("languages", "It is available in English, German, French, Spanish and Japanese."),
        BYE,
    ],
    "last-invoice": [
        to("invoice", call("get_user_account_info")),
        to("invoice", "Your last invoice was 2,160 dollars."),
        to("download", "They are under Settings, Billing, Invoices."),
        BYE,
    ],
    "plan-allows-it": [
        to("csv", "Open Settings, Security, Audit log, and download it as CSV."),
        to("entries", "Entries are kept for two years."),
        BYE,
    ],
    "somebody-elses-account": [
        to("leo", UNKNOWN),
        to("no, thank", "All right."),
        to("workspace", call("get_user_account_info")),
        to("workspace", "It is called Nina's workspace."),
        to("phone number", call("get_user_account_info")),
        to("phone number", UNKNOWN),
        BYE,
    ],
    "unknown-to-ticket": [
        to("logo", UNKNOWN),
        to("yes", call("open_ticket", subject="The caller wants reports with their logo")),
        to("yes", "I have left a ticket, and a colleague will write to you."),
        BYE,
    ],
    "seats-and-renewal": [
        to("seats", call("get_user_account_info")),
        to("seats", "You are on the Team plan, and 3 of your seats are free."),
        to("renew", "It renews on March 14, 2027."),
        to("workspace", call("get_user_account_info")),
        to("workspace", "It is called Harbour Works."),
        BYE,
    ],
}


@pytest.fixture(scope="module")
async def product(databases: Databases, embedder: LocalEmbedder) -> AsyncIterator[Product]:
    """Mode local, with every article of the demo company."""
    taken = await databases.take()
    async with Database(taken.url) as db:
        await load_articles(db, embedder, [ROOT / "knowledge" / "articles"], list(SCENARIOS.values()))
        yield Product(settings_from({"VOICE_MODE": "local"}), db, embedder)
    await databases.give_back(taken)


@asynccontextmanager
async def on_openai(
    product: Product, mode: str, *lines: Line, mind: Mind | None = None, **settings: str
) -> AsyncIterator[tuple[Product, ScriptedOpenAI]]:
    """The same in `mode`, with a model that says `lines`."""
    async with serving_openai(*lines, mind=mind) as openai:
        theirs = complete_settings(**openai.settings, VOICE_MODE=mode, **settings)
        yield Product(theirs, product.db, product.embedder), openai


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=list(SCENARIOS))
async def test_it_comes_out_as_it_should_in_local(product: Product, scenario: Scenario) -> None:
    assert shortcomings(await hold(product, scenario)) == []


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name not in MODEL])
@pytest.mark.parametrize("mode", ["realtime", "pipeline"])
async def test_it_comes_out_as_it_should_with_a_diligent_model(product: Product, mode: str, name: str) -> None:
    async with on_openai(product, mode, mind=diligent) as (held_with, _):
        assert shortcomings(await hold(held_with, SCENARIOS[name])) == []


@pytest.mark.parametrize("name", MODEL)
@pytest.mark.parametrize("mode", ["realtime", "pipeline"])
async def test_it_comes_out_as_it_should_with_a_scripted_model(product: Product, mode: str, name: str) -> None:
    async with on_openai(product, mode, *MODEL[name]) as (held_with, openai):
        assert shortcomings(await hold(held_with, SCENARIOS[name])) == []
        assert openai.script.left == 0


async def test_a_model_that_makes_things_up_passes_only_while_it_is_held_against_its_evidence(product: Product) -> None:
    scenario = SCENARIOS["unknown-question"]
    lines = [to("training", "Yes, we offer training every Monday."), to("no, thank", "All right."), BYE]
    async with on_openai(product, "pipeline", *lines) as (held_with, _):
        assert shortcomings(await hold(held_with, scenario)) == []
    async with on_openai(product, "pipeline", lines[0], BYE, KNOWLEDGE_CHECK_ANSWERS="false") as (held_with, _):
        missing = shortcomings(await hold(held_with, scenario))
    assert any("/we offer (?:training|courses)/ was said" in sentence for sentence in missing)
    assert any("it did not say that it does not know" in sentence for sentence in missing)


@pytest.mark.parametrize("mode", ["realtime", "pipeline"])
async def test_a_model_that_fails_is_not_hidden_by_who_stands_in_for_it(product: Product, mode: str) -> None:
    async with on_openai(product, mode) as (held_with, openai):
        openai.fail_always("chat", BROKEN)
        openai.fail_always("response", BROKEN)
        missing = shortcomings(await hold(held_with, SCENARIOS["two-part-question"]))
    assert missing != []
    assert not any("user_profiles" in sentence for sentence in missing)


async def test_an_article_that_is_not_there_is_said_before_anything_is_held(product: Product, tmp_path: Path) -> None:
    scenario = (ROOT / "evals" / "password-reset.yaml").read_text("utf-8")
    (tmp_path / "wrong.yaml").write_text(scenario.replace("Reset your password", "No such article"), "utf-8")
    with pytest.raises(InvalidInputError, match=r"^wrong: there is no article “No such article”\.$"):
        await load_articles(product.db, product.embedder, [], read_scenarios([tmp_path]))
