"""`remind open`: the page in a browser, else a terminal window, else right here."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from virtual_desktop import eventually

REMIND = (sys.executable, "-m", "remind")

BROWSER = """#!{python} -I
import http.cookiejar, sys, time, urllib.request
opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
page = opener.open(sys.argv[1])
with open({told!r}, "w") as told:
    told.write(page.url)
stream = opener.open(page.url.split("/stretch")[0] + "/events?page=stretch")
stream.readline()
time.sleep({seconds})
"""
TERMINAL = """#!{python} -I
import sys
with open({told!r}, "w") as told:
    told.write(" ".join(sys.argv[1:]))
"""


class Desk:
    """A home, a folder of programs, and a display that nobody looks at."""

    def __init__(self, folder: Path) -> None:
        self.bin, self.told = folder / "bin", folder / "told"
        self.bin.mkdir()
        self.environ = {
            "PATH": str(self.bin),
            "HOME": str(folder),
            "DISPLAY": ":99",
            "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere",
            "BROWSER": "browser",
        }

    def add(self, name: str, text: str, **values: object) -> None:
        program = self.bin / name
        program.write_text(text.format(python=sys.executable, told=str(self.told), **values))
        program.chmod(0o755)

    def types(self, *words: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*REMIND, *words], env={**self.environ, **environ}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_the_page_is_open_once_the_browser_has_connected(desk: Desk) -> None:
    """One line and exit code 0; the page's process lives on, and ends with the page's session."""
    desk.add("browser", BROWSER, seconds=1)
    done = desk.types("open", "stretch", "towel")
    assert (done.returncode, done.stdout, done.stderr) == (0, "The page is open.\n", "")
    assert desk.told.read_text().endswith("/stretch?routine=towel")


def test_stretch_window_is_the_same_with_a_routine_of_ones_own(desk: Desk, tmp_path: Path) -> None:
    """A file is taken by its path, and shown under its name."""
    desk.add("browser", BROWSER, seconds=1)
    mine = tmp_path / "from my physio.toml"
    mine.write_text('title = "T"\nsummary = "S"\n[[step]]\nread = "Hold"\nhear = "Hold it."\nhold = "20 s"\n')
    done = desk.types("stretch", "--window", str(mine))
    assert (done.returncode, done.stdout) == (0, "The page is open.\n")
    assert desk.told.read_text().endswith("/stretch?routine=from+my+physio")


def test_without_a_browser_a_terminal_window_opens(desk: Desk) -> None:
    """What is started but never connects counts as not opened; the command ends with a word about it."""
    desk.add("xterm", TERMINAL)
    desk.add("browser", "#!{python} -I\nraise SystemExit(3)\n")
    desk.add("xdg-open", "#!{python} -I\nraise SystemExit(4)\n")
    done = desk.types("open", "stretch", "towel", PYTHONHOME="")
    assert done.returncode == 0
    assert "so it runs in a terminal window" in done.stderr
    eventually(desk.told.exists)
    assert desk.told.read_text().endswith("remind.desktop.hold_window stretch towel")


def test_without_a_display_it_runs_right_here(desk: Desk) -> None:
    """Relief in lines; what no terminal can show says which command to take instead."""
    done = desk.types("open", "cramp", DISPLAY="")
    assert done.returncode == 0
    assert done.stderr == "remind: there is no display here, so it runs here\n"
    assert "Pull the toes toward the shin" in done.stdout
    done = desk.types("open", "setup", DISPLAY="")
    assert done.returncode == 2
    assert "setup asks questions, so it needs a terminal" in done.stderr
    done = desk.types("open", DISPLAY="")
    assert done.returncode == 1
    assert done.stderr.startswith("remind: the page could not be opened: there is no display here.")


def test_a_page_that_is_none_is_wrong_usage(desk: Desk) -> None:
    """The pages that there are are named."""
    done = desk.types("open", "garden")
    assert done.returncode == 2
    assert "'stretch'" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("stretch", "towl"), "remind: there is no routine 'towl'. Did you mean 'towel'?\n"),
        (("diary", "zzz"), "remind: no entry has an id that begins with 'zzz'. `remind diary` shows them.\n"),
    ],
)
def test_what_to_show_that_is_none_is_wrong_usage(desk: Desk, words: tuple[str, ...], said: str) -> None:
    """No terminal window opens to say it."""
    desk.add("xterm", TERMINAL)
    found = desk.types("open", *words)
    assert (found.returncode, found.stderr) == (2, said)
    assert not desk.told.exists()


def test_printed_it_serves_until_nobody_comes(desk: Desk) -> None:
    """The one-time address is the first line of standard output, and no browser is opened."""
    desk.add("browser", TERMINAL)
    process = subprocess.Popen([*REMIND, "open", "--print"], env=desk.environ, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    with urllib.request.build_opener(urllib.request.HTTPCookieProcessor()).open(address) as page:
        assert "<title>Today – remind</title>" in page.read().decode()
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    process.stdout.close()
    assert not desk.told.exists()


LOOK = """
import json, sys
sys.argv = ["remind", "status", "--json"]
from remind.cli.main import invoke
invoke()
print(json.dumps([name for name in ("starlette", "uvicorn", "jinja2", "remind.page") if name in sys.modules]))
"""


def test_the_page_is_imported_by_nothing_else(desk: Desk) -> None:
    """`remind status` pays nothing for it."""
    environ = {**os.environ, **desk.environ}
    done = subprocess.run([sys.executable, "-c", LOOK], env=environ, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == []
