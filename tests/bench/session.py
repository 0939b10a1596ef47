"""How soon a session is on the terminal, how far it drifts from its plan there and on the page, and what it costs."""

import json
import os
import pty
import time
from functools import partial
from pathlib import Path

from measure import REMIND, Found, Row, allowed, cpu_of_s, cpu_s, first_ms, in_turns, own_home, python, run_ms, set_size
from page import CHROMIUM, FLAGS, Visitor, served
from playwright.sync_api import sync_playwright

from remind.core.routine import plan, whole_s
from remind.desktop.sound import Sounds
from remind.guide import terminal
from remind.guide.guidance import Guidance
from remind.settings import routines

FIRST_BAR, TURNS = 1.6, 7
FIRST_WORDS = "to go"
TEXTUAL = "import textual.app"
MOST_DRIFT_MS, MOST_OF_A_CORE, MOST_TASK_MS = 50, 0.05, 50
ROUTINE = """title = "Short"
summary = "Half a minute at the wall."
[[step]]
read = "Face the wall"
hear = "Hands on the wall."
pose = "wall-ready"
wait = "5 s"
[[step]]
read = "Lean in"
hear = "Heels down."
pose = "wall-lean"
side = "both"
hold = "25 s"
"""
WATCH_TASKS = """
globalThis.tasks = [0];
const note = all => all.getEntries().forEach(one => tasks.push(one.duration));
new PerformanceObserver(note).observe({ type: "longtask" });
"""


def measured(folder: Path) -> Found:
    environ = own_home(folder)
    file = folder / ".config" / "remind" / "routines" / "short.toml"
    file.parent.mkdir(parents=True)
    file.write_text(ROUTINE)
    command = [*REMIND, "stretch", "short", "--safety-read"]
    first = partial(first_ms, command, FIRST_WORDS, environ)
    taken = in_turns({"ours": lambda: first()[0], "textual": partial(run_ms, python(TEXTUAL), environ)}, TURNS)
    yield Row("command to the first picture", taken["ours"], "ms", f"ms {TEXTUAL}", taken["textual"], FIRST_BAR)
    drift_ms, of_a_core = _on_terminal(file)
    yield allowed("drift on the terminal", abs(drift_ms), "ms", MOST_DRIFT_MS)
    yield allowed("processor on the terminal", of_a_core * 100, "% of a core", MOST_OF_A_CORE * 100)
    drift_ms, of_a_core, longest_ms = _on_page(folder)
    yield allowed("drift on the page", abs(drift_ms), "ms", MOST_DRIFT_MS)
    yield allowed("processor on the page", of_a_core * 100, "% of a core", MOST_OF_A_CORE * 100)
    yield allowed("longest task in the browser", longest_ms, "ms", MOST_TASK_MS)


def _on_terminal(file: Path) -> tuple[float, float]:
    """Return the drift of a session on a terminal of its own, and the part of a core that it needs."""
    result = file.with_suffix(".json")
    child, screen = pty.fork()
    if child == 0:
        os.environ["TERM"] = "xterm-256color"
        _guide(file, result)
        os._exit(0)
    set_size(screen)
    try:
        while os.read(screen, 1 << 16):
            pass
    except OSError:  # the child has closed its side
        pass
    os.waitpid(child, 0)
    os.close(screen)
    drift_ms, of_a_core = json.loads(result.read_text(encoding="utf-8"))
    return drift_ms, of_a_core


def _guide(file: Path, result: Path) -> None:
    """In the child: guide through the routine and write what it took."""
    routine = routines.load(file)
    readings: list[tuple[float, float]] = []

    def clock() -> float:
        readings.append((time.monotonic(), cpu_s()))
        return readings[-1][0]

    phases, poses, sounds = plan(routine), routines.poses(), Sounds(chime=True)
    session = terminal.run(Guidance(title=routine.title, phases=phases, poses=poses, clock=clock, sounds=sounds))
    assert session is not None
    assert session.complete
    (begun, cpu_begun), (ended, cpu_ended) = readings[0], readings[-2]  # the last is read when the screen has gone
    took = ended - begun
    result.write_text(json.dumps([1000 * (took - whole_s(session.phases)), (cpu_ended - cpu_begun) / took]))


def _on_page(home: Path) -> tuple[float, float, float]:
    """Return the drift of a session on the page, the part of a core of its process, and the browser's longest task."""
    with served(home, "stretch", "short") as (process, address), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.add_init_script(WATCH_TASKS)
        page.goto(address)
        page.click("#start:not([disabled])")
        page.wait_for_selector("#now:not([hidden])")
        page.evaluate("tasks.length = 1")  # what the browser needed to show the first page is not the session's
        visitor, site = Visitor(), address.partition("/stretch")[0]
        (cookie,) = page.context.cookies()
        visitor.opener.addheaders.append(("Cookie", f"{cookie['name']}={cookie['value']}"))
        began, planned, cpu_began = 0.0, 0.0, 0.0
        with visitor.opener.open(site + "/events?page=stretch") as stream:
            for line in stream:
                if not line.startswith(b"data: "):
                    continue
                news, now = json.loads(line[6:]), time.monotonic()
                if not began:
                    plan_ = json.loads(page.text_content("#plan") or "")["phases"]
                    rest = sum(one["seconds"] for one in plan_[news["index"] + 1 :])
                    began, planned, cpu_began = now, rest + news["left_s"], cpu_of_s(process.pid)
                if news["state"] == "over":
                    break
        took, used_s = now - began, cpu_of_s(process.pid) - cpu_began
        longest_ms = page.evaluate("Math.max(...tasks)")
        browser.close()
    return (took - planned) * 1000, used_s / took, longest_ms
