"""What is said of the demo's articles beside one's own is what is true: who has given a name need not be told to."""

from pathlib import Path

import pytest
from tests.support.settings import settings_from

from insta_voice.cli.kb.demo_articles import beside_the_demos
from insta_voice.stack.demo_content import ARTICLES, loaded_into

OWN_NAME = {"COMPANY_NAME": "Acme", "SUPPORT_CONTACT": "help@acme.example"}
BY_HAND = "Take them out with `insta-voice kb remove --demo`"
CASES = {
    "the demo's name": ({}, True, f"{BY_HAND}, or set COMPANY_NAME to yours."),
    "one's own": (OWN_NAME, True, "The next start takes them out (or now: `insta-voice kb remove --demo`)."),
    "one's own, loaded by hand": (OWN_NAME, False, f"{BY_HAND}."),
    "one's own database": ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}, True, f"{BY_HAND}."),
}


@pytest.mark.parametrize(("variables", "by_up", "way"), CASES.values(), ids=CASES.keys())
def test_the_way_out_is_the_one_there_is(tmp_path: Path, variables: dict[str, str], by_up: bool, way: str) -> None:
    (tmp_path / "postgres").mkdir()
    if by_up:
        loaded_into(tmp_path / "postgres").add(ARTICLES)
    settings = settings_from({"INSTA_DATA_DIR": str(tmp_path), **variables})
    said = list(beside_the_demos(settings, ["invoices", "seats"], ["invoices", "seats"]))
    assert said == [f"Articles of the demo company are still there: 2. {way}"]


def test_without_the_demos_articles_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert list(beside_the_demos(settings_from({"INSTA_DATA_DIR": str(tmp_path)}), [], [])) == []
