"""What the routes work with, built once per application, and the questions every route asks of a request."""

from dataclasses import dataclass
from typing import Annotated

import httpx
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from insta_voice.api.metrics import Metrics
from insta_voice.auth.addresses import Network, client_address, parse_proxies
from insta_voice.auth.id_token import Identity
from insta_voice.auth.identity import IdTokenVerifier
from insta_voice.auth.livekit import Rooms
from insta_voice.command import command
from insta_voice.company import LogoFile, is_address, load_logo
from insta_voice.customers import Profile, admit
from insta_voice.db import Database, use_database
from insta_voice.errors import AuthenticationError, ConfigurationError
from insta_voice.knowledge import Embedders, embedders_of, use_embedder
from insta_voice.settings import Settings

# Longer than any request's work in the database, shorter than a page waits: a database that hangs is a 503.
_ANSWER_WITHIN_S = 8.0


@dataclass(slots=True)
class Services:
    """The parts an application holds open while it runs."""

    settings: Settings
    db: Database
    embedder: Embedders | None
    verifier: IdTokenVerifier
    rooms: Rooms
    http: httpx.AsyncClient
    metrics: Metrics
    proxies: tuple[Network, ...]
    logo: LogoFile | None

    @classmethod
    def build(cls, settings: Settings) -> "Services":
        """Everything from the settings; nothing is connected yet."""
        if settings.database.url is None:
            raise ConfigurationError(f"DATABASE_URL is not set. Set it, or start everything with `{command('up')}`.")
        db = Database(
            settings.database.url.get_secret_value(),
            max_size=settings.database.pool_max_size,
            connect_timeout_s=settings.database.connect_timeout_s,
            answer_within_s=_ANSWER_WITHIN_S,
        )
        return cls(
            settings=settings,
            db=db,
            embedder=embedders_of(settings, settings.voice.speech_url),
            verifier=IdTokenVerifier(settings.firebase),
            rooms=Rooms(settings.livekit),
            http=httpx.AsyncClient(timeout=2.0),  # for the speech server's readiness, on loopback as a rule
            metrics=Metrics(db),
            proxies=parse_proxies(settings.service.trusted_proxies),
            logo=_logo(settings),
        )

    async def open(self) -> None:
        """Start connecting to the database; it may be away."""
        await self.db.open()
        use_database(self.db)
        if self.embedder is not None:
            use_embedder(self.embedder)

    async def close(self) -> None:
        """Let go of every connection and thread."""
        await self.rooms.close()
        await self.http.aclose()
        self.verifier.close()
        if self.embedder is not None:
            await self.embedder.aclose()
        await self.db.close()


def _logo(settings: Settings) -> LogoFile | None:
    logo = settings.company.company_logo
    return load_logo(logo) if logo and not is_address(logo) else None


def get_services(request: Request) -> Services:
    """The application's services."""
    services: Services = request.app.state.services
    return services


CurrentServices = Annotated[Services, Depends(get_services)]

_bearer = HTTPBearer(
    auto_error=False, scheme_name="FirebaseIdToken", bearerFormat="JWT", description="A Firebase ID token"
)


HeldToken = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


async def prove_identity(services: Services, held: HTTPAuthorizationCredentials | None) -> Identity:
    """Who asks, proven by the ID token in the Authorization header."""
    if held is None:
        raise AuthenticationError("You are not signed in. Sign in, then try again.")
    return await services.verifier.verify(held.credentials)


async def profile_of(services: Services, identity: Identity) -> Profile:
    """The profile of who asks, made or refreshed on sight; ForbiddenError when they may not call (`admit` says why)."""
    return await admit(
        services.db,
        user_id=identity.user_id,
        email=identity.email,
        name=identity.name,
        email_verified=identity.email_verified,
        rule=services.settings.signup_rule,
        domains=services.settings.signup.signup_domains,
    )


async def get_profile(services: CurrentServices, held: HeldToken) -> Profile:
    """The profile of who asks."""
    return await profile_of(services, await prove_identity(services, held))


CurrentProfile = Annotated[Profile, Depends(get_profile)]


def get_address(request: Request, services: CurrentServices) -> str:
    """The network address of who asks, seen through the proxies we trust."""
    peer = request.client.host if request.client else None
    return client_address(peer, request.headers.getlist("x-forwarded-for"), services.proxies)


CurrentAddress = Annotated[str, Depends(get_address)]
