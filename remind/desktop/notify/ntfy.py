"""Messages to the person's phone through an ntfy server, and the presses of their buttons."""

import os
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from remind.core.phone_secret import answer_topic
from remind.desktop.command import CommandError, kill, python, run_python, start
from remind.desktop.notify.channel import ChannelError
from remind.desktop.notify.text import one_line, plain
from remind.errors import SettingsError
from remind.files import read_text

if TYPE_CHECKING:
    import subprocess  # loaded when a child starts

VARIABLE = "REMIND_NTFY_TOKEN"
"""The environment variable with the token, which is used instead of the file."""
MOST_AHEAD = timedelta(days=3)
LEAST_AHEAD = timedelta(seconds=10)
"""How far ahead ntfy delivers a message."""
CACHE = timedelta(hours=12)
"""How long ntfy keeps what was published, unless its owner chose otherwise."""

_CHILD = Path(__file__).with_name("ntfy_child.py")
_MOST_MESSAGE = 1000
"""Characters of up to four bytes each: ntfy makes an attachment of more than 4,096 bytes."""
_STARTING_S = 5.0
"""How long the child may take, beyond the wait for the server, to start an interpreter."""
_SILENCE_S = 100.0
"""After so long without a line a connection is dead: ntfy sends a line every 45 s."""
_AGAIN_S = 5.0
"""How soon a child that listens connects again: ntfy allows a request every 5 s for ever."""
_MOST_CLOSE_S = 1.0
_MOST_LINE = 2048
"""Bytes of a line that a listening child may print."""

_TOKEN = re.compile(r"[\x21-\x7e]{1,512}")


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What to publish. A message replaces an earlier one with its `sequence_id` on the phone."""

    sequence_id: str
    title: str
    body: str = ""
    buttons: tuple[tuple[str, str], ...] = ()
    """Up to three labels, each with the text that a press posts to the topic of answers."""
    delay: timedelta | None = None
    """How long the server keeps it before it delivers it: between LEAST_AHEAD and MOST_AHEAD; None is at once."""
    quiet: bool = False
    """It makes no sound."""


class _Action(msgspec.Struct, frozen=True):
    body: str = ""


class Published(msgspec.Struct, frozen=True):
    """A message as the server has it. `time` is the server's clock, in seconds since 1970."""

    id: str
    time: int
    event: str
    message: str = ""
    sequence_id: str = ""
    actions: tuple[_Action, ...] = ()


_PUBLISHED = msgspec.json.Decoder(Published)


