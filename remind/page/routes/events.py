"""The stream that every open tab holds, by which the server knows that it is open and tells it what changes."""

import asyncio

import msgspec
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from remind.page.forms import button
from remind.page.site import Sound, site_of
from remind.page.tabs import MOST_TABS, Tab, Tabs

_ALIVE_S = 15.0
_TOO_MANY = f"remind is open in {MOST_TABS} tabs already. Close one of them and reload this one.\n"


# Not Starlette's StreamingResponse: a generator that was never begun would not forget a tab that closes at once.
class _Stream(Response):
    """Sends a tab its news for as long as it is open."""

    media_type = "text/event-stream"

    def __init__(self, tab: Tab, tabs: Tabs) -> None:
        super().__init__()
        del self.headers["content-length"]
        self._tab = tab
        self._tabs = tabs

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        closed = asyncio.ensure_future(_closed(receive))
        news = asyncio.ensure_future(self._tab.news.get())
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            while True:
                await asyncio.wait({closed, news}, timeout=_ALIVE_S, return_when=asyncio.FIRST_COMPLETED)
                told = news.result() if news.done() else {}
                if closed.done() or told is None:
                    break
                if told:
                    text = f"data: {msgspec.json.encode(told).decode()}\n\n"
                    news = asyncio.ensure_future(self._tab.news.get())
                else:
                    text = ": still here\n\n"
                await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            closed.cancel()
            news.cancel()
            self._tabs.leave(self._tab)


async def _closed(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def events(request: Request) -> Response:
    """Answer with the stream of the page that asks."""
    site = site_of(request)
    page = request.query_params.get("page", "")[:20]
    tab = site.tabs.join(page)
    if tab is None:
        return PlainTextResponse(_TOO_MANY, 503)
    site.tabs.tell_one(tab, site.states[page]() if page in site.states else {})
    site.connected()
    return _Stream(tab, site.tabs)


class _SoundChoice(msgspec.Struct, forbid_unknown_fields=True):
    sound: Sound


ROUTES = [
    Route("/events", events),
    button("/sound", _SoundChoice, lambda site, sent: site.choose_sound(sent.sound)),
]
