"""What the page weighs, how fast it is there, how exact a session on it is, and when its process has gone.

    python tests/bench/page.py [ROUTINE]

Takes the routine's length and two minutes. Bars: 120 kB, 60 MiB, 1.0 s more than an empty page takes, 50 ms of drift,
no task over 50 ms, gone 60 s after the last page.
"""

import http.cookiejar
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

MOST_BYTES, MOST_MIB, MOST_LONGER_S, MOST_DRIFT_MS, MOST_TASK_MS, GONE_S = 120_000, 60, 1.0, 50, 50, 60
CHROMIUM = shutil.which("chromium") or "chromium"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
REMIND = [sys.executable, "-m", "remind"]
RUNS = 3
WATCH_TASKS = """
globalThis.tasks = [0];
const note = all => all.getEntries().forEach(one => tasks.push(one.duration));
new PerformanceObserver(note).observe({ type: "longtask" });
"""


class Visitor:
    """Fetches pages as a browser does, with the cookie."""

    def __init__(self) -> None:
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def get(self, address: str) -> tuple[str, bytes]:
        with self.opener.open(address) as answer:
            return answer.url, answer.read()


@contextmanager
def served(home: str, *words: str) -> Any:
    """A page's process, and the address that it printed."""
    environ = {**os.environ, "HOME": home}
    with subprocess.Popen(
        [*REMIND, "open", *words, "--print"], env=environ, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.terminate()


def weight(home: str, routine: str) -> int:
    """The bytes of the session's page with everything that it loads."""
    with served(home, "stretch", routine) as (_, address):
        visitor = Visitor()
        url, page = visitor.get(address)
        site, total = url.partition("/stretch")[0], len(page)
        found = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.decode()))
        for path in sorted(found):
            found |= {
                f"/static/{name}" for name in re.findall(r'from "\./([^"]+)"', visitor.get(site + path)[1].decode())
            }
        return total + sum(len(visitor.get(site + path)[1]) for path in found)


def chromium(profile: str) -> list[str]:
    return [CHROMIUM, *FLAGS, f"--user-data-dir={profile}"]


def empty_page_s(profile: str) -> float:
    """How long the browser takes from its start to an empty page that is shown, as its one picture tells."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        began = time.monotonic()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with subprocess.Popen([*chromium(profile), address], stderr=subprocess.DEVNULL) as browser:
            page = b'<!doctype html><img src="shown" alt="">'
            for _ in range(8):
                connection, _ = server.accept()
                with connection:
                    asked = connection.recv(4096)
                    if asked.startswith(b"GET /shown"):
                        break
                    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\n"
                    connection.sendall(head.encode() + b"Connection: close\r\n\r\n" + page)
            took = time.monotonic() - began
            browser.terminate()
    return took


def opened_s(home: str, profile: str) -> float:
    """How long it takes from the start of the page's process to a session's page that has connected."""
    began = time.monotonic()
    with (
        served(home, "stretch") as (process, address),
        subprocess.Popen([*chromium(profile), address], stderr=subprocess.DEVNULL) as browser,
    ):
        assert process.stdout.readline().strip() == "The page is open."
        took = time.monotonic() - began
        browser.terminate()
    return took


def session(home: str, routine: str) -> dict[str, float]:
    """A whole session in the browser: drift, the longest task, memory; then how long the process lives on."""
    with served(home, "stretch", routine) as (process, address), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.add_init_script(WATCH_TASKS)
        page.goto(address)
        page.click("#start:not([disabled])")
        page.wait_for_selector("#now:not([hidden])")
        page.evaluate("tasks.length = 1")  # what the browser needed to show the first page is not the session's
        visitor = Visitor()
        (cookie,) = (one for one in page.context.cookies())
        visitor.opener.addheaders.append(("Cookie", f"{cookie['name']}={cookie['value']}"))
        site = address.partition("/stretch")[0]
        began, planned, late = 0.0, 0.0, 0.0
        with visitor.opener.open(site + "/events?page=stretch") as stream:
            for line in stream:
                if not line.startswith(b"data: "):
                    continue
                news, now = json.loads(line[6:]), time.monotonic()
                if not began:
                    plan = json.loads(page.text_content("#plan") or "")["phases"]
                    rest = sum(one["seconds"] for one in plan[news["index"] + 1 :])
                    began, planned = now, rest + news["left_s"]
                if news["state"] == "over":
                    late = now - began - planned
                    break
        status = Path(f"/proc/{process.pid}/status").read_text()
        resident = int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]
        longest = page.evaluate("Math.max(...tasks)")
        browser.close()
        closed = time.monotonic()
        process.wait(GONE_S + 30)
        gone = time.monotonic() - closed
    return {"drift_ms": late * 1000, "longest_task_ms": longest, "resident_mib": resident, "gone_after_s": gone}


def main() -> int:
    routine = sys.argv[1] if len(sys.argv) > 1 else "three-a-day"
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as profile:
        report = {"bytes": weight(home, "trial")}
        empty_page_s(profile)  # a used profile, as a person's is
        empty = sorted(empty_page_s(profile) for _ in range(RUNS))[RUNS // 2]
        opened = sorted(opened_s(home, profile) for _ in range(RUNS))[RUNS // 2]
        report |= {"empty_page_s": round(empty, 2), "opened_s": round(opened, 2), "longer_s": round(opened - empty, 2)}
        report |= {name: round(value, 1) for name, value in session(home, routine).items()}
    print(json.dumps(report, indent=2))
    good = report["bytes"] < MOST_BYTES and report["longer_s"] < MOST_LONGER_S and report["resident_mib"] < MOST_MIB
    good = good and abs(report["drift_ms"]) < MOST_DRIFT_MS and report["longest_task_ms"] < MOST_TASK_MS
    return 0 if good and report["gone_after_s"] < GONE_S + 5 else 1


if __name__ == "__main__":
    sys.exit(main())
