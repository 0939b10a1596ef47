"""How late the chimes of a session come in a tab that stays hidden for five minutes behind another.

The browser runs by itself on a virtual display; it is automated only to begin and to be read at the end, since an
automated tab counts as visible.
"""

import json
import subprocess
import threading
import time
from pathlib import Path
from typing import Literal

from measure import Found, allowed
from page import CHROMIUM, Visitor, served
from playwright.sync_api import Error, Page, sync_playwright
from virtual_desktop import eventually, virtual_display

MOST_LATE_MS, HIDDEN_S, PORT = 250, 300, 9333
LONG = "\n".join(
    [
        'title = "A long one"\nsummary = "Six minutes."\ncautions = ["Unsteady: take `trial-seated`."]',
        *['[[step]]\nread = "Face the wall"\nhear = "Hands on the wall."\npose = "wall-ready"\nwait = "8 s"'] * 44,
        '[[step]]\nread = "Lean in"\nhear = "Heels down."\npose = "wall-lean"\nside = "both"\nhold = "10 s"',
    ]
)
LISTEN = """
globalThis.tones = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) {
  tones.push([Date.now() / 1000, document.visibilityState]);
  return start.call(this, at);
};
"""


def hear_news(visitor: Visitor, site: str, cues: list[float]) -> None:
    """Note when each chime was told, as a second page hears it."""
    with visitor.opener.open(site + "/events?page=stretch") as stream:
        for line in stream:
            if line.startswith(b"data: ") and json.loads(line[6:]).get("cue"):
                cues.append(time.time())


def play_hidden(home: str, display: str) -> tuple[list[float], list[float]]:
    """Return when chimes were told, and when the page played tones while its tab was hidden."""
    environ = {"DISPLAY": display, "HOME": home, "PATH": "/usr/bin:/bin"}
    flags = ["--no-sandbox", "--no-first-run", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"]
    browser = [CHROMIUM, *flags, f"--user-data-dir={home}/profile", f"--remote-debugging-port={PORT}"]
    cues: list[float] = []
    with (
        served(home, "stretch", "long") as (_, address),
        sync_playwright() as playwright,
        subprocess.Popen([*browser, "about:blank"], env=environ, stderr=subprocess.DEVNULL) as process,
    ):

        def page_of_session() -> Page | Literal[False]:
            try:
                automated = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{PORT}")
            except Error:  # it has not started yet
                return False
            pages = automated.contexts[0].pages
            return next((page for page in pages if "/stretch" in page.url), pages[0])

        page = eventually(page_of_session)
        page.add_init_script(LISTEN)
        page.goto(address)
        eventually(lambda: page.evaluate("!document.querySelector('#start').disabled"))
        page.evaluate("document.querySelector('#start').click()")
        eventually(lambda: page.evaluate("!document.querySelector('#now').hidden"))
        visitor, site = Visitor(), address.partition("/stretch")[0]
        (cookie,) = page.context.cookies()
        visitor.opener.addheaders.append(("Cookie", f"{cookie['name']}={cookie['value']}"))
        threading.Thread(target=hear_news, args=(visitor, site, cues), daemon=True).start()
        page.context.browser.close()  # only disconnects
        # The browser that runs already opens a second tab in front of the first.
        subprocess.run([*browser, site + "/static/icon.svg"], env=environ, capture_output=True, check=True)
        time.sleep(HIDDEN_S)
        tones = eventually(page_of_session).evaluate("tones")
        process.terminate()
    return cues, [at for at, state in tones if state == "hidden"]


def measured(folder: Path) -> Found:
    routines = folder / ".config" / "remind" / "routines"
    routines.mkdir(parents=True)
    (routines / "long.toml").write_text(LONG)
    with virtual_display() as (display, _):
        cues, hidden = play_hidden(str(folder), display)
    heard = [cue for cue in cues if hidden and hidden[0] - 1 < cue < hidden[-1]]
    assert heard, "no chime came while the tab was hidden"
    late = [abs(min((at - cue for at in hidden), key=abs)) * 1000 for cue in heard]
    yield allowed(f"the latest of {len(heard)} chimes in a hidden tab", max(late), "ms", MOST_LATE_MS)
