"""What the page is told before anyone signed in."""

from tests.support.settings import COMPLETE, complete_settings

from insta_voice.api.config import page_config
from insta_voice.company import LogoFile

DEMO = {
    "INSTA_ENV": "development",
    "FIREBASE_PROJECT_ID": "demo-insta-voice",
    "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099",
    "FIREBASE_WEB_API_KEY": None,
}


def test_production_tells_the_project_and_no_logins() -> None:
    config = page_config(complete_settings(SIGNUP=None)).model_dump()
    assert config == {
        "company_name": "Acme",
        "support_contact": "help@acme.example",
        "mode": "local",
        "firebase": {
            "project_id": "insta-voice-test",
            "api_key": "public-web-key",
            "auth_domain": "insta-voice-test.firebaseapp.com",
            "emulator_url": None,
        },
        "google_sign_in": True,
        "demo": False,
        "demo_users": [],
        "company": {
            "name": "Acme",
            "support_contact": "help@acme.example",
            "logo_url": None,
            "accent": None,
            "privacy_url": None,
        },
        "signup": "known",
        "retention_days": 90,
        "languages": [{"code": "en", "name": "English"}],
    }


def test_the_page_offers_the_languages_that_calls_are_held_in() -> None:
    languages = {"LANGUAGES": "de,en"}
    assert [one.name for one in page_config(complete_settings(**languages)).languages] == ["English"], "local speech"
    offered = page_config(complete_settings(**languages, OPENAI_API_KEY="sk-test")).languages
    assert [(one.code, one.name) for one in offered] == [("de", "Deutsch"), ("en", "English")]


def test_the_company_is_told_as_it_is_set() -> None:
    logo = LogoFile(b"", "image/png", "abc123")
    variables = {"COMPANY_ACCENT": "#f00", "COMPANY_PRIVACY_URL": "https://acme.example/privacy"}
    company = page_config(complete_settings(**variables, COMPANY_LOGO="logo.png"), logo).company
    assert company.logo_url == "/api/logo?v=abc123"
    assert company.accent == "oklch(0.628 0.2577 29.23)"  # red, as browsers convert it
    assert company.privacy_url == "https://acme.example/privacy"
    elsewhere = page_config(complete_settings(COMPANY_LOGO="https://cdn.acme.example/logo.svg")).company
    assert elsewhere.logo_url == "https://cdn.acme.example/logo.svg"


def test_the_emulator_comes_with_its_people() -> None:
    config = page_config(complete_settings(**DEMO, SIGNUP=None))
    assert config.firebase.emulator_url == "http://127.0.0.1:9099"
    assert config.demo
    assert config.signup == "open"
    assert {user.email: user.role for user in config.demo_users} == {
        "maya@tidewater.example": "customer",
        "leo@tidewater.example": "customer",
        "sam@tidewater.example": "support",
        "ada@tidewater.example": "admin",
    }


def test_an_emulator_of_your_own_has_no_demo_people() -> None:
    assert not page_config(complete_settings(**{**DEMO, "FIREBASE_PROJECT_ID": "demo-mine"})).demo


def test_an_installation_without_the_demo_offers_nobody_of_it() -> None:
    config = page_config(complete_settings(**DEMO, DEMO_CONTENT="false"))
    assert not config.demo
    assert config.demo_users == []


def test_nothing_secret_is_told() -> None:
    told = page_config(complete_settings(OPENAI_API_KEY="sk-hidden")).model_dump_json()
    assert "sk-hidden" not in told
    assert COMPLETE["LIVEKIT_API_SECRET"] not in told
    assert '"mode":"realtime"' in told
