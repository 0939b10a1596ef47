"""Whose process is at the other end of a connection, as the Linux kernel tells."""

import asyncio
import os
import socket
from pathlib import Path

from uvicorn.protocols.http.h11_impl import H11Protocol

_TCP = Path("/proc/net/tcp")
_UID_COLUMN = 7
_TRIES = 5
"""The kernel gives the table in pieces, and may skip or repeat a row when connections come and go in between."""


class OwnConnection(H11Protocol):
    """A connection that is cut before a byte of it is read, unless this person's own process made it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Look once, when the connection is made: the table of connections takes a while to read."""
        super().connection_made(transport)
        client, server = transport.get_extra_info("peername"), transport.get_extra_info("sockname")
        if not client or not is_own(client, server[1]):
            transport.abort()


def is_own(client: tuple[str, int], server_port: int, table: Path = _TCP) -> bool:
    """Return whether the process at `client` is this person's own; True where the system doesn't tell."""
    wanted = [_as_in_table(client), _as_in_table(("127.0.0.1", server_port))]
    for _ in range(_TRIES):
        try:
            lines = table.read_text(encoding="ascii").splitlines()[1:]
        except OSError:  # not Linux
            return True
        owners = {fields[_UID_COLUMN] for line in lines if (fields := line.split())[1:3] == wanted}
        if owners:
            return owners == {str(os.getuid())}
    return False


def _as_in_table(address: tuple[str, int]) -> str:
    number = int.from_bytes(socket.inet_aton(address[0]), "little")
    return f"{number:08X}:{address[1]:04X}"
