"""Messages to the person's phone through an ntfy server, for when the person is not at the computer."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from remind.desktop.command import CommandError, run_python
from remind.desktop.notify.channel import ChannelError, Delivery, Notification
from remind.desktop.notify.text import one_line, plain
from remind.errors import SettingsError
from remind.files import read_text

VARIABLE = "REMIND_NTFY_TOKEN"
"""The environment variable with the token, which is used instead of the file."""

_CHILD = Path(__file__).with_name("ntfy_child.py")
_MOST_MESSAGE = 1000
"""Characters of up to four bytes each: ntfy makes an attachment of more than 4,096 bytes."""
_STARTING_S = 5.0
"""How long the child may take, beyond the wait for the server, to start an interpreter."""

_TOKEN = re.compile(r"[\x21-\x7e]{1,512}")
_NOT_OF_A_SEQUENCE = re.compile(r"[^A-Za-z0-9_-]")


class NtfyPhone:
    """Publishes to `address`, https://HOST/TOPIC, with the token from `environ` or `token_file`, if there is one.

    It is not a channel, since it brings no answers back. Whoever knows the topic can read it, so an error names only
    the host.
    """

    name = "ntfy"

    def __init__(
        self,
        address: str,
        token_file: Path | None = None,
        environ: Mapping[str, str] = os.environ,
        timeout: float = 10.0,
    ) -> None:
        server, _, self._topic = address.rpartition("/")
        self._server = f"{server}/"
        self._host = server.partition("://")[2].partition("/")[0]
        self._token_file = token_file
        self._environ = environ
        self._timeout = timeout

    def check(self) -> str:
        """Return where a message would go, without sending one. Raise ChannelError if the token cannot be read."""
        return f"{self.name} at {self._host}, {'with' if self._token() else 'without'} a token"

    def send(self, notification: Notification) -> Delivery:
        """Send title and body of `notification`; sent again, it replaces the first one on the phone.

        Raise ChannelError if the server does not confirm it, or if the token cannot be read.
        """
        title, body = one_line(notification.title), plain(notification.body, _MOST_MESSAGE)
        message = {
            "topic": self._topic,
            "title": title if body else "",
            "message": body or title,
            "sequence_id": _NOT_OF_A_SEQUENCE.sub("-", notification.key)[:64],
        }
        given = {"url": self._server, "token": self._token(), "message": message, "timeout_s": self._timeout}
        try:
            run_python(_CHILD, self._environ, self._timeout + _STARTING_S, given)
        except CommandError as error:
            raise ChannelError(one_line(f"{self._host}: {error}")) from error
        return Delivery(self.name, confirmed=True, server=self._host)

    def _token(self) -> str:
        if token := self._environ.get(VARIABLE, ""):
            return _checked(token, VARIABLE)
        if self._token_file is None:
            return ""
        try:
            return _checked(read_text(self._token_file.expanduser()).strip(), str(self._token_file))
        except FileNotFoundError as error:
            raise ChannelError(f"{self._token_file}: the file does not exist. Write the token into it") from error
        except (SettingsError, RuntimeError) as error:  # RuntimeError: the ~ is not of any user
            raise ChannelError(str(error)) from error


def _checked(token: str, where: str) -> str:
    if not _TOKEN.fullmatch(token):
        raise ChannelError(f"{where}: does not contain a token, which is one word of letters, digits and signs")
    return token
