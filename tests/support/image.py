"""The image, built from deploy/Containerfile where no container registry can be reached, and processes inside it.

Its bases are made here: Debian by debootstrap, as Debian's own image is, and that with this machine's Node for the
stage that builds the page. buildah then runs the file's steps as they stand. A process of the image runs as the image
says, user 10001, in its own mount and process namespaces, with the root read-only, no capability, no way to more.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDED = {"debootstrap": "debootstrap", "buildah": "buildah", "unshare": "util-linux", "node": "nodejs"}
# Where this machine has authorities of its own, the package managers of the build are told so by these.
TRUST = ("SSL_CERT_FILE", "PIP_CERT", "NODE_EXTRA_CA_CERTS")
AUTHORITIES = "/usr/local/share/authorities.crt"
# In a mount namespace of its own: the image read-only, /tmp and /data writable, /proc and devices as a container has.
ENTER = """
set -e
root=$1; data=$2; shift 2
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc -o nosuid,noexec,nodev proc "$root/proc"
mount -t tmpfs -o nosuid,noexec,nodev,mode=1777 tmpfs "$root/tmp"
mount --rbind /dev "$root/dev"
mount --bind "$data" "$root/data"
mount -o remount,bind,ro "$root"
exec chroot "$root" /usr/bin/setpriv --reuid 10001 --regid 10001 --clear-groups --inh-caps=-all --bounding-set=-all \
    --no-new-privs -- "$@"
"""


@dataclass(frozen=True, slots=True)
class Image:
    """A built image: its root file system, and what its configuration says."""

    root: Path
    entrypoint: tuple[str, ...]
    environment: Mapping[str, str]
    user: str

    def command(self, data: Path, *arguments: str) -> list[str]:
        """What starts `arguments` inside; `data` is what /data is. Its environment is to be `env`."""
        unshare = ["unshare", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child", "--"]
        return [*unshare, "/bin/sh", "-c", ENTER, "enter", str(self.root), str(data), *self.entrypoint, *arguments]

    def env(self, **settings: str) -> dict[str, str]:
        """The image's own variables, and `settings`."""
        return {**self.environment, **settings}

    def run(self, data: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """One command to its end."""
        return subprocess.run(
            self.command(data, *arguments),
            env=self.env(**settings),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


class Builder:
    """buildah with a store of its own under `work`."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self._authorities = os.environ.get(TRUST[0])
        self._store = ["--root", str(work / "store"), "--runroot", str(work / "run")]

    def buildah(self, *arguments: str, quiet: bool = True) -> str:
        """Run it and give its output; its last lines are what a failure says."""
        done = subprocess.run(
            ["buildah", *self._store, *arguments],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": str(self._work)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if quiet else subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, "\n".join([done.stdout[-3000:], (done.stderr or "")[-3000:]])
        return done.stdout.strip()

    def bases(self) -> tuple[str, str]:
        """Debian, and Debian with Node, as images of this store."""
        debian = self._work / "debian"
        subprocess.run(["debootstrap", "--variant=minbase", "bookworm", str(debian)], check=True, capture_output=True)
        if self._authorities:
            shutil.copy(self._authorities, debian / AUTHORITIES.removeprefix("/"))
        self._commit(debian, "localhost/debian")
        for source, target in ((shutil.which("node"), "bin/node"), (_npm(), "lib/node_modules/npm")):
            assert source
            place = debian / "usr" / "local" / target
            place.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "-aL", source, str(place)], check=True)
        (debian / "usr/local/bin/npm").symlink_to("../lib/node_modules/npm/bin/npm-cli.js")
        self._commit(debian, "localhost/node")
        shutil.rmtree(debian)
        return "localhost/debian", "localhost/node"

    def _commit(self, root: Path, name: str) -> None:
        container = self.buildah("from", "scratch")
        self.buildah("add", "--quiet", container, str(root), "/")
        if self._authorities:
            self.buildah("config", *[f"--env={name}={AUTHORITIES}" for name in TRUST], container)
        self.buildah("commit", "--quiet", "--rm", container, name)

    def build(self) -> Image:
        """Every step of deploy/Containerfile."""
        debian, node = self.bases()
        # fmt: off
        self.buildah(
            "build", "--isolation", "chroot", "--network", "host", "--pull-never",
            "--build-arg", f"DEBIAN={debian}", "--build-arg", f"NODE={node}",
            "--ignorefile", "deploy/Containerfile.dockerignore", "-f", "deploy/Containerfile",
            "-t", "insta-voice", ".",
            quiet=False,
        )
        # fmt: on
        container = self.buildah("from", "--pull-never", "localhost/insta-voice")
        config = json.loads(self.buildah("inspect", "--type", "image", "localhost/insta-voice"))["OCIv1"]["config"]
        environment = dict(variable.split("=", 1) for variable in config["Env"])
        return Image(
            Path(self.buildah("mount", container)),
            tuple(config["Entrypoint"]),
            {name: value for name, value in environment.items() if name not in TRUST},
            config["User"],
        )

    def remove(self) -> None:
        """Unmount and delete everything."""
        self.buildah("umount", "--all")
        self.buildah("rm", "--all")
        self.buildah("rmi", "--all", "--force")


def require_programs(programs: Mapping[str, str] = NEEDED) -> None:
    """Fail with the command that brings what is missing; the tests that need this were asked for by name."""
    if os.geteuid() != 0:
        pytest.fail("The image is built in a clean root: run `make test-deploy` as root.", pytrace=False)
    missing: Sequence[str] = sorted({package for program, package in programs.items() if not shutil.which(program)})
    if missing:
        pytest.fail(f"Missing: run `apt-get install --no-install-recommends {' '.join(missing)}`.", pytrace=False)


def _npm() -> str | None:
    npm = shutil.which("npm")
    return str(Path(npm).resolve().parents[1]) if npm else None
