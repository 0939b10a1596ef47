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

from remind.core.diary import Stretch


@pytest.fixture
def evening(server: Server, tmp_path: Path) -> Evening[Server]:
    """24 November 2026 in Berlin, with each of the three servers."""
    return Evening(tmp_path, server)


@pytest.mark.parametrize("press", PRESSES, ids=lambda press: f"{press.reminder}-{press.answer}")
def test_a_press_is_in_the_ledger(evening: Evening[Server], server: Server, press: Press, tmp_path: Path) -> None:
    """The ledger records the button and its time, and the diary what it says; after a cramp, its form opens."""
    due = press.is_due(evening)
    evening.home.environ["BROWSER"] = _program(tmp_path / "browser", VISITOR, folder=tmp_path)
    with Running(evening.home).ready() as service:
        eventually(lambda: server.showing() == 1)
        eventually(evening.shown)
        server.press(press.answer, BUTTONS[press.reminder])
        row = evening.answered()
        assert (row["reminder"], row["answer"]) == (press.reminder, press.recorded)
        assert row["answered_at"].startswith(f"2026-11-24T{due[:4]}")
        service.says(f"{press.recorded} from the notification")
        diary = evening.home.json("diary")
        if press.answer == "cramp":
            visited = tmp_path / "visited"
            form = eventually(lambda: visited.exists() and visited.read_text(), 60)
            assert form.endswith(f"/diary?edit={diary[0]['id']}")
    said = [(entry["kind"], entry.get("amount_ml") or entry.get("night")) for entry in diary]
    assert said == SAID.get(press.answer, [])


SAID = {
    "drunk": [("drink", 250)],
    "quiet": [("quiet-night", "2026-11-23")],
    "cramp": [("cramp", "2026-11-23")],
}
"""What the buttons write into the diary; the others write nothing."""

VISITOR = """#!{python} -I
import http.cookiejar, pathlib, sys, urllib.request
opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
page = opener.open(sys.argv[1])
assert b"Edit this cramp" in page.read()
stream = opener.open(page.url.split("/diary")[0] + "/events?page=diary")
stream.readline()
pathlib.Path("{folder}/new").write_text(page.url)
pathlib.Path("{folder}/new").rename("{folder}/visited")
"""
"""A browser in which the person sees a form, and closes the tab at once."""


BROWSER = """#!{python} -I
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
"""A browser in which the person starts the session, goes on to the first hold, and closes the tab after two seconds."""


def test_start_opens_the_session_in_the_browser(evening: Evening[Server], server: Server, tmp_path: Path) -> None:
    """Start opens the page; after the tab is closed, the part that was held is in the diary."""
    evening.home.environ["BROWSER"] = _program(tmp_path / "browser", BROWSER)
    evening.set(on(24, "22:00:01"))
    with Running(evening.home).ready() as service:
        eventually(lambda: server.showing() == 1)
        eventually(evening.shown)
        server.press("start")
        (entry,) = eventually(lambda: _sessions(evening), 60)
        assert (entry.routine, entry.complete) == ("wall-calf", False)
        service.says("started from the notification")
        assert service.end() == 0
        assert not service.has_failed


@pytest.mark.parametrize("server", ["dunst"], indirect=True)
def test_start_opens_a_terminal_window_where_no_browser_does(
    evening: Evening[Server], server: Server, tmp_path: Path
) -> None:
    """If the browser never connects, a terminal window opens with the session, and stays open at the end."""
    evening.home.environ["TERMINAL"] = _recorded(tmp_path, needs("xterm", "xterm"))
    hanging = tmp_path / "browser"
    hanging.write_text("#!/bin/sh\nexec sleep 60\n")
    hanging.chmod(0o755)
    evening.home.environ["BROWSER"] = str(hanging)
    evening.set(on(24, "22:00:01"))
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
        assert (entry.routine, entry.complete) == ("wall-calf", False)
        assert _find(server, "XTerm") == window
        eventually(lambda: _run(server, xdotool, "key", "Return") or not _find(server, "XTerm"))
        assert service.end() == 0
        assert not service.has_failed


def _program(path: Path, text: str, **values: Path) -> str:
    """Write `text` as a program in Python, and return its path."""
    path.write_text(text.format(python=sys.executable, **values))
    path.chmod(0o755)
    return str(path)


def _recorded(folder: Path, emulator: str) -> str:
    """Return a terminal that records what it shows."""
    program = folder / "terminal"
    record = f'{needs("script", "bsdutils")} -qfc "$*" {folder}/typescript'
    program.write_text(f"#!/bin/sh\nshift\nexec {emulator} -e {record}\n")
    program.chmod(0o755)
    return str(program)


def _on_screen(folder: Path) -> bytes:
    """Return everything that the terminal has shown so far."""
    typescript = folder / "typescript"
    return typescript.read_bytes() if typescript.exists() else b""


def _sessions(evening: Evening[Server]) -> list[Stretch]:
    return [entry for entry in evening.home.entries() if isinstance(entry, Stretch)]


def _find(server: Server, name: str) -> str:
    return _run(server, needs("xdotool", "xdotool"), "search", "--onlyvisible", "--class", name)


def _run(server: Server, *command: str) -> str:
    done = subprocess.run(command, env=dict(server.environ), capture_output=True, text=True, timeout=60, check=False)
    return done.stdout.strip()
