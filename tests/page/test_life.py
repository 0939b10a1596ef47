"""How long the server lives, as a part and as the process that `remind open` starts."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ntfy_server import NtfyServer
from served import Served
from virtual_desktop import eventually
from visitor import Visitor

from remind.page.server import IDLE_S, UNSEEN_S
from remind.page.tabs import MOST_TABS, Tabs


def test_it_ends_when_nobody_came(served: Served) -> None:
    """A minute after it began, and not before."""
    served.t += IDLE_S - 1
    time.sleep(0.1)
    assert served.alive
    served.t += 1
    assert served.ended()


def test_it_ends_a_minute_after_the_last_page(served: Served) -> None:
    """Not while one is open, however long that is."""
    tab = served.site.tabs.join("stretch")
    assert tab is not None
    for _ in range(10):
        served.t += IDLE_S - 1
        time.sleep(0.03)
    assert served.alive
    served.do(lambda: served.site.tabs.leave(tab))
    time.sleep(0.05)
    served.t += IDLE_S
    assert served.ended()


def test_a_page_without_javascript_is_given_longer(served: Served) -> None:
    """It never says that it is open, so ten minutes count from what it asked last."""
    served.server.gate.passed += 1
    time.sleep(0.1)
    served.t += IDLE_S
    time.sleep(0.1)
    assert served.alive
    served.t += UNSEEN_S
    assert served.ended()


def test_what_runs_when_it_ends_is_recorded(served: Served) -> None:
    """SIGTERM in the middle of a hold: the part that was held stands in the diary."""
    served.do(lambda: served.site.stretch.start("mine"))
    served.pass_s(15)
    served.end()
    assert [getattr(entry, "held_s", None) for entry in served.diary()] == [5]


def test_no_more_than_four_tabs() -> None:
    """A fifth is refused until one has gone; of each page one sounds."""
    tabs = Tabs(lambda: 0.0)
    joined = [tabs.join("stretch") for _ in range(MOST_TABS)]
    assert tabs.join("today") is None
    assert joined[0] is not None
    tabs.leave(joined[0])
    assert tabs.join("today") is not None


class Process:
    """`remind open --print` in a home of its own."""

    def __init__(self, home: Path, *words: str) -> None:
        environ = {name: os.environ[name] for name in ("PATH",)} | {"HOME": str(home), "DBUS_SESSION_BUS_ADDRESS": ""}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "remind", "open", *words, "--print"],
            env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def end(self, number: int) -> tuple[int, str]:
        self.process.send_signal(number)
        _, told = self.process.communicate(timeout=30)
        return self.process.returncode, told


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGHUP, 0), (signal.SIGINT, 130)])
def test_the_process_prints_its_address_and_ends_when_asked(tmp_path: Path, number: int, code: int) -> None:
    """The address is the first line; a signal ends it at once, without a traceback."""
    process = Process(tmp_path, "stretch", "towel")
    assert process.line().startswith("http://127.0.0.1:")
    ended, told = process.end(number)
    assert (ended, told.strip()) == (code, "")


def test_it_ends_while_a_phones_server_hangs(tmp_path: Path) -> None:
    """What waits for the server is given up after a second, and nothing of it is printed."""
    ntfy = NtfyServer()
    ntfy.behaviour = "hang"
    settings = tmp_path / ".config" / "remind" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f'[phone]\nntfy = "{ntfy.address()}"\n', encoding="utf-8")
    process = Process(tmp_path, "today")
    visitor = Visitor.by_address(process.line())
    assert visitor.post("/phone/test", {}).status == 204
    eventually(lambda: ntfy.requests)
    began = time.monotonic()
    assert process.end(signal.SIGTERM) == (0, "")
    assert time.monotonic() - began < 10
    ntfy.end()


def test_a_routine_that_is_none_is_told(tmp_path: Path) -> None:
    """One line and exit code 2, before any address."""
    process = Process(tmp_path, "stretch", "towl")
    assert process.line() == ""
    _, told = process.process.communicate(timeout=30)
    assert process.process.returncode == 2
    assert told.startswith("remind: there is no routine 'towl'. Did you mean 'towel'?")


def test_a_browser_that_connects_is_told(tmp_path: Path) -> None:
    """The second line says that the page is open, so that whoever opened the browser knows."""
    import http.client

    process = Process(tmp_path, "cramp")
    address = process.line()
    host = address.removeprefix("http://").partition("/")[0]
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request("GET", address.partition(host)[2])
    answer = connection.getresponse()
    answer.read()
    cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
    stream = http.client.HTTPConnection(host, timeout=10)
    stream.request("GET", "/events?page=cramp", headers={"Cookie": cookie})
    assert stream.getresponse().status == 200
    assert process.line() == "The page is open."
    eventually(lambda: process.process.poll() is None)
    assert process.end(signal.SIGTERM)[0] == 0
    stream.close()
    connection.close()


def test_what_a_page_logs_is_shared_with_other_machines(served: Served, tmp_path: Path) -> None:
    """As soon as it is logged, not only when the page is closed."""
    (tmp_path / "Sync").mkdir()
    served.folders.settings.write_text(f'[diary]\nfolder = "{tmp_path / "Sync"}"\n', encoding="utf-8")
    visitor = Visitor.let_in(served)
    visitor.sends("/today/drink", amount="250 ml")
    eventually(lambda: [path for path in (tmp_path / "Sync").iterdir() if "250" in path.read_text(encoding="utf-8")])
