"""The image's parts, together, as the image's user on a read-only root, against a real Postgres and livekit-server.

Ready means what it means to a caller: the API's /readyz asks for the database, its migrations, the media server, a
registered worker and warm speech models.
"""

import os
import secrets
import signal
import stat
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest
from tests.support.image import Image
from tests.support.media_server import media_server
from tests.support.poll import eventually
from tests.support.postgres import free_port

from insta_voice.settings import LiveKitSettings
from insta_voice.stack.postgres import EmbeddedPostgres, running

NOT_OURS = {"/proc", "/sys", "/dev", "/tmp", "/run", "/var/tmp", "/data"}  # noqa: S108  (mounted, or Debian's own)


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedPostgres]:
    directory = tmp_path_factory.mktemp("postgres") / "data"
    async with running(directory, free_port(), settings={"fsync": "off"}) as postgres:
        yield postgres


@pytest.fixture(scope="module")
async def livekit() -> AsyncIterator[LiveKitSettings]:
    async with media_server() as settings:
        yield settings


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is mounted at /data; its way is open to the image's user."""
    folder = tmp_path_factory.mktemp("data")
    os.chown(folder, 10001, 10001)
    return folder


def paths(image: Image) -> Iterator[Path]:
    for folder, folders, files in os.walk(image.root):
        inside = Path("/", Path(folder).relative_to(image.root))
        folders[:] = [name for name in folders if str(inside / name) not in NOT_OURS]
        yield from (Path(folder) / name for name in [*folders, *files])


def test_its_user_owns_and_may_change_nothing(image: Image) -> None:
    """Also without the read-only root."""
    assert image.user == "10001:10001"
    for path in paths(image):
        entry = path.lstat()
        if not stat.S_ISLNK(entry.st_mode):
            assert entry.st_uid != 10001, path
            assert entry.st_gid != 10001, path
            assert not entry.st_mode & stat.S_IWOTH, path


def test_nothing_in_it_becomes_root(image: Image) -> None:
    raising = [path for path in paths(image) if path.lstat().st_mode & (stat.S_ISUID | stat.S_ISGID) and path.is_file()]
    assert raising == []


def test_what_is_in_it(image: Image) -> None:
    inside = {path.name for path in (image.root / "app").iterdir()}
    assert inside == {".venv", "src", "models", "supabase", "web", "pyproject.toml", "README.md", "LICENSE", "NOTICE"}
    assert (image.root / "app/web/dist/index.html").is_file()
    assert list((image.root / "app/supabase/migrations").glob("*.sql"))
    assert not (image.root / "uv").exists()
    assert not (image.root / "usr/local/bin/node").exists()
    assert not any(name for name in image.environment if "SECRET" in name or "PASSWORD" in name)
    size = sum(path.lstat().st_blocks * 512 for path in image.root.rglob("*"))
    print(f"\nthe image takes {size / 1e6:.0f} MB")


def test_it_says_what_it_can(image: Image, data: Path) -> None:
    said = image.run(data, "--help")
    assert (said.returncode, said.stderr) == (0, "")
    assert "insta-voice COMMAND" in said.stdout


def test_the_root_is_read_only_and_data_is_not(image: Image, data: Path) -> None:
    """Or else the tests below would prove nothing about it."""
    probe = ["/app/.venv/bin/python", "-c"]
    write = "import os,sys; os.path.exists(sys.argv[1]) or open(sys.argv[1],'w').close(); print(os.getuid())"
    as_probe = Image(image.root, tuple(probe), image.environment, image.user)
    for place in ("/app/x", "/etc/x", "/usr/bin/x"):
        assert "Read-only file system" in as_probe.run(data, write, place).stderr
    for place in ("/tmp/x", "/data/x"):  # noqa: S108
        assert as_probe.run(data, write, place).stdout == "10001\n"


