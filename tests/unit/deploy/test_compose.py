"""deploy/compose.yaml: what runs, with which rights, and who can reach what.

Whether it is a compose file is asked of Docker's own parser by `make test-deploy`; here is what no parser knows.
"""

import ipaddress
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.support.settings import settings_from

from insta_voice.auth.safety import unsafe_reasons
from insta_voice.cli.main import COMMANDS

DEPLOY = Path(__file__).parents[3] / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name for name, service in SERVICES.items() if "INSTA_IMAGE" in service["image"]}
LIVEKIT = yaml.safe_load((DEPLOY / "compose" / "livekit.yaml").read_text())
# What a person fills into deploy/.env.
FILLED_IN = {
    "INSTA_DOMAIN": "help.acme.example",
    "PUBLIC_IP": "192.0.2.7",
    "FIREBASE_PROJECT_ID": "acme-support",
    "FIREBASE_WEB_API_KEY": "public",
    "FIREBASE_AUTH_DOMAIN": "acme-support.firebaseapp.com",
    "COMPANY_NAME": "Acme",
    "SUPPORT_CONTACT": "help@acme.example",
}
SECRETS = {
    "database_url": "postgresql://insta_login:pw@postgres:5432/insta_voice",
    "owner_database_url": "postgresql://insta_owner:pw@postgres:5432/insta_voice",
    "livekit_api_secret": "a" * 64,
}


def variables(file: Path) -> dict[str, str]:
    lines = (line for line in file.read_text().splitlines() if line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


def filled(text: str) -> str:
    return re.sub(r"\$\{(\w+)(?::\?[^}]*)?\}", lambda found: FILLED_IN[found[1]], text)


def environment(name: str) -> dict[str, str]:
    """What the processes of a service see as settings, its secrets included."""
    service = SERVICES[name]
    mounted = {}
    for secret in service["secrets"]:
        source, target = (secret["source"], secret["target"]) if isinstance(secret, dict) else (secret, secret)
        mounted[target.upper()] = SECRETS[source]
    said = {key: filled(str(value)) for key, value in service["environment"].items()}
    return {**mounted, **variables(DEPLOY / "env.example"), **FILLED_IN, **said}


def seconds(duration: str) -> int:
    return int(duration[:-1]) * {"s": 1, "m": 60}[duration[-1]]


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_held_down(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("privileged") is None
    assert service.get("network_mode") is None
    assert not any("docker.sock" in str(volume) for volume in service.get("volumes", []))
    assert {"cpus", "mem_limit", "pids_limit", "restart", "networks"} <= service.keys()
    if name == "proxy":
        assert service["cap_add"] == ["NET_BIND_SERVICE"]
    else:
        assert "cap_add" not in service
        assert int(service["user"].split(":")[0]) >= 999


def test_only_what_callers_need_is_open() -> None:
    published = {port for service in SERVICES.values() for port in service.get("ports", [])}
    media = {f"{LIVEKIT['rtc']['tcp_port']}:7881/tcp", f"{LIVEKIT['rtc']['udp_port']}:7882/udp"}
    assert published == {"80:80/tcp", "443:443/tcp", *media}


def test_who_reaches_whom() -> None:
    inside = {name for name, network in COMPOSE["networks"].items() if network.get("internal")}
    assert inside == {"back", "voice"}
    assert SERVICES["postgres"]["networks"] == ["back"]
    assert SERVICES["speech"]["networks"] == ["voice"]
    assert set(SERVICES["proxy"]["networks"]) == {"front"}
    assert {name for name, service in SERVICES.items() if "front" in service["networks"]} == {"proxy", "api", "livekit"}


def test_the_trusted_proxy_is_the_proxy() -> None:
    address = SERVICES["proxy"]["networks"]["front"]["ipv4_address"]
    (network,) = COMPOSE["networks"]["front"]["ipam"]["config"]
    assert ipaddress.ip_address(address) in ipaddress.ip_network(network["subnet"])
    assert SERVICES["api"]["environment"]["INSTA_TRUSTED_PROXIES"] == address


@pytest.mark.parametrize("name", SERVICES)
def test_waiting_for_a_healthy_part_needs_a_health_check(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        expected = {"service_healthy": "healthcheck", "service_completed_successfully": "restart"}
        assert how["condition"] in {"service_started", *expected}
        if how["condition"] in expected:
            assert expected[how["condition"]] in SERVICES[other]
    assert set(SERVICES[name].get("depends_on", {})) <= SERVICES.keys()


def test_the_parts_are_commands_of_the_image() -> None:
    assert {SERVICES[name]["command"][0] for name in OURS - {"tools"}} <= COMMANDS.keys()
    assert {"api", "worker", "jobs", "speech"} <= {SERVICES[name]["command"][0] for name in OURS}


def test_no_secret_stands_in_the_environment() -> None:
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            secret = re.search(r"PASSWORD|SECRET|TOKEN|_KEY|DATABASE_URL", variable)
            assert not secret or variable.endswith("_FILE") or variable == "LIVEKIT_API_KEY", (name, variable, value)


def test_every_secret_is_made_and_used() -> None:
    script = (DEPLOY / "compose" / "make-secrets.sh").read_text()
    made = set(re.findall(r"^write (\w+) ", script, re.MULTILINE))
    asked = {
        secret["source"] if isinstance(secret, dict) else secret
        for service in SERVICES.values()
        for secret in service.get("secrets", [])
    }
    assert made == asked == set(COMPOSE["secrets"])
    assert {entry["file"] for entry in COMPOSE["secrets"].values()} == {f"./secrets/{name}" for name in made}


def test_only_the_owners_commands_get_the_owners_address() -> None:
    owners = {name for name in OURS if "owner_database_url" in str(SERVICES[name]["secrets"])}
    assert owners == {"migrate", "tools"}


def test_every_variable_is_a_setting() -> None:
    known = set(variables(DEPLOY.parent / ".env.example")) | {"INSTA_DOMAIN", "PUBLIC_IP"}
    said = {variable for name in OURS for variable in SERVICES[name]["environment"]}
    assert said | set(variables(DEPLOY / "env.example")) <= known


@pytest.mark.parametrize("name", ["api", "worker", "jobs"])
def test_what_the_parts_are_given_is_safe_and_complete(name: str) -> None:
    settings = settings_from(environment(name))
    assert list(unsafe_reasons(settings)) == []
    assert settings.service.env == "production"
    assert settings.livekit.public_url == "wss://help.acme.example"


def test_a_forgotten_address_is_noticed() -> None:
    """Or else the test above would pass with anything."""
    without = {key: value for key, value in environment("api").items() if key != "DATABASE_URL"}
    assert any("DATABASE_URL" in reason for reason in unsafe_reasons(settings_from(without)))


def test_calls_may_end_before_their_worker_is_killed() -> None:
    settings = settings_from(environment("worker"))
    assert settings.voice.drain_s >= 60 * settings.limits.call_minutes
    assert seconds(SERVICES["worker"]["stop_grace_period"]) > settings.voice.drain_s


def test_the_call_server_signs_with_the_key_it_is_asked_with() -> None:
    script = (DEPLOY / "compose" / "make-secrets.sh").read_text()
    key = SERVICES["api"]["environment"]["LIVEKIT_API_KEY"]
    assert LIVEKIT["webhook"]["api_key"] == key
    assert f'write livekit_keys "{key}: ' in script
