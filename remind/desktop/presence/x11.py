"""Idle time and full screen on an X display.

The protocol is written out here, because libX11 ends the whole process when the display goes away, and waits forever
for a display that hangs. Under Wayland nothing is asked, since X knows only its own windows there.
"""

import struct
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from socket import socket

from remind.desktop.presence.presence import Environ, FailedError, Readings, UnavailableError, idle_for
from remind.desktop.presence.stream import connected, receive

# The numbers of requests and answers: X11 protocol, appendix B, and MIT-SCREEN-SAVER protocol 1.1.
_INTERN_ATOM, _GET_PROPERTY, _QUERY_EXTENSION, _QUERY_IDLE = 16, 20, 98, 1
_ERROR, _REPLY = 0, 1
_ONLY_IF_EXISTS, _ANY_TYPE, _MOST_ATOMS = 1, 0, 64
_COOKIE = b"MIT-MAGIC-COOKIE-1"
_OF_THIS_MACHINE = {256, 65535}  # FamilyLocal, FamilyWild


def ask(environ: Environ, deadline: float) -> Readings:
    """Return the idle time of the display, and whether the active window fills the screen."""
    if environ.get("WAYLAND_DISPLAY"):
        raise UnavailableError("under Wayland it knows only its own windows")
    number = _number(environ.get("DISPLAY", ""))
    with connected(f"/tmp/.X11-unix/X{number}", deadline) as sock:  # noqa: S108 - X ignores TMPDIR
        display = _Display(sock, deadline, _cookie(environ, number))
        return Readings(idle=display.idle(), full_screen=display.full_screen())


def _number(display: str) -> str:
    host, _, rest = display.rpartition(":")
    number = rest.partition(".")[0]
    if not number.isdecimal():
        raise UnavailableError("there is no X display")
    if host not in ("", "unix"):
        raise UnavailableError(f"{display} is the display of another machine")
    return number


def _cookie(environ: Environ, number: str) -> bytes:
    """Return the secret that opens the display, from the authority file (Xau(3)), or nothing if there is none."""
    path = environ.get("XAUTHORITY") or f"{environ.get('HOME', '')}/.Xauthority"
    with suppress(OSError, struct.error):
        content, at = Path(path).read_bytes(), 0
        while at < len(content):
            (family,), at = struct.unpack_from(">H", content, at), at + 2
            fields = []
            for _ in ("address", "number", "name", "data"):
                (length,) = struct.unpack_from(">H", content, at)
                fields.append(content[at + 2 : at + 2 + length])
                at += 2 + length
            if family in _OF_THIS_MACHINE and fields[1] in (b"", number.encode()) and fields[2] == _COOKIE:
                return fields[3]
    return b""


class _Display:
    """An X server at the other end of `sock`, asked until `deadline`."""

    def __init__(self, sock: socket, deadline: float, cookie: bytes) -> None:
        self._socket = sock
        self._receive = partial(receive, sock, deadline=deadline)
        self._root = self._introduce(cookie)

    def idle(self) -> timedelta | None:
        """Return the time since the last input, or None if the server has no screen saver that counts it."""
        present, opcode = self._ask(_QUERY_EXTENSION, 0, _text(b"MIT-SCREEN-SAVER"))[8:10]
        if not present:
            return None
        answer = self._ask(opcode, _QUERY_IDLE, struct.pack("=I", self._root))
        return idle_for(struct.unpack_from("=I", answer, 16)[0]).idle

    def full_screen(self) -> bool | None:
        """Return what the window manager says (Extended Window Manager Hints), or None if there is none."""
        active = self._property(self._root, b"_NET_ACTIVE_WINDOW")
        if not active:
            return None
        return self._atom(b"_NET_WM_STATE_FULLSCREEN") in self._property(active[0], b"_NET_WM_STATE")

    def _introduce(self, cookie: bytes) -> int:
        """Log in to the display, and return the root window of the first screen."""
        name = _COOKIE if cookie else b""
        order = b"l" if struct.pack("=H", 1) == b"\1\0" else b"B"
        self._socket.sendall(
            struct.pack("=cxHHHHxx", order, 11, 0, len(name), len(cookie)) + _padded(name) + _padded(cookie)
        )
        accepted, length = struct.unpack("=B5xH", self._receive(8))
        setup = self._receive(4 * length)
        if accepted != 1:
            raise FailedError("the display refuses this program")
        vendor, formats = struct.unpack_from("=H", setup, 16)[0], setup[21]
        return int(struct.unpack_from("=I", setup, 32 + len(_padded(bytes(vendor))) + 8 * formats)[0])

    def _atom(self, name: bytes) -> int:
        return int(struct.unpack_from("=I", self._ask(_INTERN_ATOM, _ONLY_IF_EXISTS, _text(name)), 8)[0])

    def _property(self, window: int, name: bytes) -> tuple[int, ...]:
        """Return the numbers in a property of `window`, or none if there is no such window or property."""
        wanted = struct.pack("=IIIII", window, self._atom(name), _ANY_TYPE, 0, _MOST_ATOMS)
        try:
            answer = self._ask(_GET_PROPERTY, 0, wanted)
        except UnavailableError:  # the window has just been closed
            return ()
        count = struct.unpack_from("=I", answer, 16)[0] if answer[1] == 32 else 0
        return struct.unpack_from(f"={count}I", answer, 32)

    def _ask(self, opcode: int, detail: int, body: bytes) -> bytes:
        self._socket.sendall(struct.pack("=BBH", opcode, detail, 1 + len(body) // 4) + body)
        while True:
            answer = self._receive(32)
            if answer[0] == _ERROR:
                raise UnavailableError("the display refuses to say")
            if answer[0] == _REPLY:
                return answer + self._receive(4 * struct.unpack_from("=I", answer, 4)[0])
            # Otherwise an event that goes to every client, such as a new keyboard.


def _text(name: bytes) -> bytes:
    return struct.pack("=Hxx", len(name)) + _padded(name)


def _padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % 4)
