"""`remind open`: the program in the browser; a terminal window or lines where no browser can show it."""

import subprocess
import sys
import threading
import urllib.parse
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from remind.cli import values
from remind.errors import ExitCode, RemindError, UsageError

if TYPE_CHECKING:
    from remind.app import App
    from remind.desktop.notify.channel import Notification

PAGES = ("today", "stretch", "cramp", "diary", "report", "settings", "setup", "phone")
"""The pages that can be opened; the path of each is its name."""

IN_TERMINAL = ("stretch", "cramp", "setup")
"""The pages that are commands too, so that a terminal can take the place of a browser."""

CONNECT_S = 15.0
_START_S = 20.0
_OPENED = "The page is open."


@click.command("open")
@click.argument("page", type=click.Choice(PAGES), default="today", metavar="[PAGE]")
@click.argument("what", metavar="[ROUTINE|ID]", required=False, shell_complete=values.routines)
@click.option("--print", "prints", is_flag=True, help="Print the one-time address, open no browser, and serve.")
@click.option("--wait", is_flag=True, help="Stay until the page is closed.")
@click.option("--speed", type=click.FloatRange(1, 100), metavar="N", help="Play N times faster, as a preview.")
@click.pass_obj
def open_(app: "App", page: str, what: str | None, prints: bool, wait: bool, speed: float | None) -> None:
    """Open a page in your browser.

    PAGE is today, stretch, cramp, diary, report (for your doctor), settings, setup or phone; without it, today opens.
    ROUTINE is the one to stretch by; without it, the routine in the settings is used. ID is the entry of the diary to
    correct.

    Example: remind open stretch
    """
    if prints:
        _serve(app, page, what, speed)
    else:
        open_page(app, page, what, speed, wait)


def open_page(app: "App", page: str, what: str | None = None, speed: float | None = None, wait: bool = False) -> None:
    """Show `page` in a window of its own, or in a terminal where no browser connects to it.

    Raises:
        RemindError: it can be shown in no way at all, or the routine or entry `what` does not exist.
    """
    from remind.desktop.browser import has_display
    from remind.desktop.environ import session_environ

    environ = session_environ()
    if not has_display(environ):
        _in_this_terminal(page, what, "there is no display here")
        return
    words = [page, *([what] if what else []), *(["--speed", str(speed)] if speed else [])]
    try:
        server = _opened(words, environ)
    except RemindError as error:
        if isinstance(error, UsageError) and not wait:
            raise
        _in_a_terminal_window(app, page, what, environ, str(error), tells=wait)
        return
    click.echo(_OPENED)
    if wait:
        server.wait()


def _opened(words: list[str], environ: Mapping[str, str]) -> "subprocess.Popen[str]":
    """Start the page's own process and show it in a browser; return it once the page has connected.

    Raises:
        RemindError: the process didn't start, no browser could be opened, or none connected.
    """
    from remind.desktop.browser import open_address

    server = subprocess.Popen(
        [sys.executable, "-P", "-m", "remind", "open", *words, "--print"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        address = _line(server, _START_S)
        if not address:
            with suppress(subprocess.TimeoutExpired):
                server.wait(1)
            said = server.stderr.read().strip() if server.poll() is not None and server.stderr else ""
            kind = UsageError if server.returncode == ExitCode.USAGE else RemindError
            raise kind(said.removeprefix("remind: ").rstrip(".") or "the page could not be started")
        open_address(address, environ)
        if _line(server, CONNECT_S) != _OPENED:
            raise RemindError(f"no browser opened the page within {CONNECT_S:.0f} s")
    except BaseException:
        server.terminate()
        server.wait()
        raise
    return server


def _line(server: "subprocess.Popen[str]", most_s: float) -> str:
    """Return the next line that the server prints, or "" where none comes in time."""
    lines: list[str] = []
    assert server.stdout is not None
    reading = threading.Thread(target=lambda out=server.stdout: lines.append(out.readline()), daemon=True)
    reading.start()
    reading.join(most_s)
    return lines[0].strip() if lines else ""


def _in_a_terminal_window(
    app: "App", page: str, routine: str | None, environ: Mapping[str, str], why: str, tells: bool
) -> None:
    from remind.desktop.terminal_window import open_terminal
    from remind.service.messages import form_not_opened, not_started

    if page not in IN_TERMINAL:
        if tells and routine:
            _notify(app, form_not_opened(routine, why))
        raise RemindError(f"the page could not be opened: {why}")
    command = [sys.executable, "-P", "-m", "remind.desktop.hold_window", page, *([routine] if routine else [])]
    try:
        open_terminal(command, environ)
    except RemindError as error:
        if not tells:  # a person typed this, and sees this terminal
            _in_this_terminal(page, routine, f"{why}; {error}")
            return
        _notify(app, not_started(f"{why}; {error}"))
        raise
    click.echo(f"remind: {why}, so it runs in a terminal window", err=True)


def _in_this_terminal(page: str, routine: str | None, why: str) -> None:
    """Run the command that does the same as `page` right here."""
    from remind.cli.main import remind

    if page not in IN_TERMINAL:
        raise RemindError(f"the page could not be opened: {why}. `remind status` shows today here.")
    click.echo(f"remind: {why}, so it runs here", err=True)
    context = click.get_current_context()
    command = remind.get_command(context, page)
    assert command is not None
    context.invoke(command, **({"which": routine} if page == "stretch" else {}))


def _notify(app: "App", notification: "Notification") -> None:
    """Tell a person who pressed a button that nothing opened."""
    channels = app.channels()
    with suppress(RemindError):
        channels.show(notification)
    channels.close()


def _serve(app: "App", page: str, what: str | None, speed: float | None) -> None:
    """Serve `page` in this process; say where, and once more when a browser has come."""
    from remind.guide.guidance import counting_sleep
    from remind.page.server import serve
    from remind.page.site import Site
    from remind.settings.routines import find
    from remind.store.log import entry_of

    site = Site(app, counting_sleep(app.monotonic, lambda: app.now().timestamp()), speed or 1.0)
    path = f"/{page}"
    if what is not None and page == "diary":
        path += "?" + urllib.parse.urlencode({"edit": entry_of(what, app.store_for_reading.diary).id})
    elif what is not None:
        site.stretch.given = find(what, app.folders.routines)
        path += "?" + urllib.parse.urlencode({"routine": site.stretch.given.stem})
    opened = threading.Event()

    def connected() -> None:
        if not opened.is_set():
            opened.set()
            _say(_OPENED)

    site.connected = connected
    serve(site, path, _say)


def _say(line: str) -> None:
    with suppress(OSError):  # whoever read this may have gone
        click.echo(line)
