"""Which port a part gets."""

import json
import os
import random
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from insta_voice.errors import ConfigurationError
from insta_voice.stack.ports import CHOICES, Ports, is_free, refuse_taken


@pytest.fixture
def taken() -> object:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_last_times_port_is_taken_again(tmp_path: Path) -> None:
    first = Ports(tmp_path / "ports.json")
    chosen = first.choose("web"), first.choose("speech")
    first.keep()
    again = Ports(tmp_path / "ports.json")
    assert (again.choose("web"), again.choose("speech")) == chosen


def test_a_port_in_use_is_replaced(tmp_path: Path, taken: int) -> None:
    (tmp_path / "ports.json").write_text(json.dumps({"web": taken}))
    ports = Ports(tmp_path / "ports.json")
    port = ports.choose("web", first=taken)
    assert port in CHOICES
    (sentence,) = ports.displaced
    assert re.fullmatch(rf"{taken} is in use by .+ \(process {os.getpid()}\), so web is on {port}\.", sentence)


def test_a_usual_port_needs_no_word(tmp_path: Path, taken: int) -> None:
    ports = Ports(tmp_path / "ports.json")
    ports.choose("web", first=ports.choose("speech") + 1)
    (tmp_path / "ports.json").write_text(json.dumps({"jobs": taken}))
    Ports(tmp_path / "ports.json").choose("jobs")  # nobody knows it by its port
    assert ports.displaced == []


def test_two_parts_never_share_one(tmp_path: Path) -> None:
    class Stuck(random.Random):
        def sample(self, population: object, k: int, *, counts: object = None) -> list[int]:
            return [CHOICES[0], CHOICES[1]]

    ports = Ports(tmp_path / "ports.json", chance=Stuck())
    assert ports.choose("a") != ports.choose("b")


def test_an_unreadable_file_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "ports.json").write_text("{")
    assert Ports(tmp_path / "ports.json").choose("web") in CHOICES


def test_two_installations_that_start_together_choose_differently(tmp_path: Path) -> None:
    """Neither listens yet: the first one's choice is known to the second all the same."""
    port = Ports(tmp_path / "ports.json").choose("web")
    (tmp_path / "ports.json").write_text(json.dumps({"web": port}))
    choose = "import sys; from pathlib import Path; from insta_voice.stack.ports import Ports; "
    choose += "print(Ports(Path(sys.argv[1])).choose('web'))"
    other = subprocess.run(
        [sys.executable, "-c", choose, str(tmp_path / "ports.json")], capture_output=True, text=True, check=True
    )
    assert is_free(port)
    assert int(other.stdout) != port


def test_free_and_taken(taken: int) -> None:
    assert not is_free(taken)


def test_a_taken_port_is_named_with_the_mend(taken: int) -> None:
    with pytest.raises(ConfigurationError, match=rf"Port {taken} is in use by .*INSTA_PORT=\d+"):
        refuse_taken(taken, "127.0.0.1", "INSTA_PORT")
