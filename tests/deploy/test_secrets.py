"""deploy/compose/make-secrets.sh: what it makes can be read by the containers, and by nobody else."""

import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from tests.support.image import ROOT, require_programs


@pytest.fixture
def deploy(tmp_path: Path) -> Path:
    require_programs({"openssl": "openssl"})
    ignored = shutil.ignore_patterns("secrets", "articles", "backups", ".env")
    return Path(shutil.copytree(ROOT / "deploy", tmp_path / "deploy", ignore=ignored))


def make(deploy: Path) -> dict[str, str]:
    """Run it; gives the secrets by name."""
    subprocess.run([deploy / "compose" / "make-secrets.sh"], check=True, capture_output=True)
    return {path.name: path.read_text() for path in (deploy / "secrets").iterdir()}


def test_they_are_random_and_fit_together(deploy: Path) -> None:
    made = make(deploy)
    assert made["database_url"] == f"postgresql://insta_login:{made['login_password']}@postgres:5432/insta_voice"
    assert made["owner_database_url"] == f"postgresql://insta_owner:{made['owner_password']}@postgres:5432/insta_voice"
    assert made["livekit_keys"] == f"insta-voice: {made['livekit_api_secret']}"
    single = {made[name] for name in ("owner_password", "login_password", "livekit_api_secret")}
    assert len(single) == 3
    assert all(re.fullmatch(r"[0-9a-f]{48,}", secret) for secret in single)


def test_only_root_and_the_containers_read_them(deploy: Path) -> None:
    make(deploy)
    for path in [deploy / "secrets", *(deploy / "secrets").iterdir()]:
        entry = path.stat()
        assert (entry.st_uid, entry.st_gid) == (0, 10001)
        assert not entry.st_mode & (stat.S_IRWXO | stat.S_IWGRP), path


def test_a_second_time_keeps_what_is_there(deploy: Path) -> None:
    made = make(deploy)
    assert make(deploy) == made
