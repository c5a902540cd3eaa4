"""What the page needs to know before anyone signed in. Public: nothing here is a secret."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from insta_voice.api.headers import auth_domain
from insta_voice.api.services import CurrentServices
from insta_voice.auth.demo import DEMO_PROJECT_ID, DEMO_USERS
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


class PageConfig(BaseModel):
    """How the page introduces itself and signs people in."""

    company_name: str
    support_contact: str
    mode: Literal["realtime", "pipeline", "local"]
    firebase: FirebaseConfig
    google_sign_in: bool
    demo: bool
    demo_users: list[DemoLogin]


def page_config(settings: Settings) -> PageConfig:
    """The page's configuration from the settings."""
    firebase = settings.firebase
    emulator = firebase.auth_emulator_host
    demo = bool(emulator) and settings.service.env == "development" and firebase.project_id == DEMO_PROJECT_ID
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
    )


@router.get("/config", operation_id="readConfig", summary="How the page introduces itself and signs people in")
async def read_config(services: CurrentServices) -> PageConfig:
    """Public settings of this installation."""
    return page_config(services.settings)
