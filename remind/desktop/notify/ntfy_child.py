"""Publishes one message to ntfy, as a program of its own, so that name look-up, TLS and a server can hang alone.

It reads JSON with `url`, `token`, `message` and `timeout_s`. It reports a failure in its own words, since a server may
send the token back. It imports nothing from remind, since it is run by its path.
"""

import http
import http.client
import json
import ssl
import sys
import urllib.error
import urllib.request
from typing import Any

_MOST_BYTES = 65536


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the token is meant for one host, and POST would become GET."""

    def redirect_request(self, *_: object) -> None:
        return None


def main() -> None:
    """Publish the message. The exit code is 0 if ntfy confirmed it."""
    given = json.load(sys.stdin.buffer)
    try:
        answer = _post(given)
    except urllib.error.HTTPError as error:
        sys.exit(_refusal(error.code))
    except urllib.error.URLError as error:
        sys.exit(f"cannot be reached: {_words(error.reason)}")
    except (OSError, OverflowError) as error:  # OverflowError: no valid port
        sys.exit(f"cannot be reached: {_words(error)}")
    except (http.client.HTTPException, ValueError, RecursionError):
        sys.exit("does not answer as ntfy does")
    if not isinstance(answer, dict) or answer.get("event") != "message":
        sys.exit("does not answer as ntfy does")


def _post(given: dict[str, Any]) -> Any:
    # Without TLS a proxy could read the token; with it, a proxy only passes bytes on.
    proxy = urllib.request.ProxyHandler({} if given["url"].startswith("http:") else None)
    opener = urllib.request.build_opener(_NoRedirect, proxy)
    request = urllib.request.Request(  # noqa: S310 - the settings allow https:// and http:// alone
        given["url"], json.dumps(given["message"]).encode(), method="POST"
    )
    request.add_header("Content-Type", "application/json")
    if given["token"]:
        request.add_header("Authorization", f"Bearer {given['token']}")
    with opener.open(request, timeout=given["timeout_s"]) as response:
        return json.loads(response.read(_MOST_BYTES))


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


def _words(error: object) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message})"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return str(getattr(error, "strerror", None) or error)


if __name__ == "__main__":
    main()
