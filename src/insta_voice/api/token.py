"""The token service: a proven caller gets what is needed to join one call."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from insta_voice.api.problem import declared
from insta_voice.api.services import (
    CurrentAddress,
    CurrentServices,
    HeldToken,
    Services,
    profile_of,
    prove_identity,
)
from insta_voice.auth.id_token import Identity
from insta_voice.auth.limits import take_token_request
from insta_voice.auth.livekit import JOIN_TOKEN_TTL, mint_join_token
from insta_voice.calls import reserve_call
from insta_voice.errors import InstaVoiceError, InvalidInputError
from insta_voice.languages import LanguageCode
from insta_voice.settings import Settings

router = APIRouter(prefix="/api", tags=["calls"])


class JoinToken(BaseModel):
    """LiveKit's token endpoint fields, and the id under which the call will be recorded."""

    server_url: str = Field(examples=["wss://calls.example.com"])
    participant_token: str
    room_name: str
    call_id: str


async def issue_join_token(
    services: Services, identity: Identity, address: str, language: LanguageCode | None = None
) -> JoinToken:
    """Limits, profile, reservation, token: nothing is dispatched or counted as a call until the caller joins."""
    limits, livekit = services.settings.limits, services.settings.livekit
    spoken = _offered(services.settings, language)
    await take_token_request(services.db, services.settings, user_id=identity.user_id, address=address)
    profile = await profile_of(services, identity)
    reservation = await reserve_call(
        services.db,
        user_id=identity.user_id,
        limits=limits,
        ttl=JOIN_TOKEN_TTL,
        costs=services.settings.costs,
        language=spoken,
    )
    return JoinToken(
        server_url=livekit.public_url or livekit.url or "",
        participant_token=mint_join_token(
            livekit,
            identity=identity.user_id,
            room_name=reservation.room_name,
            call_id=reservation.call_id,
            ttl=JOIN_TOKEN_TTL,  # the reservation's own, counted from now also when it is given again
            name=profile.name,
            language=spoken,
        ),
        room_name=reservation.room_name,
        call_id=str(reservation.call_id),
    )


def _offered(settings: Settings, code: LanguageCode | None) -> LanguageCode:
    """The language of the call; InvalidInputError for one that is not spoken here."""
    offered = [language.code for language in settings.languages]
    if code is not None and code not in offered:
        raise InvalidInputError(f"Calls are not held in this language here. Choose one of: {', '.join(offered)}.")
    return code or offered[0]


@router.post(
    "/token",
    operation_id="createJoinToken",
    summary="Reserve a call and get the token to join it",
    status_code=201,
    responses=declared(401, 403, 422, 429, 503),
)
async def create_join_token(
    services: CurrentServices, held: HeldToken, address: CurrentAddress, language: LanguageCode | None = None
) -> JoinToken:
    """Asking again before joining gives the same call. The body is not read: the server chooses everything but the
    `language`, which is one of those that `/api/config` lists; without it, the first of them.
    """
    outcome = "failed"
    try:
        token = await issue_join_token(services, await prove_identity(services, held), address, language)
        outcome = "issued"
    except InstaVoiceError as error:
        outcome = error.code
        raise
    finally:
        services.metrics.tokens.labels(outcome).inc()
    return token
