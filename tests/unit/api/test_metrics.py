"""What operators count, without personal data."""

from prometheus_client.parser import text_string_to_metric_families
from tests.support.api import Api
from tests.support.records import make_call

from insta_voice.db import Database


async def samples(api: Api) -> dict[tuple[str, ...], float]:
    text = (await api.http.get("/metrics")).text
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_requests_are_counted_by_route_and_tokens_by_outcome(api: Api, db: Database) -> None:
    call_id = await make_call(db, "maya")
    await api.http.get(f"/api/me/calls/{call_id}", headers=api.bearer("maya"))
    await api.ask_token("leo")
    await api.ask_token("maya")  # in a call already
    await api.http.post("/api/token")
    await api.http.get("/somewhere/deep")
    await api.http.request("BREW", "/api/me")
    counted = await samples(api)
    requests = "insta_http_requests_total"
    assert counted[requests, "GET", "/api/me/calls/{call_id}", "200"] == 1
    assert counted[requests, "POST", "/api/token", "201"] == 1
    assert counted["insta_token_requests_total", "issued"] == 1
    assert counted["insta_token_requests_total", "rate_limited"] == 1
    assert counted["insta_token_requests_total", "unauthenticated"] == 1
    assert counted[requests, "other", "page", "405"] == 1
    assert counted["insta_http_request_duration_seconds_count", "/api/token"] == 3


async def test_nobody_can_be_read_from_them(api: Api, db: Database) -> None:
    """Promise 32."""
    call_id = str(await make_call(db, "maya"))
    await api.http.get(f"/api/me/calls/{call_id}", headers=api.bearer("maya"))
    await api.http.get("/maya@example.org/203.0.113.5", headers=api.bearer("maya"))
    text = (await api.http.get("/metrics")).text
    for personal in ("maya", call_id, "203.0.113.5", "example"):
        assert personal not in text
