"""What doctor says of providers that the calls of this machine leave alone."""

import re
import time
from pathlib import Path

from tests.support.doctor import said, surroundings

from insta_voice.doctor.providers import check_providers
from insta_voice.voice.breaker import Breakers, InFiles


async def examined(data_dir: Path) -> str:
    return said(await check_providers(surroundings({"INSTA_DATA_DIR": str(data_dir)})))


async def test_a_provider_that_is_left_alone_is_named_with_its_time(tmp_path: Path) -> None:
    assert await examined(tmp_path) == ""
    breakers = Breakers(InFiles(tmp_path / "breakers"), clock=time.monotonic)
    breaker = breakers.of("api.openai.com gpt-realtime")
    breaker.failed()
    assert await examined(tmp_path) == "", "one failure happens to everyone"
    breaker.failed()
    assert "warning: api.openai.com gpt-realtime failed 2 times in a row" in await examined(tmp_path)
    assert re.search(r"no call asks it for another (20|1\d) s\.", await examined(tmp_path))
    breaker.succeeded()
    breakers_25_s_ago = Breakers(InFiles(tmp_path / "breakers"), clock=lambda: time.monotonic() - 25)
    breakers_25_s_ago.of("api.openai.com gpt-realtime").failed(hopeless=True)
    assert "failed once: the next call tries it again." in await examined(tmp_path)
    breaker.succeeded()
    assert await examined(tmp_path) == ""