async def test_it_migrates_saves_and_restores(image: Image, data: Path, server: EmbeddedPostgres) -> None:
    migrated = image.run(data, "db", "migrate", DATABASE_URL=server.admin_url)
    assert migrated.returncode == 0, migrated.stderr
    assert migrated.stdout.startswith("applied 2")
    assert image.run(data, "db", "status", DATABASE_URL=server.url).returncode == 0
    saved = image.run(data, "db", "backup", "/data/saved.zip", DATABASE_URL=server.admin_url)
    assert saved.returncode == 0, saved.stderr
    async with await psycopg.AsyncConnection.connect(server.admin_url, autocommit=True) as connection:
        await connection.execute("create database restored")
    url = server.admin_url.rsplit("/", 1)[0] + "/restored"
    restored = image.run(data, "db", "restore", "/data/saved.zip", DATABASE_URL=url)
    assert restored.returncode == 0, restored.stderr


@contextmanager
def part(image: Image, data: Path, name: str, settings: dict[str, str]) -> Iterator[psutil.Process]:
    """A part until the block ends; then SIGTERM, as an engine sends it, and the part itself must go, well."""
    log = data / f"{name}.log"
    with log.open("w") as out:
        outside = subprocess.Popen(image.command(data, name), env=image.env(**settings), stdout=out, stderr=out)

    def first_inside() -> psutil.Process | None:
        assert outside.poll() is None, log.read_text()
        inside = [child for child in psutil.Process(outside.pid).children() if child.uids().real == 10001]
        return inside[0] if inside else None

    process = eventually(first_inside, within_s=10, what=f"{name} runs as its user")
    try:
        yield process
    except BaseException:
        print(log.read_text())
        raise
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            code = outside.wait(20)
        finally:
            outside.kill()
    assert code in (0, 128 + signal.SIGTERM), log.read_text()


def test_its_parts_serve_together(image: Image, data: Path, server: EmbeddedPostgres, livekit: LiveKitSettings) -> None:
    assert image.run(data, "db", "migrate", DATABASE_URL=server.admin_url).returncode == 0
    assert livekit.api_secret
    api_port = free_port()
    settings = {
        "DATABASE_URL": server.url,
        "LIVEKIT_URL": str(livekit.url),
        "LIVEKIT_API_KEY": str(livekit.api_key),
        "LIVEKIT_API_SECRET": livekit.api_secret.get_secret_value(),
        "FIREBASE_PROJECT_ID": "acme-support",
        "FIREBASE_WEB_API_KEY": secrets.token_hex(8),
        "FIREBASE_AUTH_DOMAIN": "acme-support.firebaseapp.com",
        "INSTA_HOST": "127.0.0.1",
        "INSTA_PORT": str(api_port),
        "INSTA_PUBLIC_URL": "https://help.acme.example",
        "LIVEKIT_PUBLIC_URL": "wss://help.acme.example",
        "VOICE_SPEECH_URL": f"http://127.0.0.1:{free_port()}",
        "COMPANY_NAME": "Acme",
        "SUPPORT_CONTACT": "help@acme.example",
        "SIGNUP": "known",
    }
    address = f"http://127.0.0.1:{api_port}"
    with (
        part(image, data, "speech", settings) as speech,
        part(image, data, "api", settings) as api,
        part(image, data, "jobs", settings) as jobs,
        part(image, data, "worker", settings) as worker,
        httpx.Client(base_url=address, trust_env=False) as http,
    ):

        def ready() -> bool:
            try:
                return http.get("/readyz").status_code == 200
            except httpx.TransportError:
                return False

        eventually(ready, within_s=180, what="a call made now would be answered")
        assert http.get("/healthz").status_code == 200
        assert "<title>" in http.get("/").text
        assert http.post("/api/token").status_code == 401
        for process in (speech, api, jobs, worker):
            family = [process, *process.children(recursive=True)]
            assert {member.uids().effective for member in family} == {10001}
            private = sum(member.memory_full_info().uss for member in family) / 1e6
            print(f"\n{process.cmdline()[-1]}: {private:.0f} MB in {len(family)} processes")
