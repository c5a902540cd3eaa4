"""The OpenAPI document is what clients are built from: complete, named, and true about errors."""

from typing import Any

import pytest
from tests.support.settings import complete_settings

from insta_voice.api.app import create_app


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(complete_settings()).openapi()


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(path, operation) for path, methods in document["paths"].items() for operation in methods.values()]


def test_the_routes_are_the_agreed_ones(document: dict[str, Any]) -> None:
    assert sorted(document["paths"]) == [
        "/api/articles/{article_id}",
        "/api/config",
        "/api/livekit/webhook",
        "/api/logo",
        "/api/me",
        "/api/me/calls",
        "/api/me/calls/{call_id}",
        "/api/me/calls/{call_id}/rating",
        "/api/me/data",
        "/api/token",
        "/healthz",
        "/metrics",
        "/readyz",
    ]


def test_every_operation_is_named_and_described(document: dict[str, Any]) -> None:
    found = operations(document)
    names = [operation["operationId"] for _, operation in found]
    assert len(set(names)) == len(names)
    for path, operation in found:
        assert operation["operationId"].isidentifier(), path
        assert operation["summary"], path
        assert operation["description"], path
        assert operation["tags"], path


def test_errors_are_problems_and_nothing_else(document: dict[str, Any]) -> None:
    assert not {"HTTPValidationError", "ValidationError"} & set(document["components"]["schemas"])
    for path, operation in operations(document):
        for status, answer in operation["responses"].items():
            if status.startswith(("4", "5")) and path != "/readyz":
                assert list(answer["content"]) == ["application/problem+json"], (path, status)


def test_signed_in_routes_say_so(document: dict[str, Any]) -> None:
    assert document["components"]["securitySchemes"]["FirebaseIdToken"]["scheme"] == "bearer"
    for path, operation in operations(document):
        signed_in = path.startswith(("/api/me", "/api/token", "/api/articles"))
        assert ("security" in operation) == signed_in, path
        assert not signed_in or {"401", "403", "503"} <= set(operation["responses"]), path


def test_the_token_answers_as_livekits_endpoint_does(document: dict[str, Any]) -> None:
    assert list(document["components"]["schemas"]["JoinToken"]["properties"])[:2] == ["server_url", "participant_token"]
    responses = document["paths"]["/api/token"]["post"]["responses"]
    assert "201" in responses
    assert "Retry-After" in responses["429"]["headers"]
