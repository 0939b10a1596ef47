"""The gate before every page: it lets in the one browser that was given the address, and nobody else."""

import hmac
import secrets
from urllib.parse import urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BODY = 64 * 1024
"""More than any form of these pages sends, and little enough to keep in memory."""

_READING = ("GET", "HEAD")
_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
_CLOSED = "This page is closed. Open remind from your menu of applications, or with `remind open`.\n"


class Gate:
    """Refuses what doesn't come from the page itself, and gives every answer the headers that keep it closed.

    The address has a token that works once, since other people on this computer can read it in the list of processes.
    It becomes a cookie; other programs on 127.0.0.1 may be sent that, so Host, Origin and the peer count as well.
    """

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._origin = f"http://127.0.0.1:{port}"
        self._cookie_name = f"remind-{port}"  # cookies don't tell ports apart
        self._cookie = secrets.token_urlsafe(32)
        self._token = secrets.token_urlsafe(32)
        self.passed = 0
        """How many requests were let in."""

    def address(self, path: str) -> str:
        """Return the address of `path` that lets one browser in, once."""
        return f"{self._origin}{path}{'&' if '?' in path else '?'}t={self._token}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        answer = self._answer(Request(scope))
        if answer is None:
            self.passed += 1
            await self._app(scope, _bounded(receive), with_headers)
        else:
            answer.headers["connection"] = "close"
            await answer(scope, receive, with_headers)

    def _answer(self, request: Request) -> Response | None:
        """Return a refusal, or the way on for the browser that has the token; None for what is let in."""
        if not self._from_here(request.headers):
            return PlainTextResponse(_CLOSED, 403)
        if (way := self._admitted(request)) is not None:
            cookie = f"{self._cookie_name}={self._cookie}; HttpOnly; SameSite=Strict; Path=/"
            return Response(status_code=303, headers={"location": way, "set-cookie": cookie})
        sent = request.cookies.get(self._cookie_name, "")
        if not hmac.compare_digest(sent.encode(), self._cookie.encode()):
            return PlainTextResponse(_CLOSED, 403)
        return None if request.method in _READING else self._refusal(request.headers)

    def _from_here(self, headers: Headers) -> bool:
        """Return whether this very host is asked, and not on behalf of another site."""
        if [f"http://{host}" for host in headers.getlist("host")] != [self._origin]:
            return False
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return False
        return headers.get("origin", self._origin) == self._origin

    def _admitted(self, request: Request) -> str | None:
        """Return where to go on to, if the address has the token; it is used up by that."""
        token = request.query_params.get("t", "")
        if request.method != "GET" or not self._token or not hmac.compare_digest(token.encode(), self._token.encode()):
            return None
        self._token = ""
        rest = urlencode([(name, value) for name, value in request.query_params.multi_items() if name != "t"])
        return f"{request.scope['path']}?{rest}" if rest else str(request.scope["path"])

    def _refusal(self, headers: Headers) -> Response | None:
        """Return why a request that changes something is refused, or None."""
        if "origin" not in headers:
            return PlainTextResponse(_CLOSED, 403)
        if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return PlainTextResponse("Send JSON.\n", 415)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MOST_BODY:
            return PlainTextResponse(f"Send no more than {MOST_BODY // 1024} KiB.\n", 413)
        return None


def _bounded(receive: Receive) -> Receive:
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        # One that says nothing of its length is read no further than this; then it looks as if it had gone away.
        return message if taken <= MOST_BODY else {"type": "http.disconnect"}

    return bounded
