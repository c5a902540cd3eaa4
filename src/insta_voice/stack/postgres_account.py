"""As whom Postgres runs: it refuses to be root, so root's embedded Postgres runs as an unprivileged account.

The checkout may lie below a directory that this account cannot pass through (a 0700 home). No parent directory
is opened to others for that; the process keeps the one capability that lets it pass, and nothing else of root's.
Where the programs themselves lie behind such a directory that is not enough (they look for each other with access(2),
which ignores capabilities): they run in a user namespace, where root's files are theirs and they are nobody.
"""

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from insta_voice.errors import ConfigurationError

# dac_read_search passes and reads; some container runtimes drop it and leave dac_override, which also writes.
_CAPABILITIES = ("dac_read_search", "dac_override")


@dataclass(frozen=True, slots=True)
class Account:
    """The user and group ids Postgres runs with, and what to put before its command to get there."""

    uid: int
    gid: int
    prefix: tuple[str, ...]

    def owns(self, path: Path) -> None:
        """Give `path` to this account; nothing happens when we are that account."""
        if os.geteuid() != self.uid:
            os.chown(path, self.uid, self.gid)


def choose_account(directory: Path, binary: Path) -> Account:
    """The account that can reach `directory` (existing) and run `binary`.

    Raises ConfigurationError with one sentence telling what to do when root has no such account.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), ())
    setpriv = shutil.which("setpriv")
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        nobody = None
    if setpriv is None or nobody is None:
        raise ConfigurationError(
            "Postgres does not run as root and there is no `setpriv` or no user `nobody` here: "
            "start insta-voice as an ordinary user, or set DATABASE_URL."
        )
    drop = (setpriv, f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups")
    if _open_to_others(directory) and _open_to_others(binary.parent) and _runs((*drop, "--no-new-privs"), binary):
        return Account(nobody.pw_uid, nobody.pw_gid, (*drop, "--no-new-privs"))
    for capability in _CAPABILITIES:
        keep = (f"--inh-caps=+{capability}", f"--ambient-caps=+{capability}")
        if _runs((*drop, *keep), binary):
            return Account(nobody.pw_uid, nobody.pw_gid, (*drop, *keep))
    unshare = shutil.which("unshare")
    if unshare:
        apart = (unshare, "--user", f"--map-user={nobody.pw_uid}", f"--map-group={nobody.pw_gid}")
        if _runs(apart, binary):
            return Account(os.geteuid(), os.getegid(), apart)
    raise ConfigurationError(
        f"Postgres runs as `nobody` when you are root, and that user cannot reach {directory}: "
        "set INSTA_DATA_DIR to a directory outside your home, and keep the checkout there too."
    )


def _open_to_others(directory: Path) -> bool:
    resolved = directory.resolve()
    return all(part.stat().st_mode & stat.S_IXOTH for part in (resolved, *resolved.parents))


def _runs(prefix: Sequence[str], binary: Path) -> bool:
    """Whether it starts and finds itself, which `--version` would not need but every server does."""
    probe = subprocess.run(
        [*prefix, str(binary), "--describe-config"], capture_output=True, cwd="/", check=False, timeout=30
    )
    return probe.returncode == 0 and b"invalid binary" not in probe.stderr
