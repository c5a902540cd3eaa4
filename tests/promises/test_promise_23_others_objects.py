"""Promise 23: another user's object is a 404 on every route, generated from the OpenAPI document."""

import re
from typing import Any

import pytest
from tests.support.api import Api
from tests.support.records import make_call

from insta_voice.db import Database

UNKNOWN = "7f6d6c1e-55f1-4f6c-9a4f-0d8c4f5f8a00"
STRANGE = ["x", "1", "%00", "..%2f..%2fetc%2fpasswd", "a" * 3000, "{call_id}", "' or 1=1 --"]


def object_routes(api: Api) -> list[tuple[str, str, Any]]:
    """Every operation with an id in its path, and a body it takes: a wrong body is refused before any object is
    looked for.
    """
    document = api.app.openapi()
    found = [
        (method.upper(), path, fitting_body(document, operation))
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if "{" in path
    ]
    assert {("GET", "/api/me/calls/{call_id}"), ("DELETE", "/api/me/calls/{call_id}")} <= {one[:2] for one in found}
    assert any(body is not None for _, _, body in found)
    return found


def fitting_body(document: dict[str, Any], operation: dict[str, Any]) -> Any:
    """The example of the operation's body; None where it takes none."""
    if "requestBody" not in operation:
        return None
    schema = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    return document["components"]["schemas"][schema]["examples"][0]


def at(path: str, wanted: str) -> str:
    return re.sub(r"\{\w+\}", lambda _: wanted, path)


async def test_anothers_and_unknown_objects_look_the_same(api: Api, db: Database) -> None:
    call_id = str(await make_call(db, "maya"))
    own = await api.http.get(f"/api/me/calls/{call_id}", headers=api.bearer("maya"))
    assert own.json()["call_id"] == call_id
    for method, path, body in object_routes(api):
        answers = [
            await api.http.request(method, at(path, wanted), json=body, headers=api.bearer("leo"))
            for wanted in (call_id, UNKNOWN)
        ]
        assert [answer.status_code for answer in answers] == [404, 404], path
        assert answers[0].json() == answers[1].json()
    untouched = await api.http.get(f"/api/me/calls/{call_id}", headers=api.bearer("maya"))
    assert untouched.json() == own.json()


@pytest.mark.parametrize("wanted", STRANGE)
async def test_an_id_that_is_none_is_unknown(api: Api, wanted: str) -> None:
    for method, path, body in object_routes(api):
        answer = await api.http.request(method, at(path, wanted), json=body, headers=api.bearer("leo"))
        if method != "GET" and "%2f" in wanted:  # with a slash in it, it is another address, which only GET may ask for
            assert answer.status_code == 405, path
            continue
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json"), path


async def test_nothing_of_a_person_is_given_without_sign_in(api: Api) -> None:
    public = {"/api/config", "/api/logo", "/healthz", "/readyz", "/metrics"}
    for path, operations in api.app.openapi()["paths"].items():
        for method in operations:
            answer = await api.http.request(method, path.replace("{", "").replace("}", ""))
            assert (answer.status_code == 401) == (path not in public), path


async def test_lists_hold_only_ones_own(api: Api, db: Database) -> None:
    call_id = str(await make_call(db, "maya"))
    mine = (await api.http.get("/api/me/calls", headers=api.bearer("maya"))).json()
    assert [call["call_id"] for call in mine["calls"]] == [call_id]
    assert (await api.http.get("/api/me/calls", headers=api.bearer("leo"))).json() == {"calls": []}
