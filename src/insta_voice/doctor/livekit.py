"""The call server: its address, its keys, and whether sound gets through to it from here."""

import uuid
from typing import Final
from urllib.parse import SplitResult, urlsplit

from insta_voice.auth.livekit import Rooms
from insta_voice.command import command
from insta_voice.doctor.answers import WHY, ask
from insta_voice.doctor.findings import Finding, has_problem, ok, problem, warning
from insta_voice.doctor.media import Path, join
from insta_voice.doctor.surroundings import Surroundings
from insta_voice.errors import MediaServerError
from insta_voice.settings import LiveKitSettings

PART: Final = "calls"
CLOUD: Final = ".livekit.cloud"
WHERE: Final = "LiveKit Cloud shows the address and the keys under Settings, Keys"
PORTS: Final = (
    "Open them to this server and to callers: UDP 50000-60000 (or rtc.udp_port) and TCP 7881; "
    "behind a firewall give LiveKit its public address (rtc.use_external_ip)."
)


async def check_livekit(surroundings: Surroundings) -> list[Finding]:
    """One thing after the other: what cannot be reached has no keys to try."""
    livekit = surroundings.livekit
    if livekit is None or not livekit.url:
        return [ok(PART, f"No LiveKit server is set: {command('up')} starts one on this machine.")]
    found = _form(livekit, livekit.url)
    if has_problem(found):
        return found
    steps = (_reached, _keys, _sound)
    for step in steps:
        found += await step(livekit)
        if has_problem(found):
            return found
    return [*found, *_webhook(surroundings, livekit.url)]


def _form(livekit: LiveKitSettings, address: str) -> list[Finding]:
    try:
        parts = urlsplit(address)
        complete = bool(parts.hostname) and parts.port != 0
    except ValueError:
        parts, complete = SplitResult("", "", "", "", ""), False
    if not complete or parts.scheme not in ("ws", "wss", "http", "https"):
        return [problem(PART, "LIVEKIT_URL is no address like wss://name.livekit.cloud.", f"{WHERE}.")]
    if parts.scheme in ("http", "https"):
        scheme = "wss" if parts.scheme == "https" else "ws"
        return [problem(PART, f"LIVEKIT_URL begins with {parts.scheme}://.", f"Write {scheme}:// there.")]
    if (parts.hostname or "").endswith(CLOUD) and parts.scheme == "ws":
        return [problem(PART, "LIVEKIT_URL of LiveKit Cloud begins with ws://.", "Write wss:// there.")]
    key, secret = livekit.api_key or "", livekit.api_secret.get_secret_value() if livekit.api_secret else ""
    if not key or not secret:
        return [problem(PART, "LIVEKIT_API_KEY and LIVEKIT_API_SECRET are not both set.", f"Set both. {WHERE}.")]
    if secret.startswith("API") and not key.startswith("API"):
        return [problem(PART, "LIVEKIT_API_KEY and LIVEKIT_API_SECRET are exchanged.", "Exchange them.")]
    return []


def _http(livekit: LiveKitSettings) -> str:
    return "http" + (livekit.url or "").removeprefix("ws").removeprefix("http").rstrip("/")


async def _reached(livekit: LiveKitSettings) -> list[Finding]:
    answer = await ask("GET", f"{_http(livekit)}/")
    if answer.silence:
        what, mend = WHY[answer.silence]
        return [problem(PART, f"LiveKit is not reached at LIVEKIT_URL: {what}.", mend)]
    if answer.status >= 500:
        return [
            problem(
                PART,
                f"What answers at LIVEKIT_URL is not LiveKit (HTTP {answer.status}).",
                "Look at the proxy before it, or correct the address.",
            )
        ]
    return []


async def _keys(livekit: LiveKitSettings) -> list[Finding]:
    try:
        async with Rooms(livekit) as rooms:
            await rooms.ping()
    except MediaServerError as error:
        if error.detail.endswith((" 401", " 403")):
            return [
                problem(
                    PART,
                    "LiveKit does not take LIVEKIT_API_KEY and LIVEKIT_API_SECRET.",
                    f"Copy both from the same project, and look whether this machine's clock is right. {WHERE}.",
                )
            ]
        return [
            problem(
                PART, "LiveKit answers, but not to a question about its rooms.", "Correct LIVEKIT_URL, or try again."
            )
        ]
    return [ok(PART, "LiveKit answers, and takes our keys.")]


async def _sound(livekit: LiveKitSettings) -> list[Finding]:
    """As the agent does it: joining an empty room of one's own, which goes away at once."""
    path: Path = await join(livekit, room_name=f"insta-doctor-{uuid.uuid4().hex}")
    match path:
        case "udp":
            return [ok(PART, "Sound gets through to LiveKit from here, over UDP.")]
        case "tcp" | "relay":
            return [
                warning(
                    PART,
                    f"Sound gets through to LiveKit from here over {path} only: calls will stutter on a bad line.",
                    f"UDP is blocked on the way. {PORTS}",
                )
            ]
        case "joined":
            return [ok(PART, "Sound gets through to LiveKit from here.")]
        case "unknown":
            return [
                warning(
                    PART,
                    "It could not be found out in time whether sound gets through to LiveKit from here.",
                    "Ask again when this machine has less to do.",
                )
            ]
    return [problem(PART, "LiveKit lets us in, but no sound gets through from here to its media ports.", PORTS)]


def _webhook(surroundings: Surroundings, address: str) -> list[Finding]:
    """LiveKit cannot be asked where it sends its webhooks; without them a call's end is noticed later."""
    if not surroundings.settings.livekit.url:
        return []  # ours, and told so
    page = surroundings.page_url
    where = f"{page.rstrip('/')}/api/livekit/webhook" if page else "https://your-address/api/livekit/webhook"
    how = (
        "in LiveKit Cloud under Settings, Webhooks"
        if (urlsplit(address).hostname or "").endswith(CLOUD)
        else "in its configuration: webhook.urls, with our key as webhook.api_key"
    )
    return [ok(PART, f"LiveKit should send its webhooks to {where}: set that {how}.")]
