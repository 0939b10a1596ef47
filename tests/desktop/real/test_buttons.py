"""Every button of every reminder, pressed on a real server while the real service runs, and what the ledger records."""

import subprocess
import sys
from pathlib import Path

import pytest
from button_presses import BUTTONS, PRESSES, Press
from evening import Evening, on
from servers import Server
from service_process import Running
from virtual_desktop import eventually, needs


@pytest.fixture
def evening(server: Server, tmp_path: Path) -> Evening[Server]:
    """24 November 2026 in Berlin, with each of the three servers."""
    return Evening(tmp_path, server)


@pytest.mark.parametrize("press", PRESSES, ids=lambda press: f"{press.reminder}-{press.answer}")
def test_a_press_is_in_the_ledger(evening: Evening[Server], server: Server, press: Press) -> None:
    """The ledger records the button and its time; the diary records what was drunk."""
    due = press.is_due(evening)
    with Running(evening.home).ready() as service:
        eventually(lambda: server.showing() == 1)
        eventually(evening.shown)
        server.press(press.answer, BUTTONS[press.reminder])
        row = evening.answered()
        assert (row["reminder"], row["answer"]) == (press.reminder, press.recorded)
        assert row["answered_at"].startswith(f"2026-11-24T{due[:4]}")
        service.says(f"{press.recorded} from the notification")
    drunk = [entry["amount_ml"] for entry in evening.home.json("diary") if entry["kind"] == "drink"]
    assert drunk == ([250] if press.answer == "drunk" else [])


BROWSER = """#!/usr/bin/env -S -u LD_PRELOAD {python} -I
import http.cookiejar, json, sys, time, urllib.request
opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
page = opener.open(sys.argv[1]).url
site = page.split("/stretch")[0]
stream = opener.open(site + "/events?page=stretch")
stream.readline()
def post(path, **body):
    headers = {{"Origin": site, "Content-Type": "application/json"}}
    opener.open(urllib.request.Request(site + path, json.dumps(body).encode(), headers))
post("/stretch/start", routine="wall-calf", tab=1)
post("/stretch/press", key="next", tab=1)
time.sleep(2)
"""
"""A browser in which the person starts the session, goes on to the first hold, and closes the tab after two seconds.

It runs in real time, since libfaketime refuses its sleep (EINVAL): a browser that fails at its start is not used.
"""


def test_start_opens_the_session_in_the_browser(evening: Evening[Server], server: Server, tmp_path: Path) -> None:
    """Start opens the page; after the tab is closed, the part that was held is in the diary."""
    program = tmp_path / "browser"
    program.write_text(BROWSER.format(python=sys.executable))
    program.chmod(0o755)
    evening.home.environ["BROWSER"] = str(program)
    evening.begin(on(24, "22:00:01"))
    with Running(evening.home).ready() as service:
        eventually(lambda: server.showing() == 1)
        eventually(evening.shown)
        server.press("start")
        (entry,) = eventually(lambda: _sessions(evening), 60)
        assert (entry["routine"], entry["complete"]) == ("wall-calf", False)
        service.says("started from the notification")
        assert service.end() == 0
        assert not service.has_failed


@pytest.mark.parametrize("server", ["dunst"], indirect=True)
def test_start_opens_a_terminal_window_where_no_browser_does(
    evening: Evening[Server], server: Server, tmp_path: Path
) -> None:
    """If the browser never connects, a terminal window opens with the session, and stays open at the end."""
    evening.home.environ["TERMINAL"] = _in_real_time(tmp_path, needs("xterm", "xterm"))
    hanging = tmp_path / "browser"
    hanging.write_text("#!/bin/sh\nexec sleep 60\n")
    hanging.chmod(0o755)
    evening.home.environ["BROWSER"] = str(hanging)
    evening.begin(on(24, "22:00:01"))
    with Running(evening.home).ready() as service:
        eventually(lambda: server.showing() == 1)
        eventually(evening.shown)
        server.press("start")
        window = eventually(lambda: _find(server, "XTerm"), 60)
        service.says("started from the notification")
        xdotool = needs("xdotool", "xdotool")
        eventually(lambda: b"safe for you" in _on_screen(tmp_path))
        _run(server, xdotool, "windowfocus", "--sync", window, "key", "y", "Return")
        eventually(lambda: b"quit" in _on_screen(tmp_path))
        # On to the first hold, of which two seconds are held.
        (entry,) = eventually(lambda: _run(server, xdotool, "key", "n", "sleep", "2", "key", "q") or _sessions(evening))
        assert (entry["routine"], entry["complete"]) == ("wall-calf", False)
        assert _find(server, "XTerm") == window
        eventually(lambda: _run(server, xdotool, "key", "Return") or not _find(server, "XTerm"))
        assert service.end() == 0
        assert not service.has_failed


def _in_real_time(folder: Path, emulator: str) -> str:
    """Return a terminal that is not affected by libfaketime, and records what it shows."""
    program = folder / "terminal"
    record = f'{needs("script", "bsdutils")} -qfc "$*" {folder}/typescript'
    program.write_text(f"#!/bin/sh\nshift\nexec env -u LD_PRELOAD {emulator} -e {record}\n")
    program.chmod(0o755)
    return str(program)


def _on_screen(folder: Path) -> bytes:
    """Return everything that the terminal has shown so far."""
    typescript = folder / "typescript"
    return typescript.read_bytes() if typescript.exists() else b""


def _sessions(evening: Evening[Server]) -> list[dict[str, object]]:
    return [entry for entry in evening.home.json("diary") if entry["kind"] == "stretch"]


def _find(server: Server, name: str) -> str:
    return _run(server, needs("xdotool", "xdotool"), "search", "--onlyvisible", "--class", name)


def _run(server: Server, *command: str) -> str:
    done = subprocess.run(command, env=dict(server.environ), capture_output=True, text=True, timeout=60, check=False)
    return done.stdout.strip()
