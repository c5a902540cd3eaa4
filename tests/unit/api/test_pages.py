"""The built web page, and its fallback for addresses of its own router."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.api import Api, serving
from tests.support.firebase import SigningKey
from tests.support.settings import complete_settings

INDEX = "<!doctype html><title>Help</title>"


@pytest.fixture
async def site(tmp_path: Path, signing_key: SigningKey) -> AsyncIterator[Api]:
    """The API with a small build, and a secret beside it."""
    (tmp_path / "secret.txt").write_text("secret")
    page = tmp_path / "dist"
    (page / "assets").mkdir(parents=True)
    (page / "index.html").write_text(INDEX)
    (page / "icon.svg").write_text("<svg/>")
    (page / "assets" / "app-1a2b.js").write_text("run()")
    async with serving(complete_settings(), signing_key, page=page) as api:
        yield api


@pytest.mark.parametrize("path", ["/", "/help/7f6d6c1e", "/calls/x/y", "/index.html", "/apiary", "/a%00b", "/ä"])
async def test_addresses_of_the_page_are_the_page(site: Api, path: str) -> None:
    answer = await site.http.get(path)
    assert (answer.status_code, answer.text) == (200, INDEX)
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("path", ["/api/nowhere", "/api/", "/assets/gone.js", "/assets/", "/api/../../secret.txt"])
async def test_what_is_missing_in_the_api_or_assets_is_missing(site: Api, path: str) -> None:
    answer = await site.http.get(path.replace("..", "%2e%2e"))
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_files_are_served_as_they_are_and_hashed_ones_kept(site: Api) -> None:
    script = await site.http.get("/assets/app-1a2b.js")
    assert (script.text, script.headers["Cache-Control"]) == ("run()", "public, max-age=31536000, immutable")
    assert "javascript" in script.headers["Content-Type"]
    assert (await site.http.get("/icon.svg")).headers["Cache-Control"] == "no-cache"
    again = await site.http.get(
        "/icon.svg", headers={"If-None-Match": (await site.http.get("/icon.svg")).headers["ETag"]}
    )
    assert again.status_code == 304
    assert (await site.http.get("/icon.svg", headers={"Range": "bytes=a-b"})).text == "<svg/>"


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/assets/..%2f..%2fsecret.txt"]
)
async def test_nothing_beside_the_page_is_reachable(site: Api, path: str) -> None:
    assert "secret" not in (await site.http.get(path)).text


async def test_only_reading(site: Api) -> None:
    assert (await site.http.head("/")).status_code == 200
    assert (await site.http.post("/")).status_code == 405


async def test_a_page_that_is_not_built_says_how(tmp_path: Path, signing_key: SigningKey) -> None:
    async with serving(complete_settings(), signing_key, page=tmp_path / "none") as api:
        answer = await api.http.get("/")
        assert answer.status_code == 503
        assert "make setup" in answer.text
        assert (await api.http.get("/healthz")).status_code == 200
