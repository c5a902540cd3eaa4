"""`insta-voice jobs`: run background work until told to stop."""

import asyncio

import typer

app = typer.Typer(add_completion=False)


@app.callback(invoke_without_command=True)
def jobs() -> None:
    """Write summaries, deliver tickets, watch running calls. Any number may run side by side.

    Example: DATABASE_URL=postgresql://… insta-voice jobs
    """
    from insta_voice.auth.safety import refuse_unfit_for_production
    from insta_voice.jobs.runner import run
    from insta_voice.settings import get_settings
    from insta_voice.stack.embedded import database_address
    from insta_voice.telemetry import configure_logging

    configure_logging("jobs")
    settings = get_settings()
    refuse_unfit_for_production(settings)

    async def main() -> None:
        async with database_address(settings) as url:
            await run(settings, url)

    asyncio.run(main())
