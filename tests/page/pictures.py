"""Takes the README's pictures of the pages: `python tests/page/pictures.py`."""

import sys
import tempfile
from datetime import timedelta
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))

from browsing import FLAGS, SESSION, browser_path
from playwright.sync_api import Browser, sync_playwright
from served import Served

from remind.core.diary import Cramp, Drink, QuietNight, Row, Stretch
from remind.lock import FileLock
from remind.store.diary import new_id

FOLDER = Path(__file__).parents[2] / ".github"
NIGHTS = "6 37x5 4–3–– –5–x–?2 ––3––"
"""Four weeks before 22 November: the severity of a cramp, x for one without, – for none, ? for nothing logged."""
UNSTRETCHED = (1, 2, 4, 9, 13)


def session(served: Served, browser: Browser) -> None:
    """The left leg is held."""
    page = browser.new_page(viewport={"width": 1280, "height": 720}, color_scheme="dark", reduced_motion="reduce")
    page.goto(served.address("/stretch?routine=wall-calf-single"))
    page.click("#start")
    page.wait_for_selector(SESSION)
    served.pass_s(20)
    page.wait_for_selector("body[data-kind=hold]")
    page.wait_for_timeout(600)  # the colour of the background fades over
    page.screenshot(path=FOLDER / "page-session.png")


def today(served: Served, browser: Browser) -> None:
    """Noon of a day whose night is still to be told, after four weeks with a diary."""
    now = served.app.now()
    rows: list[Row] = []
    marks = NIGHTS.replace(" ", "")
    for place, mark in enumerate(marks):
        begin = now - timedelta(days=len(marks) - place + 1)
        if mark == "–":
            rows.append(QuietNight(id=new_id(), at=begin, written_at=begin, night=begin.date()))
        elif mark != "?":
            at = begin + timedelta(hours=15)
            severity = None if mark == "x" else int(mark)
            rows.append(Cramp(id=new_id(), at=at, written_at=at, severity=severity))
        if place not in UNSTRETCHED:
            at = begin + timedelta(hours=10)
            done = {"routine": "wall-calf", "planned_s": 120, "held_s": 120, "complete": True}
            rows.append(Stretch(id=new_id(), at=at, written_at=at, **done))
    for hours in (4, 2, 1):
        at = now - timedelta(hours=hours)
        rows.append(Drink(id=new_id(), at=at, written_at=at, amount_ml=200))
    served.do(lambda: [served.app.store.diary.add(row) for row in rows])
    served.folders.settings.write_text('[water]\ntarget = "1.6 L"\n', encoding="utf-8")
    running = FileLock(served.folders.lock)
    running.acquire()
    page = browser.new_page(viewport={"width": 1280, "height": 720}, color_scheme="light", reduced_motion="reduce")
    page.goto(served.address("/today"))
    box = page.locator("#nights").bounding_box()
    assert box is not None
    whole = {"x": 0, "y": 0, "width": 1280, "height": box["y"] + box["height"] + 20}
    page.screenshot(path=FOLDER / "page-today.png", full_page=True, clip=whole)  # type: ignore[arg-type]
    running.release()


def main() -> None:
    """Take both."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=list(FLAGS))
        for picture in (session, today):
            with tempfile.TemporaryDirectory() as home:
                served = Served(Path(home))
                served.passed_safety()
                picture(served, browser)
                served.stop()
        browser.close()


if __name__ == "__main__":
    main()
