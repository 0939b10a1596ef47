"""`python -m remind.cli.launched COMMAND`: a command from a launcher. A notification shows what it says."""

import io
import os
import sys
from contextlib import closing, redirect_stderr, redirect_stdout, suppress
from typing import TYPE_CHECKING, NoReturn

from remind.cli.main import invoke
from remind.errors import RemindError

if TYPE_CHECKING:
    from remind.app import App


def main() -> NoReturn:
    """Run the command and end the process with its code."""
    from remind.app import App

    os._exit(run(App(), sys.argv[1:]))


def run(app: "App", words: list[str]) -> int:
    """Run the command `words`, show what it says as a notification, and return its exit code.

    A page that opens says enough, and `open --wait` itself tells when it can't.
    """
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = invoke(app, words)
    if "--wait" not in words and (code or words[0] != "open"):
        _show(app, said.getvalue())
    return code


def _show(app: "App", said: str) -> None:
    from remind.desktop.notify.channel import Notification

    first, _, rest = said.strip().removeprefix("remind: ").partition("\n")
    title = f"{first[:1].upper()}{first[1:]}"
    app.refresh()  # the command has closed what it used
    with closing(app), closing(app.open_channels(app.loaded.settings)) as channels, suppress(RemindError):
        channels.show(Notification(key="launcher", reminder="", title=title, body=rest.strip(), lasting=False))


if __name__ == "__main__":
    main()
