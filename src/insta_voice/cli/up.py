"""`insta-voice up`: start everything on this machine and watch it."""

import asyncio

import typer

app = typer.Typer(add_completion=False)


@app.callback(invoke_without_command=True)
def up() -> None:
    """Start the database, media server, sign-in, speech, page, jobs and agent, and watch them until Ctrl-C.

    What DATABASE_URL, LIVEKIT_URL, FIREBASE_PROJECT_ID or VOICE_SPEECH_URL names is used instead of being started.
    Everything is kept in INSTA_DATA_DIR (.data); two directories are two installations that run side by side.

    Example: INSTA_PORT=8081 INSTA_DATA_DIR=.data-2 insta-voice up
    """
    from insta_voice.settings import get_settings
    from insta_voice.stack.logs import LogStream
    from insta_voice.stack.up import up as run

    asyncio.run(run(get_settings(), LogStream()))
