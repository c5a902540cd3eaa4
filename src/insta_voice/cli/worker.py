"""`insta-voice worker`: answer calls until told to stop."""

import asyncio

import typer

app = typer.Typer(add_completion=False)


@app.command()
def worker() -> None:
    """Run the agent worker: it answers calls, each in a process of its own.

    On SIGTERM it takes no new call and gives running ones VOICE_DRAIN_S seconds to end.

    Example: LIVEKIT_URL=ws://127.0.0.1:7880 insta-voice worker
    """
    from insta_voice.agent.worker.server import run_worker
    from insta_voice.auth.demo_people import refuse_demo_people
    from insta_voice.auth.safety import refuse_unsafe_part
    from insta_voice.doctor.preflight import log_openai
    from insta_voice.doctor.surroundings import look_around
    from insta_voice.settings import get_settings
    from insta_voice.telemetry import configure_logging

    configure_logging("worker")
    settings = get_settings()
    refuse_unsafe_part(settings)
    if settings.database.url:
        asyncio.run(refuse_demo_people(settings, settings.database.url.get_secret_value()))
    asyncio.run(run_worker(settings, lambda: log_openai(look_around(settings))))
