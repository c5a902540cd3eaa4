"""What browsers are told: the policy lets the page work and nothing else in."""

from pathlib import Path

from tests.support.firebase import SigningKey
from tests.support.settings import complete_settings

from insta_voice.api.headers import content_security_policy, security_headers


def directives(**variables: str | None) -> dict[str, list[str]]:
    policy = content_security_policy(complete_settings(**variables))
    return {part.split()[0]: part.split()[1:] for part in policy.split("; ")}


def test_scripts_come_from_the_page_and_googles_sign_in_only() -> None:
    found = directives()
    assert found["script-src"] == ["'self'", "https://apis.google.com"]
    assert found["default-src"] == found["object-src"] == found["base-uri"] == found["frame-ancestors"] == ["'none'"]
    assert not any("unsafe" in source or source == "*" for sources in found.values() for source in sources)


def test_the_page_reaches_the_call_server_and_firebase() -> None:
    found = directives(LIVEKIT_URL="ws://127.0.0.1:7880")["connect-src"]
    assert {"ws://127.0.0.1:7880", "http://127.0.0.1:7880"} <= set(found)
    assert {"https://identitytoolkit.googleapis.com", "https://securetoken.googleapis.com"} <= set(found)
    public = directives(LIVEKIT_URL="ws://livekit:7880", LIVEKIT_PUBLIC_URL="wss://calls.example.com")["connect-src"]
    assert {"wss://calls.example.com", "https://calls.example.com"} <= set(public)
    assert not any("livekit:7880" in source for source in public)


def test_livekit_cloud_may_choose_a_region() -> None:
    assert "wss://*.livekit.cloud" in directives(LIVEKIT_URL="wss://acme.livekit.cloud")["connect-src"]
    assert "wss://*.livekit.cloud" not in directives()["connect-src"]


def test_the_emulator_is_reached_only_where_there_is_one() -> None:
    emulated = directives(INSTA_ENV="development", FIREBASE_AUTH_EMULATOR_HOST="127.0.0.1:9099")
    assert "http://127.0.0.1:9099" in emulated["connect-src"]
    assert "http://127.0.0.1:9099" in emulated["frame-src"]
    assert directives()["frame-src"] == ["https://insta-voice-test.firebaseapp.com"]


def test_a_logo_may_come_from_where_the_company_keeps_it_and_nowhere_else() -> None:
    assert directives()["img-src"] == directives(COMPANY_LOGO="logo.png")["img-src"] == ["'self'", "data:"]
    elsewhere = directives(COMPANY_LOGO="https://cdn.acme.example:8443/a;b/logo.svg?x='unsafe-inline'")
    assert elsewhere["img-src"] == ["'self'", "data:", "https://cdn.acme.example:8443"]


def test_encryption_is_remembered_only_where_it_is_promised() -> None:
    assert "Strict-Transport-Security" not in security_headers(complete_settings())
    behind_tls = security_headers(complete_settings(INSTA_PUBLIC_URL="https://help.example.com"))
    assert behind_tls["Strict-Transport-Security"].startswith("max-age=")


async def test_every_answer_carries_them(tmp_path: Path, signing_key: SigningKey) -> None:
    from tests.support.api import serving

    (tmp_path / "index.html").write_text("<!doctype html>")
    settings = complete_settings(INSTA_ALLOWED_ORIGINS="https://app.example.com")
    async with serving(settings, signing_key, page=tmp_path) as api:
        for path in ("/", "/api/config", "/api/nowhere", "/healthz", "/assets/none.js"):
            headers = (await api.http.get(path)).headers
            for name, value in security_headers(settings).items():
                assert headers[name] == value, path
        assert (await api.http.get("/api/config")).headers["Cache-Control"] == "no-store"

        theirs = await api.http.get("/api/config", headers={"Origin": "https://app.example.com"})
        assert theirs.headers["Access-Control-Allow-Origin"] == "https://app.example.com"
        assert "Access-Control-Allow-Credentials" not in theirs.headers
        strangers = await api.http.get("/api/config", headers={"Origin": "https://evil.example"})
        assert "Access-Control-Allow-Origin" not in strangers.headers
