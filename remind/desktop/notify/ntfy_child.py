"""Talks to an ntfy server, as a program of its own, so that name look-up, TLS and a server can hang alone.

It reads one line of JSON with `url`, `token` and `timeout_s`. With `method`, `body` and `limit_s` too, it makes one
request and prints each JSON object of the answer as a line. With `since` and `wait_s`, it prints what is published on
the topic until its standard input ends; then `timeout_s` is the longest silence of a live connection. It reports a
failure in its own words, since a server may send the token back. It imports nothing from remind, since it is run by its
path.
"""

import http
import http.client
import json
import os
import random
import re
import ssl
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

_MOST_BYTES = 1_048_576
_MOST_OF_A_LINE = 8192
_MOST_OF_A_TEXT = 128
"""Characters of a message that are passed on while it listens; an answer has fewer."""
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

_LONGEST_WAIT_S = 300.0
"""The wait before connecting again is `wait_s` at first, and twice as long each time."""
_RUBBISH = "does not answer as ntfy does"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the token is meant for one host, and POST would become GET."""

    def redirect_request(self, *_: object) -> None:
        return None


def main() -> None:
    """Do what is asked. The exit code is 0 if ntfy answered."""
    given = json.loads(sys.stdin.buffer.readline())
    if "since" in given:
        threading.Thread(target=_end_with_parent, daemon=True).start()
        _listen(given)
    # The parent kills it after this, but the parent may be killed itself.
    end = threading.Timer(given["limit_s"], os._exit, [1])
    end.daemon = True
    end.start()
    try:
        for answer in _ask(given):
            print(json.dumps(answer))
    except _ERRORS as error:
        if given["method"] == "DELETE" and getattr(error, "code", 0) in (404, 405):
            return  # a server that cannot withdraw
        sys.exit(_words(error))


def _ask(given: dict[str, Any]) -> list[dict[str, Any]]:
    with _open(given) as response:
        body = response.read(_MOST_BYTES + 1)
    if len(body) > _MOST_BYTES:
        raise ValueError
    return [_event(line) for line in body.splitlines() if line.strip()]


def _listen(given: dict[str, Any]) -> None:
    """Print the messages of the topic for ever; what was published while it could not connect is printed later."""
    wait_s, told = given["wait_s"], ""
    while True:
        began = time.monotonic()
        try:
            with _open({**given, "url": f"{given['url']}?since={given['since']}"}) as response:
                for message in _messages(response):
                    print(json.dumps(message), flush=True)
                    given["since"] = message["id"]
            fault = "closes the connection"
        except _ERRORS as error:
            fault = _words(error)
        if fault != told:
            print(json.dumps({"id": "", "time": 0, "event": "fault", "message": fault}), flush=True)
            told = fault
        if time.monotonic() - began > 2 * given["timeout_s"]:
            wait_s = given["wait_s"]
        time.sleep(wait_s * random.uniform(1, 1.5))  # noqa: S311 - so that many programs do not come at once
        wait_s = min(2 * wait_s, _LONGEST_WAIT_S)


def _messages(response: http.client.HTTPResponse) -> Iterator[dict[str, Any]]:
    while line := response.readline(_MOST_OF_A_LINE):
        if not line.endswith(b"\n"):
            raise ValueError  # it is too long, or was cut off
        event = _event(line) if line.strip() else {}
        if event.get("event") == "message":
            name, at, text = event.get("id"), event.get("time"), event.get("message", "")
            if not (isinstance(name, str) and _ID.fullmatch(name) and isinstance(at, int) and isinstance(text, str)):
                raise ValueError
            yield {"id": name, "time": at, "event": "message", "message": text[:_MOST_OF_A_TEXT]}


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def _open(given: dict[str, Any]) -> http.client.HTTPResponse:
    # Without TLS a proxy could read the token; with it, a proxy only passes bytes on.
    proxy = urllib.request.ProxyHandler({} if given["url"].startswith("http:") else None)
    opener = urllib.request.build_opener(_NoRedirect, proxy)
    body = json.dumps(given["body"]).encode() if given.get("body") else None
    request = urllib.request.Request(  # noqa: S310 - the settings allow https:// and http:// alone
        given["url"], body, method=given.get("method", "GET")
    )
    request.add_header("Content-Type", "application/json")
    if given["token"]:
        request.add_header("Authorization", f"Bearer {given['token']}")
    response: http.client.HTTPResponse = opener.open(request, timeout=given["timeout_s"])
    return response


def _event(line: bytes) -> dict[str, Any]:
    event = json.loads(line)
    if not isinstance(event, dict) or not isinstance(event.get("event"), str):
        raise ValueError  # it is of a server of another kind
    return event


_ERRORS = (OSError, OverflowError, http.client.HTTPException, ValueError, RecursionError)
"""What may come of a server; OverflowError is an invalid port."""


def _words(error: BaseException) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return _refusal(error.code)
    if isinstance(error, (OSError, OverflowError)):
        return f"cannot be reached: {_cause(getattr(error, 'reason', error))}"
    return _RUBBISH


def _refusal(code: int) -> str:
    try:
        status = f"{code} {http.HTTPStatus(code).phrase}"
    except ValueError:
        status = str(code)
    if 300 <= code < 400:
        return f"answers {status}; write the address that it leads to into phone.ntfy"
    if code in (401, 403):
        return f"answers {status}; the token is missing, wrong, or not for this topic"
    return f"answers {status}"


def _cause(error: object) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message})"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return str(getattr(error, "strerror", None) or error)


if __name__ == "__main__":
    main()
