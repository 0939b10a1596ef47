"""Sockets with a deadline on the monotonic clock. What is late raises TimeoutError, which is an OSError."""

import socket
import time


def connected(path: str, deadline: float) -> socket.socket:
    """Return a connection to the socket at `path`. Raise OSError if there is none by `deadline`."""
    sock = socket.socket(socket.AF_UNIX)
    try:
        sock.settimeout(left(deadline))
        sock.connect(path)
    except BaseException:
        sock.close()
        raise
    return sock


def receive(sock: socket.socket, size: int, deadline: float) -> bytes:
    """Return the next `size` bytes. Raise OSError if they do not come by `deadline`."""
    content = bytearray()
    while len(content) < size:
        sock.settimeout(left(deadline))
        data = sock.recv(min(size - len(content), 65536))
        if not data:
            raise ConnectionError("the connection was closed")
        content += data
    return bytes(content)


def left(deadline: float) -> float:
    """Return the seconds until `deadline`. Raise TimeoutError if it has passed."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("no answer in time")
    return seconds
