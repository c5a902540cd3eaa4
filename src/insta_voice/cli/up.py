"""`insta-voice up`: start everything on this machine and watch it."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from insta_voice.settings import Settings

app = typer.Typer(add_completion=False)


@app.callback(invoke_without_command=True)
def up() -> None:
    """Start the database, media server, sign-in, speech, page, jobs and agent, and watch them until Ctrl-C.

    What DATABASE_URL, LIVEKIT_URL, FIREBASE_PROJECT_ID or VOICE_SPEECH_URL names is used instead of being started.
    Everything is kept in INSTA_DATA_DIR (.data); two directories are two installations that run side by side.

    Example: INSTA_PORT=8081 INSTA_DATA_DIR=.data-2 insta-voice up
    """
    from insta_voice.auth.safety import refuse_unsafe_installation
    from insta_voice.doctor.known import read_env_file
    from insta_voice.settings import get_settings
    from insta_voice.stack.logs import LogStream
    from insta_voice.stack.machine import refuse_unfit_machine
    from insta_voice.stack.up import up as run

    settings = get_settings()
    refuse_unsafe_installation(settings)
    refuse_unfit_machine(settings.service.data_dir.expanduser().absolute())
    if settings.database.url:
        asyncio.run(_ask_the_database(settings, settings.database.url.get_secret_value()))
    log = LogStream()
    file = read_env_file(Path(".env"))
    for line in file.broken if file else ():
        log.say("up", f"line {line} of .env says nothing: write NAME=value, or # before a remark.")
    asyncio.run(run(settings, log))


async def _ask_the_database(settings: "Settings", url: str) -> None:
    from insta_voice.auth.demo_people import refuse_demo_people
    from insta_voice.doctor.preflight import refuse_unready_database

    await refuse_unready_database(settings, url)
    await refuse_demo_people(settings, url)
