"""An ntfy server on the loopback that does what a test wants, even what no good server does."""

import json
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec


class Request(msgspec.Struct, frozen=True):
    """A request as it arrived."""

    path: str
    token: str | None
    message: dict[str, Any]


class NtfyServer(ThreadingHTTPServer):
    """Listens from its making until `end`; with `tls`, behind that."""

    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behaviour = "good"
        """Else a status code, or one of hang, dribble, close, cut, rubbish, page, other, gotify, deep, echo."""
        self.location = ""
        self.requests: list[Request] = []
        self.scheme = "https" if tls else "http"
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, args=[0.01], daemon=True)
        self._thread.start()

    def address(self, host: str = "127.0.0.1") -> str:
        """Return the address of a topic on this server."""
        return f"{self.scheme}://{host}:{self.server_port}/a-secret-topic"

    def end(self) -> None:
        self._ended.set()
        self.shutdown()
        self.server_close()
        self._thread.join(20)

    def wait(self, seconds: float) -> None:
        self._ended.wait(seconds)

    def handle_error(self, request: object, client_address: object) -> None:
        """Do nothing: a client may hang up at any time."""


class _Handler(BaseHTTPRequestHandler):
    server: NtfyServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        token = self.headers["Authorization"]
        self.server.requests.append(Request(self.path, token, json.loads(body)))
        behaviour = self.server.behaviour
        if behaviour.isdecimal():
            self._answer(int(behaviour), json.dumps({"http": int(behaviour), "error": token}))
        else:
            getattr(self, f"_{behaviour}")()

    do_GET = do_POST  # noqa: N815 - the base class names it so

    def _good(self) -> None:
        self._answer(200, json.dumps({"id": "sPs71M8A2T", "time": 1, "event": "message", "topic": "t"}))

    def _page(self) -> None:
        self._answer(200, "<html>Log in to the network of this hotel</html>")

    def _other(self) -> None:
        self._answer(200, '["something", "else"]')

    def _gotify(self) -> None:
        self._answer(200, '{"id": 5, "message": "taken by a server of another kind"}')

    def _deep(self) -> None:
        self._answer(200, "[" * 60000)

    def _hang(self) -> None:
        self.server.wait(60)

    def _dribble(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(200):
            self.wfile.write(b"X-More: yes\r\n")
            time.sleep(0.1)

    def _close(self) -> None:
        """Close the connection without an answer."""

    def _cut(self) -> None:
        self.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"event": "mess')

    def _rubbish(self) -> None:
        self.wfile.write(b"\x00\xff\x16\x03" * 100)

    def _echo(self) -> None:
        self.wfile.write(f"{self.headers['Authorization']}\r\n\r\n".encode())

    def _answer(self, status: int, body: str) -> None:
        self.send_response(status, self.headers["Authorization"])
        if 300 <= status < 400:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        pass
