"""A call of a company with an account endpoint of its own: asked once ahead, and its absence spoils nothing else."""

import json

from tests.support.calls import CallCenter, Part
from tests.support.endpoint import answer, serving_endpoint

FACTS = json.dumps({"trial_ends_at": "2026-12-01", "open_rentals": 3, "margin": 0.7, "plan": "gold"})


async def test_the_companys_endpoint_answers_and_may_fail(call_center: CallCenter) -> None:
    async with serving_endpoint(answer(FACTS)) as company:
        environment = {
            **call_center.environment,
            "LIVEKIT_AGENT_NAME": "asks-the-company",
            "COMPANY_NAME": "Acme Bicycles",
            "SUPPORT_CONTACT": "help@acme.example",
            "WELCOME_MESSAGE": "Hi, $company_name here. What can I do?",
            "RETENTION_DAYS": "30",
            "ACCOUNT_URL": company.url,
            "ACCOUNT_SECRET": "s3cret",
            "ACCOUNT_FIELDS": "trial_ends_at,open_rentals",
            "ACCOUNT_CACHE_S": "0.001",  # each question asks again
        }
        worker = Part("worker", environment, call_center.directory)
        await worker.start()
        try:
            async with call_center.call("rita", agent_name="asks-the-company") as call:
                greeting = await call.caller.greeting()
                ahead = [json.loads(asked.body) for asked in company.asked]
                told = await call.caller.type("When does my trial end?")
                company.answer = answer("{}", "503 Service Unavailable")
                away = await call.caller.type("How many open rentals do I have?")
                article = await call.caller.type("How do I reset my password?")
        finally:
            await worker.stop()
    assert greeting.text.strip() == (
        "Hi, Acme Bicycles here. I am an AI assistant, and calls are kept as text for 30 days. What can I do?"
    )
    assert ahead == [{"user_id": "rita", "email": "rita@example.org"}]
    assert told.text.strip() == "Your trial ends on December 1st, 2026."
    assert "account information" in away.text
    assert {source["title"] for source in article.sources} == {"Reset your password"}
