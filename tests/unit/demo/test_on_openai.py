"""`make demo MODE=…`: which program the flag starts, and what the product is given of the scripted OpenAI."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.demo_on_openai import data_dir, environment, hold, local_ear, main
from tests.support.documents import ROOT
from tests.support.openai import ScriptedOpenAI, tone
from tests.support.openai.sound import as_wav
from tests.support.vendors import Vendor, serving

from insta_voice.stack.up_file import Addresses, write_up_file

OWN = ".venv/bin/insta-voice demo"
ON_OPENAI = ".venv/bin/python -m tests.support.demo_on_openai"
# In the place of `insta-voice demo`: is asked for its environment, hears the voice, and fails.
ASKS = """
import os, sys, httpx
environment, key = os.environ, {"authorization": f"Bearer {os.environ['OPENAI_API_KEY']}"}
said = {"model": "m", "voice": "v", "input": "Hello.", "response_format": "pcm"}
heard = httpx.post(environment["OPENAI_BASE_URL"] + "/audio/speech", headers=key, json=said)
right = environment["VOICE_MODE"] == "pipeline" and sys.argv[1:] == ["--json"] and len(heard.content) > 1000
sys.exit(7 if right else 1)
"""


@pytest.mark.parametrize(
    ("flag", "program"),
    [
        ((), OWN),
        (("MODE=local",), OWN),
        (("MODE=realtime",), f"{ON_OPENAI} realtime"),
        (("MODE=pipeline",), f"{ON_OPENAI} pipeline"),
    ],
)
def test_the_flag_chooses_the_program_and_arguments_reach_it(flag: tuple[str, ...], program: str) -> None:
    told = ["make", "--dry-run", "--no-print-directory", "demo", "ARGS=--json", *flag]
    # These tests are run by make too, which tells the makes below it what it was told itself.
    alone = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}}
    commands = subprocess.run(told, cwd=ROOT, env=alone, capture_output=True, text=True, check=True).stdout.splitlines()
    assert commands[-1] == f"exec {program} --json"


def test_another_mode_is_refused_with_those_there_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["demo", "telepathy"])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert "MODE=local|realtime|pipeline" in capsys.readouterr().err


def test_nothing_of_a_dotenv_leads_to_openai_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INSTA_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("OPENAI_LLM_BASE_URL", "https://elsewhere.example/v1")
    openai = ScriptedOpenAI()
    openai.url = "http://127.0.0.1:9/v1"
    given = environment("realtime", openai)
    parts = ("OPENAI", "OPENAI_LLM", "OPENAI_STT", "OPENAI_TTS")
    assert {given[f"{part}_BASE_URL"] for part in parts} == {openai.url}
    assert {given[f"{part}_API_KEY"] for part in parts} == {openai.address["api_key"]}
    assert given["VOICE_MODE"] == "realtime"
    assert given["INSTA_DATA_DIR"] == str(data_dir()) != str(tmp_path), "what runs there is in another mode"


async def test_openai_is_there_while_the_demo_is_held_and_its_exit_code_is_given() -> None:
    assert await hold("pipeline", [sys.executable, "-c", ASKS, "--json"]) == 7


async def test_it_hears_with_the_recogniser_of_the_installation(tmp_path: Path) -> None:
    assert await local_ear(tmp_path)(as_wav(tone("Hm."))) == "", "it is being stopped"
    speech = Vendor({"/v1/audio/transcriptions": (200, {"text": "Let me talk to a person."})})
    write_up_file(tmp_path, Addresses("", "", "", None, speech.url, ()))
    with serving(speech):
        assert await local_ear(tmp_path)(as_wav(tone("Hm."))) == "Let me talk to a person."
