"""Where the scripted caller may call. A company's own installation was once told that it needs an empty directory."""

import re
from pathlib import Path

import pytest
from tests.support.vendors import Vendor, serving

from insta_voice.demo.customer import Installation
from insta_voice.errors import ConfigurationError
from insta_voice.stack.up_file import Addresses, write_up_file


def test_without_the_demos_people_there_is_a_command_that_brings_them(tmp_path: Path) -> None:
    write_up_file(tmp_path, Addresses("http://x", "ws://x", "", "http://y", "http://z", ()))
    with pytest.raises(ConfigurationError) as refused:
        Installation.running_in(tmp_path)
    assert "DEMO_CONTENT=false" in refused.value.message
    folder, program = re.search(r"mkdir -p (\S+) && cd \1 && (\S+) demo$", refused.value.message).groups()  # type: ignore[union-attr]
    assert folder == ".data/demo"
    assert Path(program).is_file()


async def test_what_runs_already_has_to_be_in_the_mode_that_is_asked_for() -> None:
    page = Vendor({"/api/config": (200, {"mode": "local"})})
    installation = Installation(page.url, "", "", {})
    with serving(page):
        assert await installation.mode("auto") == "local"
        assert await installation.mode("local") == "local"
        with pytest.raises(ConfigurationError, match="in mode local, and VOICE_MODE is realtime"):
            await installation.mode("realtime")
