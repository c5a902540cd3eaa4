"""The company's logo, where COMPANY_LOGO names a file."""

from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from insta_voice.api.problem import declared
from insta_voice.api.services import CurrentServices
from insta_voice.errors import NotFoundError

LOGO_PATH: Final = "/api/logo"
_ONE_DAY_S: Final = 86_400  # its address changes with its content
# An SVG opened by itself is a document of our origin: nothing in it may run or load.
_AS_A_PICTURE: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

router = APIRouter(tags=["page"])


@router.get(
    LOGO_PATH,
    operation_id="readLogo",
    summary="The company's logo",
    response_class=Response,
    responses={200: {"content": {"image/*": {}}, "description": "the picture"}, **declared(404)},
)
async def read_logo(services: CurrentServices) -> Response:
    """The picture as it is; 404 where there is none, or where it has an address of its own."""
    logo = services.logo
    if logo is None:
        raise NotFoundError
    headers = {
        "Cache-Control": f"public, max-age={_ONE_DAY_S}",
        "Content-Security-Policy": _AS_A_PICTURE,
        "ETag": f'"{logo.version}"',
    }
    return Response(logo.content, media_type=logo.media_type, headers=headers)
