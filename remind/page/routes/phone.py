"""The phone: connecting it by a code to scan and a message to answer, and what was sent and answered last."""

from contextlib import closing
from typing import Any

import msgspec
from markupsafe import Markup
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from remind import phone
from remind.desktop.notify.trial import as_text
from remind.errors import RemindError, UsageError
from remind.page.forms import FieldError, Nothing, form, sentence
from remind.page.saving import save_values
from remind.page.site import Site, press_awaited, site_of
from remind.phone_log import host, in_words, lately

PAGE = "phone"

_GONE = "the topic is gone. Begin again"


async def show(request: Request) -> Response:
    """Show how to connect a phone, or what became of the last messages to it."""
    site = site_of(request)
    site.app.refresh()
    app = site.app
    address = app.loaded.settings.phone.ntfy
    return site.render(
        "phone.html",
        page=PAGE,
        what=phone.APP,
        host=host(address) if address else "",
        topic=_topic(address or site.new_phone),
        last=in_words(lately(app.store_for_reading.ledger, app.now()), app),
        switches=[(name, *words, getattr(app.loaded.settings.phone, name)) for name, words in phone.WISHES.items()],
        faults=app.loaded.faults,
    )


def _topic(address: str | None) -> dict[str, Any] | None:
    """Return what the page shows of the topic at `address`; None without one."""
    if not address:
        return None
    code = phone.qr_code(address).svg_inline(light="#fff", omitsize=True, svgclass=None, lineclass=None)
    return {
        "address": address,
        "name": address.rpartition("/")[2],
        "steps": phone.how_to_subscribe(address),
        "code": Markup(code),  # noqa: S704 - segno draws it, and no text is in it
    }


class _New(msgspec.Struct, forbid_unknown_fields=True):
    server: str = ""


def _begin(site: Site, sent: _New) -> str:
    try:
        site.new_phone = phone.address_for(site.app, sent.server or None)
    except UsageError as error:
        raise FieldError({"server": str(error)}) from error
    return "Subscribe to the topic on your phone, then send the test message."


async def _keep(site: Site, _: Nothing) -> str:
    if not site.new_phone:
        raise RemindError(_GONE)
    await run_in_threadpool(phone.save, site.app, site.new_phone, {})  # an earlier server may hang
    site.new_phone = None
    return " ".join(["Saved.", *phone.what_comes(site.app)])


async def _off(site: Site, _: Nothing) -> str:
    return " ".join(await run_in_threadpool(phone.switch_off, site.app))


class _Switches(msgspec.Struct, forbid_unknown_fields=True):
    ahead: bool | None = None
    discreet: bool | None = None
    show_answered: bool | None = None


async def test(request: Request) -> Response:
    """Send the test message; the page is told how that went, and when its button was pressed."""
    return Response(status_code=204, background=BackgroundTask(_test, site_of(request)))


async def _test(site: Site) -> None:
    try:
        words = await _tried(site)
    except RemindError as error:
        words = sentence(" ".join(error.lines))
    site.tabs.tell(PAGE, {"tried": words, "ended": True})


async def _tried(site: Site) -> str:
    """Return what came of the test message. Raise RemindError if it can't be sent, or the topic can't be saved."""
    site.app.refresh()
    address = site.app.loaded.settings.phone.ntfy or site.new_phone
    if address is None:
        raise RemindError(_GONE)
    with closing(phone.Trial(site.app, address)) as trial:
        sent = as_text(await run_in_threadpool(trial.send))
        site.tabs.tell(PAGE, {"tried": f'{sent} Press "{phone.BUTTON}" on your phone.'})
        after_s = await press_awaited(site, PAGE, trial.pressed_after_s, phone.PRESS_LIMIT_S)
    said = phone.pressed_words(address, after_s, trial.deaf)
    if after_s is not None and address == site.new_phone:
        said.append(await _keep(site, Nothing()))
        site.tell_changed()
    return " ".join(said)


ROUTES = [
    Route("/phone", show),
    form("/phone/new", _New, _begin),
    form("/phone/keep", Nothing, _keep),
    form("/phone/off", Nothing, _off),
    form("/phone/switches", _Switches, lambda site, sent: save_values(site.app, "phone", sent)),
    Route("/phone/test", test, methods=["POST"]),
]
