"""The scenario that `docs/evals.md` shows is one, and its table names what a scenario may hold."""

from pathlib import Path

from insta_voice.evals.reading import read_scenarios
from insta_voice.evals.scenario import Call, Scenario

DOCUMENT = (Path(__file__).parents[3] / "docs" / "evals.md").read_text("utf-8")


def test_what_is_shown_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "shown.yaml"
    file.write_text(DOCUMENT.split("```yaml\n")[1].split("```")[0], "utf-8")
    [scenario] = read_scenarios([file])
    assert scenario.tickets == 1


def test_every_part_is_named() -> None:
    parts = {*Scenario.model_fields, *Call.model_fields} - {"name"}
    assert [part for part in sorted(parts) if f"{part}:" not in DOCUMENT] == []
