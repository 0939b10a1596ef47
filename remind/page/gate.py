"""The gate before every page: it lets in the one browser that was given the address, and nobody else."""

import hmac
import secrets
from collections.abc import Iterator
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

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
_CLOSED = "This page is closed. Open it again with `remind open`.\n"


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
        headers = list(_headers(scope))
        if not self._from_here(dict(headers), [name for name, _ in headers]):
            await _answer(send, 403, _CLOSED)
        elif (way := self._admitted(scope)) is not None:
            cookie = f"{self._cookie_name}={self._cookie}; HttpOnly; SameSite=Strict; Path=/"
            await _answer(send, 303, "", {"location": way, "set-cookie": cookie})
        elif not self._has_cookie(dict(headers)):
            await _answer(send, 403, _CLOSED)
        elif scope["method"] not in _READING and (fault := self._fault(dict(headers))):
            await _answer(send, *fault)
        else:
            self.passed += 1
            await self._pass_on(scope, receive, send)

    def _from_here(self, headers: dict[str, str], names: list[str]) -> bool:
        """Return whether this very host is asked, and not on behalf of another site."""
        if names.count("host") != 1 or f"http://{headers['host']}" != self._origin:
            return False
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return False
        return headers.get("origin", self._origin) == self._origin

    def _admitted(self, scope: Scope) -> str | None:
        """Return where to go on to, if the address has the token; it is used up by that."""
        asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        token = dict(asked).get("t", "")
        if scope["method"] != "GET" or not self._token or not hmac.compare_digest(token.encode(), self._token.encode()):
            return None
        self._token = ""
        rest = urlencode([(name, value) for name, value in asked if name != "t"])
        return f"{scope['path']}?{rest}" if rest else str(scope["path"])

    def _has_cookie(self, headers: dict[str, str]) -> bool:
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(self._cookie_name)
        except CookieError:
            return False
        return found is not None and hmac.compare_digest(found.value.encode(), self._cookie.encode())

    def _fault(self, headers: dict[str, str]) -> tuple[int, str] | None:
        """Return why a request that changes something is refused, or None."""
        if "origin" not in headers:
            return 403, _CLOSED
        if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return 415, "Send JSON.\n"
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MOST_BODY:
            return 413, f"Send no more than {MOST_BODY // 1024} KiB.\n"
        return None

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        taken = 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            # One that says nothing of its length is read no further than this; then it looks as if it had gone away.
            return message if taken <= MOST_BODY else {"type": "http.disconnect"}

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *_encoded(_HEADERS)]}
            await send(message)

        await self._app(scope, bounded, with_headers)


def _headers(scope: Scope) -> Iterator[tuple[str, str]]:
    return ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"])


def _encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]


async def _answer(send: Send, status: int, text: str, more: dict[str, str] | None = None) -> None:
    headers = {"content-type": "text/plain; charset=utf-8", "content-length": str(len(text.encode()))}
    headers |= {"connection": "close", **_HEADERS, **(more or {})}
    await send({"type": "http.response.start", "status": status, "headers": _encoded(headers)})
    await send({"type": "http.response.body", "body": text.encode()})
