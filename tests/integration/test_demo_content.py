"""The demo company is put into an embedded database once, and is taken out whole when it is wanted no longer."""

from pathlib import Path

import pytest
from tests.support.knowledge import write_article

from insta_voice.auth.demo import DEMO_USERS
from insta_voice.customers import Profile, get_profile, get_user_account_info_from_db, import_profile
from insta_voice.db import Database
from insta_voice.knowledge import LocalEmbedder, ingest, list_articles
from insta_voice.stack import demo_content
from insta_voice.stack.demo_content import ARTICLES, DemoContent, Loaded, match_demo

WHOLE = DemoContent(people=True, articles=True)
NONE = DemoContent(people=False, articles=False)


async def demo_people(db: Database) -> list[Profile]:
    found = [await get_profile(db, user.user_id) for user in DEMO_USERS]
    return [profile for profile in found if profile is not None]


async def test_its_people_come_once_and_go_again(db: Database, database_url: str, tmp_path: Path) -> None:
    loaded = Loaded(tmp_path / "loaded.json")
    await import_profile(db, user_id="own", email="own@acme.example", name="Own", account={"seats": 3})
    assert await match_demo(database_url, loaded, WHOLE) == []
    assert {profile.role for profile in await demo_people(db)} == {"customer", "support", "admin"}

    await import_profile(db, user_id="demo-maya", email="maya@tidewater.example", name="Renamed")
    await match_demo(database_url, loaded, WHOLE)
    maya = await get_profile(db, "demo-maya")
    assert maya is not None
    assert maya.name == "Renamed", "what was changed since is not overwritten"

    assert await match_demo(database_url, loaded, NONE) == ["people"]
    assert await demo_people(db) == []
    own = await get_user_account_info_from_db("own", db=db)
    assert own is not None
    assert own["seats"] == 3
    assert await match_demo(database_url, loaded, NONE) == []


async def test_its_articles_go_and_the_companys_own_stay(
    db: Database, database_url: str, embedder: LocalEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs, ours = tmp_path / "demo", tmp_path / "ours"
    write_article(theirs, "seats", "Seats", "A seat is a person.")
    write_article(ours, "rentals", "Rentals", "A rental is a bicycle.")
    monkeypatch.setattr(demo_content, "ARTICLES_FOLDER", theirs.resolve())
    await ingest(db, embedder, [theirs, ours])
    loaded = Loaded(tmp_path / "loaded.json")
    loaded.add(ARTICLES)

    assert await match_demo(database_url, loaded, NONE) == ["help articles"]
    assert [article.title for article in await list_articles(db)] == ["Rentals"]
    assert ARTICLES not in loaded


async def test_articles_that_up_did_not_load_are_left_alone(
    db: Database, database_url: str, embedder: LocalEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody tries the demo's articles under their own name: that was their own `kb ingest`."""
    theirs = tmp_path / "demo"
    write_article(theirs, "seats", "Seats", "A seat is a person.")
    monkeypatch.setattr(demo_content, "ARTICLES_FOLDER", theirs.resolve())
    await ingest(db, embedder, [theirs])
    assert await match_demo(database_url, Loaded(tmp_path / "loaded.json"), NONE) == []
    assert len(await list_articles(db)) == 1
