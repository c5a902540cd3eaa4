"""Which parts this installation has: those that the settings do not name elsewhere, and our own."""

import os
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from insta_voice.auth.demo import DEMO_PROJECT_ID, DEMO_USERS
from insta_voice.db.migrations import migrate
from insta_voice.settings import Settings
from insta_voice.stack.answers import http_answers
from insta_voice.stack.auth_emulator import accounts_file, emulator_command, emulator_env, match_demo_users
from insta_voice.stack.demo_content import DemoContent, Loaded, loaded_into, match_demo, wanted_demo
from insta_voice.stack.livekit_config import (
    LiveKitKeys,
    livekit_binary,
    livekit_config,
    load_or_make_keys,
    write_livekit_config,
)
from insta_voice.stack.parts import Part, at_once
from insta_voice.stack.ports import WEB, Ports, refuse_taken
from insta_voice.stack.postgres import EmbeddedPostgres
from insta_voice.stack.up_file import Addresses, DemoLogin

# Longer than a healthy part is ever silent on a machine that is busy many times over, shorter than callers stay.
_SILENT_AT_MOST_S = {
    "livekit": 6.0,  # nobody hears anybody, and no page notices for 15 s; ended, it is noticed at once
    "postgres": 8.0,
    "speech": 8.0,  # its models take some seconds to load again
    "api": 8.0,
    "jobs": 8.0,
    "auth": 10.0,  # a running call does not need it
    "worker": 15.0,  # the calls it holds go on without it, and end with it
}


@dataclass(slots=True)
class Installation:
    """The parts to start and what they and others need to know."""

    parts: list[Part]
    addresses: Addresses
    env: dict[str, str]
    """What our own parts read as settings."""

    postgres: EmbeddedPostgres | None
    loaded: Loaded | None
    """What the embedded database was filled with; None when the database is not ours to fill."""

    demo: DemoContent
    demo_removed: list[str]
    """What of the demo an earlier start had put in and this one took out again; filled while it starts."""


def plan_installation(settings: Settings, data_dir: Path, ports: Ports) -> Installation:
    """Choose ports, write configurations, and put the parts together. `auth.safety` was asked before."""
    return _Builder(settings, data_dir, ports).build()


