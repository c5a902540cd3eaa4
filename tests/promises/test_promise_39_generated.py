"""Promise 39 by generation: schemathesis reads the OpenAPI document and asks every operation, well and badly.

What comes back must be declared: status, content type, headers and schema; never a 5xx but /readyz's; every refusal is
problem+json. Asked by nobody in particular, by a customer with calls of their own, and by the call server.
"""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterator
from typing import Any

import httpx
import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, strategies
from schemathesis.checks import not_a_server_error
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.support.api import Api, serving
from tests.support.firebase import CertificateServer, SigningKey
from tests.support.postgres import TestDatabase
from tests.support.problems import is_problem
from tests.support.records import make_call, turn
from tests.support.settings import complete_settings
from tests.support.webhooks import signature

from insta_voice.calls import close_call, open_ticket, rate_call, record_turn
from insta_voice.db import Database

CHECKED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
BOUNDED = hypothesis.settings(
    max_examples=15,  # of each operation, by each who asks, of each kind: 10 s in all
    derandomize=True,  # the same requests in each run
    database=None,
    deadline=None,  # two cores, shared
    phases=[Phase.generate],  # the first request that fails is said as it is: making it smaller takes minutes
    suppress_health_check=list(HealthCheck),
)
SIGNED_IN = GenerationConfig(with_security_parameters=False)  # the sign-in is ours to write
AWAY = "/readyz"  # there is no call server here, and it says so


class Client:
    """The API in a loop of its own, so that Hypothesis, which knows none, can ask it."""

    def __init__(self, database: TestDatabase, key: SigningKey) -> None:
        self._runner = asyncio.Runner()
        # Limits of their own have tests of their own; here nobody is to be kept from asking.
        unlimited = {"LIMIT_TOKENS_PER_MINUTE": "100000", "LIMIT_TOKENS_PER_MINUTE_PER_ADDRESS": "100000"}
        self._serving = serving(complete_settings(DATABASE_URL=database.url, **unlimited), key)
        self.api: Api = self.run(self._serving.__aenter__())

    def close(self) -> None:
        self.run(self._serving.__aexit__(None, None, None))
        self._runner.close()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(work)

    def send(self, case: schemathesis.Case, who: str) -> httpx.Response:
        """The request as generated, signed by `who`; one that no client could write down is passed over."""
        wanted = case.as_transport_kwargs(base_url=str(self.api.http.base_url))
        named = {"params": "params", "headers": "headers", "data": "content", "json": "json"}
        try:
            request = self.api.http.build_request(
                wanted["method"],
                wanted["url"],
                **{ours: wanted[name] for name, ours in named.items() if name in wanted},
            )
        except (UnicodeEncodeError, httpx.InvalidURL, TypeError):
            hypothesis.reject()
        if who == "a customer":
            request.headers.update(self.api.bearer("maya"))
        elif who == "the call server":
            request.headers["Authorization"] = signature(request.read())
        return self.run(self.api.http.send(request))  # type: ignore[no-any-return]


@pytest.fixture
def client(database: TestDatabase, certificate_server: CertificateServer, signing_key: SigningKey) -> Iterator[Client]:
    client = Client(database, signing_key)
    yield client
    client.close()


async def with_calls(db: Database, count: int) -> list[str]:
    """Whole calls of maya's: turns, a ticket, a rating."""
    made = []
    for _ in range(count):
        call_id = await make_call(db)
        await record_turn(db, call_id=call_id, user_id="maya", turn=turn(1))
        await open_ticket(db, user_id="maya", call_id=call_id, subject="s", briefing="b", key=str(call_id))
        await rate_call(db, user_id="maya", call_id=call_id, solved=True, comment="Quick.")
        await close_call(db, call_id=call_id, reason="hung_up")
        made.append(str(call_id))
    return made


def operations(api: Api, who: str, mode: GenerationMode) -> Iterator[Any]:
    """What `who` would ask. Only a body can be wrong: there are no queries, and any text can be an id."""
    config = SchemathesisConfig(projects=ProjectsConfig(default=ProjectConfig(generation=SIGNED_IN)))
    for result in schemathesis.openapi.from_dict(api.app.openapi(), config=config).get_all_operations():
        operation = result.ok()
        theirs = who == "nobody" or (who == "the call server") == (operation.path == "/api/livekit/webhook")
        if theirs and (mode is GenerationMode.POSITIVE or operation.body):
            yield operation


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["well", "badly"])
@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("nobody", {"well": {200, 401, 404}, "badly": {401}}),
        ("a customer", {"well": {200, 201, 204, 404}, "badly": {422}}),
        ("the call server", {"well": {204}, "badly": {204, 422}}),
    ],
)
def test_whatever_is_asked_the_answer_is_a_declared_one(
    client: Client, who: str, mode: GenerationMode, expected: dict[str, set[int]]
) -> None:
    own = client.run(with_calls(client.api.services.db, 1))
    statuses: Counter[int] = Counter()

    def asked(case: schemathesis.Case) -> None:
        answer = client.send(case, who)
        statuses[answer.status_code] += 1
        if case.method == "DELETE" and answer.status_code == 204:
            own[:] = client.run(with_calls(client.api.services.db, 1))
        if case.path != AWAY:
            case.validate_response(answer, checks=CHECKED)
            assert answer.status_code < 400 or is_problem(answer), answer.text

    for operation in operations(client.api, who, mode):

        @BOUNDED
        @given(case=operation.as_strategy(mode), of_theirs=strategies.booleans())
        def ask(case: schemathesis.Case, of_theirs: bool) -> None:
            if of_theirs and "call_id" in case.path_parameters:
                case.path_parameters["call_id"] = own[0]
            asked(case)

        ask()
    assert expected["well" if mode is GenerationMode.POSITIVE else "badly"] <= set(statuses), statuses
