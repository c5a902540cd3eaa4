"""What `up` writes into its data directory: readable by its owner alone, and understood again."""

import json
import stat
from pathlib import Path

import yaml

from insta_voice.stack.livekit_config import livekit_config, load_or_make_keys, write_livekit_config
from insta_voice.stack.lock import DataDirLock
from insta_voice.stack.up_file import Addresses, DemoLogin, read_up_file, up_file, write_up_file

ADDRESSES = Addresses(
    url="http://127.0.0.1:8080",
    livekit_url="ws://127.0.0.1:7880",
    database_url="postgresql://someone@127.0.0.1/insta_voice",
    auth_emulator="http://127.0.0.1:9099",
    speech_url="http://127.0.0.1:9100",
    demo_users=(DemoLogin("maya@tidewater.example", "tidewater-demo", "customer"),),
)


def private(file: Path) -> bool:
    return stat.S_IMODE(file.stat().st_mode) == 0o600


def test_up_json_has_the_fields_of_the_contract(tmp_path: Path) -> None:
    write_up_file(tmp_path, ADDRESSES)
    written = json.loads(up_file(tmp_path).read_text())
    assert list(written) == ["url", "livekit_url", "database_url", "auth_emulator", "speech_url", "demo_users"]
    assert written["demo_users"] == [
        {"email": "maya@tidewater.example", "password": "tidewater-demo", "role": "customer"}
    ]
    assert read_up_file(tmp_path) == ADDRESSES
    assert private(up_file(tmp_path))


def test_no_up_json_is_none(tmp_path: Path) -> None:
    assert read_up_file(tmp_path) is None


def test_livekit_keys_are_made_once_and_kept_private(tmp_path: Path) -> None:
    made = load_or_make_keys(tmp_path / "one")
    assert load_or_make_keys(tmp_path / "one") == made
    assert load_or_make_keys(tmp_path / "two") != made
    assert len(made.api_secret) >= 64
    assert private(tmp_path / "one" / "keys.json")


def test_livekit_listens_on_loopback_only_and_signs_webhooks(tmp_path: Path) -> None:
    keys = load_or_make_keys(tmp_path)
    config = livekit_config(port=1, udp_port=2, keys=keys, webhook_url="http://127.0.0.1/api/livekit/webhook")
    file = write_livekit_config(tmp_path, config)
    assert private(file)
    read = yaml.safe_load(file.read_text())
    assert read["bind_addresses"] == ["127.0.0.1"]
    assert read["rtc"]["tcp_port"] == 0
    assert read["rtc"]["ips"] == {"includes": ["127.0.0.0/8"]}
    assert read["webhook"] == {"api_key": keys.api_key, "urls": ["http://127.0.0.1/api/livekit/webhook"]}
    assert read["keys"] == {keys.api_key: keys.api_secret}


def test_the_lock_names_its_holder(tmp_path: Path) -> None:
    first, second = DataDirLock(tmp_path), DataDirLock(tmp_path)
    assert first.try_acquire("up") is None
    holder = second.try_acquire("command")
    assert holder is not None
    assert (holder.purpose, holder.alive) == ("up", True)
    first.release()
    assert second.try_acquire("command") is None
    second.release()
