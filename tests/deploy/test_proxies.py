"""The Caddyfile and nginx's file, run as they stand but for ports, names and certificates: what reaches whom, and what
is told about the caller."""

import asyncio
import datetime
import json
import os
import re
import shutil
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import uvicorn
import websockets
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from tests.support.image import ROOT, require_programs
from tests.support.poll import eventually_async
from tests.support.postgres import free_port

DEPLOY = ROOT / "deploy"
FORGED = {"X-Forwarded-For": "203.0.113.9"}


@dataclass(frozen=True, slots=True)
class Proxy:
    """A running one: where callers reach it over TLS and in the clear."""

    port: int
    plain_port: int


@asynccontextmanager
async def upstream(name: str) -> AsyncIterator[int]:
    """Says its name and what it was told."""

    async def say(request: Request) -> JSONResponse:
        await request.body()
        return JSONResponse({"name": name, "path": request.url.path, "headers": dict(request.headers)})

    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(json.dumps({"name": name, "path": socket.url.path, "query": socket.url.query}))
        await socket.send_text(await socket.receive_text())
        await socket.close()

    methods = ["GET", "POST"]
    app = Starlette(routes=[WebSocketRoute("/{path:path}", echo), Route("/{path:path}", say, methods=methods)])
    port = free_port()
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", ws="websockets-sansio")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    await eventually_async(started, within_s=10, what=f"{name} listens")
    yield port
    server.should_exit = True
    await serving


def certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(hours=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    encoding = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "privkey.pem").write_bytes(key.private_bytes(*encoding))


def caddy(folder: Path, proxy: Proxy, api: int, livekit: int) -> list[str]:
    text = (DEPLOY / "compose" / "Caddyfile").read_text()
    text = text.replace("livekit:7880", f"127.0.0.1:{livekit}").replace("api:8080", f"127.0.0.1:{api}")
    # Its own authority for localhost, and no way to the machine's list of trusted ones.
    options = f"{{\n\thttp_port {proxy.plain_port}\n\thttps_port {proxy.port}\n\tadmin off\n\tskip_install_trust\n"
    (folder / "Caddyfile").write_text(text.replace("{\n", options, 1))
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


def nginx(folder: Path, proxy: Proxy, api: int, livekit: int) -> list[str]:
    certificate(folder)
    text = (DEPLOY / "nginx" / "insta-voice.conf").read_text()
    text = re.sub(r"^ +listen \[::\].*\n", "", text, flags=re.MULTILINE)
    text = text.replace("listen 443", f"listen 127.0.0.1:{proxy.port}")
    text = text.replace("listen 80", f"listen 127.0.0.1:{proxy.plain_port}")
    text = text.replace("/etc/letsencrypt/live/help.example.com", str(folder))
    text = text.replace("127.0.0.1:7880", f"127.0.0.1:{livekit}").replace("127.0.0.1:8080", f"127.0.0.1:{api}")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; user root; pid {folder}/pid; error_log stderr warn; events {{}}\n"
        f"http {{ access_log {folder}/access.log; {temporary} {text} }}\n"
    )
    return ["nginx", "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]


@pytest.fixture(scope="module", params=[caddy, nginx], ids=["caddy", "nginx"])
async def proxy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Proxy]:
    write: Callable[..., list[str]] = request.param
    require_programs({"caddy": "caddy", "nginx": "nginx-light"})
    folder = tmp_path_factory.mktemp(write.__name__)
    made = Proxy(free_port(), free_port())
    async with upstream("api") as api, upstream("livekit") as livekit:
        environment = {**os.environ, "INSTA_DOMAIN": "localhost", "XDG_DATA_HOME": str(folder), "HOME": str(folder)}
        log = folder / "log"
        with log.open("w") as out:
            command = write(folder, made, api, livekit)
            process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=out, stderr=out)
        try:
            async with client(made) as http:

                async def answers() -> bool:
                    assert process.returncode is None, log.read_text()
                    try:
                        return (await http.get("/")).status_code == 200
                    except httpx.TransportError:
                        return False

                await eventually_async(answers, within_s=20, what="the proxy answers")
            yield made
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()
    shutil.rmtree(folder)


def client(proxy: Proxy) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"https://localhost:{proxy.port}", verify=False, trust_env=False)  # noqa: S501


async def test_the_page_and_the_api_are_reached(proxy: Proxy) -> None:
    async with client(proxy) as http:
        for path in ("/", "/api/token", "/help/1"):
            answer = await http.get(path)
            assert (answer.json()["name"], answer.json()["path"]) == ("api", path)
            assert "max-age" in answer.headers["Strict-Transport-Security"]
            assert not re.search(r"\d", answer.headers.get("Server", ""))


async def test_who_a_caller_is_cannot_be_forged(proxy: Proxy) -> None:
    async with client(proxy) as http:
        headers = (await http.get("/api/me", headers=FORGED)).json()["headers"]
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "https"


@pytest.mark.parametrize("path", ["/rtc", "/rtc/v1"])
async def test_signalling_reaches_the_call_server(proxy: Proxy, path: str) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    address = f"wss://localhost:{proxy.port}{path}?access_token=x"
    async with websockets.connect(address, ssl=context, proxy=None) as socket:
        assert json.loads(await socket.recv()) == {"name": "livekit", "path": path, "query": "access_token=x"}
        await socket.send("heard")
        assert await socket.recv() == "heard"


@pytest.mark.parametrize("path", ["/agent", "/twirp/livekit.RoomService/ListRooms", "/rtcx", "/settings"])
async def test_the_rest_of_the_call_server_is_not_reached(proxy: Proxy, path: str) -> None:
    async with client(proxy) as http:
        assert (await http.post(path)).json()["name"] == "api"


async def test_counters_are_not_for_everybody(proxy: Proxy) -> None:
    async with client(proxy) as http:
        assert (await http.get("/metrics")).status_code == 404


async def test_what_is_too_large_never_arrives(proxy: Proxy) -> None:
    async with client(proxy) as http:
        assert (await http.post("/api/livekit/webhook", content=b"x" * 500_000)).status_code == 200
        refused = await http.post("/api/livekit/webhook", content=b"x" * 2_000_000)
        assert refused.status_code in (413, 502)  # Debian's Caddy, 2.6, still calls it a bad gateway


async def test_without_tls_there_is_only_the_way_to_it(proxy: Proxy) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(f"http://localhost:{proxy.plain_port}/api/token")
    assert answer.status_code in (301, 308)
    assert answer.headers["Location"].startswith("https://")
