"""Relief for a cramp that is there now: nothing before it, and one large button."""

from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from remind.core.diary import Leg
from remind.core.relief import ADVICE, in_full
from remind.page.forms import Nothing, button
from remind.page.relief import PAGE
from remind.page.site import site_of
from remind.page.words import plan_for_page
from remind.settings import routines


async def show(request: Request) -> Response:
    """Begin at once, and show the first step."""
    site = site_of(request)
    site.relief.begin()
    phases = routines.relief_plan(site.app.folders.routines)
    return site.render(
        "cramp.html",
        page=PAGE,
        plan=plan_for_page(phases, routines.poses()),
        first=phases[0],
        in_full=in_full(phases),
        advice=ADVICE,
        sound="none" if site.night else site.sound,
    )


class _Details(msgspec.Struct, forbid_unknown_fields=True):
    leg: Leg | None = None
    severity: Annotated[int, msgspec.Meta(ge=0, le=10)] | None = None


ROUTES = [
    Route("/cramp", show),
    button("/cramp/next", Nothing, lambda site, _: site.relief.next_step()),
    button("/cramp/eased", Nothing, lambda site, _: site.relief.eased()),
    button("/cramp/details", _Details, lambda site, sent: site.relief.describe(sent.leg, sent.severity)),
    # The browser that asks for it has no voice, so the system speaks.
    button("/cramp/say", Nothing, lambda site, _: site.speak(site.relief.said)),
]
