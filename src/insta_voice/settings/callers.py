"""Who may call, how much, and how long what they said is kept."""

from datetime import timedelta
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings

from insta_voice.settings.base import CommaSeparated, env

SignupRule = Literal["known", "domains", "open"]


class SignupSettings(BaseSettings):
    """Who may call: people the company knows, whole domains, or anybody."""

    model_config = env("")
    signup: SignupRule | None = Field(
        None,
        description="known: imported people only; domains: also SIGNUP_DOMAINS; open: anybody who can sign in; "
        "empty is open with the Auth emulator, else known",
    )
    signup_domains: CommaSeparated = Field(
        (), description="with SIGNUP=domains: e-mail domains whose people may call, comma separated"
    )
    signup_strangers_may_call: bool = Field(
        False, description="says that SIGNUP=open is meant, in production: every call of a stranger costs you"
    )

    def rule(self, *, emulator: bool) -> SignupRule:
        """Who may call: what an empty SIGNUP stands for is decided here and nowhere else."""
        return self.signup or ("open" if emulator else "known")


class AccessSettings(BaseSettings):
    """Who may call, how often and how long: what a stranger can cost is bounded here."""

    model_config = env("LIMIT_")
    tokens_per_minute: int = Field(10, ge=1, description="join tokens a user may ask for in a minute")
    tokens_per_minute_per_address: int = Field(60, ge=1, description="the same for one network address")
    concurrent_calls_per_user: int = Field(1, ge=1, description="calls a user may hold at once")
    minutes_per_day: int = Field(60, ge=1, description="minutes of calls a user has in 24 hours")
    call_minutes: int = Field(30, ge=1, description="the longest single call, in minutes")
    concurrent_calls: int = Field(
        20, ge=1, description="calls of the whole installation at once; never more than its workers have places for"
    )


class PrivacySettings(BaseSettings):
    """How long what callers said is kept."""

    model_config = env("")
    retention_days: int = Field(
        90,
        ge=0,
        le=36_500,
        description="days after which a call, its turns, summary and tickets are deleted; 0 keeps them",
    )

    @property
    def retention(self) -> timedelta | None:
        """How long after its end a call is kept; None keeps it."""
        return timedelta(days=self.retention_days) or None
