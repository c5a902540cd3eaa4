"""`insta-voice api`: serve the API and the web page until told to stop."""

import asyncio
import socket

import typer

app = typer.Typer(add_completion=False)

GRACEFUL_SHUTDOWN_S = 5  # answers under way; the longest, a token while the database is away, takes as long
DEFAULT_PORT = 8080


@app.callback(invoke_without_command=True)
def api() -> None:
    """Run the API and the web page.

    Serves at once and answers 503 with a reason while the database, LiveKit, the agent or the speech server are
    not there yet. Address and port: INSTA_HOST and INSTA_PORT; without a port, 8080 or a free one.

    Example: INSTA_PORT=8080 insta-voice api
    """
    import uvicorn

    from insta_voice.api.app import create_app
    from insta_voice.auth.demo_people import refuse_demo_people
    from insta_voice.readiness import keep_saying_alive, notify_ready
    from insta_voice.settings import get_settings
    from insta_voice.telemetry import configure_logging

    class Server(uvicorn.Server):
        """Says that it is ready once it listens."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                notify_ready(f"the page is at http://{host}:{port}")
                self.alive = asyncio.create_task(keep_saying_alive(), name="say-alive")

    configure_logging("api")
    settings = get_settings()
    application = create_app(settings)
    if settings.database.url:
        asyncio.run(refuse_demo_people(settings, settings.database.url.get_secret_value()))
    host = settings.service.host
    listener = _listen(host, settings.service.port)
    port = listener.getsockname()[1]
    Server(
        uvicorn.Config(
            application,
            log_config=None,
            log_level="warning",  # starting and stopping are said by whoever supervises
            access_log=False,  # its lines hold addresses; requests are counted in /metrics
            proxy_headers=False,  # INSTA_TRUSTED_PROXIES decides whose X-Forwarded-For is believed
            server_header=False,
            timeout_graceful_shutdown=GRACEFUL_SHUTDOWN_S,
        )
    ).run(sockets=[listener])


def _listen(host: str, port: int | None) -> socket.socket:
    """A listening socket on the port asked for, or on 8080 or a free one when none was."""
    from insta_voice.errors import ConfigurationError

    wanted = [port] if port is not None else [DEFAULT_PORT, 0]
    for candidate in wanted:
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            listener = socket.socket(family, socket.SOCK_STREAM)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, candidate))
        except OSError as error:
            listener.close()
            if candidate == wanted[-1]:
                raise ConfigurationError(
                    f"Port {candidate} on {host} cannot be used ({error.strerror}). "
                    "Stop what listens there, or set INSTA_PORT to another."
                ) from error
        else:
            listener.set_inheritable(False)
            return listener
    raise AssertionError("the last candidate is taken or refused")
