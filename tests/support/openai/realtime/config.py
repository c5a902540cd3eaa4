"""A session's settings: those of a new one, and how `session.update` changes them."""

import asyncio

from tests.support.openai.checked import Json

_LONGEST_S = 3600  # OpenAI ends a session after 60 minutes


def default_config(session_id: str, model: str) -> Json:
    """As OpenAI sends it in `session.created`."""
    pcm = {"type": "audio/pcm", "rate": 24000}
    detection = {
        "type": "server_vad",
        "threshold": 0.5,
        "prefix_padding_ms": 300,
        "silence_duration_ms": 500,
        "idle_timeout_ms": None,
        "create_response": True,
        "interrupt_response": True,
    }
    heard = {"format": pcm, "transcription": None, "noise_reduction": None, "turn_detection": detection}
    return {
        "type": "realtime",
        "object": "realtime.session",
        "id": session_id,
        "model": model,
        "output_modalities": ["audio"],
        "instructions": "",
        "tools": [],
        "tool_choice": "auto",
        "max_output_tokens": "inf",
        "tracing": None,
        "truncation": "auto",
        "prompt": None,
        "include": None,
        "expires_at": round(asyncio.get_running_loop().time()) + _LONGEST_S,
        "audio": {"input": heard, "output": {"format": pcm, "voice": "marin", "speed": 1.0}},
    }


def merge(into: Json, changes: Json) -> None:
    """Only what is named changes; null takes away."""
    for name, value in changes.items():
        if isinstance(value, dict) and isinstance(into.get(name), dict) and "type" not in value:
            merge(into[name], value)
        else:
            into[name] = value
