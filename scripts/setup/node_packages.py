"""What comes from npm: the built web page and the Auth emulator as one file."""

import re
import shutil
import subprocess

from graph import StepFailedError
from tools import ROOT, TOOLS, Stamp, fingerprint, require, run

WEB = ROOT / "web"
EMULATOR = ROOT / "scripts" / "auth-emulator"
EMULATOR_BUNDLE = TOOLS / "auth-emulator" / "auth-emulator.cjs"
OLDEST_NODE = (20, 19)
NODE_NEEDED = (
    "Node.js 20.19 or newer is needed for the web page and the sign-in emulator. Install it, for example with "
    "`apt install nodejs npm`, `brew install node` or from nodejs.org, and run this again."
)
REGISTRY = "Check the connection to the npm registry and run it again."
# Sources of a build, without what installing and building put there.
NOT_SOURCES = {"node_modules", "dist", "e2e", "test-results"}


def check_node() -> None:
    """Node is there and new enough, or a sentence."""
    node = require("node", NODE_NEEDED)
    require("npm", NODE_NEEDED)
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    found = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    if found < OLDEST_NODE:
        raise StepFailedError(f"{NODE_NEEDED} ({node} is {version}.)")


def install_web() -> str | None:
    if not (WEB / "package.json").is_file():
        return None
    lock = [WEB / "package.json", WEB / "package-lock.json", WEB / ".npmrc"]
    stamp = Stamp("web-packages", fingerprint(lock), [WEB / "node_modules"])
    if stamp.fresh():
        return None
    check_node()
    run(["npm", "ci", "--ignore-scripts"], cwd=WEB, mend=f"The page's packages could not be installed. {REGISTRY}")
    stamp.write()
    return "installed"


def build_web() -> str | None:
    if not (WEB / "index.html").is_file():
        return None
    sources = sorted(path for path in WEB.iterdir() if path.name not in NOT_SOURCES)
    stamp = Stamp("web-build", fingerprint(sources), [WEB / "dist" / "index.html"])
    if stamp.fresh():
        return None
    check_node()
    run(["npm", "run", "build"], cwd=WEB, mend="The web page could not be built. Look at the lines above.")
    stamp.write()
    return "built"


def bundle_auth_emulator() -> str | None:
    """The emulator and what it needs as one file: it starts in two seconds and 260 MB of packages can go again."""
    stamp = Stamp("auth-emulator", fingerprint([EMULATOR]), [EMULATOR_BUNDLE])
    if stamp.fresh():
        return None
    check_node()
    work = TOOLS / "auth-emulator" / "build"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(EMULATOR, work)
    run(
        ["npm", "ci", "--ignore-scripts"],
        cwd=work,
        mend=f"The sign-in emulator could not be installed. {REGISTRY}",
    )
    run(
        [work / "node_modules" / ".bin" / "rolldown", "--config", "rolldown.config.mjs"],
        cwd=work,
        mend="The sign-in emulator could not be bundled. Look at the lines above.",
    )
    shutil.rmtree(work)
    stamp.write()
    return "bundled"
