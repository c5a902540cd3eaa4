"""`insta-voice jobs`: run background work until told to stop."""

import asyncio

import typer

app = typer.Typer(add_completion=False)


@app.callback(invoke_without_command=True)
def jobs() -> None:
    """Write summaries, deliver tickets, watch running calls. Any number may run side by side.

    Example: DATABASE_URL=postgresql://… insta-voice jobs
    """
    from insta_voice.auth.demo_people import refuse_demo_people
    from insta_voice.auth.safety import refuse_unsafe_part
    from insta_voice.jobs.runner import run
    from insta_voice.settings import get_settings
    from insta_voice.stack.embedded import database_address
    from insta_voice.telemetry import configure_logging

    configure_logging("jobs")
    settings = get_settings()
    refuse_unsafe_part(settings)

    async def main() -> None:
        async with database_address(settings) as url:
            await refuse_demo_people(settings, url)
            await run(settings, url)

    asyncio.run(main())
