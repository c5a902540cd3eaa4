"""The media server: one that is there already, or built from its source."""

import os
import shutil
import tempfile
from pathlib import Path

from graph import StepFailedError
from tools import ROOT, TOOLS, run

# 1.13.6 and later carry `replace` lines, which `go install` refuses.
VERSION = "v1.13.5"
MODULE = f"github.com/livekit/livekit-server/cmd/server@{VERSION}"
BINARY = TOOLS / "bin" / "livekit-server"
NEEDED = (
    "livekit-server is needed and is not on PATH, and there is no Go to build it with. Install one of them, for "
    "example with `brew install livekit`, `apt install golang-go` (Go 1.26) or from go.dev/dl, or name a "
    "binary in LIVEKIT_SERVER_BINARY, or use a server of yours with LIVEKIT_URL, and run this again."
)


def find_livekit_server() -> Path | None:
    """The one that will be used: LIVEKIT_SERVER_BINARY, then PATH, then the one built here."""
    named = setting("LIVEKIT_SERVER_BINARY")
    if named:
        if not Path(named).expanduser().is_file():
            raise StepFailedError(f"LIVEKIT_SERVER_BINARY is {named} and there is no such file. Correct it.")
        return Path(named)
    on_path = shutil.which("livekit-server")
    if on_path:
        return Path(on_path)
    return BINARY if BINARY.is_file() else None


def bring_livekit_server() -> str | None:
    if setting("LIVEKIT_URL") or find_livekit_server():
        return None
    go = shutil.which("go")
    if not go:
        raise StepFailedError(NEEDED)
    BINARY.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BINARY.parent, prefix="go-") as target:
        run(
            [go, "install", "-ldflags=-s -w", MODULE],  # no symbols for a debugger: sooner linked
            env={"GOBIN": target, "CGO_ENABLED": "0"},
            mend="livekit-server could not be built. It needs Go 1.26 and the Go module proxy; or install "
            "a livekit-server yourself (`brew install livekit`) so that it is on PATH. Then run this again.",
        )
        os.replace(Path(target) / "server", BINARY)
    return f"{VERSION} built"


def setting(name: str) -> str:
    """A variable from the environment or from `.env`, as the settings tree reads it."""
    if os.environ.get(name):
        return os.environ[name]
    file = ROOT / ".env"
    for line in file.read_text().splitlines() if file.is_file() else []:
        key, _, value = line.partition("=")
        if key.strip().removeprefix("export ").upper() == name:
            return value.strip().strip("'\"")
    return ""