class NtfyPhone:
    """Publishes to `address`, https://HOST/TOPIC, with the token from `environ` or `token_file`, if there is one.

    With `secret`, messages may have buttons. Whoever knows the topic can read it, so an error names only the host.
    """

    name = "ntfy"

    def __init__(
        self,
        address: str,
        token_file: Path | None = None,
        environ: Mapping[str, str] = os.environ,
        timeout: float = 10.0,
        secret: str = "",
    ) -> None:
        server, _, self._topic = address.rpartition("/")
        self._server = f"{server}/"
        self._host = server.partition("://")[2].partition("/")[0]
        self._secret = secret
        self._token_file = token_file
        self._environ = environ
        self._timeout = timeout

    @property
    def _answers(self) -> str:
        return f"{self._server}{answer_topic(self._secret, self._topic)}"

    def check(self) -> str:
        """Return where a message would go, without sending one. Raise ChannelError if the token cannot be read."""
        return f"{self.name} at {self._host}, {'with' if self._token() else 'without'} a token"

    def publish(self, message: Message) -> Published:
        """Publish `message`.

        Raise ChannelError if the server does not confirm it, or if the token cannot be read. Unless that says that the
        server refused it, nobody knows whether it has the message; `has` tells.
        """
        title, text = one_line(message.title), plain(message.body, _MOST_MESSAGE)
        body: dict[str, object] = {
            "topic": self._topic,
            "title": title if text else "",
            "message": text or title,
            "sequence_id": message.sequence_id,
        }
        if message.buttons:
            # The body alone, without the server's token: everybody who reads the topic could read that too.
            body["actions"] = [
                {"action": "http", "label": label, "url": self._answers, "body": answer, "clear": True}
                for label, answer in message.buttons
            ]
        if message.delay is not None:
            body["delay"] = f"{message.delay.total_seconds():.0f}s"  # not a time: the server's clock may be wrong
        if message.quiet:
            body["priority"] = 1
        return self._one("message", self._ask(self._server, "POST", body))

    def withdraw(self, sequence_id: str, answer: str) -> bool:
        """Withdraw the scheduled message `sequence_id`, of which a button posts `answer`.

        Return whether it is gone: servers before ntfy 2.16 cannot, and 2.16 takes it from the phone but delivers it all
        the same. Raise ChannelError if the server does not say.
        """
        if said := self._ask(f"{self._server}{self._topic}/{sequence_id}", "DELETE"):
            self._one("message_delete", said)
        return not self.has(answer)

    def has(self, answer: str) -> bool:
        """Return whether the server has a message of which a button posts `answer`. Raise ChannelError if it fails."""
        return any(action.body == answer for one in self.published() for action in one.actions)

    def published(self) -> list[Published]:
        """Return what the server keeps of the topic, scheduled messages included. Raise ChannelError if it fails."""
        found = self._ask(f"{self._server}{self._topic}/json?poll=1&scheduled=1&since=all", "GET")
        return [one for one in found if one.event == "message"]

    def answers(self, since: str) -> list[Published]:
        """Return what was pressed after the message with the id `since`; of "all", everything that the server keeps.

        Raise ChannelError if it fails.
        """
        found = self._ask(f"{self._answers}/json?poll=1&since={since}", "GET")
        return [one for one in found if one.event == "message"]

    def listen(self, since: str, heard: Callable[[Published], object], failed: Callable[[str], None]) -> "Listening":
        """Call `heard` with each press after the message `since`, in a thread of its own, until the return is closed.

        `failed` is called with the reason when the server can't be heard; connecting again goes on by itself. Raise
        ChannelError if the token cannot be read, or no child can be started.
        """
        given = {
            "url": f"{self._answers}/json",
            "token": self._token(),
            "timeout_s": _SILENCE_S,
            "since": since,
            "wait_s": _AGAIN_S,
        }
        try:
            process = start(python(_CHILD), self._environ)
        except CommandError as error:
            raise ChannelError(one_line(f"{self._host}: {error}")) from error
        return Listening(process, given, heard, lambda why: failed(one_line(f"{self._host}: {why}")))

    def _ask(self, url: str, method: Literal["GET", "POST", "DELETE"], body: object = None) -> list[Published]:
        limit_s = self._timeout + _STARTING_S
        given = {
            "url": url,
            "method": method,
            "token": self._token(),
            "body": body,
            "timeout_s": self._timeout,
            "limit_s": limit_s,
        }
        try:
            answer = run_python(_CHILD, self._environ, limit_s, given)
            return [_PUBLISHED.decode(line) for line in answer.splitlines()]
        except CommandError as error:
            raise ChannelError(one_line(f"{self._host}: {error}")) from error
        except msgspec.MsgspecError as error:
            raise self._rubbish() from error

    def _one(self, event: str, answer: Sequence[Published]) -> Published:
        if [one.event for one in answer] != [event]:
            raise self._rubbish()
        return answer[0]

    def _rubbish(self) -> ChannelError:
        return ChannelError(f"{self._host}: does not answer as ntfy does")

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


class Listening:
    """A child that listens, and the thread that reads what it prints."""

    def __init__(
        self,
        process: "subprocess.Popen[bytes]",
        given: object,
        heard: Callable[[Published], object],
        failed: Callable[[str], None],
    ) -> None:
        self._process = process
        self._closed = False
        self._thread = threading.Thread(target=self._read, args=[given, heard, failed], daemon=True)
        self._thread.start()

    @property
    def ended(self) -> bool:
        """Whether it has stopped, by `close` or by itself."""
        return not self._thread.is_alive()

    def close(self) -> None:
        """Stop listening; only a press that is being recorded just now is still heard, and is waited for."""
        self._closed = True  # more may have come already; if it were heard, a press before it that failed would be lost
        kill(self._process)
        if threading.current_thread() is not self._thread:
            self._thread.join(_MOST_CLOSE_S)

    def _read(self, given: object, heard: Callable[[Published], object], failed: Callable[[str], None]) -> None:
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(OSError, msgspec.MsgspecError), process:  # closing the pipe of one that was killed may fail too
            process.stdin.write(msgspec.json.encode(given) + b"\n")
            process.stdin.flush()
            # It stays open: when it ends, as at the end of this process, the child ends too.
            while (line := process.stdout.readline(_MOST_LINE)) and not self._closed:
                one = _PUBLISHED.decode(line)
                if one.event == "message":
                    heard(one)
                else:
                    failed(one.message)
