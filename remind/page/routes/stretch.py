"""The guided session: the page to begin with, the session, and its end."""

import contextlib

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from remind.core.routine import SEATED, plan, whole_s
from remind.core.units import format_seconds
from remind.errors import RemindError
from remind.files import topic
from remind.page.forms import Nothing, button
from remind.page.site import Site, site_of
from remind.page.stretch import PAGE, Press
from remind.page.words import plan_for_page
from remind.settings import routines
from remind.store.key_value import SAFETY_PASSED


async def show(request: Request) -> Response:
    """Show the session that runs, or the routine that is asked for."""
    site = site_of(request)
    asked = site.stretch.name if site.stretch.running else request.query_params.get("routine")
    name, routine = site.stretch.routine(asked)
    phases = plan(routine)
    page_plan = plan_for_page(phases, routines.poses())
    first = next(phase for phase in page_plan["phases"] if phase["kind"] == "hold")
    return site.render(
        "stretch.html",
        page=PAGE,
        name=name,
        routine=routine,
        length=format_seconds(whole_s(phases)),
        plan=page_plan,
        picture=page_plan["drawings"].get(first["drawing"]),
        safety=None if _passed(site) else topic("safety").split("\n\n"),
        seated=None if name == SEATED else SEATED,
        sound=site.sound,
    )


class _Start(msgspec.Struct, forbid_unknown_fields=True):
    routine: str
    tab: int


def _start(site: Site, asked: _Start) -> None:
    """Begin the session, since the person has read what is to be read first."""
    site.tabs.use(asked.tab)
    with contextlib.suppress(RemindError):  # then the text comes again the next time
        if not _passed(site):
            site.app.store.key_values.set(SAFETY_PASSED, site.app.now().isoformat())
    site.stretch.start(asked.routine)


class _Press(msgspec.Struct, forbid_unknown_fields=True):
    key: Press
    tab: int


def _press(site: Site, asked: _Press) -> None:
    site.tabs.use(asked.tab)
    site.stretch.press(asked.key)


async def home(_request: Request) -> Response:
    """Lead from the bare address to today."""
    return RedirectResponse("/today", 303)


def _passed(site: Site) -> bool:
    try:
        return bool(site.app.store.key_values.get(SAFETY_PASSED))
    except RemindError:  # a broken store keeps nobody from stretching
        return False


ROUTES = [
    Route("/", home),
    Route("/stretch", show),
    button("/stretch/start", _Start, _start),
    button("/stretch/press", _Press, _press),
    # The browser that asks for it has no voice, so the system speaks.
    button("/stretch/say", Nothing, lambda site, _: site.speak(site.stretch.said)),
]
