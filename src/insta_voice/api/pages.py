"""The built web page: its files as they are, and index.html for every address the page's own router knows."""

from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

_NOT_PAGES: Final = ("/api/", "/assets/")  # a missing file or route there is a 404, not the page
_ONE_YEAR_S: Final = 31_536_000  # Vite puts a hash of the content into the names under assets/
_NOT_BUILT: Final = (
    "<!doctype html><meta charset=utf-8><title>Not built</title>"
    "<p>The web page has not been built. Run <code>make setup</code>, then reload."
)


def built_page() -> Path:
    """`web/dist` of the checkout, or what an installed package carries of it."""
    here = Path(__file__).resolve()
    installed = here.parents[1] / "web"
    return installed if installed.is_dir() else here.parents[3] / "web" / "dist"


class Page(StaticFiles):
    """Files of the build; anything else that is no file and no API route is the page itself."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory=directory, check_dir=False)

    async def check_config(self) -> None:
        """A page that is not built yet is said to whoever opens it, not a reason to fail."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Files are small and sent whole: a range that cannot be read would be answered in plain text."""
        headers = [header for header in scope["headers"] if header[0] != b"range"] if "headers" in scope else []
        await super().__call__({**scope, "headers": headers}, receive, send)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file at `path`, else index.html, never cached without asking."""
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or scope["path"].startswith(_NOT_PAGES):
                raise
            path = "index.html"
            response = await self._index(scope)
        hashed = path.startswith("assets/") and response.status_code in (200, 304)
        response.headers["Cache-Control"] = f"public, max-age={_ONE_YEAR_S}, immutable" if hashed else "no-cache"
        return response

    async def _index(self, scope: Scope) -> Response:
        try:
            return await super().get_response("index.html", scope)
        except HTTPException as error:
            if error.status_code != 404:
                raise
            return HTMLResponse(_NOT_BUILT, 503, {"Retry-After": "5"})
