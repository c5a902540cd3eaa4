"""OpenAI, or a server that speaks its API: is the key taken, are the models there, is anything left to spend."""

from typing import Any, Final

from insta_voice.doctor.answers import WHY, Answer, ask
from insta_voice.doctor.findings import Finding, ok, problem, warning
from insta_voice.doctor.surroundings import Surroundings
from insta_voice.errors import ConfigurationError
from insta_voice.settings import OpenAIServer, Settings
from insta_voice.voice.needs import require_providers

PART: Final = "OpenAI"
KEYS: Final = "https://platform.openai.com/api-keys"
BILLING: Final = "https://platform.openai.com/settings/organization/billing"


async def check_openai(surroundings: Surroundings) -> list[Finding]:
    """Of each server one list of models, which costs nothing, and of OpenAI's own one vector of one word, which costs
    nearly nothing.
    """
    settings = surroundings.settings
    servers = models_needed(settings)
    if not servers:
        mode = settings.voice_mode
        return [ok(PART, f"OpenAI is not used: VOICE_MODE is {mode}, and vectors are made here.")]
    try:
        if settings.voice_mode != "local":
            require_providers(settings, settings.voice_mode)
    except ConfigurationError as error:
        return [problem(PART, error.message, f"Make a key at {KEYS}, and set OPENAI_API_KEY.")]
    found = []
    for server, models in servers.items():
        found += await _check_server(server, models, surroundings)
    return found


async def _check_server(server: OpenAIServer, needed: list[str], surroundings: Surroundings) -> list[Finding]:
    base = (server.base_url or surroundings.outside.openai).rstrip("/")
    key = server.api_key.get_secret_value() if server.api_key else "unused"
    headers = {"Authorization": f"Bearer {key}"}
    found = _form(server)
    answer = await ask("GET", f"{base}/models", headers=headers)
    if finding := _refused(answer, server):
        return [*found, finding]
    if answer.status == 403:
        found += [
            warning(
                PART,
                "This key may not list models, so it cannot be said whether it may use ours.",
                "Give it the permission List models, or look that it may use all of them.",
            )
        ]
    else:
        found += _models(answer.body, needed, server)
    return found + ([] if server.base_url else await _spend(base, headers, surroundings.settings))


def models_needed(settings: Settings) -> dict[OpenAIServer, list[str]]:
    """The models that calls use with these settings, by where they are served."""
    openai = settings.openai
    mode = settings.voice_mode
    # In realtime the speech server hears, which `up` starts.
    parts = [part for part in settings.openai_parts(mode) if (mode, part) != ("realtime", "stt")]
    if settings.knowledge.embeddings == "openai":
        parts.append("embedding")
    needed: dict[OpenAIServer, list[str]] = {}
    for part in parts:
        needed.setdefault(openai.server(part), []).append(getattr(openai, f"{part}_model"))
    return needed


def _form(server: OpenAIServer) -> list[Finding]:
    """What can be said of a key without a network; other servers have keys of other forms."""
    if server.base_url or server.api_key is None or server.api_key.get_secret_value().startswith("sk-"):
        return []
    sentence = "OPENAI_API_KEY does not look like a key of OpenAI: they begin with sk-."
    return [warning(PART, sentence, f"Compare it with {KEYS}; for another server set OPENAI_BASE_URL too.")]


def _refused(answer: Answer, server: OpenAIServer) -> Finding | None:
    name = f"The server of {server.variables}BASE_URL" if server.base_url else "OpenAI"
    if answer.silence:
        what, mend = WHY[answer.silence]
        return problem(PART, f"{name} is not reached: {what}.", mend)
    said = answer.error_text()
    if answer.status == 401:
        mend = f"Make a new key at {KEYS}; each is shown once."
        return problem(PART, f"{name} does not take {server.variables}API_KEY.", mend)
    if answer.status == 403 and "unsupported_country" in said:
        return problem(
            PART, "OpenAI does not serve the country of this machine.", "Use VOICE_MODE=local, or OPENAI_BASE_URL."
        )
    if answer.status == 404:
        mend = f"Let {server.variables}BASE_URL end where the API begins, often /v1."
        return problem(PART, f"{name} has no list of models.", mend)
    if answer.status == 429:
        return _quota(said)
    if answer.status >= 500:
        return warning(
            PART, f"{name} has trouble (HTTP {answer.status}).", "Ask again; https://status.openai.com says more."
        )
    if answer.status not in (200, 403):
        return problem(PART, f"{name} refuses the key (HTTP {answer.status}).", f"Compare it with {KEYS}.")
    return None


def _quota(said: str) -> Finding:
    if "insufficient_quota" in said:
        return problem(
            PART,
            "The OpenAI account has nothing left to spend: no call would be answered.",
            f"Add credit at {BILLING}.",
        )
    return warning(
        PART, "OpenAI answers this key with 429: too many requests just now.", "Wait, or raise the account's limits."
    )


def _models(body: Any, needed: list[str], server: OpenAIServer) -> list[Finding]:
    try:
        offered = {str(model["id"]) for model in body["data"]}
    except (TypeError, KeyError):
        return [
            problem(PART, "What answers is no OpenAI API: it lists no models.", f"Correct {server.variables}BASE_URL.")
        ]
    missing = [model for model in needed if model not in offered and f"{model}:latest" not in offered]
    if missing:
        return [
            problem(
                PART,
                f"This key has no access to {' and '.join(missing)}.",
                "Allow the model under Limits in the project's settings, or name another (OPENAI_…_MODEL).",
            )
        ]
    if server.variables != "OPENAI_":
        return [ok(PART, f"The server of {server.variables}BASE_URL has {' and '.join(needed)}.")]
    return [ok(PART, f"The key is taken, and may use {' and '.join(needed)}.")]


async def _spend(base: str, headers: dict[str, str], settings: Settings) -> list[Finding]:
    """Listing models works without a cent; using one does not."""
    body = {"model": settings.openai.embedding_model, "input": "hello"}
    answer = await ask("POST", f"{base}/embeddings", headers=headers, json=body)
    return [_quota(answer.error_text())] if answer.status == 429 else []
