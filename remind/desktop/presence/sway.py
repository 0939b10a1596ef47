"""Full screen under sway, over its socket (sway-ipc(7)), which does not report the idle time."""

import struct
from collections.abc import Iterator
from typing import Any

import msgspec

from remind.desktop.presence.presence import NO_SENSE, Environ, FailedError, Readings, UnavailableError
from remind.desktop.presence.stream import connected, receive

_MAGIC = b"i3-ipc"
_GET_TREE = 4
_HEAD = struct.Struct("=6sII")
_MOST_BYTES = 16 << 20


def ask(environ: Environ, deadline: float) -> Readings:
    """Return whether a visible window fills the screen."""
    path = environ.get("SWAYSOCK")
    if not path:
        raise UnavailableError("it is not running")
    with connected(path, deadline) as sock:
        sock.sendall(_HEAD.pack(_MAGIC, 0, _GET_TREE))
        magic, size, kind = _HEAD.unpack(receive(sock, _HEAD.size, deadline))
        if (magic, kind) != (_MAGIC, _GET_TREE) or size > _MOST_BYTES:
            raise FailedError(NO_SENSE)
        tree = msgspec.json.decode(receive(sock, size, deadline))
    return Readings(full_screen=any(node.get("fullscreen_mode") and node.get("visible") for node in _nodes(tree)))


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for kind in ("nodes", "floating_nodes"):
            children = node.get(kind)
            for child in children if isinstance(children, list) else ():
                yield from _nodes(child)
