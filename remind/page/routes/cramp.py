"""Relief for a cramp that is there now: nothing before it, and one large button."""

from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from remind.core.diary import Leg
from remind.core.relief import ADVICE, in_full
from remind.page.relief import PAGE
from remind.page.site import read_json, site_of
from remind.page.words import plan_for_page
from remind.settings import routines


async def show(request: Request) -> Response:
    """Begin at once, and show the first step."""
    site = site_of(request)
    site.relief.begin()
    phases = site.relief.phases()
    return site.render(
        "cramp.html",
        page=PAGE,
        plan=plan_for_page(phases, routines.poses()),
        first=phases[0],
        in_full=in_full(phases),
        advice=ADVICE,
        sound="none" if site.night else site.sound,
    )


async def next_step(request: Request) -> Response:
    """Go on to the next step."""
    site_of(request).relief.next_step()
    return Response(status_code=204)


async def eased(request: Request) -> Response:
    """Record the cramp, since it has eased."""
    site_of(request).relief.eased()
    return Response(status_code=204)


class _Details(msgspec.Struct, forbid_unknown_fields=True):
    leg: Leg | None = None
    severity: Annotated[int, msgspec.Meta(ge=0, le=10)] | None = None


async def details(request: Request) -> Response:
    """Add which leg it was, or how bad."""
    asked = await read_json(request, _Details)
    site_of(request).relief.describe(asked.leg, asked.severity)
    return Response(status_code=204)


async def say(request: Request) -> Response:
    """Say the present step through the system, since the browser that asks has no voice."""
    site = site_of(request)
    site.speak(site.relief.what_to_say())
    return Response(status_code=204)


ROUTES = [
    Route("/cramp", show),
    Route("/cramp/next", next_step, methods=["POST"]),
    Route("/cramp/eased", eased, methods=["POST"]),
    Route("/cramp/details", details, methods=["POST"]),
    Route("/cramp/say", say, methods=["POST"]),
]
