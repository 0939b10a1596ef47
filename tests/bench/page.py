"""What the page weighs, how soon it is there, and what its process costs while a page is open."""

import http.cookiejar
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from measure import REMIND, Found, Row, allowed, in_turns, own_home, python, resident_mib

MOST_BYTES, MOST_MIB, MOST_LONGER_MS = 120_000, 60, 1000
TURNS = 3
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-headless-shell") or "chromium"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SERVER = "import starlette.applications, uvicorn, jinja2, time; print(flush=True); time.sleep(60)"


class Visitor:
    """Fetches pages as a browser does, with the cookie."""

    def __init__(self) -> None:
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def get(self, address: str) -> tuple[str, bytes]:
        with self.opener.open(address) as answer:
            return answer.url, answer.read()


def measured(folder: Path) -> Found:
    home, profile = folder / "home", folder / "profile"
    weight, mib = _weight_and_memory(home)
    yield allowed("weight of the session's page", weight / 1000, "kB", MOST_BYTES / 1000)
    yield Row("resident, with a page served", mib, "MiB", "MiB its libraries alone", _libraries_mib(home))
    yield allowed("resident, with a page served", mib, "MiB", MOST_MIB)
    taken = in_turns({"empty": lambda: _empty_page_ms(profile), "ours": lambda: _opened_ms(home, profile)}, TURNS)
    yield Row(
        "command to a page that is connected", taken["ours"], "ms", "ms empty page in the browser", taken["empty"]
    )
    yield allowed("longer than an empty page", taken["ours"] - taken["empty"], "ms", MOST_LONGER_MS)


@contextmanager
def served(home: Path, *words: str) -> "Iterator[tuple[subprocess.Popen[str], str]]":
    """Yield a page's process, and the address that it printed."""
    command = [*REMIND, "open", *words, "--print"]
    with subprocess.Popen(command, env=own_home(home), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.terminate()


def _weight_and_memory(home: Path) -> tuple[int, float]:
    """Return the bytes of the session's page with everything that it loads, and what its process occupies then."""
    with served(home, "stretch", "trial") as (process, address):
        visitor = Visitor()
        url, page = visitor.get(address)
        site, total = url.partition("/stretch")[0], len(page)
        found = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.decode()))
        for path in sorted(found):
            names = re.findall(r'from "\./([^"]+)"', visitor.get(site + path)[1].decode())
            found |= {f"/static/{name}" for name in names}
        total += sum(len(visitor.get(site + path)[1]) for path in found)
        return total, resident_mib(process.pid)


def _libraries_mib(home: Path) -> float:
    with subprocess.Popen(python(SERVER), env=own_home(home), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            return resident_mib(process.pid)
        finally:
            process.kill()


@contextmanager
def _browser(profile: Path, address: str) -> Iterator[None]:
    """Let a browser show `address` meanwhile."""
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", address]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True) as browser:
        try:
            yield
        finally:
            os.killpg(browser.pid, signal.SIGTERM)  # Debian's command is a script, which the browser would outlive


def _empty_page_ms(profile: Path) -> float:
    """Return how long the browser takes from its start to an empty page that is shown, as its one picture tells."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        began = time.perf_counter()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with _browser(profile, address):
            page = b'<!doctype html><img src="shown" alt="">'
            for _ in range(8):
                connection, _ = server.accept()
                with connection:
                    asked = connection.recv(4096)
                    if asked.startswith(b"GET /shown"):
                        break
                    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\n"
                    connection.sendall(head.encode() + b"Connection: close\r\n\r\n" + page)
            taken = time.perf_counter() - began
    return taken * 1000


def _opened_ms(home: Path, profile: Path) -> float:
    """Return how long it takes from the start of the page's process to a session's page that has connected."""
    began = time.perf_counter()
    with served(home, "stretch") as (process, address), _browser(profile, address):
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "The page is open."
        taken = time.perf_counter() - began
    return taken * 1000
