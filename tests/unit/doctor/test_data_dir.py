"""What doctor says of the data directory, the page's port and what set-up brings."""

import os
import socket
from contextlib import closing
from pathlib import Path

import pytest
from tests.support.doctor import said, surroundings
from tests.support.vendors import Vendor, serving

from insta_voice.doctor import data_dir
from insta_voice.doctor.data_dir import check_data_dir, check_machine, check_programs

ELSEWHERE = {"DATABASE_URL": "postgresql://x@y/z", "LIVEKIT_URL": "wss://x.example", "FIREBASE_PROJECT_ID": "acme-help"}


async def examined(folder: Path, **variables: str) -> str:
    return said(await check_data_dir(surroundings({"INSTA_DATA_DIR": str(folder), **variables})))


async def test_a_directory_that_is_right_is_left_as_it_is(tmp_path: Path) -> None:
    assert "can be written" in await examined(tmp_path / "data")
    assert os.listdir(tmp_path) == []


async def test_a_file_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    assert "problem: INSTA_DATA_DIR is" in await examined(tmp_path / "data")
    assert "| Name a directory." in await examined(tmp_path / "data")


async def test_a_disk_that_is_nearly_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_dir, "LOW_FREE_BYTES", 1024**5)  # more than any disk this runs on
    assert "warning: Only " in await examined(tmp_path)


async def test_a_database_of_another_version(tmp_path: Path) -> None:
    cluster = tmp_path / "postgres" / "cluster"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("17\n")
    assert "was made by Postgres 17; here is Postgres 18." in await examined(tmp_path)
    (cluster / "PG_VERSION").write_text("18\n")
    assert "Postgres 18" not in await examined(tmp_path)


async def test_where_everything_is_kept_elsewhere_there_is_nothing_to_say(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    assert await examined(tmp_path / "data", **ELSEWHERE) == ""


async def test_a_port_that_another_program_has() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as thief:
        port = thief.getsockname()[1]
        thief.listen()
        thief.settimeout(0)
        found = said(await check_machine(surroundings({"INSTA_PORT": str(port)})))
    assert f"problem: Port {port} is in use by" in found


async def test_a_port_that_the_api_has_itself() -> None:
    api = Vendor({"/healthz": (200, {"status": "alive"})})
    with serving(api):
        assert "is in use" not in said(await check_machine(surroundings({"INSTA_PORT": api.url.rsplit(":", 1)[1]})))


async def test_what_set_up_brings_is_missed_only_where_it_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no Node.js here
    assert "problem: Node.js is not here. | Install it" in said(await check_programs(surroundings({})))
    missing = {"LIVEKIT_SERVER_BINARY": str(tmp_path / "gone")}
    assert "problem: LIVEKIT_SERVER_BINARY is" in said(await check_programs(surroundings(missing)))
    assert await check_programs(surroundings({**ELSEWHERE, **missing})) == []
