"""A bare socket that sends every client what a test wants."""

import socket
import threading
from contextlib import suppress
from pathlib import Path


class Listener:
    """A socket at `path` until `end`; each client gets the pieces of `says`, one for each message that it sends."""

    def __init__(self, path: Path, *says: bytes) -> None:
        self.says = list(says)
        """If there are no pieces it hangs; after the last one it closes."""
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(path))
        self._listening.listen()
        self._connected: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Close it and every connection."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join(20)
        for sock in (self._listening, *self._connected):
            sock.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                sock, _ = self._listening.accept()
                self._connected.append(sock)
                for piece in self.says:
                    sock.recv(4096)
                    sock.sendall(piece)
                if self.says:
                    sock.shutdown(socket.SHUT_WR)
