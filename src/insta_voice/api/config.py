"""What the page needs to know before anyone signed in. Public: nothing here is a secret."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from insta_voice.api.headers import auth_domain
from insta_voice.api.logo import LOGO_PATH
from insta_voice.api.services import CurrentServices
from insta_voice.auth.demo import DEMO_PROJECT_ID, DEMO_USERS
from insta_voice.company import LogoFile, parse_accent
from insta_voice.languages import LanguageCode
from insta_voice.settings import Settings

router = APIRouter(prefix="/api", tags=["page"])


class FirebaseConfig(BaseModel):
    """The web app's Firebase configuration; `emulator_url` is null outside development."""

    project_id: str
    api_key: str
    auth_domain: str
    emulator_url: str | None


class DemoLogin(BaseModel):
    """A sign-in of the demo company, which only an emulator knows."""

    email: str
    password: str
    name: str
    role: Literal["customer", "support", "admin"]


class Company(BaseModel):
    """Whose page this is. `accent` is CSS (`oklch(L C H)`); `logo_url` may be an address of this API."""

    name: str
    support_contact: str
    logo_url: str | None
    accent: str | None
    privacy_url: str | None


class OfferedLanguage(BaseModel):
    """A language that calls can be held in; `name` is what its speakers call it."""

    code: LanguageCode
    name: str = Field(examples=["Deutsch"])


class PageConfig(BaseModel):
    """How the page introduces itself and signs people in. The first of `languages` is the company's own."""

    company_name: str
    support_contact: str
    mode: Literal["realtime", "pipeline", "local"]
    firebase: FirebaseConfig
    google_sign_in: bool
    demo: bool
    demo_users: list[DemoLogin]
    company: Company
    signup: Literal["known", "domains", "open"]
    retention_days: int
    languages: list[OfferedLanguage]


def page_config(settings: Settings, logo: LogoFile | None = None) -> PageConfig:
    """The page's configuration from the settings; `logo` is the file that COMPANY_LOGO names, if it names one."""
    firebase = settings.firebase
    emulator = firebase.auth_emulator_host
    emulated = bool(emulator) and settings.service.env == "development"
    demo = emulated and settings.demo.content and firebase.project_id == DEMO_PROJECT_ID
    return PageConfig(
        company_name=settings.company.company_name,
        support_contact=settings.company.support_contact,
        mode=settings.voice_mode,
        firebase=FirebaseConfig(
            project_id=firebase.project_id or "",
            api_key=firebase.web_api_key or "emulator",  # the emulator takes any key, the SDK wants one
            auth_domain=auth_domain(settings),
            emulator_url=f"http://{emulator}" if emulator else None,
        ),
        google_sign_in=True,
        demo=demo,
        demo_users=[
            DemoLogin(email=user.email, password=user.password, name=user.name, role=user.role)
            for user in (DEMO_USERS if demo else ())
        ],
        company=_company(settings, logo),
        signup=settings.signup_rule,
        retention_days=settings.privacy.retention_days,
        languages=[OfferedLanguage(code=language.code, name=language.own_name) for language in settings.languages],
    )


def _company(settings: Settings, logo: LogoFile | None) -> Company:
    company = settings.company
    return Company(
        name=company.company_name,
        support_contact=company.support_contact,
        logo_url=f"{LOGO_PATH}?v={logo.version}" if logo else company.company_logo,
        accent=parse_accent(company.company_accent).css if company.company_accent else None,
        privacy_url=company.company_privacy_url,
    )


@router.get("/config", operation_id="readConfig", summary="How the page introduces itself and signs people in")
async def read_config(services: CurrentServices) -> PageConfig:
    """Public settings of this installation."""
    return page_config(services.settings, services.logo)
