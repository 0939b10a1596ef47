"""Sockets that are read until a deadline on the monotonic clock, and never longer."""

import socket
import time


def connected(path: str, deadline: float) -> socket.socket:
    """Return a connection to the socket at `path`. Raises OSError, of which TimeoutError is one."""
    sock = socket.socket(socket.AF_UNIX)
    try:
        sock.settimeout(left(deadline))
        sock.connect(path)
    except BaseException:
        sock.close()
        raise
    return sock


def receive(sock: socket.socket, size: int, deadline: float) -> bytes:
    """Return the next `size` bytes. Raises OSError, of which TimeoutError is one."""
    content = bytearray()
    while len(content) < size:
        sock.settimeout(left(deadline))
        data = sock.recv(min(size - len(content), 65536))
        if not data:
            raise ConnectionError("the connection was closed")
        content += data
    return bytes(content)


def left(deadline: float) -> float:
    """Return the seconds until `deadline`. Raises TimeoutError where it has passed."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("no answer in time")
    return seconds
