"""An ntfy server on the loopback that does what a test wants, even what no good server does."""

import json
import ssl
import threading
import time
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
from ntfy_model import Event, NtfyModel, RefusedError


class Request(msgspec.Struct, frozen=True):
    """A request as it arrived."""

    path: str
    token: str | None
    message: dict[str, Any]
    method: str = "POST"


class NtfyServer(ThreadingHTTPServer):
    """Listens from its making until `end`; with `tls`, behind that."""

    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.model = NtfyModel()
        self.limited = False
        """Whether it counts requests, as a server does that is not one's own."""
        self.behaviour = "good"
        """Else a status code, or the name of a fault: a method of the handler, without its underscore."""
        self.location = ""
        self.requests: list[Request] = []
        self.scheme = "https" if tls else "http"
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, args=[0.01], daemon=True)
        self._thread.start()

    def address(self, host: str = "127.0.0.1") -> str:
        """Return the address of a topic on this server."""
        return f"{self.scheme}://{host}:{self.server_port}/a-secret-topic"

    def press(self, label: str) -> None:
        """Press the button `label` of the last message, as the app on the phone does."""
        actions = [action for message in self.model.messages for action in message.get("actions", ())]
        action = next(action for action in reversed(actions) if action["label"] == label)
        request = urllib.request.Request(action["url"], action["body"].encode(), method=action["method"])  # noqa: S310
        with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310
            response.read()

    def end(self) -> None:
        self.ended.set()
        self.shutdown()
        self.server_close()
        self._thread.join(20)

    def handle_error(self, request: object, client_address: object) -> None:
        """Do nothing: a client may hang up at any time."""


class _Handler(BaseHTTPRequestHandler):
    server: NtfyServer

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        token = self.headers["Authorization"]
        is_json = self.command == "POST" and self.path.endswith("/")
        self._sent = json.loads(body) if is_json else {"message": body.decode()}
        self.server.requests.append(Request(self.path, token, self._sent, self.command))
        behaviour = self.server.behaviour
        if behaviour.isdecimal():
            self._answer(int(behaviour), json.dumps({"http": int(behaviour), "error": token}))
        else:
            getattr(self, f"_{behaviour}")()

    do_GET = do_POST = do_DELETE = _serve  # noqa: N815 - the base class names them so

    def _good(self) -> None:
        try:
            if self.server.limited:
                self.server.model.count_request()
            answer = self._taken()
        except RefusedError as error:
            self._answer(error.status, json.dumps({"http": error.status}))
        else:
            if answer is not None:
                self._answer(200, "".join(f"{json.dumps(one)}\n" for one in answer))

    def _taken(self) -> list[Event] | None:
        model, path = self.server.model, urllib.parse.urlsplit(self.path)
        *_, topic, last = ("", *path.path.split("/"))
        match self.command:
            case "DELETE":
                return [model.delete(topic, last)]
            case "POST":
                return [model.press(last, self._sent["message"]) if last else model.publish(self._sent)]
        asked = dict(urllib.parse.parse_qsl(path.query))
        if "poll" in asked:
            return model.kept(topic, asked["since"], "scheduled" in asked)
        self._stream(topic, asked["since"])
        return None

    def _stream(self, topic: str, since: str) -> None:
        """Send what is kept after `since`, and what is published from now on."""
        model = self.server.model
        self.send_response(200)
        self.end_headers()
        self._line({"id": "o", "time": int(model.clock()), "event": "open", "topic": topic})
        while not self.server.ended.is_set() and self.server.behaviour == "good":
            with model.changed:
                found = model.kept(topic, since)
                if not found:
                    model.changed.wait(0.05)
                    continue
            for one in found:
                self._line(one)
            since = found[-1]["id"]

    def _half(self) -> None:
        """Stream half a line, then close the connection."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(
            b'{"id": "o", "time": 1, "event": "open", "topic": "t"}\n{"id": "m1", "time": 1, "event": "mess'
        )

    def _line(self, event: Event) -> None:
        self.wfile.write(json.dumps(event).encode() + b"\n")
        self.wfile.flush()

    def _lost(self) -> None:
        """Take it, and close the connection before the answer."""
        self._taken()

    def _page(self) -> None:
        self._answer(200, "<html>Log in to the network of this hotel</html>")

    def _other(self) -> None:
        self._answer(200, '["something", "else"]')

    def _gotify(self) -> None:
        self._answer(200, '{"id": 5, "message": "taken by a server of another kind"}')

    def _deep(self) -> None:
        self._answer(200, "[" * 60000)

    def _hang(self) -> None:
        self.server.ended.wait(60)

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
