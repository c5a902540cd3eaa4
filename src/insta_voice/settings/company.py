"""The company: its name and look, the demo, where the facts about its customers come from, where its tickets go."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from insta_voice.languages import LANGUAGES, Language
from insta_voice.settings.base import CommaSeparated, LanguageCodes, env


class CompanySettings(BaseSettings):
    """How the assistant introduces itself and where it sends people."""

    model_config = env("")
    company_name: str = Field("Tidewater", description="as spoken and shown; the demo company by default")
    support_contact: str = Field(
        "support@tidewater.example", description="given to callers when no ticket can be delivered"
    )
    languages: LanguageCodes = Field(
        ("en",), min_length=1, description="en, de, es: what callers may choose, comma separated; yours first"
    )
    welcome_message: str | None = Field(
        None, description="your own greeting; may hold $company_name, $name, $notice and $support_contact"
    )
    welcome_message_en: str | None = Field(None, description="the same in English, where another language is first")
    welcome_message_de: str | None = Field(None, description="the same in German")
    welcome_message_es: str | None = Field(None, description="the same in Spanish")
    company_logo: str | None = Field(None, description="a picture file, or the https:// address of one")
    company_accent: str | None = Field(None, description="your colour: #0a6ebd or oklch(0.53 0.14 250)")
    company_privacy_url: str | None = Field(None, description="your privacy notice, linked on the page")

    @property
    def language(self) -> Language:
        """The company's own, in which its people read."""
        return LANGUAGES[self.languages[0]]

    def own_welcome_message(self, language: Language) -> str | None:
        """The company's greeting in `language`: WELCOME_MESSAGE is in its own."""
        named: str | None = getattr(self, f"welcome_message_{language.code}")
        return named or (self.welcome_message if language == self.language else None)


class DemoSettings(BaseSettings):
    """The demo company: it lives in the embedded database with the sign-in emulator, and nowhere else."""

    model_config = env("DEMO_")
    content: bool = Field(
        True, description="whether it is there at all; its articles only while COMPANY_NAME is the demo's"
    )


class AccountSettings(BaseSettings):
    """Where the facts about a caller's account come from: your own endpoint, or empty for what was imported."""

    model_config = env("ACCOUNT_")
    url: str | None = Field(None, description="your endpoint, asked with a signed POST (docs/account-facts.md)")
    secret: SecretStr | None = Field(None, description="signs the question: HMAC-SHA256 in X-Insta-Signature")
    fields: CommaSeparated = Field(
        (), description="the only facts that are used, comma separated; empty uses all imported ones"
    )
    timeout_s: float = Field(2.0, gt=0, le=3, description="seconds your endpoint has; a caller hears the wait")
    cache_s: float = Field(300.0, ge=0, description="seconds an answer is used again within one call")
    allow_private: bool = Field(False, description="lets ACCOUNT_URL lead into your own network")


class NotifySettings(BaseSettings):
    """Where tickets go. With neither a webhook nor SMTP, callers are given SUPPORT_CONTACT."""

    model_config = env("TICKET_")
    webhook_url: str | None = Field(None, description="receives each ticket as signed JSON")
    webhook_secret: SecretStr | None = Field(None, description="signs it: HMAC-SHA256 in X-Insta-Signature")
    smtp_url: SecretStr | None = Field(None, description="smtp(s)://user:password@host:port")
    email_from: str | None = Field(None, description="sender of ticket mail")
    email_to: str | None = Field(None, description="recipient of ticket mail")
