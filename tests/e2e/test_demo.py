"""`make demo`: ten spoken questions over WebRTC, each answered from the expected articles, asked back, or not known;
the next call remembers.
"""

import json
import os
import subprocess
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.support.stack import UP, RunningStack

from insta_voice.agent.turns.words import plain_words


@pytest.mark.timeout(400)
def test_the_demo_meets_every_expectation(running_stack: RunningStack, tmp_path: Path) -> None:
    count_before, sum_before_s = heard_answers(running_stack)
    env = {**os.environ, "INSTA_DATA_DIR": str(running_stack.data_dir)}
    command = [UP[0], "demo", "--json", "--record", str(tmp_path / "call.wav")]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=380, check=False)
    print(done.stderr)
    report = json.loads(done.stdout)
    # Beside other tests a word is misheard now and then, and what was heard is answered: at most one question's.
    missed = [turn for turn in report["turns"] if turn["missing"]]
    assert all(plain_words(turn["understood"]) != plain_words(turn["said"]) for turn in missed), done.stderr
    assert len(missed) <= 1, done.stderr
    assert (done.returncode == 0, report["passed"]) == (not missed, not missed), done.stderr
    assert [turn["call"] for turn in report["turns"]] == [1] * 11 + [2]
    # Figures are bench/README.md's business; here they only have to be there.
    parts = [turn["parts_ms"] for turn in report["turns"] if turn["said"]]
    assert all(part["heard_ms"] >= part["first_audio_ms"] > 0 for part in parts)
    # Promise 40: operators are shown what was heard. The report has whole milliseconds.
    count, sum_s = heard_answers(running_stack)
    assert count - count_before == len(parts)
    heard_s = sum(part["heard_ms"] for part in parts) / 1000
    assert sum_s - sum_before_s == pytest.approx(heard_s, abs=0.001 * len(parts))
    assert {recording.name for recording in tmp_path.iterdir()} == {"call-1.wav", "call-2.wav"}


def heard_answers(stack: RunningStack) -> tuple[float, float]:
    """How many answers `/metrics` counts as heard, and after how many seconds together."""
    name = "insta_answer_heard_seconds"
    [heard] = [
        family
        for family in text_string_to_metric_families(httpx.get(f"{stack.up['url']}/metrics").text)
        if family.name == name
    ]
    told = {sample.name: sample.value for sample in heard.samples}
    return told[f"{name}_count"], told[f"{name}_sum"]