class _Builder:
    """Adds one part after the other; each tells the later ones its address through `env`."""

    def __init__(self, settings: Settings, data_dir: Path, ports: Ports) -> None:
        self.settings = settings
        self.data_dir = data_dir
        self.ports = ports
        self.parts: list[Part] = []
        self.postgres: EmbeddedPostgres | None = None
        self.loaded: Loaded | None = None
        self.demo = wanted_demo(settings)
        self.demo_removed: list[str] = []
        # Buffered lines of a killed part would be lost.
        self.env = {**os.environ, "PYTHONUNBUFFERED": "1", "INSTA_DATA_DIR": str(data_dir)}
        self.env["DEMO_CONTENT"] = str(self.demo.people).lower()  # DATABASE_URL will be set for our own parts
        for ours in ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"):  # of who started us
            self.env.pop(ours, None)

    def build(self) -> Installation:
        url = self._web_address()
        database_url = self._database()
        livekit_url = self._livekit(url)
        auth_emulator = self._sign_in()
        speech_url = self._speech()
        self._own_parts(url)
        self.ports.keep()
        logins = tuple(DemoLogin(u.email, u.password, u.role) for u in DEMO_USERS) if self.demo.people else ()
        addresses = Addresses(url, livekit_url, database_url, auth_emulator, speech_url, logins)
        return Installation(self.parts, addresses, self.env, self.postgres, self.loaded, self.demo, self.demo_removed)

    def _web_address(self) -> str:
        service = self.settings.service
        if service.port:
            refuse_taken(service.port, service.host, "INSTA_PORT")
        port = service.port or self.ports.choose("web", first=WEB, host=service.host)
        self.env |= {"INSTA_HOST": service.host, "INSTA_PORT": str(port)}
        here = "127.0.0.1" if service.host in ("0.0.0.0", "::", "localhost") else service.host  # noqa: S104  (compared)
        return f"http://[{here}]:{port}" if ":" in here else f"http://{here}:{port}"

    def _database(self) -> str:
        if self.settings.database.url:
            return self.settings.database.url.get_secret_value()
        server = EmbeddedPostgres(self.data_dir / "postgres", self.ports.choose("postgres"))
        loaded = loaded_into(server.data_dir)

        async def fill() -> None:
            self.env["DATABASE_URL"] = server.url
            await migrate(server.admin_url)
            self.demo_removed += await match_demo(server.url, loaded, self.demo)

        server.prepare()
        self.env["DATABASE_URL"] = server.url
        self.postgres, self.loaded = server, loaded
        self.parts.append(
            Part(
                "postgres",
                server.command,
                server.env(),
                prepare=server.prepare,
                answers=server.wait_ready,
                silent_at_most_s=_SILENT_AT_MOST_S["postgres"],
                still_answers=server.still_answers,
                after_ready=fill,
                stop_signal=signal.SIGINT,  # fast shutdown: SIGTERM would wait for every client
                last_words="FATAL:  terminating connection due to administrator command",
            )
        )
        return server.admin_url

    def _livekit(self, web_url: str) -> str:
        livekit = self.settings.livekit
        if livekit.url:
            return livekit.url
        port = self.ports.choose("livekit")
        udp_port = self.ports.choose("livekit-udp", kind=socket.SOCK_DGRAM)
        folder = self.data_dir / "livekit"
        keys = self._livekit_keys(folder)
        webhook = f"{web_url}/api/livekit/webhook"
        config = livekit_config(port=port, udp_port=udp_port, keys=keys, webhook_url=webhook)
        file = write_livekit_config(folder, config)
        url = f"ws://127.0.0.1:{port}"
        self.env |= {
            "LIVEKIT_URL": url,
            "LIVEKIT_API_KEY": keys.api_key,
            "LIVEKIT_API_SECRET": keys.api_secret,
        }
        self.parts.append(
            Part(
                "livekit",
                lambda: [str(livekit_binary(livekit)), "--config", str(file)],
                {"PATH": self.env.get("PATH", "")},
                answers=http_answers(f"http://127.0.0.1:{port}/"),
                silent_at_most_s=_SILENT_AT_MOST_S["livekit"],
                still_answers=http_answers(f"http://127.0.0.1:{port}/"),
                stop_again_after_s=0.2,
            )
        )
        return url

    def _livekit_keys(self, folder: Path) -> LiveKitKeys:
        livekit = self.settings.livekit
        if livekit.api_key and livekit.api_secret:
            return LiveKitKeys(livekit.api_key, livekit.api_secret.get_secret_value())
        return load_or_make_keys(folder)

    def _sign_in(self) -> str | None:
        firebase = self.settings.firebase
        if firebase.auth_emulator_host:
            return f"http://{firebase.auth_emulator_host}"
        if firebase.project_id:
            return None
        port = self.ports.choose("auth")
        address = f"http://127.0.0.1:{port}"

        async def fill() -> None:
            await match_demo_users(address, DEMO_PROJECT_ID, wanted=self.demo.people)

        self.env |= {
            "FIREBASE_PROJECT_ID": DEMO_PROJECT_ID,
            "FIREBASE_AUTH_EMULATOR_HOST": f"127.0.0.1:{port}",
        }
        self.parts.append(
            Part(
                "auth",
                emulator_command,
                emulator_env(DEMO_PROJECT_ID, port, self.env.get("PATH", ""), accounts_file(self.data_dir)),
                answers=http_answers(address),
                silent_at_most_s=_SILENT_AT_MOST_S["auth"],
                still_answers=http_answers(address),
                after_ready=fill,
            )
        )
        return address

    def _speech(self) -> str | None:
        if self.settings.voice.speech_url:
            return self.settings.voice.speech_url
        url = f"http://127.0.0.1:{self.ports.choose('speech')}"
        self.env["VOICE_SPEECH_URL"] = url
        # Loads every model, for seconds on both cores; the page comes first.
        self._own("speech", starts_after=("api",), answers_at=f"{url}/readyz", ready_within_s=120.0)
        return url

    def _own_parts(self, web_url: str) -> None:
        # The page is up first and says itself what is still missing; the agent, the heaviest, comes last.
        self._own("api", answers_at=f"{web_url}/healthz")
        self._own("jobs", needs=("postgres", "livekit", "api"))
        self._own("worker", needs=("postgres", "livekit", "api"), ready_within_s=120.0)  # 10 s on two busy cores

    def _own(
        self,
        name: str,
        *,
        needs: tuple[str, ...] = (),
        starts_after: tuple[str, ...] = (),
        answers_at: str | None = None,
        ready_within_s: float = 60.0,
    ) -> None:
        self.parts.append(
            Part(
                name,
                lambda: own_command(name),
                self.env,
                needs=needs,
                starts_after=starts_after,
                notifies=True,
                ready_within_s=ready_within_s,
                silent_at_most_s=_SILENT_AT_MOST_S[name],
                answers=http_answers(answers_at) if answers_at else at_once,
            )
        )


def own_command(*arguments: str) -> list[str]:
    """Our own command line, from the environment we run in."""
    return [str(Path(sys.executable).parent / "insta-voice"), *arguments]
