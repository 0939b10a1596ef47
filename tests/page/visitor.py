"""Speaks HTTP with the server as a browser would, or as somebody else who found the port."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from served import Served

Headers = dict[str, str]


class Visitor:
    """Asks with a cookie or without."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port = port
        self.cookie = cookie

    @classmethod
    def let_in(cls, served: Served) -> "Visitor":
        """The browser that was given the address."""
        return cls.by_address(served.address("/today"))

    @classmethod
    def by_address(cls, address: str) -> "Visitor":
        """The same of a server of which only the address is known."""
        parts = urlsplit(address)
        assert parts.port is not None
        answer = cls(parts.port).ask("GET", f"{parts.path}?{parts.query}")
        return cls(parts.port, (answer.getheader("Set-Cookie") or "").partition(";")[0])

    def ask(
        self, method: str, path: str, body: bytes | str = b"", headers: Headers | None = None
    ) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        known = {"Cookie": self.cookie} if self.cookie else {}
        sent = {**known, **(headers or {})}
        connection.request(method, path, body or None, {name: value for name, value in sent.items() if value})
        answer = connection.getresponse()
        answer.text = answer.read().decode()  # type: ignore[attr-defined]
        connection.close()
        return answer

    def post(self, path: str, body: object, **headers: str) -> http.client.HTTPResponse:
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        usual = {"Origin": f"http://127.0.0.1:{self.port}", "Content-Type": "application/json"}
        return self.ask(
            "POST", path, text, {**usual, **{name.replace("_", "-"): value for name, value in headers.items()}}
        )

    def sends(self, path: str, **fields: Any) -> Any:
        """What the page is told when a form with `fields` is sent: what was said, or what is wrong."""
        answer = self.post(path, {name.rstrip("_"): value for name, value in fields.items()})
        told = json.loads(answer.text)  # type: ignore[attr-defined]
        assert (answer.status == 200) == ("said" in told)
        return told

    def reads(self, path: str) -> str:
        """The page at `path`."""
        answer = self.ask("GET", path)
        assert answer.status == 200, answer.text  # type: ignore[attr-defined]
        return str(answer.text)  # type: ignore[attr-defined]
