"""Style sheets, scripts and the icon, kept in memory: they are few and small, and a page asks for all at once."""

from functools import cache

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from remind.files import ICON, shipped
from remind.page.templating import FOLDER

_TYPES = {".css": "text/css", ".mjs": "text/javascript", ".svg": "image/svg+xml"}


@cache
def files() -> dict[str, tuple[bytes, str]]:
    """Return each file's content and type by its name."""
    found = {path.name: path for path in (FOLDER / "static").iterdir()} | {"icon.svg": shipped() / ICON}
    return {name: (path.read_bytes(), _TYPES[path.suffix]) for name, path in found.items()}


async def static(request: Request) -> Response:
    """Answer with the file that is asked for."""
    found = files().get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    return Response(found[0], media_type=found[1])


ROUTES = [Route("/static/{name}", static)]
